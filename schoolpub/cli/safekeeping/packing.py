"""What goes into a year's package: sheets, lists, texts and the history, as name → bytes."""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

from schoolpub.cli.language import tell
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
from schoolpub.views.pages.data import table
from schoolpub.views.sheets import filing as listed
from schoolpub.views.sheets import inspection as listed_for
from schoolpub.views.sheets import notice, yearbook
from schoolpub.views.workbooks.workbook_cells import Box, Page

Payload = dict[str, bytes | Path]

_LISTING = "归档文件目录"
_POLICY = ("records/school.yaml", "records/people.yaml", "records/catalogue", "records/calendar")

_SHOWN = 20
"""How many findings the inspector's first page names."""


def recorded(session: Session) -> None:
    """Raise SchoolpubError when the records in the folder are not those of the history: packed is what was recorded."""
    told = session.ledger.ask("status", "--porcelain", "-z", "--no-renames", "--", "records").decode("utf-8", "replace")
    if changed := [line[3:] for line in told.split("\0") if line]:
        raise SchoolpubError(
            say("These files were changed and not recorded: {files}.", files="、".join(changed[:_SHOWN])),
            fix=say("`schoolpub verify` says what is wrong with them; `git restore FILE` takes a change back"),
        )


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
        piece = _piece(session, printer, record, folder)
        counted[record.id] = sum(_pages(name, held) for name, held in piece.items() if not name.endswith(".yaml"))
        payload |= piece
    told = listed.rows(entries, counted, session.snapshot)
    payload[f"{_LISTING}.csv"] = table(list(listed.HEADS), told).encode()
    payload[f"{_LISTING}.xlsx"] = workbook([_sheet(told)])
    payload[f"{_LISTING}.pdf"] = printer.listing(listed.value(of, told, entries, session.snapshot), session.moment.at)
    payload |= register(session, printer, of)
    payload |= _policy(session)
    payload["history.bundle"] = _bundle(session)
    payload["说明.txt"] = _explained(session, of).encode()
    return payload, counted


def _piece(session: Session, printer: Printer, record: Record, folder: str) -> Payload:
    """Return one 件 below *folder*: the notice, the record, and every file that it names."""
    made: Payload = {
        f"{folder}/{record.id}.pdf": sheets(session, printer, record),
        f"{folder}/{record.id}.yaml": session.workspace.data(record.file),
    }
    for name in dict.fromkeys(name for name, *_ in files_of(record)):
        path = session.root / "records/attachments" / record.id / name
        if path.is_file():
            made[f"{folder}/attachments/{name}"] = path
    return made


def _sheet(told: Sequence[Sequence[str]]) -> Page:
    page = Page(_LISTING, frozen=1)
    for column, head in enumerate(listed.HEADS, 1):
        page.put(1, column, Box(head, look="head"))
    for row, cells in enumerate(told, 2):
        for column, cell in enumerate(cells, 1):
            page.put(row, column, Box(cell, form="@"))
    page.widths = dict(enumerate((6, 28, 20, 16, 44, 11, 6, 6, 18), 1))
    return page


def _pages(name: str, held: bytes | Path) -> int:
    if not name.lower().endswith(".pdf"):
        return 1
    try:
        return pages(held.read_bytes() if isinstance(held, Path) else held)
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


def inspection(session: Session, printer: Printer, of: int, seed: str) -> tuple[Payload, list[str]]:
    """Return what an inspector with one hour needs, and the ids of the records drawn by *seed*."""
    snapshot, today = session.snapshot, session.today
    made = listed_for.lists(snapshot, of, today)
    tables = {"1-公开情况": made.coverage, "2-逾期": made.late, "3-更正": made.corrected, "4-撤回与暂停": made.stopped,
              "5-免予公开": made.waived}  # fmt: skip
    payload: Payload = {f"{name}.csv": table(*told).encode() for name, told in tables.items()}
    payload |= {f"6-{name}": data for name, data in register(session, printer, of).items()}
    payload["7-history.bundle"] = _bundle(session)
    ids = sorted(record.id for record in snapshot.records.values() if _public_since(session, record, of))
    chosen = filing.drawn(ids, seed)
    for record_id in chosen:
        payload |= _piece(session, printer, snapshot.records[record_id], f"8-抽查/{record_id}")
    payload["8-抽查/全部.txt"] = "".join(f"{record_id}\n" for record_id in ids).encode()
    payload["8-抽查/抽取办法.txt"] = _draw_explained(seed, len(ids), chosen).encode()
    page = listed_for.first_page(
        snapshot, of, today, session.ledger.head(), made, _proven(session), len(chosen), seed
    )  # fmt: skip
    return {"0-说明.txt": page.encode(), **payload}, chosen


def _proven(session: Session) -> list[str]:
    """Return what the proof of the history says, in words."""
    from schoolpub.store.proof import proving
    from schoolpub.store.proof.remembered import Memory

    memory = Memory(session.root)
    proof = proving.prove(session.ledger, session.moment.at, memory)
    counted = f"核验全部历史：{proof.commits} 次办理，{proof.steps} 个步骤，{proof.records} 条记录"
    if not proof.findings:
        memory.keep(proof)
        return [f"{counted}，每一处改动都有办理可据。"]
    told = [f"· {f.record or f.file or f.commit[:12]}：{tell(f.message)}" for f in proof.findings[:_SHOWN]]
    return [f"{counted}，有 {len(proof.findings)} 处说不清楚（schoolpub verify 逐处列出）：", *told]


def _public_since(session: Session, record: Record, of: int) -> bool:
    """Return whether *record* was posted in the year *of*, and is what the public sees of it today."""
    own = session.snapshot.flow(record)
    post = flow.replay(record, own).last("post") if own else None
    shown = flow.status(session.snapshot, record) in flow.PUBLIC_STATUSES
    return post is not None and post.at.year == of and shown and editions.posted(session.snapshot, record.id) is record


def _draw_explained(seed: str, count: int, chosen: Sequence[str]) -> str:
    digest = f"""printf '%s\\n%s\\n' {shlex.quote(seed)} "$id" | sha256sum | cut -c1-64"""
    again = f"""while read -r id; do echo "$({digest}) $id"; done < 全部.txt | sort | head -n {len(chosen)}"""
    return (
        f"种子：{seed}\n在 全部.txt 列出的 {count} 件中抽取："
        f"把种子、换行、记录号、换行合起来算 SHA-256，取最小的 {len(chosen)} 件。\n"
        f"任何人都可以在本文件夹重算：\n\n{again}\n\n抽中：\n" + "".join(f"{record_id}\n" for record_id in chosen)
    )


def index(entries: Sequence[Filed]) -> bytes:
    """Return the file numbers as data, by which `archive verify` finds each record again."""
    return json.dumps({entry.record.id: entry.number for entry in entries}, ensure_ascii=False, indent=1).encode()
