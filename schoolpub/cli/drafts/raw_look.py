"""The look at files as they are: what only comments, file names, or files that are no records say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from schoolpub.cli.session import Session
from schoolpub.errors import Level, Problem, SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.store.git.staging import Staging

_SOURCES = (".yaml", ".yml", ".md", ".json", ".tsv", ".html", ".htm", ".mht", ".mhtml")
"""What is text though it may not be attached."""


def comments(session: Session, records: Iterable[Record]) -> Iterator[Problem]:
    """Yield what the comments in the files of *records* say about persons."""
    from schoolpub.rules.checks.let_pass import let_pass
    from schoolpub.rules.checks.privacy import raw_text

    school, today = session.snapshot.school, session.today
    for record in records:
        try:
            data = session.workspace.data(record.file)
        except SchoolpubError:
            continue
        if b"#" in data:
            found = let_pass(raw_text(data, session.declared, record.file, comments_only=True), school, today)
            yield from (replace(problem, record=record.id) for problem in found)


def staged_files(session: Session) -> list[str]:
    """Return the paths that somebody has staged in git."""
    return sorted(Staging(session.root).staged())


def staged(session: Session, files: Iterable[str]) -> Iterator[Problem]:
    """Yield what is staged in git as *files* and says something about persons: the text, the names, the attachments.

    What is staged may be another text than the one in the folder, and it is this one that a commit keeps for ever.
    """
    from schoolpub.rules.checks.let_pass import let_pass

    yield from let_pass(_staged(session, files), session.snapshot.school, session.today)


def _staged(session: Session, files: Iterable[str]) -> Iterator[Problem]:
    from schoolpub.rules.checks.privacy import raw_text
    from schoolpub.store.attachments import decoded, reading

    staging = Staging(session.root)
    for file in files:
        data = staging.staged_data(file)
        name = file.rpartition("/")[2]
        for problem in raw_text(name.encode(), session.declared, file):
            yield replace(problem, line=0, column=0)
        if not data:
            continue
        if name.lower().endswith(_SOURCES):
            yield from raw_text((decoded(data) or "").encode(), session.declared, file)
            continue
        told = reading(data, name)
        for problem in raw_text(told.text.encode(), session.declared, file):
            yield replace(problem, line=0, column=0)
        if not told.whole:
            yield Problem(
                code="attachment-unseen",
                level=Level.WARNING,
                message=say("The program cannot read {file} (未检查).", file=name),
                file=file,
            )
