"""Since when there is no second copy: a line of what must be done."""

from __future__ import annotations

from datetime import timedelta

from schoolpub.cli.session import Session
from schoolpub.store.git.copies import noted
from schoolpub.store.git.git_folder import last_commit
from schoolpub.views import formats
from schoolpub.views.clock.task import Task

PATIENCE = timedelta(days=7)
"""So long acts may stand in one place only."""


def missing(session: Session) -> Task | None:
    """Return the task to make a second copy; None while one is new enough, or there is nothing to copy."""
    copies = noted(session.root)
    head = last_commit(session.root)
    if not head or any(copy.head == head for copy in copies):
        return None
    newest = copies[0] if copies else None
    acts = (step.at for record in session.snapshot.records.values() for step in record.steps)
    first = min((at for at in acts if newest is None or at > newest.moment), default=None)
    if first is None or (newest is not None and session.moment.at - first < PATIENCE):
        return None
    if newest is None:
        note = f"{formats.day(first.date())}以来的记录只在这一台电脑上"
    else:
        note = f"{formats.day(first.date())}以来的记录没有副本，上次备份在 {formats.day(newest.moment.date())}"
    command = "schoolpub sync" if newest and newest.kind == "remote" else "schoolpub backup U盘上的文件夹"
    if newest and newest.kind == "backup":
        command = "schoolpub backup"
    what = "没有第二份副本" if newest is None else "第二份副本旧了"
    return Task(kind="copy", state="open", what=what, note=note, command=command)
