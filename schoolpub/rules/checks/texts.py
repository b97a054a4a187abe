"""Texts: what was left over from a model text, and numbers of documents that cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level, Problem, Where, say
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.values.wrong import shown

# XXL is a size and Xbox a name: only X's that stand alone, or before what a blank form counts, are left over.
_LEFT_OVER = re.compile(
    r"(?<![A-Za-z0-9])[XＸ]{2,}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[xｘ]{2,}(?=[一-鿿])|×{2,}|某某|…{2,}|\.{6,}"
    r"|(?<![A-Za-z0-9])[XxＸｘ×](?=[年月日号元人次])|[(（]注[:：]|应写明|共计[。．]|_{3,}|＿{2,}"
    r"|[〔(（【\[［]\s*[〕)）】\]］]"
)
# Every place of a model text has one of these; most records have none, which is seen ten times faster.
_SUSPICIOUS = re.compile(r"[XxＸｘ×某…_＿〔(（【\[［写共]|\.{6}")
_DOCUMENT = re.compile(
    r"(?P<mark>[^\s，。、；：《》〔\[（(]{1,20})(?P<open>[〔\[（(【])(?P<year>(?:19|20)\d{2})[〕\]）)】]第?(?P<number>\d+)号"
)
_EXPLAINED = "model-text"


def no_model_text_is_left(record: Record, _: Snapshot) -> Iterator[Problem]:
    """Report places of a model text that nobody filled in, in the title, the summary and every text below it."""
    told: dict[str, Tree] = {"title": record.title, "summary": record.summary, "fields": dict(record.fields)}
    told |= {key: record.body.get(key) for key in ("basis", "reason")}
    # One look at everything finds most records clean; only the others are searched leaf by leaf.
    text = joined(told)
    if not _SUSPICIOUS.search(text) or not _LEFT_OVER.search(text):
        return
    explained = isinstance(record.says.get(_EXPLAINED), str)
    for key, tree in told.items():
        for where, leaf in leaves(tree, (key,)):
            if found := _LEFT_OVER.search(leaf):
                yield Problem(
                    code="model-text",
                    message=say(
                        "“{text}” looks like a place of a model text that was not filled in",
                        text=shown(leaf[max(found.start() - 8, 0) : found.end() + 8]),
                    ),
                    fix=say("Fill it in or delete it; if it is meant, explain it under says: {name}.", name=_EXPLAINED),
                    level=Level.WARNING if explained else Level.ERROR,
                    record=record.id,
                    file=record.file,
                    where=where,
                    field=".".join(map(str, where[1:] if where[0] == "fields" else where)),
                )


def document_numbers_are_possible(record: Record, _: Snapshot) -> Iterator[Problem]:
    """Warn of a document of a year to come, and of a year's brackets that a document number does not have."""
    told: dict[str, Tree] = {"fields": dict(record.fields), "basis": record.body.get("basis")}
    if "号" not in joined(told):
        return
    for where, text in leaves(told, ()):
        if "号" not in text:
            continue
        for found in _DOCUMENT.finditer(text):
            if int(found["year"]) > _year(record):
                yield _document(record, where, found, "future")
            elif found["open"] != "〔":
                yield _document(record, where, found, "brackets")


def documents(record: Record) -> Iterator[tuple[Where, re.Match[str]]]:
    """Yield every document number in the fields of *record*, with its place."""
    for where, text in leaves(dict(record.fields), ("fields",)):
        if "号" in text:
            for found in _DOCUMENT.finditer(text):
                yield where, found


def _year(record: Record) -> int:
    days = [step.at.year for step in record.steps]
    return max([record.year, *days])


def _document(record: Record, where: Where, found: re.Match[str], what: str) -> Problem:
    right = f"{found['mark']}〔{found['year']}〕{found['number']}号"
    if what == "future":
        message = say("the document {number} would be of a year to come", number=found[0])
        fix = say("Check the year of the document.")
    else:
        message = say("the year of the document {number} does not stand in 〔 〕", number=found[0])
        fix = say("Write {value}.", value=right)
    return Problem(
        code="document-year" if what == "future" else "document-brackets",
        message=message,
        fix=fix,
        level=Level.WARNING,
        record=record.id,
        file=record.file,
        where=where,
        field=".".join(map(str, where[1:] if where[0] == "fields" else where)),
    )


def joined(tree: Tree) -> str:
    """Return every text in *tree*, each on a line."""
    texts: list[str] = []
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif one:
            waiting += one.values() if isinstance(one, dict) else one
    return "\n".join(texts)


def leaves(tree: Tree, where: Where) -> Iterator[tuple[Where, str]]:
    """Yield every text in *tree* with its place."""
    if isinstance(tree, str):
        yield where, tree
    elif isinstance(tree, dict):
        for key, child in tree.items():
            yield from leaves(child, (*where, key))
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from leaves(child, (*where, index))
