"""Views → PDF: the notice, the poster and the registration form."""

from __future__ import annotations

from schoolpub.notices.compiler import PAPERS, Printer, pages

__all__ = ["PAPERS", "Printer", "pages"]
