"""Build the site: gate, views, templates, files; what did not change is neither rendered nor written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from schoolpub import __version__
from schoolpub.board import fingerprints, output, units, whole
from schoolpub.board.cache import Cache, Side
from schoolpub.board.output import Entry, Folder
from schoolpub.board.sources import Sources
from schoolpub.board.templates import Templates
from schoolpub.errors import ProblemsFound, say
from schoolpub.model.record import base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.views import gate
from schoolpub.views.context import Context

_CACHE = ".build"
_INVENTORY = "build.json"


@dataclass(slots=True)
class Summary:
    """What a build did; paths begin with the audience: `public/index.html`."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    files: int = 0
    """Files of both sites."""


def build(
    snapshot: Snapshot,
    today: date,
    *,
    templates: Sequence[Path],
    out: Path,
    attachments: Path,
    commit: tuple[str, bool] | None = None,
    jobs: int | None = None,
) -> Summary:
    """Write the public and the internal site of *snapshot* on *today* below *out*.

    *templates* are the folders of templates, the school's own first; *attachments* is `records/attachments`; *commit* names the
    commit and says whether the tree was clean; *jobs* limits the processes.
    """
    look = Templates(templates)
    prints = fingerprints.records(snapshot)
    shared = output.digest(
        __version__.encode(), look.key.encode(), fingerprints.policy(snapshot).encode(), today.isoformat().encode()
    )
    everything = output.digest(shared.encode(), repr(commit).encode(), repr(sorted(prints.items())).encode())
    cache = Cache.read(out / _CACHE)
    present = {audience: output.sizes(out / audience) for audience in gate.AUDIENCES}
    if cache.key == everything and all(_as_left(cache.sides[a], present[a]) for a in gate.AUDIENCES):
        count = sum(len(cache.sides[a].files) for a in gate.AUDIENCES)
        return Summary(unchanged=count, files=count)

    # From here on files change: a build that is interrupted must not be taken for a finished one.
    cache.path.unlink(missing_ok=True)
    folders = {a: Folder(out / a, cache.sides[a].files, present[a]) for a in gate.AUDIENCES}
    contexts = {a: Context(gate.seen_by(snapshot, a, today), a, today) for a in gate.AUDIENCES}
    sources = Sources(attachments.parent.parent, attachments)
    work = units.Work(contexts, folders, look, shared, sources)
    made = units.make(work, cache, _keys(contexts, prints, shared), jobs)
    if made.problems:
        raise ProblemsFound(made.problems, say("The site is not finished: files are missing or not those that were approved."))
    summary = Summary()
    sides = {}
    for audience in gate.AUDIENCES:
        finished = whole.finish(work, audience, made.sides[audience], cache.sides[audience])
        files = {path: entry for unit in made.sides[audience].values() for path, entry in unit.files.items()}
        files |= finished.files
        inventory = _inventory(files, today, commit, audience)
        entry, written = folders[audience].put(_INVENTORY, output.digest(inventory), lambda data=inventory: data)
        files[_INVENTORY] = entry
        names = [*made.written[audience], *finished.written, *([_INVENTORY] if written else [])]
        summary.written += [f"{audience}/{name}" for name in sorted(names)]
        stale = _stale(files, cache.sides[audience], folders[audience], snapshot)
        summary.removed += [f"{audience}/{path}" for path in stale if folders[audience].drop(path)]
        summary.files += len(files)
        sides[audience] = Side(files, made.sides[audience], finished.shards)
    summary.unchanged = summary.files - len(summary.written)
    Cache(cache.path, everything, sides).write()
    return summary


def _as_left(side: Side, present: Mapping[str, int]) -> bool:
    """Return whether every file of a former build is still there with its size."""
    return bool(side.files) and all(present.get(path) == entry[1] for path, entry in side.files.items())


def _keys(contexts: Mapping[str, Context], prints: Mapping[str, str], shared: str) -> dict[str, dict[str, str]]:
    """Return for each audience base id → a digest of everything that the record's files depend on."""
    by_base: dict[str, list[str]] = {}
    for key in prints:
        by_base.setdefault(base_id(key), []).append(prints[key])
    keys: dict[str, dict[str, str]] = {}
    for audience, context in contexts.items():
        keys[audience] = {}
        for base, editions in context.editions.items():
            around = context.mentioned(editions[-1]).union(*(context.mentioned(e) for e in editions[:-1]))
            around |= {base_id(key) for key in context.mentions.get(base, ())}
            near = [text for other in (base, *sorted(around - {base})) for text in (other, *by_base[other])]
            keys[audience][base] = output.digest(shared.encode(), *(text.encode() for text in near))
    return keys


def _inventory(files: Mapping[str, Entry], today: date, commit: tuple[str, bool] | None, audience: str) -> bytes:
    """Return `build.json`: what this site was built from, and the SHA-256 of every file."""
    value: dict[str, Any] = {
        "schoolpub": __version__,
        "audience": audience,
        "date": today.isoformat(),
        "commit": commit[0] if commit else None,
        "clean": commit[1] if commit else None,
        "files": {path: files[path][2] for path in sorted(files)},
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _stale(files: Mapping[str, Entry], before: Side, folder: Folder, snapshot: Snapshot) -> list[str]:
    """Return the files that a former build left and this one did not make.

    Known are those of the cache and of the last inventory; beyond them whatever bears the name of a record, in case a build was
    interrupted: what was suspended must go even then.
    """
    known = set(before.files) | _listed(folder.root / _INVENTORY)
    bases = {record.base for record in snapshot.records.values()}
    known |= {path for path in folder.sizes if path.startswith("records/") and _base_in(path) in bases}
    return sorted(known - files.keys())


def _base_in(path: str) -> str:
    return path.removeprefix("records/").partition("/")[0].partition(".")[0]


def _listed(inventory: Path) -> set[str]:
    try:
        value = json.loads(inventory.read_bytes())
        return set(value["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
