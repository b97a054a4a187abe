"""Signatures: made by a key of the person who acted, on a day on which it counted, over this file and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schoolpub.errors import Text, say
from schoolpub.model.people import Key
from schoolpub.model.record import Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.history.facts import Deed, Finding, Signed, Version


def judge_signatures(
    before: Version, after: Version, deed: Deed, snapshot: Snapshot, seen: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with the signatures that *after* has more than *before*, and which are missing."""
    record = after.record
    assert record is not None
    first, signed = len(before.steps), after.signatures[len(before.signatures) :]

    def found(code: str, message: Text) -> Finding:
        return Finding(code=code, message=message, record=record.id, commit=deed.commit, file=after.file)

    below: set[int] = set()
    for signature in signed:
        if not first <= signature.step < len(record.steps) or signature.step in below:
            yield found("misplaced-signature", say("a signature does not stand right below the step it is for"))
            continue
        below.add(signature.step)
        wrong = _judge(signature, record.steps[signature.step], snapshot)
        if wrong and wrong[0] == "bad-signature" and signature.text in seen:
            wrong = "replayed-signature", say("the signature was made for {other}", other=seen[signature.text])
        if wrong:
            yield found(*wrong)
    for index in range(first, len(record.steps)):
        step = record.steps[index]
        vouched = any(s.step >= index and s.person == step.by for s in signed)
        if not vouched and required(step, snapshot) and not on_paper(step, snapshot):
            message = say("the step “{step}” by {person} needs a signature and has none", step=step.step,
                          person=snapshot.people.name(step.by))  # fmt: skip
            yield found("unsigned-step", message)


def required(step: Step, snapshot: Snapshot) -> bool:
    """Return whether the school's policy asks for a signature below *step*."""
    policy = snapshot.school.signatures
    return policy is not None and step.at.date() >= policy.since and (not policy.steps or step.step in policy.steps)


def on_paper(step: Step, snapshot: Snapshot) -> bool:
    """Return whether a signed paper vouches for *step*, by the school's policy."""
    policy = snapshot.school.signatures
    return policy is not None and step.step in policy.paper and bool(step.says.get("paper"))


def same_key(one: str, other: str) -> bool:
    """Return whether two public keys are the same, whatever comment follows them."""
    return one.split()[:2] == other.split()[:2]


def _judge(signature: Signed, step: Step, snapshot: Snapshot) -> tuple[str, Text] | None:
    people = snapshot.people
    person = people.name(signature.person)
    known = [key for key in people.keys if signature.key and same_key(key.key, signature.key)]
    if not signature.good:
        return "bad-signature", say("the signature of {person} is not over this text", person=person)
    if signature.person != step.by and signature.person != step.via:
        return "signer-mismatch", say("{person} signed a step of {by}", person=person, by=people.name(step.by))
    if not people.keys:
        return "missing-signers", say("it is signed, and the register holds no key that could prove it")
    if not known:
        return "unknown-key", say("the key that signed for {person} is in nobody's name", person=person)
    own = [key for key in known if key.person == signature.person]
    if not own:
        return "signer-mismatch", say("it is signed for {person} with the key of {other}", person=person,
                                      other=people.name(known[0].person))  # fmt: skip
    if not any(_counts(key, step) for key in own):
        return "expired-key", say("the key of {person} did not count on {day}", person=person,
                                  day=step.at.date().isoformat())  # fmt: skip
    return None


def _counts(key: Key, step: Step) -> bool:
    day = step.at.date()
    return key.since <= day and (key.until is None or day <= key.until)
