"""The language of the screen: Chinese unless the user asks for English (`SCHOOLPUB_LANG=en`, or an English locale).

The code says English; `locale/zh_CN` holds the Chinese.  The catalogue, flows and laws are data and stay as they are.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

from schoolpub.errors import Text

DOMAIN = "schoolpub"
LOCALES = Path(__file__).parent.parent / "locale"


def language() -> str:
    """Return `zh_CN` or `en`, from SCHOOLPUB_LANG, else from the locale; a machine that states none is Chinese."""
    if chosen := os.environ.get("SCHOOLPUB_LANG", ""):
        return "en" if chosen.lower().startswith("en") else "zh_CN"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "en" if value.lower().startswith("en") else "zh_CN"
    return "zh_CN"


def set_up() -> None:
    """Bind the process to the user's language, also the words of the command-line framework."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    if name == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(LOCALES), languages=[name], fallback=True)


def _(english: str) -> str:
    """Return *english* in the user's language."""
    return _catalogue(language()).gettext(english) if english else ""


def tell(text: Text) -> str:
    """Return *text* in the user's language, its places filled."""
    return text.told(_)
