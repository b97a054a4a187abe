"""What a pure function worked out about a value is kept beside that value, for as long as the value lives.

Models have a `memory` for this, which is no part of them: equal values stay equal, a changed copy begins without one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def remembered(
    memory: dict[Any, Any], key: object, others: tuple[object, ...], work_out: Callable[[], Answer]
) -> Answer:
    """Return the answer kept under *key*, worked out anew unless the *others* it depends on are the same objects."""
    kept = memory.get(key)
    if kept is None or any(old is not new for old, new in zip(kept[0], others, strict=True)):
        kept = memory[key] = others, work_out()
    answer: Answer = kept[1]
    return answer
