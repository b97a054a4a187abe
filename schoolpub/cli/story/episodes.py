"""What happened when: the year of 示例学校 as a table of episodes, in the order of time.

Names are those of the entries in the `*.yaml` files and of the computed accounts.  Most records go through the chain
together with others: drafted and reviewed on one day, decided on another, posted on a third.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schoolpub.cli.story import finance, matters, weekly
from schoolpub.cli.story.matters import Say


@dataclass(frozen=True, slots=True)
class Draft:
    """Records are drafted and sent on until they stand at *until*."""

    day: str
    names: tuple[str, ...]
    until: str = "review"


@dataclass(frozen=True, slots=True)
class Decide:
    """Records take every approval that is left, up to the sign-off."""

    day: str
    names: tuple[str, ...]
    vote: str = ""
    """The session of the congress that voted, where a vote is asked for."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A record takes every approval at once, from one form signed on paper."""

    day: str
    name: str


@dataclass(frozen=True, slots=True)
class Post:
    """Records are posted, and hang where their item asks for it."""

    day: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Anything else that a person does: a command on a record, `--photo NAME.png` and `--from CHANGE` by name."""

    day: str
    person: str
    command: str
    name: str
    options: tuple[str, ...] = ()
    makes: str = ""
    """The name of the new edition."""


Episode = Draft | Decide | Paper | Post | Deed | Say

END = "2026-11-21"
"""The day for which the site is built: the morning after the last act."""

_Days = tuple[str, str, str]


def episodes() -> list[Episode]:
    """Return the whole year."""
    told = [*_months(), *_rounds(), *_weeks(), *_singular(), *matters.matters()]
    return sorted(told, key=lambda episode: episode.day)


def short() -> list[Episode]:
    """Return the first days alone, with an attachment and a list that is kept outside the history."""
    begun = [e for e in episodes() if e.day < "2026-01-06" and not isinstance(e, Say)]
    return [*begun, Draft("2026-06-11", ("collection-love",)), Draft("2026-09-15", ("aid-list",), until="draft")]


def _round(days: _Days, names: str, vote: str = "") -> Iterator[Episode]:
    drafted, decided, posted = (f"2026-{day}" for day in days)
    together = tuple(names.split())
    yield Draft(drafted, together)
    yield Decide(decided, together, vote)
    yield Post(posted, together)


_MONTHS: dict[str, tuple[_Days, str]] = {
    # 月份: (起草、决定、公开的日子), 与月报同时办理的事项
    "2025-12": (
        ("01-04", "01-05", "01-05"),
        "canteen-2025-12 let-off-weekly-plan let-off-logistics-weekly let-off-weekly-rating",
    ),
    "2026-01": (
        ("02-03", "02-04", "02-05"),
        "canteen-2026-01 settlement-winter parents-winter circular-winter summary-winter integrity-winter"
        " aid-counts-winter discipline-winter supervision-winter",
    ),
    "2026-02": (
        ("03-03", "03-04", "03-05"),
        "canteen-2026-02 after-school-spring uniform-consent inspection-random safety-march topic-parking plan-spring"
        " teaching-spring uniform-plan",
    ),
    "2026-03": (("04-01", "04-02", "04-03"), "honours-call"),
    "2026-04": (("05-06", "05-06", "05-06"), "canteen-2026-04 uniform-result"),  # 遇长假，逾期1个工作日
    "2026-05": (
        ("06-02", "06-03", "06-03"),
        "canteen-2026-05 honours-award recruitment-june donation-books audit-canteen good-news-choir",
    ),
    "2026-06": (("07-01", "07-02", "07-03"), "canteen-2026-06"),
    "2026-07": (("08-03", "08-04", "08-05"), "canteen-2026-07 leadership summary-spring"),
    "2026-08": (
        ("09-02", "09-03", "09-03"),
        "canteen-2026-08 aid-policy staff-nominees recruitment-extra roof-end",
    ),
    "2026-09": (("10-08", "10-08", "10-08"), "canteen-2026-09"),  # 遇长假，逾期1个工作日
    "2026-10": (("11-02", "11-03", "11-04"), "canteen-2026-10 food-notice"),
}


def _months() -> Iterator[Episode]:
    for month, (days, others) in _MONTHS.items():
        yield from _round(days, " ".join((*finance.large_in(month), f"finance-{month}", others)))


def _rounds() -> Iterator[Episode]:
    yield from _round(
        ("01-13", "01-14", "01-14"),
        "congress-winter union-2025 pay-plan assets-2025 guide report-2025 assessment-2025 water-january",
        vote="第三届教代会第四次会议（2026年1月9日）",
    )
    yield from _round(  # 意见答复逾期4个工作日
        ("05-12", "05-13", "05-13"),
        "uniform-contract honours-nominees topic-menu power-may enrolment-plan budget-2026 circular-may",
    )
    yield from _round(("06-11", "06-12", "06-12"), "collection-love")
    yield from _round(
        ("07-13", "07-14", "07-14"),
        "roof-start hall-letting appointment enrolment-result settlement-summer parents-summer circular-summer"
        " integrity-summer aid-counts-summer discipline-summer supervision-summer",
    )
    yield from _round(("08-26", "08-27", "08-28"), "service-guide fees-autumn final-2025 after-school-autumn profile")
    yield from _round(
        ("09-15", "09-16", "09-16"),
        "aid-list decision-rooms regulation-meals safety-september plan-autumn teaching-autumn congress-autumn"
        " plan-long food-plan",
        vote="第三届教代会第五次会议（2026年9月11日）",
    )
    yield from _round(
        ("10-13", "10-14", "10-15"), "survey-canteen accountability rectify-canteen roof-audit good-news-science"
    )
    yield from _round(
        ("11-17", "11-18", "11-18"),
        "honours-november title-2026 food-result circular-november fire-november hearing-canteen",
    )


def _weeks() -> Iterator[Episode]:
    for week, ahead in zip(weekly.WEEKS, weekly.AHEAD, strict=True):
        day = weekly.friday(week)
        names = (f"logistics-{week}", f"rating-{week}", f"plan-{ahead}")
        yield from (Draft(day, names), Decide(day, names), Post(day, names))


def _singular() -> Iterator[Episode]:
    """Yield what went another way than most."""
    # 重复填报，作废
    yield Draft("2026-01-13", ("water-twice",), until="draft")
    yield Deed("2026-01-13", "zhao-min", "discard", "water-twice", ("--reason", "与同日的停水预告重复"))
    # 开学前收费公示，登记表在纸上会签
    yield Draft("2026-02-27", ("fees-spring",), until="submit")
    yield Paper("2026-02-28", "fees-spring")
    yield Post("2026-02-28", ("fees-spring",))
    # 3月食堂账目被退回，改正后再报
    yield Draft("2026-04-01", ("canteen-2026-03",))
    yield Deed(
        "2026-04-02", "hua-rong", "return", "canteen-2026-03",
        ("--reason", "猪后腿肉的购入数量与验收单不符，请核对后重新报送"),
    )  # fmt: skip
    yield Deed("2026-04-10", "zhao-min", "edit", "canteen-2026-03", ("--from", "canteen-mended"))
    # 采购公告报送后撤回，当日重新报送
    yield Draft("2026-04-10", ("uniform-notice",), until="submit")
    yield Deed("2026-04-10", "zhao-min", "undo", "uniform-notice")
    yield Decide("2026-04-13", ("uniform-notice", "canteen-2026-03"))
    yield Post("2026-04-13", ("uniform-notice", "canteen-2026-03"))
    # 公示期满，撤下名单
    yield _down("2026-05-21", "feng-yun", "honours-nominees", "校门外公开栏")
    yield _down("2026-05-21", "feng-yun", "honours-nominees", "办公楼内公开栏")
    yield _down("2026-07-23", "feng-yun", "enrolment-result", "校门外公开栏")
    yield _down("2026-09-23", "chen-xi", "aid-list", "办公楼内公开栏")
    # 5月月报两个科目串户，公开后更正
    yield Deed(
        "2026-06-11", "zhao-min", "correct", "finance-2026-05",
        ("--reason", "办公费和印刷费之间有200.00元记错科目，支出合计和结余不变", "--from", "may-mended"),
        makes="finance-2026-05.v2",
    )  # fmt: skip
    yield Decide("2026-06-12", ("finance-2026-05.v2",))
    yield Post("2026-06-12", ("finance-2026-05.v2",))
    yield Deed("2026-06-15", "yan-hui", "remark", "finance-2026-05.v2", ("财务小组已核对原始凭证，更正无误。",))
    # 补充招聘先暂停，后撤回公开
    yield Deed(
        "2026-09-08", "you-ning", "suspend", "recruitment-extra", ("--reason", "美术教师拟由区教育局统一调剂，正在确认")
    )
    yield Deed(
        "2026-09-09", "sun-jie", "withdraw", "recruitment-extra",
        ("--reason", "区教育局已调剂美术教师一名，本校不再补充招聘；没有人报名，未产生费用"),
    )  # fmt: skip
    yield _down("2026-09-09", "chen-xi", "recruitment-extra", "校门外公开栏")
    yield Deed("2026-09-09", "chen-xi", "takedown", "recruitment-extra", ("--channel", "website"))
    # 满意度结果有人质疑，核对后恢复
    yield Deed(
        "2026-10-19", "li-hua", "suspend", "survey-canteen", ("--reason", "有家长询问满意率的计算口径，核对后恢复")
    )
    yield Deed(
        "2026-10-21", "sun-jie", "resume", "survey-canteen",
        ("--reason", "已核对：满意率按“很满意”和“满意”两级计算，数据无误"),
    )  # fmt: skip
    # 至今仍暂停
    yield Deed(
        "2026-11-12", "han-lu", "suspend", "good-news-science",
        ("--reason", "一名获奖学生的监护人要求撤下，正在核实同意书"),
    )  # fmt: skip
    # 整改结果公示，当天办完
    yield Decide("2026-10-23", ("lamp-told",))
    yield Post("2026-10-23", ("lamp-told",))
    # 故事结束时还在路上的
    yield Draft("2026-11-19", ("safety-november",))
    yield Decide("2026-11-20", ("safety-november",))
    yield Draft("2026-11-20", ("topic-lockers",), until="submit")
    yield Draft("2026-11-20", (f"plan-{weekly.DRAFT}", "tablets-plan"), until="draft")


def _down(day: str, person: str, name: str, place: str) -> Deed:
    return Deed(day, person, "takedown", name, ("--channel", "board", "--place", place, "--photo", "撤下后.png"))
