"""A second copy on a stick gives the office back on an empty machine; it only grows, and what was erased is gone from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from schoolpub.store.files import private, unfinished
from tests.cli.office import Office

ID = "finance-monthly-2026-10"
SECRET = "举报人住在某某村"


def stick(office: Office) -> Path:
    """Return a stick that is plugged in, with other things on it."""
    path = office.root.parent / "usb"
    path.mkdir(exist_ok=True)
    (path / "照片.txt").write_text("别的东西", "utf-8")
    return path


def with_private(office: Office) -> str:
    """Have an open matter whose writer is kept in `private/`, and an entry that was interrupted; return the matter."""
    office.posted()
    unfinished.save(office.root, "finance-monthly-2026-11", {"fields": {"balance_end": "1.00"}})
    said = ("--channel", "热线", "--topic", "食堂菜价", "--name", SECRET)
    return office.done("feedback", "add", *said, by="chen-xi").last


def public_part(root: Path) -> dict[str, bytes]:
    """Return the public site and the printed sheets below *root*."""
    found = [*root.glob("site/public/**/*"), *root.glob("print/*.pdf")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


def test_a_stick_gives_the_office_back(office: Office) -> None:
    """History, settings and private part come back on an empty machine, with the key from the envelope."""
    matter = with_private(office)
    usb = stick(office)
    told = office.done("backup", str(usb)).out
    place = usb / "校务公开副本"
    assert str(place) in told and "恢复密钥.txt" in told
    copied = b"".join(p.read_bytes() for p in place.rglob("*") if p.is_file())
    assert SECRET.encode() not in copied
    sheet = office.root / "print/恢复密钥.txt"
    assert sheet.stat().st_mode & 0o077 == 0

    key = office.write("信封.txt", sheet.read_bytes())
    head = office.git("rev-parse", "HEAD")
    shutil.rmtree(office.root)
    new = office.root.parent / "new"
    office.surroundings.chdir(office.root.parent)
    told = office.done("init", str(new), "--from", str(usb), "--key", key).out
    assert "2 records" in told
    office.root = new
    office.surroundings.chdir(new)
    assert office.git("rev-parse", "HEAD") == head
    assert office.git("status", "--porcelain") == ""
    assert office.git("config", "user.email").strip() == "zhao-min@school.invalid"
    assert SECRET in office.done("feedback", "show", matter).out
    assert unfinished.keys(new) == ["finance-monthly-2026-11"]
    office.done("feedback", "assign", matter, "总务处", by="chen-xi")
    office.done("backup")  # the office's own key came back too


def test_a_clone_alone_gives_the_public_part_back(office: Office) -> None:
    """From a plain clone of the copy every public file is built again, byte for byte."""
    office.posted()
    place, clone = office.root.parent / "usb", office.root.parent / "clone"
    office.done("backup", str(place))
    office.git("clone", "-q", str(place / "history.git"), str(clone))
    for root in (office.root, clone):
        office.done("build", "--root", str(root))
        office.done("print", ID, "--form", "notice,register", "--root", str(root))
    assert len(public_part(clone)) > 10 and public_part(clone) == public_part(office.root)


def test_the_copy_only_grows(office: Office) -> None:
    """A copy that holds what this folder no longer has is evidence: nothing is written over it."""
    office.posted()
    place = office.root.parent / "usb"
    office.done("backup", str(place))
    office.done("remark", ID, "其一")
    assert office.done("backup", "--json").json["commits"] == 1
    assert office.done("backup", "--json").json["commits"] == 0
    held = (place / "history.git/refs/heads/main").read_bytes()
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.done("remark", ID, "其二")
    said = office.refused("backup")
    assert "rewritten" in said
    assert (place / "history.git/refs/heads/main").read_bytes() == held


def test_what_was_erased_leaves_the_copy_and_what_is_missing_stays(office: Office) -> None:
    """A private file that a record still names is kept from the copy before; what no record names goes."""
    office.posted()
    place = office.root.parent / "usb"
    private.keep(office.root, "gone.yaml", b"x")
    data = private.text({"name": "某人"})
    path = office.path(ID)
    text = path.read_text("utf-8").replace("fields:\n", f"private: {private.digest(data)}\nfields:\n", 1)
    path.write_text(text, "utf-8")
    private.keep(office.root, f"{ID}.yaml", data)
    first = office.done("backup", str(place), "--json").json
    (office.root / f"private/{ID}.yaml").unlink()
    (office.root / "private/gone.yaml").unlink()
    second = office.done("backup", "--json").json
    assert (first["private"], second["private"]) == (4, 3)
    assert json.loads((place / "backup.json").read_text("utf-8"))["private"] == 3


@pytest.mark.parametrize("place", ["copy", "../nowhere/usb"])
def test_a_place_that_is_no_second_place(office: Office, place: str) -> None:
    """A folder inside the school's own, or one that cannot be reached, is refused."""
    office.at("draft")
    office.refused("backup", str(office.root / place))
    office.refused("backup")


def test_a_wrong_key_opens_nothing(office: Office) -> None:
    """Neither another school's key nor a slip opens the copy, and nothing is left behind; the public part alone may be had."""
    from schoolpub.store import sealed

    office.posted()
    place = office.root.parent / "usb"
    office.done("backup", str(place))
    new = str(office.root.parent / "new")
    for text in (sealed.new_key()[0], "AGE-SECRET-KEY-1ABC"):
        office.refused("init", new, "--from", str(place), "--key", office.write("k.txt", text))
        assert not Path(new).exists()
    office.refused("init", new, "--from", str(place))
    office.refused("init", new, "--from", str(office.root))
    office.done("init", new, "--from", str(place), "--public-only")
    assert office.done("show", ID, "--root", new).code == 0


def test_a_stick_that_was_damaged(office: Office) -> None:
    """What cannot be read is named, the rest comes back; a backup onto a damaged stick is refused before it is needed."""
    matter = with_private(office)
    whole, place, new = (office.root.parent / name for name in ("whole", "usb", "new"))
    office.done("backup", str(whole))
    office_key = office.write("k.txt", (office.root / "private/backup/office.key").read_bytes())

    def restored(*more: str, without: str = "", cut: str = "", kept: bool = True) -> str:
        for folder in (place, new):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, place)
        if without:
            (place / without).unlink()
        for path in [path for path in place.glob(cut) if path.is_file()] if cut else []:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:100] + b"x" + path.read_bytes()[101:])
        office.surroundings.chdir(office.root.parent)
        result = office("init", "new", "--from", "usb", *more)
        office.surroundings.chdir(office.root)
        assert (result.code == 0) == new.exists() == kept, result
        if kept:
            shown = office.done("feedback", "show", matter, "--root", str(new)).out
            assert (SECRET in shown) == (more[0] == "--key")
        return result.out + result.err

    for missing in ("", "backup.json", "history.git/refs/heads/main"):
        restored("--key", office_key, without=missing)
    assert "--public-only" in restored("--key", office_key, cut="private.age", kept=False)
    assert "4 files" in restored("--key", office_key, without="private.age", kept=False)
    assert matter in restored("--public-only", without="private.age")
    assert "use another copy" in restored("--public-only", cut="history.git/objects/pack/*.pack", kept=False)
    office.git("config", "user.name", "赵敏")
    assert "use another stick" in office("backup", str(place)).err


def test_an_older_stick_over_a_newer_folder(office: Office) -> None:
    """A folder that is in use is never written over by a copy; another school's stick is left alone."""
    office.posted()
    place = office.root.parent / "usb"
    office.done("backup", str(place))
    office.done("remark", ID, "其后")
    office.refused("init", str(office.root), "--from", str(place), "--public-only")
    about = json.loads((place / "backup.json").read_text("utf-8"))
    (place / "backup.json").write_text(json.dumps({**about, "school": "别的学校"}), "utf-8")
    assert "别的学校" in office.refused("backup", str(place))


def test_the_bare_command_says_since_when(office: Office) -> None:
    """`schoolpub` alone says that no second copy exists, and stays silent while one is new."""
    office.posted()
    assert "2026年11月3日以来的记录只在这一台电脑上" in office().out
    office.done("backup", str(office.root.parent / "usb"))
    assert "副本" not in office().out
    office.done("remark", ID, "其一", now="2026-11-05T09:00:00+08:00")
    assert "副本" not in office(now="2026-11-06T09:00:00+08:00").out
    assert "2026年11月5日以来的记录没有副本，上次备份在 2026年11月3日" in office(now="2026-11-20T09:00:00+08:00").out


def test_a_foreign_copy_runs_nothing(office: Office) -> None:
    """Settings and hooks that somebody put onto the stick are not used, neither by `backup` nor by `init`."""
    office.posted()
    place = office.root.parent / "usb"
    office.done("backup", str(place))
    bare = place / "history.git"
    mark = office.root.parent / "ran"
    script = f"#!/bin/sh\ntouch '{mark}'\n"
    for name in ("pre-receive", "post-checkout", "reference-transaction", "post-update"):
        (bare / "hooks").mkdir(exist_ok=True)
        (bare / "hooks" / name).write_text(script)
        (bare / "hooks" / name).chmod(0o755)
    (bare / "config").write_text(f"[core]\n\tbare = true\n\tfsmonitor = touch '{mark}'\n\thooksPath = {bare}/hooks\n")
    office.done("remark", ID, "其一")
    new = str(office.root.parent / "new")
    office.done("init", new, "--from", str(place), "--public-only")
    office.done("backup")
    assert not mark.exists()


def test_a_backup_that_was_cut_off(office: Office) -> None:
    """At every moment the key on some sheet opens the copy on the stick; a sheet of a key that never counted goes."""
    from schoolpub.store import backup, sealed

    office.at("draft")
    place = office.root.parent / "usb"
    sheet = office.root / "print/恢复密钥.txt"

    def fall(*_: object) -> None:
        raise OSError(28, "full")

    def key() -> str:
        return sealed.secret_in(sheet.read_text("utf-8-sig"))

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(backup, "make", fall)
        assert "free some room" in office("backup", str(place)).err
    assert not sheet.exists()  # there is no copy that it would open
    assert str(sheet) in office.done("backup", str(place)).out
    first = key()
    for cut in ("make_keys", "make"):
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(backup, cut, fall)
            assert office("backup", "--new-recovery-key").code == 3
        assert key() == first and sealed.unseal((place / "private.age").read_bytes(), first)
    office.done("backup", "--new-recovery-key")
    assert key() != first and sealed.unseal((place / "private.age").read_bytes(), key())
    assert len(list(sheet.parent.iterdir())) == 1
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(backup, "make_keys", fall)
        assert office("backup", "--new-recovery-key").code == 3
    second = key()
    office.done("backup")
    assert key() == second and len(list(sheet.parent.iterdir())) == 1


def test_a_restoring_that_was_cut_off(office: Office) -> None:
    """A folder that was given back half is no school yet; repeating the command begins anew."""
    office.posted()
    place, new = office.root.parent / "usb", office.root.parent / "new"
    office.done("backup", str(place))
    for half in (False, True):
        (new / "records").mkdir(parents=True)
        (new / ".begun").touch()
        if half:
            shutil.copytree(office.root / ".git", new / ".git")
            shutil.copytree(office.root / "records", new / "records", dirs_exist_ok=True)
            (new / ".git/index.lock").touch()
            assert "cut off" in office("list", "--root", str(new)).err
        office.done("init", str(new), "--from", str(place), "--public-only")
        assert office.done("show", ID, "--root", str(new)).code == 0
        assert not (new / ".begun").exists()
        shutil.rmtree(new)
