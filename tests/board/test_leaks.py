"""No internal byte in any public file: generated schools, a marker in every place that is not for the public."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.board.conftest import make
from tests.views.making import add, finance, policy
from tests.views.matters import term

MARK = "暗记"
_STEPS = ("review", "screen", "decide", "verify", "sign")


@st.composite
def schools(draw):
    """Draw what is posted: each record with its audience, how far it came, what happened afterwards."""
    months = draw(st.lists(st.integers(1, 10), unique=True, min_size=1, max_size=5))
    return [
        {
            "month": month,
            "audience": draw(st.sampled_from(["both", "internal"])),
            "upto": draw(st.sampled_from(["draft", "submit", "verify", "sign", "post", "post", "post"])),
            "after": draw(st.sampled_from(["", "", "suspend", "withdraw", "resume"])),
            "edition": draw(st.sampled_from([1, 1, 2])),
            "large": draw(st.booleans()),
        }
        for month in months
    ]


def plant(root: Path, school: list[dict]) -> None:
    """Write the school; whatever the public may not see carries the marker."""
    for entry in school:
        period = f"2026-{entry['month']:02}"
        day = date(2026, entry["month"], 20) + timedelta(15)
        after = steps_after(entry["after"], day)
        hidden = entry["audience"] == "internal" or entry["upto"] != "post" or entry["after"] in ("suspend", "withdraw")
        mark = MARK if hidden else ""
        body = finance(period, notes=f"说明{mark}")
        if hidden:
            body["title"] += mark
            body["summary"] = mark
            body["fields"]["income"] = [{"item": mark, "month": "89300.50", "ytd": "871800.50"}]
        if entry["large"]:
            body["fields"]["large"] = [{"ref": spend_id(entry["month"]), "amount": "1.00"}]
        record_id = f"finance-monthly-{period}"
        paper = {"file": f"{MARK}.jpg", "sha256": "0" * 64}
        said = {step: {"opinion": MARK, "reason": MARK, "paper": paper} for step in _STEPS}
        said["decide"]["meeting"] = MARK
        files = {f"{mark}附件.txt": f"附件内容{mark}".encode()}
        kwargs = {"day": day, "says": said, "files": files}
        if entry["edition"] == 2:
            # The first edition is public until the second is posted: it is marked only if that one hides it.
            gone = hidden and entry["upto"] == "post"
            first = body if gone else finance(period)
            add(root, record_id, {**first, "audience": "both"}, **(kwargs if gone else {"day": day}))
            record_id += ".v2"
        if entry["upto"] == "post":
            kwargs |= {"proofs": {"board": day.isoformat()}, "more": after}
        add(root, record_id, {**body, "audience": entry["audience"]}, upto=entry["upto"], **kwargs)
        spend = {
            "item": "large-spend",
            "title": MARK,
            "date": "2026-10-20",
            "department": "总务处",
            "audience": "internal",
            "fields": {"purpose": MARK},
        }
        add(root, spend_id(entry["month"]), spend, day=date(2026, 10, 21))


def spend_id(month: int) -> str:
    """Return the id of the internal record that belongs to *month*."""
    return f"large-spend-20261020-{'abcdefghij'[month - 1] * 4}"


def steps_after(what: str, day: date) -> tuple:
    stop = ("suspend", "chu-wei", "公开办", day + timedelta(1), {"reason": MARK})
    match what:
        case "suspend":
            return (stop,)
        case "withdraw":
            return (stop, ("withdraw", "sun-jie", "校长", day + timedelta(2), {"reason": MARK}))
        case "resume":
            return (stop, ("resume", "sun-jie", "校长", day + timedelta(2), {"reason": MARK}))
    return (("remark", "chu-wei", "公开办", day + timedelta(1), {"reason": MARK, "text": MARK}),)


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(schools())
def test_no_marked_byte_in_any_public_file(school):
    """Whatever the school posts, keeps inside, stops or corrects: no public file, name or index holds a marked byte."""
    root = Path(tempfile.mkdtemp())
    try:
        policy(root)
        plant(root, school)
        term(root, MARK)
        make(root, jobs=1)

        escaped = MARK.encode("unicode_escape").lower()
        for path in (root / "site" / "public").rglob("*"):
            assert MARK not in str(path.relative_to(root)), path
            if path.is_file():
                data = path.read_bytes()
                assert MARK.encode() not in data, path
                assert escaped not in data.lower(), path
                assert not re.search(rb"large-spend-2026|report-20261104|improvement-2026|mailbox-check-2026", data), path
    finally:
        shutil.rmtree(root)


def test_search_does_not_find_what_is_inside(tmp_path):
    """Not even the pairs of characters of an internal text are in the public index."""
    policy(tmp_path)
    add(tmp_path, "finance-monthly-2026-10", finance(notes="犇骉"), day=date(2026, 11, 4))
    inner = {**finance("2026-09", notes="鱻麤"), "audience": "internal"}
    add(tmp_path, "finance-monthly-2026-09", inner, day=date(2026, 10, 4))
    make(tmp_path)

    public = (tmp_path / "site/public/assets/search-2026.js").read_text("utf-8")
    inner = (tmp_path / "site/internal/assets/search-2026.js").read_text("utf-8")

    assert "犇骉" in public and "鱻麤" not in public
    assert "犇骉" in inner and "鱻麤" in inner


def test_search_finds_the_topic_and_the_answer_of_a_matter(tmp_path):
    """A matter is found by what everybody may read of it, never by the words of who wrote in."""
    policy(tmp_path)
    term(tmp_path, "鱻麤")
    make(tmp_path)

    found = {side: (tmp_path / f"site/{side}/assets/search-matters.js").read_text("utf-8") for side in ("public", "internal")}

    assert "食堂菜价为什么上调" in found["public"] and '"成本"' in found["public"]
    assert "鱻麤" not in found["public"] and "举报" not in found["public"] + found["internal"]
    page = (tmp_path / "site/public/search.html").read_text("utf-8")
    assert page.index("assets/search-matters.js") < page.index("assets/search.js")


def test_a_comment_of_a_clerk_is_not_offered(tmp_path):
    """A body with a comment in it is not given out byte for byte."""
    policy(tmp_path)
    file = add(tmp_path, "finance-monthly-2026-10", finance(), day=date(2026, 11, 4))
    text = file.read_text("utf-8")
    commented = text.replace("fields:", "# 内部批注\nfields:", 1)
    head, _, tail = commented.partition("\nsteps:")
    old = hashlib.sha256((text.partition("\nsteps:")[0] + "\n").encode()).hexdigest()
    new = hashlib.sha256((head + "\n").encode()).hexdigest()
    file.write_text((head + "\nsteps:" + tail).replace(old, new), "utf-8")
    make(tmp_path)

    public = tmp_path / "site/public"
    assert not list(public.rglob("*.body.txt"))
    assert all("内部批注".encode() not in path.read_bytes() for path in public.rglob("*") if path.is_file())


def test_who_handled_and_who_wrote_stay_inside(tmp_path):
    """A matter's public page names nobody, its internal page names who handled it, and neither a report."""
    policy(tmp_path)
    add(tmp_path, "finance-monthly-2026-09", finance("2026-09"), day=date(2026, 10, 4))
    term(tmp_path, "来信的原话")
    make(tmp_path)
    page = "records/feedback-20261103-bbbb.html"

    public = (tmp_path / "site/public" / page).read_text("utf-8")
    inner = (tmp_path / "site/internal" / page).read_text("utf-8")

    assert "本月更换" in public and "钱立" not in public and "来信的原话" not in public
    assert "钱立" in inner and "来信的原话" in inner
    assert not list((tmp_path / "site").rglob("report-20261104*"))
