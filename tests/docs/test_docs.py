"""The documentation is true: its commands run, its links lead somewhere, it names every command and every key."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schoolpub.cli.framework import COMMANDS
from schoolpub.errors import Problem
from schoolpub.model.record import Tree
from schoolpub.rules.expressions import FUNCTIONS
from schoolpub.store.catalogue import duties, fields, flows, items, rules
from schoolpub.store.files import calendar_file, people_file, school_file, workplan_file
from schoolpub.store.yaml import canonical, strict_yaml
from tests.docs import started
from tests.docs.pages import LEFT_OUT, PAGES, REPOSITORY, anchors, blocks, commands, levels, links, matches, read

_MARK = "\x1e"
INSTALLED = Path(sys.executable).parent


@pytest.fixture(scope="session")
def command() -> Iterator[Path]:
    """The folder in which a page finds `schoolpub`."""
    if not started.POSSIBLE:
        yield INSTALLED
        return
    with started.schoolpub() as folder:
        yield folder


def environment(home: Path, first: Path) -> dict[str, str]:
    """Return what a shell on a fresh machine has, with the `schoolpub` in *first* before all others on its path."""
    path = os.pathsep.join([str(first), str(INSTALLED), os.environ["PATH"]])
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


def script(text: str) -> tuple[str, list[tuple[int, str, str | None]]]:
    """Return the shell script of a page, and for each of its parts the line, the command and what it should print."""
    lines = ["set -eu", "exec 2>&1"]
    parts: list[tuple[int, str, str | None]] = []
    for block in blocks(text):
        if block.kind == "sh":
            parts.append((block.line, block.text, None))
            lines += [f"printf '{_MARK}'", block.text]
        elif block.kind == "console":
            for command in commands(block):
                parts.append((block.line, command.text, command.output))
                lines += [f"printf '{_MARK}'", f"{{ {command.text}\n}} || true"]
    return "\n".join([*lines, f"printf '{_MARK}'"]), parts


@pytest.mark.skipif(shutil.which("bash") is None, reason="the pages are written for a shell")
@pytest.mark.parametrize("page", PAGES)
def test_commands_on_the_page_run(page, tmp_path, command):
    """Every command of a page works when pasted, and prints what the page says; SCHOOLPUB_GOLDEN=1 writes it anew."""
    text = read(page)
    source, parts = script(text)
    folder = tmp_path / "work"
    folder.mkdir()
    first = INSTALLED if page == "README.md" else command  # what a newcomer types is typed to the program itself
    ran = subprocess.run(
        ["bash", "-c", source], cwd=folder, env=environment(tmp_path, first), capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    printed = ran.stdout.split(_MARK)[1:]

    assert ran.returncode == 0, f"{page}: {parts[len(printed) - 1]} printed {printed[-1]}"
    if os.environ.get("SCHOOLPUB_GOLDEN"):
        rewrite(page, text, printed)
        return
    wrong = [
        (line, command, output)
        for (line, command, said), output in zip(parts, printed, strict=False)
        if said is not None and not matches(said, output)
    ]
    assert wrong == []


def rewrite(page: str, text: str, printed: list[str]) -> None:
    """Put what was *printed* into the `console` blocks of a page, but for those that leave something out."""
    outputs = iter(printed)
    result, end = [], 0
    for block in blocks(text):
        if block.kind == "sh":
            next(outputs)
        elif block.kind == "console":
            told = []
            for command in commands(block):
                output = next(outputs)
                kept = command.output if LEFT_OUT in command.output.splitlines() else output
                told.append("$ " + command.text.replace("\n", "\n> ") + "\n" + re.sub(" +$", "", kept, flags=re.M))
            result += [text[end : block.span[0]], "".join(told)]
            end = block.span[1]
    (REPOSITORY / page).write_text("".join([*result, text[end:]]), "utf-8")


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_links_lead_somewhere(page):
    """Every link to a file of the repository, and to a heading in it, finds what it names."""
    here = REPOSITORY / page
    dead = []
    for link in links(read(page)):
        name, _, anchor = link.partition("#")
        target = (here.parent / name).resolve() if name else here
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            dead.append(link)

    assert dead == []


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_documented(command):
    """Every command that `schoolpub --help` shows is shown in the documentation, too."""
    assert any(re.search(rf"schoolpub {command}\b", read(page)) for page in PAGES)


def test_readme_is_the_same_in_both_languages():
    """The Chinese README has the sections of the English one and its commands, but for the language of the screen."""

    def told(page: str) -> tuple[list[int], list[tuple[str, str | list[str]]]]:
        text = read(page).replace("SCHOOLPUB_LANG=zh", "SCHOOLPUB_LANG=en")
        run = [b for b in blocks(text) if b.kind in ("sh", "console", "text")]
        return levels(text), [
            (b.kind, [c.text for c in commands(b)] if b.kind == "console" else re.sub(r" +#.*", "", b.text))
            for b in run
        ]

    assert told("README.zh-CN.md") == told("README.md")


def test_every_block_is_marked():
    """No fenced block is left unmarked: it is run, or it says that it is not."""
    known = ("sh", "console", "text", "yaml", "html", "css", "csv")
    marks = [(page, block.line, block.kind) for page in PAGES for block in blocks(read(page))]

    assert [mark for mark in marks if mark[2] not in known] == []


def test_verbs_of_make_exist():
    """Every `make VERB` in the documentation is one of the Makefile's."""
    verbs = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {verb for page in PAGES for verb in re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", read(page), re.MULTILINE)}

    assert {"demo", "test"} <= {a or b for a, b in named} <= verbs


FORMAT_KEYS = {
    "a record": canonical.BODY_KEYS,
    "school.yaml": school_file._KEYS,
    "an item": items._KEYS,
    "a field": (*fields._ALL, *fields._SPECIAL),
    "types": fields.TYPES,
    "rules": rules._KEYS,
    "duties": (*duties.EVERY[:8], *duties._FORMS, *duties.ANCHORS),
    "flows": flows._KEYS,
    "functions": tuple(FUNCTIONS),
}


@pytest.mark.parametrize("part", FORMAT_KEYS)
def test_every_key_of_the_files_is_described(part):
    """The page on the file format names every key, type and function that the reader knows."""
    words = set(re.findall(r"[a-z][a-z_-]*[a-z]", read("docs/file-format.md")))

    assert [key for key in FORMAT_KEYS[part] if key not in words] == []


def examples(page: str) -> list[tuple[int, Tree, list[Problem]]]:
    """Return the `yaml` blocks of a page: line, tree, problems."""
    found = [block for block in blocks(read(page)) if block.kind == "yaml"]
    return [(block.line, *strict_yaml.parse(block.text.encode(), page)) for block in found]


@pytest.mark.parametrize("page", PAGES)
def test_yaml_examples_can_be_read(page):
    """Every `yaml` block is YAML as the strict reader takes it."""
    assert [(line, [str(p.message) for p in found]) for line, _, found in examples(page) if found] == []


def test_examples_of_the_registers_are_right():
    """What the page on the file format shows of school, people, calendar and plan is read without a problem."""
    trees = [tree for _, tree, _ in examples("docs/file-format.md") if isinstance(tree, dict)]
    school, people, year, terms, plan = (
        next(tree for tree in trees if key in tree) for key in ("boards", "persons", "holidays", "terms", "phases")
    )

    assert school_file.read_school(school, "")[1] == []
    assert people_file.read_people(people, "")[1] == []
    assert calendar_file.read_year(year, "")[1] == []
    assert calendar_file.read_terms(terms, "")[2] == []
    assert workplan_file.read_plan(plan, "")[1] == []
