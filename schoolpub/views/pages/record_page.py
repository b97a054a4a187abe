"""The page of one record, and the gravestone of one that was stopped, as plain values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from schoolpub.model.record import Record
from schoolpub.rules.chain import editions, witness
from schoolpub.rules.clock import freshness
from schoolpub.rules.ledgers import findings
from schoolpub.rules.values import read_values
from schoolpub.views import asking, formats, gate_record, places, validity
from schoolpub.views.clock import timing
from schoolpub.views.context import Context
from schoolpub.views.fields import changes, common_fields, field_blocks
from schoolpub.views.ledgers import ledger_card
from schoolpub.views.pages import chain, evidence
from schoolpub.views.pages.cards import Card, Posted, when
from schoolpub.views.sheets import qr
from schoolpub.views.sheets.title_lines import plain

_EXPLANATIONS = {
    "suspended": "这一事项已暂停公开，内容不再显示。恢复公开或者撤回之后，本页随之更新。",
    "withdrawn": "这一事项已撤回公开，内容不再显示。文号和公开经过仍保留在此。",
}


def page(shown: Posted, card: Card, context: Context, held: evidence.Held, *, body: bool) -> dict[str, Any]:
    """Return the page of *shown*; *body* says if its text is offered byte for byte, *held* which files there are."""
    record, item = shown.record, shown.item
    channels = dict(context.seen.catalogues[record.catalogue].channels)
    proofs = chain.proofs(record, shown.played, context, held)
    is_first = record is context.editions[record.base][0]
    verdict = timing.verdict(shown.timing)
    if verdict and not is_first:
        verdict["text"] = f"首版：{verdict['text']}"
    notes = timing.notes(shown.timing, channels)
    return {
        **_head(shown, card),
        "banner": _banner(record, context),
        "stale": _stale(shown, context),
        "changes": changes.since_before(record, item, context),
        "summary": record.summary,
        "zero": "本期没有应公开的内容，特此公告。" if record.zero else "",
        "blocks": blocks(shown, context),
        "says": common_fields.explanations(record, item),
        "common": common_fields.facts(record, context),
        "attachments": _attachments(record),
        "chain": chain.chain(shown.played, context),
        "timing": verdict,
        "timing_notes": notes,
        "working": timing.working(shown.timing.deadline.working if shown.timing.deadline else None),
        "proofs": proofs,
        "evidence": not context.public,
        "notice": timing.notice(shown.notice, context.today) if shown.notice else "",
        "notice_working": timing.working(shown.notice.working if shown.notice else None),
        "basis": [asking.basis(b, context.seen.catalogues[record.catalogue]) for b in item.basis],
        "around": _around(record, context),
        "echo": _echo(record, context),
        "code": _code(shown, context, body),
        "ask": asking.ask(context.seen.school),
        "office": context.seen.school.office.name,
        "opinion": _opinion(record, card, context),
        "downloads": _downloads(record, context, body),
        "editions": _editions(record, context),
        "answers": _answers(record, context),
        "foreign": validity.foreign(context),
    }


def gravestone(shown: Posted, card: Card, context: Context) -> dict[str, Any]:
    """Return the page of a record whose content is not shown any more."""
    altered = not shown.played.vouches_for(shown.record.content)
    explanation = _EXPLANATIONS.get(shown.status, "这一版的内容已停止公开，现行情况见本事项的当前页面。")
    return {
        **_head(shown, card),
        "status_word": card["status_word"] if shown.status in _EXPLANATIONS else "内容已停止公开",
        "explanation": "本件的文字与签发时不一致，核实之前不再显示。" if altered else explanation,
        "chain": chain.chain(shown.played, context),
        "code": {"digest": shown.digest, "short": card["code"]},
        "answers": _answers(shown.record, context),
        "foreign": validity.foreign(context),
        "ask": asking.ask(context.seen.school),
    }


def data(shown: Posted, card: Card) -> dict[str, Any]:
    """Return the record as data: what the page shows, with the values as they were entered."""
    record = shown.record
    return {
        "id": record.id,
        "edition": record.edition,
        "item": record.item,
        "catalogue": record.catalogue.isoformat(),
        "title": plain(record.title),
        "number": card["number"],
        "category": card["category"],
        "department": record.department,
        "audience": record.audience,
        "period": card["period"],
        "date": card["date"],
        "part": record.part,
        "zero": record.zero,
        "status": shown.status,
        "posted": card["day"],
        "due": card["due"],
        "shown": card["shown"],
        "late_workdays": card["late"],
        "notice_from": card["notice_from"],
        "notice_to": card["notice_to"],
        "summary": record.summary,
        "fields": dict(record.fields),
        "names": {key: field.name for key, field in shown.item.fields.items() if key in record.fields},
        "attachments": [
            {"file": a.file, "title": a.title, "sha256": a.sha256, "url": places.attachment(record, a.file)}
            for a in record.attachments
        ],
        "content": record.content,
        "code": shown.digest,
        "url": card["url"],
    }


def _head(shown: Posted, card: Card) -> dict[str, Any]:
    record, item = shown.record, shown.item
    essentials = [
        ("期间" if record.period else item.date_name, card["period_word"]),
        ("原编号", "、".join(card["former_numbers"])),
        ("责任部门", record.department),
        ("公开范围", formats.AUDIENCES.get(record.audience, record.audience)),
        ("公开日期", card["day_word"]),
        ("公示期", formats.span(shown.notice.first, shown.notice.last) if shown.notice else ""),
        ("保管期限", formats.KEEP.get(item.keep, item.keep)),
    ]
    return {
        "id": record.edition_id,
        "title": card["title"],
        "number": card["number"],
        "kicker": f"{item.category}　{item.name}" if item.category else item.name,
        "tags": card["tags"],
        "crumbs": [
            {"text": item.category, "url": places.category(item.category)},
            {"text": item.name, "url": places.item(item.slug)},
        ],
        "essentials": [{"label": label, "text": text} for label, text in essentials if text],
    }


def _banner(record: Record, context: Context) -> dict[str, str] | None:
    current = context.editions[record.base][-1]
    if current is not record:
        return {
            "text": f"这是第{record.edition}版，已由第{current.edition}版替代。",
            "url": _beside(context.url(current)),
            "link": "查看现行版本",
        }
    texts = []
    if any(taken.line.emergency for taken in context.replay(record).taken):
        confirmed = context.replay(record).last("confirm")
        told = f"{formats.day(confirmed.day)}已经追认" if confirmed else "尚待追认"
        texts.append(f"本件未经审批先行紧急公开，{told}。")
    if (since := editions.correcting(context.seen).get(record.base)) is not None:
        texts.append(f"更正中：{formats.day(since)}开始更正。新版公开以前，以本版为准。")
    if record.edition > 1:
        reason = record.body.get("reason")
        told = f"更正说明：{reason}" if isinstance(reason, str) and reason else "此前的版本列在“版本”中。"
        texts.append(f"这是第{record.edition}版。{told}")
    return {"text": "".join(texts), "url": "", "link": ""} if texts else None


def _stale(shown: Posted, context: Context) -> str:
    """Return since when the record should have been looked at again; empty while it is fresh or replaced."""
    since = freshness.stale_from(shown.record, shown.item, context.seen) if shown.status == "posted" else None
    old = {record.id for record, _ in context.stale} if since else ()
    if since is None or shown.record.id not in old:
        return ""
    return f"已超过复核期：自 {formats.day(since)} 起应重新核对，内容可能不是最新，请以学校答复为准。"


def blocks(shown: Posted, context: Context) -> list[field_blocks.Block]:
    """Return the fields of *shown* as blocks; where they refer to nothing, both audiences see the same ones."""
    if context.mentioned(shown.record) or context.around(shown.record.base).rectifications:
        return _blocks(shown, context)
    return context.once("blocks", shown.record, lambda: _blocks(shown, context))


def _blocks(shown: Posted, context: Context) -> list[field_blocks.Block]:
    record, item = shown.record, shown.item
    titles, links = {}, {}
    for base in context.mentioned(record):
        target = context.editions[base][-1]
        for edition in context.editions[base]:
            titles[edition.id] = context.title(target)
            links[edition.id] = _beside(context.url(target))
        titles[base], links[base] = context.title(target), _beside(context.url(target))
    begun = [one for one in context.around(record.base).rectifications if one.id in context.entries]
    for entry in begun:
        titles[entry.id], links[entry.id] = context.title(entry), _beside(context.url(entry))
    told = replace(record, fields=findings.followed_up(record, begun)) if begun else record
    over = gate_record.lists_over(record, item, shown.played.status, context.seen, context.today)
    gone = gate_record.gone_fields(item) - record.fields.keys() if over else frozenset()
    return field_blocks.blocks(
        item,
        read_values(told, item, context.seen.school).values,
        titles=titles,
        links=links,
        attachments=record.attachments,
        gone={key for key in gone if not item.fields[key].optional},
        calendar=context.seen.calendar,
    )


def _attachments(record: Record) -> list[dict[str, str]]:
    return [
        {
            "title": attachment.title or attachment.file,
            "url": _beside(places.link(places.attachment(record, attachment.file))),
            "kind": PurePosixPath(attachment.file).suffix.lstrip(".").upper(),
            "digest": attachment.sha256.removeprefix("sha256:"),
        }
        for attachment in record.attachments
    ]


def _code(shown: Posted, context: Context, body: bool) -> dict[str, Any]:
    record, sign = shown.record, shown.played.sign_off
    if sign is None or not shown.digest:
        return {"digest": "", "short": "", "qr": "", "lines": [], "recipe": "", "body": "", "body_name": ""}
    lines = witness.lines(record, sign).splitlines()
    url = places.record(record, current=True)
    return {
        "digest": shown.digest,
        "short": witness.short(shown.digest),
        "qr": context.squares.picture(qr.address(context.seen.school.site + url, shown.digest)),
        "lines": lines,
        "recipe": "printf '%s\\n' " + " ".join(_quoted(line) for line in lines) + " | sha256sum",
        "body": _beside(body_text(record)) if body else "",
        "body_name": PurePosixPath(body_text(record)).name,
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def body_text(record: Record) -> str:
    """Return where the body of *record* is offered byte for byte."""
    return f"records/{record.edition_id}.body.txt"


def _opinion(record: Record, card: Card, context: Context) -> dict[str, str]:
    """Return how to write in about *record*: a letter with its subject, the same as a square code for a telephone."""
    title, named = context.title(record), card["number"] or record.edition_id
    lines = f"我对《{title}》（{record.edition_id}）有以下意见：\r\n\r\n"
    letter = asking.letter(context.seen.school, f"意见：{named} {title}", lines)
    # The square code says less, so that it stays coarse enough for any telephone.
    square = context.squares.picture(asking.letter(context.seen.school, f"意见：{named}")) if letter else ""
    return {"letter": letter, "qr": square}


def _downloads(record: Record, context: Context, body: bool) -> list[dict[str, str]]:
    stem = _beside(context.url(record)).removesuffix(".html")
    links = [
        {"name": "数据（JSON）", "url": f"{stem}.json"},
        {"name": "数据（CSV，可用表格软件打开）", "url": f"{stem}.csv"},
    ]
    if body:
        links.append({"name": "正文原文（逐字节）", "url": _beside(body_text(record))})
    return links


def _editions(record: Record, context: Context) -> list[dict[str, Any]]:
    found = []
    for edition in reversed(context.editions[record.base]):
        played = context.replay(edition)
        post = played.last("post") or played.taken[-1].step
        reason = edition.body.get("reason")
        found.append(
            {
                "name": f"第{edition.edition}版",
                "url": _beside(context.url(edition)),
                "here": edition is record,
                "current": context.is_current(edition),
                "day": post.day.isoformat(),
                "day_word": formats.day(post.day),
                "reason": reason if isinstance(reason, str) else "",
            }
        )
    return found


def _answers(record: Record, context: Context) -> list[dict[str, str]]:
    """Return for each edition what a sheet of it is told: its whole code is behind `#` in the square."""
    found = []
    for edition in context.editions[record.base]:
        if sign := context.replay(edition).sign_off:
            told = validity.of_record(edition, context)
            found.append({"digest": witness.digest(edition, sign), "kind": told["kind"], "text": told["text"]})
        void = validity.set_aside(edition, context).items()
        found += [{"digest": code, "kind": told["kind"], "text": told["text"]} for code, told in void]
    return found


def _around(record: Record, context: Context) -> list[dict[str, str]]:
    """Return the records that this one refers to and those that refer to it."""
    refers = [(context.editions[base][-1], "本页引用") for base in sorted(context.mentioned(record))]
    referring = [(context.seen.records[key], "引用本页") for key in context.mentions.get(record.base, [])]
    return [
        {"title": context.title(other), "url": context.url(other), "how": how, **_about(other, context)}
        for other, how in refers + referring
        if other.base != record.base
    ]


def _echo(record: Record, context: Context) -> list[dict[str, Any]]:
    """Return what was said about *record* and what came of it: the matters of the ledgers around it."""
    near = context.around(record.base)
    found = [
        ledger_card.card(other, context)
        for members in (near.feedback, near.requests, near.rectifications)
        for other in members
        if other.id in context.entries
    ]
    results = (r for r in near.results if r.base != record.base and r.base in context.editions)
    told = {"item_name": "整改结果", "tags": [], "excerpt": ""}
    return found + [{"title": context.title(r), "url": context.url(r), **_about(r, context), **told} for r in results]


def _about(other: Record, context: Context) -> dict[str, str]:
    return {"day": _iso(other), "day_word": when(other, context)}


def _iso(other: Record) -> str:
    day = other.date or (other.period.first if other.period else other.catalogue)
    return day.isoformat()


def _beside(url: str) -> str:
    """Return an address from the site's root as it is written in a page of a record."""
    return url.removeprefix("records/")
