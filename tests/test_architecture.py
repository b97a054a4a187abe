"""Promises about the code itself: imports run one way, each library has one home, the core is pure, nothing leaks in."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "schoolpub"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = {
    "errors": set(),
    "dataclass": set(),
    "model": {"errors"},
    "rules": {"model", "errors"},
    "views": {"rules", "model", "errors"},
    "store": {"views", "rules", "model", "errors"},
    "board": {"views", "rules", "model", "errors"},
    "notices": {"views", "rules", "model", "errors"},
    "publish": {"views", "rules", "model", "errors"},
    "paths": set(),
    "cli": {"store", "board", "notices", "publish", "views", "rules", "model", "errors", "paths"},
}
"""Part of the program → the parts that it may import; none of the edges imports another."""

HOMES = {
    "yaml": ("store/",),
    "git": ("store/git/",),
    "filelock": ("store/",),
    "cryptography": ("store/",),
    "jinja2": ("board/",),
    "markupsafe": ("board/",),
    "typst": ("notices/",),
    "pylopdf_fonts_zh_cn": ("notices/",),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "PIL": ("store/attachments/", "cli/story/"),
    "pypdf": ("store/attachments/", "notices/"),
    "segno": ("views/",),
    "pyrage": ("store/sealed.py",),
    "chinese_calendar": ("store/", "cli/"),
    "openpyxl": ("store/spreadsheets/",),
    "python_calamine": ("store/spreadsheets/",),
}
"""Library → where it may be imported."""

STANDARD_OF_THE_EDGES = {
    "subprocess", "socket", "shutil", "tempfile", "urllib.request", "http", "threading", "multiprocessing", "time", "random",
    "secrets", "getpass", "sys", "os", "pathlib",
}  # fmt: skip
"""Parts of the standard library that reach outside; the core may only name paths, never touch them."""


def name_of(path: Path) -> str:
    """Return the module's path below the package, with `/`."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def part_of(path: Path) -> str:
    """Return the part of the program that a module belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@cache
def imported(path: Path) -> list[tuple[str, int]]:
    """Return every module that a module imports anywhere in it, with the line; what only a type checker sees is left out."""
    found = []
    nodes: list[ast.AST] = [tree_of(path)]
    for node in nodes:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes += node.orelse
        elif isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} a relative import"
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        elif not isinstance(node, ast.expr):
            nodes += ast.iter_child_nodes(node)
    return found


def test_imports_run_one_way() -> None:
    """cli → store, board, notices → views → rules → model → errors, and the edges do not import one another."""
    wrong = []
    for path in MODULES:
        part = part_of(path)
        if part in ("__init__", "__main__"):
            continue
        assert part in LAYERS, f"{name_of(path)} belongs to no known part"
        allowed = LAYERS[part] | {part, "dataclass", "__version__"}
        for name, line in imported(path):
            words = name.split(".")
            if words[0] == "schoolpub" and len(words) > 1 and words[1] not in allowed:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert wrong == []


def test_one_home_for_each_library() -> None:
    """A library is imported in its home only, so that it can be replaced there."""
    wrong = []
    for path in MODULES:
        for name, line in imported(path):
            library = name.split(".")[0]
            if library in HOMES and not name_of(path).startswith(HOMES[library]):
                wrong.append(f"{name_of(path)}:{line} imports {library}")
    assert wrong == []


def test_the_core_is_pure() -> None:
    """Judgements and views open no file, ask no clock, start no program and read no variable of the system."""
    wrong = []
    for path in MODULES:
        if part_of(path) not in ("rules", "model", "views", "errors"):
            continue
        for name, line in imported(path):
            parts = name.split(".")
            reaching = {parts[0], ".".join(parts[:2])} & STANDARD_OF_THE_EDGES
            pure_path = name in ("pathlib.PurePosixPath", "pathlib.Path") and part_of(path) == "views"
            if reaching and not pure_path:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("open", "io.open", "print", "input", "exec", "eval", "date.today", "datetime.now", "datetime.today",
                              "datetime.utcnow", "time.time") or called.endswith(
                    (".read_text", ".read_bytes", ".write_text", ".write_bytes", ".exists", ".is_file", ".iterdir")
                ):  # fmt: skip
                    wrong.append(f"{name_of(path)}:{node.lineno} calls {called}")
    assert wrong == []


def test_one_clock() -> None:
    """The time is asked in one place, so that `SCHOOLPUB_NOW` can stand in for it."""
    asked = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("date.today", "datetime.now", "datetime.today", "datetime.utcnow")
    ]
    assert [place for place in asked if not place.startswith("cli/clock.py:")] == []


def test_every_module_is_short_and_says_what_it_is() -> None:
    """No module has more than 400 lines; each, and each public class and function in it, has a docstring."""
    wrong = []
    for path in MODULES:
        tree = tree_of(path)
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 400:
            wrong.append(f"{name_of(path)} has {lines} lines")
        if not ast.get_docstring(tree) and lines:
            wrong.append(f"{name_of(path)} has no docstring")
        wrong += [f"{name_of(path)}:{node.lineno} {node.name} has no docstring" for node in _public(tree) if not _told(node)]
    assert wrong == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _told(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return bool(ast.get_docstring(node)) or any(
        ast.unparse(decorator) in ("overload", "typing.overload") for decorator in node.decorator_list
    )


def test_annotations_are_never_evaluated_early() -> None:
    """Every module that defines something begins with `from __future__ import annotations`."""
    lacking = [
        name_of(path)
        for path in MODULES
        if any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign) for node in tree_of(path).body)
        and "from __future__ import annotations" not in path.read_text(encoding="utf-8")
    ]
    assert lacking == []


def tracked() -> list[Path]:
    """Return the files that belong to the project: those git knows, and those it would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("this is no checkout")
    return [ROOT / name for name in made.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_nothing_of_a_machine_is_in_the_project() -> None:
    """No path of a machine, no address of a package index, no unfinished work stands in any file."""
    machine = re.compile(
        rb"/(?:home|Users|root|work)/[A-Za-z]|/tmp/(?!site\b|x\b)|\.pyenv|pypi\.org|files\.pythonhosted|/simple/?[\s\"']"
        rb"|https?://(?:[a-z0-9.-]*(?:mirror|artifactory|nexus|devpi)[a-z0-9.-]*)"
    )
    unfinished = re.compile(rb"\b(?:TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")
    wrong = []
    for path in tracked():
        data = path.read_bytes()
        name = path.relative_to(ROOT).as_posix()
        if b"\0" in data[:8000] or path == Path(__file__):
            continue
        for pattern in (machine, *([unfinished] if path.suffix == ".py" and name.startswith("schoolpub/") else [])):
            for match in pattern.finditer(data):
                line = data[: match.start()].count(b"\n") + 1
                wrong.append(f"{name}:{line} {match[0]!r}")
    assert wrong == []


def test_the_lock_names_no_place() -> None:
    """The locked requirements say what and by which digest, not from where."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > 20
