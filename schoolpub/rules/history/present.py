"""What stands today, seen together: numbers, attachments, keys given up, changes of policy without a second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from schoolpub.errors import say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import numbering
from schoolpub.rules.history.facts import Finding, Version, named_files
from schoolpub.rules.history.policy import unagreed
from schoolpub.rules.history.signatures import same_key


def judge_present(
    versions: Mapping[str, Version], attachments: Mapping[str, str], snapshot: Snapshot
) -> Iterator[Finding]:
    """Yield what is wrong with the records as the last commit has them."""
    yield from _numbers(versions)
    yield from _attachments(versions, attachments)
    yield from _keys(versions, snapshot)
    yield from unagreed(versions, snapshot)


def _numbers(versions: Mapping[str, Version]) -> Iterator[Finding]:
    used: dict[tuple[str, int], set[int]] = defaultdict(set)
    bearers: dict[str, Version] = {}
    for version in versions.values():
        record = version.record
        if record is None:
            continue
        for text, _ in numbering.numbers(record):
            if parsed := numbering.parse_number(text):
                used[parsed[:2]].add(parsed[2])
        number = numbering.number_of(record)
        other = bearers.setdefault(number, version) if number else version
        if other is not version:
            yield Finding(
                code="number-twice", record=record.id, file=version.file,
                message=say("it bears the number {number}, and so does {other}", number=number, other=other.id),
            )  # fmt: skip
    for (series, year), given in sorted(used.items()):
        for missing in sorted(set(range(1, max(given))) - given):
            number = f"{series}〔{year}〕{missing}号"
            message = say("the register lacks the number {number}: its record is gone", number=number)
            yield Finding(code="number-gap", message=message)


def _attachments(versions: Mapping[str, Version], attachments: Mapping[str, str]) -> Iterator[Finding]:
    for version in versions.values():
        if version.record is None:
            continue
        for name, digests in named_files(version.record).items():
            file = f"records/attachments/{version.record.id}/{name}"
            held = attachments.get(file)
            if held is None:
                code, message = "attachment-missing", say("the record names {file}, and it is not there", file=file)
            elif held not in digests:
                code, message = "attachment-swapped", say("{file} is not the file that the record names", file=file)
            else:
                continue
            yield Finding(code=code, message=message, record=version.record.id, file=file)


def _keys(versions: Mapping[str, Version], snapshot: Snapshot) -> Iterator[Finding]:
    """Yield steps signed with a key that was later declared to have ended before them: it was in wrong hands."""
    ended = [key for key in snapshot.people.keys if key.until is not None]
    for version in versions.values() if ended else ():
        for signature in version.signatures:
            if not 0 <= signature.step < len(version.steps):
                continue
            step = version.steps[signature.step]
            keys = [key for key in snapshot.people.keys if same_key(key.key, signature.key)]
            if keys and all(key.until is not None and key.until < step.at.date() for key in keys):
                message = say(
                    "the step “{step}” of {day} is signed with a key that counted until {until} only",
                    step=step.step,
                    day=step.at.date().isoformat(),
                    until=max(key.until for key in keys if key.until).isoformat(),
                )
                yield Finding(code="stolen-key", record=version.id, file=version.file, message=message)


def signed_off(versions: Mapping[str, Version], snapshot: Snapshot) -> dict[str, str]:
    """Return the witness codes of every edition that was ever signed off: id with edition → whole digest."""
    from schoolpub.rules.chain import witness

    codes: dict[str, str] = {}
    for version in versions.values():
        record = version.record
        if record is None:
            continue
        codes |= {f"{record.edition_id} {index}": code for index, code in witness.signed(record, snapshot.flow(record))}
        codes |= {f"{record.edition_id} void {code[:8]}": code for code in witness.void(record)}
    return codes
