"""Values that are one line or one block of text: words, choices, contacts, references."""

from __future__ import annotations

import re
from unicodedata import normalize

from schoolpub.errors import say
from schoolpub.model.catalogue import Field
from schoolpub.model.school import School
from schoolpub.rules.chinese_numerals import amount_in_words, parse_amount
from schoolpub.rules.values.kinds import InWords
from schoolpub.rules.values.numbers import read_number
from schoolpub.rules.values.wrong import Wrong, nearest, shown

_URL = re.compile(r"(?:https?://|mailto:|tel:)\S+").fullmatch
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII).fullmatch
_REFERENCE = re.compile(r"[a-z0-9]+(?:-[a-z0-9Q]+)*(?:\.v\d+)?", re.ASCII | re.IGNORECASE).fullmatch
_TELEPHONE = re.compile(r"\+?[\d() -]{3,24}(?:(?:转|-|,|ext\.? ?)\d{1,6})?", re.ASCII).fullmatch
_EXTENSION = re.compile(r"转|,|ext")
_SPOKEN = re.compile(r"^(?:人民币)?\s*[（(]?大写[）)]?\s*[:：]?\s*")
"""What a receipt prints before an amount in words."""
_YES = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
_SAID_YES = frozenset({"y", "有", "对", "√", "✓", "1", "on"})
_SAID_NO = frozenset({"n", "无", "没有", "×", "0", "off"})


def read_text(text: str, field: Field) -> str | Wrong:
    """Return *text*, which stands on one line."""
    if "\n" in text.strip("\n"):
        return Wrong("value-text", say("{name} has several lines", name=field.name), say("Write it on one line."))
    return text.strip()


def read_choice(text: str, field: Field) -> str | Wrong:
    """Return *text*, which must be one of the field's choices unless the field is open."""
    if text in field.choices or field.open:
        return text
    message = say("{value} is not a choice of {name}", value=shown(text), name=field.name)
    return Wrong("value-choice", message, nearest(text, field.choices))


def read_yes_no(text: str) -> bool | Wrong:
    """Return whether *text* says yes."""
    if text in _YES:
        return _YES[text]
    low = text.casefold()
    meant = "yes" if low in _SAID_YES or _YES.get(low) else "no" if low in _SAID_NO or low in _YES else None
    message = say("{value} is neither yes nor no", value=shown(text))
    return Wrong("value-yes-no", message, say("Write {value}.", value=meant) if meant else say("Write yes or no."))


def read_reference(text: str) -> str | Wrong:
    """Return *text*, a record's id."""
    if _REFERENCE(text):
        return text
    message = say("{value} is not a record's id", value=shown(text))
    return Wrong(
        "value-reference", message, say("Write the record's id, such as {example}.", example="finance-monthly-2026-10")
    )


def read_url(text: str) -> str | Wrong:
    """Return *text*, an address that a page may link to."""
    if _URL(text):
        return text
    meant = f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text, re.ASCII) else None
    message = say("{value} is not an address that can be opened", value=shown(text))
    return Wrong(
        "value-url",
        message,
        say("Write {value}.", value=meant) if meant else say("Write it in full, beginning with https://."),
    )


def read_email(text: str) -> str | Wrong:
    """Return *text*, an e-mail address."""
    if _EMAIL(text):
        return text
    return Wrong(
        "value-email",
        say("this is not an e-mail address"),
        say("Write it like {example}.", example="office@school.invalid"),
    )


def read_telephone(text: str, school: School, *, declared: bool = True) -> str | Wrong:
    """Return *text*, a telephone number; with *declared* only a number that the school has declared as public."""
    if not _TELEPHONE(text):
        wide = normalize("NFKC", text).replace("—", "-").replace("–", "-").strip()
        meant = wide if wide != text and _TELEPHONE(wide) else None
        message = say("this is not a telephone number as it is written here")
        fix = (
            say("Write it in half-width digits.") if meant else say("Write it like {example}.", example="000-00000001")
        )
        return Wrong("value-telephone", message, fix)
    if declared and not is_declared(text, school):
        return Wrong(
            "telephone-not-declared",
            say("the telephone number {number} is not declared as a public number of the school", number=masked(text)),
            say("Declare it in school.yaml (office, hotlines), or write a number that is declared there."),
        )
    return text


def is_declared(number: str, school: School) -> bool:
    """Return whether *number* is a public one: declared, or so short that it is nobody's own (12345)."""
    digits = digits_of(number)
    if len(digits) <= 5:
        return True
    known = school.telephones
    return digits in known or digits_of(_EXTENSION.split(number)[0]) in known


def digits_of(text: str) -> str:
    """Return nothing but the digits of *text*."""
    return "".join(c for c in text if c.isdecimal())


def masked(number: str) -> str:
    """Return *number* with all but its first three and last two digits covered."""
    digits = digits_of(number)
    return digits[:3] + "*" * max(len(digits) - 5, 3) + digits[-2:]


def read_words(text: str) -> InWords | Wrong:
    """Return the amount that *text* says in Chinese numerals."""
    try:
        return InWords(parse_amount(_SPOKEN.sub("", text)), text)
    except ValueError:
        pass
    figure = read_number(text, "money")
    fix = say("Write it in words, such as {example}.", example="壹佰贰拾元整")
    if not isinstance(figure, Wrong):
        fix = say("Write {value}.", value=amount_in_words(figure.amount))
    return Wrong("value-words", say("{value} is not an amount in words", value=shown(text)), fix)
