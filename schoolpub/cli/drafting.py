"""From what the user gives (files, options, answers) to a record, with its problems where the user wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from schoolpub.cli import taking
from schoolpub.cli.session import Session, day
from schoolpub.errors import Level, Problem, ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.catalogue import Catalogue, Item
from schoolpub.model.period import Period, parse_period
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules import editions, identity
from schoolpub.rules.checks import check_record
from schoolpub.rules.flow import status
from schoolpub.store import canonical, private, record_file, strict_yaml
from schoolpub.store.tables import read_csv
from schoolpub.views import proposals

HEAD_KEYS = (
    "title", "period", "date", "part", "department", "audience", "summary", "zero", "amends", "reason", "issuers", "basis",
    "series", "contacts", "real_name_only", "signers", "says",
)  # fmt: skip
"""Keys of a record that may stand beside the item's fields in a file given to `add --from`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file the user gave, kept so that a problem can be shown where it was written."""

    name: str
    data: bytes
    tree: Mapping[str, Tree]
    is_yaml: bool


@dataclass
class Draft:
    """What is known of a record before it has an id."""

    item: Item
    catalogue: Catalogue
    head: dict[str, Tree] = field(default_factory=dict)
    fields: dict[str, Tree] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def put(self, key: str, value: Tree) -> None:
        """Set a field of the item, or a key of the record itself."""
        if key in self.item.fields:
            self.fields[key] = value
            if key in ("period", "date") and key not in self.head:
                self.head[key] = value
        elif key in HEAD_KEYS:
            self.head[key] = value
        else:
            self.fields[key] = value  # reading the record will name it as unknown

    @property
    def restricted(self) -> dict[str, Tree]:
        """The fields that must be erasable and never enter history."""
        fields = self.item.fields
        return {k: v for k, v in self.fields.items() if k in fields and fields[k].privacy == "restricted" and v}

    @cached_property
    def private_text(self) -> bytes:
        """The private file, with a salt that is drawn once."""
        return private.text(self.restricted)

    def keep_private(self, root: Path, record_id: str) -> None:
        """Write the private file, if there is one, before the record that names its digest."""
        if self.restricted:
            private.save(root, record_id, self.private_text)

    @property
    def period(self) -> Period | None:
        """The period, when it is given and written right."""
        try:
            return parse_period(str(self.head["period"])) if self.head.get("period") else None
        except ValueError:
            return None

    @property
    def date(self) -> date | None:
        """The date, when it is given and written right."""
        try:
            return date.fromisoformat(str(self.head["date"])) if self.head.get("date") else None
        except ValueError:
            return None


def find_item(session: Session, wanted: str) -> tuple[Catalogue, Item]:
    """Return the item called *wanted* (slug or Chinese name) in the catalogue in force today."""
    catalogue = session.snapshot.in_force(session.today)
    if catalogue is None:
        raise SchoolpubError(say("No catalogue is in force on {day}.", day=session.today.isoformat()))
    for item in catalogue.items.values():
        if wanted in (item.slug, item.name):
            return catalogue, item
    near = get_close_matches(wanted, [*catalogue.items, *(i.name for i in catalogue.items.values())], n=3, cutoff=0.5)
    raise SchoolpubError(
        say("The catalogue has no item “{wanted}”.", wanted=wanted),
        fix=say("did you mean: {near}", near="、".join(near)) if near else say("`schoolpub items` lists all"),
    )


def read_sources(draft: Draft, files: Iterable[str]) -> None:
    """Read the files given with `--from` into *draft*; `TABLE=FILE` reads rows of one table."""
    for given in files:
        table, mark, name = given.partition("=")
        if not mark or table not in draft.item.fields:
            table, name = "", given
        path = Path(name)
        data = taking.data_of(path)
        match path.suffix.lower():
            case ".csv" | ".txt" | ".tsv":
                fields, head, problems = read_csv(data, path.name, draft.item, table or None)
                tree: Tree = {**head, **fields}
            case ".yaml" | ".yml" | ".json":
                tree, problems = strict_yaml.parse(data, path.name)
                tree = {table: tree} if table else tree
            case _:
                raise SchoolpubError(
                    say("{file}: this kind of file cannot be read.", file=path.name),
                    fix=say("give YAML or CSV; in Excel choose “Save as → CSV UTF-8”"),
                )
        if errors(problems):
            raise ProblemsFound([replace(p, file=p.file or path.name) for p in problems])
        if not isinstance(tree, dict):
            raise ProblemsFound([_no_mapping(path.name)])
        draft.sources.append(Source(path.name, data, tree, path.suffix.lower() in (".yaml", ".yml", ".json")))
        inner = tree.get("fields")
        nested = inner if isinstance(inner, dict) and "fields" not in draft.item.fields else {}
        for key, value in {**tree, **nested}.items():
            if not (nested and key == "fields"):
                draft.put(key, value)


def complete(session: Session, draft: Draft, like: Record | None) -> None:
    """Fill in what follows from the catalogue, the calendar, the record before, and *like*."""
    item, head = draft.item, draft.head
    if like is not None:
        draft.fields = {**like.fields, **draft.fields}
    if (
        item.periodic
        and not head.get("period")
        and (period := proposals.period(item, session.snapshot.calendar, session.today))
    ):
        head["period"] = period.text
    if not item.periodic and not head.get("date"):
        head["date"] = session.today.isoformat()
    last = proposals.previous(session.snapshot, item, draft.period, str(head.get("part") or ""))
    draft.fields = {**proposals.values(item, last), **draft.fields} if head.get("zero") != "yes" else draft.fields
    head["part"] = next((key for key, name in item.parts.items() if name == head.get("part")), head.get("part"))
    head.setdefault("department", item.department)
    head.setdefault("audience", item.audience)
    if not head.get("title"):
        head["title"] = proposals.title(
            item, session.snapshot.school, draft.period, draft.date, str(head.get("part") or ""), draft.fields
        )


def compose(session: Session, draft: Draft, step: Step, *, edition: int = 0, base: str = "") -> tuple[Record, bytes]:
    """Return the record that *draft* makes with its first step, and its text.

    Raises ProblemsFound when it cannot even be read, SchoolpubError when such a record exists.
    """
    item = draft.item
    day_or_period = draft.period or draft.date
    if day_or_period is None:
        _explain_missing_time(draft)
    year = draft.period.year if draft.period else draft.date.year if draft.date else 0
    attempt = 0
    while True:
        name = base or _base_id(draft, step, attempt)
        number = edition or _free_edition(session, name)
        if number:
            break
        if item.periodic:
            raise _exists(session, name)
        attempt += 1
    record_id = identity.edition_id(name, number)
    text = record_file.new_text(_body(draft, record_id, number), [step]).encode()
    record, found = record_file.read_record(text, identity.path_of(item, record_id, year))
    if record is None or errors(found):
        raise ProblemsFound([in_source(draft, p) for p in found])
    return replace(record, private_fields=draft.restricted), text


def judge(session: Session, draft: Draft, record: Record) -> list[Problem]:
    """Raise ProblemsFound for the record's own mistakes; return what must be mended before it is submitted."""
    own = [in_source(draft, p) for p in check_record(record, session.snapshot, session.today, outside=False)]
    if errors(own):
        raise ProblemsFound(own)
    return [in_source(draft, p) for p in check_record(record, session.snapshot, session.today, outside=True)]


def in_source(draft: Draft, problem: Problem) -> Problem:
    """Return *problem* at the place in the user's own file where its value was written."""
    where = problem.where[1:] if problem.where[:1] == ("fields",) else problem.where
    for source in reversed(draft.sources):
        nested = isinstance(source.tree.get("fields"), dict)
        tree = source.tree["fields"] if nested and where[:1] and where[0] not in source.tree else source.tree
        if where and isinstance(tree, dict) and where[0] in tree:
            line = column = 0
            if source.is_yaml:
                line, column = strict_yaml.locate(source.data, problem.where if tree is not source.tree else where)
            return replace(problem, file=source.name, line=line, column=column)
    name = draft.sources[-1].name if draft.sources else ""
    return replace(problem, file=name or problem.file if draft.sources else "", line=0, column=0)


def _base_id(draft: Draft, step: Step, attempt: int) -> str:
    if draft.item.periodic and draft.period:
        return identity.periodic_id(draft.item, draft.period, str(draft.head.get("part") or ""))
    assert draft.date is not None
    first = canonical.step_text(step) + canonical.body_text(_body(draft, "", 1))
    return identity.event_id(draft.item, draft.date, first.encode(), attempt)


def _free_edition(session: Session, base: str) -> int:
    """Return the number of the edition to draft: 1, or the next one when all before were given up; 0 when taken."""
    known = editions.editions(session.snapshot, base)
    return len(known) + 1 if all(status(session.snapshot, r) == "void" for r in known) else 0


def _exists(session: Session, base: str) -> SchoolpubError:
    known = editions.editions(session.snapshot, base)[-1]
    state = status(session.snapshot, known)
    shown = session.snapshot.catalogues[known.catalogue].statuses.get(state, state)
    way = "edit" if state in ("draft", "returned") else "show"
    way = "correct" if state in ("posted", "ended") else way
    return SchoolpubError(
        say("{id} exists already; it is “{status}”.", id=known.id, status=shown),
        fix=say("`schoolpub {command} {id}`", command=way, id=known.id),
    )


def _body(draft: Draft, record_id: str, edition: int) -> dict[str, Tree]:
    body: dict[str, Tree] = {
        "schoolpub": "1",
        "id": record_id,
        "item": draft.item.slug,
        "catalogue": draft.catalogue.edition.isoformat(),
        "edition": str(edition),
        **{key: value for key, value in draft.head.items() if value not in (None, "")},
        "fields": {key: draft.fields[key] for key in _in_order(draft)},
    }
    if draft.restricted:
        body["private"] = private.digest(draft.private_text)
    return {key: body[key] for key in (*record_file.BODY_KEYS, *body) if key in body}


def _in_order(draft: Draft) -> list[str]:
    known = [key for key in draft.item.fields if key in draft.fields and key not in draft.restricted]
    return [*known, *(key for key in draft.fields if key not in draft.item.fields)]


def _explain_missing_time(draft: Draft) -> None:
    key = "period" if draft.item.periodic else "date"
    given = draft.head.get(key)
    message = say("{value} is no {key}", value=str(given), key=key) if given else say("the {key} is missing", key=key)
    fix = say("write --period 2026-10") if key == "period" else say("write --date 2026-11-03")
    problem = Problem(code=f"value-{key}", message=message, fix=fix, where=(key,))
    raise ProblemsFound([in_source(draft, problem)])


def _no_mapping(name: str) -> Problem:
    return Problem(
        code="yaml-no-mapping",
        message=say("the file is not a mapping of field names to values"),
        fix=say("write lines such as `balance_start: 152300.00`"),
        file=name,
        line=1,
        column=1,
    )


def warnings_as_notes(found: Iterable[Problem]) -> list[Problem]:
    """Return *found* as what is to be mended before submission."""
    return [replace(p, level=Level.WARNING) for p in found]


def paper_day(text: str) -> date | None:
    """Return a day given as an option, or None."""
    return day(text) if text else None
