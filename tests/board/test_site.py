"""The built site as its readers meet it: every page of both audiences."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from tests.board.conftest import make
from tests.board.pages import Page, dead_links, pages
from tests.views.making import REPOSITORY, add, policy

ATOM = "{http://www.w3.org/2005/Atom}"
AUDIENCES = ("public", "internal")


@pytest.fixture(scope="session", params=AUDIENCES)
def site(request, school) -> Path:
    return school / "site" / request.param


@pytest.fixture(scope="session")
def found(site) -> dict[str, Page]:
    return pages(site)


def test_all_links_resolve(site, found):
    """Every link, script, style and download leads to a file with exactly that name, every anchor to an id."""
    assert dead_links(site, found) == []


def test_pages_are_well_formed(found):
    """Tags close what they opened; nothing carries a handler or a style of its own."""
    assert {name: page.wrong for name, page in found.items() if page.wrong} == {}


def test_pages_have_what_a_screen_reader_needs(found):
    """Language, title, one h1, a way past the navigation, landmarks, unique ids."""
    for name, page in found.items():
        assert page.all("html")[0]["lang"] == "zh-CN", name
        assert len(page.all("h1")) == 1, name
        assert len(page.all("main")) == 1 and len(page.all("title")) >= 1, name
        assert page.links[0][2] == "#main" or ("a", "href", "#main") in page.links, name
        assert len(page.ids) == len(set(page.ids)), (name, sorted(i for i in page.ids if page.ids.count(i) > 1))


def test_tables_name_their_heads(found):
    """Every table has a caption, every head its scope, every box that scrolls can be reached with the keyboard."""
    for name, page in found.items():
        assert len(page.all("table")) == len(page.all("caption")), name
        assert all(head.get("scope") in ("col", "row", "colgroup", "rowgroup") for head in page.all("th")), name
        for attrs in page.all("div"):
            if attrs.get("class") == "scroll":
                assert attrs["tabindex"] == "0" and attrs["aria-labelledby"] in page.ids, name


def test_labels_point_to_something(found):
    """What labels or is labelled exists; every input has a label."""
    for name, page in found.items():
        for _, attrs in page.tags:
            for key in ("aria-labelledby", "for"):
                if attrs.get(key):
                    assert attrs[key] in page.ids, (name, attrs)
        labelled = {attrs.get("for") for attrs in page.all("label")}
        assert all(attrs.get("id") in labelled for attrs in page.all("input")), name


def test_heads_do_not_skip_a_level(found):
    """Below h1 comes h2, below that h3."""
    for name, page in found.items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        # Whatever stands beside the article may begin again at h2.
        assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)


def test_nothing_comes_from_outside(site, found):
    """No page, style or script asks another host for anything."""
    for name, page in found.items():
        for tag, attribute, link in page.links:
            if tag in ("script", "img", "form", "source") or (tag == "link" and attribute == "href"):
                rel = next((a.get("rel") for t, a in page.tags if t == "link" and a.get("href") == link), "")
                assert urlsplit(link).scheme in ("", "data") or rel == "canonical", (name, link)
        policy_said = next(a for a in page.all("meta") if a.get("http-equiv"))
        assert "default-src 'none'" in (policy_said["content"] or ""), name
    for path in (site / "assets").iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", text), path


def test_every_page_says_its_day_and_that_it_is_a_sample(found):
    """The day of the build and the ribbon of the sample school stand on every page."""
    for name, page in found.items():
        text = "".join(page.text)
        assert "2026年11月18日" in text and "示例学校，数据均为虚构" in text, name


def test_a_record_page_shows_the_whole_story(school):
    """Number, figures, chain, deadline, proof, code, contacts and editions are on the page of a record."""
    text = "".join(Page(school / "site/public/records/finance-monthly-2026-08.html").text)

    for words in (
        "校公开〔2026〕8号",
        "152,300.00 元",
        "82.42%",
        "部门负责人 钱立",
        "应公开 2026年9月5日，实际公开 2026年9月9日，逾期 3 个工作日",
        "校门外公开栏",
        "核对码",
        "000-00000002",
        "第1版",
    ):
        assert words in text, words
    assert "第5次会议" not in text


def test_a_missing_proof_is_said(school):
    """A record that was proven on one of two channels says what is missing."""
    text = "".join(Page(school / "site/public/records/finance-monthly-2026-10.html").text)

    assert "待取证：校门外公开栏。" in text
    assert "应公开 2026年11月5日，2026年11月4日发布，按期" in text


def test_editions_have_their_addresses(school):
    """The address without an edition is the current one; the old one says by what it was replaced."""
    records = school / "site/public/records"
    current, first = Page(records / "finance-monthly-2026-09.html"), Page(records / "finance-monthly-2026-09.v1.html")

    assert "电费误记，已更正" in "".join(current.text)
    assert "这是第1版，已由第2版替代。" in "".join(first.text)
    assert not (records / "finance-monthly-2026-09.v2.html").exists()


def test_a_gravestone_stands_at_the_same_address(site):
    """A suspended record keeps its page without its content, and has nothing to download."""
    records = site / "records"
    text = "".join(Page(records / "good-news-20261012-abcd.html").text)

    assert "暂停公开" in text and "误发的喜报" not in text
    assert not (records / "good-news-20261012-abcd.json").exists()
    assert "误发的喜报" not in (site / "feed.xml").read_text("utf-8")


def test_a_list_that_was_taken_down_says_so(school):
    """After the notice period the page says that the list is gone, and offers no body with it."""
    page = "".join(Page(school / "site/public/records/honours-student-20261103-abcd.html").text)

    assert "公示期已满，名单已撤下" in page and "张*" not in page
    assert not (school / "site/public/records/honours-student-20261103-abcd.v1.body.txt").exists()


def test_home_shows_what_is_in_its_notice_period_and_what_is_missing(school):
    """The running notice, the filled and the empty columns are on the first page."""
    text = "".join(Page(school / "site/public/index.html").text)

    assert "公示中" in text and "至2026年11月24日" in text
    assert "学期学生收费" in text and "本学期尚未公开，应于 2026年9月3日 前公开" in text
    assert "教师诉求与落实" not in text
    assert "教师诉求与落实" in "".join(Page(school / "site/internal/index.html").text)


def test_the_inside_sees_more(school):
    """What is for the inner board is on the internal site alone."""
    assert (school / "site/internal/records/congress-20261030-aaaa.html").exists()
    assert not (school / "site/public/records/congress-20261030-aaaa.html").exists()
    assert "领导小组第5次会议" in (school / "site/internal/records/finance-monthly-2026-10.html").read_text("utf-8")
    assert 'content="noindex' in (school / "site/internal/index.html").read_text("utf-8")


def test_bodies_are_offered_byte_for_byte(school):
    """The body that is offered has the digest that the code binds, and the recipe on the page gives the code."""
    public = school / "site/public/records"
    body = (public / "finance-monthly-2026-10.v1.body.txt").read_bytes()
    value = json.loads((public / "finance-monthly-2026-10.json").read_text("utf-8"))
    page = (public / "finance-monthly-2026-10.html").read_text("utf-8")
    lines = re.search(r'<pre class="lines" tabindex="0">(schoolpub-code/1.*?)</pre>', page, re.DOTALL)

    assert "sha256:" + hashlib.sha256(body).hexdigest() == value["content"]
    assert lines and hashlib.sha256((lines[1] + "\n").encode()).hexdigest() == value["code"]


def test_attachments_lie_beside_their_page(school):
    """An attachment is copied as it was approved; its odd name survives as a link."""
    copied = school / "site/public/records/finance-monthly-2026-09.v1/支出 明细#1.pdf"

    assert copied.read_bytes() == b"%PDF-1.4"


def test_feed_is_sound(site):
    """Ids are unique and stay, dates have a zone, every entry leads to a page."""
    root = ElementTree.parse(site / "feed.xml").getroot()
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]

    assert root.findtext(f"{ATOM}id", "").startswith("tag:school.invalid,")
    assert len(ids) == len(set(ids)) > 0
    for node in (root, *root.iter(f"{ATOM}entry")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", node.findtext(f"{ATOM}updated", "")), node
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert (site / link.get("href", "").removeprefix("https://school.invalid/gongkai/")).is_file()


def test_data_equals_the_pages(site, found):
    """Every record page is in records.json and records.csv, and nothing else is."""
    listed = {r["url"] for r in json.loads((site / "records.json").read_text("utf-8"))["records"]}
    rows = list(csv.DictReader(io.StringIO((site / "records.csv").read_text("utf-8-sig"))))

    matters = [json.loads(path.read_text("utf-8"))["matters"] for path in (site / "ledgers").glob("*.json")]
    entries = {one["url"] for ledger in matters for one in ledger}
    assert listed == {name for name in found if name.startswith("records/")} - entries
    assert {row["页面"] for row in rows} == listed
    for path in (site / "ledgers").glob("*.csv"):
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        told = json.loads(path.with_suffix(".json").read_text("utf-8"))["matters"]
        assert [(r["页面"], r["事由"], r["状态"]) for r in rows] == [(m["url"], m["title"], m["status_word"]) for m in told]
        assert all((site / m["url"]).exists() for m in told)


def test_spreadsheets_run_no_formula(school):
    """A text that looks like a formula is a text in every CSV; amounts stay numbers."""
    public = school / "site/public"
    for path in public.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))):
            assert not [c for c in row if c[:1] in ("=", "+", "@", "\t") or re.match(r"-(?!\d)", c)], (path, row)
    text = (public / "records/procurement-result-20261116-abcd.csv").read_text("utf-8-sig")
    assert "'=SUM(A1)是不是公式" in text and ",186000.00" in text


def test_codes_are_those_of_the_pages(site):
    """codes.json, the page of codes and the record pages agree."""
    codes = {c["id"]: c for c in json.loads((site / "codes.json").read_text("utf-8"))["codes"]}
    page = (site / "codes.html").read_text("utf-8")

    for code in codes.values():
        assert code["short"] in page
        text = (site / code["url"]).read_text("utf-8")
        assert code["code"] in text and code["short"] in text


def test_build_json_lists_every_file(site):
    """build.json has the commit, the day, and the SHA-256 of every other file."""
    value = json.loads((site / "build.json").read_text("utf-8"))
    files = {p.relative_to(site).as_posix(): p for p in site.rglob("*") if p.is_file() and p.name != "build.json"}

    assert (value["commit"], value["clean"], value["date"]) == ("c0ffee", True, "2026-11-18")
    assert value["files"] == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_site_map_lists_every_page(school):
    """The public site map names each page by its full address; the internal site has none."""
    public = school / "site/public"
    root = ElementTree.parse(public / "sitemap.xml").getroot()
    places = {node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}

    assert places == {f"https://school.invalid/gongkai/{name}" for name in pages(public)}
    assert not (school / "site/internal/sitemap.xml").exists()


def test_the_first_day_is_a_good_page(tmp_path):
    """A school without a single record has a whole site: columns with their due dates, no dead link."""
    policy(tmp_path, sample=False)
    make(tmp_path, today=date(2026, 1, 5))
    public = tmp_path / "site/public"
    found = pages(public)
    text = "".join(found["index.html"].text)

    assert dead_links(public, found) == []
    assert "学校还没有公开事项" in text and "尚未公开，应于" in text and "虚构" not in text


GOLDEN = REPOSITORY / "tests" / "golden"


@pytest.mark.parametrize(
    ("page", "golden"),
    [
        ("records/finance-monthly-2026-08.html", "site-record.html"),
        ("records/good-news-20261012-abcd.html", "site-gravestone.html"),
    ],
)
def test_golden_pages(school, page, golden):
    """The pages are those that were read in review; SCHOOLPUB_GOLDEN=1 writes them anew."""
    text = (school / "site/public" / page).read_text("utf-8")
    target = GOLDEN / golden
    if os.environ.get("SCHOOLPUB_GOLDEN"):
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")

    assert text == target.read_text("utf-8")


def test_a_photo_is_shown_to_the_school_itself_only(own_school):
    """What proves a posting stands on the internal page as a picture, where the very file is at hand."""
    photo = b"\x89PNG, or as good as one"
    record = own_school / "records/disclosures/2026/finance-monthly-2026-08.yaml"
    record.write_text(record.read_text("utf-8").replace("0" * 64, hashlib.sha256(photo).hexdigest()), "utf-8")
    folder = own_school / "records/attachments/finance-monthly-2026-08"
    folder.mkdir(parents=True)
    (folder / "board.jpg").write_bytes(photo)
    (folder / "website.jpg").write_bytes(b"another picture")
    make(own_school)

    inner = (own_school / "site/internal/records/finance-monthly-2026-08.html").read_text("utf-8")
    assert '<img src="finance-monthly-2026-08.v1/board.jpg"' in inner
    assert "website.jpg" in inner and 'src="finance-monthly-2026-08.v1/website.jpg"' not in inner
    assert (own_school / "site/internal/records/finance-monthly-2026-08.v1/board.jpg").read_bytes() == photo
    public = (own_school / "site/public/records/finance-monthly-2026-08.html").read_text("utf-8")
    assert "board.jpg" not in public
    assert not list((own_school / "site/public").rglob("board.jpg"))


def test_why_it_was_suspended_is_told_inside(school):
    """The gravestone of a suspended record gives the reason to the school itself, never to the public."""
    name = "records/good-news-20261012-abcd.html"

    assert "有误" in (school / "site/internal" / name).read_text("utf-8")
    assert "有误" not in (school / "site/public" / name).read_text("utf-8")


def test_what_nobody_looked_at_again_says_so(own_school):
    """After its review period a record's own page says since when it should have been checked."""
    guide = {"item": "service-guide", "title": "办事指南", "date": "2026-01-05", "department": "办公室", "audience": "external"}
    add(own_school, "service-guide-20260105-abcd", {**guide, "fields": {}}, day=date(2026, 1, 5), chain="disclosure")
    make(own_school, today=date(2027, 3, 1))
    page = (own_school / "site/public/records/service-guide-20260105-abcd.html").read_text("utf-8")

    assert "已超过复核期：自 2027年1月5日 起应重新核对" in page
    make(own_school, today=date(2026, 3, 1))
    page = (own_school / "site/public/records/service-guide-20260105-abcd.html").read_text("utf-8")
    assert "复核期" not in page


def test_every_page_of_a_record_leads_to_a_letter(school):
    """The letter to the office has the number in its subject; a telephone reads the same from the square."""
    page = Page(school / "site/public/records/finance-monthly-2026-08.html")
    letters = [link for _, _, link in page.links if link.startswith("mailto:")]

    assert len(letters) == 1
    assert unquote(letters[0]).startswith("mailto:gongkai@school.invalid?subject=意见：校公开〔2026〕8号 2026年8月")


def test_statistics_balance_and_lead_to_their_lists(site):
    """Brought forward + received = closed + open is printed, data say the same, and a report is a number only."""
    page = Page(site / "statistics.html")
    text = "".join(page.text)
    year = json.loads((site / "statistics.json").read_text("utf-8"))["years"][0]
    total = year["total"]

    assert total == {
        "brought_forward": 0, "received": 6, "closed": 3, "open": 3, "due": 4, "in_time": 3, "late": 1, "median_days": 4.0,
    }  # fmt: skip
    assert "上期结转 0 ＋ 收到 6 ＝ 办结 3 ＋ 期末在办 3" in text
    for rows in year["groups"].values():
        for part in ("received", "closed", "open"):
            assert sum(row[part] for row in rows.values()) == total[part]
    listed = {link.partition("#")[0] for _, _, link in page.links if "#received" in link}
    whole = [name for name in listed if "另有举报 1 件" in (site / name).read_text("utf-8")]
    assert len(whole) == 1 and len(Page(site / whole[0]).all("li")) > 5


def test_a_record_shows_what_was_said_about_it(school):
    """The feedback and the request about a record stand on its page; what was promised leads on to the rectification."""
    page = (school / "site/public/records/finance-monthly-2026-09.html").read_text("utf-8")
    matter = (school / "site/public/records/feedback-20261103-bbbb.html").read_text("utf-8")

    assert "食堂菜价为什么上调" in page and "校服采购过程" in page and "部分公开" in page
    assert "rectification-20261109-cccc.html" in matter and "停止计算2日" in matter


def test_an_empty_ledger_tells_how_to_write_in(tmp_path):
    """Before anybody wrote in, each ledger says so, with the boxes, the telephones and the office."""
    policy(tmp_path)
    make(tmp_path)
    for name, told in (("feedback", "还没有收到意见"), ("requests", "还没有人点题"), ("rectifications", "没有列入整改")):
        text = "".join(Page(tmp_path / f"site/public/ledgers/{name}.html").text)
        assert told in text and "意见箱" in text and "000-00000003" in text and "可以不署名" in text
    assert not (tmp_path / "site/public/ledgers/improvements.html").exists()
    assert "没有可统计的" in "".join(Page(tmp_path / "site/public/statistics.html").text)
