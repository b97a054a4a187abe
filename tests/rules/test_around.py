"""What concerns a record is found from either end, along the whole chain, and a report is never part of it."""

from __future__ import annotations

from dataclasses import replace

from schoolpub.rules.ledgers.around import Around, around
from tests.rules import sample_things as things

MENU = things.record({}, item="canteen-monthly", id="canteen-monthly-2026-10", period="2026-10")
RECTIFIED = things.record(
    {"source_record": "canteen-monthly-2026-10.v2", "problem": "菜价未逐项公布"},
    item="rectification", id="rectification-20261110-aaaa", steps=(things.step("open", role="公开办"),),
)  # fmt: skip
RESULT = things.record(
    {"source": "意见反馈（整改编号 rectification-20261110-aaaa）"},
    item="rectification-result", id="rectification-result-20261120-bbbb",
)  # fmt: skip
HEARING = things.record({}, item="hearing", id="hearing-20261101-cccc")
FROM_HEARING = things.record(
    {"source_record": "hearing-20261101-cccc", "source_place": "2"},
    item="improvement", id="improvement-20261111-dddd", steps=(things.step("open", role="公开办"),),
)  # fmt: skip


def ids(found: Around) -> dict[str, list[str]]:
    return {
        kind: [r.id for r in getattr(found, kind)]
        for kind in ("feedback", "requests", "rectifications", "results", "hearings")
        if getattr(found, kind)
    }


def test_a_chain_is_followed_from_either_end() -> None:
    """A disclosed record shows the rectification about any edition of it and the result; the result shows them too."""
    snapshot = things.snapshot(things.shipped(), [MENU, RECTIFIED, RESULT, HEARING, FROM_HEARING])

    assert ids(around(snapshot, MENU.id)) == {"rectifications": [RECTIFIED.id], "results": [RESULT.id]}
    assert ids(around(snapshot, RECTIFIED.id)) == {"results": [RESULT.id]}
    assert ids(around(snapshot, f"{RESULT.id}.v1")) == {"rectifications": [RECTIFIED.id]}
    assert ids(around(snapshot, HEARING.id)) == {"rectifications": [FROM_HEARING.id]}
    assert ids(around(snapshot, FROM_HEARING.id)) == {"hearings": [HEARING.id]}


def test_what_was_given_up_is_not_around() -> None:
    """A rectification that was discarded concerns nothing any more."""
    gone = replace(RECTIFIED, steps=(*RECTIFIED.steps, things.step("discard", role="公开办", says={"reason": "立错"})))
    snapshot = things.snapshot(things.shipped(), [MENU, gone])

    assert not around(snapshot, MENU.id)
