"""Codes on paper, recomputed with the outsider's own tools."""

from __future__ import annotations

import hashlib
import re
import subprocess
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.model.record import Record, Step
from schoolpub.rules.chain import witness
from schoolpub.views.sheets.qr import address, qr

AT = datetime(2026, 11, 4, 16, 30, tzinfo=timezone(timedelta(hours=8)))
CONTENT = "sha256:" + hashlib.sha256(b"schoolpub: 1\n").hexdigest()
AFTER = "1d2faf89ac18c45a7fbe4a3b0b6c0bb7d334900a"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def record(**changes: object) -> Record:
    told = {
        "id": "finance-monthly-2026-10",
        "item": "finance-monthly",
        "catalogue": date(2026, 1, 1),
        "title": "2026年10月财务收支月报",
        "department": "总务处",
        "audience": "both",
        "content": CONTENT,
        "file": "records/disclosures/2026/finance-monthly-2026-10.yaml",
    }
    return Record(**{**told, **changes})


SIGN = Step(step="sign", by="sun", role="校长", at=AT, says={"number": "校公开〔2026〕31号", "after": AFTER})


def test_the_digest_is_that_of_five_lines():
    """printf and sha256sum give the same digest as the tool."""
    lines = ("schoolpub-code/1", "finance-monthly-2026-10.v1", CONTENT, "2026-11-04T16:30:00+08:00", AFTER)
    done = subprocess.run(
        ["sh", "-c", "printf '%s\\n' \"$@\" | sha256sum", "-", *lines], capture_output=True, check=True, text=True
    )

    assert witness.digest(record(), SIGN) == done.stdout.split()[0]
    assert witness.lines(record(), SIGN) == "".join(f"{line}\n" for line in lines)


def test_a_second_edition_has_its_own_code():
    """The edition stands in the second line, also when the id says it already."""
    second = record(id="finance-monthly-2026-10.v2", edition=2)

    assert witness.lines(second, SIGN).splitlines()[1] == "finance-monthly-2026-10.v2"
    assert witness.digest(second, SIGN) != witness.digest(record(), SIGN)


def test_a_known_code():
    """The short code is 100 bits in Crockford's base 32 with his check character."""
    assert witness.short("0" * 64) == "00000-00000-00000-00000-0"
    assert witness.short("f" * 64) == "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-B"
    assert witness.short("8" + "0" * 63)[:5] == "G0000"
    assert witness.text_code("sha256:" + "0" * 11 + "1" * 53) == "00000-00004-4"


@given(st.binary(min_size=32, max_size=32))
def test_the_short_code_is_the_digests_first_hundred_bits(digest):
    """Twenty characters of five bits, and the number modulo 37."""
    short = witness.short(digest.hex())
    number = int.from_bytes(digest) >> 156

    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z*~$=U]", short)
    value = 0
    for character in short[:-1].replace("-", ""):
        value = value * 32 + DIGITS.index(character)
    assert value == number
    assert (DIGITS + "*~$=U").index(short[-1]) == number % 37
    assert witness.well_typed(short)


@given(st.binary(min_size=32, max_size=32), st.data())
def test_how_it_is_typed_does_not_matter(digest, data):
    """Small letters, o for 0, i and l for 1, blanks and missing hyphens are the same code."""
    short = witness.short(digest.hex())
    typed = (
        short.lower().replace("0", data.draw(st.sampled_from("0oO"))).replace("1", data.draw(st.sampled_from("1iIlL")))
    )
    typed = typed.replace("-", data.draw(st.sampled_from(["", " ", "-", "－", " - "])))

    assert witness.same_code(typed, short) and witness.well_typed(typed)
    assert witness.find(typed, {"a": digest.hex(), "b": "0" * 64 if digest[0] else "f" * 64}) == ["a"]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 19), st.sampled_from(DIGITS))
def test_one_wrong_character_is_noticed(digest, place, character):
    """The check character tells a slip of the pen from a sheet that contradicts the record."""
    body = list(witness.short(digest.hex()).replace("-", ""))
    if body[place] == character:
        return
    body[place] = character

    assert not witness.well_typed("".join(body))
    assert not witness.same_code("".join(body), witness.short(digest.hex()))


@given(st.binary(min_size=20, max_size=20), st.binary(min_size=32, max_size=32))
def test_a_registers_code_names_its_commit_and_its_digest(commit, digest):
    """The first ten characters are the commit's, the next twenty those of the digest, as a sheet's code has them."""
    code = witness.register_code(commit.hex(), digest.hex())

    assert code.replace("-", "")[10:30] == witness.short(digest.hex()).replace("-", "")[:20]
    assert witness.is_register_code(code.lower()) and witness.names_commit(code, commit.hex())
    assert not witness.names_commit(code, ("0" if commit[0] >> 4 else "f") + commit.hex()[1:])
    assert not witness.is_register_code(witness.short(digest.hex()))


def test_codes_of_other_lengths_are_no_codes():
    """Nothing, too little and too much mean no record."""
    code = witness.short("ab" * 32)
    for typed in ("", "-", code[:11], code + "7", code[:5]):
        assert not witness.same_code(typed, code) and not witness.well_typed(typed)
    assert witness.same_code(code[:-2], code), "a missing check character is forgiven"
    assert not witness.same_code(witness.text_code(CONTENT), code)


def test_a_digest_or_an_address_finds_too():
    """The whole digest, alone or behind the `#` of an address, finds its record."""
    digest = witness.digest(record(), SIGN)
    codes = {"finance-monthly-2026-10.v1": digest, "other.v1": "0" * 64}

    for said in (
        digest,
        digest.upper(),
        address("https://school.invalid/records/x.html", digest),
        witness.short(digest),
    ):
        assert witness.find(said, codes) == ["finance-monthly-2026-10.v1"]
    assert witness.find("nothing", codes) == []


def test_the_square_code_is_plain_svg():
    """One element with a title, no size of its own, no outside address, the same each time."""
    svg = qr("https://school.invalid/records/x.html", "ab" * 32)

    assert svg == qr("https://school.invalid/records/x.html", "ab" * 32)
    assert svg.startswith("<svg ") and svg.endswith("</svg>") and "<title>核对码</title>" in svg
    assert "viewBox" in svg and "width=" not in svg
    assert re.findall(r"https?://[^\"<]*", svg) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("digest", ["00" * 32, "ff" * 32])
def test_text_codes_are_short(digest):
    """Ten characters in two groups and a check character."""
    code = witness.text_code("sha256:" + digest)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z*~$=]", code) and witness.well_typed(code)
