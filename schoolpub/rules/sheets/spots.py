"""Where values stand in a spreadsheet, found again for a problem and named as people name cells."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.errors import Where
from schoolpub.model.book import letters
from schoolpub.rules.sheets.rows import Spot


def cell_name(spot: Spot) -> str:
    """Return a place as people write it: `收入!C7`."""
    place = f"{letters(spot.column)}{spot.line}"
    return f"{spot.sheet}!{place}" if spot.sheet else place


def place_of(places: Mapping[Where, Spot], where: Where) -> Spot | None:
    """Return where the value at *where* of the fields stands, or the nearest thing around it; None when nowhere."""
    plain = tuple(part for part in where if part != "rows")
    for length in range(len(plain), 0, -1):
        if spot := places.get(plain[:length]):
            return spot
    return None
