"""`schoolpub backup`: a second copy on a stick or a share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.store import backup as copies
from schoolpub.store import durable, sealed
from schoolpub.store.git.copies import Noted, note, noted
from schoolpub.store.git.exchange import Exchange

app = framework.new_app()

RECOVERY_SHEET = "恢复密钥.txt"

_SHEET = """{school} 校务公开记录 恢复密钥
制作日期：{day}

{key}

这张纸怎样用

一、打印这个文件，装进信封，由校长签封，锁在保险柜里；然后删掉电脑上的这个文件。
二、平时用不着它。办公电脑坏了、丢了、被加密勒索了，才拆开信封。
三、在新电脑上装好 schoolpub，插上存第二份副本的 U 盘，运行
        schoolpub init 新文件夹 --from U盘上的文件夹
    问到恢复密钥时，照上面抄写（以 AGE-SECRET-KEY-1 开头，共 74 个字符）。
四、没有它，公开的记录和全部历史照样能恢复；反映人的姓名、电话等内部信息只有用它才能打开。
五、拆过信封，或者换了校长，运行 schoolpub backup --new-recovery-key 换一把新的，旧的即作废。
"""


@app.command()
def backup(
    place: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="a folder on a stick or a share; else the last one used")
    ] = None,
    new_recovery_key: Annotated[
        bool, typer.Option("--new-recovery-key", help="make another recovery key; the old one opens no later copy")
    ] = False,
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """Bring the second copy on a stick or a share up to date.

    The whole history, which can only grow there, and `private/`, sealed to two keys: the office's own, and a recovery
    key that is written to a sheet for the head's sealed envelope. `init --from` gives the office back.
    Example: schoolpub backup /media/usb/gongkai
    """
    session = open_session(root)
    session.ledger = ledger = Exchange(session.root)
    with session.acting():
        folder = _folder(session, place)
        keys = copies.keys(session.root)
        new_sheet = _new_sheet(session.root / "print" / RECOVERY_SHEET)
        if keys is None or (new_recovery_key and not _counts(new_sheet, keys)):  # else it is there since a cut-off try
            recovery, _ = sealed.new_key()
            _write_sheet(session, recovery)  # first: a key that no sheet tells would open nothing for anybody
            keys = copies.make_keys(session.root, recovery)
        about = {
            "school": session.snapshot.school.name,
            "at": session.moment.at.isoformat(),
            "records": len(session.snapshot.records),
            "user": {"name": ledger.user_name(), "email": ledger.user_email()},
        }
        folder.mkdir(exist_ok=True)
        made = copies.make(ledger, folder, session.snapshot, keys, about)
        _explain(session, folder)
        note(session.root, Noted(place=str(folder), at=session.moment.at.isoformat(), head=made.head))
        sheet = _to_be_sealed(session, keys)
    if as_json:
        told = {"place": str(folder), "head": made.head, "commits": made.new_commits, "private": made.private_files}
        console.json_out({**told, "recovery_key": str(sheet) if sheet else ""})
        return
    _report(session, folder, made, sheet)


def _folder(session: Session, place: Path | None) -> Path:
    if place is None:
        known = [n for n in noted(session.root) if n.kind == "backup"]
        if not known:
            raise SchoolpubError(
                say("There is no second copy yet, so its place must be named."),
                fix=say("schoolpub backup DIR, a folder on a stick or a share"),
            )
        place = Path(known[0].place)
    folder = place.resolve()
    if folder == session.root or session.root in folder.parents or folder in session.root.parents:
        raise SchoolpubError(
            say("A copy in the school's own folder is lost together with it."),
            fix=say("name a folder on a stick, or on another machine"),
        )
    if not folder.parent.is_dir():
        raise SchoolpubError(
            say("{folder} cannot be reached.", folder=str(folder.parent)),
            fix=say("plug in the stick, or connect the share, and look at its name"),
        )
    folder = copies.place_in(folder)
    if (folder / copies.ABOUT).exists():
        school = copies.about(folder).get("school")
        if school and school != session.snapshot.school.name:
            raise SchoolpubError(
                say("{folder} is the copy of another school: {school}.", folder=str(folder), school=school),
                fix=say("name another folder"),
            )
    return folder


def _to_be_sealed(session: Session, keys: copies.Keys) -> Path | None:
    """Return the sheet that waits for its envelope, now that there is a copy which its key opens.

    The sheet of a new key has waited beside the former one: until now that one's key alone opened the copy.
    """
    path = session.root / "print" / RECOVERY_SHEET
    new = _new_sheet(path)
    if _counts(new, keys):
        durable.patiently(lambda: new.replace(path))
    new.unlink(missing_ok=True)
    return path if _counts(path, keys) else None


def _counts(sheet: Path, keys: copies.Keys) -> bool:
    """Return whether the key on *sheet* opens the copies from now on."""
    try:
        return sealed.public_of(sealed.secret_in(sheet.read_text("utf-8-sig"))) in keys.recipients
    except (SchoolpubError, OSError, ValueError):
        return False


def _new_sheet(path: Path) -> Path:
    return path.with_name(f"{path.stem}（新）{path.suffix}")


def _write_sheet(session: Session, recovery: str) -> None:
    """Write the sheet with a new recovery key, for its owner's eyes only."""
    text = _SHEET.format(school=session.snapshot.school.name, day=session.moment.today.isoformat(), key=recovery)
    path = _new_sheet(session.root / "print" / RECOVERY_SHEET)
    durable.write(path, ("\ufeff" + text).encode().replace(b"\n", b"\r\n"), mode=0o600)


_EXPLAINED = """这是{school}校务公开记录的第二份副本，由 schoolpub backup 制作，请勿手工改动。

办公电脑坏了，怎样恢复：
1. 在新电脑上装好 git 和 schoolpub。
2. 运行  schoolpub init 新文件夹 --from 本文件夹
3. 问到恢复密钥时，拆开校长保管的信封，照纸上抄写。
4. 进入新文件夹，运行 schoolpub doctor，看是否一切就绪。

没有 schoolpub 也能取出公开的记录和全部历史：
    git clone history.git 新文件夹

history.git   全部记录和历史，只增不减
private.age   不进历史的内部信息（反映人姓名、电话等），已加密，格式为 age（age-encryption.org）
backup.json   副本做到哪一天、哪一次提交
"""


def _explain(session: Session, folder: Path) -> None:
    text = _EXPLAINED.format(school=session.snapshot.school.name)
    path = folder / copies.EXPLAINED
    data = ("\ufeff" + text).encode().replace(b"\n", b"\r\n")
    if not path.exists() or path.read_bytes() != data:
        durable.write(path, data)


def _report(session: Session, folder: Path, made: copies.Made, sheet: Path | None) -> None:
    console.out(
        say(
            "The second copy in {folder} holds everything up to now: {commits} new acts, {private} private files.",
            folder=str(folder), commits=made.new_commits, private=made.private_files,
        )
    )  # fmt: skip
    if made.kept:
        console.note(
            say("These private files are missing on this machine and stay in the copy: {names}",
                names="、".join(made.kept))
        )  # fmt: skip
    if not session.ledger.clean():
        console.note(say("What was changed by hand and not recorded yet is not in the copy. → git status"))
    if sheet:
        console.out(say("The recovery key waits for its envelope: {file}", file=str(sheet)))
        console.out(say("  → print it, put it into an envelope that the head seals, and delete the file"))
