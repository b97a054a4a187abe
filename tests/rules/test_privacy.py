"""Personal data: what is found however it is written, what passes, and how a record is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.notices import notices
from benchmarks.personal_texts import GUILTY, INNOCENT, corpus
from benchmarks.privacy import score
from schoolpub.errors import Level, errors
from schoolpub.model.catalogue import Catalogue, Field, Item
from schoolpub.model.people import People, Person
from schoolpub.model.record import Attachment, Record, Step
from schoolpub.model.school import Account, Contact, School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.checks.privacy import inside, personal_data, raw_text
from schoolpub.rules.privacy import Kind, declared_of, forbidden_heads, heads_in, is_masked, mask, mask_name, scan
from schoolpub.rules.privacy.cards import luhn
from schoolpub.rules.privacy.identities import valid_identity

# Invented throughout: area codes of no county, an odd birthday, check characters computed.


def identity(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


def card(first: str) -> str:
    return next(first + str(last) for last in range(10) if luhn(first + str(last)))


VALID = identity("11999920120229001")
WITH_X = next(i for i in (identity(f"1199992012022900{n}") for n in range(10)) if i.endswith("X"))
MOBILE = "13800000001"
CARD = card("621700000000000001")
WRONG = VALID[:17] + ("0" if VALID[17] != "0" else "1")


def kinds(text: str, *declared: str, context: str = "") -> list[str]:
    return [f"{f.kind}" + ("?" if f.level is Level.WARNING else "") for f in scan(text, declared, context=context)]


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        f"身份证号码：{VALID}。",
        f"张同学{VALID}李同学",
        WITH_X.lower(),
        f"{VALID[:6]} {VALID[6:14]} {VALID[14:]}",
        f"{VALID[:6]}-{VALID[6:14]}-{VALID[14:]}",
        " ".join(VALID),
        f"{VALID[:6]}\n  {VALID[6:14]}\n  {VALID[14:]}",
        VALID.translate({ord(str(d)): 0xFF10 + d for d in range(10)}),
        VALID[:9] + "​" + VALID[9:],
        VALID.translate({ord(str(d)): 0x0660 + d for d in range(10)}),
        f"{VALID}.pdf",
    ],
)
def test_identity_numbers_are_found_however_they_are_written(text):
    """Blanks, hyphens, line breaks, full-width and foreign digits hide nothing."""
    found = scan(text)

    assert [f.kind for f in found] == [Kind.ID] and found[0].level is Level.ERROR
    assert found[0].masked == f"119***********{(WITH_X if 'x' in text else VALID)[-4:]}"
    assert scan(mask(text)) == []


def test_places_are_those_of_the_original():
    """What is cut out of the text is exactly the number, also when characters before it were normalised."""
    text = f"㈠①…《表》￥　{VALID.translate({ord('1'): '１'})}号"
    (found,) = scan(text)

    assert text[: found.start] == "㈠①…《表》￥　" and text[found.end :] == "号"
    assert mask(text) == f"㈠①…《表》￥　{found.masked}号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"身份证 {WRONG}", ["id"]),
        (WRONG, []),
        ("身份证号110105491231002", ["id"]),
        ("110105491231002", ["id?"]),
        (f"统一社会信用代码 {VALID}", []),
        ("统一社会信用代码：91530000MA6K123456", []),
        (identity("11999920120230001"), []),
        (identity("99999920120229001"), []),
        (f"电话{MOBILE}", ["phone"]),
        ("138-0000-0001", ["phone"]),
        ("138 000 00001", ["phone"]),
        ("手机 13 80 00 00 00 1", ["phone"]),
        ("手机138\n  00000001", ["phone"]),
        ("13 80 00 00 00 1", []),
        ("一年级 150 3000 2000 120", []),
        ("15000\n300000", []),
        ("15\t3000\t20000", []),
        ("银行存款 152300 250000 12", []),
        ("银行贷款 2023 2024 2025 2026", []),
        ("１３８０００００００１", ["phone"]),
        ("+86 138 0000 0001", ["phone"]),
        ("8613800000001", ["phone"]),
        ("涂老师13800000001", ["phone"]),
        ("涂老师 000-00000001", ["phone?"]),
        ("1,13800000001,张示例", ["phone"]),
        ("12345678901234", []),
        ("13800000001.00", []),
        ("家庭电话：0000-6000001", ["phone"]),
        ("办公电话：0000-6000001", ["phone?"]),
        (CARD, ["card"]),
        (" ".join(CARD[i : i + 4] for i in range(0, 19, 4)), ["card"]),
        ("账号：2500000000000000003", ["card"]),
        ("开户行：示例银行，2500 0000 0000 0000 003", ["card"]),
        (f"项目编号：{card('530100202600001')}", []),
        (card("530100202600001"), ["card?"]),
        (f"监督索引号{CARD}", []),
        (card("620000000000001"), ["card?"]),
        ("zhao@school.invalid", ["email?"]),
        ("出生日期：2012年2月29日", ["birth"]),
        ("2012-02-29出生", ["birth"]),
        ("生于2012.2.29", ["birth"]),
        ("出生年月 201202", ["birth"]),
        ("出生于2012年", []),
        ("2019年9月1日至2020年8月31日出生的适龄儿童", []),
        ("出生日期在2020年8月31日（含）以前的儿童", []),
        ("家庭住址：示例县示例镇前进村3组", ["address"]),
        ("家住示例市示例区示例路12号3栋2单元501室", ["address"]),
        ("示例县示例镇前进村3组 张*", ["address"]),
        ("示例市示例区示例路12号", []),
        ("张* 示例区示例路12号3栋2单元501室", ["address"]),
        ("示例文具公司，示例路12号3栋501室", []),
        ("请把身份证号报到班主任处", ["asked?"]),
        ("请在留言中填写手机号和身份证号码", ["asked?"]),
        ("公示名单不得填写身份证号", []),
        ("请勿在此留下手机号码", []),
        ("凭身份证原件领取", []),
        ("张示例同学身患白血病，现向全校募捐", ["health"]),
        ("张*同学身患白血病", []),
        ("一名同学身患白血病", []),
        ("本校有三名同学确诊流感病", []),
    ],
)
def test_what_is_found_and_what_passes(text, expected):
    """Certain finds stop the act, doubtful ones are shown, everyday numbers pass."""
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # look-alike signs, signs written by their numbers, numerals
        (f"身份证{VALID.replace('0', 'O')}", ["id"]),
        ("手机 一三八〇零零零零零零一", ["phone"]),
        ("电话&#49;3800000001", ["phone"]),
        ("1️⃣38 0000 0001", ["phone"]),
        ("13④00000001", ["phone"]),
        (f"学籍号G{VALID}", ["id"]),
        (f"L{VALID}.jpg", ["id"]),
        ("二〇二六年十一月三日", []),
        ("壹拾叁万捌仟零柒拾元整", []),
        # prefixes and groups
        ("0086-138-0000-0001", ["phone"]),
        ("013800000001", ["phone"]),
        ("138123456.78 元", []),
        ("13812345678元", []),
        ("20260901 20260930", []),
        ("课桌1400*600*75", []),
        ("订单号13812345678", []),
        # what is hidden too little can be computed back
        (f"{VALID[:17]}*", ["id"]),
        (f"{VALID[:14]}****", ["id"]),
        ("1380000000*", ["phone"]),
        ("138****0001", []),
        (f"{VALID[:6]}********{VALID[14:]}", []),
        # bounds are nobody's birthday, and things happen on days
        ("2020年8月31日前出生", []),
        ("出生日期为2019年9月1日至2020年8月31日", []),
        ("新生于2026年8月30日报到", []),
        ("事故发生于2026年5月4日", []),
        ("学生日常行为规范2012年2月29日修订", []),
        ("张示例，男，2012年2月29日生", ["birth"]),
        ("张示例，1980年5月生", ["birth?"]),
        ("二〇一二年二月二十九日出生", ["birth"]),
        # homes
        ("现住幸福小区5-2-301", ["address"]),
        ("户籍所在地：示例县示例镇前进村", ["address"]),
        ("户籍所在地为示例市示例区", []),
        ("阳光花园3栋2单元302 张示例", ["address"]),
        ("示例县前进村3组道路硬化工程", []),
        ("开标地点：示例路88号3栋501室", []),
        # cards, passports, e-mails, telephones at home
        ("护照E12345678", ["passport"]),
        ("资产E12345678", []),
        ("税号 530112345678901", []),
        ("行号102731000012", []),
        ("zhang@qq.com", ["email"]),
        ("zhang(at)163.com", ["email"]),
        ("宅电 0871-65000009", ["phone"]),
        # pupils
        ("张示例同学期末数学95分", ["marks"]),
        ("张示例同学系建档立卡家庭", ["aid"]),
        ("给予张示例同学记过处分", ["sanction"]),
        ("各班同学期末考试安排", []),
        ("李示例 期末语文95 数学98 总分193", ["marks"]),
        ("张示例系孤儿", ["aid"]),
        ("建档立卡学生：张示例、李示例", ["aid"]),
        ("张示例 笔试成绩 85.5 面试 88，语文岗位", []),
        # a day beside the sex, a home in one word, a credit code that ends in X, figures after their head
        ("张示例（男，2012.3.5）", ["birth"]),
        ("2012年3月5日生于示例市", ["birth"]),
        ("住金星小区3幢4单元201室", ["address"]),
        ("住校生宿舍2栋3楼检查情况", []),
        ("12530102431204567X", []),
        ("人数 138 1234 5679", []),
        ("138*0000001", ["phone"]),
        ("电话是一三八，〇〇〇〇，〇〇〇一", ["phone"]),
        ("卡 号：2500 0000 0000 0000 003", ["card"]),
        ("张示例，示例乡示例寨5组", ["address"]),
        ("zhang[at]gmail[dot]com", ["email"]),
        ("水表读数 13800000001", []),
        ("居住小区未配套学校", []),
        ("家长会在2号楼302室召开", []),
    ],
)
def test_sharp_rules(text, expected):
    """Disguises are seen through; what only looks like personal data passes."""
    assert kinds(text) == expected


def test_a_long_text_is_looked_at_where_it_matters():
    """In a long text a number is found at its place, with the line before it that tells what it is."""
    text = "今天天气很好。\n" * 3000 + "银行账号\n2500000000000000003\n" + "今天天气很好。\n" * 3000

    (only,) = scan(text)

    assert only.kind is Kind.CARD and text[only.start : only.end] == "2500000000000000003"


def test_declared_numbers_pass():
    """Office telephones, accounts and e-mails that the school declared are no personal data, however written."""
    school = School(
        name="示例学校",
        office=Contact(
            name="办公室", telephone="138-0000-0001", email="Office@school.invalid", place="示例路12号3栋501室"
        ),
        accounts=(Account(name="示例学校", bank="示例银行", number="2500 0000 0000 0000 003"),),
    )
    declared = declared_of(school)

    for text in ("138 0000 0001", "账号 2500000000000000003", "office@school.invalid", "住址：示例路12号3栋501室"):
        assert kinds(text, *declared) == []
        assert kinds(text) != []


def test_the_context_of_a_cell_counts():
    """The head of its column makes a number an account; what stands in the head itself is not reported."""
    assert kinds("2500000000000000003") == []
    assert kinds("2500000000000000003", context="银行账号") == ["card"]
    assert scan("2500000000000000003", context="银行账号")[0].start == 0
    assert mask("x 2500000000000000003", context="账号") == "x ***************0003"


def test_both_rates_are_kept():
    """At least 99 in 100 disguised pieces are found, and at most 1 in 1,000 innocent texts is stopped."""
    scores, wrong = score(corpus(seed=11, each=30))

    bad, good = [scores[kind] for kind in GUILTY], [scores[kind] for kind in INNOCENT]
    assert sum(one.found for one in bad) / sum(one.texts for one in bad) >= 0.99, wrong
    assert sum(one.stopped for one in good) / sum(one.texts for one in good) <= 0.001, wrong


def test_sentences_of_real_notices():
    """What schools write on notices: every disguise is stopped, nothing innocent is."""
    _, wrong = score(notices(each=1))
    assert wrong == {}


@pytest.mark.parametrize("text", ["QQ群：123456789", "微信公众号：shilizhongxue", "公众号微信号：shilizhongxue"])
def test_the_schools_own_channels_are_not_stopped(text):
    """Groups and official accounts are not persons."""
    assert not [found for found in scan(text) if found.level is Level.ERROR]


@given(
    st.decimals(-(10**11), 10**11, places=2), st.sampled_from(["{}", "{:,}", "共计{}元", "{}万元", "本月{}，累计{}"])
)
def test_money_is_no_personal_data(amount, form):
    """Amounts, with or without separators, raise no alarm."""
    assert scan(form.format(amount, amount)) == []


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 9999))
def test_dates_and_document_numbers_are_no_personal_data(day, number):
    """Dates, periods, ids and numbers of documents raise no alarm."""
    text = (
        f"{day} {day:%Y年%m月%d日} {day:%Y%m%d} {day}T09:12:00+08:00 校公开〔{day.year}〕{number}号 "
        f"示教发[{day.year}]{number}号 large-spend-{day:%Y%m%d}-abcd 第{number}期 ISBN 978-7-04-{number:06}-0 "
        f"{day:%Y%m%d}{number:04} {day:%Y-%m}..{day:%Y-%m}"
    )
    assert scan(text) == []


@given(st.binary(min_size=32, max_size=32))
def test_digests_are_no_personal_data(digest):
    """Digests, commit ids and signatures hold digits by chance."""
    assert scan(f"sha256:{digest.hex()} {digest.hex()[:40]}") == []


@settings(max_examples=60)
@given(st.text(), st.sampled_from([VALID, MOBILE, CARD]), st.text())
def test_nothing_around_it_leaks_a_number(before, number, after):
    """Whatever stands around it, masking takes the number out or the neighbours made it another number."""
    masked = mask(before + " 是" + number + "。" + after)
    assert number not in masked


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text):
    """What was masked holds nothing more to mask."""
    once = mask(text)
    assert mask(once) == once


def test_identity_numbers_are_checked_to_the_letter():
    """Province, a real day and the check character are all needed."""
    assert valid_identity(VALID) and valid_identity(WITH_X.lower())
    assert not valid_identity(WRONG) and not valid_identity(VALID[:17])


def test_names_keep_their_surname():
    """A surname and stars; two characters stay of a compound surname."""
    assert [mask_name(n) for n in ("张三", "李示例", "欧阳示", "欧阳示例", "欧阳", "王")] == [
        "张*",
        "李**",
        "欧阳*",
        "欧阳**",
        "欧*",
        "王*",
    ]
    assert all(map(is_masked, ("张*", "张**", "欧阳**", "张某", "张某某", "张同学", "张＊")))
    assert not any(map(is_masked, ("张三", "张示例", "欧阳示例", "*", "")))


def test_heads_of_tables():
    """Heads under which personal data stands, and names beside marks."""
    assert forbidden_heads(["序号", "姓名", "身份证号", "家庭住址"]) == [
        ("身份证号", Kind.HEAD),
        ("家庭住址", Kind.HEAD),
    ]
    assert forbidden_heads(["姓名", "期末成绩", "班级"]) == [("期末成绩", Kind.MARKS)]
    assert forbidden_heads(["班级", "平均分", "名次"]) == []
    assert forbidden_heads(["姓名", "岗位", "总成绩", "名次", "联系电话"]) == []
    assert forbidden_heads(["姓名", "职务", "联系电话", "出生年月"]) == []
    assert forbidden_heads(["姓名", "年级", "联系电话", "出生日期"]) == [
        ("联系电话", Kind.HEAD),
        ("出生日期", Kind.HEAD),
    ]
    assert forbidden_heads(["姓名", "联系电话"], pupils=True) == [("联系电话", Kind.HEAD)]
    assert heads_in("姓名\t班级\t联系电话") == [("联系电话", Kind.HEAD)]
    assert heads_in("| 姓名 | 班级 | 名次 |") == [("名次", Kind.MARKS)]
    assert heads_in("请带户口本、身份证、预防接种证，到校登记") == []


AT = datetime(2026, 11, 3, 9, 12, tzinfo=timezone(timedelta(hours=8)))
LIST = Field(
    key="list",
    name="获奖名单",
    type="table",
    columns={
        "name": Field(key="name", name="姓名", type="person", privacy="pupil-name"),
        "klass": Field(key="klass", name="班级", type="text"),
        "account": Field(key="account", name="银行账号", type="text", optional=True),
        "consent": Field(key="consent", name="同意", type="yes-no", optional=True),
    },
)
ITEM = Item(
    slug="awards",
    name="获奖",
    category="学生",
    department="教务处",
    flow="x",
    fields={"list": LIST, "note": Field(key="note", name="说明", type="long-text")},
)
SNAPSHOT = Snapshot(
    school=School(name="示例学校", office=Contact(name="办公室", telephone="000-00000001")),
    people=People(persons={"zhao": Person(id="zhao", name="赵示例", emails=("zhao@school.invalid",))}),
    catalogues={date(2026, 1, 1): Catalogue(edition=date(2026, 1, 1), items={"awards": ITEM})},
)


def record(**changes: object) -> Record:
    told = {
        "id": "awards-20261103-abcd",
        "item": "awards",
        "catalogue": date(2026, 1, 1),
        "title": "获奖名单",
        "department": "教务处",
        "audience": "both",
        "content": "sha256:" + "0" * 64,
        "file": "records/disclosures/2026/awards-20261103-abcd.yaml",
    }
    return Record(**{**told, **changes})


def found(**changes: object) -> list[tuple[str, tuple[str | int, ...], str]]:
    return [(p.code, p.where, p.level.value) for p in personal_data(record(**changes), SNAPSHOT)]


def test_a_clean_record_has_no_problem():
    """Names masked, office numbers, dates and money: nothing to say."""
    fields = {
        "list": [{"name": "张*", "klass": "三年级2班"}],
        "note": "电话 000-00000001，奖金 1,234.50 元，2026年11月3日",
    }
    assert found(fields=fields, body={"title": "获奖名单", "fields": fields}) == []


def test_every_text_is_looked_at():
    """Title, keys, cells, file names and what the steps say: each problem has its exact place."""
    fields = {
        "list": {"rows": [{"name": "张*", "klass": "二班", "account": "2500000000000000003"}], "note": MOBILE},
        "note": f"第一行\n{VALID}",
        f"电话{MOBILE}": "x",
    }
    step = Step(
        step="return",
        by="zhao",
        role="填报人",
        at=AT,
        says={"reason": f"请联系{MOBILE}", "evidence": [{"file": f"{MOBILE}.jpg"}]},
    )
    told = {
        "title": f"关于{VALID}的公示",
        "fields": fields,
        "attachments": (Attachment(file=f"{VALID}.pdf", title="名单", sha256="0"),),
        "steps": (step,),
    }

    assert sorted(found(**told), key=str) == sorted(
        [
            ("personal-id", ("title",), "error"),
            ("personal-card", ("fields", "list", "rows", 0, "account"), "error"),
            ("personal-phone", ("fields", "list", "note"), "error"),
            ("personal-id", ("fields", "note"), "error"),
            ("personal-phone", ("fields", f"电话{MOBILE}"), "error"),
            ("personal-id", ("attachments", 0, "file"), "error"),
            ("personal-phone", ("steps", 0, "reason"), "error"),
            ("personal-phone", ("steps", 0, "evidence", 0, "file"), "error"),
            ("personal-head", ("fields", "list"), "error"),
        ],
        key=str,
    )


def test_a_problem_is_told_masked_with_the_law_and_the_text_to_write():
    """The message never repeats the number; the fix is the text as it may stand."""
    (problem,) = personal_data(record(fields={"note": f"张老师 {MOBILE}"}), SNAPSHOT)

    assert str(problem.message) == (
        "There is a private telephone number here: 138****0001. It may not be published (个人信息保护法第二十五条)."
    )
    assert str(problem.fix) == "write 张老师 138****0001; declare it in records/school.yaml if it is the school's own"
    assert (problem.record, problem.field) == ("awards-20261103-abcd", "note")
    assert problem.file == "records/disclosures/2026/awards-20261103-abcd.yaml"


@pytest.mark.parametrize(
    ("changes", "row", "expected"),
    [
        ({}, {"name": "张示例"}, True),
        ({}, {"name": "张**"}, False),
        ({"audience": "internal"}, {"name": "张示例"}, False),
        ({}, {"name": "张示例", "consent": "yes"}, False),
        ({}, {"name": "张示例", "consent": "no"}, True),
        ({"body": {"consent": "recorded"}}, {"name": "张示例"}, False),
    ],
)
def test_pupils_names_are_masked_for_outsiders(changes, row, expected):
    """A full name needs the consent of the row or of the record; inside the school it may stand."""
    problems = found(fields={"list": [{"klass": "二班", **row}]}, **changes)
    assert problems == ([("personal-name", ("fields", "list", 0, "name"), "error")] if expected else [])


def test_a_name_is_not_repeated_in_its_problem():
    """The problem about a name shows it masked."""
    (problem,) = personal_data(record(fields={"list": [{"name": "欧阳示例", "klass": "二班"}]}), SNAPSHOT)
    assert "欧阳示例" not in f"{problem.message}{problem.fix}" and "欧阳**" in str(problem.fix)


def test_comments_of_a_file_are_found_with_line_and_column():
    """What only a comment says is in git as well."""
    data = f"title: 示例 # 张三 {MOBILE}\n# {VALID}\nfields: {{note: '{CARD}'}}\n".encode()

    comments = raw_text(data, frozenset(), "records/x.yaml", comments_only=True)
    everything = raw_text(data, frozenset(), "records/x.yaml")

    assert [(p.code, p.file, p.line, p.column) for p in comments] == [
        ("personal-phone", "records/x.yaml", 1, 16),
        ("personal-id", "records/x.yaml", 2, 3),
    ]
    assert [p.code for p in everything] == ["personal-phone", "personal-id", "personal-card"]


def test_the_text_of_an_attachment_is_told_by_its_file():
    """Numbers and heads of tables in a spreadsheet's text are errors of the record."""
    text = f"姓名\t班级\t身份证号\n张*\t二班\t{VALID}\n"
    problems = list(inside(text, "名单.xlsx", record(), SNAPSHOT))

    assert [(p.code, p.record, p.file) for p in errors(problems)] == [
        ("personal-id", "awards-20261103-abcd", "records/attachments/awards-20261103-abcd/名单.xlsx"),
        ("personal-head", "awards-20261103-abcd", "records/attachments/awards-20261103-abcd/名单.xlsx"),
    ]
