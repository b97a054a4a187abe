"""What the user sees: results on stdout, refusals on stderr, problems one a line; and JSON where a script reads."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from schoolpub.cli import masking
from schoolpub.cli.language import _, tell
from schoolpub.errors import Level, Problem, ProblemsFound, SchoolpubError, Text, say

_ANSWERS = {
    **dict.fromkeys(("y", "yes", "ok", "是", "是的", "好", "好的", "对", "要"), True),
    **dict.fromkeys(("n", "no", "否", "不", "不是", "不对", "不用", "不要"), False),
}


_STEERING = {
    code: f"\\u{code:04x}"
    for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
"""What steers a terminal or turns its reading direction: shown instead of obeyed, wherever it came from."""


def out(text: Text | str = "") -> None:
    """Print a result."""
    print(_harmless(tell(text) if isinstance(text, Text) else text))


def _harmless(text: str) -> str:
    return text if text.isprintable() else text.translate(_STEERING)


def note(text: Text | str) -> None:
    """Print something beside the result, on stderr."""
    print(_harmless(masking.text(tell(text) if isinstance(text, Text) else text)), file=sys.stderr)


def asks() -> bool:
    """Whether there is somebody to ask: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def typed(prompt: str) -> str:
    """Return what is typed after *prompt*; a full-width letter or sign alone is the key that was meant."""
    answer = input(prompt).strip()
    return unicodedata.normalize("NFKC", answer) if len(answer) == 1 else answer


def yes(question: Text, default: bool = True) -> bool:
    """Ask a question that is answered with yes or no; asked again when the answer is something else."""
    while True:
        answer = typed(f"{tell(question)} [{'Y/n' if default else 'y/N'}] ")
        if answer.casefold() in _ANSWERS:
            return _ANSWERS[answer.casefold()]
        if not answer:
            return default
        note(say("“{answer}” was not taken: this is answered with y (yes) or n (no).", answer=answer))


def json_out(value: Any) -> None:
    """Print *value* as JSON, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def refusal(stop: SchoolpubError) -> None:
    """Tell on stderr what stopped the command and the way out."""
    if isinstance(stop, ProblemsFound):
        problems(stop.problems, stream=sys.stderr)
    note(stop.message)
    if stop.fix is not None:
        note(f"→ {tell(stop.fix)}")


def problem_line(problem: Problem) -> str:
    """Return `file:line:column code message → what to do`; what stands in no file is named by its field."""
    place = problem.file or problem.record
    if problem.cell:
        place += f":{problem.cell}"
    elif problem.line:
        place += f":{problem.line}:{problem.column}"
    elif place and not problem.file and (field := _field(problem)):
        place += f":{field}"
    level = _("warning") + " " if problem.level is Level.WARNING else ""
    fix = f" → {tell(problem.fix)}" if problem.fix else ""
    return masking.text(f"{place} {level}{problem.code} {tell(problem.message)}{fix}".lstrip())


def problems(found: Iterable[Problem], stream: Any = None) -> None:
    """Print every problem on a line of its own, in the order of the files."""
    lines = (problem_line(problem) for problem in sorted(found, key=lambda p: (p.file, p.line, p.column)))
    for line in dict.fromkeys(lines):  # a title is often made of a field that says the same
        print(_harmless(line), file=stream or sys.stdout)


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as `check --json` gives it."""
    told: dict[str, object] = {
        "code": problem.code,
        "level": problem.level.value,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        **({"cell": problem.cell} if problem.cell else {}),
        "record": problem.record,
        "field": _field(problem),
        "message": tell(problem.message),
        "fix": tell(problem.fix) if problem.fix else "",
    }
    return masking.tree(told)


def _field(problem: Problem) -> str:
    return problem.field or ".".join(str(key) for key in problem.where if key != "fields")


def narrow() -> bool:
    """Return whether the output is a terminal on which a record and its id do not fit side by side."""
    return sys.stdout.isatty() and shutil.get_terminal_size().columns < 120


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; a pipe gets tabs instead of rules.

    On a terminal that is too narrow for it each row becomes a short list.
    """
    body = [[_harmless(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in (heads, *body):
            print("\t".join(cell.replace("\n", " ") for cell in row))
        return
    from schoolpub.views.columns import fits, laid_out, stacked, width

    columns = shutil.get_terminal_size().columns
    if fits([heads, *body], columns):
        head, *shown = laid_out([heads, *body], ["left"] * len(heads), columns)
        rule = "─" * max(width(line) for lines in (head, *shown) for line in lines)
        print("\n".join([*head, rule, *(line for lines in shown for line in lines)]))
    else:
        print("\n".join(stacked(heads, body, columns)))
