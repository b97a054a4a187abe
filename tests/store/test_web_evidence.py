"""Saved pages as evidence: what runs or loads goes, what was to be read stays."""

from __future__ import annotations

import pytest

from schoolpub.errors import SchoolpubError
from schoolpub.store.attachments import clean, clean_evidence, text_of

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0031)https://school.invalid/gongkai/ --><!-- 内部备注 13900000000 -->
<html lang="zh-CN"><head><meta charset="gbk"><title>月报</title>
<meta http-equiv="refresh" content="0;url=https://tracker.invalid/"><base href="https://tracker.invalid/">
<link rel="stylesheet" href="https://cdn.invalid/x.css"><style>p > b { color: red }</style>
<script>steal("收入")</script></head>
<body onload="steal()"><p title='提示&amp;说明'>收入 &lt; 支出&nbsp;a&b=c <b>1200.00</b><br/>
<img src="https://cdn.invalid/a.png" alt="公章"><img src="data:image/png;base64,AAAA">
<a href=" JavaScript:steal()">甲</a><a href="https://school.invalid/">乙</a>
<svg><path d="M0 0"/><script>steal()</script></svg><object data="x.swf"><i>替代</i></object>
<iframe src="https://tracker.invalid/">x</iframe></p></body></html>
"""

CLEAN = """<!DOCTYPE html>
<!-- saved from url=(0031)https://school.invalid/gongkai/ -->
<html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
img-src data: cid:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'"><title>月报</title>

<style>p > b { color: red }</style>
</head>
<body><p title="提示&amp;说明">收入 &lt; 支出\xa0a&amp;b=c <b>1200.00</b><br/>
<img alt="公章"><img src="data:image/png;base64,AAAA">
<a>甲</a><a href="https://school.invalid/">乙</a>
<svg><path d="M0 0"/></svg><i>替代</i>
</p></body></html>
"""

BUNDLE = b"""From: <Saved by Blink>
Snapshot-Content-Location: https://school.invalid/gongkai/
Subject: =?utf-8?Q?=E6=9C=88=E6=8A=A5?=
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----Boundary--x----"


------Boundary--x----
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://school.invalid/gongkai/

<html><head></head><body onload=3D"steal()">=E6=94=B6=E5=85=A5<script>steal=
()</script></body></html>
------Boundary--x----
Content-Type: application/javascript
Content-Transfer-Encoding: quoted-printable
Content-Location: https://school.invalid/steal.js

steal()
------Boundary--x------
"""


def twice(data: bytes, name: str) -> bytes:
    """Return the cleaned bytes; cleaning them again changes nothing."""
    first = clean_evidence(data, name)
    assert clean_evidence(first.data, name).data == first.data
    return first.data


def test_a_page_keeps_its_words_and_loses_what_runs() -> None:
    """Scripts, handlers, frames, and what would be loaded are gone; text, tables and the address stay."""
    assert twice(PAGE.encode("gb18030"), "首页.html").decode() == CLEAN


def test_a_page_without_a_head_is_given_the_policy_first() -> None:
    """Whatever stands in it, the browser reads the policy before it."""
    cleaned = twice("<p>收入<script>x()".encode(), "p.htm").decode()
    assert cleaned.startswith('<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"')
    assert cleaned.endswith("</head><p>收入")


def test_a_page_saved_as_one_file() -> None:
    """The address stays in the head of the file; the page is cleaned, the script empty."""
    cleaned = twice(BUNDLE, "首页.mhtml")
    assert b"Snapshot-Content-Location: https://school.invalid/gongkai/" in cleaned
    assert "收入" in str(text_of(cleaned, "首页.mhtml"))
    assert b"steal()" not in cleaned and b"c3RlYWw" not in cleaned


def test_the_words_of_a_page_are_looked_through() -> None:
    """What stands beside a picture or in a field is read as well; styles are not."""
    words = text_of(b'<style>.a{x:1}</style><p>13900000001</p><img alt="A1"><input value="B2">', "x.html")
    assert words is not None and {"13900000001", "A1", "B2"} <= set(words.split()) and ".a" not in words


@pytest.mark.parametrize("data", [b"\0\1\2", b"From: x\n\nno page"])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    """A wrong file is said to be one."""
    with pytest.raises(SchoolpubError, match="cannot be read"):
        clean_evidence(data, "x.mht")


def test_pages_are_never_attached() -> None:
    """Attachments are published: a page is to be saved as PDF for that."""
    with pytest.raises(SchoolpubError) as caught:
        clean(PAGE.encode(), "x.html")
    assert "pdf" in str(caught.value.fix)
    assert clean_evidence(b"a,b\n", "x.csv").data == b"a,b\n"
