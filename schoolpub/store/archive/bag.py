"""A BagIt package (RFC 8493, version 1.0): payload below `data/`, manifests with SHA-256, facts in `bag-info.txt`."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from unicodedata import normalize

from schoolpub.errors import SchoolpubError, Text, say

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFEST = "manifest-sha256.txt"
_TAGS = "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})  ?\*?(.+)")


def write(folder: Path, payload: Mapping[str, bytes | Path], info: Mapping[str, str]) -> str:
    """Write the package into *folder*, a new one; return the SHA-256 of its manifest, which stands for all of it."""
    lines, size = [], 0
    for name in sorted(payload):
        content = payload[name]
        data = content.read_bytes() if isinstance(content, Path) else content
        path = folder / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        lines.append(f"{hashlib.sha256(data).hexdigest()}  data/{_escaped(name)}\n")
        size += len(data)
    manifest = "".join(lines).encode()
    facts = {**info, "Payload-Oxum": f"{size}.{len(payload)}"}
    tags = {
        "bagit.txt": _DECLARATION,
        "bag-info.txt": "".join(f"{key}: {value}\n" for key, value in facts.items()).encode(),
        _MANIFEST: manifest,
    }
    for name, data in tags.items():
        (folder / name).write_bytes(data)
    listed = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(tags.items()))
    (folder / _TAGS).write_bytes(listed.encode())
    return hashlib.sha256(manifest).hexdigest()


def digest(folder: Path) -> str:
    """Return the SHA-256 of a package's manifest, which stands for all of its files; nothing while it is not done."""
    manifest = folder / _MANIFEST
    if not (folder / _TAGS).exists() or any(_listed(folder, _TAGS, tags=True)):
        return ""
    return hashlib.sha256(manifest.read_bytes()).hexdigest()


def problems(folder: Path) -> Iterator[Text]:
    """Yield what is wrong with the package in *folder*; raise SchoolpubError when it is none."""
    if not (folder / "bagit.txt").is_file() or not (folder / _MANIFEST).is_file():
        raise SchoolpubError(
            say("{folder} is no archive package.", folder=str(folder)),
            fix=say("name the folder that holds `bagit.txt`: `schoolpub archive YEAR` writes one"),
        )
    yield from _listed(folder, _TAGS, tags=True)
    yield from _listed(folder, _MANIFEST, tags=False)
    sizes = [path.stat().st_size for path in _files(folder / "data")]
    told = information(folder).get("Payload-Oxum", "")
    if told and told != f"{sum(sizes)}.{len(sizes)}":
        yield say("`bag-info.txt` counts {told}, the package holds {found} (bytes.files)", told=told,
                  found=f"{sum(sizes)}.{len(sizes)}")  # fmt: skip


def information(folder: Path) -> dict[str, str]:
    """Return what `bag-info.txt` says."""
    try:
        lines = (folder / "bag-info.txt").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {key: value.strip() for key, mark, value in (line.partition(":") for line in lines) if mark}


def _listed(folder: Path, manifest: str, *, tags: bool) -> Iterator[Text]:
    if not (folder / manifest).exists():
        yield say("{file} is missing", file=manifest)
        return
    known = set()
    for line in (folder / manifest).read_text("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        name = _plain(match[2]) if match else ""
        if match is None or not _inside(name) or name.startswith("data/") is tags:
            yield say("{file}: this line is none of a manifest: {line}", file=manifest, line=line[:80])
            continue
        known.add(normalize("NFC", name))
        path = folder / name
        if not path.is_file():
            yield say("{file} is missing", file=name)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != match[1]:
            yield say("{file} was changed", file=name)
    if not tags:
        for path in _files(folder / "data"):
            name = path.relative_to(folder).as_posix()
            if normalize("NFC", name) not in known:
                yield say("{file} does not belong to the package", file=name)


def _files(folder: Path) -> list[Path]:
    return [Path(top) / name for top, _, names in os.walk(folder) for name in sorted(names)]


def _inside(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _plain(name: str) -> str:
    return name.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
