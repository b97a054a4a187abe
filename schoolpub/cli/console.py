"""What the user sees: results on stdout, refusals on stderr, problems one a line; and JSON where a script reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from schoolpub.cli.language import _, tell
from schoolpub.errors import Level, Problem, ProblemsFound, SchoolpubError, Text

if TYPE_CHECKING:
    from rich.console import Console


def out(text: Text | str = "") -> None:
    """Print a result."""
    print(tell(text) if isinstance(text, Text) else text)


def note(text: Text | str) -> None:
    """Print something beside the result, on stderr."""
    print(tell(text) if isinstance(text, Text) else text, file=sys.stderr)


def asks() -> bool:
    """Whether there is somebody to ask: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def json_out(value: Any) -> None:
    """Print *value* as JSON, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def refusal(stop: SchoolpubError) -> None:
    """Tell on stderr what stopped the command and the way out."""
    if isinstance(stop, ProblemsFound):
        problems(stop.problems, stream=sys.stderr)
    print(tell(stop.message), file=sys.stderr)
    if stop.fix is not None:
        print("→ " + tell(stop.fix), file=sys.stderr)


def problem_line(problem: Problem) -> str:
    """Return `file:line:column code message → what to do`."""
    place = problem.file or problem.record
    if problem.line:
        place += f":{problem.line}:{problem.column}"
    level = _("warning") + " " if problem.level is Level.WARNING else ""
    fix = f" → {tell(problem.fix)}" if problem.fix else ""
    return f"{place} {level}{problem.code} {tell(problem.message)}{fix}"


def problems(found: Iterable[Problem], stream: Any = None) -> None:
    """Print every problem on a line of its own, in the order of the files."""
    for problem in sorted(found, key=lambda p: (p.file, p.line, p.column)):
        print(problem_line(problem), file=stream or sys.stdout)


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as `check --json` gives it."""
    return {
        "code": problem.code,
        "level": problem.level.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "record": problem.record,
        "field": problem.field or ".".join(str(key) for key in problem.where if key != "fields"),
        "message": tell(problem.message),
        "fix": tell(problem.fix) if problem.fix else "",
    }


def terminal() -> Console:
    """Return a Rich console for tables: data is never taken for markup."""
    from rich.console import Console

    return Console(markup=False, highlight=False, soft_wrap=False, emoji=False)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print a table; the columns numbered in *right* are set flush right.  A pipe gets tabs instead of rules."""
    if not sys.stdout.isatty():
        print("\t".join(heads))
        for row in rows:
            print("\t".join(row))
        return
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, head in enumerate(heads):
        made.add_column(head, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    terminal().print(made)
