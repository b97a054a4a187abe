"""The clerk's path: asks for what is missing, one answer at a time, and never loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from schoolpub.cli import console
from schoolpub.cli.drafts import drafting, editor
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Text, errors, say
from schoolpub.model.catalogue import Field
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record, Tree
from schoolpub.rules.values import read_fields, read_scalar
from schoolpub.store.files import unfinished
from schoolpub.store.tables import read_csv
from schoolpub.store.yaml import strict_yaml

BACK, HELP, SKIP = "<", "?", "-"
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

Saved = TypeVar("Saved")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: where the answer goes, what is proposed, how it is judged."""

    key: str
    label: str
    help: str
    optional: bool
    judge: Callable[[str], Problem | None]
    field: Field | None = None


def ask(
    session: Session,
    draft: drafting.Draft,
    like: Record | None,
    save: Callable[[Session, drafting.Draft], Saved],
    *,
    short: bool = False,
) -> Saved:
    """Fill *draft* by asking and *save* it; what was typed is kept from the first answer until it is saved.

    A *short* entry asks for its fields alone, one after the other, not for its day and its title.
    An entry that was interrupted is offered the next time; one with mistakes is gone through again.
    """
    kept = _Kept(session.root, _offer_unfinished(session, draft))
    try:
        _ask_all(session, draft, [] if short else _time_questions(draft), kept)
        drafting.complete(session, draft, like)
        while True:
            fields = [_question(session, field) for field in draft.item.fields.values()]
            _ask_all(session, draft, fields if short else _field_questions(session, draft), kept)
            try:
                done = save(session, draft)
            except ProblemsFound as stop:
                console.refusal(stop)
                if not console.yes(say("Go through the answers again?")):
                    raise KeyboardInterrupt from None
                continue
            kept.forget()
            return done
    except (KeyboardInterrupt, EOFError):
        if kept.save(draft):
            console.note("")
            console.note(say("Kept what you typed; `schoolpub add {item}` offers it next time.", item=draft.item.slug))
        raise KeyboardInterrupt from None


class _Kept:
    """The entry as it is kept on disk while it is being typed."""

    def __init__(self, root: Path, key: str) -> None:
        self._root = root
        self._key = key
        self._answered = bool(key)

    def answered(self, draft: drafting.Draft) -> None:
        """Keep *draft* after an answer: a closed window must not cost what was typed."""
        self._answered = True
        self.save(draft)

    def save(self, draft: drafting.Draft) -> bool:
        """Keep *draft* if anything was typed, and return whether there was."""
        if not self._answered:
            return False
        key = unfinished.key(draft.item.slug, draft.period or draft.date)
        if self._key and self._key != key:
            unfinished.remove(self._root, self._key)
        self._key = key
        unfinished.save(self._root, key, {**draft.head, "fields": draft.fields})
        return True

    def forget(self) -> None:
        """Forget the entry: it was saved."""
        if self._key:
            unfinished.remove(self._root, self._key)


def _offer_unfinished(session: Session, draft: drafting.Draft) -> str:
    """Take over an entry that was interrupted, if the user wants to; return its key, or nothing."""
    about = draft.period or draft.date
    for key in unfinished.keys(session.root):
        if not key.startswith(f"{draft.item.slug}-") or not _is_of(key, draft.item.slug):
            continue
        if about is not None and key != unfinished.key(draft.item.slug, about):
            continue
        if console.yes(say("An interrupted entry was kept ({key}). Go on with it?", key=key)):
            try:
                saved = unfinished.load(session.root, key)
            except SchoolpubError as stop:
                console.refusal(stop)
                continue
            fields = saved.pop("fields", None)
            draft.head |= {k: v for k, v in saved.items() if k not in draft.head}
            draft.fields |= fields if isinstance(fields, dict) else {}
            return key
    return ""


def _is_of(key: str, slug: str) -> bool:
    """Return whether *key* is of the item *slug* itself, not of one whose slug begins like it."""
    rest = key.removeprefix(f"{slug}-")
    return rest == "undated" or rest[:1].isdigit()


def _time_questions(draft: drafting.Draft) -> list[Question]:
    item = draft.item
    if item.periodic:
        examples = tell(say("2026-10, 2026Q4, 2026-W44, 2026-2027-1, 2026"))
        return [Question("period", tell(say("Period")), examples, False, _period_judge)]
    return [Question("date", item.date_name, "2026-11-03", False, _date_judge)]


def _field_questions(session: Session, draft: drafting.Draft) -> list[Question]:
    required = [f for f in draft.item.fields.values() if not f.optional]
    optional = [f for f in draft.item.fields.values() if f.optional]
    asked = required
    if optional and console.yes(
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


def _ask_all(session: Session, draft: drafting.Draft, questions: list[Question], kept: _Kept) -> None:
    if questions:
        console.note(
            say(
                "Enter takes the proposal, {help} explains, {back} goes back, Ctrl-C keeps it for later.",
                help=HELP,
                back=BACK,
            )
        )
    at = 0
    while at < len(questions):
        question = questions[at]
        answered = _ask_one(session, draft, question, f"({at + 1}/{len(questions)})")
        at = at + 1 if answered else max(0, at - 1)
        if answered:
            kept.answered(draft)


def _ask_one(session: Session, draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Ask *question* until it is answered; return False when the user goes back."""
    if question.field is not None and question.field.type in _GROUPS:
        return _ask_group(session, draft, question, progress)
    if question.field is not None and question.field.type in _PARTS:
        return _ask_parts(session, draft, question, progress)
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


def _ask_parts(session: Session, draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Ask for a value that has parts, one part after the other."""
    field = question.field
    assert field is not None
    given: dict[str, Tree]
    while True:
        present = draft.fields.get(field.key)
        parts: dict[str, Tree] = dict(present) if isinstance(present, dict) else {}
        for key, name in _PARTS[field.type]:
            proposed = str(parts.get(key) or "")
            hint = f" [{proposed}]" if proposed else ""
            answer = input(f"{progress} {question.label}　{tell(name)}{hint}：").strip()
            if answer == BACK:
                return False
            if answer == HELP:
                console.note(question.help or say("There is no more to say about it."))
                break
            parts[key] = answer or proposed or None
        else:
            given = {key: value for key, value in parts.items() if value}
            if not given and field.optional:
                draft.fields.pop(field.key, None)
                return True
            if problems := _judged(session, field, given or None):
                for problem in problems:
                    console.note(_told(problem))
                continue
            draft.fields[field.key] = given
            return True


def _ask_group(session: Session, draft: drafting.Draft, question: Question, progress: str) -> bool:
    """Take a table or another group from a file, or from the editor with a commented skeleton."""
    field = question.field
    assert field is not None
    text = ""
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
                    draft.fields.pop(field.key, None)
                    return True
                case "":
                    text = editor.run(text or editor.skeleton(field, present), field.key)
                    value = _from_text(text, field)
                case _:
                    value = _from_file(draft, field, Path(answer.strip("'\"")))
            if value is not None and (problems := _judged(session, field, value)):
                raise ProblemsFound(problems, say("This must be mended first."))
        except SchoolpubError as mistake:
            console.refusal(mistake)
            continue
        if value is None and not field.optional:
            console.note(say("This is required."))
            continue
        draft.fields[field.key] = value
        return True


def _judged(session: Session, field: Field, value: Tree) -> list[Problem]:
    """Return what is wrong with *value* by itself."""
    return errors(read_fields({field.key: value}, {field.key: field}, session.snapshot.school).problems)


def _told(problem: Problem) -> str:
    return f"  {tell(problem.message)}" + (f" → {tell(problem.fix)}" if problem.fix else "")


def _from_file(draft: drafting.Draft, field: Field, path: Path) -> Tree:
    from schoolpub.cli.acts.taking import data_of

    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        from schoolpub.rules.sheets.own_book import own_book
        from schoolpub.store.spreadsheets.reading import read_book

        if own := own_book(read_book(path), draft.item, field.key):
            if errors(own[0].problems):
                raise ProblemsFound(errors(own[0].problems), say("This must be mended first."))
            return own[0].fields.get(field.key)
        raise SchoolpubError(say("The first sheet does not begin with the heads of “{name}”.", name=field.name))
    data = data_of(path)
    if path.suffix.lower() in (".yaml", ".yml", ".json"):
        return _from_text(data.decode("utf-8-sig", "replace"), field, path.name)
    fields, _head, problems = read_csv(data, path.name, draft.item, field.key)
    if errors(problems):
        raise ProblemsFound(errors(problems), say("This must be mended first."))
    return fields.get(field.key)


def _from_text(text: str, field: Field, name: str = "") -> Tree:
    tree, problems = strict_yaml.parse(text.encode(), name or f"{field.key}.yaml")
    if errors(problems):
        raise ProblemsFound(errors(problems), say("This must be mended first."))
    return tree.get(field.key) if isinstance(tree, dict) and field.key in tree else tree


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
    ends = proposals.notice_end(draft.item, draft.fields, session.snapshot.calendar, session.snapshot.school)
    return ends[2].isoformat() if ends and question.key == ends[0] else ""


def _anything(_text: str) -> Problem | None:
    return None


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
