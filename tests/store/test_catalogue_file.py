"""An edition of the catalogue: what compiles, and how every mistake in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolpub.errors import Level
from schoolpub.model.catalogue import (
    Basis,
    Catalogue,
    Column,
    Due,
    Duty,
    Field,
    FlowStep,
    Head,
    Item,
    Notice,
    RowTotal,
    Rule,
)
from schoolpub.model.record import Tree
from schoolpub.rules.expressions import Expression, compile_expression
from schoolpub.store.files.catalogue_file import STATUSES, read_edition
from schoolpub.store.yaml.strict_yaml import parse

EDITION = """\
edition: 2026-01-01
adopted: 2025-12-10
adopted-by: 校务公开领导小组
categories: [财务, 采购基建]
columns:
- {name: 财务公开, audience: external, items: [finance-monthly, large-spend]}
channels: {board: 公开栏, website: 学校网站}
statuses: {posted: 已张榜}
laws: {条例: 中华人民共和国政府信息公开条例}
"""
FLOWS = """\
short:
  name: 简易程序
  steps:
  - {step: draft, name: 起草, from: [none], to: draft, by: [填报人]}
  - {step: submit, name: 报送, from: [draft], to: submitted, by: [填报人]}
  - {step: sign, name: 签发, from: [submitted], to: signed, by: [校长], not-by: [draft], gives: [number, after]}
  - {step: post, name: 公开, from: [signed], to: posted, by: [公开办], needs: [channel]}
common:
  steps:
  - {step: undo, name: 撤回, from: [any], to: same, by: [], own: yes}
  - {step: renumber, name: 改号, from: [posted], to: same, by: [公开办], gives: [number]}
"""
FINANCE = """\
finance-monthly:
  name: 财务收支月报
  help: 每月一份
  category: 财务
  title: "{period}财务收支月报"
  audience: both
  department: 总务处
  flow: short
  channels: [board]
  also-channels: [website]
  privacy: none
  keep: D30
  basis:
  - {law: 条例, article: 第二十六条}
  - {law: 条例, confirmed: no}
  duties:
  - {every: month, due: {day: 5, of: next-month, roll: none}}
  period: month span
  year-starts: 08
  stale-after: 1y
  fields:
    balance_start: {name: 上月结余, type: money, help: 应等于上月月报, unit: 元}
    income:
      name: 收入
      type: table
      key: item
      rows: tree
      columns:
        item: {name: 项目, type: text, merge: same}
        kind: {name: 性质, type: choice, choices: [收入, 减免], sign: {收入: "+", 减免: "-"}}
        month: {name: 本月, type: money, total: true, parts: sum, empty: zero, words: [据实]}
        ytd: {name: 本年累计, type: money, optional: yes, previous: previous.row.ytd + row.month}
        share: {name: 占比, type: percent, of: month / total(month)}
        all: {name: 合计, type: money}
      heads: [{name: 金额, over: [month, ytd]}]
      totals: [{of: row, over: [month], less: [ytd], into: all}]
      footers: {本月结存: balance_start + sum(income.month), 备注: }
    balance_end: {name: 本月结余, type: money}
    contract: {name: 合同, type: reference, optional: yes, to: [large-spend]}
    scores: {name: 得分, type: matrix, kind: integer, rows: 年级, total: both, columns: from-record}
    awards:
      name: 奖项
      type: blocks
      title: award
      fields:
        award: {name: 奖项, type: text, privacy: aggregate}
        winners:
          name: 获奖人
          type: table
          columns:
            name: {name: 姓名, type: person, privacy: pupil-name}
            score: {name: 得分, type: decimal}
  rules:
  - name: balance
    equal: [balance_start + sum(income.month), balance_end]
    say: 应相等
  - at-most: [balance_end, contract.amount]
    level: warning
  - each: income
    when: row.month >= school.large_sum
    record: {item: large-spend, where: other.amount == row.month and other.date >= period.first}
  - need: sum(awards.winners.score) > 0
  - check: votes-majority
    fields: [awards]
  print: {side-by-side: [[income, awards]], portrait: no}
"""
SPEND = """\
large-spend:
  name: 大额资金使用
  category: 财务
  department: 总务处
  flow: short
  date-name: 支付日期
  parts: {mid: 期中}
  duties:
  - {on: event, due: {within: 20wd, of: date}}
  - {on: event, part: mid, due: {before: 2wd, of: opening}}
  - {every: year, since: 2026-03-01, due: {before: term-start}}
  notice: {days: 5wd, range: shown, law: 条例, at-least: {days: 1wd, level: warning}}
  after-notice: remove
  fields:
    amount: {name: 金额, type: money}
    opening: {name: 开标, type: datetime}
    shown: {name: 公示, type: range}
  rules:
  - order: [date, opening, shown]
"""
TREES = {"edition.yaml": EDITION, "finance.yaml": FINANCE, "flows.yaml": FLOWS, "spend.yaml": SPEND}


def trees(**changes: str) -> dict[str, Tree]:
    """Return the sample's trees, some files replaced (`finance=...`)."""
    found: dict[str, Tree] = {}
    for name, text in {**TREES, **{f"{key}.yaml": text for key, text in changes.items()}}.items():
        tree, problems = parse(text.encode(), name)
        assert not problems, problems
        found[name] = tree
    return found


def read(**changes: str) -> tuple[Catalogue, list[str]]:
    """Return the compiled sample and its problems as lines."""
    catalogue, problems = read_edition(trees(**changes), "2026-01-01")
    assert catalogue is not None
    folder = "records/catalogue/2026-01-01/"
    return catalogue, [
        f"{p.file.removeprefix(folder)} {'.'.join(map(str, p.where))}: {p.message}" + (f" {p.fix}" if p.fix else "")
        for p in problems
    ]


def e(text: str) -> Expression:
    return compile_expression(text, {"contract"})


def test_a_whole_item_compiles() -> None:
    """Every key of an item, its fields and rules becomes its value."""
    catalogue, problems = read()

    assert problems == []
    assert catalogue.items["finance-monthly"] == Item(
        slug="finance-monthly",
        name="财务收支月报",
        help="每月一份",
        category="财务",
        title="{period}财务收支月报",
        department="总务处",
        flow="short",
        channels=("board",),
        also_channels=("website",),
        keep="D30",
        basis=(Basis(law="条例", article="第二十六条"), Basis(law="条例", confirmed=False)),
        duties=(Duty(every="month", due=Due(day=5, of="next-month")),),
        period="month span",
        year_starts=8,
        stale_after="1y",
        fields={
            "balance_start": Field(
                key="balance_start", name="上月结余", type="money", help="应等于上月月报", unit="元"
            ),
            "income": Field(
                key="income",
                name="收入",
                type="table",
                row_key="item",
                tree=True,
                columns={
                    "item": Field(key="item", name="项目", type="text", merge=True),
                    "kind": Field(
                        key="kind", name="性质", type="choice", choices=("收入", "减免"), sign={"收入": 1, "减免": -1}
                    ),
                    "month": Field(
                        key="month",
                        name="本月",
                        type="money",
                        total=True,
                        parts=True,
                        empty_is_zero=True,
                        words=("据实",),
                    ),
                    "ytd": Field(
                        key="ytd",
                        name="本年累计",
                        type="money",
                        optional=True,
                        previous=e("previous.row.ytd + row.month"),
                    ),
                    "share": Field(key="share", name="占比", type="percent", of=e("month / total(month)")),
                    "all": Field(key="all", name="合计", type="money"),
                },
                heads=(Head(name="金额", over=("month", "ytd")),),
                row_totals=(RowTotal(into="all", over=("month",), less=("ytd",)),),
                footers={"本月结存": e("balance_start + sum(income.month)"), "备注": None},
            ),
            "balance_end": Field(key="balance_end", name="本月结余", type="money"),
            "contract": Field(key="contract", name="合同", type="reference", optional=True, to=("large-spend",)),
            "scores": Field(
                key="scores", name="得分", type="matrix", kind="integer", row_head="年级", matrix_total="both"
            ),
            "awards": Field(
                key="awards",
                name="奖项",
                type="blocks",
                title_field="award",
                columns={
                    "award": Field(key="award", name="奖项", type="text", privacy="aggregate"),
                    "winners": Field(
                        key="winners",
                        name="获奖人",
                        type="table",
                        columns={
                            "name": Field(key="name", name="姓名", type="person", privacy="pupil-name"),
                            "score": Field(key="score", name="得分", type="decimal"),
                        },
                    ),
                },
            ),
        },
        rules=(
            Rule(
                name="balance",
                kind="equal",
                left=e("balance_start + sum(income.month)"),
                right=e("balance_end"),
                say="应相等",
            ),
            Rule(name="", kind="at-most", left=e("balance_end"), right=e("contract.amount"), level="warning"),
            Rule(
                name="",
                kind="record",
                each="income",
                when=e("row.month >= school.large_sum"),
                item="large-spend",
                where=e("other.amount == row.month and other.date >= period.first"),
            ),
            Rule(name="", kind="need", left=e("sum(awards.winners.score) > 0")),
            Rule(name="", kind="check", check="votes-majority", fields=("awards",)),
        ),
        side_by_side=(("income", "awards"),),
        portrait=False,
    )


def test_duties_notices_and_orders_compile() -> None:
    """Events, parts, notice periods and orders of dates become their values."""
    spend = read()[0].items["large-spend"]

    assert spend.duties == (
        Duty(due=Due(within="20wd", of="date")),
        Duty(due=Due(before="2wd", of="opening"), part="mid"),
        Duty(every="year", due=Due(before="1d", of="term-start"), since=date(2026, 3, 1)),
    )
    assert spend.notice == Notice(days="5wd", range="shown", law="条例", at_least="1wd")
    assert spend.rules == (Rule(name="", kind="order", fields=("date", "opening", "shown")),)
    assert (spend.period, spend.date_name, spend.after_notice) == ("none", "支付日期", "remove")


def test_the_rest_of_an_edition_compiles() -> None:
    """Dates, columns, names of statuses, and flows with the common steps at their end."""
    catalogue = read()[0]
    flow = catalogue.flows["short"]

    assert (catalogue.edition, catalogue.adopted) == (date(2026, 1, 1), date(2025, 12, 10))
    assert catalogue.adopted_by == "校务公开领导小组"
    assert catalogue.categories == ("财务", "采购基建")
    items = ("finance-monthly", "large-spend")
    assert catalogue.columns == (Column(name="财务公开", audience="external", items=items),)
    assert catalogue.statuses == {**STATUSES, "posted": "已张榜"}
    assert [step.step for step in flow.steps] == ["draft", "submit", "sign", "post", "undo", "renumber"]
    assert [step.step for step in flow.steps if step.signs_off] == ["sign"]
    assert flow.named("sign")[0] == FlowStep(
        step="sign",
        name="签发",
        sources=("submitted",),
        to="signed",
        by=("校长",),
        signs_off=True,
        not_by=("draft",),
        gives=("number", "after"),
    )


def test_an_edition_file_is_not_needed() -> None:
    """Without `edition.yaml` the categories stand in order of appearance, and any channel or law will do."""
    found = trees()
    del found["edition.yaml"]

    catalogue, problems = read_edition(found, "2026-01-01")

    assert problems == []
    assert catalogue is not None
    assert catalogue.categories == ("财务",)
    assert catalogue.channels == {"board": "公开栏", "website": "学校网站"}
    assert list(catalogue.items) == ["finance-monthly", "large-spend"]


MISTAKES = [
    ("nam: x", "finance-monthly.nam: “nam” is not known here. Did you mean “name”?"),
    ("audience: all", "finance-monthly.audience: “audience” may not be “all”. Known are: internal, external, both."),
    ("flow: shrt", "finance-monthly.flow: There is no flow “shrt”. Did you mean “short”?"),
    ("category: 财物", "finance-monthly.category: The edition has no category “财物”. Known are: 财务, 采购基建."),
    ("channels: [wall]", "finance-monthly.channels.0: The edition has no channel “wall”. Known are: board, website."),
    ("keep: D15", "finance-monthly.keep: “keep” may not be “D15”. Known are: Y, D30, D10."),
    (
        "basis: [{law: 民法典}]",
        "finance-monthly.basis.0.law: The edition has no law called “民法典”. Known are: 条例.",
    ),
    ("year-starts: 13", "finance-monthly.year-starts: “year-starts” must lie between 1 and 12."),
    ("stale-after: soon", "finance-monthly.stale-after: “soon” is not a span of time. Write 1y, 6m or 90d."),
    (
        "period: months",
        "finance-monthly.period: “months” is not possible for “period”. Did you mean “month”?",
    ),
    (
        'title: "{periode}月报"',
        "finance-monthly.title: The title has a place “periode” that nothing fills. Did you mean “period”?",
    ),
    (
        "duties: [{every: month}]",
        "finance-monthly.duties.0.due: “due” is missing. Write a line “due: …”.",
    ),
    (
        "duties: [{every: month, due: {day: 5, within: 3wd}}]",
        "finance-monthly.duties.0.due: A due date is written in exactly one form: day, within, before, date, weekday,"
        " same-day. Write for example due: {day: 5, of: next-month}.",
    ),
    (
        "duties: [{on: event, due: {within: 3 days, of: date}}]",
        "finance-monthly.duties.0.due.within: “3 days” is not a number of days."
        " Write 20wd for working days or 20d for calendar days.",
    ),
    (
        "duties: [{on: event, due: {within: 3wd, of: balance_end}}]",
        "finance-monthly.duties.0.due.of: “balance_end” is not a date to count from."
        " Known are: date, period-start, period-end, term-start, term-end, term-middle.",
    ),
    (
        "duties: [{every: month, part: end, due: {day: 5}}]",
        "finance-monthly.duties.0.part: The item has no part “end”.",
    ),
    (
        "duties: [{every: month, for: {kind: [投诉]}, due: {day: 5}}]",
        "finance-monthly.duties.0.for.kind: There is no choice field “kind”.",
    ),
    (
        "notice: {days: 5wd, from: notice_from}",
        "finance-monthly.notice.to: “to” is missing. Write a line “to: …”.",
    ),
    (
        "notice: {days: 5wd, range: income}",
        "finance-monthly.notice.range: There is no field “income” of the type range.",
    ),
    (
        "print: {side-by-side: [[income, outcome]]}",
        "finance-monthly.print.side-by-side.0: There is no field “outcome”.",
    ),
]


@pytest.mark.parametrize(("line", "told"), MISTAKES)
def test_a_mistake_of_an_item_is_told(line: str, told: str) -> None:
    """A wrong value is named with its place and what to write; the item is left out, the others stay."""
    key = line.partition(":")[0]
    kept, skipping = [], False
    for old in FINANCE.splitlines():
        skipping = old.startswith(f"  {key}:") or (skipping and old.startswith(("   ", "  -")))
        if not skipping:
            kept.append(old)
    catalogue, problems = read(finance="\n".join([kept[0], f"  {line}", *kept[1:]]) + "\n")

    assert [p for p in problems if p.startswith(f"finance.yaml {told}")], problems
    assert "finance-monthly" not in catalogue.items
    assert "large-spend" in catalogue.items
    assert catalogue.columns[0].items == ("large-spend",)


FIELD_MISTAKES = [
    ("{name: 甲, type: mony}", ": There is no type “mony”. Did you mean “money”?"),
    ("{type: money}", ".name: “name” is missing. Write a line “name: …”."),
    ("{name: 甲, type: text, unit: 元}", ".unit: A field of the type “text” has no “unit”."),
    ("{name: 甲, type: money, total: true}", ".total: “total” is for columns of a table only."),
    ("{name: 甲, type: money, optional: perhaps}", ".optional: “optional” is neither yes nor no."),
    ("{name: 甲, type: choice}", ".choices: “choices” is missing."),
    ("{name: 甲, type: choice, choices: [是, 是]}", ".choices: A word stands twice among the choices."),
    ("{name: 甲, type: choice, choices: 是}", ".choices: Here a list is expected, but there is a text."),
    ("{name: 甲, type: table}", ".columns: “columns” is missing."),
    ("{name: 甲, type: table, key: b, columns: {a: {name: 乙, type: text}}}", ".key: There is no field or column “b”"),
    ("{name: 甲, type: table, columns: {a: {name: 乙, type: matrix}}}", ".columns.a.type: A column cannot be of"),
    ("{name: 甲, type: table, columns: {A: {name: 乙, type: text}}}", ".columns.A: “A” cannot be the key of a field."),
    ("{name: 甲, type: table, columns: {a: {name: 乙, type: text}}, heads: [{name: 丙, over: [c]}]}", ".heads.0.over"),
    ("{name: 甲, type: reference, to: [big-spend]}", ".to.0: The catalogue has no item “big-spend”. Did you mean"),
    ("{name: 甲, type: percent, of: 'shar(amount, 2)'}", ".of: There is no function “shar”."),
    ("{name: 甲, type: percent, of: amout / 2}", ".of: The name “amout” is unknown. Did you mean “amount”?"),
    ("{name: 甲, type: matrix, total: all}", ".total: “total” may not be “all”."),
    ("{name: 甲, type: range, kind: year}", ".kind: “kind” may not be “year”."),
    ("{name: 甲, type: text, privacy: secret}", ".privacy: “privacy” may not be “secret”."),
    ("甲", ": Here a group of “name: value” is expected, but there is a text."),
]


@pytest.mark.parametrize(("field", "told"), FIELD_MISTAKES)
def test_a_mistake_of_a_field_is_told(field: str, told: str) -> None:
    """A wrong field is named with its place."""
    spend = SPEND.replace("    amount:", f"    wrong: {field}\n    amount:")
    _, problems = read(spend=spend)

    at = "spend.yaml large-spend.fields.wrong" + (".type" if "no type" in told else "")
    assert [p for p in problems if p.startswith(at + told)], problems


RULE_MISTAKES = [
    ("{equal: [amount]}", ".equal: Two expressions are expected: equal: [A, B]."),
    ("{equal: [amount, amunt]}", ".equal.1: The name “amunt” is unknown. Did you mean “amount”?"),
    ("{need: row.amount > 1}", ".need: “row.amount” has no meaning here. “row.” needs the table"),
    ("{need: other.amount > 1}", ".need: “other.amount” has no meaning here. “other.” is for “where”"),
    ("{need: period.month > 1}", ".need: “period.month” has no meaning here. Use it in items"),
    ("{need: shown.begin > date}", ".need: In “shown.begin” the part “begin” is unknown. Known are: first, from,"),
    ("{need: amount.total > 1}", ".need: In “amount.total” the part “total” is unknown."),
    ("{need: previous.amunt > 1}", ".need: In “previous.amunt” the part “amunt” is unknown."),
    ("{need: 'total(amount) > 1'}", ".need: “amount” has no meaning here. total() needs the table"),
    ("{need: amount >}", ".need: “amount >” is not an expression that can be read."),
    ("{need: amount > 1, equal: [amount, 1]}", ": A rule holds exactly one of: equal, at-most,"),
    ("{when: amount > 1}", ": A rule holds exactly one of:"),
    ("{need: amount > 1, level: note}", ".level: “level” may not be “note”. Known are: error, warning."),
    ("{each: amount, need: row.a > 1}", ".each: There is no table “amount” here."),
    ("{record: {item: fiance-monthly}}", ".record.item: The catalogue has no item “fiance-monthly”. Did you mean"),
    (
        "{record: {item: finance-monthly, where: other.balance > 1}}",
        ".record.where: In “other.balance” the part “balance” is unknown. Did you mean",
    ),
    ("{order: [date, amount]}", ".order.1: “amount” is not a date of this item. Known are: date, opening, shown."),
    ("{need: amount + 1}", ".need: “amount + 1” is neither yes nor no. Write a comparison"),
    ("{need: shown > amount}", ".need: The values in “shown > amount” do not fit together."),
    ("{need: amount > 1, when: date}", ".when: “date” is neither yes nor no."),
    ("{equal: [amount, date]}", ".equal.1: The two sides of the rule are not of one kind."),
    ("{need: sum(date) > 1}", ".need: “date” is not a number."),
    ("{check: Votes}", ".check: “Votes” is not the name of a check."),
    ("{check: votes, fields: [vote]}", ".fields.0: There is no field “vote”."),
]


@pytest.mark.parametrize(("rule", "told"), RULE_MISTAKES)
def test_a_mistake_of_a_rule_is_told(rule: str, told: str) -> None:
    """A wrong rule is named with its place; names are looked up in fields, columns and other items."""
    _, problems = read(spend=f"{SPEND}  - {rule}\n")

    assert [p for p in problems if p.startswith(f"spend.yaml large-spend.rules.1{told}")], problems


FLOW_MISTAKES = [
    ("from: [none]", "from: [nothing]", "short: No step of the flow begins a record."),
    ("from: [draft]", "from: [draf]", "short.steps.1.from.0: No step leads to the status “draf”."),
    ("not-by: [draft]", "not-by: [drft]", "short.steps.2.not-by.0: The flow has no step “drft”."),
    ("gives: [number, after]", "gives: [nummer]", "short.steps.2.gives.0: “nummer” is nothing that a step gives."),
    ("from: [draft],", "from: [draft], check: [answred],",
     "short.steps.1.check.0: There is no judgement of steps called “answred”. Did you mean “answered”?"),
    ("by: [校长], ", "", "short.steps.2.by: “by” is missing."),
    ("from: [signed]", "form: [signed]", "short.steps.3.form: “form” is not known here. Did you mean “from”?"),
    ("to: signed", "to: 已签发", "short.steps.2.to: “已签发” cannot name a step or a status."),
    ("own: yes", "own: maybe", "common.steps.0.own: “own” is neither yes nor no."),
    ("from: [posted]", "from: [postet]", "common.steps.1.from.0: No step leads to the status “postet”."),
]


@pytest.mark.parametrize(("old", "new", "told"), FLOW_MISTAKES)
def test_a_mistake_of_a_flow_is_told(old: str, new: str, told: str) -> None:
    """A wrong flow is named with its place and left out, with the items that take it."""
    catalogue, problems = read(flows=FLOWS.replace(old, new, 1))

    assert [p for p in problems if p.startswith(f"flows.yaml {told}")], problems
    assert catalogue.items == {}


def test_a_step_may_stand_twice_from_different_statuses_only() -> None:
    """Two lines for one step from one status are ambiguous."""
    twice = FLOWS.replace("step: submit, name: 报送, from: [draft]", "step: draft, name: 报送, from: [none]")

    assert read(flows=twice)[1][0] == (
        "flows.yaml short.steps.1: The step “draft” from “none” stands twice in the flow."
    )


def test_a_status_without_a_name_is_a_warning() -> None:
    """A status that the school invents needs a Chinese name; the flow stays."""
    found = trees(flows=FLOWS.replace("signed", "sealed"))
    catalogue, problems = read_edition(found, "2026-01-01")

    assert [(p.level, str(p.message)) for p in problems] == [
        (Level.WARNING, "The status “sealed” has no Chinese name.")
    ]
    assert catalogue is not None
    assert "short" in catalogue.flows


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("adopted: 2025-12-10", "adopted: 2026-01-01", "adopted: It was adopted on 2026-01-01, but is in force from"),
        ("edition: 2026-01-01", "edition: 2026-02-01", "edition: The edition says 2026-02-01, but its folder is"),
        ("edition: 2026-01-01", "edition: 1. Januar", "edition: “edition” is no date."),
        ("items: [finance-monthly", "items: [finance", "columns.0.items.0: The catalogue has no item “finance”."),
        ("audience: external", "audience: everybody", "columns.0.audience: “audience” may not be “everybody”."),
        ("posted: 已张榜", "Posted: 已张榜", "statuses.Posted: “Posted” cannot be a key here."),
        ("laws:", "lawes:", "lawes: “lawes” is not known here. Did you mean “laws”?"),
    ],
)
def test_a_mistake_of_the_edition_is_told(old: str, new: str, told: str) -> None:
    """`edition.yaml` is checked, too, and its mistakes leave the items in place."""
    catalogue, problems = read(edition=EDITION.replace(old, new, 1))

    assert [p for p in problems if p.startswith(f"edition.yaml {told}")], problems
    assert "large-spend" in catalogue.items


def test_all_mistakes_come_at_once() -> None:
    """Mistakes of several files and items are all told, in the order of the files."""
    _, problems = read(
        edition=EDITION.replace("external", "public"),
        finance=FINANCE.replace("type: money, help", "type: cash, help"),
        spend=SPEND.replace("20wd", "20").replace("total", "x"),
    )

    assert [p.partition(":")[0] for p in problems] == [
        "edition.yaml columns.0.audience",
        "finance.yaml finance-monthly.fields.balance_start.type",
        "spend.yaml large-spend.duties.0.due.within",
    ]


def test_an_item_stands_in_one_file_only() -> None:
    """A slug that two files hold is a problem of the second."""
    _, problems = read(zebra=SPEND)

    assert problems == [
        "zebra.yaml large-spend: The item “large-spend” stands in spend.yaml, too. Give each item in one file only."
    ]


def test_a_file_that_could_not_be_read_blames_nobody_else() -> None:
    """When a file has no tree, references to its items are not reported on top."""
    found = trees()
    found["spend.yaml"] = None

    catalogue, problems = read_edition(found, "2026-01-01")

    assert problems == []
    assert catalogue is not None
    assert list(catalogue.items) == ["finance-monthly"]


def test_a_folder_must_be_a_date() -> None:
    """An edition without a day in force is none."""
    catalogue, problems = read_edition(trees(), "neu")

    assert catalogue is None
    assert [(p.file, str(p.message)) for p in problems] == [
        ("records/catalogue/neu", "“neu” is not the folder of an edition.")
    ]


def test_internal_items_stay_out_of_public_columns() -> None:
    """An item for the staff alone cannot feed a column for everybody."""
    _, problems = read(spend=SPEND.replace("  flow: short", "  flow: short\n  audience: internal"))

    assert problems == [
        "edition.yaml columns.0.items.1: The internal item “large-spend” stands in a column for the public."
        " Put it in an internal column."
    ]


@pytest.mark.parametrize("folder", sorted((Path(__file__).parents[2] / "records/catalogue").glob("*")))
def test_the_shipped_editions_compile(folder: Path) -> None:
    """The catalogue that comes with the program has no mistake and no warning."""
    found = {path.name: parse(path.read_bytes(), path.name)[0] for path in sorted(folder.glob("*.yaml"))}

    catalogue, problems = read_edition(found, folder.name)

    assert [(p.file, p.where, str(p.message)) for p in problems] == []
    assert catalogue is not None
    assert len(catalogue.items) >= 51


SHAPES = st.sampled_from([None, "", "字", "total(x) + 1", [], ["字"], [None], {}, {"字": "字"}, {"name": None}, [[]]])


@settings(max_examples=150)
@given(st.sampled_from(sorted(TREES)), st.integers(0, 400), SHAPES)
def test_no_shape_breaks_the_reader(name: str, position: int, shape: Tree) -> None:
    """Whatever stands where another value belongs is told, never an exception."""
    found = trees()
    found[name] = _replaced(found[name], [position], shape)

    catalogue, _ = read_edition(found, "2026-01-01")

    assert catalogue is not None
    assert {i.flow for i in catalogue.items.values()} <= set(catalogue.flows)


def _replaced(tree: Tree, countdown: list[int], shape: Tree) -> Tree:
    """Return *tree* with the value that *countdown* reaches replaced by *shape*."""
    countdown[0] -= 1
    if countdown[0] == -1:
        return shape
    if isinstance(tree, dict):
        return {key: _replaced(value, countdown, shape) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_replaced(value, countdown, shape) for value in tree]
    return tree
