"""One question at the terminal: proposed, explained, judged at once, and asked again until the answer is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from schoolpub.cli import console
from schoolpub.cli.drafts import drafting, editor, sources
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Text, errors, say
from schoolpub.model.catalogue import Field
from schoolpub.model.period import parse_period
from schoolpub.model.record import Tree
from schoolpub.rules.values import read_fields, read_scalar
from schoolpub.store.yaml import strict_yaml
from schoolpub.views import proposals

BACK, HELP, SKIP, EDITOR = "<", "?", "-", "e"
_GROUPS = ("table", "matrix", "blocks")
_PARTS: dict[str, tuple[tuple[str, Text], ...]] = {
    "range": (("from", say("from")), ("to", say("until"))),
    "account": (("name", say("name of the account")), ("bank", say("bank")), ("number", say("account number"))),
    "votes": (
        ("method", say("how it was voted (无记名, 举手)")),
        ("for", say("votes for")),
        ("against", say("votes against")),
        ("abstain", say("abstentions")),
    ),
}
"""Types that are asked part by part."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: where the answer goes, what is proposed, how it is judged."""

    key: str
    label: str
    help: str
    optional: bool
    judge: Callable[[str], Problem | None]
    propose: Callable[[], str]
    field: Field | None = None


def about_time(draft: drafting.Draft, session: Session) -> Question:
    """Return the question which period, or which day, the record is about."""
    item, today = draft.item, session.today
    if not item.periodic:
        return Question("date", item.date_name, "2026-11-03", False, _date_judge, today.isoformat)

    def period() -> str:
        found = proposals.period(item, session.snapshot.calendar, today)
        return found.text if found else ""

    examples = tell(say("2026-10, 2026Q4, 2026-W44, 2026-2027-1, 2026"))
    return Question("period", tell(say("Period")), examples, False, _period_judge, period)


def about_title(draft: drafting.Draft, session: Session) -> Question:
    """Return the question for the title, which is made of the answers before it."""

    def made() -> str:
        part = str(draft.head.get("part") or "")
        return proposals.title(draft.item, session.snapshot.school, draft.period, draft.date, part, draft.fields)

    return Question("title", tell(say("Title")), "", False, lambda _text: None, made)


def about_field(field: Field, draft: drafting.Draft, session: Session) -> Question:
    """Return the question for a field of the item."""
    school, calendar = session.snapshot.school, session.snapshot.calendar

    def judge(text: str) -> Problem | None:
        found = read_scalar(field, text, school)
        return found if isinstance(found, Problem) else None

    def safe_end() -> str:
        ends = proposals.notice_end(draft.item, draft.fields, calendar, school)
        return ends[2].isoformat() if ends and field.key == ends[0] else ""

    label = field.name + (f"（{field.unit}）" if field.unit else "")
    if field.choices:
        label += f"［{'／'.join(field.choices)}］"
    return Question(field.key, label, field.help, field.optional, judge, safe_end, field)


def ask(session: Session, draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Ask *question* until it is answered; return False when the user goes back."""
    if question.field is not None and question.field.type in _GROUPS:
        return _ask_group(session, draft, question, question.field, progress)
    if question.field is not None and question.field.type in _PARTS:
        return _ask_parts(session, draft, question, question.field, progress)
    while True:
        value = draft.fields.get(question.key, draft.head.get(question.key))
        proposed = value if isinstance(value, str) else question.propose()
        answer = _typed(f"{progress} {question.label}", proposed)
        match answer:
            case "<":
                return False
            case "?":
                _explain(question)
                continue
            case "":
                answer = proposed
            case "-" if question.optional:
                draft.fields.pop(question.key, None)
                return True
        if not answer:
            if question.optional:
                return True
            console.note(say("This is required."))
            continue
        if problem := question.judge(answer):
            console.note(_told(problem))
            continue
        kept = _without_personal_data(session, question, answer)
        if kept is None:
            continue
        draft.put(question.key, kept)
        return True


def _typed(label: str, proposed: str) -> str:
    return console.typed(f"{label}{f' [{proposed}]' if proposed else ''}：")


def _explain(question: Question) -> None:
    columns = question.field.columns.values() if question.field is not None else ()
    told = question.help or "、".join(column.name for column in columns)
    console.note(told or say("There is no more to say about it."))


def _without_personal_data(session: Session, question: Question, answer: str) -> str | None:
    """Return *answer* as it may be kept: masked with one key where it tells of a person; None to ask again."""
    from schoolpub.rules.checks.privacy import raw_text
    from schoolpub.rules.privacy import mask

    if question.field is not None and question.field.privacy == "restricted":
        return answer
    found = [p for p in raw_text(f"{question.label}\n{answer}".encode(), session.declared) if p.line > 1]
    if not errors(found):
        return answer
    for problem in errors(found):
        console.note(f"  {tell(problem.message)}")
    better = mask(answer, session.declared, context=question.label)
    return better if console.yes(say("Write “{better}” instead?", better=better)) else None


def _ask_parts(session: Session, draft: drafting.Draft, question: Question, field: Field, progress: str) -> bool:
    """Ask for a value that has parts, one part after the other; what was answered is proposed when asked again."""
    present = draft.fields.get(field.key)
    parts: dict[str, str] = {k: str(v or "") for k, v in present.items()} if isinstance(present, dict) else {}
    names = _PARTS[field.type]
    at = 0
    while True:
        key, name = names[at]
        answer = _typed(f"{progress} {question.label}　{tell(name)}", parts.get(key, ""))
        if answer == BACK:
            if at == 0:
                return False
            at -= 1
            continue
        if answer == HELP:
            _explain(question)
            continue
        parts[key] = "" if answer == SKIP and field.optional else answer or parts.get(key, "")
        at += 1
        if at < len(names):
            continue
        at = 0
        given: dict[str, Tree] = {key: value for key, value in parts.items() if value}
        if not given and field.optional:
            draft.fields.pop(field.key, None)
            return True
        if problems := _judged(session, field, given or None):
            for problem in problems:
                console.note(_told(problem))
            continue
        draft.fields[field.key] = given
        return True


def _ask_group(session: Session, draft: drafting.Draft, question: Question, field: Field, progress: str) -> bool:
    """Take a table or another group from a file, or from the editor with a commented skeleton."""
    while True:
        present = draft.fields.get(field.key)
        hint = tell(say("file (Excel, CSV, YAML), or Enter for the editor"))
        if present:
            rows = present.get("rows") if isinstance(present, dict) else present
            kept = say("[{count} rows kept: Enter keeps them, {key} opens the editor, or a file]",
                       count=len(rows) if isinstance(rows, list) else 1, key=EDITOR)  # fmt: skip
            hint = tell(kept)
        if field.optional:
            hint += tell(say("[{skip} skips]", skip=SKIP))
        answer = console.typed(f"{progress} {question.label} {hint}：")
        if answer == BACK:
            return False
        if answer == HELP:
            _explain(question)
            continue
        if answer == SKIP and field.optional:
            draft.fields.pop(field.key, None)
            draft.texts.pop(field.key, None)
            return True
        if answer or not present or field.key in draft.texts:
            by_hand = answer in ("", EDITOR)
            try:
                present = (
                    _edited(session, draft, field, present) if by_hand else _from_file(session, draft, field, answer)
                )
            except SchoolpubError as mistake:
                console.refusal(mistake)
                continue
        if present is None and not field.optional:
            console.note(say("This is required."))
            continue
        draft.fields[field.key] = present
        return True


def _edited(session: Session, draft: drafting.Draft, field: Field, present: Tree) -> Tree:
    """Return the rows written in the editor; a text with mistakes is kept, and is what it opens with the next time."""
    text = editor.run(draft.texts.get(field.key) or editor.skeleton(field, present), field.key)
    draft.texts[field.key] = text
    tree, problems = strict_yaml.parse(text.encode(), f"{field.key}.yaml")
    value = tree.get(field.key) if isinstance(tree, dict) and field.key in tree else tree
    if wrong := errors(problems) or _judged(session, field, value):
        raise ProblemsFound(wrong, say("This must be mended first."))
    del draft.texts[field.key]
    draft.sources = [source for source in draft.sources if source.table != field.key]
    return value


def _from_file(session: Session, draft: drafting.Draft, field: Field, name: str) -> Tree:
    """Return the rows that a file gives, read as `--from TABLE=FILE` reads it."""
    path = Path(name.strip("'\"")).expanduser()
    trial = replace(draft, head={**draft.head}, fields={}, sources=[], attachments=[], enclosed=[])
    sources.read_sources(session, trial, [f"{field.key}={path}"])
    value = trial.fields.get(field.key)
    if wrong := _judged(session, field, value):
        raise ProblemsFound([sources.in_source(trial, p) for p in wrong], say("This must be mended first."))
    draft.sources = [*(source for source in draft.sources if source.table != field.key), *trial.sources]
    draft.texts.pop(field.key, None)
    return value


def _judged(session: Session, field: Field, value: Tree) -> list[Problem]:
    """Return what is wrong with *value* by itself."""
    if value is None:
        return []
    return errors(read_fields({field.key: value}, {field.key: field}, session.snapshot.school).problems)


def _told(problem: Problem) -> str:
    return f"  {tell(problem.message)}" + (f" → {tell(problem.fix)}" if problem.fix else "")


def _period_judge(text: str) -> Problem | None:
    try:
        parse_period(text)
    except ValueError:
        return Problem(
            code="value-period", message=say("{value} is no period", value=text), fix=say("write it as 2026-10")
        )
    return None


def _date_judge(text: str) -> Problem | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return Problem(
            code="value-date", message=say("{value} is no date", value=text), fix=say("write it as 2026-11-03")
        )
    return None
