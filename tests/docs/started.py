"""Commands of a page, each a process of its own, forked from one that has everything imported.

A page runs dozens of commands and most of the time of each goes into importing.  `schoolpub` on the page's path hands
its arguments, folder, variables and streams to the process here and ends with the code that the command ended with.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POSSIBLE = hasattr(os, "fork") and hasattr(socket, "send_fds")
_REPOSITORY = Path(__file__).parent.parent.parent
_ASK = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.connect(sys.argv[1])
    socket.send_fds(asked, [b"."], [0, 1, 2])
    asked.sendall(json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode())
    asked.shutdown(socket.SHUT_WR)
    code = asked.recv(1)
sys.exit(code[0] if code else 70)
"""


@contextmanager
def schoolpub() -> Iterator[Path]:
    """Have a folder for the path in which `schoolpub` is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ask.py").write_text(_ASK, encoding="utf-8")
        command = folder / "schoolpub"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{folder}/ask.py" "{folder}/socket" "$@"\n')
        command.chmod(0o755)
        starting = [sys.executable, "-m", "tests.docs.started", f"{folder}/socket"]
        with subprocess.Popen(starting, cwd=_REPOSITORY, stdout=subprocess.PIPE) as server:
            assert server.stdout and server.stdout.readline() == b"ready\n"
            try:
                yield folder
            finally:
                server.terminate()


def _serve(place: str) -> None:
    import schoolpub

    for module in pkgutil.walk_packages(schoolpub.__path__, "schoolpub."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for library in ("git", "jinja2.sandbox", "openpyxl", "segno", "typst", "yaml"):
        importlib.import_module(library)
    from schoolpub.store.workspace import Workspace

    Workspace(_REPOSITORY).read(cache=False)  # the starter's catalogue is known by its bytes in every school
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen()
        print("ready", flush=True)
        while True:
            asking, _ = listening.accept()
            if not os.fork():
                _run(asking)
            asking.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _run(asking: socket.socket) -> None:
    code: object = 70
    try:
        _, streams, _, _ = socket.recv_fds(asking, 1, 3)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 -- they last as long as the process
            for number, mode in enumerate("rww")
        )
        arguments, folder, variables = json.loads(b"".join(iter(lambda: asking.recv(65536), b"")))
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        sys.argv = ["schoolpub", *arguments]
        from schoolpub.cli import main

        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        asking.send(bytes([code if isinstance(code, int) else 1]))
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
