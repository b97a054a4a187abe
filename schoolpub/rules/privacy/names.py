"""Names of pupils, masked as standards §6 says: the surname stays."""

from __future__ import annotations

import re

_COMPOUND = re.compile(
    "欧阳|司马|上官|诸葛|东方|尉迟|公孙|慕容|令狐|皇甫|宇文|长孙|司徒|夏侯|轩辕|端木|呼延|南宫|独孤|西门|申屠|太史"
    "|闻人|澹台|公冶|宗政|濮阳|淳于|单于|钟离|鲜于|闾丘|司空|亓官|仲孙|万俟|赫连|拓跋|完颜|东郭|百里|第五"
)
"""Surnames of two characters."""

_MASKED = re.compile(r"[^\s*＊×]{1,2}(?:[*＊×]{1,4}|某{1,2}|同学)")


def is_masked(name: str) -> bool:
    """Return whether of *name* only the surname can be read."""
    return _MASKED.fullmatch(name.strip()) is not None


def mask_name(name: str) -> str:
    """Return *name* with its surname and a star for every other character: 李*, 欧阳**."""
    name = "".join(name.split())
    kept = 2 if len(name) > 2 and _COMPOUND.match(name) else 1
    return name[:kept] + "*" * max(1, len(name) - kept)
