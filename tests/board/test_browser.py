"""The pages in a real browser: at the width of a telephone, without an error, without asking anybody outside."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

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


@needs("chromium")
def test_pages_fit_a_telephone_and_ask_nobody(school: Path, tmp_path: Path) -> None:
    """No page scrolls sideways at 390 pixels, reports an error, or asks for anything that is not on the disk."""
    frames = "".join(f'<iframe width="{WIDTH}" height="800" src="site/public/{name}"></iframe>' for name in PAGES)
    harness = school / "harness.html"
    script = (
        "addEventListener('load', () => { document.title = 'ready'; document.body.innerHTML = '<pre>' + JSON.stringify("
        "Array.from(document.querySelectorAll('iframe'), f => f.contentDocument).map("
        "d => [d.documentElement.scrollWidth, d.title !== ''])) + '</pre>'; });"
    )
    harness.write_text(f"<!doctype html><meta charset=utf-8>{frames}<script>{script}</script>", "utf-8")
    log = tmp_path / "net.json"
    try:
        done = subprocess.run(
            ["chromium", "--headless", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--no-first-run", "--allow-file-access-from-files",
             "--enable-logging=stderr", "--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={log}",
             f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", harness.as_uri()],
            capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
    finally:
        harness.unlink()

    measured = json.loads(re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)[1])  # type: ignore[index]
    assert dict(zip(PAGES, measured, strict=True)) == {name: [WIDTH, True] for name in PAGES}
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    assert "school.invalid" not in log.read_text("utf-8", errors="replace")
