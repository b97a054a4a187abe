"""Heads of columns under which personal data stands: some never, some not in a list of pupils."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from schoolpub.rules.privacy.findings import Kind

_NEVER = re.compile(
    r"(?:(?:居民|公民|学生|本人|户主|家长|监护人)?(?:身份证件?|身份)(?:号码?|证号)?(?:\(必填\))?|公民身份号码|证件号码?|护照号码?"
    r"|(?:学生|家长|本人)?银行(?:卡|账)号?(?:号码)?|(?:工资|储蓄|银行)卡号?|(?:资助)?(?:发放)?卡号"
    r"|(?:学生|本人)?(?:家庭|现|户籍|详细|居住|通讯)(?:居?住)?(?:地址|住址|所在地)|现?住址|(?:详细)?家庭地址"
    r"|(?:监护人|家长|父母|父亲|母亲|家庭|学生|本人|个人)(?:的)?(?:联系)?(?:电话|方式|手机号?码?|联系电话)(?:号码)?)"
)
"""Whoever the rows are about."""

_OF_PUPILS = re.compile(
    r"(?:出生(?:日期|年月日?|时间)|生日|联系(?:电话|方式)|(?:移动|手机)?电话(?:号码)?|手机号?码?|微信号?|QQ号?|学籍号|民族|家庭(?:情况|人口|收入|成员)|(?:困难|低保|资助|特困)(?:类型|类别|原因|等级)"
    r"|致困原因|贫困(?:类型|原因|等级)|残疾(?:类型|等级)|健康状况|病史)"
)
"""Not in a list of pupils; in a directory of the office or among the results of a recruitment they are usual."""

_MARKS = re.compile(
    r".{0,8}(?:成绩|名次|分数|排名|得分|总分|平均分|位次)|语文|数学|英语|物理|化学|总成绩|等第|(?:期中|期末)(?:考试)?"
)
_NAME = re.compile(r"(?:学生|被资助(?:学)?生|受助(?:学)?生|幼儿|儿童|获奖)?(?:姓\s*名|名字)|学生|学生名单")
_PUPIL = re.compile(
    r"学生(?:姓名)?|幼儿(?:姓名)?|儿童(?:姓名)?|(?:所在|就读)?(?:班级|年级|班别|年级班级)|班|学号|学籍号|座号|家长(?:姓名)?|监护人(?:姓名)?|资助(?:金额|档次|类型|标准)|受助.*"
)
_ADULT = re.compile(
    r".*(?:职务|职称|岗位|科室|部门|处室|单位|准考证号?|报考.*|笔试.*|面试.*|任教.*|学历|学位|应聘.*|聘用.*|任课.*|学科|办公.*|教师|供应商|投标.*|报价.*|毕业院校|参赛.*|编制|工号|值班.*|班主任|政治面貌|考核.*)"
)
_SUBJECT = re.compile(r"语文|数学|英语|物理|化学|名次|.*排名|期[中末].*|总分")
_OF_ADULTS = re.compile(r"招聘|应聘|聘用|遴选|拟录用|笔试|面试|职称|任前|干部|通讯录|办公电话|值班表")
_HINT = re.compile(r"证|卡|址|出生|生日|电话|手机|方式|姓\s*名|学生|幼儿|微信|学籍|困|民族")
_CELLS = re.compile(r"[|\t,│;]|\s{2,}")
"""What divides cells; prose has its own commas."""


def forbidden_heads(heads: Iterable[str], *, pupils: bool | None = None) -> list[tuple[str, Kind]]:
    """Return those of the *heads* of one table that may not stand there, with the kind of each.

    *pupils* says whether its rows are pupils; without it the heads tell.
    """
    named = [(head, _plain(head)) for head in heads]
    found = [(head, Kind.HEAD) for head, name in named if _NEVER.fullmatch(name)]
    person = any(_NAME.fullmatch(name) for _, name in named)
    if pupils is None:
        adults = any(_ADULT.fullmatch(name) for _, name in named)
        pupils = not adults and any(_PUPIL.fullmatch(name) or _SUBJECT.fullmatch(name) for _, name in named)
    if person and pupils:
        never = {head for head, _ in found}
        found += [(head, Kind.HEAD) for head, name in named if _OF_PUPILS.fullmatch(name) and head not in never]
        found += [(head, Kind.MARKS) for head, name in named if _MARKS.fullmatch(name)]
    return found


def heads_in(line: str, *, pupils: bool | None = None) -> list[tuple[str, Kind]]:
    """Return the forbidden heads in a *line* that looks like the first row of a table: three cells or more."""
    if not _HINT.search(line):
        return []
    cells = cells_of(line)
    if len(cells) < 3 or not all(len(cell) <= 14 for cell in cells):
        return []
    return forbidden_heads(cells, pupils=pupils)


def tables_in(text: str, *, pupils: bool | None = None) -> Iterator[tuple[str, Kind, int, int, bool]]:
    """Yield the forbidden heads in *text* with row and column, counted from 1, and whether rows stand below them."""
    if not _HINT.search(text):
        return
    if pupils is None and _OF_ADULTS.search(text):
        pupils = False
    lines = text.splitlines()
    for number, line in enumerate(lines):
        for head, kind in heads_in(line, pupils=pupils):
            filled = any(len(cells_of(below)) >= 2 for below in lines[number + 1 : number + 4])
            yield head, kind, number + 1, line.index(head) + 1, filled


def cells_of(line: str) -> list[str]:
    """Return the cells of a *line* that hold something; a rule of hyphens holds nothing."""
    return [cell for part in _CELLS.split(line) if (cell := part.strip(" -:　_"))]


def _plain(head: str) -> str:
    return "".join(unicodedata.normalize("NFKC", head).split()).strip(":*")
