"""Build the site: gate, views, templates, files; what did not change is neither rendered nor written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from schoolpub import __version__
from schoolpub.board import fingerprints, output, units, whole
from schoolpub.board.cache import CACHE, Cache, Side
from schoolpub.board.collector import uncollected
from schoolpub.board.output import Entry, Folder
from schoolpub.board.sources import Sources
from schoolpub.board.summary import Summary
from schoolpub.board.templates import Templates
from schoolpub.board.unchanged import as_left, program, remember
from schoolpub.errors import ProblemsFound, say
from schoolpub.model.record import base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.views import gate
from schoolpub.views.context import Context
from schoolpub.views.sheets.qr import Squares

_INVENTORY = "build.json"


def build(
    snapshot: Snapshot,
    today: date,
    *,
    templates: Sequence[Path],
    out: Path,
    attachments: Path,
    commit: tuple[str, bool | None] | None = None,
    stamp: str = "",
    jobs: int | None = None,
) -> Summary:
    """Write the public and the internal site of *snapshot* on *today* below *out*.

    *templates* are the folders of templates, the school's own first; *attachments* is `records/attachments`; *commit*
    names the commit and says whether the tree was clean; *stamp* is kept for `unchanged`; *jobs* limits the processes.
    """
    look = Templates(templates)
    with uncollected():
        summary, key = _build(snapshot, today, look, out, attachments, commit, jobs)
    remember(stamp, today, look, out, key)
    return summary


def _build(
    snapshot: Snapshot,
    today: date,
    look: Templates,
    out: Path,
    attachments: Path,
    commit: tuple[str, bool | None] | None,
    jobs: int | None,
) -> tuple[Summary, str]:
    """Build the site; return what was done and the digest of all that it was made from."""
    prints = fingerprints.records(snapshot)
    policy = output.digest(
        program().encode(),
        look.key.encode(),
        fingerprints.policy(snapshot).encode(),
        today.isoformat().encode(),
    )
    everything = output.digest(policy.encode(), repr(commit).encode(), repr(sorted(prints.items())).encode())
    present = {audience: output.sizes(out / audience) for audience in gate.AUDIENCES}
    left = Cache.left(out / CACHE)
    if left and left[0] == everything and all(as_left(left[1][a], present[a]) for a in gate.AUDIENCES):
        count = sum(map(len, left[1].values()))
        return Summary(unchanged=count, files=count), everything
    cache = Cache.read(out / CACHE)

    # From here on files change: a build that is interrupted must not be taken for a finished one.
    cache.path.unlink(missing_ok=True)
    folders = {a: Folder(out / a, cache.sides[a].files, present[a]) for a in gate.AUDIENCES}
    shared: dict[tuple[str, str, int], Any] = {}
    squares = Squares()
    contexts = {a: Context(seen, a, today, shared, squares) for a, seen in gate.seen_by_each(snapshot, today).items()}
    sources = Sources(attachments.parent.parent, attachments)
    work = units.Work(contexts, folders, look, policy, sources, squares, cache.sides)
    made = units.make(work, _keys(contexts, prints, policy), jobs)
    if made.problems:
        told = say("The site is not finished: files are missing or not those that were approved.")
        raise ProblemsFound(made.problems, told)
    summary = Summary()
    sides = {}
    for audience in gate.AUDIENCES:
        finished = whole.finish(work, audience, made.sides[audience], cache.sides[audience])
        files = {path: entry for unit in made.sides[audience].values() for path, entry in unit.files.items()}
        files |= finished.files
        inventory = _inventory(files, today, commit, audience)
        files[_INVENTORY], written = folders[audience].put(_INVENTORY, output.digest(inventory), inventory.__bytes__)
        names = [*made.written[audience], *finished.written, *([_INVENTORY] if written else [])]
        summary.written += [f"{audience}/{name}" for name in sorted(names)]
        stale = _stale(files, cache.sides[audience], folders[audience], snapshot)
        for path in filter(output.is_half, folders[audience].sizes):  # a build that was killed
            folders[audience].drop(path)
        summary.removed += [f"{audience}/{path}" for path in stale if folders[audience].drop(path)]
        summary.files += len(files)
        sides[audience] = Side(files, made.sides[audience], finished.shards)
    summary.unchanged = summary.files - len(summary.written)
    Cache(cache.path, everything, sides).write()
    return summary, everything


def _keys(contexts: Mapping[str, Context], prints: Mapping[str, str], policy: str) -> dict[str, dict[str, str]]:
    """Return for each audience base id → a digest of everything that the record's files depend on."""
    by_base: dict[str, list[str]] = {}
    for key in prints:
        by_base.setdefault(base_id(key), []).append(prints[key])
    keys: dict[str, dict[str, str]] = {}
    for audience, context in contexts.items():
        keys[audience] = {}
        old = {record.base for record, _ in context.stale}
        for base, editions in context.editions.items():
            around = context.mentioned(editions[-1]).union(*(context.mentioned(e) for e in editions[:-1]))
            around |= {base_id(key) for key in context.mentions.get(base, ())}
            echo = context.around(base)
            members = (echo.feedback, echo.requests, echo.rectifications, echo.results)
            around |= {other.base for kind in members for other in kind}
            near = [text for other in (base, *sorted(around - {base})) for text in (other, *by_base[other])]
            near += ["stale"] * (base in old)
            keys[audience][base] = output.digest(policy.encode(), *(text.encode() for text in near))
    return keys


def _inventory(files: Mapping[str, Entry], today: date, commit: tuple[str, bool | None] | None, audience: str) -> bytes:
    """Return `build.json`: what this site was built from, and the SHA-256 of every file."""
    value: dict[str, Any] = {
        "schoolpub": __version__,
        "audience": audience,
        "date": today.isoformat(),
        "commit": commit[0] if commit else None,
        "clean": commit[1] if commit else None,
        "files": {},
    }
    empty = json.dumps(value, ensure_ascii=False, indent=1).removesuffix("{}\n}")
    # json writes indented text ten times slower than this, and there may be a hundred thousand files.
    lines = [f'  {encode_basestring(path)}: "{files[path][2]}"' for path in sorted(files)]
    return (empty + "{\n" + ",\n".join(lines) + "\n }\n}\n").encode()


def _stale(files: Mapping[str, Entry], before: Side, folder: Folder, snapshot: Snapshot) -> list[str]:
    """Return the files that a former build left and this one did not make.

    Known are those of the cache; where a build was interrupted, there is none, and those of the last inventory count
    with whatever bears the name of a record: what was suspended must go even then.
    """
    known = set(before.files)
    if not known:
        bases = {record.base for record in snapshot.records.values()}
        known = {path for path in folder.sizes if path.startswith("records/") and _base_in(path) in bases}
        known |= _listed(folder.root / _INVENTORY)
    return sorted(known - files.keys())


def _base_in(path: str) -> str:
    return path.removeprefix("records/").partition("/")[0].partition(".")[0]


def _listed(inventory: Path) -> set[str]:
    try:
        value = json.loads(inventory.read_bytes())
        return set(value["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
