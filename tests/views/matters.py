"""Matters of the ledgers for tests: written as the commands would write them, with steps of any day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from schoolpub.store.files.record_file import content_of, new_text
from tests.views.making import CHINA, step

Act = tuple[str, str, Mapping[str, Any]]
"""Step, day, what it says."""

_BY = {
    "receive": ("chen-xi", "公开办"),
    "reply": ("qian-li", "部门负责人"),
    "accept": ("wang-lan", "监督小组"),
    "check": ("chen-xi", "公开办"),
}
_FOLDERS = {"rectification": "rectifications", "improvement": "rectifications"}


def matter(root: Path, record_id: str, title: str, day: str, acts: list[Act], **fields: Any) -> Path:
    """Write the matter *record_id* in *root*; its item is the first part of its id."""
    item = record_id.partition("-2026")[0]
    internal = item in ("report", "mailbox-check", "improvement")
    body = {
        "schoolpub": "1",
        "id": record_id,
        "item": item,
        "catalogue": "2026-01-01",
        "edition": "1",
        "title": title,
        "date": day,
        "department": "办公室",
        "audience": "internal" if internal else "both",
        "fields": fields,
    }
    content = content_of(new_text(body, []).encode())
    steps = []
    for number, (name, when, says) in enumerate(acts):
        at = datetime.combine(date.fromisoformat(when), datetime.min.time(), CHINA).replace(hour=9, minute=number)
        person, role = _BY.get(name, ("chen-xi", "公开办"))
        bound = content if name in ("assign", "reply", "close") else ""
        steps.append(step(name, person, role, at, bound, says))
    file = root / "records" / _FOLDERS.get(item, "feedback") / day[:4] / f"{record_id}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new_text(body, steps), "utf-8")
    return file


def term(root: Path, inside: str = "来信的原话") -> None:
    """Fill the ledgers of *root*: answered, put right, late, declined, asked for, reported; *inside* is never public."""
    about = "finance-monthly-2026-09"
    matter(
        root, "feedback-20261102-aaaa", "食堂菜价为什么上调", "2026-11-02",
        [
            ("receive", "2026-11-02", {"receipt": "意见反馈〔2026〕1号"}),
            ("assign", "2026-11-02", {"department": "总务处", "note": inside}),
            ("reply", "2026-11-04", {"reply": "菜价按采购成本核定，\n明细见财务月报。"}),
            ("rate", "2026-11-06", {"rating": "满意"}),
            ("close", "2026-11-06", {}),
        ],
        channel="热线", kind="询问", topic="食堂菜价为什么上调", text=inside, about=about, from_whom="家长",
    )  # fmt: skip
    matter(
        root, "feedback-20261103-bbbb", "操场灯太暗", "2026-11-03",
        [
            ("receive", "2026-11-03", {"receipt": "意见反馈〔2026〕2号"}),
            ("assign", "2026-11-03", {"department": "总务处"}),
            ("clarify", "2026-11-04", {"question": inside}),
            ("clarified", "2026-11-06", {"answer": inside}),
            ("reply", "2026-11-09", {"reply": "本月更换。"}),
            ("rectify", "2026-11-09", {"rectification": "rectification-20261109-cccc"}),
        ],
        channel="意见箱", kind="意见", topic="操场灯太暗", text=inside,
    )  # fmt: skip
    matter(
        root, "feedback-20261104-cccc", "食堂排队太久", "2026-11-04",
        [("receive", "2026-11-04", {"receipt": "意见反馈〔2026〕3号"})],
        channel="校长信箱", kind="建议", topic="食堂排队太久", text=inside,
    )  # fmt: skip
    matter(
        root, "feedback-20261105-dddd", "要求公开他人成绩", "2026-11-05",
        [
            ("receive", "2026-11-05", {"receipt": "意见反馈〔2026〕4号"}),
            ("decline", "2026-11-06", {"ground": "涉及他人隐私（《中华人民共和国个人信息保护法》）"}),
        ],
        channel="邮箱", kind="意见", topic="要求公开他人成绩", text=inside,
    )  # fmt: skip
    matter(
        root, "disclosure-request-20261103-aaaa", "校服采购过程", "2026-11-03",
        [
            ("receive", "2026-11-03", {"receipt": "点题公开〔2026〕1号"}),
            ("assign", "2026-11-03", {"department": "总务处"}),
            ("reply", "2026-11-10", {"reply": "评审过程已公开，投标文件不公开。", "decision": "部分",
                                     "reason": "投标文件含商业秘密", "answer": about}),
            ("close", "2026-11-12", {}),
        ],
        channel="家长会", topic="校服采购过程", text=inside,
    )  # fmt: skip
    matter(
        root, "report-20261104-aaaa", "举报", "2026-11-04",
        [("receive", "2026-11-04", {"receipt": "举报〔2026〕1号", "note": inside})],
        channel="意见箱",
    )  # fmt: skip
    matter(
        root, "rectification-20261109-cccc", "整改：操场灯太暗", "2026-11-09",
        [
            ("open", "2026-11-09", {}),
            ("plan", "2026-11-09", {"measures": "更换灯具"}),
            ("progress", "2026-11-10", {"progress": inside}),
            ("present", "2026-11-12", {"result": "灯具全部更换，照度达标。"}),
            ("accept", "2026-11-13", {"opinion": inside}),
        ],
        problem="操场灯太暗", source="意见反馈", source_record="feedback-20261103-bbbb", owner="总务主任", due="2026-11-13",
    )  # fmt: skip
    matter(
        root, "improvement-20261109-dddd", f"改进：{inside}", "2026-11-09",
        [("open", "2026-11-09", {})],
        problem=inside, source="评估", source_name="校内评估", owner="教导主任", due="2026-11-30",
    )  # fmt: skip
    matter(
        root, "mailbox-check-20261103-aaaa", "校长信箱开箱记录", "2026-11-03",
        [("check", "2026-11-03", {"note": inside})],
        box="校长信箱", letters="1", registered=["feedback-20261103-bbbb"],
    )  # fmt: skip
