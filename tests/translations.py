"""Every sentence that the program can say, found in its source, and the Chinese for each.

`python -m tests.translations` adds new sentences to the catalogue and compiles it.  Chinese for what is no longer said
is kept at its end (`#~`), so that a sentence that was only reworded finds its words again; `--tidy` drops it.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "schoolpub/locale/zh_CN/LC_MESSAGES/schoolpub.po"
MO = PO.with_suffix(".mo")

FRAMEWORK = (
    "Arguments", "Options", "Commands", "(dynamic)", "default: {default}", "env var: {var}", "required", "Aborted!",
)  # fmt: skip
"""What Typer itself looks up in the bound text domain."""


def messages() -> list[str]:
    """Return every sentence of the program, in order of first appearance."""
    found = dict.fromkeys(FRAMEWORK)
    for path in sorted((ROOT / "schoolpub").rglob("*.py")):
        found |= dict.fromkeys(_in_source(ast.parse(path.read_text("utf-8"))))
    return [text for text in found if text]


def _in_source(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("say", "_") and node.args:
                yield from _text(node.args[0])
            if name in ("Option", "Argument"):
                yield from (text for keyword in node.keywords if keyword.arg == "help" for text in _text(keyword.value))
        elif isinstance(node, ast.FunctionDef) and any(_is_command(d) for d in node.decorator_list):
            yield inspect.cleandoc(ast.get_docstring(node) or "")
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            yield from _table(node)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _text(node.body)
        yield from _text(node.orelse)


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "command"


def _table(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """Yield the second texts of the tables of commands and of framework words."""
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    if not isinstance(target, ast.Name) or target.id not in ("COMMANDS", "_FRAMEWORK_WORDS") or node.value is None:
        return
    rows = node.value.values if isinstance(node.value, ast.Dict) else getattr(node.value, "elts", [])
    for row in rows:
        if isinstance(row, ast.Tuple):
            yield from _text(row.elts[1])


def read() -> Catalog:
    """Return the Chinese catalogue as it is in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="schoolpub")


def compiled() -> bytes:
    """Return the bytes that the catalogue compiles to."""
    buffer = io.BytesIO()
    write_mo(buffer, read())
    return buffer.getvalue()


def main(tidy: bool = False) -> None:
    """Bring the catalogue up to date with the source, and compile it."""
    found = messages()
    before = read() if PO.exists() else Catalog()
    known = {str(m.id): str(m.string) for m in (*before.obsolete.values(), *before) if m.id and m.string}
    catalogue = Catalog(locale="zh_CN", domain="schoolpub", fuzzy=False)
    for text in found:
        catalogue.add(text, known.get(text, ""))
    unused = {} if tidy else {text: known[text] for text in sorted(known) if text not in found}
    catalogue.obsolete.update((text, Message(text, chinese)) for text, chinese in unused.items())
    write(catalogue)
    missing = [text for text in found if not known.get(text)]
    print(f"{len(found)} sentences, {len(missing)} without Chinese, {len(unused)} no longer said")
    for text in missing:
        print(f"  {text.splitlines()[0]}")


def write(catalogue: Catalog) -> None:
    """Write the catalogue and what it compiles to; of the head only what a reader of the file needs."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=False)
    head, mark, body = buffer.getvalue().decode().partition("\n\n")
    kept = [line for line in head.splitlines() if line.startswith((*_HEAD, "msg"))]
    PO.write_bytes(("\n".join(kept) + mark + body).encode())
    MO.write_bytes(compiled())


_HEAD = ('"Language:', '"Plural-Forms', '"MIME-', '"Content-')

if __name__ == "__main__":
    main(tidy="--tidy" in sys.argv[1:])
