"""这张公告还有效吗: what a witness code says, in words, for the site's page, the record's page and the terminal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from schoolpub.model.record import Record
from schoolpub.rules.chain import validity, witness
from schoolpub.rules.chain.validity import Standing
from schoolpub.views import formats
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card
from schoolpub.views.sheets.title_lines import plain

Words = dict[str, str]

_SHORT = {
    "current": "现行有效",
    "correcting": "有效，更正中",
    "corrected": "已更正，以新版为准",
    "over": "公示期满，应已撤下",
    "suspended": "暂停公开，应已撤下",
    "withdrawn": "撤回公开，应已撤下",
    "void": "已作废",
    "signed": "已签发，尚未公开",
    "draft": "尚未签发",
    "outdone": "已作废，以另一处签发的为准",
    "undone": "已作废，这一次签发后来撤回",
}


def words(standing: Standing) -> Words:
    """Return *standing* as `kind` (good, old or bad), a `short` word and a whole `text`."""
    since = formats.day(standing.since) if standing.since else ""
    number = f"第{standing.record.edition}版"
    match standing.kind:
        case "current":
            text = f"有效：与学校签发的{number}一致，内容现行有效。"
        case "correcting":
            text = f"有效，正在更正：与学校签发的{number}一致；{since}开始更正，新版公开以前仍以这一版为准。"
        case "corrected":
            later = standing.current.edition if standing.current else standing.record.edition + 1
            text = f"已更正：这是{number}，{since}公开了更正后的版本，请以现行的第{later}版为准。"
        case "over":
            text = f"公示期已满：由学校签发，{since}起应当撤下，不应继续张贴。"
        case "suspended":
            text = f"已暂停公开：由学校签发，{since}起停止公开，应当撤下。"
        case "withdrawn":
            text = f"已撤回公开：由学校签发，{since}起停止公开，应当撤下。"
        case "void":
            text = "已作废：签发以后作废，没有公开，不应张贴。"
        case "draft":
            text = "尚未签发：记录还在办理，不应张贴。"
        case "outdone":
            text = "已作废：这一件有两处办理，以另一处办理的为准，这一张应当撤下。"
        case "undone":
            text = "已作废：这一次签发后来撤回，重新签发的才算数，这一张应当撤下。"
        case _:
            text = "已签发，尚未办理公开手续。"
    kind = "good" if standing.kind in validity.GOOD else "old"
    return {"kind": kind, "short": _SHORT.get(standing.kind, standing.kind), "text": text}


def _by_number(standing: Standing) -> str:
    """Return how *standing* is told to whom gave no code: nothing is said of what his sheet holds."""
    return f"现在：{words(standing)['short']}。"


def of_record(record: Record, context: Context) -> Words:
    """Return how *record*, which the audience may see, stands on the day of the site."""
    return words(validity.standing(record, context.seen, context.today))


def set_aside(record: Record, context: Context) -> dict[str, Words]:
    """Return what is said of the sheets of *record* that were genuine and do not count, by their codes."""
    return {code: words(standing) for code, standing in validity.set_aside(record, context.seen.flow(record))}


def page(cards: Collection[Card], context: Context) -> dict[str, Any]:
    """Return the page of all codes, for whoever holds a sheet in their hand."""
    return {
        "lead": "纸质公告上印有核对码。输入核对码或文号，就知道手中的公告是不是学校签发的，现在还有没有效。",
        "unknown": foreign(context),
        "mistyped": "核对码输错了：最后一个校验字符对不上，请对照纸面再输一次。",
        "numbered": "这是按文号查到的：纸上的内容与签发的是不是一致，要输入核对码才知道。",
        "no_number": f"截至{formats.day(context.today)}，{_shown(context)}过的公告没有这个文号。",
        "several": "这个文号不止一份公告用过，请用核对码分辨。",
        "rows": [
            *(_row(card, context) for card in cards if card["code"]),
            *(row for card in cards for row in _void_rows(card, context)),
        ],
    }


def foreign(context: Context) -> str:
    """Return what is said of a code that no sheet of this site has: the page may be older than the sheet."""
    return (
        f"核对不一致：{_shown(context)}过的公告都没有这个核对码。先对照纸面再核对一次；"
        "没有输错，也不是刚刚签发、网页还没有更新的，请向学校或主管部门反映。"
    )


def _shown(context: Context) -> str:
    return "学校对外公开" if context.public else "学校公开"


def _record(card: Card, context: Context) -> Record:
    return next(r for r in context.editions[card["base"]] if r.edition == card["edition"])


def _row(card: Card, context: Context) -> dict[str, Any]:
    return _told(card, card["digest"], of_record(_record(card, context), context))


def _void_rows(card: Card, context: Context) -> list[dict[str, Any]]:
    """Return the codes of sheets that were genuine and do not count."""
    void = set_aside(_record(card, context), context)
    return [{**_told(card, code, told), "numbers": ""} for code, told in void.items()]


def _told(card: Card, digest: str, told: Words) -> dict[str, Any]:
    return {
        "short": witness.short(digest),
        "digest": digest,
        "title": card["title"],
        "url": card["url"],
        "number": card["number"],
        "former": [f"（原{number}）" for number in card["former_numbers"]],
        "numbers": " ".join((card["number"], *card["former_numbers"])),
        "edition": card["edition"],
        "state": told["short"],
        "kind": told["kind"],
        "answer": told["text"],
    }


def text(answer: validity.Answer, snapshot_day: date, *, digest: bool = False) -> list[str]:
    """Return *answer* as lines for a terminal; with *digest* 64 hexadecimal digits were typed."""
    if answer.kind == "mistyped":
        return ["这不是完整的核对码，或者抄错了字符：最后一个校验字符对不上，请对照纸面再输一次。"]
    if answer.kind == "unknown":
        return [
            f"与记录不符：截至{formats.day(snapshot_day)}，签发过的记录都没有这个核对码。",
            "纸上的内容、签发的时间或者签发以前的历史，至少有一样与今天的记录不同。",
            "先核对有没有抄错；没有抄错的，用 schoolpub verify 核验历史，并保存好这张纸。",
            *(["这是登记簿末尾的校验值的，请改输它上面一行的登记簿核对码。"] if digest else []),
        ]
    lines = []
    for standing in answer.standings:
        record = standing.record
        lines.append(f"{plain(record.title)}（{record.edition_id}）")
        if answer.kind != "altered":
            lines.append(_by_number(standing) if answer.by == "number" else words(standing)["text"])
    if answer.kind == "altered":
        lines += ["与历史不符：核对码与文件相符，但文件有没有登记的改动，或者签发以前的历史已被改写。",
                  "用 schoolpub verify 核验历史，并保存好这张纸。"]  # fmt: skip
    elif answer.by == "text":
        lines.append("这是登记表上的文本码，只管正文的文字，不管签发时间和以前的历史。")
    elif answer.by == "number":
        lines.append("这是按文号查到的：纸上的内容与签发的是不是一致，要输入核对码才知道。")
    return lines


def register(year: int, commit: str, count: int, digest: str) -> list[str]:
    """Return that a yearly register is what today's history gives, as lines for a terminal."""
    return [
        f"{year}年校务公开登记簿，{count} 个编号，历史截至 {commit[:12]}",
        "相符：由今天的历史重新编出截至那次提交的登记簿，逐行相同。",
        f"校验值（SHA-256）：{digest}",
    ]


def foreign_register(commit: str) -> list[str]:
    """Return that a yearly register contradicts today's history, which may still hold the *commit* that it names."""
    why = (
        f"历史里有登记簿所说的那次提交（{commit[:12]}），但由它得出的登记簿不同。"
        if commit
        else "历史里没有登记簿所说的那次提交：这份历史比登记簿旧，或者登记簿编制以前的历史已被改写、删减。"
    )
    return [f"与历史不符：{why}", "用 schoolpub verify 核验历史，并保存好这份登记簿。"]


def data(answer: validity.Answer) -> dict[str, Any]:
    """Return *answer* for a script."""
    return {
        "standing": answer.kind,
        "good": answer.kind in validity.GOOD and answer.by != "number",
        "words_only": answer.by == "text",
        "by": answer.by,
        "records": [
            {
                "id": standing.record.edition_id,
                "standing": standing.kind,
                "since": standing.since.isoformat() if standing.since else "",
                "current": standing.current.edition_id if standing.current else "",
                "message": words(standing)["text"],
            }
            for standing in answer.standings
        ],
    }
