"""About the data: what is offered, in which form, how it is checked; and the page of all codes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from schoolpub.rules.chain import witness
from schoolpub.rules.checks.let_pass import in_force
from schoolpub.views import formats, places
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card


def about(context: Context) -> dict[str, Any]:
    """Return the page about the data."""
    scope = "对外公开" if context.public else "对内、对外公开"
    return {
        "lead": f"本站由学校的公开记录自动生成，内容截至 {formats.day(context.today)}。",
        "sections": [
            {
                "name": "下载",
                "paragraphs": [f"以下文件与页面内容一致，包含全部{scope}事项；每件事项的页面另有单件下载。"],
                "links": [
                    _link("records.json", "全部事项（JSON）"),
                    _link("records.csv", "全部事项（CSV）", "UTF-8，可用表格软件打开"),
                    _link("codes.json", "全部核对码（JSON）"),
                    {**_link("feed.xml", "订阅更新（Atom）"), "download": False},
                    _link(places.DUTIES, "公开期限（ICS，可导入日历）"),
                    _link("build.json", "本次生成的清单", "每个文件的 SHA-256"),
                ],
                "lines": [],
            },
            {
                "name": "怎样保证内容没有改动",
                "paragraphs": [
                    "每件事项签发后，正文不再改动。需要更正的，另出新版，经同样的程序签发；旧版仍可查阅。",
                    "核对码由正文、签发时间和签发前的全部记录算出，印在纸质公告上。"
                    "任何人都可以按事项页面上的五行文字重新计算：结果与纸上相同，说明内容没有改动。",
                    "手机扫描纸上的方形码，会打开对应的页面，并自动比对。没有手机的，在“这张公告还有效吗”一页输入核对码。",
                ],
                "links": [{**_link(places.CODES, "这张公告还有效吗"), "download": False}],
                "lines": [],
            },
            {
                "name": "怎样计算期限",
                "paragraphs": [
                    "工作日按国务院办公厅公布的放假安排计算，调休上班的周末计为工作日；起算当日不计入期限。",
                    "所涉年份的放假安排尚未公布时，按周一至周五推算，并注明“推算”。",
                    "“实际公开”是目录要求的各种公开形式中，最晚取得凭证的一天。逾期公开的，照实显示。",
                ],
                "links": [],
                "lines": [],
            },
            {
                "name": "个人信息",
                "paragraphs": [
                    "每件事项在写入前检查个人信息。检查结果经人核实放行的，须写明理由、放行人和期限，到期重新检查。"
                    f"现在放行的有 {len(in_force(context.seen.school, context.today))} 处。"
                ],
                "links": [],
                "lines": [],
            },
            {
                "name": "用命令核对全站文件",
                "paragraphs": ["build.json 列出每个文件的 SHA-256。下载整站后，可以用下面的命令核对某个文件："],
                "links": [],
                "lines": ["sha256sum records.json"],
            },
        ],
    }


def _link(url: str, name: str, hint: str = "") -> dict[str, Any]:
    return {"url": url, "name": name, "hint": hint, "download": True}


def codes_data(cards: Collection[Card], context: Context) -> dict[str, Any]:
    """Return `codes.json`."""
    return {
        "format": witness.FORMAT,
        "school": context.seen.school.name,
        "date": context.today.isoformat(),
        "codes": [
            {
                "id": card["id"],
                "code": card["digest"],
                "short": card["code"],
                "content": card["content"],
                "status": card["status"],
                "url": card["url"],
            }
            for card in cards
            if card["code"]
        ],
    }
