"""Turning a judgement into a problem: its place, its level, and the explanation that the record may give of it."""

from __future__ import annotations

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.record import Record


def problem(
    record: Record,
    code: str,
    message: Text,
    where: Where,
    *,
    name: str = "",
    level: Level = Level.ERROR,
    lead: str = "",
    firm: bool = False,
) -> Problem:
    """Return what is wrong at *where*; an error that the record explains under *name* in `says` becomes a warning.

    What is *firm* cannot be explained: there is nothing to do but to wait.
    """
    explanation = "" if firm else explained(record, name)
    if explanation:
        message = say("{message} (the record explains: {explanation})", message=message, explanation=explanation)
        level = Level.WARNING
    fix = None
    if firm:
        fix = say("{rule}.", rule=lead) if lead else None
    elif not explanation and name:
        fix = (
            say("{rule}. Check the figures, or explain the difference under says: {name}.", rule=lead, name=name)
            if lead
            else say("Check the figures, or explain the difference under says: {name}.", name=name)
        )
    elif not explanation and lead:
        fix = say("{rule}. Check the figures.", rule=lead)
    path = where[1:] if where[:1] == ("fields",) else where
    return Problem(
        code=code,
        message=message,
        fix=fix,
        level=level,
        record=record.id,
        file=record.file,
        where=where,
        field=".".join(map(str, path)),
    )


def explained(record: Record, name: str) -> str:
    """Return what the record says about the rule called *name*; for a column's rule its table's name counts too."""
    for key in (name, name.partition(".")[0]):
        if key and isinstance(told := record.says.get(key), str) and told.strip():
            return told.strip()
    return ""
