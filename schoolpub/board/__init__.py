"""Views made into files: the public and the internal site.  The only home of Jinja2."""

from schoolpub.board.build import build
from schoolpub.board.summary import Summary

__all__ = ["Summary", "build"]
