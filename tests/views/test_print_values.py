"""The values that the printed sheets are set from: words, marks, codes, cells of the form, lines of a title."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.model.record import Step
from schoolpub.rules.chain import witness
from schoolpub.views.sheets import notice, poster, register
from schoolpub.views.sheets.sheet_blocks import body, numeral
from schoolpub.views.sheets.title_lines import plain, title_lines
from tests.notices.sample import (
    APPROVED,
    CONTENT,
    DRAFTED,
    POSTED,
    SCHOOL,
    SIGNED,
    TODAY,
    at,
    finance,
    honours,
    snapshot,
)

NAMES = ("财务收支月报", "示例学校", "总务处")


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        ("2026年10月财务收支月报", 19, ["2026年10月财务收支月报"]),
        ("2026年10月财务收支月报", 11, ["2026年10月", "财务收支月报"]),
        ("示例学校2026年10月财务收支月报", 11, ["示例学校2026年10月", "财务收支月报"]),
        (
            "关于2026—2027学年第一学期家庭经济困难学生生活补助拟发放名单的公示",
            19,
            ["关于2026—2027学年", "第一学期家庭经济困难学生", "生活补助拟发放名单的公示"],
        ),
        (
            "关于印发《示例学校教职工绩效工资分配实施办法（2026年修订）》的通知",
            19,
            ["关于印发《示例学校教职工绩效工资", "分配实施办法（2026年修订）》的通知"],
        ),
        (
            "示例学校2026年度食堂大宗物资（大米、食用油、猪肉）定点采购项目竞争性磋商结果公示",
            19,
            ["示例学校2026年度食堂大宗物资", "（大米、食用油、猪肉）定点采购", "项目竞争性磋商结果公示"],
        ),
        ("关于学生校服采购结果的|公示", 19, ["关于学生校服采购结果的公示"]),
        ("示例学校关于学生校服|采购结果的公示", 14, ["示例学校关于学生校服", "采购结果的公示"]),
        ("示例学校关于学生校服\n采购结果的公示", 14, ["示例学校关于学生校服", "采购结果的公示"]),
        ("", 19, []),
    ],
)
def test_titles_are_broken_between_words(title: str, width: float, lines: list[str]) -> None:
    """Figures with their units, the item's name and known words stay whole; a mark says where one may break."""
    assert title_lines(title, NAMES, width) == lines


@given(
    st.lists(
        st.sampled_from(
            ["2026年10月", "财务收支月报", "学生", "的", "公示", "（第02号）", "《办法》", "示例学校", "鑫", "与"]
        ),
        max_size=18,
    ).map(lambda parts: "".join(part for part, _same in groupby(parts))),
    st.integers(9, 22),
)
def test_no_title_loses_a_character_or_leaves_one_alone(title: str, width: int) -> None:
    """Lines joined are the title; none is too wide, begins with a closing mark or holds a single character."""
    lines = title_lines(title, NAMES, width)

    assert "".join(lines) == title
    assert all(len(line) > 1 for line in lines) or len(title) < 2
    assert not any(line[0] in "的）》" for line in lines[1:])
    ends = set(accumulate(len(line) for line in lines))
    for whole in re.finditer("2026年10月|财务收支月报", title):
        assert ends.isdisjoint(range(whole.start() + 1, whole.end()))


def test_marks_for_breaks_are_not_part_of_the_title() -> None:
    """What the clerk marks is a help for print, nobody reads it."""
    record = finance(title="2026年10月|财务收支月报")

    value = notice.value(snapshot(record), record, TODAY)

    assert plain(record.title) == value["plain_title"] == "2026年10月财务收支月报"


def test_every_value_is_plain() -> None:
    """Templates get text, numbers, lists and dicts: each value survives JSON unchanged."""
    for record in (finance(), honours(), finance(steps=DRAFTED), replace(honours(), steps=DRAFTED[:1])):
        whole = snapshot(record)
        for value in (view.value(whole, record, TODAY) for view in (notice, poster, register)):
            assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({}, ["示例"]),
        ({"steps": DRAFTED}, ["示例", "未签发，仅供校对"]),
        ({"steps": (*DRAFTED, *APPROVED)}, ["示例", "未签发，仅供校对"]),
        ({"audience": "internal"}, ["示例", "对内公开"]),
        ({"audience": "internal", "steps": DRAFTED}, ["示例", "未签发，仅供校对"]),
        (
            {
                "steps": (
                    *DRAFTED,
                    *APPROVED,
                    *SIGNED,
                    *POSTED,
                    Step(step="suspend", by="feng", role="公开办", at=at(5)),
                )
            },
            ["示例", "已暂停公开，请勿张贴"],
        ),
    ],
)
def test_marks_tell_what_kind_of_sheet_it_is(changes: dict[str, Any], marks: list[str]) -> None:
    """Sample, unsigned, internal and stopped sheets say so."""
    record = finance(**changes)

    assert notice.value(snapshot(record), record, TODAY)["marks"] == marks


def test_a_superseded_edition_says_so() -> None:
    """Once a later edition is posted, the old sheet is marked; the new one tells its edition."""
    steps = (*DRAFTED, *APPROVED, *SIGNED, *POSTED)
    old = finance(steps=steps)
    new = finance(id="finance-monthly-2026-10.v2", edition=2, steps=steps)
    whole = snapshot(old, new)

    assert notice.value(whole, old, TODAY)["marks"] == ["示例", "已有更正版，请勿张贴"]
    assert notice.value(whole, new, TODAY)["marks"] == ["示例", "第2版"]


def test_the_code_is_the_witness_of_the_sign_off() -> None:
    """The sheet's code is the one that anybody recomputes; the square code holds the page and the whole digest."""
    record = finance()

    code = notice.value(snapshot(record), record, TODAY)["code"]

    digest = witness.digest(record, SIGNED[0])
    assert code["short"] == witness.short(digest)
    assert code["qr_text"] == f"https://school.invalid/gongkai/records/finance-monthly-2026-10.html#{digest}"
    assert code["qr"].startswith("<svg")
    assert notice.value(snapshot(), finance(steps=DRAFTED), TODAY)["code"] is None


def test_an_internal_sheet_holds_no_public_address() -> None:
    """An internal record has no public page, so its code holds the id alone."""
    record = finance(audience="internal")

    code = notice.value(snapshot(record), record, TODAY)["code"]

    assert code["qr_text"] == f"finance-monthly-2026-10.v1#{code['digest']}"


def test_parts_are_numbered_unless_a_text_brings_numbers() -> None:
    """Several parts get 一、二、; where a text has its own 一、 the heads stay plain; blocks get （一）."""
    table = {"kind": "table", "name": "收入", "unit": "元", "heads": [], "columns": [], "rows": [], "note": ""}
    text = {"kind": "text", "name": "说明", "paragraphs": [{"level": 0, "text": "正常。"}]}
    numbered = {
        "kind": "text",
        "name": "方案",
        "paragraphs": [{"level": 1, "text": "一、目标"}, {"level": 0, "text": "（一）水电。节约。"}],
    }
    groups = {"kind": "blocks", "name": "奖项", "groups": [{"title": "三好学生", "blocks": [table]}]}

    def heads(*blocks: dict[str, Any]) -> list[tuple[int, str]]:
        return [(b["level"], b.get("head") or b["text"]) for b in body(blocks) if b["kind"] != "table"]

    assert heads(table) == [(1, "收入")]
    assert heads(table, text) == [(1, "一、收入"), (1, "二、说明"), (0, "正常。")]
    assert heads(table, numbered) == [(1, "收入"), (1, "一、目标"), (2, "（一）水电。")]
    assert heads(groups, text)[:3] == [(1, "一、奖项"), (2, "（一）三好学生"), (3, "1. 收入")]
    assert [numeral(n) for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_key_figures_are_the_first_amounts_and_the_last() -> None:
    """A poster shows at most four: what there was, what came, what went, what is left."""
    record = finance()

    figures = poster.value(snapshot(record), record, TODAY)["figures"]

    assert [(f["label"], f["text"]) for f in figures] == [
        ("上月结余", "152,300.00元"),
        ("收入合计（本月）", "86,200.50元"),
        ("支出合计", "72,300.10元"),
        ("本月结余", "166,200.40元"),
    ]
    assert Decimal("152300.00") + Decimal("86200.50") - Decimal("72300.10") == Decimal("166200.40")


def test_the_notice_period_stands_once_with_its_count() -> None:
    """The period has its own line with the days counted and how to object, and is not repeated as a field."""
    record = honours()

    texts = [b["text"] for b in notice.value(snapshot(record), record, TODAY)["blocks"] if "text" in b]

    assert texts == [
        "拟表彰名单",
        "公示时间：2026年11月5日至2026年11月11日（5个工作日）。",
        "对公示内容有异议的，请在公示期内以书面或电话形式向校务公开办公室反映。",
        "联系方式：校务公开办公室：000-00000001，办公楼101室；监督单位：示例区教育局，000-00000002。",
    ]


def test_a_list_is_not_printed_again_after_its_notice_period() -> None:
    """Names of pupils leave paper when they leave the site."""
    record = replace(honours(), steps=(*honours().steps, *POSTED))

    after = json.dumps(notice.value(snapshot(record), record, date(2026, 11, 12)), ensure_ascii=False)

    assert "学生001" not in after
    assert "公示期已满，名单已按规定撤下" in after
    assert "学生001" in json.dumps(notice.value(snapshot(record), record, TODAY), ensure_ascii=False)


def test_a_public_sheet_does_not_name_an_internal_record() -> None:
    """A text that is the id of an internal record is printed as it stands, never with that record's title."""
    secret = finance(id="finance-monthly-2026-09", title="内部机密标题", audience="internal")
    record = finance(fields={"notes": secret.id})

    value = json.dumps(notice.value(snapshot(record, secret), record, TODAY), ensure_ascii=False)

    assert "内部机密标题" not in value


def test_the_form_is_filled_from_the_record() -> None:
    """Every cell comes from the record: nothing is typed again."""
    said: Any = {"channel": "board", "evidence": {"file": "照片.jpg"}}
    proof = Step(step="prove", by="feng", role="公开办", at=at(5), says=said)
    record = finance(steps=(*DRAFTED, *APPROVED, *SIGNED, *POSTED, proof))

    value = register.value(snapshot(record), record, TODAY)

    opinions = value.pop("opinions")
    code = value.pop("code")
    assert value == {
        "id": record.id,
        "plain_title": "校务公开登记表：2026年10月财务收支月报",
        "school": "示例学校",
        "marks": ["示例"],
        "number": "校公开〔2026〕31号",
        "title": "2026年10月财务收支月报",
        "content": (
            "上月结余152,300.00元；收入合计（本月）86,200.50元；支出合计72,300.10元；本月结余166,200.40元；收入2项；支出4项。"
        ),
        "category": "财务",
        "scope": "对内、对外",
        "forms": "公开栏、学校网站",
        "places": "校门外公开栏",
        "time": "2026年11月4日起",
        "department": "总务处",
        "drafter": "赵敏　2026年11月2日",
        "feedback": "",
        "rectification": "",
        "evidence": "公开栏 2026年11月5日 照片.jpg",
        "keep": "10年",
        "remarks": "应公开2026年11月5日，发布2026年11月4日，按期",
        "text_code": witness.text_code(CONTENT),
    }
    assert [(o["label"], o["text"], o["name"], o["day"]) for o in opinions] == [
        ("部门负责人意见", "同意。", "钱立", "2026年11月3日"),
        ("财务小组意见", "同意。", "李华", "2026年11月3日"),
        ("领导小组意见", "同意公开（2026年第9次会议）。", "吴桐", "2026年11月3日"),
        ("监督小组意见", "同意。", "王岚", "2026年11月3日"),
        ("主要领导审批（签字盖章）", "同意。", "孙洁", "2026年11月4日"),
    ]
    assert code == witness.short(witness.digest(record, SIGNED[0]))


def test_the_form_leaves_blank_what_is_not_signed_yet() -> None:
    """Steps not taken have a blank for pen and seal; levels that the flow lacks say so."""
    begun = finance(steps=(*DRAFTED, APPROVED[0]))
    unsigned = register.value(snapshot(begun), begun, TODAY)
    record = honours()
    short = register.value(snapshot(record), record, TODAY)

    assert [(o["label"], o["open"], o["name"]) for o in unsigned["opinions"]][:2] == [
        ("部门负责人意见", False, "钱立"),
        ("财务小组意见", True, ""),
    ]
    assert unsigned["number"] == ""
    assert unsigned["code"] == ""
    assert [o["label"] for o in short["opinions"] if o["text"] == register.NOT_ASKED] == [
        "领导小组意见",
        "监督小组意见",
        "主要领导审批（签字盖章）",
    ]


def test_a_zero_report_says_that_there_was_nothing() -> None:
    """A zero report is a sheet like any other."""
    record = finance(zero=True, fields={"income": None, "expense": None})

    texts = [b["text"] for b in notice.value(snapshot(record), record, TODAY)["blocks"] if "text" in b]

    assert texts[0] == "本期没有应公开的内容，特此公告。"


def test_a_school_without_numbers_prints_no_contacts() -> None:
    """Only what the school has declared is printed."""
    record = finance()
    school = replace(SCHOOL, office=replace(SCHOOL.office, telephone="", place=""), authority=None)

    texts = [b.get("text", "") for b in notice.value(snapshot(record, school=school), record, TODAY)["blocks"]]

    assert not any("联系方式" in text for text in texts)


def test_what_a_record_carries_beside_its_fields_is_printed() -> None:
    """Basis, series, what it corrects, explanations, signers and its own contacts stand on the notice."""
    first = finance(
        id="finance-monthly-2026-09", title="2026年9月财务收支月报", steps=(*DRAFTED, *APPROVED, *SIGNED, *POSTED)
    )
    body: Any = {
        "basis": [{"title": "示例办法", "number": "示例〔2026〕1号", "issuer": "示例局"}],
        "series": {"name": "财务公告", "number": "第02号"},
        "amends": first.id,
        "reason": "原表漏列一项。",
        "says": {"balance": "含上年结转。"},
        "signers": [{"duty": "编制人", "name": "赵敏"}, {"duty": "审核人", "name": "钱立"}],
        "contacts": [{"label": "总务处", "number": "000-00000001"}],
        "schoolpub": "1",
    }
    record = finance(body=body)
    value = notice.value(snapshot(record, first), record, TODAY)

    texts = [b["text"] for b in value["blocks"] if b["kind"] == "paragraph"]

    assert value["number"] == "财务公告第02号　校公开〔2026〕31号"
    assert texts == [
        "依据：示例局《示例办法》（示例〔2026〕1号）。",
        "本件补充或更正《2026年9月财务收支月报》（校公开〔2026〕31号）。",
        "更正说明：原表漏列一项。",
        "上月结余：152,300.00元",
        "本月结余：166,200.40元",
        "说明：含上年结转。",
        "编制人：赵敏　审核人：钱立",
        "联系方式：总务处：000-00000001；监督单位：示例区教育局，000-00000002。",
    ]


def test_a_boundless_title_is_quick() -> None:
    """A pasted page of text as a title neither hangs nor fails."""
    assert title_lines("标题" * 3000, NAMES) == ["标题" * 3000]
