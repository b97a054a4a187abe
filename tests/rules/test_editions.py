"""Editions: which one counts for others, which one is public."""

from __future__ import annotations

from schoolpub.rules.chain import editions
from tests.rules.chains import WHOLE, record, school

ID = "finance-monthly-2026-10"


def edition(number: int, steps: str):
    """Return an edition of October's account."""
    return record(steps, edition=number, id=ID if number == 1 else f"{ID}.v{number}")


def ids(snapshot, wanted: str = ID) -> tuple[list[str], str, str]:
    """Return all editions, the current and the posted one."""
    current, posted = editions.current(snapshot, wanted), editions.posted(snapshot, wanted)
    return (
        [r.id for r in editions.editions(snapshot, wanted)],
        current.id if current else "",
        posted.id if posted else "",
    )


def test_a_correction_under_way() -> None:
    """While the second edition is a draft the first stays public, and others are judged against the second."""
    snapshot = school(edition(1, WHOLE), edition(2, "draft"))
    assert ids(snapshot) == ([ID, f"{ID}.v2"], f"{ID}.v2", ID)
    assert ids(snapshot, f"{ID}.v2") == ids(snapshot)
    assert not editions.superseded(snapshot, snapshot.records[ID])


def test_a_correction_posted() -> None:
    """Posted, the second edition is the public one and the first superseded; so it stays when it is suspended."""
    for steps in (WHOLE, WHOLE + " suspend", WHOLE + " suspend withdraw", WHOLE + " takedown"):
        snapshot = school(edition(1, WHOLE), edition(2, steps))
        assert ids(snapshot)[2] == f"{ID}.v2"
        assert editions.superseded(snapshot, snapshot.records[ID])
        assert not editions.superseded(snapshot, snapshot.records[f"{ID}.v2"])


def test_what_was_given_up() -> None:
    """A discarded edition counts for nobody, but keeps its place in the row."""
    snapshot = school(edition(1, WHOLE), edition(2, "draft discard"), edition(3, "draft"))
    assert ids(snapshot) == ([ID, f"{ID}.v2", f"{ID}.v3"], f"{ID}.v3", ID)
    snapshot = school(edition(1, "draft discard"))
    assert ids(snapshot) == ([ID], "", "")


def test_nothing_there() -> None:
    """An unknown record has no edition; one that begins at 2 is still found."""
    assert ids(school()) == ([], "", "")
    assert ids(school(edition(2, WHOLE))) == ([f"{ID}.v2"], f"{ID}.v2", f"{ID}.v2")
