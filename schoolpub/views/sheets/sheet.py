"""What the printed sheets have in common: the record as it may hang, its marks, number, code, chain, whom to ask.

The record goes through the gate first, as if it were posted today, so that a sheet never shows more than the page of
its audience.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from schoolpub.model.catalogue import Field, Flow, Item
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.school import Contact
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, witness
from schoolpub.rules.chain.flow import Replay, replay
from schoolpub.rules.chain.numbering import number_of
from schoolpub.rules.clock.deadlines import due_of, lateness, notice_of
from schoolpub.rules.clock.proofs import proofs_of
from schoolpub.rules.values import Value, read_values
from schoolpub.views import formats, gate, gate_record, places
from schoolpub.views.fields import field_blocks
from schoolpub.views.sheets import qr
from schoolpub.views.sheets.title_lines import plain

UNSIGNED = "未签发，仅供校对"
SAMPLE = "示例"
INTERNAL = "对内公开"

_STOPPED = {"suspended": "已暂停公开，请勿张贴", "withdrawn": "已撤回，请勿张贴", "void": "已作废，请勿张贴"}
_AFTER_SIGN_OFF = frozenset(
    {"post", "prove", "takedown", "end", "renumber", "remark", "suspend", "resume", "withdraw", "file"}
)


@dataclass(frozen=True)
class Sheet:
    """A record on its way to paper; every part is worked out when it is asked for."""

    snapshot: Snapshot
    record: Record
    today: date

    @cached_property
    def item(self) -> Item:
        """The item in the record's own edition of the catalogue; a bare one when the edition is not there."""
        known = self.snapshot.item(self.record)
        if known is None:
            return Item(slug=self.record.item, name=self.record.title, category="", department="", flow="")
        return replace(known, fields=_open(known.fields))

    @cached_property
    def flow(self) -> Flow:
        """The flow that the record takes."""
        return self.snapshot.flow(self.record) or Flow(key="", name="", steps=())

    @cached_property
    def played(self) -> Replay:
        """The record's steps, played through its flow."""
        return replay(self.record, self.flow)

    @cached_property
    def signed(self) -> Step | None:
        """The sign-off from which the witness code exists, None for a draft."""
        return self.played.sign_off

    @property
    def public(self) -> bool:
        """Whether the sheet may hang where the public reads it."""
        return "internal" not in (self.record.audience, self.item.audience)

    @property
    def title(self) -> str:
        """The title without its marks for line breaks."""
        return plain(self.record.title)

    @cached_property
    def shown(self) -> Record:
        """The record as the sheet's readers may see it today."""
        around = {
            r: self.snapshot.records[r]
            for r in mentioned([self.record.fields, self.record.body])
            if r in self.snapshot.records
        }
        audience = gate.PUBLIC if self.public else gate.INTERNAL
        seen = gate.seen_by(replace(self.snapshot, records=around), audience, self.today).records
        as_posted = Replay("ended" if self.played.status == "ended" else "posted", self.played.taken)
        visible = frozenset(record.base for record in seen.values())
        opened = gate_record.Gate(self.snapshot, visible, self.today, self.public)
        return opened.reduced(self.record, as_posted, stopped=False)

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """The fields as they may be shown, typed."""
        return read_values(self.shown, self.item, self.snapshot.school).values

    @cached_property
    def blocks(self) -> list[dict[str, Any]]:
        """The fields as plain blocks."""
        records = self.snapshot.records
        titles = {key: plain(records[key].title) for key in mentioned(self.shown.fields) if key in records}
        over = gate_record.lists_over(self.record, self.item, self.played.status, self.snapshot, self.today)
        gone = (
            gate_record.gone_fields(self.item) & self.record.fields.keys() - self.shown.fields.keys()
            if over
            else frozenset()
        )
        notice = self.item.notice
        # The notice period has a place of its own on every sheet.
        told = {notice.first, notice.last, notice.range} if notice and self.notice else set()
        return field_blocks.blocks(
            self.item,
            {key: entry for key, entry in self.values.items() if key not in told},
            titles=titles,
            attachments=self.shown.attachments,
            gone=gone,
            calendar=self.snapshot.calendar,
        )

    @property
    def number(self) -> str:
        """The official number, empty before sign-off."""
        return number_of(self.record)

    @property
    def series(self) -> str:
        """The number within a series of its own (招生公告 第02号), or nothing."""
        series = self.record.body.get("series")
        return f"{series.get('name') or ''}{series.get('number') or ''}" if isinstance(series, dict) else ""

    @property
    def marks(self) -> list[str]:
        """What must stand on every page: sample, draft, internal, an emergency, an edition that no longer counts."""
        found = [SAMPLE] if self.snapshot.school.sample else []
        if self.record.edition > 1:
            found.append(f"第{self.record.edition}版")
        if any(taken.line.emergency for taken in self.played.taken):
            found.append("紧急公开" if self.played.last("confirm") else "紧急公开，待追认")
        if self.played.status in _STOPPED:
            found.append(_STOPPED[self.played.status])
        elif editions.superseded(self.snapshot, self.record):
            found.append("已有更正版，请勿张贴")
        elif self.signed is None:
            found.append(UNSIGNED)
        if self.signed is not None and not self.public:
            found.append(INTERNAL)
        return found

    @property
    def senders(self) -> list[str]:
        """Who issues the sheet: the organisations that the record names, else the school."""
        issuers = self.record.body.get("issuers")
        named = [name for name in issuers if isinstance(name, str)] if isinstance(issuers, list) else []
        return named or [self.snapshot.school.name]

    @property
    def date(self) -> str:
        """The day of sign-off, which is the date of the document; a blank to fill in before."""
        return formats.day(self.signed.day) if self.signed else "　　年　　月　　日"

    @property
    def page(self) -> str:
        """The address of the record's page, empty when the school has no site."""
        site = self.snapshot.school.site
        return f"{site.rstrip('/')}/{places.record(self.record, current=True)}" if site and self.public else ""

    @cached_property
    def code(self) -> dict[str, Any] | None:
        """The witness code: the short one for people, the whole one as a QR picture; None before sign-off."""
        if self.signed is None:
            return None
        digest = witness.digest(self.record, self.signed)
        short = witness.short(digest)
        address = self.page or self.record.edition_id
        where = "扫码或在学校网站核对" if self.page else f"可到{self.snapshot.school.office.name}核对"
        lines = [f"核对码：{short}", where]
        return {
            "short": short,
            "digest": digest,
            "qr": qr.qr(address, digest),
            "qr_text": qr.address(address, digest),
            "lines": lines,
        }

    @property
    def chain(self) -> list[str]:
        """The steps that vouch for the text, with their dates: `报送（11月3日）`, `部门审核（11月4日）`."""
        return [
            f"{taken.line.name}（{taken.step.day.month}月{taken.step.day.day}日）"
            for taken in self.played.round
            if taken.step.step not in _AFTER_SIGN_OFF or taken.line.emergency
        ]

    @property
    def timing(self) -> str:
        """Whether the deadline was kept (应公开 …，实际公开 …，逾期 N 个工作日), as of today; empty without one."""
        posted = self.played.last("post")
        due = due_of(self.record, self.item, self.snapshot)
        day = due.date if due else _said_day(posted)
        if day is None or self.record.edition > 1:
            return ""
        shown = proofs_of(self.record, self.played, self.item, self.snapshot.school).shown
        done = shown or (posted.day if posted else None)
        late = lateness(day, done or self.today, self.snapshot.calendar)
        word = "实际公开" if shown else "发布" if done else "制作"
        actual = f"，{word}{formats.day(done or self.today)}" if done or late else ""
        verdict = f"，逾期{late}个工作日" if late else "，按期" if done else ""
        guess = "（推算）" if due and due.provisional else ""
        return f"应公开{formats.day(day)}{guess}{actual}{verdict}"

    @cached_property
    def notice(self) -> list[str]:
        """The notice period and its length: `2026年11月3日至2026年11月9日`, `（5个工作日）`; empty without one."""
        period = notice_of(self.record, self.item, self.snapshot)
        if period is None:
            return []
        span = formats.span(period.first, period.last)
        return [span, f"（{period.counted}{'个工作日' if period.unit == 'wd' else '日'}）"] if period.last else [span]

    @property
    def contacts(self) -> list[str]:
        """Whom to ask and where to complain, one line each: the record's own contacts, else the school's for its kind.

        A school may have a hotline for fees, one for the canteen …: on a sheet stand its first one and those that its
        category is about.
        """
        school = self.snapshot.school
        lines = list(_telephones(self.record.body.get("contacts")))
        if not lines:
            about = [c for c in school.hotlines[1:] if self.item.category and self.item.category[:2] in c.name]
            known = (school.office, *school.hotlines[:1], *about)
            lines += [_contact(contact) for contact in known if contact.telephone or contact.place]
        if school.authority:
            lines.append(_contact(school.authority, "监督单位："))
        return list(dict.fromkeys(lines))

    @property
    def objection(self) -> str:
        """How to object during the notice period, or nothing."""
        if not self.notice:
            return ""
        how = "以真实姓名" if self.record.body.get("real_name_only") in ("yes", "是") else "以书面或电话形式"
        return f"对公示内容有异议的，请在公示期内{how}向{self.snapshot.school.office.name}反映。"

    @property
    def words(self) -> tuple[str, ...]:
        """Names that stay whole when a title is broken into lines."""
        school = self.snapshot.school
        return (self.item.name, school.name, self.record.department, *school.departments)

    @property
    def attachments(self) -> list[str]:
        """The titles of the attachments."""
        return [a.title or a.file for a in self.shown.attachments]


def _said_day(post: Step | None) -> date | None:
    try:
        return date.fromisoformat(post.said("due")) if post and post.said("due") else None
    except ValueError:
        return None


def _open(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {
        key: replace(field, columns=_open(field.columns)) if field.columns else field
        for key, field in fields.items()
        if field.privacy != "restricted"
    }


def mentioned(tree: object) -> Iterator[str]:
    """Yield every text in *tree*: the ids of other records are among them."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for part in tree.values():
            yield from mentioned(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from mentioned(part)


def _contact(contact: Contact, duty: str = "") -> str:
    parts = [part for part in (contact.telephone, contact.place, contact.hours) if part]
    if duty:
        return duty + "，".join((contact.name, *parts))
    return f"{contact.name}：{'，'.join(parts)}"


def _telephones(value: Tree) -> Iterator[str]:
    if isinstance(value, str):
        yield from (line.strip() for line in value.splitlines() if line.strip())
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict):
                yield "：".join(str(v) for v in (entry.get("label"), entry.get("number")) if v)
            elif isinstance(entry, str):
                yield entry


_SPACED_UNIT = re.compile(r"(?<=\d) (?=[^\s\d]{1,6}$)")


def tight(text: str) -> str:
    """Return *text* without the space between a figure and its unit, as paper has it: `152,300.00元`."""
    return _SPACED_UNIT.sub("", text)
