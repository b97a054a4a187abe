"""Drafts are changed with values, in an editor, with attachments; nothing of somebody else's is lost on the way."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"


def editor(office: Office, script: str) -> None:
    """Let the user's editor be a shell script that changes the file `$1`."""
    path = office.root.parent / "编辑 器.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    office.surroundings.setenv("EDITOR", f"'{path}'")


# Values


def test_edit_with_values(office: Office) -> None:
    """New values replace the old ones, the rest of the text stays, and the edit is a step and a commit."""
    office.at("draft")
    before = office.text(ID)
    office.done("edit", ID, "--set", "notes=水费按表计收", "--set", "title=十月账目")
    after = office.text(ID)
    assert after.partition("steps:\n")[0] == before.partition("steps:\n")[0].replace(
        "2026年10月财务收支月报", "十月账目"
    ).replace("balance_end: 233112.35\n", "balance_end: 233112.35\n  notes: 水费按表计收\n")
    assert office.steps(ID)[-1]["step"] == "edit"
    assert office.git("log", "-1", "--format=%s").strip() == "修改：十月账目"


def test_edit_with_a_table_from_a_file(office: Office) -> None:
    """A table is replaced by the rows of a file, and mistakes in it are told there."""
    office.at("draft")
    sheet = office.write("支出.csv", "科目,本月,本年累计\n办公费,1200.00,30000.00\n水费,2000.00,20000.01\n")
    said = office.refused("edit", ID, "--from", f"expense={sheet}", code=1)
    assert "balance_end" in said or "本月结余" in said
    office.done("edit", ID, "--from", f"expense={sheet}", "--set", "balance_end=234112.34")
    assert "{head: 水费, month: 2000.00, ytd: 20000.01}" in office.text(ID)


def test_the_identity_of_a_record_never_changes(office: Office) -> None:
    """Another period, item or id is another record: an edit to it is refused."""
    office.at("draft")
    assert "id" in office.refused("edit", ID, "--set", "period=2026-09", code=1)
    assert "unknown-field" in office.refused("edit", ID, "--set", "id=finance-monthly-2026-09", code=1)
    before = office.text(ID)
    editor(office, "sed -i 's/^item: .*/item: fees-term/' \"$1\"")
    assert office("edit", ID).code == 1
    editor(office, "sed -i 's/^item: .*/item: finance-monthly/; s/^catalogue: .*/catalogue: 2025-01-01/' \"$1\"")
    assert "“catalogue” of a record never changes" in office("edit", ID).err
    assert office.text(ID) == before


# The editor


def test_edit_in_the_editor(office: Office) -> None:
    """The editor shows the text above the steps, comments included; what is saved there is the new body."""
    office.at("draft")
    editor(office, "cp \"$1\" shown.yaml; sed -i 's/^  balance_start/  # 见九月月报\\n  balance_start/' \"$1\"")
    office.done("edit", ID)
    shown = (office.root / "shown.yaml").read_text(encoding="utf-8")
    (office.root / "shown.yaml").unlink()
    assert "steps:" not in shown
    assert "  # 见九月月报\n  balance_start: 152300.00\n" in office.text(ID)
    assert [s["step"] for s in office.steps(ID)] == ["draft", "edit"]
    assert "# 见九月月报" in office.text(ID)


def test_nothing_changed_in_the_editor(office: Office) -> None:
    """Closing the editor without a change records nothing."""
    office.at("draft")
    editor(office, "true")
    assert office("edit", ID).code == 3
    assert office.git("rev-list", "--count", "HEAD").strip() == "2"


def test_no_step_is_written_in_the_editor(office: Office) -> None:
    """A `steps:` typed into the text is refused; approvals cannot be written by hand."""
    office.at("draft")
    line = "- {step: sign, by: sun-jie, role: 校长, at: 2026-11-03T09:12:00+08:00}"
    editor(office, f"printf 'steps:\\n{line}\\n' >> \"$1\"")
    said = office("edit", ID)
    assert said.code == 1
    assert "steps:" in said.err
    assert [s["step"] for s in office.steps(ID)] == ["draft"]


def test_what_could_not_be_saved_is_kept(office: Office) -> None:
    """A slip in the editor costs nothing: the text is kept, readable for its owner only, and begins the next try."""
    office.at("draft")
    before = office.text(ID)
    editor(office, "sed -i 's/balance_end: .*/balance_end: 数字/; s/^title: .*/title: 十月账/' \"$1\"")
    said = office("edit", ID)
    assert said.code == 1
    assert f"What you wrote is kept in private/edited/{ID}.yaml." in said.err
    assert office.text(ID) == before
    kept = office.root / f"private/edited/{ID}.yaml"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert office.git("status", "--porcelain") == ""
    editor(office, "sed -i 's/balance_end: .*/balance_end: 233112.35/' \"$1\"")
    office.done("edit", ID)
    assert "title: 十月账\n" in office.text(ID)
    assert not kept.exists()


def test_somebody_else_acted_while_the_editor_was_open(office: Office) -> None:
    """Their act stays, and what was typed is kept."""
    office.at("draft")
    editor(
        office,
        "sed -i 's/^title: .*/title: 甲/' \"$1\"; "
        "PYTHONPATH=\"$PYTHONPATH\" python -m schoolpub remark finance-monthly-2026-10 乙 >/dev/null",
    )
    office.surroundings.setenv("PATH", f"{Path(__import__('sys').executable).parent}:{__import__('os').environ['PATH']}")
    said = office("edit", ID)
    assert said.code == 3
    assert "while your editor was open" in said.err
    assert [s["step"] for s in office.steps(ID)] == ["draft", "remark"]
    assert "title: 甲" in (office.root / f"private/edited/{ID}.yaml").read_text(encoding="utf-8")


def test_two_edits_do_not_undo_each_other(office: Office) -> None:
    """An edit of one field keeps what another edit wrote a moment before."""
    office.at("draft")
    office.done("edit", ID, "--set", "notes=甲")
    office.done("edit", ID, "--set", "title=乙")
    assert "notes: 甲" in office.text(ID)
    assert "title: 乙" in office.text(ID)


def test_an_editor_that_does_not_run(office: Office) -> None:
    """A missing editor is named with the way out."""
    office.at("draft")
    office.surroundings.setenv("EDITOR", "no-such-editor")
    assert "set EDITOR, or use --from" in office.refused("edit", ID)
    editor(office, "printf '\\377\\376' >> \"$1\"")
    told = office("edit", ID)
    assert told.code == 3 and "UTF-8" in told.err and f"kept in private/edited/{ID}.yaml" in told.err


# Attachments


def test_attach(office: Office) -> None:
    """A picture is cleaned, copied, digested and named in the record; attached again it replaces the first."""
    office.at("draft")
    picture = office.root.parent / "明细 表.jpg"
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (30, 20), "red").save(picture, exif=exif)
    office.done("attach", ID, str(picture), "--title", "支出明细", "--carries", "notes")
    kept = office.root / "records/attachments" / ID / "明细 表.jpg"
    assert b"SecretCamera" not in kept.read_bytes()
    digest = __import__("hashlib").sha256(kept.read_bytes()).hexdigest()
    assert f"attachments:\n- {{file: 明细 表.jpg, title: 支出明细, carries: [notes], sha256: {digest}}}" in office.text(ID)
    Image.new("RGB", (30, 20), "blue").save(picture)
    office.done("attach", ID, str(picture))
    assert office.text(ID).count("明细 表.jpg, title") == 1
    assert digest not in office.text(ID)
    office.done("attach", ID, str(picture))  # the same bytes once more
    assert office("check").code == 0
    assert office.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.exe", b"MZ", "Allowed are"),
        ("x.doc", b"\xd0\xcf\x11\xe0", "docx"),
        ("x.pdf", b"no pdf", "→"),
        ("x.jpg", b"no picture", "→"),
        ("x.txt", b"", "empty"),
        ("x.csv", b"\xff\xfe\xff", "→"),
    ],
)
def test_what_cannot_be_attached(office: Office, name: str, data: bytes, said: str) -> None:
    """A file of a kind that is not allowed, or a broken one, is refused with what to do instead."""
    office.at("draft")
    assert said in office.refused("attach", ID, office.write(name, data))


def test_a_changed_attachment_is_found(office: Office) -> None:
    """A file that is not the attached one any more, and a missing one, are errors of `check`."""
    office.at("draft")
    office.done("attach", ID, office.write("说明.txt", "收支说明"))
    file = office.root / "records/attachments" / ID / "说明.txt"
    file.write_text("另一份说明", encoding="utf-8")
    assert "attachment-changed" in office("check").out
    file.unlink()
    assert "attachment-missing" in office("check").out
    assert office("check").code == 1


def test_a_document_is_searched_before_it_is_attached(office: Office) -> None:
    """What stands inside a Word file is read for personal data; nothing of it gets near the records."""
    office.at("draft")
    path = office.root.parent / "名单.docx"
    text = "<w:p><w:r><w:t>身份证号 11010519491231002X</w:t></w:r></w:p>"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        file.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        file.writestr("word/document.xml", f'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{text}</w:body></w:document>')
    said = office.refused("attach", ID, str(path), code=1)
    assert "11010519491231002X" not in said
    assert "personal-id" in said


def test_json_answers(office: Office) -> None:
    """`--json` of edit, attach and correct gives id, file, commit and what comes next."""
    office.at("draft")
    for call in (("edit", ID, "--set", "notes=甲"), ("attach", ID, office.write("a.txt", "说明"))):
        answer = office.done(*call, "--json").json
        assert answer == {
            "id": ID,
            "file": f"records/disclosures/2026/{ID}.yaml",
            "commit": office.git("rev-parse", "HEAD").strip(),
            "next": [f"报送（赵敏）：schoolpub submit {ID}"],
        }
    office.through(ID)
    answer = office.done("correct", ID, "--reason", "更正", "--set", "notes=乙", "--json").json
    assert answer["id"] == f"{ID}.v2"


def test_an_edit_with_a_mistake_changes_nothing(office: Office) -> None:
    """Wrong values are refused all at once, on the command line or in the file where they were written."""
    office.at("draft")
    said = office.refused("edit", ID, "--set", "balance_start=abc", "--set", "nowhere=1", code=1)
    assert len(said.splitlines()) == 3
    wrong = office.write("x.yaml", OCTOBER.replace("12.34", "十二"))
    assert office.refused("edit", ID, "--from", wrong, code=1).startswith("x.yaml:4:")


def test_an_edit_that_changes_nothing(office: Office) -> None:
    """An export that is given back as it is, or a value that stands already, makes no step and no commit."""
    office.at("draft")
    head = office.git("rev-parse", "HEAD")
    path = str(office.root.parent / "same.csv")
    office.done("export", ID, "-o", path)
    for same in (("--from", path), ("--set", "balance_end=233112.35"), ("--set", "audience=对内、对外")):
        said = office.done("edit", ID, *same)
        assert said.out.startswith("Nothing was changed: “2026年10月财务收支月报” says so already.\n")
        assert said.last == ID
    assert office.git("rev-parse", "HEAD") == head
    assert "公开范围,对内、对外" in Path(path).read_text("utf-8")
