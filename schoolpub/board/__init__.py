"""Views made into files: the public and the internal site.  The only home of Jinja2."""

from schoolpub.board.build import Summary, build

__all__ = ["Summary", "build"]
