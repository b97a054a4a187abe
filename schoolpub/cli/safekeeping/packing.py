"""What goes into a year's package: sheets, lists, texts and the history, as name → bytes."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.notices import Printer
from schoolpub.notices.compiler import pages
from schoolpub.rules import filing
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.filing import Filed
from schoolpub.store.files.enclosed import files_of
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.spreadsheets.writing import workbook
from schoolpub.views import rows
from schoolpub.views.clock import coverage
from schoolpub.views.pages.data import table
from schoolpub.views.sheets import filing as listed
from schoolpub.views.sheets import notice, yearbook
from schoolpub.views.workbooks.workbook_cells import Box, Page

Payload = dict[str, bytes | Path]

_LISTING = "归档文件目录"
_POLICY = ("records/school.yaml", "records/people.yaml", "records/catalogue", "records/calendar")

_RECORDS = {
    "number": "编号", "title": "题名", "department": "部门", "status_name": "状态", "due": "应公开", "posted": "公开",
    "shown": "实际公开", "late_workdays": "逾期工作日", "id": "记录号",
}  # fmt: skip
_COVERAGE = {
    "category": "类别", "item_name": "事项", "department": "部门", "period": "期间", "due": "应公开",
    "shown": "实际公开", "late_workdays": "逾期工作日", "how_name": "情况", "record": "记录号",
}  # fmt: skip


def year(text: str) -> int:
    """Return the year written as *text*; raise SchoolpubError when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise SchoolpubError(say("“{text}” is no year.", text=text), fix=say("write it as 2026"))
    return int(text)


def register(session: Session, printer: Printer, of: int) -> dict[str, bytes]:
    """Return the yearly register as PDF and as the text whose digest stands at its foot."""
    head = session.ledger.head()
    name = f"公开登记簿-{of}"
    value = yearbook.value(session.snapshot, of, head, session.today)
    if not value["rows"]:
        raise SchoolpubError(say("No number was given in {year}.", year=of), fix=say("name another year"))
    return {
        f"{name}.pdf": printer.listing(value, session.moment.at),
        f"{name}.txt": yearbook.text(session.snapshot, of, head).encode(),
    }


def sheets(session: Session, printer: Printer, record: Record) -> bytes:
    """Return the notice of *record*, as it was signed off."""
    own = session.snapshot.flow(record)
    signed = flow.replay(record, own).sign_off if own else None
    when = (signed or record.steps[-1]).at
    return printer.notice(notice.value(session.snapshot, record, session.today), when)


def archive(session: Session, printer: Printer, of: int, entries: Sequence[Filed]) -> tuple[Payload, dict[str, int]]:
    """Return the payload of the package of the year *of*, and how many pages each record has."""
    payload: Payload = {}
    counted: dict[str, int] = {}
    for entry in entries:
        record = entry.record
        folder = f"{entry.keep}/{entry.number.rpartition('-')[2]}-{record.edition_id}"
        sheet = sheets(session, printer, record)
        payload[f"{folder}/{record.id}.pdf"] = sheet
        payload[f"{folder}/{record.id}.yaml"] = session.workspace.data(record.file)
        counted[record.id] = pages(sheet)
        for name in dict.fromkeys(name for name, *_ in files_of(record)):
            path = session.root / "records/attachments" / record.id / name
            if path.is_file():
                payload[f"{folder}/attachments/{name}"] = path
                counted[record.id] += _pages(path)
    told = listed.rows(entries, counted, session.snapshot)
    payload[f"{_LISTING}.csv"] = table(list(listed.HEADS), told).encode()
    payload[f"{_LISTING}.xlsx"] = workbook([_sheet(told)])
    payload[f"{_LISTING}.pdf"] = printer.listing(listed.value(of, told, entries, session.snapshot), session.moment.at)
    payload |= register(session, printer, of)
    payload |= _policy(session)
    payload["history.bundle"] = _bundle(session)
    payload["说明.txt"] = _explained(session, of).encode()
    return payload, counted


def _sheet(told: Sequence[Sequence[str]]) -> Page:
    page = Page(_LISTING, frozen=1)
    for column, head in enumerate(listed.HEADS, 1):
        page.put(1, column, Box(head, look="head"))
    for row, cells in enumerate(told, 2):
        for column, cell in enumerate(cells, 1):
            page.put(row, column, Box(cell, form="@"))
    page.widths = dict(enumerate((6, 28, 20, 16, 44, 11, 6, 6, 18), 1))
    return page


def _pages(path: Path) -> int:
    if path.suffix.lower() != ".pdf":
        return 1
    try:
        return pages(path.read_bytes())
    except Exception:  # a damaged attachment is told by `check`; here it counts as one page
        return 1


def _policy(session: Session) -> Payload:
    names = session.ledger.listed(*_POLICY)
    return {f"policy/{name.removeprefix('records/')}": session.root / name for name in names}


def _bundle(session: Session) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.bundle"
        Exchange(session.root).bundle(path)
        return path.read_bytes()


def _explained(session: Session, of: int) -> str:
    return f"""{session.snapshot.school.name} {of}年校务公开档案

{_LISTING}（.xlsx .csv .pdf）  按 DA/T 22—2015 编制
公开登记簿-{of}（.pdf .txt）     这一年的全部编号；.txt 的 SHA-256 即 .pdf 末尾的校验值
Y、D30、D10                   永久、30年、10年：每件一个文件夹，内有公告（PDF/A）、记录（YAML）和附件
policy                        目录、程序、人员、校历：读懂记录所需要的
history.bundle                全部历史；git clone history.bundle 文件夹 即可取出

整包按 BagIt（RFC 8493）制作，在本文件夹的上一层核对每个文件：
    sha256sum -c manifest-sha256.txt
装有 schoolpub 的，schoolpub archive verify 文件夹 另外核对归档以后记录有没有改动。
"""


def inspection(session: Session, printer: Printer, of: int, seed: str) -> Payload:
    """Return what an inspector with one hour needs: lists, register, history, and ten records drawn by *seed*."""
    snapshot, today = session.snapshot, session.today
    payload: Payload = {}
    catalogue = snapshot.in_force(today)
    matrix = coverage.rows(coverage.cells(snapshot, today, of), coverage.occurrences(snapshot, today, of), catalogue)
    payload["1-公开情况.csv"] = _csv(matrix, _COVERAGE)
    year_rows = [row for row in rows.rows(snapshot, today) if (row["posted"] or row["due"])[:4] == str(of)]
    heads = _RECORDS
    payload["2-逾期.csv"] = _csv([row for row in year_rows if row["late_workdays"]], heads)
    reasons = {r.id: str(r.body.get("reason") or "") for r in snapshot.records.values()}
    corrected = [{**row, "reason": reasons[row["id"]]} for row in year_rows if row["edition"] > 1]
    payload["3-更正.csv"] = _csv(corrected, {**heads, "reason": "更正说明"})
    stopped = [row for row in year_rows if row["status"] in ("suspended", "withdrawn")]
    payload["4-撤回与暂停.csv"] = _csv(stopped, heads)
    payload["5-免予公开.csv"] = _csv([row for row in year_rows if row["item"] == "waiver"], heads)
    payload |= {f"6-{name}": data for name, data in register(session, printer, of).items()}
    payload["7-history.bundle"] = _bundle(session)
    posted = [r for r in snapshot.records.values() if _posted_in(session, r, of)]
    public = [r for r in posted if editions.posted(snapshot, r.id) is r]
    chosen = filing.drawn([record.id for record in public], seed)
    for record_id in chosen:
        record = snapshot.records[record_id]
        payload[f"8-抽查/{record_id}.yaml"] = session.workspace.data(record.file)
        payload[f"8-抽查/{record_id}.pdf"] = sheets(session, printer, record)
    payload["8-抽查/抽取办法.txt"] = _draw_explained(seed, [r.id for r in public], chosen).encode()
    return payload


def _posted_in(session: Session, record: Record, of: int) -> bool:
    own = session.snapshot.flow(record)
    post = flow.replay(record, own).last("post") if own else None
    return post is not None and post.at.year == of and flow.status(session.snapshot, record) in flow.PUBLIC_STATUSES


def _csv(found: Sequence[dict[str, object]], heads: dict[str, str]) -> bytes:
    return table(list(heads.values()), [[str(row[key]) for key in heads] for row in found]).encode()


def _draw_explained(seed: str, ids: Sequence[str], chosen: Sequence[str]) -> str:
    out = io.StringIO()
    out.write(f"种子：{seed}\n在下列 {len(ids)} 件中抽取：把种子、换行、记录号、换行合起来算 SHA-256，")
    out.write(f"取最小的 {len(chosen)} 件。\n")
    out.write("任何人都可以重算：printf '%s\\n%s\\n' 种子 记录号 | sha256sum\n\n抽中：\n")
    out.write("".join(f"{record_id}\n" for record_id in chosen) + "\n全部：\n" + "".join(f"{i}\n" for i in sorted(ids)))
    return out.getvalue()


def index(entries: Sequence[Filed]) -> bytes:
    """Return the file numbers as data, by which `archive verify` finds each record again."""
    return json.dumps({entry.record.id: entry.number for entry in entries}, ensure_ascii=False, indent=1).encode()
