"""What an inspector with one hour reads: the year's lists, and a first page that says what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.chain.numbering import number_of
from schoolpub.rules.filing import registered
from schoolpub.views import formats, rows
from schoolpub.views.clock import coverage
from schoolpub.views.sheets.title_lines import plain

Table = tuple[list[str], list[list[str]]]
"""A head and the rows below it."""

_COVERAGE = {
    "category": "类别", "item_name": "事项", "department": "部门", "period": "期间", "due": "应公开",
    "shown": "实际公开", "late_workdays": "逾期工作日", "how_name": "情况", "record": "记录号",
}  # fmt: skip
_RECORDS = {
    "number": "编号", "title": "题名", "department": "部门", "status_name": "状态", "due": "应公开", "posted": "公开",
    "shown": "实际公开", "late_workdays": "逾期工作日", "id": "记录号",
}  # fmt: skip
_STOPS = ("suspend", "resume", "withdraw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists of a year, and one sentence on each."""

    coverage: Table
    late: Table
    corrected: Table
    stopped: Table
    waived: Table
    summary: tuple[str, ...]


def lists(snapshot: Snapshot, year: int, today: date) -> Lists:
    """Return what was owed and paid in *year*, and what was late, corrected, stopped or let off."""
    cells = coverage.cells(snapshot, today, year)
    catalogue = snapshot.in_force(min(today, date(year, 12, 31)))
    matrix = coverage.rows(cells, coverage.occurrences(snapshot, today, year), catalogue)
    known = [row for row in rows.rows(snapshot, today) if (row["posted"] or row["due"])[:4] == str(year)]
    reasons = {record.id: str(record.body.get("reason") or "") for record in snapshot.records.values()}
    corrected = [{**row, "reason": reasons[row["id"]]} for row in known if row["edition"] > 1]
    waived = [{**row, "reason": reasons[row["id"]]} for row in known if row["item"] == "waiver"]
    late = _late(cells, known, snapshot)
    stopped = list(_stopped(snapshot, year))
    told = "，".join(f"{coverage.MARKS[how][1]} {n}" for how, n in coverage.totals(cells).items() if n)
    return Lists(
        coverage=_table(matrix, _COVERAGE),
        late=_table(late, _RECORDS),
        corrected=_table(corrected, {**_RECORDS, "reason": "更正说明"}),
        stopped=(["编号", "题名", "部门", "办理", "日期", "身份", "理由", "记录号"], stopped),
        waived=_table(waived, _RECORDS),
        summary=(
            f"定期公开 {len(cells)} 项次：{told}。" if cells else "没有应当定期公开的事项。",
            f"逾期的 {len(late)} 件，其中至今没有办的 {sum(not (row['posted'] or row['shown']) for row in late)} 件。",
            f"更正 {len(corrected)} 件，暂停、恢复和撤回 {len(stopped)} 次，免予公开 {len(waived)} 件，"
            f"紧急公开 {_emergencies(snapshot, year)} 件。",
            f"给过编号 {sum(map(len, registered(snapshot, year).values()))} 个。",
        ),
    )


def _late(
    cells: Sequence[coverage.Cell], known: list[dict[str, object]], snapshot: Snapshot
) -> list[dict[str, object]]:
    """Return what came late, and what never came: also what nobody ever began to write."""
    missing: list[dict[str, object]] = []
    for cell in cells:
        entry = cell.owed
        if cell.how == "missing" and not entry.record_id:
            period = formats.period(entry.period, snapshot.calendar) if entry.period else ""
            about = period or (formats.day(entry.day) if entry.day else "")
            missing.append({
                "number": "", "title": f"{coverage.row_name(entry.item, entry.part)}　{about}".strip(),
                "department": entry.item.department, "status_name": "未办理", "due": entry.due.date.isoformat(),
                "posted": "", "shown": "", "late_workdays": entry.late_by, "id": "",
            })  # fmt: skip
    return sorted([*(row for row in known if row["late_workdays"]), *missing], key=lambda row: str(row["due"]))


def _stopped(snapshot: Snapshot, year: int) -> Iterator[list[str]]:
    """Yield every stop of *year* with its reason: what is shown again today was stopped all the same."""
    taken = [(step, record) for record in snapshot.records.values() for step in record.steps if step.step in _STOPS]
    for step, record in sorted(taken, key=lambda one: one[0].at):
        if step.at.year == year:
            own = snapshot.flow(record)
            name = next((line.name for line in own.named(step.step)), step.step) if own else step.step
            yield [number_of(record), plain(record.title), record.department, name, step.day.isoformat(), step.role,
                   step.said("reason"), record.id]  # fmt: skip


def _emergencies(snapshot: Snapshot, year: int) -> int:
    return sum(_emergency(record, snapshot, year) for record in snapshot.records.values())


def _emergency(record: Record, snapshot: Snapshot, year: int) -> bool:
    own = snapshot.flow(record)
    return own is not None and any(t.line.emergency and t.step.at.year == year for t in flow.replay(record, own).taken)


def _table(found: Sequence[dict[str, object]], heads: dict[str, str]) -> Table:
    return list(heads.values()), [[str(row[key]) for key in heads] for row in found]


def first_page(
    snapshot: Snapshot, year: int, today: date, head: str, made: Lists, proven: Sequence[str], drawn: int, seed: str
) -> str:
    """Return the page that is read first; *proven* is what the proof of the history said, a line each."""
    lines = "".join(f"    {line}\n" for line in (*made.summary, *proven))
    return f"""{snapshot.school.name} {year}年校务公开检查材料
{formats.day(today)}编制，历史截至 {head}

情况
{lines}
文件
    1-公开情况.csv        应当公开的每一项、每一期，公开了没有
    2-逾期.csv            迟公开的，和到期没有公开的
    3-更正.csv            更正过的，为什么
    4-撤回与暂停.csv      停止公开和恢复公开的每一次，为什么
    5-免予公开.csv        经批准免予公开的
    6-公开登记簿-{year}     全部编号；.txt 的 SHA-256 和登记簿核对码印在 .pdf 末尾
    7-history.bundle      全部历史：git clone 7-history.bundle 文件夹
    8-抽查                按种子“{seed}”抽取的 {drawn} 件：公告、记录和凭证；抽取办法.txt 写明怎样重算

核对
    在上一层文件夹：sha256sum -c manifest-sha256.txt
    在取出的历史中：schoolpub verify（前后一致，还是有改动说不清楚）
    在取出的历史中：schoolpub verify --codes 6-公开登记簿-{year}.txt
    手中有纸质公告的：schoolpub verify --code 纸上的核对码
"""
