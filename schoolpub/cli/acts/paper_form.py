"""Approvals signed on one paper form: its code ties the signatures to the words, its scan is kept as evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from schoolpub.cli.acts import guidance, personal, taking
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, StepRefused, WrongCommandLine, say
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import flow, witness
from schoolpub.store.attachments import clean


def take(
    session: Session,
    record: Record,
    paper: Path,
    code: str,
    signers: str,
    said: Mapping[str, Tree],
    numbered: Collection[str] = (),
) -> taking.Taken:
    """Take every approval that was signed on the form scanned as *paper*; *signers* is `ROLE=PERSON,…`."""
    _same_text(record, code)
    lines = _signed_lines(session, record, _signers(session, signers))
    if len(lines) > 1 and said.get("opinion"):
        raise SchoolpubError(
            say("--opinion: several people signed, and an opinion is one person's."),
            fix=say("leave it out, and add it with `schoolpub remark {id} TEXT`", id=record.id),
        )
    scan = clean(taking.data_of(paper), paper.name)
    personal.refuse_inside(session, record, scan)
    evidence = taking.evidence(record, scan)
    steps = []
    for line, signer in lines:
        says = {key: text for key, text in said.items() if key != "meeting" or "meeting" in line.needs}
        steps.append((line.step, taking.act_for(session, signer, **says, paper=evidence.step_value)))
    return taking.prepare(session, record, steps, files=evidence.files, numbered=numbered)


def _same_text(record: Record, code: str) -> None:
    if not code:
        raise SchoolpubError(
            say("--paper needs --code: the text code printed on the form ties the signatures to the words."),
            fix=say("`schoolpub print {id} --form register` prints the form with its code", id=record.id),
        )
    if not witness.same_code(code, witness.text_code(record.content)):
        raise SchoolpubError(
            say(
                "The code {code} is not the code of {id}: the form was signed for another text.",
                code=code,
                id=record.id,
            ),
            fix=say("print the form again and have it signed, or check the code"),
        )


def _signers(session: Session, text: str) -> dict[str, str]:
    """Return role → person from `ROLE=PERSON,ROLE=PERSON`."""
    signed: dict[str, str] = {}
    for part in text.replace("，", ",").split(","):
        role, mark, name = part.strip().partition("=")
        if not mark or not role.strip():
            raise SchoolpubError(
                say("--for {text}: there is no “=”.", text=text or "…"),
                fix=say("write --for 部门负责人=qian-li,校长=sun-jie"),
            )
        if role.strip() in signed:
            raise WrongCommandLine(say("--for names {role} twice.", role=role.strip()), fix=say("name each role once"))
        signed[role.strip()] = session.person(name.strip())
    return signed


def _signed_lines(session: Session, record: Record, signed: Mapping[str, str]) -> list[tuple[FlowStep, str]]:
    """Return the approvals that the signatures take one after the other, each with its signer.

    Raises StepRefused when a signature is left over: one before it is missing, or the form asks for no such role.
    """
    own_flow = session.snapshot.flow(record)
    status = flow.status(session.snapshot, record)
    unused = dict(signed)
    lines: list[tuple[FlowStep, str]] = []
    missing: FlowStep | None = None
    while own_flow is not None and unused:
        open_lines = [line for line in flow.open_lines(own_flow, status) if line.approves]
        line = next((s for s in open_lines if any(name in unused for name in s.by)), None)
        if line is None:
            missing = open_lines[0] if open_lines else None
            break
        role = next(name for name in line.by if name in unused)
        lines.append((line, unused.pop(role)))
        status = line.to
    if not unused:
        return lines
    over = "、".join(f"{role}（{session.snapshot.people.name(person)}）" for role, person in unused.items())
    if missing is None:
        raise StepRefused(
            say("{id}: no approval is left for the signature of {over}.", id=record.id, over=over),
            fix=say("next: {steps}", steps="；".join(guidance.whats_next(session, record)) or "-"),
        )
    raise StepRefused(
        say(
            "{id}: before the signature of {over} the step “{step}” must be signed by {roles}.",
            id=record.id,
            over=over,
            step=missing.name,
            roles="、".join(missing.by),
        ),
        fix=say("have it signed and name it in --for, or leave out --for what comes after it"),
    )
