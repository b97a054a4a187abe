"""Reports (举报): what is said of them stays out of history, in their steps too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schoolpub.errors import StepRefused, say
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot

RESULTS = ("查实", "部分查实", "不属实", "无法查证")
REASONS = (
    "须继续核查", "重复登记", "登记有误", "没有具体线索", "不属举报", "不属学校职责",
    "举报人要求", "本人要求", "保存期满",
)  # fmt: skip
"""Why a report is extended, declined, given up or erased: words that tell nothing of it."""

_KEPT = frozenset({"receipt", "origin", "due", "undoes", "clock", "days", "organisation"})
"""What a step may say besides: numbers, days, and who deals with it outside the school."""
_OWN = ("merged", "undo")
"""Steps whose words are the program's."""


def is_report(snapshot: Snapshot, record: Record) -> bool:
    """Return whether *record* is kept from everybody but the supervision group."""
    item = snapshot.item(record)
    return item is not None and item.ledger == "feedback" and item.privacy == "restricted"


def nothing_of_a_report(snapshot: Snapshot, record: Record, name: str, says: Mapping[str, Tree]) -> None:
    """Raise StepRefused when the step *name* on a report says more than is in a list: git would keep it for ever."""
    if not is_report(snapshot, record) or name in _OWN:
        return
    lists: Mapping[str, Callable[[], tuple[str, ...]]] = {
        "result": lambda: RESULTS,
        "reason": lambda: REASONS,
        "ground": lambda: REASONS,
        "department": lambda: tuple(dict.fromkeys((record.department, *snapshot.school.departments))),
    }
    message = say("{id}: what is said of a report would stay in history for ever.", id=record.id)
    if told := [key for key in says if says[key] and key not in _KEPT and key not in lists]:
        raise StepRefused(message, fix=say("leave out {keys}; the result alone is recorded", keys="、".join(told)))
    for key, known in lists.items():
        if says.get(key) and says[key] not in known():
            raise StepRefused(message, fix=say("{key}: write one of: {names}", key=key, names="、".join(known())))
