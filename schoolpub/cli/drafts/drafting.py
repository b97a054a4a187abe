"""From what the user gives (files, options, answers) to a record, with its problems where the user wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.drafts.sources import Source, in_source
from schoolpub.cli.session import Session
from schoolpub.errors import Level, Problem, ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.catalogue import Catalogue, Item
from schoolpub.model.period import Period, parse_period
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules import identity
from schoolpub.rules.chain import acts, editions
from schoolpub.rules.chain.flow import status
from schoolpub.rules.checks import check_record
from schoolpub.store import naming
from schoolpub.store.files import private, record_file
from schoolpub.store.yaml import canonical, strict_yaml
from schoolpub.store.yaml.shape import YES
from schoolpub.views import proposals

if TYPE_CHECKING:
    from schoolpub.store.attachments import Cleaned

HEAD_KEYS = (
    "title", "period", "date", "part", "department", "audience", "summary", "zero", "amends", "reason", "issuers",
    "basis", "series", "contacts", "real_name_only", "signers", "says",
)  # fmt: skip
"""Keys of a record that may stand beside the item's fields in a file given to `add --from`."""


_WORDS, _HEAD_WORDS = ("text", "long-text", "choice", "sections"), ("title", "summary", "reason", "department")
"""Types and keys whose value is any text, with braces too."""


@dataclass
class Draft:
    """What is known of a record before it has an id."""

    item: Item
    catalogue: Catalogue
    head: dict[str, Tree] = field(default_factory=dict)
    fields: dict[str, Tree] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)
    options: set[str] = field(default_factory=set)
    """Keys that the command line itself gave."""
    called: dict[str, str] = field(default_factory=dict)
    """Field → the key under which a file gave it, where that is another name."""
    attachments: list[Tree] = field(default_factory=list)
    """Entries of `attachments:` that the record begins with."""
    enclosed: list[Cleaned] = field(default_factory=list)
    """Their files, where these were given with the draft."""
    beside: dict[str, bytes | None] = field(default_factory=dict)
    """Further files of the same commit: what was learned of the school's own spreadsheets."""
    private_text: bytes | None = None
    """The private file to write; None when the restricted fields are none, or stay as they are."""
    texts: dict[str, str] = field(default_factory=dict)
    """Field → what was written for it in the editor and cannot be read yet."""

    def put(self, key: str, value: Tree) -> None:
        """Set a field of the item, or a key of the record itself; both also by the names that `naming` knows.

        `says.balance` explains one difference and leaves the other explanations.
        """
        of, mark, rule = key.partition(".")
        if of == "says" and mark and rule:
            told = self.head.get("says")
            self.head["says"] = {**(told if isinstance(told, dict) else {}), rule: value}
            return
        for own, part in naming.by_own_names(self.item, key, value).items():
            self.called[own] = key
            begun = self.fields.get(own) if own != key else None
            self._put(own, {**begun, **part} if isinstance(begun, dict) and isinstance(part, dict) else part)

    def give(self, given: Mapping[str, Tree]) -> None:
        """Take over what the command line gives; a value of parts or rows may be written as in YAML: {from: …}."""
        for key, value in given.items():
            own = self.item.fields.get(key)
            words = own.type in _WORDS if own is not None else key in _HEAD_WORDS
            if isinstance(value, str) and value[:1] in ("{", "[") and not words:
                tree, problems = strict_yaml.parse(value.encode(), "")
                value = value if problems else tree
            self.put(key, value)
            self.options.add(key)

    def _put(self, key: str, value: Tree) -> None:
        if self.item.waives and key == self.item.waives.item and str(value) in self.catalogue.items:
            value = self.catalogue.items[str(value)].name  # everybody reads it: not the slug
        if key in self.item.fields:
            self.fields[key] = value
            if key == "date" and key not in self.head:
                self.head[key] = value
            if "period" not in self.head and (period := naming.period_in(self.item, key, value)):
                self.head["period"] = period
        elif key in HEAD_KEYS:
            self.head[key] = naming.audience(value) if key == "audience" else value
        else:
            self.fields[key] = value  # reading the record will name it as unknown

    @property
    def restricted(self) -> dict[str, Tree]:
        """The fields that must be erasable and never enter history."""
        return {key: value for key, value in self.fields.items() if self.is_restricted(key) and value}

    def is_restricted(self, key: str) -> bool:
        """Return whether *key* is a field that never enters history."""
        return key in self.item.fields and self.item.fields[key].privacy == "restricted"

    def seal(self) -> None:
        """Fix the restricted fields: the private file gets its text, with a salt that is drawn once."""
        self.private_text = private.text(self.restricted) if self.restricted else None

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


def find_item(session: Session, wanted: str, on: date | None = None) -> tuple[Catalogue, Item]:
    """Return the item called *wanted* (slug or Chinese name) in the catalogue in force *on* a day, else today."""
    on = on or session.today
    catalogue = session.snapshot.in_force(on)
    if catalogue is None:
        if mistakes := errors(p for p in session.snapshot.problems if p.file.startswith("records/catalogue/")):
            raise ProblemsFound(mistakes)
        raise SchoolpubError(
            say("No catalogue is in force on {day}.", day=on.isoformat()),
            fix=say("records/catalogue/ needs an edition that begins on that day or before"),
        )
    for item in catalogue.items.values():
        if wanted in (item.slug, item.name):
            return catalogue, item
    near = get_close_matches(wanted, [*catalogue.items, *(i.name for i in catalogue.items.values())], n=3, cutoff=0.5)
    raise SchoolpubError(
        say("The catalogue has no item “{wanted}”.", wanted=wanted),
        fix=say("did you mean: {near}", near="、".join(near)) if near else say("`schoolpub items` lists all"),
    )


def complete(session: Session, draft: Draft, like: Record | None) -> None:
    """Fill in what follows from the catalogue, the calendar, the record before, and *like*."""
    item, head = draft.item, draft.head
    if like is not None and like.item != item.slug:
        raise SchoolpubError(
            say("{id} is a record of another item.", id=like.id),
            fix=say("name one of “{item}”: `schoolpub list --item {slug}`", item=item.name, slug=item.slug),
        )
    if (
        item.periodic
        and not head.get("period")
        and not head.get("date")
        and (period := proposals.period(item, session.snapshot.calendar, session.today))
    ):
        head["period"] = period.text
    if not item.periodic and not head.get("date") and not head.get("period"):
        head["date"] = session.today.isoformat()
    last = proposals.previous(session.snapshot, item, draft.period, str(head.get("part") or ""))
    if str(head.get("zero") or "").casefold() not in YES:
        copied = {**proposals.defaults(item), **(proposals.like(item, like) if like else {})}
        draft.fields = {**copied, **proposals.carried(item, last), **draft.fields}
        _propose_end(session, draft)
    head["part"] = next((key for key, name in item.parts.items() if name == head.get("part")), head.get("part"))
    head.setdefault("department", item.department)
    head.setdefault("audience", item.audience)
    if not head.get("title"):
        head["title"] = proposals.title(
            item, session.snapshot.school, draft.period, draft.date, str(head.get("part") or ""), draft.fields
        )


def _propose_end(session: Session, draft: Draft) -> None:
    """Let a notice whose first day alone is given end on the safe day, and say so."""
    found = proposals.notice_end(draft.item, draft.fields, session.snapshot.calendar, session.snapshot.school)
    if found is not None:
        key, value, last = found
        draft.fields[key] = value
        console.note(
            say("The notice is proposed to end on {day}, the safe end even if it hangs only on its first day.",
                day=last.isoformat())
        )  # fmt: skip


def compose(session: Session, draft: Draft, step: Step, *, edition: int = 0, base: str = "") -> tuple[Record, bytes]:
    """Return the record that *draft* makes with its first step, and its text.

    Raises ProblemsFound when it cannot even be read, SchoolpubError when such a record exists.
    """
    item = draft.item
    if (draft.period if item.periodic else draft.date) is None:
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
    path = identity.path_of(item, record_id, year)
    if mistakes := errors(p for p in session.snapshot.problems if p.file == path):
        raise ProblemsFound(mistakes, say("{id} exists already and cannot be read: mend its file.", id=record_id))
    draft.seal()
    text = record_file.new_text(_body(draft, record_id, number), [step]).encode()
    record, found = record_file.read_record(text, path)
    if record is None or errors(found):
        raise ProblemsFound([in_source(draft, p) for p in found])
    return replace(record, private_fields=draft.restricted), text


def judge(session: Session, draft: Draft, record: Record) -> list[Problem]:
    """Raise ProblemsFound for the record's own mistakes; return what must be mended before it is submitted."""
    own = [in_source(draft, p) for p in check_record(record, session.snapshot, session.today, outside=False)]
    if errors(own):
        raise ProblemsFound(own)
    return [in_source(draft, p) for p in check_record(record, session.snapshot, session.today, outside=True)]


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
        "fields": fields_in_order(draft),
    }
    if draft.attachments:
        body["attachments"] = draft.attachments
    if draft.private_text is not None:
        body["private"] = private.digest(draft.private_text)
    return {key: body[key] for key in (*record_file.BODY_KEYS, *body) if key in body}


def fields_in_order(draft: Draft) -> dict[str, Tree]:
    """Return the fields that the record itself holds, in the item's order."""
    known = [key for key in draft.item.fields if key in draft.fields and not draft.is_restricted(key)]
    unknown = [key for key in draft.fields if key not in draft.item.fields]
    return {key: draft.fields[key] for key in (*known, *unknown)}


def _explain_missing_time(draft: Draft) -> None:
    key = "period" if draft.item.periodic else "date"
    given = draft.head.get(key)
    name = say("period") if key == "period" else say("date")
    message = say("{value} is no {key}", value=str(given), key=name) if given else say("the {key} is missing", key=name)
    if key == "date" and not given:
        message = say("“{item}” is about an event and needs its date", item=draft.item.name)
    fix = say("write --period 2026-10") if key == "period" else say("write --date 2026-11-03")
    problem = Problem(code=f"value-{key}", message=message, fix=fix, where=(key,))
    raise ProblemsFound([in_source(draft, problem)])


def warnings_as_notes(found: Iterable[Problem]) -> list[Problem]:
    """Return *found* as what is to be mended before submission."""
    return [replace(p, level=Level.WARNING) for p in found]


def not_a_drafter(snapshot: Snapshot, deed: acts.Act, department: str, roles: tuple[str, ...]) -> SchoolpubError:
    """Return the refusal of a draft by somebody who may not make one for *department*."""
    who = [
        f"{snapshot.people.name(a.person)}（{a.person}）"
        for a in snapshot.people.appointments
        if a.holds_on(deed.at.date()) and a.role in roles and a.department in ("", department)
    ]
    return SchoolpubError(
        say(
            "{person} cannot draft for {department}: that takes {roles}.",
            person=snapshot.people.name(deed.by),
            department=department,
            roles="、".join(roles),
        ),
        fix=say("these persons can: {persons}", persons="、".join(dict.fromkeys(who)) or "-"),
    )
