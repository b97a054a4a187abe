"""The workbook in which a school answers what `init` asks: its names and places, and who holds which post."""

from __future__ import annotations

from collections.abc import Sequence

from schoolpub.rules.sheets.school_form import AUDIENCES, LISTS, POST_HEADS, POSTS, SCHOOL, SINGLE
from schoolpub.views.workbooks.workbook_cells import Box, Page

_FILLED: dict[str, tuple[tuple[str, ...], ...]] = {
    "boards": (("校门外公开栏", "对外"), ("办公楼内公开栏", "对内")),
    "boxes": (("意见箱",),),
}
_PROPOSED = {
    "series": "校公开", "office.name": "校务公开办公室", "office.hours": "工作日 8:00—17:00",
    "shared-machine": "是", "small": "否",
}  # fmt: skip
_POSTS = (
    ("填报人", "", ""), ("校长", "", ""), ("公开办", "", ""), ("信息保护员", "", ""), ("信箱管理员", "", ""),
    ("工会主席", "工会", ""), ("组长", "领导小组", ""), ("成员", "领导小组", ""), ("组长", "监督小组", ""),
    ("成员", "监督小组", ""), ("组长", "财务小组", ""), ("成员", "财务小组", ""), ("主席团成员", "教代会", ""),
)  # fmt: skip
_BLANK = 20
_BODIES = ("领导小组", "监督小组", "财务小组", "教代会", "工会")


def school_pages(departments: Sequence[str]) -> list[Page]:
    """Return the sheets, the departments of the catalogue proposed."""
    pages = [_single(), _posts(departments)]
    for key, (name, heads) in LISTS.items():
        rows = _FILLED.get(key, tuple((d,) for d in departments) if key == "departments" else ())
        page = _table(name, tuple(heads.values()), rows)
        if key == "boards":
            for row in range(2, 2 + len(rows) + _BLANK):
                page.put(row, 2, Box(page.boxes[row, 2].value, form="@", choices=tuple(AUDIENCES)))
        pages.append(page)
    return pages


def _single() -> Page:
    page = Page(SCHOOL, widths={1: 26, 2: 40, 3: 52}, frozen=1, wide=False)
    for column, text in enumerate(("项目", "填写", "说明"), 1):
        page.put(1, column, Box(text, look="head"))
    for row, (where, label, hint) in enumerate(SINGLE, 2):
        page.put(row, 1, Box(label, look="label"))
        choices = ("是", "否") if hint == "是 或 否" else ()
        form = "yyyy-mm-dd" if where[-1] == "owed-since" else "@"
        page.put(row, 2, Box(_PROPOSED.get(".".join(map(str, where)), ""), form=form, choices=choices))
        page.put(row, 3, Box(hint, look="hint"))
    return page


def _posts(departments: Sequence[str]) -> Page:
    rows = (*_POSTS, *(("部门负责人", "", name) for name in departments if name not in _BODIES))
    page = _table(POSTS, tuple(POST_HEADS.values()), rows)
    notes = {
        1: "一人一岗一行；没有人担任的岗位，姓名留空。", 4: "一个人担任几个岗位的，写几行。",
        5: "邮箱写一次即可。要用程序办理的人必须有邮箱。", 6: "不填即从建立当天算起。", 7: "在任的不填。",
    }  # fmt: skip
    for column, note in notes.items():
        page.put(1, column, Box(str(page.boxes[1, column].value), look="head", note=note))
    for row in range(2, 2 + len(rows) + _BLANK):
        for column, choices in ((2, _BODIES), (3, tuple(departments))):
            page.put(row, column, Box(page.boxes[row, column].value, form="@", choices=choices, open=True))
        for column in (6, 7):
            page.put(row, column, Box(form="yyyy-mm-dd"))
    return page


def _table(name: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Page:
    page = Page(name, frozen=1, wide=len(heads) > 3)
    for column, head in enumerate(heads, 1):
        page.put(1, column, Box(head, look="head"))
        page.widths[column] = 24
    for row in range(2, 2 + len(rows) + _BLANK):
        given = rows[row - 2] if row - 2 < len(rows) else ()
        for column in range(1, len(heads) + 1):
            page.put(row, column, Box(given[column - 1] if column <= len(given) else "", form="@"))
    return page
