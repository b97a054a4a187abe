"""The templates: found in the school's folder first, then in the tool's own; compiled once; shown, never deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schoolpub.board.output import digest

if TYPE_CHECKING:
    from jinja2 import Environment

_ASSETS = "assets"


class Templates:
    """Folders of templates, the school's own before the tool's."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folder for folder in folders if folder.is_dir())
        for folder in self.folders[:-1]:
            from schoolpub.board import own

            own.look_at(folder)

    @cached_property
    def key(self) -> str:
        """A digest of every template and asset, in their order of precedence."""
        parts: list[bytes] = []
        for folder in self.folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
                parts += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
            parts.append(b"")
        return digest(*parts)

    def assets(self) -> dict[str, bytes]:
        """Return the style sheet, scripts and pictures: path on the site → content."""
        found: dict[str, bytes] = {}
        for folder in reversed(self.folders):
            for path in sorted((folder / _ASSETS).rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(folder).as_posix()] = path.read_bytes()
        return found

    def load(self) -> None:
        """Compile every page, before processes part."""
        environment = _environment(self.folders, self.key)
        with self._bounded():
            for name in environment.list_templates(extensions=["html"]):
                environment.get_template(name)

    def render(self, name: str, value: Mapping[str, Any]) -> str:
        """Return the template *name* filled with *value*."""
        if len(self.folders) == 1:
            return _environment(self.folders, self.key).get_template(name).render(value)
        from schoolpub.board import own

        with self._bounded():
            page = _environment(self.folders, self.key).get_template(name).render(value)
        own.keeps_to_itself(page, name, self.folders[-1])
        return page

    def _bounded(self) -> AbstractContextManager[None]:
        from schoolpub.board import own

        return own.bounded(self.folders) if len(self.folders) > 1 else nullcontext()


@lru_cache(maxsize=4)
def _environment(folders: tuple[Path, ...], key: str) -> Environment:
    """Return the environment for *folders*; a changed template (another *key*) is read anew, also by a long preview."""
    del key
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

    own = FileSystemLoader([str(folder) for folder in folders])
    # `{% extends 'shipped/home.html' %}` lets a school change one block of a page.
    shipped = PrefixLoader({"shipped": FileSystemLoader(str(folders[-1]))}) if folders else own
    kind: type[Environment] = Environment
    if len(folders) > 1:
        from schoolpub.board.own import Bounded as kind
    return kind(
        loader=ChoiceLoader([own, shipped]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
