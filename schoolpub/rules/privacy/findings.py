"""One piece of personal data in a text, and the laws that speak of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from schoolpub.errors import Level


class Kind(StrEnum):
    """What kind of personal data was found; problems are called `personal-` and this."""

    ID = "id"
    PASSPORT = "passport"
    PHONE = "phone"
    CARD = "card"
    BIRTH = "birth"
    ADDRESS = "address"
    EMAIL = "email"
    ASKED = "asked"
    """A public text that asks for such data."""
    HEAD = "head"
    """A column head under which such data stands."""
    MARKS = "marks"
    """Names beside marks or ranks."""
    AID = "aid"
    """A pupil's name beside aid or hardship."""
    SANCTION = "sanction"
    """A pupil's name beside a punishment."""
    HEALTH = "health"
    """A pupil's name together with an illness."""
    NAME = "name"
    """A pupil's full name."""


LAWS = {
    Kind.ID: "教财厅函〔2017〕28号",
    Kind.PASSPORT: "个人信息保护法第二十五条",
    Kind.PHONE: "个人信息保护法第二十五条",
    Kind.CARD: "个人信息保护法第二十八条",
    Kind.BIRTH: "教财厅函〔2017〕28号",
    Kind.ADDRESS: "教财厅函〔2017〕28号",
    Kind.EMAIL: "个人信息保护法第二十五条",
    Kind.ASKED: "个人信息保护法第六条",
    Kind.HEAD: "教财厅函〔2017〕28号",
    Kind.MARKS: "未成年人学校保护规定（教育部令第50号）",
    Kind.AID: "教财厅函〔2017〕28号",
    Kind.SANCTION: "未成年人学校保护规定（教育部令第50号）",
    Kind.HEALTH: "个人信息保护法第二十八条",
    Kind.NAME: "个人信息保护法第二十五条、第三十一条",
}
"""Which law keeps each kind off a notice (standards §6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A piece of personal data: where it stands in the text and what may stand there instead."""

    kind: Kind
    level: Level = Level.ERROR
    start: int
    end: int
    masked: str

    @property
    def law(self) -> str:
        """The law that keeps it off a notice."""
        return LAWS[self.kind]

    def at(self, start: int, end: int) -> Finding:
        """Return the finding placed from *start* to *end*."""
        return replace(self, start=start, end=end)
