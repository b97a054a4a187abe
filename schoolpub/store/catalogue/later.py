"""Fields and rules of a sound edition, compiled when they are first asked for.

A command looks at the items of a few records and compiling all of them takes longer than most commands run.  Only an
edition that was once compiled whole, without a single problem, is read like this: nothing can be wrong in what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from schoolpub.model.catalogue import Field, Rule
from schoolpub.model.record import Tree


class LaterFields(Mapping[str, Field]):
    """The fields written in *tree*, each made by *make* from its key."""

    def __init__(self, tree: Mapping[str, Tree], make: Callable[[str], Field]) -> None:
        self._tree = tree
        self._make = make
        self._made: dict[str, Field] = {}

    def __getitem__(self, key: str) -> Field:
        if key not in self._made:
            if key not in self._tree:
                raise KeyError(key)
            self._made[key] = self._make(key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __len__(self) -> int:
        return len(self._tree)

    def __contains__(self, key: object) -> bool:
        return key in self._tree

    def __repr__(self) -> str:
        return repr(dict(self))


class LaterRules(Sequence[Rule]):
    """The rules that *make* reads."""

    def __init__(self, make: Callable[[], tuple[Rule, ...]]) -> None:
        self._make = make

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return self._make()

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Rule]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._rules[index]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __eq__(self, other: object) -> bool:
        return self._rules == (other._rules if isinstance(other, LaterRules) else other)

    def __hash__(self) -> int:
        return hash(self._rules)

    def __repr__(self) -> str:
        return repr(self._rules)
