"""A school's own templates: mistakes are told by file and line, and none of them runs for ever or asks elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from schoolpub.board import own
from schoolpub.board.templates import Templates
from schoolpub.errors import SchoolpubError

TEMPLATES = Path(__file__).parents[2] / "templates/site"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a school's own templates, in which a page has little time."""
    monkeypatch.setattr(own, "_SECONDS", 0.1)
    made = tmp_path / "templates/site"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "runs for more than"),
        ("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(30) }}", "runs for more"),
        ("{{ range(10000000) }}", "Range too big"),
        ("{{ 'a' * 99999999999 }}", "repeated"),
        ("{{ 9 ** 999999999 }}", "not for templates"),
        ("{{ '%999999999d' % 1 }}", "999 characters"),
        ("{{ '%999999999d'|format(1) }}", "999 characters"),
        ("{{ lipsum(n=999999999) }}", "'lipsum' is undefined"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "/etc/passwd"),
        ("{% include 'shipped/../../../etc/passwd' %}", "etc/passwd"),
        ("{% include 'about.html' %}", "recursion"),
        ("{% for %}", "Expected an expression"),
        ("{{ nobody }}", "'nobody' is undefined"),
    ],
)
def test_a_mistake_is_told_by_file_and_line(folder: Path, text: str, reason: str) -> None:
    """Whatever a template does wrong, or on purpose, ends soon and says where."""
    (folder / "about.html").write_text(f"<p>\n{text}", "utf-8")
    with pytest.raises(SchoolpubError) as stopped:
        Templates([folder, TEMPLATES]).render("about.html", {})
    assert "about.html has a mistake in line 2" in str(stopped.value)
    assert reason in str(stopped.value)


@pytest.mark.parametrize(
    "head",
    [
        "<script src='https://elsewhere.invalid/x.js'></script>",
        "<!-- {policy} --><img src=//elsewhere.invalid/x.png>",
        "<img src=//elsewhere.invalid/x.png>{policy}",
        "{policy}<meta http-equiv=refresh content='0;url=https://elsewhere.invalid'>",
        '<meta http-equiv="Content-Security-Policy" content="default-src *">{policy}',
    ],
)
def test_a_page_loads_nothing_from_elsewhere(folder: Path, head: str) -> None:
    """A page without the policy of every page, or with something before it, is not made."""
    base = (TEMPLATES / "base.html").read_text("utf-8")
    line = next(line for line in base.splitlines() if "Content-Security-Policy" in line)
    (folder / "about.html").write_text("<!doctype html><html><head>" + head.replace("{policy}", line), "utf-8")
    with pytest.raises(SchoolpubError, match="from elsewhere"):
        Templates([folder, TEMPLATES]).render("about.html", {})
    (folder / "about.html").write_text(f"<!doctype html><html><head><meta charset=utf-8>{line}", "utf-8")
    assert Templates([folder, TEMPLATES]).render("about.html", {})


def test_links_and_styles_that_lead_elsewhere(folder: Path, tmp_path: Path) -> None:
    """A link would publish what lies elsewhere; a style may ask another site; both are refused by name."""
    (folder / "assets").mkdir()
    style = folder / "assets/board.css"
    for text in ("@import 'x.css';", "\n\nbody { background: url( 'https://elsewhere.invalid/x.png') }"):
        style.write_text(text, "utf-8")
        with pytest.raises(SchoolpubError, match=rf"board.css:{text.count(chr(10)) + 1} loads"):
            Templates([folder, TEMPLATES])
    style.unlink()
    style.symlink_to(tmp_path)
    with pytest.raises(SchoolpubError, match=r"board\.css is a link"):
        Templates([folder, TEMPLATES])
