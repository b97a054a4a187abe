"""Notice periods (公示期): whether the printed range is long enough, and until when it must last.

Both printed ends count.  The day of posting does not, unless the school's setting says so (民法典 art. 201), and
neither does a last day that ends before the offices close.  A sheet that was hung later than it was posted counts from
the day that is proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from schoolpub.errors import Level
from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Item, Notice
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.editions import editions
from schoolpub.rules.chain.flow import POSTED_STATUSES, replay
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.anchors import moments
from schoolpub.rules.clock.calendar import Computed
from schoolpub.rules.clock.proofs import hung

CLOSING_TIME = time(17, 0)
"""An end before this time of day does not count its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePeriod:
    """The notice period of a record: what was printed, and what the catalogue asks for."""

    first: date
    last: date | None
    """None while the end is open."""
    unit: str
    """`wd` or `d`."""
    counted: int
    """Days from first to last, both printed ends counted."""
    required: int
    """Days that must be counted, the day of posting added where it does not count."""
    enough: bool
    level: Level | None
    """How bad it is when it is not enough: a warning while the lesser length is kept."""
    earliest: date
    """The earliest lawful last day."""
    rule: str
    """The rule that was applied, in Chinese."""
    provisional: bool
    working: Computed | None
    """The count, day by day; None while the end is open."""


def propose_end(first: date, count: str, calendar: Calendar) -> Computed:
    """Return the last day of a notice of *count* (`5wd`) that begins on *first*, both ends counted."""
    return days.add(first, count, calendar, start_counts=True)


def notice_of(record: Record, item: Item, snapshot: Snapshot, *, posted: date | None = None) -> NoticePeriod | None:
    """Return the notice period of *record*, None when its item has none or its first day is not entered.

    *posted* is the day on which it is to be posted, for a record that is not posted yet.
    """
    notice = item.notice
    ends = _ends(record, notice) if notice else None
    if notice is None or ends is None:
        return None
    first, last, counts_last = ends
    number, unit = days.parse_count(notice.days)
    # A draft hung for opinions before it was adopted: the day on which the adopted text is posted is not its matter.
    before_it = last is not None and record.date is not None and last < record.date
    posted = None if before_it else _hanging_day(record, item, notice, first, snapshot) or posted
    lost = _not_counted(first, posted, unit, snapshot)
    required = number + lost
    calendar = snapshot.calendar
    proposed = propose_end(first, f"{required}{unit}", calendar)
    working = _between(first, last, unit, calendar, counts_last) if last else None
    counted = working.count if working else 0
    enough = working is not None and counted >= required
    return NoticePeriod(
        first=first,
        last=last,
        unit=unit,
        counted=counted,
        required=required,
        enough=enough,
        level=None if enough else _level(notice, counted, lost, unit, last),
        earliest=proposed.end,
        rule=_rule(notice, number, unit, lost, counts_last),
        provisional=proposed.provisional or (working is not None and working.provisional),
        working=working,
    )


def _ends(record: Record, notice: Notice) -> tuple[date, date | None, bool] | None:
    """Return first and last day, and whether the last one counts."""
    if notice.range:
        first, last = moments(notice.range, record.fields) or (None, None)
    else:
        first = (moments(notice.first, record.fields) or (None, None))[0]
        last = (moments(notice.last, record.fields) or (None, None))[1]
    if first is None:
        return None
    if last is None:
        return first.date(), None, True
    return first.date(), last.date(), last.time() >= CLOSING_TIME


def _hanging_day(record: Record, item: Item, notice: Notice, first: date, snapshot: Snapshot) -> date | None:
    """Return the day of posting, or the later one on which the sheet is proven to hang; None before it is posted."""
    begun = _begun(record, notice, snapshot)
    flow = snapshot.flow(begun)
    post = replay(begun, flow).last("post") if flow else None
    if post is None:
        return None
    real = hung(begun, item, snapshot) or post.day
    # A photo of the first day itself does not say that the sheet was not there when the offices opened.
    return post.day if post.day < real <= first else real


def _begun(record: Record, notice: Notice, snapshot: Snapshot) -> Record:
    """Return the edition whose notice period *record* continues: one that only ends earlier begins nothing anew."""
    begun = record
    for earlier in reversed(editions(snapshot, record.id)) if record.edition > 1 else ():
        if earlier.edition >= begun.edition:
            continue
        flow = snapshot.flow(earlier)
        if not flow or replay(earlier, flow).status not in POSTED_STATUSES:
            continue
        if _without_end(earlier, notice) != _without_end(record, notice):
            break
        begun = earlier
    return begun


def _without_end(record: Record, notice: Notice) -> dict[str, Tree]:
    fields = dict(record.fields)
    fields.pop(notice.last, None)
    value = fields.get(notice.range)
    if isinstance(value, dict):
        fields[notice.range] = {key: end for key, end in value.items() if key != "to"}
    elif isinstance(value, str):
        fields[notice.range] = value.partition("..")[0]
    return fields


def _not_counted(first: date, posted: date | None, unit: str, snapshot: Snapshot) -> int:
    """Return how many days from *first* on do not count, because the sheet was not hanging yet."""
    if posted is None or posted < first:
        return 0
    until = posted if not snapshot.school.notice_counts_start_day else posted - timedelta(1)
    return _between(first, until, unit, snapshot.calendar, counts_last=True).count


def _between(first: date, last: date, unit: str, calendar: Calendar, counts_last: bool) -> Computed:
    if not counts_last:
        counted = _between(first, last - timedelta(1), unit, calendar, counts_last=True)
        final = days.Day(last, False, "未满一日，不计")
        working = (*counted.working, final) if last >= first else ()
        return Computed(
            start=first, end=last, unit=unit, count=counted.count, provisional=counted.provisional, working=working
        )
    if unit == "wd":
        return days.between(first, last, calendar)
    every = tuple(days.Day(day, True, days.WEEKDAYS[day.weekday()]) for day in days.days(first, last))
    return Computed(start=first, end=last, unit=unit, count=len(every), provisional=False, working=every)


def _level(notice: Notice, counted: int, lost: int, unit: str, last: date | None) -> Level:
    if notice.at_least and last is not None:
        number, least_unit = days.parse_count(notice.at_least)
        if least_unit == unit and counted >= number + lost:
            return Level.WARNING
    return Level.ERROR


def _rule(notice: Notice, number: int, unit: str, lost: int, counts_last: bool) -> str:
    name = "个工作日" if unit == "wd" else "日"
    text = f"公示期不少于{number}{name}，首日和末日均计入"
    if lost:
        text += f"；张贴当日（及之前）不计，须另加{lost}{name}（民法典第二百零一条）"
    if not counts_last:
        text += f"；末日在{CLOSING_TIME:%H:%M}前截止，不计"
    return text + (f"。依据：{notice.law}" if notice.law else "")
