"""The clerk's path: asks for what is missing, one answer at a time, and never loses what was typed."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from schoolpub.cli import console, drafting
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Text, errors, say
from schoolpub.model.catalogue import Field
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record, Tree
from schoolpub.rules.values import read_scalar
from schoolpub.store import canonical, strict_yaml, unfinished
from schoolpub.store.tables import read_csv

BACK, HELP, SKIP = "<", "?", "-"
_GROUPS = ("table", "matrix", "blocks")
_STRUCTURED = (*_GROUPS, "range", "votes", "telephones", "documents", "account", "list", "hours")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: where the answer goes, what is proposed, how it is judged."""

    key: str
    label: str
    help: str
    optional: bool
    judge: Callable[[str], Problem | None]
    field: Field | None = None


def ask(session: Session, draft: drafting.Draft, like: Record | None) -> None:
    """Fill *draft* by asking; an interrupted entry is kept and offered the next time."""
    _offer_unfinished(session, draft)
    questions = _time_questions(draft)
    try:
        _ask_all(session, draft, questions)
        drafting.complete(session, draft, like)
        _ask_all(session, draft, _field_questions(session, draft))
    except (KeyboardInterrupt, EOFError):
        key = unfinished.key(draft.item.slug, draft.period or draft.date)
        unfinished.save(session.root, key, {**draft.head, "fields": draft.fields})
        console.note("")
        console.note(say("Kept what you typed; `schoolpub add {item}` offers it next time.", item=draft.item.slug))
        raise KeyboardInterrupt from None


def edit_text(session: Session, record: Record) -> bytes:
    """Let the user edit the record's file in their editor, and return it; their file stays when it has mistakes."""
    before = session.workspace.data(record.file)
    text = _in_editor(before.decode("utf-8", "replace"), record.id)
    if text.encode() == before:
        raise SchoolpubError(say("Nothing was changed."))
    return text.encode()


def _offer_unfinished(session: Session, draft: drafting.Draft) -> None:
    for key in unfinished.keys(session.root):
        if not key.startswith(f"{draft.item.slug}-"):
            continue
        if _yes(say("An interrupted entry was kept ({key}). Go on with it?", key=key)):
            saved = unfinished.load(session.root, key)
            fields = saved.pop("fields", None)
            draft.head |= {k: v for k, v in saved.items() if k not in draft.head}
            draft.fields |= fields if isinstance(fields, dict) else {}
            return


def _time_questions(draft: drafting.Draft) -> list[Question]:
    item = draft.item
    if item.periodic:
        return [Question("period", tell(say("Period")), tell(say("2026-10, 2026Q4, 2026-W44, 2026-2027-1, 2026")), False,
                         _period_judge)]  # fmt: skip
    return [Question("date", item.date_name, "2026-11-03", False, _date_judge)]


def _field_questions(session: Session, draft: drafting.Draft) -> list[Question]:
    required = [f for f in draft.item.fields.values() if not f.optional]
    optional = [f for f in draft.item.fields.values() if f.optional]
    asked = required
    if optional and _yes(
        say("There are {count} optional fields. Fill them in too?", count=len(optional)), default=False
    ):
        asked = list(draft.item.fields.values())
    title = Question("title", tell(say("Title")), "", False, _anything)
    return [title, *(_question(session, field) for field in asked)]


def _question(session: Session, field: Field) -> Question:
    def judge(text: str) -> Problem | None:
        found = read_scalar(field, text, session.snapshot.school)
        return found if isinstance(found, Problem) else None

    label = field.name + (f"（{field.unit}）" if field.unit else "")
    if field.choices:
        label += f"［{'／'.join(field.choices)}］"
    return Question(field.key, label, field.help, field.optional, judge, field)


def _ask_all(session: Session, draft: drafting.Draft, questions: list[Question]) -> None:
    if questions:
        console.note(say("Enter takes the proposal, {help} explains, {back} goes back, Ctrl-C keeps it for later.",
                         help=HELP, back=BACK))  # fmt: skip
    at = 0
    while at < len(questions):
        question = questions[at]
        answered = _ask_one(session, draft, question, f"({at + 1}/{len(questions)})")
        at = at + 1 if answered else max(0, at - 1)


def _ask_one(session: Session, draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Ask *question* until it is answered; return False when the user goes back."""
    if question.field is not None and question.field.type in _STRUCTURED:
        return _ask_group(draft, question, progress)
    while True:
        proposed = _proposal(session, draft, question)
        hint = f" [{proposed}]" if proposed else ""
        answer = input(f"{progress} {question.label}{hint}：").strip()
        match answer:
            case "<":
                return False
            case "?":
                console.note(question.help or say("There is no more to say about it."))
                continue
            case "":
                answer = proposed
        if not answer:
            if question.optional:
                return True
            console.note(say("This is required."))
            continue
        if problem := question.judge(answer):
            console.note(f"  {tell(problem.message)}" + (f" → {tell(problem.fix)}" if problem.fix else ""))
            continue
        draft.put(question.key, answer)
        return True


def _ask_group(draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Take a table or another group from a file, or from the editor with a commented skeleton."""
    field = question.field
    assert field is not None
    while True:
        present = draft.fields.get(field.key)
        hint = tell(say("[{count} rows kept]", count=len(present))) if isinstance(present, list) else ""
        if field.optional:
            hint += tell(say("[{skip} skips]", skip=SKIP))
        answer = input(
            f"{progress} {question.label} {hint} {tell(say('file (CSV/YAML), or Enter for the editor'))}："
        ).strip()
        try:
            match answer:
                case "<":
                    return False
                case "?":
                    console.note(question.help or "、".join(c.name for c in field.columns.values()))
                    continue
                case "-" if field.optional:
                    return True
                case "":
                    value = _from_editor(field, present)
                case _:
                    value = _from_file(draft, field, Path(answer.strip("'\"")))
        except SchoolpubError as mistake:
            if isinstance(mistake, ProblemsFound):
                console.problems(mistake.problems, stream=None)
            console.note(mistake.message)
            continue
        if value is None and not field.optional:
            console.note(say("This is required."))
            continue
        draft.fields[field.key] = value
        return True


def _from_file(draft: drafting.Draft, field: Field, path: Path) -> Tree:
    from schoolpub.cli.taking import data_of

    data = data_of(path)
    if path.suffix.lower() in (".yaml", ".yml", ".json"):
        tree, problems = strict_yaml.parse(data, path.name)
        value = tree.get(field.key, tree) if isinstance(tree, dict) else tree
    else:
        fields, _head, problems = read_csv(data, path.name, draft.item, field.key)
        value = fields.get(field.key)
    if errors(problems):
        raise ProblemsFound(errors(problems))
    return value


def _from_editor(field: Field, present: Tree) -> Tree:
    text = _in_editor(skeleton(field, present), field.key)
    tree, problems = strict_yaml.parse(text.encode(), f"{field.key}.yaml")
    if errors(problems):
        raise ProblemsFound(errors(problems))
    return tree.get(field.key) if isinstance(tree, dict) else tree


def skeleton(field: Field, present: Tree) -> str:
    """Return a commented YAML text to be filled in for *field*, holding what is *present* already."""
    lines = [f"# {field.name}" + (f"：{field.help}" if field.help else "")]
    lines += [f"#   {c.key}: {c.name}（{c.type}{'，选填' if c.optional else ''}）" for c in field.columns.values()]
    if present is not None:
        return "\n".join(lines) + "\n" + canonical.block_text({field.key: present})
    if field.columns:
        row = ", ".join(f"{key}: " for key in field.columns)
        return "\n".join([*lines, f"{field.key}:", f"# - {{{row}}}", ""])
    return "\n".join([*lines, f"{field.key}:", ""])


def _in_editor(text: str, name: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "nano")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_bytes(text.encode())
        try:
            subprocess.run([*shlex.split(editor, posix=os.name != "nt"), str(path)], check=True)
        except (OSError, subprocess.CalledProcessError):
            raise SchoolpubError(
                say("The editor “{editor}” did not run.", editor=editor), fix=say("set EDITOR, or use --from FILE")
            ) from None
        return path.read_bytes().decode("utf-8-sig", "replace")


def _proposal(session: Session, draft: drafting.Draft, question: Question) -> str:
    from schoolpub.views import proposals

    value = draft.fields.get(question.key, draft.head.get(question.key))
    if isinstance(value, str):
        return value
    if question.key == "period":
        period = proposals.period(draft.item, session.snapshot.calendar, session.today)
        return period.text if period else ""
    if question.key == "date":
        return session.today.isoformat()
    return ""


def _anything(_text: str) -> Problem | None:
    return None


def _yes(question: Text, default: bool = True) -> bool:
    answer = input(f"{tell(question)} [{'Y/n' if default else 'y/N'}] ").strip().lower()
    return default if not answer else answer in ("y", "yes", "是", "好")


def _period_judge(text: str) -> Problem | None:
    try:
        parse_period(text)
    except ValueError:
        return Problem(
            code="value-period", message=say("{value} is no period", value=text), fix=say("write it as 2026-10")
        )
    return None


def _date_judge(text: str) -> Problem | None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return Problem(
            code="value-date", message=say("{value} is no date", value=text), fix=say("write it as 2026-11-03")
        )
    return None
