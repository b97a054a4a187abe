"""A school's own answers in a workbook: what its sheets are called, and what is read from them for `init --answers`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.book import Book, Kind, Sheet
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.new_people import known_slug, new_slug
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import Spot, bare, fold
from schoolpub.rules.sheets.spots import cell_name
from schoolpub.rules.values import dates
from schoolpub.rules.values.wrong import Wrong

SCHOOL, POSTS = "学校", "任职"
SINGLE: tuple[tuple[Where, str, str], ...] = (
    (("name",), "学校名称", "必填，全称"),
    (("stage",), "学段", "小学、初中、九年一贯制、高中、中职"),
    (("site",), "公开网站的网址", "没有就不填，如 https://xuexiao.example/gongkai/"),
    (("series",), "公开编号的代字", "编号写作：代字〔2026〕1号"),
    (("office", "name"), "办公室名称", "负责校务公开的办公室"),
    (("office", "place"), "办公室地点", ""),
    (("office", "hours"), "办公时间", ""),
    (("office", "telephone"), "办公室电话", "会印在每份公开件上，请填办公电话"),
    (("authority", "name"), "主管部门", "必填，师生不服时向谁反映，如某某区教育局"),
    (("authority", "telephone"), "主管部门电话", ""),
    (("shared-machine",), "几个人共用一台办公电脑", "是 或 否"),
    (("small",), "人手少，设不齐各道程序", "是 或 否"),
    (("settings", "owed-since"), "从哪天起按时公开", "不填即从建立当天算起"),
    (("clerk",), "这台电脑由谁使用", "必填，姓名，要在“任职”表里并有邮箱"),
)
"""Where each single answer belongs, its label, and what is to be written beside it."""
LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "boards": ("公开栏", {"name": "名称", "audience": "对象", "place": "地点"}),
    "boxes": ("意见箱", {"name": "名称", "place": "地点"}),
    "hotlines": ("公布的电话", {"name": "名称", "telephone": "电话", "place": "地点"}),
    "accounts": ("单位账户", {"name": "户名", "bank": "开户行", "number": "账号"}),
    "departments": ("部门", {"": "部门", "series": "自己的编号代字"}),
    "classes": ("班级", {"": "班级"}),
}
"""Lists of the school → the sheet and its heads; an empty key is a list of plain texts."""
POST_HEADS: Mapping[str, str] = {
    "role": "职务", "body": "组织", "department": "部门", "person": "姓名", "email": "邮箱",
    "from": "起", "until": "止",
}  # fmt: skip
AUDIENCES = {"对外": "external", "对内": "internal"}
_YES_NO = {"是": "yes", "否": "no"}
_DAY = Field(key="day", name="", type="date")


@dataclass(slots=True)
class SchoolForm:
    """What a workbook says of a school, and where each word of it stands."""

    school: dict[str, Tree] = field(default_factory=dict)
    people: dict[str, Tree] = field(default_factory=dict)
    clerk: str = ""
    problems: list[Problem] = field(default_factory=list)
    places: dict[Where, Spot] = field(default_factory=dict)


def read_form(book: Book) -> SchoolForm | None:
    """Return the answers in *book*; None when it has no sheet of the form."""
    sheets = {fold(sheet.name): sheet for sheet in book.sheets}
    own = sheets.get(fold(SCHOOL))
    if own is None:
        return None
    form = SchoolForm()
    for key, (name, heads) in LISTS.items():
        if sheet := sheets.get(fold(name)):
            _list(form, key, sheet, heads)
    who = ""
    for where, text in _labelled(form, own).items():
        if where == ("clerk",):
            who = text
        elif len(where) == 1:
            form.school[str(where[0])] = _YES_NO.get(text, text)
        else:
            group = form.school.setdefault(str(where[0]), {})
            if isinstance(group, dict):
                group[str(where[1])] = (
                    _day(form, text, form.places["school", *where]) if where[1] == "owed-since" else text
                )
    form.places["school",] = Spot(own.name, 1, 1)
    if not form.school.get("name"):
        spot = form.places.get(("school", "name"), form.places["school",])
        form.problems.append(
            _problem("missing-key", spot, say("The school's name is missing."), say("Write its full name."))
        )
    _posts(form, sheets.get(fold(POSTS)))
    persons = form.people.get("persons")
    form.clerk = known_slug(persons, who, "") if isinstance(persons, dict) else ""
    form.clerk = form.clerk or who
    return form


def _labelled(form: SchoolForm, sheet: Sheet) -> dict[Where, str]:
    """Return the answers of the sheet of labels: each beside its label."""
    labels = {fold(label): where for where, label, _hint in SINGLE}
    found: dict[Where, str] = {}
    for line, cells in sheet.rows():
        texts = _texts(form, sheet, line, len(cells))
        if not texts[0] or fold(texts[0]) in ("项目", fold(SCHOOL)):
            continue
        spot = Spot(sheet.name, line, 2)
        answer = texts[1] if len(texts) > 1 else ""
        where = labels.get(bare(fold(texts[0])))
        if where is not None:
            form.places[where if where == ("clerk",) else ("school", *where)] = spot
        if where is None and answer:
            message = say("“{name}” is no question of this sheet.", name=texts[0])
            fix = say("Leave the first column as `schoolpub sheet --school` wrote it.")
            form.problems.append(_problem("answers-label", Spot(sheet.name, line, 1), message, fix))
        elif where is not None and answer:
            found[where] = answer
    return found


def _list(form: SchoolForm, key: str, sheet: Sheet, heads: Mapping[str, str]) -> None:
    rows: list[Tree] = []
    for spot, cells in _table(form, sheet, heads):
        where: Where = ("school", key, len(rows))
        form.places[where] = spot
        for part, (_text, cell) in cells.items():
            form.places[*where, part] = cell
        if "" in heads:
            if "" in cells:
                rows.append(cells[""][0])
            _series(form, cells)
            continue
        row: dict[str, Tree] = {part: text for part, (text, _cell) in cells.items()}
        if "audience" in row:
            text, cell = cells["audience"]
            row["audience"] = AUDIENCES.get(text, text)
            if text not in AUDIENCES:
                form.problems.append(
                    _problem("value-choice", cell, say("“{text}” is none of the choices.", text=text),
                             say("Write one of: {names}.", names="、".join(AUDIENCES)))
                )  # fmt: skip
        rows.append(row)
    if rows:
        form.school[key] = rows


def _series(form: SchoolForm, cells: _Cells) -> None:
    """Take over the sender mark of a department that has numbers of its own."""
    if "series" not in cells:
        return
    text, spot = cells["series"]
    if "" not in cells:
        form.problems.append(_problem("answers-name", spot, say("A sender mark stands here without a department."),
                                      say("Write the department beside it, or take the mark away.")))  # fmt: skip
        return
    own = form.school.setdefault("series-of", {})
    assert isinstance(own, dict)
    own[cells[""][0]] = text
    form.places["school", "series-of", cells[""][0]] = spot


def _posts(form: SchoolForm, sheet: Sheet | None) -> None:
    """Read who holds which post; a name in several rows is one person, whose e-mail need be written once."""
    persons: dict[str, Tree] = {}
    appointments: list[Tree] = []
    lines = [] if sheet is None else [*_table(form, sheet, POST_HEADS)]
    mails = {cells["person"][0]: cells["email"][0] for _s, cells in lines if "person" in cells and "email" in cells}
    for spot, cells in lines:
        if "person" not in cells:
            if "email" in cells:
                form.problems.append(_problem("answers-name", spot, say("An e-mail stands here without a name."),
                                              say("Write the name beside it, or take the e-mail away.")))  # fmt: skip
            continue  # a post that nobody holds yet
        name, place = cells["person"]
        email = cells["email"][0] if "email" in cells else mails.get(name, "")
        slug = known_slug(persons, name, email)
        if not slug:
            slug = new_slug(persons, email)
            persons[slug] = {"name": name, "emails": [email] if email else []}
            form.places["people", "persons", slug] = place
            form.places["people", "persons", slug, "emails"] = cells.get("email", ("", place))[1]
        where: Where = ("people", "appointments", len(appointments))
        form.places[where] = spot
        line: dict[str, Tree] = {"person": slug}
        for part in ("role", "body", "department"):
            if part in cells:
                line[part], form.places[*where, part] = cells[part]
        for part in ("from", "until"):
            if part in cells:
                line[part] = _day(form, *cells[part])
                form.places[*where, part] = cells[part][1]
        appointments.append(line)
    form.people = {"persons": persons, "appointments": appointments}
    form.places["people",] = Spot(sheet.name if sheet else POSTS, 1, 1)


def _day(form: SchoolForm, text: str, spot: Spot) -> str:
    day = str(written.value(_DAY, text))
    if isinstance(dates.read_date(day), Wrong):
        form.problems.append(
            _problem("value-date", spot, say("“{text}” is no date.", text=text), say("write it as 2026-11-03"))
        )
    return day


_Cells = dict[str, tuple[str, Spot]]


def _table(form: SchoolForm, sheet: Sheet, heads: Mapping[str, str]) -> Iterator[tuple[Spot, _Cells]]:
    """Yield the rows below the heads of *sheet*, the filled cells by their head's key."""
    columns: dict[int, str] = {}
    known = {fold(name): key for key, name in heads.items()}
    for line, row in sheet.rows():
        texts = _texts(form, sheet, line, len(row))
        if not columns:
            columns = {number: known[bare(fold(t))] for number, t in enumerate(texts, 1) if bare(fold(t)) in known}
            continue
        cells = {
            columns[number]: (text, Spot(sheet.name, line, number))
            for number, text in enumerate(texts, 1)
            if text and number in columns
        }
        if cells:
            yield Spot(sheet.name, line, min(spot.column for _t, spot in cells.values())), cells
    if not columns and sheet.cells:
        form.problems.append(
            _problem("answers-heads", Spot(sheet.name, 1, 1), say("The heads of this sheet are missing."),
                     say("Write them as `schoolpub sheet --school` does: {names}.", names="、".join(heads.values())))
        )  # fmt: skip


def _texts(form: SchoolForm, sheet: Sheet, line: int, width: int) -> list[str]:
    texts = []
    for column in range(1, width + 1):
        cell = sheet.cell(line, column)
        text, problem = written.text_of(cell)
        if problem is not None:
            form.problems.append(_problem(problem.code, Spot(sheet.name, line, column), problem.message, problem.fix))
        texts.append(text if cell.kind is Kind.NUMBER else text.strip())
    return texts


def _problem(code: str, spot: Spot, message: Text, fix: Text | None) -> Problem:
    return Problem(code=code, message=message, fix=fix, line=spot.line, column=spot.column, cell=cell_name(spot))
