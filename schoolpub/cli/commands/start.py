"""`schoolpub init`: a school's folder, with its own people and none invented."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, founding, framework, taking
from schoolpub.cli.clock import now
from schoolpub.errors import ProblemsFound, SchoolpubError, errors, say
from schoolpub.paths import shipped
from schoolpub.rules.checks import check_snapshot
from schoolpub.store import strict_yaml
from schoolpub.store.ledger import Ledger
from schoolpub.store.workspace import Workspace

app = framework.new_app()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new or empty folder")],
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="YAML with `school`, `people` and `clerk`")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="the sample school 示例学校, to try things out")] = False,
    small: Annotated[bool, typer.Option("--small", help="flows for a handful of people")] = False,
) -> None:
    """Make a school's folder: asks for the school, its boards, and who holds which post.

    Example: schoolpub init my-school
    Example: schoolpub init my-school --answers answers.yaml
    Example: schoolpub init trial --sample
    """
    if folder.exists() and any(folder.iterdir()):
        raise SchoolpubError(
            say("{folder} is not empty.", folder=str(folder)), fix=say("name a new folder: schoolpub init DIR")
        )
    starter = shipped("starter")
    if sample:
        files = founding.sample(starter)
    elif answers is not None:
        tree, problems = strict_yaml.parse(taking.data_of(answers), answers.name)
        if errors(problems):
            raise ProblemsFound(problems)
        files = founding.real(starter, founding.read_answers(tree, answers.name), now().today)
    elif console.asks():
        files = founding.real(starter, founding.ask(starter), now().today)
    else:
        raise SchoolpubError(
            say("Nobody can be asked here."), fix=say("give --answers FILE, or --sample for the sample school")
        )
    if small:
        files = founding.with_small_flows(files)
    _write(folder, files)


def _write(folder: Path, files: founding.Files) -> None:
    for name, data in files.contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    workspace = Workspace(folder)
    snapshot = workspace.read()
    found = workspace.locate(check_snapshot(snapshot, now().today))
    ledger = Ledger(folder)
    ledger.init()
    person = snapshot.people.persons.get(files.clerk)
    if person is None or not person.emails:
        raise SchoolpubError(say("`clerk` must name one of the persons, with an e-mail."))
    ledger.set_user(person.name, person.emails[0])
    ledger.act(
        dict(files.contents),
        subject=f"建立{snapshot.school.name}校务公开记录",
        body="学校、人员、日历与公开目录的初始文件。",
        trailers=[],
        author=(person.name, person.emails[0]),
        committer=(person.name, person.emails[0]),
        at=now().at,
        expect=files.contents,
    )
    console.problems(found)
    console.out(say("Made {school} in {folder}.", school=snapshot.school.name, folder=str(folder)))
    for missing in founding.unfilled(snapshot):
        console.out(say("  nobody holds the post “{role}” yet: records/people.yaml", role=missing))
    console.out(say("Next: cd {folder} && schoolpub items, schoolpub add finance-monthly", folder=str(folder)))
