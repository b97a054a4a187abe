"""Templates and fonts: what a school may change, and what happens when it goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolpub.errors import SchoolpubError
from schoolpub.notices import Printer, apart, fonts, pages
from schoolpub.notices.mistakes import explain
from tests.notices.sample import STAMP
from tests.notices.test_sheets import TEMPLATES, bare, glyphs, paragraph, texts


def own(tmp_path: Path, **files: str) -> Path:
    """Return a school's own folder of templates of print with *files* in it."""
    folder = tmp_path / "templates" / "print"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.typ").write_text(text, encoding="utf-8")
    return folder


def test_a_school_changes_one_file_and_keeps_the_others(tmp_path: Path) -> None:
    """The school's notice.typ is used, with the common.typ that comes with the program."""
    folder = own(
        tmp_path, notice='#import "common.typ": *\n#show: describe\n#show: with-grid\n本校样式：#data.plain_title'
    )

    assert texts(Printer([folder, TEMPLATES]).notice(bare(), STAMP)) == ["本校样式：题"]


def test_a_changed_common_file_changes_every_sheet(tmp_path: Path) -> None:
    """A school that changes only common.typ keeps the built-in notice."""
    folder = own(tmp_path)
    common = (TEMPLATES / "common.typ").read_text(encoding="utf-8")
    (folder / "common.typ").write_text(common.replace("“", "『") + '\n#let marks(size) = "本校校徽"\n', "utf-8")

    assert "本校校徽" in texts(Printer([folder, TEMPLATES]).notice(bare(), STAMP))[0]


def test_a_mistake_in_a_template_is_told_with_file_and_line(tmp_path: Path) -> None:
    """Whoever edits a template learns where the mistake is."""
    folder = own(tmp_path, notice='#import "common.typ": *\n\n#nonsense(1)\n')

    with pytest.raises(SchoolpubError) as refused:
        Printer([folder, TEMPLATES]).notice(bare(), STAMP)

    assert str(refused.value) == "The print template notice.typ has a mistake in line 3: unknown variable: nonsense"


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../../etc/passwd", "/pyproject.toml"])
def test_a_template_reads_nothing_outside(tmp_path: Path, name: str) -> None:
    """A template is in a jail: no file of the machine can be printed through it."""
    folder = own(tmp_path, notice=f'#set document(title: "x")\n#read("{name}")\n')

    with pytest.raises(SchoolpubError, match="has a mistake in line 2"):
        Printer([folder, TEMPLATES]).notice(bare(), STAMP)


def test_a_template_without_an_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs in a process of its own, which has its time; nobody waits for ever."""
    monkeypatch.setattr(apart, "_SECONDS", 1)
    folder = own(tmp_path, notice="#{ for i in range(1000000) { for j in range(1000000) { [] } } }")

    with pytest.raises(SchoolpubError, match="does not come to an end"):
        Printer([folder, TEMPLATES]).notice(bare(), STAMP)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link beside the templates is not part of them."""
    secret = tmp_path / "secret.typ"
    secret.write_text("秘密", encoding="utf-8")
    folder = own(tmp_path, notice='#include "inner.typ"')
    (folder / "inner.typ").symlink_to(secret)

    with pytest.raises(SchoolpubError, match="file not found"):
        Printer([folder, TEMPLATES]).notice(bare(), STAMP)


@pytest.mark.parametrize("package", ["@preview/tablex:0.0.8", "@local/x:1.0.0"])
def test_packages_from_the_network_are_refused(tmp_path: Path, package: str) -> None:
    """A sheet never depends on what can be fetched today."""
    folder = own(tmp_path, notice=f'#import "{package}": *')

    with pytest.raises(SchoolpubError, match=r"notice\.typ imports a package from the network"):
        Printer([folder, TEMPLATES])


def test_missing_templates_are_named(tmp_path: Path) -> None:
    """Without any template the folders that were looked in are told."""
    with pytest.raises(SchoolpubError, match=r"no print templates in .*nowhere"):
        Printer([tmp_path / "nowhere"])
    folder = own(tmp_path)
    shutil.copy(TEMPLATES / "common.typ", folder)
    with pytest.raises(SchoolpubError, match=r"poster\.typ is missing"):
        Printer([folder]).poster({}, "A4", STAMP)


def test_the_schools_own_fonts_come_first() -> None:
    """With system fonts 仿宋, 小标宋 and 楷 come first where the machine has them."""
    chosen = fonts.choose(["FangSong", "Noto Serif SC", "KaiTi", "Noto Sans SC", "FZXiaoBiaoSong-B05S"])

    assert chosen["body"] == ["FangSong", "Noto Serif SC"]
    assert chosen["kai"] == ["KaiTi", "Noto Serif SC"]
    assert chosen["title"] == ["FZXiaoBiaoSong-B05S", "Noto Serif SC"]
    assert chosen["hei"][0] == "Noto Sans SC"


def test_system_fonts_print_too() -> None:
    """The option for the school's own fonts gives a sheet on any machine."""
    sheet = Printer([TEMPLATES], fonts="system").notice(bare(blocks=[paragraph("国" * 30)]), STAMP)

    assert pages(sheet) == 1


def table(columns: int, rows: int) -> dict[str, Any]:
    """Return a table of *columns* amounts beside a column of words."""

    def cell(text: str, align: str = "right") -> dict[str, Any]:
        return {"text": text, "align": align, "colspan": 1, "rowspan": 1, "parts": []}

    return {
        "kind": "table",
        "name": "各项",
        "unit": "元",
        "note": "",
        "heads": [[cell("年级", "left"), *(cell(f"第{n}项", "center") for n in range(columns))]],
        "columns": [{"align": "left", "width": 4.0}, *({"align": "right", "width": 5.6} for _ in range(columns))],
        "rows": [
            {"level": 0, "kind": "row", "cells": [cell(f"{r}年级"), *(cell("123,456.78") for _ in range(columns))]}
            for r in range(rows)
        ],
    }


@pytest.mark.parametrize("columns", [1, 4, 7, 8, 9, 12, 14])
def test_wide_tables_keep_figures_whole_and_inside(columns: int) -> None:
    """Type gets smaller with more columns; a table too wide for that has a page across. No figure is broken."""
    heading = {"kind": "heading", "level": 1, "text": "一、各项"}
    sheet = Printer([TEMPLATES]).notice(bare(blocks=[heading, table(columns, 3), paragraph("完。")]), STAMP)

    from io import BytesIO

    from pypdf import PdfReader

    leaves = PdfReader(BytesIO(sheet)).pages
    found = "\n".join(leaf.extract_text() for leaf in leaves)
    assert found.count("123,456.78") == columns * 3
    for place, leaf in enumerate(leaves):
        # The right margin is 26 mm, 35 mm across; a figure is at least 5 em of 7.5 points.
        limit = float(leaf.mediabox.width) - 73 - 30
        assert all(x < limit for x, _, text in glyphs(sheet, place) if "123,456.78" in text)


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_prints_or_is_refused_by_name(text: str) -> None:
    """Whatever stands in a record, the printer makes a sheet or names the character; nothing else happens."""
    value = bare(blocks=[paragraph(f"前{text}后")], title=[f"题{text}"], plain_title=f"题{text}")

    try:
        sheet = _PRINTER.notice(value, STAMP)
    except SchoolpubError as refused:
        assert "cannot be printed: no font at hand has it" in str(refused)
    else:
        assert pages(sheet) >= 1


_PRINTER = Printer([TEMPLATES])


def test_an_unknown_report_of_the_compiler_is_still_told() -> None:
    """A report without a place is told as it is."""
    told = explain("something new", "error: something new", {})

    assert str(told) == "The print template *.typ has a mistake in line ?: something new"
