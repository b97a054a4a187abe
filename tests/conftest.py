"""Schools to work in, and the program to work with: real folders, real git."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli.office import NOW, Office, Result

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")
# Property tests draw the same examples each time; `--hypothesis-profile=search` draws others.


@pytest.fixture(scope="session")
def program_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where started programs keep their compiled modules, so that each start is quick."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(scope="session", autouse=True)
def no_power_failure() -> Iterator[None]:
    """Nothing here has to outlive the machine: neither this process nor git waits for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setenv("GIT_TEST_FSYNC", "0")
        yield


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program_cache: Path) -> pytest.MonkeyPatch:
    """Nothing of the machine that the tests run on: no git settings, no language, a fixed clock, an empty home."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "SCHOOLPUB_", "LC_", "EDITOR", "VISUAL", "PYTHON")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TEST_FSYNC", "0")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SCHOOLPUB_LANG", "en")
    monkeypatch.setenv("SCHOOLPUB_NOW", NOW)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(program_cache))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    return monkeypatch


@pytest.fixture(scope="session")
def schools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which schools are kept as they were at some moment, to be copied."""
    return tmp_path_factory.mktemp("schools")


def run_inside(*arguments: str) -> Result:
    """Run a command in this process; what it prints and its exit code are the answer."""
    from schoolpub.cli.app import app

    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            app([*arguments], prog_name="schoolpub")
        except SystemExit as end:
            code = end.code
    return Result(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


@pytest.fixture
def office(surroundings: pytest.MonkeyPatch, tmp_path: Path, schools: Path) -> Office:
    """The sample school on its first day, and somebody at its machine."""
    kept = schools / "first-day"
    if not kept.exists():
        made = run_inside("init", str(kept), "--sample")
        assert made.code == 0, made
        # Its objects in one file: each file costs in each copy.
        subprocess.run(["git", "repack", "-a", "-d", "-q"], cwd=kept, check=True, capture_output=True)
    root = tmp_path / "school"
    shutil.copytree(kept, root)
    surroundings.chdir(root)
    return Office(root, run_inside, surroundings, schools)


def pytest_configure() -> None:
    """Let a message of a failed test show Chinese wherever it is run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
