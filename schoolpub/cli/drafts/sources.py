"""The files given with `--from` read into a draft, and problems shown where they were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.acts import taking
from schoolpub.cli.drafts import enclosing
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Where, errors, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.rows import Spot
from schoolpub.rules.sheets.spots import cell_name, place_of
from schoolpub.rules.sheets.wording import as_on_the_sheet
from schoolpub.store.yaml import strict_yaml

if TYPE_CHECKING:
    from schoolpub.cli.drafts.drafting import Draft
    from schoolpub.cli.session import Session

_YAML = (".yaml", ".yml", ".json")
_TEXT_TABLES = (".csv", ".txt", ".tsv")
_BOOKS = (".xlsx", ".xls", ".ods", ".xlsm", ".xltx", ".xlt", ".xlsb", ".et", ".ett", ".fods", ".numbers")


@dataclass(frozen=True, slots=True)
class Source:
    """A file the user gave, kept so that a problem can be shown where it was written."""

    name: str
    data: bytes
    tree: Mapping[str, Tree]
    is_yaml: bool
    table: str = ""
    """The table whose rows it holds, when it holds nothing else."""
    rows_only: bool = False
    """YAML that begins with the table's rows, not with its name."""
    places: Mapping[Where, Spot] = field(default_factory=dict)
    """Where the values of a CSV file or a workbook stand."""
    workbook: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    tree: Tree
    problems: list[Problem]
    places: Mapping[Where, Spot] = field(default_factory=dict)
    workbook: bool = False


def read_sources(
    session: Session, draft: Draft, files: Iterable[str], *, agreed: bool = False, keep: bool = False
) -> None:
    """Read the files given with `--from` into *draft*; `TABLE=FILE` reads rows of one table.

    A workbook that is laid out in the school's own way is shown as it was understood, and asked about unless *agreed*.
    With *keep* the workbooks and CSV files are attached.
    Raises ProblemsFound with the mistakes of all files together.
    """
    found: list[Problem] = []
    for given in files:
        table, path = _table_and_path(draft.item, given)
        is_yaml = path.suffix.lower() in _YAML
        data, read = _read(session, draft, path, table, agreed)
        tree = read.tree
        rows_only = bool(table) and is_yaml and not (isinstance(tree, dict) and set(tree) == {table})
        if rows_only:
            tree = {table: tree}
        problems = read.problems
        if not errors(problems) and not isinstance(tree, dict):
            problems = [_no_mapping(path.name)]
        found += [replace(p, file=path.name) for p in errors(problems)]
        if isinstance(tree, dict) and not errors(problems):
            draft.sources.append(Source(path.name, data, tree, is_yaml, table, rows_only, read.places, read.workbook))
            _put(draft, tree, path)
            if keep and not is_yaml:
                _attach(draft, data, path.name)
    if found:
        raise ProblemsFound(found)


def _attach(draft: Draft, data: bytes, name: str) -> None:
    """Let the record begin with the file that it was read from."""
    from schoolpub.store.attachments import clean

    cleaned = clean(data, name)
    draft.attachments.append(
        {"file": cleaned.name, "title": Path(cleaned.name).stem, "sha256": taking.digest_of(cleaned.data)}
    )
    draft.enclosed.append(cleaned)


def _put(draft: Draft, tree: Mapping[str, Tree], path: Path) -> None:
    inner = tree.get("fields")
    nested = inner if isinstance(inner, dict) and "fields" not in draft.item.fields else {}
    for key, value in {**tree, **nested}.items():
        if key == "attachments" and value:
            for entry, enclosed in enclosing.enclosed(value, path):
                draft.attachments.append(entry)
                draft.enclosed.append(enclosed)
        elif not (nested and key == "fields"):
            draft.put(key, value)


def _table_and_path(item: Item, given: str) -> tuple[str, Path]:
    """Return the table and the file of a `--from`; the table by its key or its name, nothing for a whole record."""
    wanted, mark, name = given.partition("=")
    if mark and not Path(given).exists():
        for key, known in item.fields.items():
            if wanted in (key, known.name):
                return key, Path(name)
    return "", Path(given)


def _read(session: Session, draft: Draft, path: Path, table: str, agreed: bool) -> tuple[bytes, _Read]:
    suffix = path.suffix.lower()
    if suffix in _YAML:
        data = taking.data_of(path)
        return data, _Read(*strict_yaml.parse(data, path.name))
    if suffix not in (*_TEXT_TABLES, *_BOOKS):
        if not path.is_file():
            taking.data_of(path)  # says why
        raise SchoolpubError(
            say("{file}: this kind of file cannot be read.", file=path.name),
            fix=say("give a workbook (.xlsx, .xls, .ods), CSV or YAML"),
        )
    from schoolpub.cli.drafts import workbooks

    if suffix in _TEXT_TABLES:
        from schoolpub.store.tables import read_csv

        data = workbooks.data_of(path)
        if not workbooks.is_workbook(data):
            reading = read_csv(data, path.name, draft.item, table or None)
            own = None
            if workbooks.of_another_layout(reading):
                own = workbooks.read_text_table(session, draft, path, table, agreed)
            if own is None:
                return data, _Read({**reading.head, **reading.fields}, reading.problems, reading.places)
            return data, _Read({**own.head, **own.fields}, own.problems, own.places, True)
    data, read = workbooks.read(session, draft, path, table, agreed)
    for line in read.notes:
        console.note(line)
    return data, _Read({**read.head, **read.fields}, read.problems, read.places, True)


def in_source(draft: Draft, problem: Problem) -> Problem:
    """Return *problem* at the place in the user's own file where its value was written."""
    if not draft.sources:
        return replace(problem, file="", line=0, column=0)
    where = problem.where[1:] if problem.where[:1] == ("fields",) else problem.where
    if where and where[0] in draft.options:
        return replace(problem, file="", line=0, column=0)
    if where and (given := draft.called.get(str(where[0]), where[0])) != where[0]:
        where = (given, *where[1:])
        problem = replace(problem, where=("fields", *where))
    for source in reversed(draft.sources):
        nested = isinstance(source.tree.get("fields"), dict)
        tree = source.tree["fields"] if nested and where[:1] and where[0] not in source.tree else source.tree
        if where and isinstance(tree, dict) and where[0] in tree:
            if not source.is_yaml:
                return _in_cell(source, as_on_the_sheet(problem, draft.item, where), where)
            if source.rows_only:
                line, column = strict_yaml.locate(source.data, where[1:])
            else:
                line, column = strict_yaml.locate(source.data, problem.where if tree is not source.tree else where)
            return replace(problem, file=source.name, line=line, column=column)
    last = draft.sources[-1]
    if not last.is_yaml:
        problem = as_on_the_sheet(problem, draft.item, where)
    return replace(problem, file=last.name, line=0, column=0)


def _in_cell(source: Source, problem: Problem, where: Where) -> Problem:
    spot = place_of(source.places, where)
    if spot is None:
        return replace(problem, file=source.name, line=0, column=0)
    cell = cell_name(spot) if source.workbook else ""
    return replace(problem, file=source.name, line=spot.line, column=spot.column, cell=cell)


def _no_mapping(name: str) -> Problem:
    return Problem(
        code="yaml-no-mapping",
        message=say("the file is not a mapping of field names to values"),
        fix=say("write lines such as `balance_start: 152300.00`"),
        file=name,
        line=1,
        column=1,
    )
