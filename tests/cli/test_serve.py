"""The preview: a real server on loopback that rebuilds when a file changes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def test_preview_serves_the_site_and_rebuilds(tmp_path: Path) -> None:
    """A page is served, and after a file changes the rebuilt one is served without a restart."""
    environment = {**os.environ, "SCHOOLPUB_LANG": "en", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "schoolpub"]
    folder = tmp_path / "示例 学校"
    subprocess.run([*command, "init", str(folder), "--sample"], check=True, env=environment, capture_output=True)
    server = subprocess.Popen(
        [*command, "serve", "--port", "0", "--root", str(folder), "--as-of", "2026-11-21"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert address is not None
        assert "示例学校校务公开" in _page(address[0])

        school = folder / "records/school.yaml"
        school.write_text(school.read_text("utf-8").replace("name: 示例学校", "name: 示例中学", 1), "utf-8")

        assert _until(address[0], "示例中学校务公开")
    finally:
        server.terminate()
        server.communicate(timeout=10)


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    """A port that another program holds is refused with the way out."""
    import socket

    environment = {**os.environ, "SCHOOLPUB_LANG": "en"}
    folder = tmp_path / "school"
    command = [sys.executable, "-m", "schoolpub"]
    subprocess.run([*command, "init", str(folder), "--sample"], check=True, env=environment, capture_output=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*command, "serve", "--port", port, "--root", str(folder)],
            env=environment, capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip

    assert done.returncode == 3
    assert done.stderr == f"Port {port} is taken, or is no port.\n→ choose another: --port 8001\n"


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def _until(address: str, wanted: str, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if wanted in _page(address):
            return True
        time.sleep(0.3)
    return False
