"""The program speaks Chinese to a clerk, English to whoever asks for it, and never half of each."""

from __future__ import annotations

import ast
import gettext
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from schoolpub.cli.framework import COMMANDS
from tests import translations

CATALOGUE = {str(m.id): str(m.string) for m in translations.read() if m.id}
MESSAGES = translations.messages()

PLACE = re.compile(r"(?<!\{)\{(\w*)\}(?!\})")
CODE = re.compile(
    r"`[^`]*`|https?://\S*|[\w.]+(?:/[\w.<>-]*)+|\b(?:schoolpub|git|pip)(?: [a-z-]+)+|--?[a-z][a-z-]*",
    re.ASCII,
)
"""What stays as it is in any language: commands, options, addresses, paths."""

_WORDS = """
schoolpub git pip ssh ed yaml yml xlsx pptx docx pub PyYAML YAML CSV PDF JSON Excel Word Windows Unicode UTF
GB GBK md ANSI BOM CRLF LF SHA MB MiB Ctrl EDITOR SCHOOLPUB NOW cd mv init checkout restore install email user
jie li qian sun zhao min safe directory packaged system wd docs administrator templates print private
unfinished term weeks NAME ICS SCAN SLUG ID TABLE FILE KEY VALUE TEXT AAAA DIR OPTIONS COMMAND ARGS accounts
adopted all amount and attach attachments blocks board body both category channels check columns consent count
date day days department disclosures draft due each edition end event every external finance from hotlines
xls ods csv txt WPS LibreOffice XML PowerPoint Ed ECDSA RSA feedback rectifications supervision
http https id in income internal items level matrix max method mid month monthly name no not notice of office
on or other part people period person poster posted public range record recorded records register role row
says school site statuses steps opinions slip bundle codes json hearing COLUMN submitted sum total to unanimous until website where yes bank step
txt Ed ECDSA RSA
"""
LEFT = frozenset(_WORDS.split())
"""Words that a Chinese sentence may hold."""
NAMES = frozenset(word for name in COMMANDS for word in name.split())
"""Names of commands, also of those within a group."""


def english_in(text: str) -> list[str]:
    """Return what is English in *text* beside the names of commands, options, keys, metavars and programs."""
    lines = [line for line in text.splitlines() if not line.strip().startswith("示例：schoolpub ")]
    bare = PLACE.sub("", CODE.sub("", "\n".join(lines)))
    words = [w for w in re.findall(r"[A-Za-z]{2,}", bare) if w not in LEFT and w not in NAMES]
    return words + re.findall(r"[a-z]+(?: [a-z]+){2,}", bare)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real program in an environment that states no language but *environment*."""
    return _run("-m", "schoolpub", *arguments, **environment)


def _run(*python: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "SCHOOLPUB_"))}
    return subprocess.run(
        [sys.executable, *python],
        env=kept | {"PYTHONUTF8": "1", "COLUMNS": "100"} | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_every_sentence_has_chinese() -> None:
    """What the program can say in English it can say in Chinese."""
    assert [text for text in MESSAGES if not CATALOGUE.get(text)] == []


def test_nothing_else_is_translated() -> None:
    """The catalogue holds no sentence that the program does not say."""
    assert sorted(set(CATALOGUE) - set(MESSAGES)) == []


def test_the_places_are_the_same() -> None:
    """A translated sentence has the places of the English one, no more and no fewer, and its doubled braces."""
    assert [
        english
        for english, chinese in CATALOGUE.items()
        if set(PLACE.findall(english)) != set(PLACE.findall(chinese))
        or ("{{" in english) != ("{{" in chinese)
        or ("}}" in english) != ("}}" in chinese)
    ] == []


def test_code_stays_as_it_is() -> None:
    """Commands and examples are the same in both languages: what is printed can be typed."""
    for english, chinese in CATALOGUE.items():
        assert sorted(re.findall(r"`([^`]+)`", english)) == sorted(re.findall(r"`([^`]+)`", chinese)), english
        assert re.findall(r"(?m)^Example: (.*)$", english) == re.findall(r"(?m)^示例：(.*)$", chinese), english


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    """The .mo file that the program reads says what the .po file says."""
    with translations.MO.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in CATALOGUE} == CATALOGUE


def test_no_english_is_left_in_a_sentence() -> None:
    """A Chinese sentence holds no English beside commands, options, keys and the names of programs."""
    found = {chinese: words for chinese in CATALOGUE.values() if (words := english_in(chinese))}
    assert found == {}


def test_chinese_sentences_have_chinese_punctuation() -> None:
    """Beside code, a comma or a stop after a Chinese character is full-width."""
    wrong = re.compile(r"[\u4e00-\u9fff][,;:?!]")
    yaml = re.compile("(?:名称|栏目名): (?:值|数值)")
    assert [text for text in CATALOGUE.values() if wrong.search(CODE.sub("", yaml.sub("", text)))] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--help"], "用法：schoolpub"),
        (["add", "--help"], "用法：schoolpub add"),
        (["nonesuch"], "错误：没有命令“nonesuch”"),
        (["submitt"], "是不是 submit？"),
        (["submit"], "错误：缺少参数 ID…"),
        (["add", "--nonesuch"], "错误：没有选项 --nonesuch"),
        (["add", "x", "--period"], "错误：选项 --period 后面须写一个值"),
        (["list", "x"], "错误：多余的参数：x"),
        (["serve", "--port", "x"], "错误：--port 的值不对：须写整数"),
    ],
)
def test_the_framework_speaks_chinese(arguments: list[str], told: str) -> None:
    """Helps and mistakes in the command line are Chinese throughout, also what the framework says."""
    done = run(*arguments, SCHOOLPUB_LANG="zh")
    shown = done.stdout + done.stderr
    assert done.returncode == (0 if "--help" in arguments else 2)
    assert told in shown
    assert english_in(_without_names(shown)) == []


def test_every_help_is_chinese() -> None:
    """`--help` of each command is Chinese throughout."""
    script = (
        "import sys; from schoolpub.cli import main; from schoolpub.cli.framework import COMMANDS\n"
        "for name in COMMANDS:\n"
        "    sys.argv = ['schoolpub', *name.split(), '--help']\n"
        "    try: main()\n"
        "    except SystemExit as end: assert not end.code, name\n"
    )
    done = _run("-c", script)
    assert done.stderr == ""
    assert done.stdout.count("用法：schoolpub") == len(COMMANDS)
    assert english_in(_without_names(done.stdout)) == []


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"SCHOOLPUB_LANG": "en"}, "Usage: schoolpub"),
        ({"SCHOOLPUB_LANG": "en", "LANG": "zh_CN.UTF-8"}, "Usage: schoolpub"),
        ({"LANG": "en_US.UTF-8"}, "Usage: schoolpub"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "Usage: schoolpub"),
        ({"SCHOOLPUB_LANG": "zh", "LANG": "en_US.UTF-8"}, "用法：schoolpub"),
        ({"LANG": "zh_CN.UTF-8"}, "用法：schoolpub"),
        ({"LANG": "C.UTF-8"}, "用法：schoolpub"),
        ({}, "用法：schoolpub"),
    ],
)
def test_the_language_is_chosen(environment: dict[str, str], told: str) -> None:
    """SCHOOLPUB_LANG decides; else an English locale gives English, and everything else Chinese."""
    assert run("add", "--help", **environment).stdout.startswith(told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--help"], "Show this message and exit."),
        (["nonesuch"], "Error: No such command “nonesuch”."),
        (["submit"], "Error: Missing argument ID…."),
        (["add", "--nonesuch"], "Error: No such option: --nonesuch"),
    ],
)
def test_english_is_english(arguments: list[str], told: str) -> None:
    """With SCHOOLPUB_LANG=en the framework's words are English."""
    done = run(*arguments, SCHOOLPUB_LANG="en")
    assert told in done.stdout + done.stderr


def test_nothing_is_printed_that_cannot_be_translated() -> None:
    """The command line prints, asks and raises no text of its own: it goes through `say` or `_`."""
    spoken = [
        f"{path.name}:{line} {text}"
        for path in sorted((translations.ROOT / "schoolpub" / "cli").rglob("*.py"))
        for line, text in _spoken(path)
        if text.strip() != "schoolpub"
    ]
    assert spoken == []


_SPEAK = ("print", "input", "out", "note", "echo", "prompt", "confirm", "secho")


def _spoken(path: Path) -> list[tuple[int, str]]:
    """Return the texts with words that *path* gives to a function that speaks, or to an error that is shown."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _SPEAK or name.endswith(("Error", "Refused", "BadParameter")):
            parts = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else [node.args[0]]
            texts = [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
            found += [(node.lineno, text) for text in texts if re.search(r"[A-Za-z]{3,}", text)]
    return found


def _without_names(shown: str) -> str:
    """Return *shown* without what was typed and what is a name: metavars, the names of commands, the user's words."""
    return re.sub(r"\b(?:[A-Z]{2,}|nonesuch|submitt)\b", "", shown)
