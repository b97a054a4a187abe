"""What must be erasable never gets into git, and what must not be published is stopped before the commit."""

from __future__ import annotations

import hashlib
import stat

import pytest
import yaml
from PIL import Image, PngImagePlugin

from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"
NUMBER = "11010519491231002X"
MOBILE = "13800138000"
CARD = "6222021234567890128"


def luhn(digits: str) -> str:
    """Return *digits* with the last one made right."""
    total = 0
    for place, digit in enumerate(reversed(digits[:-1])):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits[:-1] + str(-total % 10)


CARD = luhn(CARD)


# Restricted fields


@pytest.fixture
def item(office: Office) -> Office:
    """A catalogue with an item whose writer's name and telephone are restricted."""
    file = office.root / "records/catalogue/2026-01-01/feedback.yaml"
    file.write_text(file.read_text("utf-8") + LETTER, encoding="utf-8")
    office.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qam", "x")
    office.done("check")
    return office


LETTER = """
letter:
  name: 来信登记
  category: 反馈
  title: "来信登记（{date}）"
  audience: internal
  department: 办公室
  flow: disclosure
  channels: [board]
  privacy: none
  keep: D10
  duties:
  - {on: event, due: {within: 20d, of: date}}
  fields:
    subject: {name: 事由, type: text}
    writer: {name: 来信人, type: text, privacy: restricted}
    told: {name: 联系方式, type: text, optional: yes, privacy: restricted}
"""
SECRET = "匿名来信人张某的一句话"


def drafted(office: Office) -> str:
    """Draft a letter and return its id."""
    return office.done(
        "add", "letter", "--date", "2026-11-02", "--set", "subject=操场照明", "--set", f"writer={SECRET}", by="li-hua"
    ).last


def test_restricted_fields_stay_out_of_git(item: Office) -> None:
    """They lie in `private/`, readable for the owner only, with a salt; the record names the file's digest."""
    record_id = drafted(item)
    file = item.root / "private" / f"{record_id}.yaml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert tree["fields"] == {"writer": SECRET}
    assert len(tree["salt"]) == 64
    assert f"private: sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n" in item.text(record_id)
    assert SECRET.encode() not in item.objects()
    assert SECRET not in item.text(record_id)
    assert item.git("status", "--porcelain") == ""
    assert item.done("check").out.endswith("0 errors, 0 warnings.\n")
    item.done("submit", record_id)
    for name in ("chen-xi", "chu-wei"):  # the head of the office, and another of the disclosure office
        item.done("approve", record_id, by=name)
    item.done("post", record_id, by="chen-xi")
    item.done("build")
    for path in (item.root / "site").rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()
    assert SECRET.encode() not in item.objects()


def test_two_equal_letters_have_different_digests(item: Office) -> None:
    """The salt is drawn for each, so that nobody can try out what a digest stands for."""
    one, two = drafted(item), drafted(item)
    digests = {yaml.safe_load(item.text(name))["private"] for name in (one, two)}
    assert len(digests) == 2


def test_an_edit_keeps_them(item: Office) -> None:
    """An edit of another field leaves the private file as it is; one of a restricted field replaces it."""
    record_id = drafted(item)
    file = item.root / "private" / f"{record_id}.yaml"
    before = file.read_bytes()
    item.done("edit", record_id, "--set", "subject=操场照明不足", by="li-hua")
    assert file.read_bytes() == before
    item.done("edit", record_id, "--set", "told=办公室转交", by="li-hua")
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["fields"] == {"writer": SECRET, "told": "办公室转交"}
    assert f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" in item.text(record_id)
    assert "办公室转交" not in item.text(record_id)
    assert [p.name for p in file.parent.iterdir() if p.name != ".gitignore"] == [file.name]
    item.done("check")


def test_a_refused_edit_leaves_the_private_file(item: Office) -> None:
    """When the act is refused, what the record names is still there."""
    record_id = drafted(item)
    file = item.root / "private" / f"{record_id}.yaml"
    before = file.read_bytes()
    assert item("edit", record_id, "--set", "told=甲", "--set", "date=x", by="li-hua").code != 0
    assert item("edit", record_id, "--set", "told=甲", by="zhu-an").code == 3
    assert file.read_bytes() == before
    assert sorted(p.name for p in file.parent.iterdir()) == [".gitignore", file.name]


def test_without_the_private_file(item: Office) -> None:
    """On a machine that does not have it everything goes on, but nothing is added to what cannot be seen."""
    record_id = drafted(item)
    (item.root / "private" / f"{record_id}.yaml").unlink()
    item.done("check")
    item.done("show", record_id)
    item.done("edit", record_id, "--set", "subject=照明", by="li-hua")
    assert "not on this machine" in item.refused("edit", record_id, "--set", "told=甲", by="li-hua")
    item.done("submit", record_id)


def test_the_editor_does_not_show_them(item: Office) -> None:
    """The text in the editor is the record's body; the restricted fields are not in it and stay."""
    record_id = drafted(item)
    before = (item.root / "private" / f"{record_id}.yaml").read_bytes()
    item.surroundings.setenv("EDITOR", "sed -i s/操场照明/走廊照明/")
    item.done("edit", record_id, by="li-hua")
    assert "走廊照明" in item.text(record_id)
    assert (item.root / "private" / f"{record_id}.yaml").read_bytes() == before
    item.done("check")


def test_a_restricted_field_in_the_record_is_refused(item: Office) -> None:
    """Typed into the body by hand it is an error, and no act carries it into git."""
    record_id = drafted(item)
    item.path(record_id).write_text(
        item.text(record_id).replace("  subject: 操场照明\n", f"  subject: 操场照明\n  writer: {SECRET}\n"), "utf-8"
    )
    assert "restricted-in-record" in item("check").out
    item.refused("submit", record_id, code=1)
    item.refused("remark", record_id, "甲", code=1, by="li-hua")
    assert SECRET.encode() not in item.objects()


# Personal data


DATA = [("身份证", NUMBER), ("手机", MOBILE), ("卡号", CARD)]


def clean(office: Office, said: str, secret: str) -> None:
    """Assert that *secret* is neither in what was said nor anywhere in git."""
    assert secret not in said
    assert secret.encode() not in office.objects()


@pytest.mark.parametrize(("what", "secret"), DATA)
def test_each_kind_is_stopped(office: Office, what: str, secret: str) -> None:
    """An identity number, a mobile and a bank card in a field or a remark are refused before the commit."""
    office.at("submit")
    clean(office, office.refused("remark", ID, f"致电{secret}", code=1), secret)
    month = ("add", "finance-monthly", "--period", "2026-09", "--from", office.write("x.yaml", OCTOBER))
    clean(office, office.refused(*month, "--set", f"notes=联系人{what}{secret}", code=1), secret)


def test_it_is_stopped_wherever_it_stands(office: Office) -> None:
    """In a field, a title, a table, a file name, a remark, a reason, a meeting or a `--set`: refused before the commit."""
    what, secret = DATA[0]
    ok = office.write("x.yaml", OCTOBER)
    month = ("add", "finance-monthly", "--period", "2026-10", "--from", ok)
    for call in (
        (*month, "--set", f"notes=联系人{what}{secret}"),
        (*month, "--title", f"月报 {secret}"),
        (*month, "--set", f"summary={secret}"),
        (*month[:-1], office.write("y.yaml", OCTOBER.replace("办公费", f"退费 {secret}"))),
        (*month, "--set", f"{secret}=1"),
    ):
        clean(office, office.refused(*call, code=1), secret)
    office.at("submit")
    clean(office, office.refused("remark", ID, f"致电{secret}", code=1), secret)
    clean(office, office.refused("return", ID, "--reason", f"见{secret}", code=1, by="qian-li"), secret)
    clean(office, office.refused("approve", ID, "--opinion", secret, code=1, by="qian-li"), secret)
    clean(office, office.refused("approve", ID, "--meeting", secret, code=1, by="qian-li"), secret)
    clean(office, office.refused("do", ID, "review", "--set", f"x={secret}", code=1, by="qian-li"), secret)
    clean(office, office.refused("discard", ID, "--reason", secret, code=1), secret)
    office.done("undo", ID)
    for name in (f"{secret}.txt", f"名单{secret}.csv"):
        clean(office, office.refused("attach", ID, office.write(name, "说明"), code=1), secret)
    inside = office.write("名单.csv", f"项目,说明\n退费,{what}{secret}\n")
    clean(office, office.refused("attach", ID, inside, code=1), secret)
    clean(office, office.refused("attach", ID, office.write("a.txt", "x"), "--title", secret, code=1), secret)
    office.through(ID)
    picture = office.root.parent / f"{secret}.jpg"
    Image.new("RGB", (9, 9)).save(picture)
    proof = ("prove", ID, "--channel", "board", "--on", "2026-11-03")
    clean(office, office.refused(*proof, "--photo", str(picture), code=1, by="chen-xi"), secret)
    clean(office, office.refused("correct", ID, "--reason", f"更正{secret}", code=1), secret)
    clean(office, office.refused("suspend", ID, "--reason", secret, code=1), secret)


@pytest.mark.parametrize(("what", "secret"), DATA)
def test_in_a_draft_edited_by_hand(office: Office, what: str, secret: str) -> None:
    """A comment or a field typed into the file is found by `check` and stopped by every act."""
    office.at("draft")
    path, before = office.path(ID), office.text(ID)
    for text in (
        before.replace("fields:", f"# {what}：{secret}\nfields:"),
        before.replace("fields:", f"fields:   # {secret}"),
        before.replace("  balance_end", f"  notes: {secret}\n  balance_end"),
    ):
        path.write_text(text, encoding="utf-8")
        clean(office, office.refused("submit", ID, code=1), secret)
        clean(office, office.refused("edit", ID, "--set", "title=甲", code=1) if "notes" in text else "", secret)
    checked = office("check")
    assert checked.code == 1
    clean(office, checked.out, secret)
    for call in (("show", ID), ("list",), ("find", "财务"), ("log", ID)):
        clean(office, office(*call).out, secret)


def test_what_the_school_declares_passes(office: Office) -> None:
    """The office's own numbers may stand anywhere."""
    office.at("draft")
    office.done("edit", ID, "--set", "notes=咨询电话 000-00000001")
    office.done("remark", ID, "电话 000-00000005 已接通")


def test_pictures_lose_what_they_tell(office: Office) -> None:
    """The camera, the place and texts inside a picture do not get into git with it."""
    office.posted()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 0.0)}
    jpeg, png = office.root.parent / "a.jpg", office.root.parent / "b.png"
    Image.new("RGB", (40, 30), "red").save(jpeg, exif=exif)
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", NUMBER)
    Image.new("RGB", (40, 30), "blue").save(png, pnginfo=told)
    office.done(
        "prove", ID, "--channel", "board", "--place", "校门外", "--on", "2026-11-03", "--photo", str(jpeg),
        "--photo", str(png), by="chen-xi",
    )  # fmt: skip
    assert len(office.steps(ID)[-1]["evidence"]) == 2
    for secret in (b"SecretCamera", NUMBER.encode()):
        assert secret not in office.objects()
    assert office("check").code == 0


def test_a_kill_between_the_private_file_and_the_commit(item: Office) -> None:
    """A private text waits beside the old one until its act has happened; the next act knows which of them stands."""
    from schoolpub.store.files import private

    record_id = drafted(item)
    path = item.root / "private" / f"{record_id}.yaml"
    waiting = path.with_suffix(".new")
    old, new = path.read_bytes(), private.text({"writer": "另一人"})
    private.keeping(item.root, record_id, new).__enter__()  # killed before the commit
    assert private.load(item.root, record_id, private.digest(old)) == {"writer": SECRET}
    assert private.load(item.root, record_id, private.digest(new)) == {"writer": "另一人"}
    item.done("remark", record_id, "其一")
    assert path.read_bytes() == old and not waiting.exists()
    path.rename(waiting)  # killed after it
    item.done("remark", record_id, "其二")
    assert path.read_bytes() == old and not waiting.exists()
    private.keeping(item.root, record_id, private.GONE).__enter__()
    item.done("remark", record_id, "其三")
    assert path.read_bytes() == old and not waiting.exists()


def test_a_private_text_outlives_an_act_without_room(item: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full right after the branch moved, the act is told as done, and its private text stays."""
    from schoolpub.store.git import placing

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as broken:
        broken.setattr(placing, "tell_index", full)
        told = item("add", "letter", "--date", "2026-11-02", "--set", "subject=食堂", "--set", f"writer={SECRET}", by="li-hua")
    assert told.code == 3 and "It is recorded" in told.err
    assert len(list(item.root.glob("private/*.new"))) == 1
    item.done("list")
    (record_id,) = (row["id"] for row in item.done("list", "--json").json)
    item.done("remark", record_id, "其一")
    assert SECRET in (item.root / f"private/{record_id}.yaml").read_text("utf-8")
    assert item.git("status", "--porcelain") == ""
