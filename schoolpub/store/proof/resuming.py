"""What stood at a commit that was proven before, read from its tree at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from schoolpub.store.files.layout import Kind
from schoolpub.store.git.history import Change
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.proof import reading
from schoolpub.store.proof.parts import part_of
from schoolpub.store.proof.state import State
from schoolpub.store.proof.walk import Walk


def resumed(ledger: Ledger, commit: str, latest: datetime) -> tuple[State, Mapping[str, bytes]]:
    """Return what stood at *commit*, the newest of whose past is dated *latest*, and the contents that were read."""
    entries = reading.tree(ledger, commit)
    changes = [
        Change(path=path, new=blob, mode=mode) for path, (mode, blob) in entries.items() if part_of(path) is not None
    ]
    walk = Walk(ledger, [])
    walk.load(changes)
    state = State(latest=latest)
    deed = walk.deed(changes, state)
    for change in changes:
        state.blobs[change.path] = change.new
        if part_of(change.path) not in (Kind.RECORD, Kind.ATTACHMENT, Kind.UNKNOWN):
            state.policy[change.path] = change.new
    for touched in deed.records:
        if touched.after is not None:
            state.stand(touched.file, touched.after)
    for file in deed.attachments:
        state.attachments[file.file] = file.after
    state.snapshot = walk.policies.snapshot(state.policy)
    return state, walk.contents
