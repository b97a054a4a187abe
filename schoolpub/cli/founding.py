"""What a new school's folder holds: the shipped catalogue and calendar, and the school's own answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schoolpub.cli.language import tell
from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.model.record import Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.store import canonical

_GITATTRIBUTES = b"* -text\n"
_GITIGNORE = b"/.schoolpub/\n/private/\n/print/\n/site/\n"
_FLOW = re.compile(r"^(\s+flow: )(disclosure[a-z-]*?)(-small)?$", re.MULTILINE)
_INVENTED = ("school.yaml", "people.yaml")
"""Files of the sample that name invented people; a real school writes its own."""


@dataclass(frozen=True, slots=True)
class Files:
    """A school's folder to be written: path → bytes, and who sits at this machine."""

    contents: Mapping[str, bytes]
    clerk: str


@dataclass(frozen=True, slots=True)
class Answers:
    """A school's own words: `school` and `people` as in the files of those names."""

    school: Mapping[str, Tree]
    people: Mapping[str, Tree]
    clerk: str


def sample(starter: Path) -> Files:
    """Return the sample school as it is shipped."""
    return Files(
        {**_policy(starter), **{f"records/{name}": (starter / name).read_bytes() for name in _INVENTED}}, "zhao-min"
    )


def real(starter: Path, answers: Answers, today: date) -> Files:
    """Return a real school's folder: the shipped catalogue and calendar with the school's own answers."""
    school = {"schoolpub": "1", **answers.school}
    people = dict(answers.people)
    listed = people.get("appointments")
    people["appointments"] = [
        {**entry, "from": entry.get("from") or today.isoformat()}
        if isinstance(entry, dict) and "until" not in entry
        else entry
        for entry in (listed if isinstance(listed, list) else [])
    ]
    own = {
        "records/school.yaml": canonical.block_text(school).encode(),
        "records/people.yaml": canonical.block_text(people).encode(),
    }
    return Files({**_policy(starter), **own}, answers.clerk)


def with_small_flows(files: Files) -> Files:
    """Return *files* with every item on the flow for a handful of people."""
    contents = {}
    for name, data in files.contents.items():
        text = data.decode()
        if name.startswith("records/catalogue/") and not name.endswith("flows.yaml"):
            text = _FLOW.sub(r"\1\2-small", text)
        if name == "records/school.yaml":
            text = re.sub(r"^small: no$", "small: yes", text, flags=re.MULTILINE)
            text = text if re.search(r"^small:", text, re.MULTILINE) else text + "small: yes\n"
        contents[name] = text.encode()
    return Files(contents, files.clerk)


def read_answers(tree: Tree, name: str) -> Answers:
    """Return the answers in *tree*; raise SchoolpubError when a part is missing."""
    parts = tree if isinstance(tree, dict) else {}
    school, people, clerk = parts.get("school"), parts.get("people"), parts.get("clerk")
    if not isinstance(school, dict) or not isinstance(people, dict) or not isinstance(clerk, str):
        raise SchoolpubError(
            say("{file}: `school`, `people` and `clerk` must all be there.", file=name),
            fix=say("docs/administrator.md shows a complete example"),
        )
    return Answers(school, people, clerk)


def unfilled(snapshot: Snapshot) -> list[str]:
    """Return the posts that the flows in use ask for and nobody holds."""
    if not snapshot.catalogues:
        return []
    catalogue = snapshot.catalogues[max(snapshot.catalogues)]
    used = {item.flow for item in catalogue.items.values()}
    wanted = [
        name
        for key in used
        for line in catalogue.flows[key].steps
        if line.to not in ("same", "before")
        for name in line.by
    ]
    held = {name for a in snapshot.people.appointments for name in (a.role, a.body)}
    return sorted({name for name in wanted if name not in held})


def ask(starter: Path) -> Answers:
    """Ask for the school, its boards and who holds which post."""
    name = _ask(say("Name of the school"), required=True)
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
        "departments": _departments(starter),
        "shared-machine": "yes"
        if _ask(say("Do several people act at one office machine? (yes/no)"), proposed="yes") == "yes"
        else "no",
        "small": "no",
    }
    school = {key: value for key, value in school.items() if value}
    persons, appointments, clerk = _ask_posts(_departments(starter))
    return Answers(school, {"persons": persons, "appointments": appointments}, clerk)


_POSTS = ("填报人", "公开办", "校长", "信息保护员", "工会主席")
_BODIES = ("领导小组", "监督小组", "财务小组")


def _ask_posts(departments: list[str]) -> tuple[dict[str, Tree], list[Tree], str]:
    persons: dict[str, Tree] = {}
    appointments: list[Tree] = []
    print(tell(say("Who holds which post? Write “name e-mail”; several people with commas; Enter leaves it open.")))
    for role in _POSTS:
        for person in _ask_people(say("{role}", role=role), persons, required=role == "填报人"):
            appointments.append({"person": person, "role": role})
    for body in _BODIES:
        for index, person in enumerate(_ask_people(say("{body}, its head first", body=body), persons)):
            appointments.append({"person": person, "role": "组长" if index == 0 else "成员", "body": body})
    for department in departments:
        for person in _ask_people(say("Head of {department}", department=department), persons):
            appointments.append({"person": person, "role": "部门负责人", "department": department})
    return persons, appointments, next(iter(persons))


def _ask_people(question: Text, persons: dict[str, Tree], required: bool = False) -> list[str]:
    while True:
        answer = _ask(question, required=required)
        found = []
        for part in re.split("[,，、]", answer) if answer else []:
            name, _, email = part.strip().partition(" ")
            slug = next(
                (key for key, known in persons.items() if isinstance(known, dict) and known["name"] == name), ""
            )
            if not slug and "@" not in email:
                print(tell(say("“{name}” is new: write the e-mail behind the name.", name=name)))
                break
            if not slug:
                slug = (
                    re.sub(r"[^a-z0-9-]", "-", email.strip().split("@")[0].lower()).strip("-") or f"p{len(persons) + 1}"
                )
                persons[slug] = {"name": name, "emails": [email.strip()]}
            found.append(slug)
        else:
            return found


def _ask(question: Text, proposed: str = "", required: bool = False) -> str:
    while True:
        answer = input(f"{tell(question)}{f' [{proposed}]' if proposed else ''}：").strip() or proposed
        if answer or not required:
            return answer
        print(tell(say("This is required.")))


def _departments(starter: Path) -> list[str]:
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
