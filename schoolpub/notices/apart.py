"""A sheet made by a school's own template is compiled in a process of its own.

Such a template may run for ever, or fill the memory, which ends the process that compiles it: not the one that asks.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from schoolpub.errors import SchoolpubError, say

_SECONDS = 30
_MEMORY = 3 * 1024**3
_NOWHERE = "http://127.0.0.1:9"
"""Where the child would ask for packages: nobody answers there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What Typst needs for one sheet."""

    files: dict[str, bytes]
    data: str
    timestamp: datetime
    root: str
    fonts: tuple[str, ...]
    system_fonts: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """What Typst says of a template that is wrong."""

    message: str
    diagnostic: str


def compiled(sheet: Sheet) -> bytes | Mistake:
    """Return the PDF, or the mistake; raise SchoolpubError when the template does not end or needs too much."""
    home = str(Path(__file__).parents[2])
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), _NOWHERE)
    paths = os.pathsep.join(path for path in (home, os.environ.get("PYTHONPATH", "")) if path)
    try:
        made = subprocess.run(
            [sys.executable, "-P", "-m", __name__], input=pickle.dumps(sheet), capture_output=True, check=False,
            timeout=_SECONDS, env={**os.environ, **proxies, "PYTHONPATH": paths},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _endless(say("The school's own print template does not come to an end.")) from None
    if made.returncode:
        raise _endless(say("The school's own print template needs too much memory."))
    answer = pickle.loads(made.stdout)
    return answer if isinstance(answer, bytes) else Mistake(*answer)


def _endless(message: Any) -> SchoolpubError:
    return SchoolpubError(
        message, fix=say("Mend the template in templates/print, or remove it to print with the built-in one.")
    )


def compile_here(sheet: Sheet) -> bytes | tuple[str, str]:
    """Compile *sheet* in this process; a mistake is its message and its diagnostic."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=sheet.system_fonts, include_embedded_fonts=False, font_paths=list(sheet.fonts)
    )
    files: Any = sheet.files
    try:
        made = typst.Compiler(font_paths=fonts, root=sheet.root).compile(
            files, format="pdf", sys_inputs={"data": sheet.data}, timestamp=sheet.timestamp, pdf_standards="a-2a"
        )
    except typst.TypstError as error:
        return error.message, error.diagnostic
    assert isinstance(made, bytes)
    return made


def main() -> None:
    """Answer one request: what is asked comes in, what was made goes out."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # a system without such limits
    sheet: Sheet = pickle.load(sys.stdin.buffer)  # of the process that started this one
    sys.stdout.buffer.write(pickle.dumps(compile_here(sheet)))


if __name__ == "__main__":
    main()
