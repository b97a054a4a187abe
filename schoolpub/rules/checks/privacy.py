"""Personal data in records: found before the commit, because git keeps what it was once given.

Every text of the body is looked at, keys and file names too, and every text of the steps.  The texts of attachments and
the comments of YAML files, which only the store can read, come through `inside` and `raw_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.checks.pupil_names import pupil_names
from schoolpub.rules.privacy import Finding, Kind, declared_of, forbidden_heads, mask, scan, tables_in
from schoolpub.rules.privacy.findings import LAWS
from schoolpub.rules.privacy.plain import suspicious
from schoolpub.rules.values.written import rows_of

_SHOWN = 80
"""Characters of a text that a message still repeats whole."""

_OPEN_TYPES = frozenset(["telephone", "telephones", "account"])
"""Types whose values must be declared by the school: their columns may be called 联系电话."""

_Told = tuple[Where, str, str]

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)


def personal_data(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield what *record* says about persons and may not say, with the masked text to write instead."""
    item = snapshot.item(record)
    told = list(_texts(record, item))
    if suspicious("\0".join([context + text for _, text, context in told])):
        declared = declared_of(snapshot.school, snapshot.people)
        for where, text, context in told:
            yield from _in_text(text, declared, context, record, where)
    for where, text, _ in told:
        if len(text) > 8:
            for head, kind, _, _, filled in tables_in(text):
                yield _head(head, kind, record, where, Level.ERROR if filled else Level.WARNING)
    if item is not None:
        yield from _table_heads(record, item)
    yield from pupil_names(record, snapshot)


def texts_of(record: Record, snapshot: Snapshot) -> Iterator[_Told]:
    """Yield every text of the body of *record*: its place, the text, and what a reader sees beside it."""
    yield from (told for told in _texts(record, snapshot.item(record)) if told[0][0] != "steps")


def inside(text: str, name: str, record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield what the *text* of the attachment *name* says about persons and may not say."""
    folder = f"records/attachments/{record.id}"
    for problem in _in_lines(text, declared_of(snapshot.school, snapshot.people), f"{folder}/{name}"):
        yield replace(problem, record=record.id, line=0, column=0)


def raw_text(data: bytes, declared: Collection[str], file: str = "", *, comments_only: bool = False) -> list[Problem]:
    """Return what a file says as a whole, or with *comments_only* what stands behind `#`, with line and column."""
    text = data.decode("utf-8", "replace")
    if comments_only:
        # Blanks instead of what is no comment: the places stay.
        kept = {place for match in _COMMENT.finditer(text) for place in range(*match.span())}
        text = "".join(c if place in kept or c == "\n" else " " for place, c in enumerate(text)) if kept else ""
    return list(_in_lines(text, declared, file))


def _in_lines(text: str, declared: Collection[str], file: str) -> Iterator[Problem]:
    for found in scan(text, declared):
        start = text.rfind("\n", 0, found.start) + 1
        row, column = text.count("\n", 0, found.start) + 1, found.start - start + 1
        yield replace(_problem(found, found.masked), file=file, line=row, column=column)
    for head, kind, row, column, filled in tables_in(text):
        problem = _head(head, kind, None, (), Level.ERROR if filled else Level.WARNING)
        yield replace(problem, file=file, line=row, column=column)


def _in_text(text: str, declared: frozenset[str], context: str, record: Record, where: Where) -> Iterator[Problem]:
    found = scan(text, declared, context=context)
    if not found:
        return
    better = mask(text, declared, context=context)
    for finding in found:
        shown = better if len(better) <= _SHOWN and "\n" not in better else finding.masked
        yield replace(_problem(finding, shown), record=record.id, file=record.file, where=where, field=_dotted(where))


_WHAT: Mapping[Kind, Text] = {
    Kind.ID: say("an identity card number"),
    Kind.PHONE: say("a private telephone number"),
    Kind.CARD: say("a bank card or account number"),
    Kind.BIRTH: say("a day of birth"),
    Kind.ADDRESS: say("a home address"),
    Kind.EMAIL: say("an e-mail address"),
    Kind.PASSPORT: say("the number of a passport or permit"),
    Kind.HEALTH: say("a pupil's name together with an illness"),
    Kind.MARKS: say("a pupil's name together with marks"),
    Kind.AID: say("a pupil's name together with aid or hardship"),
    Kind.SANCTION: say("a pupil's name together with a punishment"),
}


def _problem(finding: Finding, better: str) -> Problem:
    kind = finding.kind
    if kind is Kind.ASKED:
        return Problem(
            code=f"personal-{kind}",
            level=finding.level,
            message=say("This public text asks people for “{what}” ({law}).", what=finding.masked, law=finding.law),
            fix=say("ask for it in person or by a closed way, and do not write it here"),
        )
    doubt = finding.level is Level.WARNING
    template = (
        say("This looks like {what}: {masked}. It may not be published ({law}).", **_told(finding))
        if doubt
        else say("There is {what} here: {masked}. It may not be published ({law}).", **_told(finding))
    )
    if kind in (Kind.PHONE, Kind.CARD, Kind.EMAIL):
        fix = say("write {better}; declare it in records/school.yaml if it is the school's own", better=better)
    else:
        fix = say("leave it out, or write {better}", better=better)
    return Problem(code=f"personal-{kind}", level=finding.level, message=template, fix=fix)


def _told(finding: Finding) -> dict[str, object]:
    return {"what": _WHAT[finding.kind], "masked": finding.masked, "law": finding.law}


def _head(head: str, kind: Kind, record: Record | None, where: Where, level: Level) -> Problem:
    law = LAWS[kind]
    if kind is Kind.MARKS:
        message = say("Names beside “{head}”: marks and ranks of pupils are not published ({law}).", head=head, law=law)
        fix = say("leave the names or the marks out")
    else:
        message = say("A table with the head “{head}” may not be published ({law}).", head=head, law=law)
        fix = say("leave the column out")
    return Problem(
        code=f"personal-{kind}",
        level=level,
        message=message,
        fix=fix,
        record=record.id if record else "",
        file=record.file if record else "",
        where=where,
        field=_dotted(where),
    )


def _table_heads(record: Record, item: Item) -> Iterator[Problem]:
    """Yield forbidden heads of tables: those that the record chose, and those of the catalogue that hold something."""
    for key, tree in record.fields.items():
        field = item.fields.get(key)
        if field is None or not tree:
            continue
        if field.type == "matrix":
            heads = [field.row_head, *_matrix_heads(tree)]
        elif field.type == "table":
            closed = [c for c in field.columns.values() if c.type not in _OPEN_TYPES and c.privacy != "restricted"]
            rows = [row for _, row in rows_of(tree, field.columns) if isinstance(row, dict)]
            heads = [c.name for c in closed if any(row.get(c.key) for row in rows)]
        else:
            continue
        of_pupils = "pupil-name" in (item.privacy, field.privacy, *(c.privacy for c in field.columns.values()))
        for head, kind in forbidden_heads(heads, pupils=of_pupils or None):
            yield _head(head, kind, record, ("fields", key), Level.ERROR)


def _matrix_heads(tree: Tree) -> list[str]:
    """Return the columns that the record chose: those that it lists, else the keys of its rows."""
    if isinstance(tree, dict) and isinstance(columns := tree.get("columns"), list):
        return [head for head in columns if isinstance(head, str)]
    rows = [row for _, row in rows_of(tree, ()) if isinstance(row, dict)]
    return list(dict.fromkeys(key for row in rows for key in row if key != "label"))


# The texts of a record, each with its place and with what a reader sees beside it


def _texts(record: Record, item: Item | None) -> Iterator[_Told]:
    plain = {"title": record.title, "summary": record.summary, **record.body}
    plain.pop("fields", None)
    if "attachments" not in record.body:
        for number, attachment in enumerate(record.attachments):
            yield ("attachments", number, "file"), attachment.file, ""
            yield ("attachments", number, "title"), attachment.title, ""
    yield from _walk(plain, (), _no_name)
    fields = item.fields if item else {}
    for key, tree in record.fields.items():
        field = fields.get(key)
        yield ("fields", key), key, ""
        yield from _walk(tree, ("fields", key), _namer(field), field.name if field else "")
    for number, step in enumerate(record.steps):
        yield from _walk(_said(step), ("steps", number), _no_name)


def _said(step: Step) -> Mapping[str, Tree]:
    return {"by": step.by, "role": step.role, "via": step.via, **step.says}


def _no_name(_: str) -> str:
    return ""


def _namer(field: Field | None) -> Callable[[str], str]:
    """Return what finds the head of a key: the name of a column or of a block's field."""
    columns = field.columns if field else {}
    return lambda key: columns[key].name if key in columns else ""


def _walk(tree: object, where: Where, name: Callable[[str], str], context: str = "") -> Iterator[_Told]:
    if isinstance(tree, str):
        yield where, tree, context
    elif isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from _walk(part, (*where, number), name, context)
    elif isinstance(tree, Mapping):
        for key, part in tree.items():
            yield (*where, key), key, ""
            yield from _walk(part, (*where, key), name, name(key) or context)


def _dotted(where: Where) -> str:
    return ".".join(str(part) for part in (where[1:] if where[:1] == ("fields",) else where))
