"""What a new school's folder holds: the shipped catalogue and calendar, and the school's own answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from schoolpub.cli.language import tell
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Text, Where, errors, say
from schoolpub.model.book import Book
from schoolpub.model.record import Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.acts import leads_on
from schoolpub.rules.new_people import known_slug, new_slug
from schoolpub.rules.sheets.rows import Spot
from schoolpub.rules.sheets.school_form import POSTS, SCHOOL, read_form
from schoolpub.rules.sheets.spots import cell_name, place_of
from schoolpub.store.yaml import canonical, strict_yaml
from schoolpub.store.yaml.shape import YES, Shape

_GITATTRIBUTES = b"* -text\n"
_GITIGNORE = b"/.schoolpub/\n/private/\n/print/\n/site/\n"
_FLOW = re.compile(r"^(\s+flow: )(disclosure(?:-(?!request\b)[a-z]+)?)(-small)?$", re.MULTILINE)
_SMALL = re.compile(r"^small:.*$", re.MULTILINE)
_SINCE = re.compile(rb"\bowed-since: \d{4}-\d\d-\d\d")
_INVENTED = ("school.yaml", "people.yaml")
"""Files of the sample that name invented people; a real school writes its own."""


@dataclass(frozen=True, slots=True)
class Files:
    """A school's folder to be written: path → bytes, and who sits at this machine."""

    contents: Mapping[str, bytes]
    clerk: str


@dataclass(frozen=True, slots=True)
class Answers:
    """A school's own words: `school` and `people` as in the files of those names, and who sits at this machine."""

    school: Mapping[str, Tree]
    people: Mapping[str, Tree]
    clerk: str
    file: str = ""
    """The file they came from, with its bytes, so that a mistake is shown where it was written."""
    data: bytes = b""
    places: Mapping[Where, Spot] = field(default_factory=dict)
    """Where the answers stand, when the file is a workbook."""

    @property
    def small(self) -> bool:
        """Whether the school says that it has only a handful of people."""
        return str(self.school.get("small") or "").casefold() in YES


def sample(starter: Path, today: date) -> Files:
    """Return the sample school as it is shipped; it owes what falls due from the beginning of this month on."""
    own = {f"records/{name}": (starter / name).read_bytes() for name in _INVENTED}
    since = b"owed-since: " + today.replace(day=1).isoformat().encode()
    own["records/school.yaml"] = _SINCE.sub(since, own["records/school.yaml"])
    return Files(
        {
            **_policy(starter),
            **own,
            **{f"records/workplan/{p.name}": p.read_bytes() for p in sorted((starter / "workplan").glob("*.yaml"))},
        },
        "zhao-min",
    )


def real(starter: Path, answers: Answers, today: date) -> Files:
    """Return a real school's folder: the shipped catalogue and calendar with the school's own answers."""
    settings = answers.school.get("settings")
    own = settings if isinstance(settings, dict) else {}
    school = {"schoolpub": "1", **answers.school, "settings": {"owed-since": today.isoformat(), **own}}
    people = dict(answers.people)
    listed = people.get("appointments")
    people["appointments"] = [
        {**entry, "from": entry.get("from") or today.isoformat()}
        if isinstance(entry, dict) and "until" not in entry
        else entry
        for entry in (listed if isinstance(listed, list) else [])
    ]
    written = {
        "records/school.yaml": canonical.block_text(school).encode(),
        "records/people.yaml": canonical.block_text(people).encode(),
    }
    return Files({**_policy(starter), **written}, answers.clerk)


def with_small_flows(files: Files) -> Files:
    """Return *files* with every item on the flow for a handful of people."""
    contents = dict(files.contents)
    for name, data in files.contents.items():
        text = data.decode()
        if name.startswith("records/catalogue/") and not name.endswith("flows.yaml"):
            contents[name] = _FLOW.sub(r"\1\2-small", text).encode()
        elif name == "records/school.yaml":
            said = _SMALL.sub("small: yes", text)
            contents[name] = (said if _SMALL.search(text) else said.rstrip("\n") + "\nsmall: yes\n").encode()
    return Files(contents, files.clerk)


def read_answers(data: bytes, name: str) -> Answers:
    """Return the answers in *data*; raise ProblemsFound with everything that is wrong with their outer form."""
    tree, problems = strict_yaml.parse(data, name)
    if errors(problems):
        raise ProblemsFound(errors(problems))
    shape = Shape(name)
    top = shape.group(tree, (), ("school", "people", "clerk"), ("school", "people", "clerk"))
    school = shape.group(top["school"], ("school",)) if top.get("school") is not None else {}
    people = shape.group(top["people"], ("people",)) if top.get("people") is not None else {}
    clerk = shape.text(top, "clerk", ())
    if wrong := _clerk_unknown(clerk, people, name):
        shape.problems.append(wrong)
    answers = Answers(school, people, clerk, name, data)
    if shape.problems:
        raise ProblemsFound(in_answers(answers, shape.problems))
    return answers


def read_answers_book(book: Book) -> Answers:
    """Return the answers in a workbook; raise ProblemsFound with everything that is wrong with its outer form."""
    form = read_form(book)
    if form is None:
        raise SchoolpubError(
            say("{file} has no sheet “{name}”: these are no answers for a new school.", file=book.name, name=SCHOOL),
            fix=say("make a workbook with `schoolpub sheet --school -o FILE.xlsx` and fill it in"),
        )
    problems = [replace(problem, file=book.name) for problem in form.problems]
    answers = Answers(form.school, form.people, form.clerk, book.name, places=form.places)
    if not form.clerk:
        problems.append(
            Problem(
                code="answers-clerk",
                message=say("It is not said who works at this machine."),
                fix=say("Write the name of a person of the sheet “{name}” who has an e-mail there.", name=POSTS),
                file=book.name,
                where=("clerk",),
            )
        )
    elif wrong := _clerk_unknown(form.clerk, form.people, book.name):
        problems.append(wrong)
    if problems:
        raise ProblemsFound([p if p.cell else in_answers(answers, [p])[0] for p in problems])
    return answers


def _clerk_unknown(clerk: str, people: Mapping[str, Tree], file: str) -> Problem | None:
    persons = people.get("persons")
    if not clerk or not isinstance(persons, dict) or _has_email(persons.get(clerk)):
        return None
    return Problem(
        code="answers-clerk",
        message=say("“{clerk}” is none of the persons, or has no e-mail.", clerk=clerk),
        fix=say("Write the short name of the person who works at this machine: {names}.", names="、".join(persons)),
        file=file,
        where=("clerk",),
    )


def in_answers(answers: Answers, problems: Iterable[Problem]) -> list[Problem]:
    """Return *problems* of the files that the answers make at the places where the answers were written."""
    tops: dict[str, Where] = {"records/school.yaml": ("school",), "records/people.yaml": ("people",), answers.file: ()}
    shown = []
    for problem in problems:
        if not answers.file or problem.file not in tops:
            shown.append(problem)
            continue
        place = (*tops[problem.file], *problem.where)
        if answers.places:
            spot = place_of(answers.places, place)
            shown.append(replace(problem, file=answers.file, cell=cell_name(spot) if spot else ""))
            continue
        line, column = strict_yaml.locate(answers.data, place)
        shown.append(replace(problem, file=answers.file, line=line, column=column))
    return shown


def _has_email(person: Tree) -> bool:
    return isinstance(person, dict) and bool(person.get("emails"))


def unfilled(snapshot: Snapshot) -> list[str]:
    """Return the posts that the flows in use ask for and nobody holds."""
    if not snapshot.catalogues:
        return []
    catalogue = snapshot.catalogues[max(snapshot.catalogues)]
    used = {item.flow for item in catalogue.items.values()}
    wanted = [name for key in used for line in catalogue.flows[key].steps if leads_on(line) for name in line.by]
    held = {name for a in snapshot.people.appointments for name in (a.role, a.body)}
    return sorted({name for name in wanted if name not in held})


def ask(starter: Path, today: date) -> Answers:
    """Ask for the school, its boards and who holds which post."""
    name = _ask(say("Name of the school"), required=True)
    listed: list[Tree] = [*departments(starter)]
    school: dict[str, Tree] = {
        "name": name,
        "stage": _ask(say("Stage (小学, 初中, 九年一贯制, 高中, 中职)")),
        "sample": "no",
        "site": _ask(say("Public address of the site, ending in / (Enter when there is none)")),
        "series": _ask(say("Sender mark of the official number"), proposed="校公开"),
        "office": {
            "name": _ask(say("Office in charge"), proposed="校务公开办公室"),
            "place": _ask(say("Where it is")),
            "hours": _ask(say("Office hours"), proposed="工作日 8:00—17:00"),
            "telephone": _ask(say("Its telephone")),
        },
        "authority": {
            "name": _ask(say("Supervising authority (to whom one may complain)"), required=True),
            "telephone": _ask(say("Its telephone")),
        },
        "boards": [
            {"name": _ask(say("Name of the outer board"), proposed="校门外公开栏"), "audience": "external"},
            {"name": _ask(say("Name of the inner board"), proposed="办公楼内公开栏"), "audience": "internal"},
        ],
        "boxes": [{"name": "意见箱", "place": _ask(say("Where the opinion box hangs"))}],
        "departments": listed,
        "shared-machine": "yes"
        if _ask(say("Do several people act at one office machine? (yes/no)"), proposed="yes") == "yes"
        else "no",
        "small": "no",
        "settings": {"owed-since": _ask_day(say("From which day on is the school to disclose on time"), today)},
    }
    school = {key: value for key, value in school.items() if value}
    persons, appointments, clerk = _ask_posts(departments(starter))
    return Answers(school, {"persons": persons, "appointments": appointments}, clerk)


_POSTS = ("填报人", "公开办", "校长", "信息保护员", "工会主席")
_SITS_IN = {"工会主席": "工会"}
_BODIES = ("领导小组", "监督小组", "财务小组", "教代会")


def _ask_posts(names: list[str]) -> tuple[dict[str, Tree], list[Tree], str]:
    persons: dict[str, Tree] = {}
    appointments: list[Tree] = []
    print(tell(say("Who holds which post? Write “name e-mail”; several people with commas; Enter leaves it open.")))
    for role in _POSTS:
        for person in _ask_people(say("{role}", role=role), persons, required=role == "填报人"):
            seat: dict[str, Tree] = {"body": _SITS_IN[role]} if role in _SITS_IN else {}
            appointments.append({"person": person, "role": role, **seat})
    for body in _BODIES:
        for index, person in enumerate(_ask_people(say("{body}, its head first", body=body), persons)):
            appointments.append({"person": person, "role": "组长" if index == 0 else "成员", "body": body})
    for department in names:
        for person in _ask_people(say("Head of {department}", department=department), persons):
            appointments.append({"person": person, "role": "部门负责人", "department": department})
    return persons, appointments, next(iter(persons))


def _ask_people(question: Text, persons: dict[str, Tree], required: bool = False) -> list[str]:
    while True:
        answer = _ask(question, required=required)
        found = []
        for part in re.split("[,，、]", answer.replace("　", " ")) if answer else []:
            name, email = part.strip(), ""
            if "@" in name:
                name, _, email = name.rpartition(" ")
            slug = known_slug(persons, name, email)
            if not slug and (not email or not name):
                print(tell(say("“{name}” is new: write name and e-mail, a blank between.", name=part.strip())))
                break
            if not slug:
                slug = new_slug(persons, email)
                persons[slug] = {"name": name.strip(), "emails": [email]}
            found.append(slug)
        else:
            return list(dict.fromkeys(found))


def _ask(question: Text, proposed: str = "", required: bool = False) -> str:
    while True:
        answer = input(f"{tell(question)}{f' [{proposed}]' if proposed else ''}：").strip() or proposed
        if answer or not required:
            return answer
        print(tell(say("This is required.")))


def _ask_day(question: Text, proposed: date) -> str:
    while True:
        answer = _ask(question, proposed=proposed.isoformat())
        try:
            return date.fromisoformat(answer).isoformat()
        except ValueError:
            print(tell(say("“{text}” is no date.", text=answer)), tell(say("write it as 2026-11-03")))


def departments(starter: Path) -> list[str]:
    """Return the departments that the shipped catalogue names, in its order."""
    found: dict[str, None] = {}
    for path in sorted((starter / "catalogue").rglob("*.yaml")):
        for match in re.finditer(r"^  department: (\S+)$", path.read_text("utf-8"), re.MULTILINE):
            found[match[1]] = None
    return list(found)


def _policy(starter: Path) -> dict[str, bytes]:
    """Return the shipped catalogue and calendar, and the files that git needs."""
    contents = {".gitattributes": _GITATTRIBUTES, ".gitignore": _GITIGNORE}
    for folder in ("catalogue", "calendar"):
        for path in sorted((starter / folder).rglob("*.yaml")):
            contents[f"records/{path.relative_to(starter).as_posix()}"] = path.read_bytes()
    return contents
