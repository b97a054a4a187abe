"""What stands beside an item's fields: the title, and what any record may carry (contacts, signers, basis …)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schoolpub.errors import Problem, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.values import read_fields

_LONGEST = 120
"""Characters of a title: what a list, a sheet and the subject of a commit can show."""

_COMMON = {
    field.key: field
    for field in (
        Field(key="issuers", name="联合发布", type="list"),
        Field(key="basis", name="文件依据", type="documents"),
        Field(key="contacts", name="联系电话", type="telephones"),
        Field(key="real_name_only", name="实名", type="yes-no"),
        Field(
            key="signers", name="签署", type="table",
            columns={
                "duty": Field(key="duty", name="职务", type="text", optional=True),
                "name": Field(key="name", name="姓名", type="text"),
            },
        ),
    )
}  # fmt: skip


def title_fits(record: Record, _: Snapshot) -> Iterator[Problem]:
    """Report a title of several lines, or longer than any page can show it."""
    if "\n" in record.title or len(record.title) > _LONGEST:
        yield Problem(
            code="title-long",
            message=say("the title has {count} characters; it is one line of at most {most}",
                        count=len(record.title), most=_LONGEST),
            fix=say("Write a short title, and the rest under `summary`."),
            record=record.id, file=record.file, where=("title",), field="title",
        )  # fmt: skip


def common_keys_can_be_read(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report contacts, signers and the like that no page could show."""
    given = {key: value for key in _COMMON if (value := record.body.get(key)) is not None}
    if given:
        fields = {key: _COMMON[key] for key in given}
        for problem in read_fields(given, fields, snapshot.school).problems:
            yield replace(problem, record=record.id, file=record.file)
