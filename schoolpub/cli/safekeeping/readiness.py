"""Is this machine ready?  Each finding comes with its cure; some cures are safe enough to be done at once."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from schoolpub.cli.safekeeping import keys_here, second_copy
from schoolpub.cli.safekeeping.finding import BAD, GOOD, HINT, Finding
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, errors, say
from schoolpub.rules.chain import numbering
from schoolpub.store.files import private, unfinished
from schoolpub.store.git.copies import noted
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import git_folder, under_way

_ROOM = 200_000_000
"""Bytes that should be free on the disk."""
_OLD_LOCK = 60.0
"""Seconds after which a lock of git's is a fallen program's."""
_OLD_HALF = 3600.0
"""Seconds after which a half-written file of git's will never be done."""
_BEHIND = timedelta(days=1)
LOOSE = 6700
"""So many files of single objects make git slow; git's own limit (`gc.auto`)."""


def findings(session: Session) -> Iterator[Finding]:
    """Yield what is found on this machine for the school's folder."""
    if shutil.which("git") is None:
        yield Finding(
            what="git",
            state=BAD,
            told=say("The program git was not found on this machine."),
            cure=say("install git and try again"),
        )
        return
    ledger = Exchange(session.root)
    if not ledger.exists():
        yield Finding(
            what="git",
            state=BAD,
            told=say("The folder is not under git's care."),
            cure=say("bring it back from a copy: `schoolpub init DIR --from BACKUP`"),
        )
        return
    for look in (
        _git,
        _folder,
        _locks,
        _halfway,
        _halves,
        _objects,
        _identity,
        _clock,
        _records,
        _calendar,
        keys_here.recovery,
        keys_here.signing_key,
        _fonts,
        _remote,
        _series,
        _copy,
        _disk,
    ):
        try:
            yield from look(session, ledger)
        except SchoolpubError as stop:
            yield Finding(what=look.__name__.strip("_"), state=BAD, told=stop.message, cure=stop.fix)


def _git(_session: Session, ledger: Exchange) -> Iterator[Finding]:
    broken = ledger.broken()
    if broken:
        yield Finding(
            what="git",
            state=BAD,
            told=say("The history on the disk is damaged: {why}", why=broken),
            cure=say(
                "do not go on here; restore the second copy: `schoolpub init DIR --from BACKUP`"
            ),
        )
    else:
        yield Finding(what="git", state=GOOD, told=say("{version}; the history is whole.", version=ledger.version()))


def _folder(session: Session, ledger: Exchange) -> Iterator[Finding]:
    found = git_folder(session.root)
    if found and (busy := under_way(found[0])):
        yield Finding(
            what="folder",
            state=BAD,
            told=say("A {what} is under way in this folder and must be ended first.", what=busy),
            cure=say("give it up with `git {what} --abort`; only `schoolpub sync` joins offices", what=busy),
        )
    elif not ledger.branch():
        yield Finding(
            what="folder",
            state=BAD,
            told=say("The folder shows an old state (no branch is checked out)."),
            cure=say("go back to the present with `git checkout main`"),
        )
    elif not ledger.settled():
        yield Finding(
            what="folder",
            state=HINT,
            told=say("Git's settings for this folder are not those that protect the files."),
            cure=say("schoolpub doctor --fix sets them"),
            mend=ledger.init,
        )
    if not ledger.interrupted() and not ledger.clean():
        yield Finding(
            what="folder",
            state=HINT,
            told=say("Files were changed by hand and not recorded."),
            cure=say("`git status` shows them; `schoolpub check` judges them; `git restore FILE` takes a change back"),
        )
    folder = session.root / private.FOLDER
    if os.name != "nt" and folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding(
            what="folder",
            state=BAD,
            told=say("Other users of this machine can read private/."),
            cure=say("schoolpub doctor --fix closes it"),
            mend=lambda: folder.chmod(0o700),
        )


def _halfway(session: Session, ledger: Exchange) -> Iterator[Finding]:
    if ledger.interrupted():
        yield Finding(
            what="halfway",
            state=BAD,
            told=say("A command was interrupted; its files are not all in place."),
            cure=say("schoolpub doctor --fix completes them"),
            mend=session.recover,
        )
    if kept := unfinished.keys(session.root):
        yield Finding(
            what="halfway",
            state=HINT,
            told=say("Entries that were interrupted: {names}", names="、".join(kept)),
            cure=say("`schoolpub add` with the same item and period goes on with them"),
        )


def _locks(_session: Session, ledger: Exchange) -> Iterator[Finding]:
    old = [p for p in ledger.folder.rglob("*.lock") if p.name != "schoolpub.lock" and _age(p) > _OLD_LOCK]
    if old:
        yield Finding(
            what="locks",
            state=BAD,
            told=say(
                "A fallen program left a lock: {files}", files="、".join(str(p.relative_to(ledger.folder)) for p in old)
            ),
            cure=say("close other git programs, then schoolpub doctor --fix removes it"),
            mend=lambda: _unlock(ledger, old),
        )
    else:
        yield Finding(what="locks", state=GOOD, told=say("No lock is left behind."))


def _halves(_session: Session, ledger: Exchange) -> Iterator[Finding]:
    """What a killed git left half written among its objects."""
    old = [p for p in (ledger.folder / "objects").rglob("tmp_*") if _age(p) > _OLD_HALF]
    if old:
        yield Finding(
            what="halves",
            state=HINT,
            told=say("Programs that were cut off left {count} half-written files in .git.", count=len(old)),
            cure=say("`schoolpub doctor --fix` removes them"),
            mend=lambda: _unlock(ledger, old),
        )


def _objects(_session: Session, ledger: Exchange) -> Iterator[Finding]:
    """Acts write each object into a file of its own; over the years they make every proof and copy slow."""
    loose = ledger.loose()
    if loose > LOOSE:
        yield Finding(
            what="objects",
            state=HINT,
            told=say("The history lies in {count} small files.", count=loose),
            cure=say("`schoolpub doctor --fix` packs them; nothing is lost"),
            mend=ledger.pack,
        )


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _unlock(ledger: Exchange, locks: list[Path]) -> None:
    with ledger.lock():
        for lock in locks:
            lock.rmdir() if lock.is_dir() else lock.unlink(missing_ok=True)


def _identity(session: Session, ledger: Exchange) -> Iterator[Finding]:
    email = ledger.user_email()
    person = session.snapshot.people.by_email(email) if email else None
    if person is None:
        yield Finding(
            what="identity",
            state=BAD,
            told=say("people.yaml knows nobody with the e-mail “{email}”.", email=email or "-"),
            cure=say("set yours with `git config user.email NAME@…`, or have it entered in records/people.yaml"),
        )
    elif not list(session.snapshot.people.held(person.id, session.moment.today)):
        yield Finding(
            what="identity",
            state=HINT,
            told=say("{person} sits here and holds no post today.", person=person.name),
            cure=say("have the appointment entered in records/people.yaml"),
        )
    else:
        yield Finding(what="identity", state=GOOD, told=say("{person} sits here.", person=person.name))


def _clock(session: Session, ledger: Exchange) -> Iterator[Finding]:
    newest = next(iter(ledger.log(limit=1)), None)
    now = session.moment.at
    if newest and newest.recorded > now + _BEHIND:
        yield Finding(
            what="clock",
            state=BAD,
            told=say(
                "This machine's clock says {now}, the newest act was recorded at {last}.",
                now=_moment(now),
                last=_moment(newest.recorded),
            ),
            cure=say("set the clock right"),
        )
    else:
        yield Finding(what="clock", state=GOOD, told=say("The clock says {now}.", now=_moment(now)))


def _moment(when: datetime | str) -> str:
    """Return a moment as a clock on the wall shows it."""
    return (when if isinstance(when, str) else when.isoformat())[:16].replace("T", " ")


def _records(session: Session, _ledger: Exchange) -> Iterator[Finding]:
    if count := len(errors(session.snapshot.problems)):
        yield Finding(
            what="records",
            state=BAD,
            told=say("{count} files or places cannot be read.", count=count),
            cure=say("schoolpub check"),
        )
    else:
        count = len(session.snapshot.records)
        yield Finding(what="records", state=GOOD, told=say("All {count} records can be read.", count=count))


def _calendar(session: Session, _ledger: Exchange) -> Iterator[Finding]:
    today, calendar = session.moment.today, session.snapshot.calendar
    if today.year not in calendar.years:
        yield Finding(
            what="calendar",
            state=BAD,
            told=say("The holidays of {year} are not entered: dates are reckoned.", year=today.year),
            cure=say("schoolpub calendar add {year}", year=today.year),
        )
    elif not any(term.last >= today for term in calendar.terms):
        yield Finding(
            what="calendar",
            state=HINT,
            told=say("No term is entered from today on."),
            cure=say(
                "enter it and take it over: schoolpub adopt records/calendar/terms.yaml --reason …"
            ),
        )
    else:
        yield Finding(what="calendar", state=GOOD, told=say("The calendar of {year} is entered.", year=today.year))


def _fonts(_session: Session, _ledger: Exchange) -> Iterator[Finding]:
    from schoolpub.notices.fonts import packaged_folders

    yield Finding(
        what="fonts", state=GOOD, told=say("Chinese fonts for printing: {folder}", folder=str(packaged_folders()[0]))
    )


def _remote(session: Session, ledger: Exchange) -> Iterator[Finding]:
    remotes = ledger.remotes()
    if not remotes:
        yield Finding(what="remote", state=GOOD, told=say("No other office is connected."))
        return
    synced = next((n for n in noted(session.root) if n.kind == "remote"), None)
    if synced is None:
        yield Finding(
            what="remote",
            state=HINT,
            told=say("The other offices are connected ({names}), never synchronised.", names="、".join(remotes)),
            cure=say("schoolpub sync"),
        )
    else:
        yield Finding(
            what="remote",
            state=GOOD,
            told=say("Last synchronised at {at} with {place}.", at=_moment(synced.at), place=synced.place),
        )


def _series(session: Session, ledger: Exchange) -> Iterator[Finding]:
    """Tell of a series in which several machines give numbers: apart from each other they give the same ones."""
    if not ledger.remotes():
        return
    people = session.snapshot.people
    for series, givers in sorted(numbering.givers(session.snapshot, session.moment.today.year).items()):
        if len(givers) > 1:
            names = "、".join(sorted(people.name(person) for person in givers))
            yield Finding(
                what="series",
                state=HINT,
                told=say("{names} give numbers of one series, {series}: apart, they can give one twice.",
                         names=names, series=series),
                cure=say("give each office a series of its own: `series-of` in records/school.yaml"),
            )  # fmt: skip


def _copy(session: Session, _ledger: Exchange) -> Iterator[Finding]:
    if task := second_copy.missing(session):
        yield Finding(
            what="copy",
            state=BAD,
            told=say("{what}: {note}.", what=task.what, note=task.note),
            cure=say("{command}", command=task.command),
        )
    else:
        newest = next(iter(noted(session.root)), None)
        told = (
            say("The second copy is of {at}: {place}", at=_moment(newest.at), place=newest.place)
            if newest
            else say("Nothing to copy yet.")
        )
        yield Finding(what="copy", state=GOOD, told=told)


def _disk(session: Session, _ledger: Exchange) -> Iterator[Finding]:
    free = shutil.disk_usage(session.root).free
    state = GOOD if free > _ROOM else BAD
    told = say("{size} MB are free on the disk.", size=free // 1_000_000)
    yield Finding(what="disk", state=state, told=told, cure=None if state == GOOD else say("make room on the disk"))
