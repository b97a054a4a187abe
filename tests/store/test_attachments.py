"""Attachments: what is taken out of each kind, what is refused, and that cleaning twice gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from schoolpub.errors import SchoolpubError
from schoolpub.store.attachments import MAX_BYTES, clean, office_text, reading, text_of

SECRET = b"SECRET-CAMERA"


def refusal(data: bytes, name: str) -> SchoolpubError:
    with pytest.raises(SchoolpubError) as caught:
        clean(data, name)
    return caught.value


def twice(data: bytes, name: str) -> bytes:
    """Return the cleaned bytes; cleaning them again changes nothing."""
    first = clean(data, name)
    assert clean(first.data, first.name).data == first.data
    assert clean(data, name).data == first.data
    return first.data


# Names


@pytest.mark.parametrize("name", ["支出明细.csv", "a b (1).csv", "第1季度.v2.csv", "明细.CSV"])
def test_plain_names_stay(name):
    """Blanks, brackets and Chinese are part of a name."""
    assert clean(b"a,b\n", name).name == name


def test_names_are_composed():
    """A name written on a Mac with parts of letters becomes the one that everybody else writes."""
    assert clean(b"a", "cafe\u0301.txt").name == "caf\u00e9.txt"


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("../x.csv", "_x.csv"),
        ("a/b.csv", "a_b.csv"),
        ("a\\b.csv", "a_b.csv"),
        (".hidden.csv", "hidden.csv"),
        ("CON.csv", "_CON.csv"),
        ("nul.csv", "_nul.csv"),
        ("com1.csv", "_com1.csv"),
        ("x.csv.", "x.csv"),
        ("x.csv ", "x.csv"),
        ("a\u202egpj.csv", "a_gpj.csv"),
        ("长" * 130 + ".csv", "长" * 40 + ".csv"),
        ("", "附件.pdf"),
    ],
)
def test_names_that_some_system_cannot_keep_are_refused(name, better):
    """The refusal proposes a name that can stand, and that name is taken."""
    assert better in str(refusal(b"a", name).fix)
    if name:
        assert clean(b"a", better).name == better


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("x.doc", "docx"),
        ("x.xls", "xlsx"),
        ("x.heic", "jpg"),
        ("x.ofd", "pdf"),
        ("x.zip", "csv"),
        ("x", "csv"),
        ("x.exe", "docx"),
    ],
)
def test_other_kinds_are_refused_with_a_way_out(name, way_out):
    """The refusal names the kind to save it as, or the list of what may be attached."""
    assert way_out in str(refusal(b"x", name).fix)


def test_too_large_and_empty_files_are_refused():
    """20 MB is the limit; nothing at all is the wrong file."""
    assert "21 MB" in str(refusal(b"x" * (MAX_BYTES + 1), "x.txt"))
    assert "empty" in str(refusal(b"", "x.txt"))


# Photos


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), orientation: int = 1, **more: object) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "照片.jpg"), ("PNG", "照片.png"), ("WEBP", "照片.webp")])
def test_photos_lose_their_notes_and_keep_their_pixels(kind, name):
    """Camera and place are gone; what needs no turning is not encoded anew."""
    data = photo(kind)
    assert SECRET in data

    cleaned = twice(data, name)

    assert SECRET not in cleaned
    with Image.open(BytesIO(cleaned)) as after, Image.open(BytesIO(data)) as before:
        assert not after.getexif() and "exif" not in after.info and "xmp" not in after.info
        assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "照片.jpg"), ("PNG", "照片.png"), ("WEBP", "照片.webp")])
def test_photos_are_turned_upright(kind, name):
    """What the camera only noted as turned is turned."""
    cleaned = twice(photo(kind, orientation=6), name)

    with Image.open(BytesIO(cleaned)) as after:
        assert after.size == (40, 60)
        red, _, blue = after.convert("RGB").getpixel((35, 5))
        assert blue > red, "the blue corner stands on the right now"


def test_large_photos_are_made_smaller():
    """At most 2,000 pixels on the longer side."""
    note = clean(photo(size=(4000, 1000)), "x.jpg")

    with Image.open(BytesIO(note.data)) as after:
        assert after.size == (2000, 500)
    assert [str(n) for n in note.notes] == [
        "the photo was made smaller, to 2000 pixels",
    ]
    twice(photo(size=(2400, 30)), "x.jpg")


def test_what_hangs_behind_a_photo_is_cut_off():
    """Films and other files that telephones hang behind a picture are gone, as are small pictures in its head."""
    data = photo()
    thumbnail = b"\xff\xe0\x00\x18JFXX\0\x13" + b"SECRET-THUMBNAIL" + b"\xff\xfe\x00\x10SECRET-COMMENT"
    cleaned = twice(data[:2] + thumbnail + data[2:] + b"SECRET-FILM", "x.jpg")
    assert b"SECRET" not in cleaned

    png = photo("PNG")
    assert b"SECRET" not in twice(png + b"SECRET-TAIL", "x.png")


def test_transparency_and_palettes_survive():
    """A drawing with a transparent ground looks as before."""
    image = Image.new("P", (8, 8), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    out = BytesIO()
    image.save(out, "PNG", transparency=1)

    with Image.open(BytesIO(twice(out.getvalue(), "x.png"))) as after:
        assert after.convert("RGBA").getpixel((0, 0)) == (0, 255, 0, 0)


@pytest.mark.parametrize("data", [b"no picture", photo()[:200], b"\x89PNG\r\n\x1a\n"])
def test_damaged_photos_are_refused(data):
    """What cannot be decoded is not attached."""
    assert "damaged" in str(refusal(data, "x.jpg"))


def test_a_photo_under_another_kinds_name_is_refused():
    """The ending must tell the truth."""
    assert "PNG" in str(refusal(photo("PNG"), "x.jpg"))


# PDF


def pdf() -> bytes:
    import typst

    writer = PdfWriter(
        clone_from=PdfReader(BytesIO(typst.compile(b'#set document(author: "SECRET")\nHello #pagebreak() there')))
    )
    writer.add_metadata({"/Author": "SECRET", "/Title": "SECRET"})
    writer.add_attachment("SECRET.xml", b"SECRET")
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("SECRET()")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(script)
    writer.add_annotation(0, Text(rect=(1, 1, 9, 9), text="SECRET", open=True))
    writer.add_annotation(0, FreeText(text="printed", rect=(9, 9, 99, 99)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_keeps_its_pages_and_nothing_else():
    """Author, metadata, attached files, scripts and reviewers' notes are gone; the text is the same."""
    data = pdf()
    cleaned = clean(data, "x.pdf")
    twice(data, "x.pdf")

    reader = PdfReader(BytesIO(cleaned.data))
    assert b"SECRET" not in expanded(cleaned.data)
    assert reader.metadata is None and not reader.attachments and "/Metadata" not in reader.root_object
    assert [page.extract_text() for page in reader.pages] == ["Hello", "there"]
    assert [a.get_object()["/Subtype"] for a in reader.pages[0]["/Annots"]] == ["/FreeText"]
    assert [str(n) for n in cleaned.notes] == ["files hidden in the PDF were removed"]
    assert text_of(cleaned.data, "x.pdf") == "Hello\nthere\nprinted"  # the note that is printed, too


def test_older_states_of_a_pdf_are_gone():
    """What was deleted from a PDF and still lies in it, as programs leave it, does not come along."""
    writer = PdfWriter(BytesIO(pdf()), incremental=True)
    writer.pages[0].scale_by(0.5)
    out = BytesIO()
    writer.write(out)
    data = out.getvalue()
    assert data.count(b"startxref") >= 2

    assert twice(data, "x.pdf").count(b"startxref") == 1


def test_a_camera_photo_inside_a_pdf_loses_its_notes():
    """A photo that lies in the PDF as it was taken is stripped as well."""
    out = BytesIO()
    with Image.open(BytesIO(photo())) as image:
        image.save(out, "PDF", exif=image.info["exif"])
    writer = PdfWriter(clone_from=PdfReader(BytesIO(out.getvalue())))
    for entry in writer._objects:
        if getattr(entry, "get", {}.get)("/Subtype") == "/Image":
            entry._data = photo()
    held = BytesIO()
    writer.write(held)
    assert SECRET in held.getvalue()

    assert SECRET not in twice(held.getvalue(), "x.pdf")


def test_what_a_pdf_says_beside_its_pages_is_read():
    """A field's value above its box, its choices, bookmarks, words for pictures, layers, a stamp: all is looked at."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))

    def put(**parts: object) -> object:
        return writer._add_object(DictionaryObject({NameObject(f"/{key}"): value for key, value in parts.items()}))

    say, name = TextStringObject, NameObject
    look = StreamObject()
    look._data = b"BT /F 9 Tf (stamped) Tj ET"
    font = DictionaryObject({name(f"/{k}"): name(f"/{v}") for k, v in
                             {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}.items()})  # fmt: skip
    look.update({name("/Subtype"): name("/Form"), name("/BBox"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
                 name("/Resources"): DictionaryObject({name("/Font"): DictionaryObject({name("/F"): font})})})  # fmt: skip
    drawn = DictionaryObject({name("/N"): writer._add_object(look)})
    stamp = put(Type=name("/Annot"), Subtype=name("/Stamp"), AP=drawn)
    field = put(FT=name("/Ch"), V=say("value"), Opt=ArrayObject([say("choice")]))
    box = put(Type=name("/Annot"), Subtype=name("/Widget"), Parent=field)
    writer.pages[0][name("/Annots")] = ArrayObject([stamp, box])
    secret = StreamObject()
    secret._data = b"SECRET"
    form = put(Fields=ArrayObject([field]), XFA=writer._add_object(secret))
    writer.root_object.update({
        name("/AcroForm"): form, name("/StructTreeRoot"): put(K=ArrayObject([put(S=name("/Figure"), Alt=say("pictured"))])),
        name("/OCProperties"): put(OCGs=ArrayObject([put(Type=name("/OCG"), Name=say("layer"))])),
    })  # fmt: skip
    writer.add_outline_item(title="bookmark", page_number=0)
    out = BytesIO()
    writer.write(out)

    cleaned = twice(out.getvalue(), "x.pdf")

    assert b"SECRET" not in expanded(cleaned)
    assert {"value", "choice", "bookmark", "pictured", "layer", "stamped"} <= set(
        text_of(cleaned, "x.pdf").splitlines()
    )


def test_pdfs_of_pictures_are_not_checked_and_locked_ones_refused():
    """Without text there is nothing to look through; with a password nobody can read it."""
    out = BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PDF")
    assert text_of(out.getvalue(), "x.pdf") is None

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt("geheim")
    locked = BytesIO()
    writer.write(locked)
    assert "password" in str(refusal(locked.getvalue(), "x.pdf"))
    writer.encrypt("", owner_password="geheim")  # forbids copying: everybody can read it
    guarded = BytesIO()
    writer.write(guarded)
    assert not PdfReader(BytesIO(clean(guarded.getvalue(), "x.pdf").data)).is_encrypted
    assert "damaged" in str(refusal(b"%PDF-1.7 nothing", "x.pdf"))
    assert text_of(b"%PDF-1.7 nothing", "x.pdf") is None


def expanded(data: bytes) -> bytes:
    """Return a PDF's objects with their streams unpacked."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    parts = [data]
    for entry in writer._objects:
        parts.append(repr(entry).encode())
        if hasattr(entry, "get_data"):
            parts.append(entry.get_data())
    return b"".join(parts)


# Office documents

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
W = 'xmlns:w="urn:w" xmlns:mc="urn:mc" mc:Ignorable="w14" xmlns:w14="urn:w14"'


def package(parts: dict[str, str | bytes], overrides: tuple[str, ...] = ()) -> bytes:
    out = BytesIO()
    types = TYPES.format("".join(f'<Override PartName="/{name}" ContentType="x"/>' for name in (*parts, *overrides)))
    with zipfile.ZipFile(out, "w") as held:
        for name, part in {"[Content_Types].xml": types, **parts}.items():
            held.writestr(name, part)
    return out.getvalue()


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: held.read(name).decode("utf-8", "replace") for name in held.namelist()}


def relation(target: str, number: int = 1, mode: str = "") -> str:
    return f'<Relationship Id="rId{number}" Type="t" Target="{target}"{mode}/>'


DOCX = {
    "_rels/.rels": RELATIONS.format(relation("word/document.xml") + relation("docProps/core.xml", 2)),
    "docProps/core.xml": "<core>SECRET</core>",
    "docProps/app.xml": "<app>SECRET</app>",
    "word/document.xml": (
        f'<w:document {W}><w:body><w:p><w:r><w:t xml:space="preserve">甲 &amp; 乙 </w:t></w:r>'
        '<w:ins w:author="SECRET"><w:r><w:t>新的</w:t></w:r></w:ins>'
        '<w:del w:author="SECRET"><w:r><w:delText>SECRET旧的</w:delText></w:r></w:del>'
        '<w:commentRangeStart w:id="1"/><w:r><w:rPr><w:rPrChange w:author="SECRET"><w:b/></w:rPrChange></w:rPr>'
        '<w:t>119999</w:t></w:r><w:r><w:t>2012</w:t></w:r><w:commentRangeEnd w:id="1"/>'
        '<w:r><w:commentReference w:id="1"/></w:r></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>班级</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl></w:body></w:document>"
    ),
    "word/_rels/document.xml.rels": RELATIONS.format(
        relation("comments.xml")
        + relation("header1.xml", 2)
        + relation("https://school.invalid/comments.xml", 3, ' TargetMode="External"')
    ),
    "word/comments.xml": "<c>SECRET</c>",
    "word/people.xml": "<c>SECRET</c>",
    "word/header1.xml": f"<w:hdr {W}><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>",
    "word/media/image1.jpeg": photo(),
}


def test_a_word_file_is_accepted_and_stripped():
    """Insertions stay, deletions go, comments and authors go with the parts and links that held them."""
    cleaned = clean(package(DOCX), "x.docx")
    twice(package(DOCX), "x.docx")
    held = parts(cleaned.data)

    assert sorted(held) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/header1.xml",
        "word/media/image1.jpeg",
    ]
    assert not any("SECRET" in part for part in held.values())
    assert held["word/document.xml"] == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document {W}><w:body><w:p><w:r><w:t xml:space="preserve">甲 &amp; 乙 </w:t></w:r>'
        "<w:r><w:t>新的</w:t></w:r><w:r><w:rPr/><w:t>119999</w:t></w:r><w:r><w:t>2012</w:t></w:r><w:r/></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>班级</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl></w:body></w:document>"
    )
    assert 'Target="comments.xml"' not in held["word/_rels/document.xml.rels"]
    assert "https://school.invalid/comments.xml" in held["word/_rels/document.xml.rels"]
    assert "docProps" not in held["_rels/.rels"] + held["[Content_Types].xml"]
    assert [str(n) for n in cleaned.notes] == ["tracked changes were taken as done", "comments were removed"]


def test_the_text_of_a_word_file_is_whole():
    """A number divided among runs is one number, a row one line, and the head of the page is read too."""
    text = text_of(clean(package(DOCX), "x.docx").data, "x.docx")

    assert "甲 & 乙 新的1199992012\n" in text
    assert "姓名\t班级\t\n" in text and "页眉" in text


XLSX = {
    "_rels/.rels": RELATIONS.format(relation("xl/workbook.xml")),
    "xl/workbook.xml": (
        '<workbook xmlns:x15ac="urn:ac"><fileSharing userName="SECRET"/><x15ac:absPath url="SECRET"/>'
        '<sheets><sheet name="名单" sheetId="1"/></sheets></workbook>'
    ),
    "xl/sharedStrings.xml": "<sst><si><t>姓名</t></si><si><r><t>身份</t></r><r><t>证号</t></r></si></sst>",
    "xl/worksheets/sheet1.xml": (
        '<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>张*</t></is></c><c><f>1+1</f><v>119999</v></c></row></sheetData>'
        '<legacyDrawing r:id="rId2"/></worksheet>'
    ),
    "xl/worksheets/_rels/sheet1.xml.rels": RELATIONS.format(
        relation("../comments1.xml") + relation("../drawings/vmlDrawing1.vml", 2)
    ),
    "xl/comments1.xml": "<comments>SECRET</comments>",
    "xl/drawings/vmlDrawing1.vml": "<xml>SECRET</xml>",
}


def test_a_workbook_loses_comments_and_paths():
    """Comments go with their boxes and the links to them; the writer's folder and name go."""
    held = parts(twice(package(XLSX), "x.xlsx"))

    assert not any("SECRET" in part for part in held.values())
    assert "legacyDrawing" not in held["xl/worksheets/sheet1.xml"]
    assert sorted(held) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/worksheets/sheet1.xml",
    ]


def test_the_text_of_a_workbook_has_its_rows():
    """Shared and inline texts and the results of formulas stand in rows divided by tabs."""
    assert "姓名\t身份证号\t\n张*\t119999\t\n" in text_of(package(XLSX), "x.xlsx")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_refused(state):
    """Whoever opens the file can show a hidden sheet, so it must be decided on first."""
    book = XLSX["xl/workbook.xml"].replace('sheetId="1"', f'sheetId="1" state="{state}"')
    error = refusal(package({**XLSX, "xl/workbook.xml": book}), "x.xlsx")

    assert "名单" in str(error) and "delete them" in str(error.fix)


PPTX = {
    "_rels/.rels": RELATIONS.format(relation("ppt/presentation.xml")),
    "ppt/presentation.xml": "<p/>",
    "ppt/slides/slide1.xml": '<p:sld xmlns:p="urn:p"><a:p xmlns:a="urn:a"><a:r><a:t>示例</a:t></a:r></a:p></p:sld>',
    "ppt/slides/_rels/slide1.xml.rels": RELATIONS.format(relation("../notesSlides/notesSlide1.xml")),
    "ppt/notesSlides/notesSlide1.xml": "<p>SECRET</p>",
    "ppt/notesSlides/_rels/notesSlide1.xml.rels": RELATIONS.format(relation("../slides/slide1.xml")),
    "ppt/commentAuthors.xml": "<p>SECRET</p>",
}


def test_a_presentation_loses_its_speakers_notes():
    """Notes and authors go; the slide stays."""
    held = parts(twice(package(PPTX), "x.pptx"))

    assert not any("SECRET" in part or "notesSlide" in part for part in held.values())
    assert "示例" in text_of(package(PPTX), "x.pptx")


def test_hidden_slides_macros_and_other_packages_are_refused():
    """Each refusal says what is wrong and what to do."""
    slide = PPTX["ppt/slides/slide1.xml"].replace("<p:sld ", '<p:sld show="0" ')
    assert "hidden slides" in str(refusal(package({**PPTX, "ppt/slides/slide1.xml": slide}), "x.pptx"))
    assert "macros" in str(refusal(package({**XLSX, "xl/vbaProject.bin": "x"}), "x.xlsx"))
    assert "no docx document" in str(refusal(package(XLSX), "x.docx"))
    assert "no document" in str(refusal(b"PK nothing", "x.docx"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "old format" in str(refusal(old, "x.docx"))
    assert "password" in str(refusal(old + "EncryptedPackage".encode("utf-16-le"), "x.docx"))
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="urn:w">&a;</w:document>'
    assert "damaged" in str(refusal(package({**DOCX, "word/document.xml": doctype}), "x.docx"))


@pytest.mark.parametrize(("sheet", "taken"), [("名单", True), ("原始数据", False)])
def test_rows_behind_a_pivot_table_are_on_a_sheet(sheet: str, taken: bool) -> None:
    """A pivot table carries all rows that it counts; where they are on no sheet any more, nobody meant to give them."""
    source = f'<cacheSource type="worksheet"><worksheetSource ref="A1:B9" sheet="{sheet}"/></cacheSource>'
    part = {
        "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="urn:s">{source}</pivotCacheDefinition>'
    }
    if taken:
        assert clean(package({**XLSX, **part}), "x.xlsx").data
    else:
        assert "pivot table" in str(refusal(package({**XLSX, **part}), "x.xlsx"))


def test_a_package_that_unpacks_to_too_much_is_refused():
    """A zip bomb is known by the sizes that it declares."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name in ("[Content_Types].xml", "word/document.xml"):
            with held.open(name, "w", force_zip64=True) as part:
                for _ in range(11):
                    part.write(b"\0" * 10 * 1024 * 1024)

    assert "unpacks to far more" in str(refusal(out.getvalue(), "x.docx"))


def test_a_package_that_lies_about_its_size_is_refused():
    """What unpacks to more than it declares is not read on."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("[Content_Types].xml", TYPES.format(""))
        held.writestr("word/document.xml", b"\0" * 4_000_000)
    honest = (4_000_000).to_bytes(4, "little")
    lied = out.getvalue().replace(honest, (10).to_bytes(4, "little"))

    assert "no document" in str(refusal(lied, "x.docx"))


def test_nothing_in_a_document_is_left_unread():
    """Links, words of emptied cells, comments, tracked changes and documents inside are read before they are cleaned."""
    inner = package(
        {
            **XLSX,
            "xl/sharedStrings.xml": "<sst><si><t>姓名</t></si><si><t>身份证号</t></si><si><t>张*</t></si><si><t>旧号码</t></si></sst>",
        }
    )
    link = RELATIONS.format(relation("tel:%2B8600000000001", 1, ' TargetMode="External"'))
    held = {**DOCX, "word/_rels/document.xml.rels": link, "word/embeddings/Figures.xlsx": inner}
    held |= {"word/comments.xml": f"<c {W}><w:p><w:t>批注</w:t></w:p></c>"}

    told = reading(package(held), "x.docx")

    assert told.whole
    for said in ("批注", "SECRET旧的", "页眉", "tel:+8600000000001", "旧号码", "身份证号"):
        assert said in told.text
    deep = inner
    for _ in range(6):
        deep = package({**DOCX, "word/embeddings/In.docx": deep})
    assert not reading(deep, "x.docx").whole


def test_what_a_program_cannot_read_is_not_whole():
    """Photos, scans and documents without a word wait for a person; tables in any usual writing are read."""
    empty = {
        **DOCX,
        "word/document.xml": "<w:document xmlns:w='urn:w'/>",
        "word/header1.xml": "<w:hdr xmlns:w='urn:w'/>",
    }
    empty |= {
        name: "<x/>"
        for name in empty
        if name.startswith("docProps/") or name in ("word/comments.xml", "word/people.xml")
    }
    assert not reading(photo(), "x.jpg").whole
    assert not reading(package(empty), "x.docx").whole
    assert reading("\ufeff姓名,班级".encode("utf-16-le"), "x.csv").text.endswith("姓名,班级")
    assert reading("姓名,班级".encode("gb18030"), "x.csv").whole


def test_a_workbook_inside_a_document_is_cleaned_too():
    """The figures behind a chart are a file of their own, with hidden sheets or an author of its own."""
    inner = package(XLSX)
    held = {**DOCX, "word/embeddings/Figures.xlsx": inner}
    with zipfile.ZipFile(BytesIO(twice(package(held), "x.docx"))) as outer:
        assert outer.read("word/embeddings/Figures.xlsx") == clean(inner, "x.xlsx").data


# Texts


def test_texts_are_taken_as_they_are():
    """CSV and TXT in UTF-8 or as Excel in China saves them; other bytes are no text."""
    for data in ("姓名,班级\n".encode(), "姓名,班级\n".encode("gb18030"), "\ufeff姓名,班级\n".encode()):
        assert twice(data, "x.csv") == data
        assert text_of(data, "x.csv") == "姓名,班级\n"
    assert "cannot be read" in str(refusal(b"\0\1\2", "x.txt"))
    assert text_of(photo(), "x.jpg") is None


def test_the_same_bytes_in_another_process(tmp_path):
    """What is cleaned does not depend on when or by which process."""
    files = {"a.pdf": pdf(), "b.jpg": photo(orientation=3), "c.docx": package(DOCX)}
    code = """
import sys, json, hashlib
from pathlib import Path
from schoolpub.store.attachments import clean
print(json.dumps([hashlib.sha256(clean(Path(p).read_bytes(), Path(p).name).data).hexdigest() for p in sys.argv[1:]]))
"""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", code, *(str(tmp_path / name) for name in files)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])

    here = [hashlib.sha256(clean(data, name).data).hexdigest() for name, data in files.items()]
    assert json.loads(done.stdout) == here


@pytest.mark.parametrize(
    ("snippet", "found"),
    [
        ('<w:p><w:r><w:drawing><docPr descr="电话13800000001"/></w:drawing></w:r></w:p>', True),
        ('<w:p><w:r><w:instrText>HYPERLINK "tel:13800000001"</w:instrText></w:r></w:p>', True),
        ("<w:p><w:r><w:instrText>PAGE 13800000001</w:instrText></w:r></w:p>", False),
        ('<w:docVars><w:docVar w:name="a" w:val="13800000001"/></w:docVars>', True),
        ('<w:p><w:fldSimple w:instr="HYPERLINK tel:13800000001"/></w:p>', True),
        ('<pivotCacheRecords><r><s v="13800000001"/></r></pivotCacheRecords>', True),
    ],
)
def test_what_a_document_says_aside_is_read(snippet, found):
    """The words for a picture, and the quoted words of fields, are in the file too."""
    assert ("13800000001" in office_text._aside(f'<w:d xmlns:w="urn:w">{snippet}</w:d>'.encode())) is found


@pytest.mark.parametrize(
    ("part", "size", "whole"),
    [
        ("word/embeddings/a.zip", 10, False),
        ("word/embeddings/oleObject1.bin", 10, False),
        ("word/media/logo.png", 2_000, True),
        ("word/media/scan.png", 90_000, False),
    ],
)
def test_what_nobody_can_read_in_a_document_waits_for_a_person(part, size, whole):
    """A package or a scan inside a document is as unread as one by itself."""
    body = '<w:document xmlns:w="urn:w"><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", body)
        package.writestr(part, b"x" * size)
    assert office_text.text(out.getvalue(), "通知.docx")[1] is whole
