"""The page of one matter in a ledger: what it was about, the answer, the result, the way it took and its clock."""

from __future__ import annotations

from typing import Any

from schoolpub.model.record import Record, Step
from schoolpub.rules.chain import flow as flows
from schoolpub.rules.ledgers import clock, rectification
from schoolpub.rules.ledgers.around import RECTIFICATIONS, Around
from schoolpub.views import asking, formats, places
from schoolpub.views.clock import timing
from schoolpub.views.context import Context
from schoolpub.views.ledgers import ledger_card, ledger_rows, ledgers
from schoolpub.views.ledgers.ledger_card import Card

_LABELS = {
    "department": "转", "question": "请补充", "reply": "", "decision": "决定", "reason": "理由", "rating": "评价",
    "organisation": "移送", "ground": "依据", "days": "延长", "until": "期限改为", "progress": "", "result": "结果",
    "measures": "措施", "effect": "效果", "opinion": "意见", "text": "",
}  # fmt: skip
"""What a step says → the word before it; the rest is not told in words."""
_LINKS = {"into": "并入", "rectification": "整改", "record": "结果", "answer": "公开"}
_KINDS = {"reply": "approves", "accept": "approves", "republish": "posts", "close": "posts"}
_STOPS = frozenset({"clarify", "transfer", "merge", "decline", "refuse", "reopen"})


def page(record: Record, told: Card, context: Context) -> dict[str, Any]:
    """Return the page of *record*, whose entry in the ledger is *told*."""
    ledger = ledgers.of_item(record.item)
    replies = [step for step in record.steps if step.step == "reply" and step.said("reply")]
    return {
        "kicker": ledger.name,
        "title": told["title"],
        "number": told["receipt"],
        "tags": told["tags"],
        "crumbs": [{"text": ledger.name, "url": ledger.path}],
        "essentials": _essentials(told),
        "reply": _paragraphs(replies[-1].said("reply")) if replies else [],
        "decision": told["decision_word"],
        "reason": replies[-1].said("reason") if replies else "",
        "ground": next((s.said("ground") for s in reversed(record.steps) if s.step == "decline"), ""),
        "pair": _pair(record, told, context) if record.item in RECTIFICATIONS else None,
        "inside": _inside(record, context),
        "chain": [_step(taken, context) for taken in context.replay(record).taken],
        "clocks": _clocks(record, context),
        "links": _links(record, context),
        "ask": asking.ask(context.seen.school),
        "letter": asking.letter(context.seen.school, f"{told['item_name']} {told['number']}"),
        "office": context.seen.school.office.name,
    }


def _essentials(told: Card) -> list[dict[str, str]]:
    put_right = told["item"] in RECTIFICATIONS
    rows = [
        ("立项日期" if put_right else "收到日期", told["day_word"]),
        ("来源" if put_right else "类别", told["kind"]),
        ("渠道", told["channel"]),
        ("责任岗位" if told["owner"] else "办理部门", told["owner"] or told["department"]),
        ("整改期限" if put_right else "应答复日期", told["due_word"]),
        ("报验日期" if put_right else "答复日期", told["done_word"]),
        ("状态", told["status_word"]),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def _pair(record: Record, told: Card, context: Context) -> dict[str, Any]:
    """Return problem and result, to stand side by side."""
    stands = rectification.standing(context.seen, record, context.today)
    notes = []
    if stands.accepted:
        notes.append(f"{formats.day(stands.accepted.day)}验收")
    if stands.opinions_until:
        notes.append(f"再次征求意见至{formats.day(stands.opinions_until)}")
    if stands.closed:
        notes.append(f"{formats.day(stands.closed)}销号")
    if stands.reopened:
        notes.append(f"重新整改{stands.reopened}次")
    if stands.extended:
        notes.append(f"延期{stands.extended}次")
    return {
        "problem": told["title"],
        "measures": _paragraphs(stands.measures),
        "result": _paragraphs(told["text"]),
        "effect": _paragraphs(stands.effect.said("effect") if stands.effect else ""),
        "link": told["result"],
        "notes": "；".join(notes),
    }


def _inside(record: Record, context: Context) -> list[str]:
    """Return the words of who wrote in: the gate leaves them to the school itself only."""
    text = record.fields.get("text")
    return _paragraphs(text) if isinstance(text, str) and not context.public else []


def _step(taken: flows.Taken, context: Context) -> dict[str, Any]:
    step = taken.step
    who = f"{step.role} {context.seen.people.name(step.by)}" if step.by else ""
    return {
        "name": taken.line.name,
        "who": who,
        "day": step.day.isoformat(),
        "day_word": formats.day(step.day),
        "kind": "stops" if step.step in _STOPS else _KINDS.get(step.step, ""),
        "lines": _lines(step),
        "links": [
            {"label": label, **target}
            for key, label in _LINKS.items()
            if (target := ledger_card.link(step.said(key), context))
        ],
    }


def _lines(step: Step) -> list[str]:
    found = []
    for key, label in _LABELS.items():
        if text := step.said(key):
            text = formats.count(text) if key == "days" else ledger_card.word(text) if key == "until" else text
            found += [f"{label}：{text}" if label and "\n" not in text else text]
    return found


def _clocks(record: Record, context: Context) -> list[dict[str, Any]]:
    """Return each round of the clock in words, with the counting day by day and where it stood still."""
    told = ledger_rows.rounds(record, context.seen, context.today)
    counted = clock.rounds(record, context.seen)
    return [
        {
            "name": f"第{one['round']}轮" if len(told) > 1 else "",
            "words": one["words"],
            "late": bool(one["late_workdays"]),
            "stops": [_stop(stop) for stop in found.stops],
            "working": timing.working(found.deadline.working if found.deadline else None),
        }
        for one, found in zip(told, counted, strict=True)
    ]


def _stop(stop: clock.Stop) -> str:
    if stop.answered is None:
        return f"自{formats.day(stop.asked)}起等待补充说明，期限停止计算"
    days = (stop.answered - stop.asked).days
    return f"{formats.span(stop.asked, stop.answered)}等待补充说明，停止计算{days}日"


def _links(record: Record, context: Context) -> list[dict[str, str]]:
    """Return what the matter is about and what came of it."""
    found: dict[str, dict[str, str]] = {}

    def add(record_id: object, how: str) -> None:
        target = ledger_card.link(record_id, context) if isinstance(record_id, str) else None
        if target:
            found.setdefault(target["url"], {**target, "how": how})

    add(record.fields.get("about"), "针对的公开事项")
    add(record.fields.get("source_record"), "来源")
    near = context.around(record.base)
    for members, how in named(near):
        for other in members:
            add(other.id, how)
    found.pop(places.record(record, current=True), None)
    return list(found.values())


def named(near: Around) -> list[tuple[tuple[Record, ...], str]]:
    """Return the kinds of what stands around a record, each with its name."""
    return [
        (near.feedback, "意见反馈"), (near.requests, "点题公开"), (near.rectifications, "整改"),
        (near.results, "整改结果"), (near.hearings, "会议纪要"),
    ]  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
