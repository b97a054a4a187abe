"""The pages in a real browser: at the width of a telephone, without an error, without asking anybody outside."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import zxingcpp
from PIL import Image

from tests.programs import needs

WIDTH = 390
PAGES = (
    "index.html",
    "catalogue.html",
    "statistics.html",
    "ledgers/feedback.html",
    "ledgers/rectifications.html",
    "records/feedback-20261103-bbbb.html",
    "records/rectification-20261109-cccc.html",
    "records/finance-monthly-2026-09.html",
)
CURRENT = "records/finance-monthly-2026-10.html"
CHROMIUM = ("chromium", "--headless", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip


def asked(school: Path) -> dict[str, tuple[str, str]]:
    """Return what people type on 这张公告还有效吗, or scan: address → how it is answered, and a word of the answer."""
    codes = json.loads((school / "site/public/codes.json").read_text("utf-8"))["codes"]
    by = {code["id"]: code for code in codes}
    good, old = by["finance-monthly-2026-10.v1"], by["finance-monthly-2026-09.v1"]
    slip = good["short"][:-1] + ("0" if good["short"][-1] != "0" else "1")
    typed = {
        good["short"].lower().replace("-", " ").replace("0", "o").replace("1", "l"): ("good", "现行有效"),
        old["short"]: ("old", "已更正"),
        by["good-news-20261012-abcd.v1"]["short"]: ("old", "应当撤下"),
        slip: ("old", "输错"),
        "00000-00000-00000-00000-0": ("bad", "核对不一致"),
        "校公开[2026]10": ("old", "要输入核对码才知道"),
        "校公开〔2026〕999号": ("bad", "没有这个文号"),
    }
    scanned = {f"{CURRENT}#{good['code']}": ("good", "现行有效"), f"{CURRENT}#{'0' * 64}": ("bad", "核对不一致")}
    return {f"codes.html#{quote(text)}": told for text, told in typed.items()} | scanned


@needs("chromium")
def test_the_square_on_a_page_can_be_read(school: Path, tmp_path: Path) -> None:
    """A telephone held to the screen reads the page's address with the whole code."""
    code = next(
        code for code in json.loads((school / "site/public/codes.json").read_text("utf-8"))["codes"] if code["url"] == CURRENT
    )
    picture = tmp_path / "page.png"
    page = (school / "site/public" / CURRENT).as_uri()
    size = f"--window-size={WIDTH},4500"
    subprocess.run(
        [*CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}", size, f"--screenshot={picture}", page],
        capture_output=True, timeout=90, check=True,
    )  # fmt: skip
    found = [square.text for square in zxingcpp.read_barcodes(Image.open(picture))]
    assert f"https://school.invalid/gongkai/{CURRENT}#{code['code']}" in found


@needs("chromium")
def test_pages_fit_a_telephone_and_ask_nobody(school: Path, tmp_path: Path) -> None:
    """No page scrolls sideways at 390 pixels, reports an error, or asks for anything that is not on the disk."""
    typed = asked(school)
    frames = "".join(
        f'<iframe width="{WIDTH}" height="800" src="site/public/{name}"></iframe>' for name in (*PAGES, *typed)
    )
    harness = school / "harness.html"
    script = (
        "addEventListener('load', () => { document.title = 'ready'; document.body.innerHTML = '<pre>' + JSON.stringify("
        "Array.from(document.querySelectorAll('iframe'), f => f.contentDocument).map("
        "d => [d.documentElement.scrollWidth, d.title !== '',"
        " ...Array.from(d.querySelectorAll('[data-verdict]:not([hidden])'), b => [b.className, b.textContent])])) + '</pre>'; });"
    )
    harness.write_text(f"<!doctype html><meta charset=utf-8>{frames}<script>{script}</script>", "utf-8")
    log = tmp_path / "net.json"
    try:
        done = subprocess.run(
            [*CHROMIUM, "--allow-file-access-from-files", "--enable-logging=stderr", f"--log-net-log={log}",
             f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", harness.as_uri()],
            capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
    finally:
        harness.unlink()

    measured = json.loads(re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)[1])  # type: ignore[index]
    assert dict(zip(PAGES, measured, strict=False)) == {name: [WIDTH, True] for name in PAGES}
    for (name, (kind, word)), shown in zip(typed.items(), measured[len(PAGES) :], strict=True):
        assert shown[:2] == [WIDTH, True]
        assert shown[2][0] == f"verdict {kind}" and word in shown[2][1], (name, shown)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    assert "school.invalid" not in log.read_text("utf-8", errors="replace")
