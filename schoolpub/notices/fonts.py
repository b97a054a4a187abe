"""Where the fonts are and which of them sets what: the only place that knows font families by name.

A school without fonts of its own prints with the packaged 宋 and 黑, the same on every machine.  With `system` its
own 仿宋, 小标宋 and 楷 come first; what is lacking is set in the next of the list, never in nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path

from schoolpub.errors import SchoolpubError, say

PACKAGED = "packaged"
SYSTEM = "system"

SERIF = "Noto Serif SC"
SANS = "Noto Sans SC"

_SONG = ("SimSun", "NSimSun", "Songti SC", "STSong", "Noto Serif CJK SC", SERIF, "AR PL UMing CN")
_HEI = ("SimHei", "Microsoft YaHei", "Heiti SC", "PingFang SC", "Noto Sans CJK SC", SANS, "WenQuanYi Zen Hei")

PREFERRED: Mapping[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *_SONG),
    "body": ("FangSong", "FangSong_GB2312", "STFangsong", "FandolFang R", *_SONG),
    "kai": ("KaiTi", "KaiTi_GB2312", "Kaiti SC", "STKaiti", "LXGW WenKai", "AR PL UKai CN", *_SONG),
    "song": _SONG,
    "hei": (*_HEI, *_SONG),
}
"""Use → font families in the order wanted: 小标宋 for titles, 仿宋 for the text, 楷, 宋, 黑."""

_SHARED = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
)
"""Where Linux distributions keep Noto CJK."""


def packaged_folders() -> list[Path]:
    """Return the folders of the fonts that come with the installation, else those of the distribution."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations)))
        if any(folder.glob("*.otf")):
            return [folder]
    found = [folder for folder in _SHARED if any(folder.glob("Noto*CJK*"))]
    if not found:
        raise SchoolpubError(
            say("No Chinese font was found, so nothing can be printed."),
            fix=say("Install the program again with its fonts (the package {package}).", package="pylopdf-fonts-zh-cn"),
        )
    return found


def choose(families: Collection[str]) -> dict[str, list[str]]:
    """Return for each use the families that exist, in the order wanted."""
    known = set(families)
    return {use: [name for name in wanted if name in known] or sorted(known) for use, wanted in PREFERRED.items()}
