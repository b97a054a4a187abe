"""The wheel works by itself: installed in a fresh environment, outside the checkout, without a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from schoolpub import __version__

CHECKOUT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
             "--disable-pip-version-check", "-w", str(folder), str(CHECKOUT)]  # fmt: skip
    subprocess.run(build, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_what_is_in_the_wheel(wheel: Path) -> None:
    """Program, starter, templates and Chinese are inside; tests, caches and anybody's records are not."""
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = Parser().parsestr(packed.read(next(n for n in names if n.endswith("METADATA"))).decode())
        scripts = packed.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    for name in (
        "schoolpub/cli/app.py", "schoolpub/starter/school.yaml", "schoolpub/starter/catalogue/2026-01-01/finance.yaml",
        "schoolpub/starter/calendar/2026.yaml", "schoolpub/locale/zh_CN/LC_MESSAGES/schoolpub.mo",
    ):  # fmt: skip
        assert name in names
    assert any(n.startswith("schoolpub/templates/site/") and n.endswith(".html") for n in names)
    assert any(n.startswith("schoolpub/templates/print/") and n.endswith(".typ") for n in names)
    assert [n for n in names if n.startswith("tests/") or "__pycache__" in n or "/.schoolpub/" in n] == []
    assert [n for n in names if "/private/" in n or "/disclosures/" in n] == []
    assert metadata["Name"] == "schoolpub"
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Summary"]
    assert {re.split("[^A-Za-z0-9-]", line)[0].lower() for line in metadata.get_all("Requires-Dist") or ()} >= {
        "typer", "pyyaml", "jinja2", "gitpython", "filelock", "typst", "pypdf", "pillow", "segno",
    }  # fmt: skip
    assert "schoolpub = schoolpub.cli:main" in scripts


def test_the_wheel_alone(wheel: Path, surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Installed beside the present libraries and run elsewhere, it makes a school, drafts, checks, builds and prints."""
    surroundings.delenv("PYTHONPATH")
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    with zipfile.ZipFile(wheel) as packed:  # what installing with no dependencies comes to
        site = next(venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages")
        packed.extractall(site)
    # The libraries of this environment, but not the checkout, which an editable install would bring along.
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for path in Path(os.path.dirname(pytest.__file__)).parent.iterdir():
        if "schoolpub" not in path.name and path.suffix != ".pth":
            (libraries / path.name).symlink_to(path)
    surroundings.setenv("PYTHONPATH", str(libraries))
    python = next(p for p in (venv / "bin/python", venv / "Scripts/python.exe") if p.exists())
    away = tmp_path / "elsewhere"
    away.mkdir()

    def run(*arguments: str, cwd: Path = away) -> str:
        made = subprocess.run(
            [str(python), "-m", "schoolpub", *arguments], cwd=cwd, capture_output=True, encoding="utf-8", check=False
        )
        assert made.returncode == 0, made.stdout + made.stderr
        return made.stdout

    where = subprocess.run(
        [str(python), "-c", "import schoolpub; print(schoolpub.__file__)"], cwd=away, capture_output=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    assert str(venv) in where.stdout
    assert run("--version") == f"schoolpub {__version__}\n"
    run("init", "school", "--sample")
    school = away / "school"
    assert run("add", "finance-monthly", "--period", "2026-10", "--zero", cwd=school).splitlines()[-1] == (
        "finance-monthly-2026-10"
    )
    assert "0 errors" in run("check", cwd=school)
    run("build", cwd=school)
    assert (school / "site/public/index.html").is_file()
    run("print", "finance-monthly-2026-10", "--form", "notice,register", cwd=school)
    assert len(list((school / "print").glob("*.pdf"))) == 2
    assert "财务收支月报" in run("items", cwd=school)
