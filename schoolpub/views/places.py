"""Where things stand on the site: addresses from its root, each ending in a file name so that it works from a disk."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from schoolpub.model.record import Record

HOME = "index.html"
CATALOGUE = "catalogue.html"
CONTACTS = "contacts.html"
ABOUT = "about.html"
CODES = "codes.html"
SEARCH = "search.html"
BROWSE = "browse.html"
COVERAGE = "coverage.html"
DUTIES = "duties.ics"
WORKPLAN = "workplan.html"
LEDGER_FEEDBACK = "ledgers/feedback.html"
LEDGER_REQUESTS = "ledgers/requests.html"
LEDGER_RECTIFICATIONS = "ledgers/rectifications.html"
LEDGER_IMPROVEMENTS = "ledgers/improvements.html"
STATISTICS = "statistics.html"


def record(shown: Record, *, current: bool) -> str:
    """Return the page of *shown*: the current edition at the address without one."""
    return f"records/{shown.base if current else shown.edition_id}.html"


def attachment(shown: Record, file: str) -> str:
    """Return where an attachment of *shown* lies; as a link it still needs `link`."""
    return f"records/{shown.edition_id}/{file}"


def link(path: str) -> str:
    """Return *path* as it is written in a link."""
    return quote(path, safe="/~!$&'()*+,;=:@")


def category(name: str) -> str:
    """Return the list of a category."""
    return f"categories/{_slug(name)}.html"


def department(name: str) -> str:
    """Return the list of a department."""
    return f"departments/{_slug(name)}.html"


def column(name: str) -> str:
    """Return the list of a board's column."""
    return f"columns/{_slug(name)}.html"


def item(slug: str) -> str:
    """Return the list of a catalogue item."""
    return f"items/{slug}.html"


def year(number: int | str) -> str:
    """Return the list of a year."""
    return f"years/{number}.html"


def _slug(name: str) -> str:
    """Return a stable ASCII name: file names in Chinese do not survive every archive, disk and server."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]
