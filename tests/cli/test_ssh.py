"""The school's server over ssh: what is honest arrives, what rewrites or tells of persons is refused with the reason."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.office import NOW, Office
from tests.programs import found, needs

ID = "finance-monthly-2026-10"

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
SetEnv HOME={folder} SCHOOLPUB_NOW={now} PYTHONPATH={source} GIT_CONFIG_NOSYSTEM=1
"""


def free_port() -> int:
    """Return a port that nobody uses."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(office: Office, tmp_path: Path) -> Iterator[str]:
    """Start an ssh server of our own with keys of its own; yield how its addresses begin."""
    folder, port = tmp_path / "sshd", free_port()
    folder.mkdir()
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    text = CONFIG.format(port=port, folder=folder, now=NOW, source=Path(__file__).parents[2])
    (folder / "config").write_text(text, "utf-8")
    public = (folder / "host.pub").read_text("utf-8").split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n", "utf-8")
    office.surroundings.setenv(
        "GIT_SSH_COMMAND",
        f"ssh -F none -i {folder}/client -o IdentitiesOnly=yes -o UserKnownHostsFile={folder}/known"
        " -o StrictHostKeyChecking=yes -o BatchMode=yes -o LogLevel=ERROR",
    )
    if os.geteuid() == 0:  # the server wants this empty folder when it is started by root
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    program = found("sshd") or "sshd"
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([program, "-D", "-e", "-f", folder / "config"], stderr=log) as running,
    ):
        try:
            until = time.monotonic() + 10
            while "listening" not in (folder / "log").read_text("utf-8") and time.monotonic() < until:
                assert running.poll() is None, (folder / "log").read_text("utf-8")
                time.sleep(0.02)
            yield f"ssh://{getpass.getuser()}@127.0.0.1:{port}"
        finally:
            running.terminate()


@needs("sshd")
def test_the_guard_over_ssh(office: Office, server: str) -> None:
    """An honest act is taken over; a rewritten history and a planted identity number are refused, in Chinese."""
    office.at("review")
    bare = office.root.parent / "school.git"
    office.git("init", "-q", "--bare", "--initial-branch=main", str(bare))
    office.done("guard", "install", str(bare))
    office.done("sync", server + str(bare))
    office.through(ID, since="screen", upto="screen")
    assert office.done("sync", "--json").json["pushed"]
    held = office.git("rev-parse", "HEAD")

    def stands() -> str:
        return office.git("--git-dir", str(bare), "rev-parse", "main")

    assert stands() == held
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.done("remark", ID, "另一段历史")
    told = subprocess.run(
        ["git", "push", "-q", "--force", "origin", "HEAD:main"], cwd=office.root, capture_output=True, encoding="utf-8"
    )  # fmt: skip
    assert told.returncode
    assert "改写" in told.stderr
    assert stands() == held

    office.git("reset", "-q", "--hard", held.strip())
    number = "11010519491231" + "002X"
    (office.root / "records/名单.txt").write_text(f"张某 {number}\n", "utf-8")
    office.git("add", "-A")
    office.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "名单")
    said = office("sync")
    assert said.code == 3
    assert "个人信息" in said.err
    assert number not in said.err
    assert stands() == held
