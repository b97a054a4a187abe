"""`schoolpub sheet`: a workbook to be filled in with nothing but Excel, and given to `add --from`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, founding, framework, options
from schoolpub.cli.drafts import drafting
from schoolpub.cli.session import open_session
from schoolpub.cli.written_files import write
from schoolpub.errors import SchoolpubError, say
from schoolpub.paths import shipped

app = framework.new_app()


@app.command()
def sheet(
    item: Annotated[
        str,
        typer.Argument(metavar="[ITEM]", help="an item of the catalogue: its slug or Chinese name", show_default=False),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="the workbook to write (else ITEM.xlsx)")
    ] = None,
    like: Annotated[str, typer.Option("--like", metavar="ID", help="start from the values of this record")] = "",
    period: Annotated[str, typer.Option("--period", metavar="P", help="2026-10, 2026Q4, 2026-2027-1, 2026")] = "",
    school: Annotated[
        bool, typer.Option("--school", help="the answers for a new school instead: for `init DIR --answers FILE`")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="write over the file if it exists")] = False,
    root: options.Root = None,
) -> None:
    """Make a spreadsheet to be filled in for an item: one sheet for single fields, one for each table.

    Fill it in with Excel, WPS or LibreOffice, save it, and give it to `schoolpub add ITEM --from FILE`.
    Example: schoolpub sheet finance-monthly -o 十月月报.xlsx
    Example: schoolpub sheet finance-monthly -o 十一月月报.xlsx --like finance-monthly-2026-10
    Example: schoolpub sheet --school -o 建校.xlsx
    """
    if school:
        if item or like or period:
            raise SchoolpubError(
                say("--school stands alone: it makes the answers for a new school."),
                fix=say("run `schoolpub sheet --school -o FILE.xlsx`"),
            )
        _school(out or Path("school.xlsx"), force)
        return
    if not item:
        raise SchoolpubError(
            say("For which item?"), fix=say("name one of `schoolpub items`; or --school for a new school's answers")
        )
    from schoolpub.store.spreadsheets.writing import workbook
    from schoolpub.views.workbooks.workbook import pages

    session = open_session(root)
    catalogue, found = drafting.find_item(session, item)
    draft = drafting.Draft(found, catalogue)
    if period:
        draft.head["period"] = period
    drafting.complete(session, draft, session.record(like) if like else None)
    key = "period" if found.periodic else "date"
    file = out or Path(f"{found.name}.xlsx")
    made = pages(found, {key: draft.head.get(key)}, draft.fields, blank=True)
    write(file, workbook(made), force=force)
    console.out(say("Wrote {file}: {sheets}.", file=str(file), sheets="、".join(page.title for page in made)))
    console.out(
        say("  → fill it in, save it, then: schoolpub add {item} --from {file}", item=found.slug, file=str(file))
    )


def _school(file: Path, force: bool) -> None:
    from schoolpub.store.spreadsheets.writing import workbook
    from schoolpub.views.workbooks.school_sheet import school_pages

    made = school_pages(founding.departments(shipped("starter")))
    write(file, workbook(made), force=force)
    console.out(say("Wrote {file}: {sheets}.", file=str(file), sheets="、".join(page.title for page in made)))
    console.out(say("  → fill it in, save it, then: schoolpub init DIR --answers {file}", file=str(file)))
