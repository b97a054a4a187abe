"""`schoolpub verify`: is the whole history explained by permitted acts, and does it agree with what is outside?"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import taking
from schoolpub.cli.language import tell
from schoolpub.cli.session import open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.rules.history.facts import Finding

if TYPE_CHECKING:
    from schoolpub.cli.safekeeping.registers import Compared

app = framework.new_app()

_SHOWN = 40


@app.command()
def verify(
    code: Annotated[
        str | None, typer.Option("--code", metavar="CODE", help="only this: is the sheet with this code still good?")
    ] = None,
    codes: Annotated[
        Path | None,
        typer.Option("--codes", metavar="FILE", help="from outside: codes.json, a yearly register, or a code a line"),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="COPY", help="another copy: a clone, a backup, a bundle")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="from the first commit, whatever was proven on this machine before")
    ] = False,
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """Prove the whole history: every change explained by one permitted act of an entitled person.

    “Consistent”: nothing contradicts itself. “Confirmed”: it also agrees with what was given from outside.
    Example: schoolpub verify
    Example: schoolpub verify --code 8WWCK-58RJ7-VDRZ8-0R2KE-6
    Example: schoolpub verify --codes codes.json
    Example: schoolpub verify --codes 公开登记簿-2026.txt
    Example: schoolpub verify --against /media/usb/school.bundle
    """
    from schoolpub.cli.safekeeping import registers
    from schoolpub.store.git.exchange import Exchange
    from schoolpub.store.proof import copies, proving
    from schoolpub.store.proof.remembered import Memory

    session = open_session(root)
    if code is not None:
        from schoolpub.cli import code_check

        raise typer.Exit(code_check.answer(session, code, as_json))
    if not session.ledger.exists():
        raise SchoolpubError(
            say("{folder} is not under git's care, so there is nothing to prove.", folder=str(session.root)),
            fix=say("run `schoolpub init` for a new folder, or clone the school's repository"),
        )
    copy = copies.copy_in(against, session.root) if against else Path()
    memory = Memory(session.root)
    proof = proving.prove(session.ledger, session.moment.at, memory, whole=whole)
    findings = list(proof.findings)
    anchors: list[dict[str, Any]] = []
    if codes is not None:
        told = _read(codes)
        confirmed, found = _codes(codes, told, proof)
        findings += found
        if confirmed and not found:
            anchors.append({"kind": "codes", "file": codes.name, "count": confirmed})
        if (register := registers.by_text(Exchange(session.root), told)) is not None:
            findings += _register(register)
            if register.agrees:
                anchors.append({"kind": "register", "file": codes.name, "year": register.year, "count": register.count,
                                "commit": register.commit, "sha256": register.digest})  # fmt: skip
    if against is not None:
        compared = copies.compare(session.ledger, copy, against.name)
        lacking = {(finding.code, finding.commit) for finding in compared.findings}
        findings = [*(f for f in findings if (f.code, f.commit) not in lacking), *compared.findings]
        if not compared.findings:
            anchors.append({"kind": "copy", "file": against.name, "commit": compared.head, "count": compared.common})
    if not proof.findings:
        memory.keep(proof)
    verdict = "failed" if findings else "confirmed" if anchors else "consistent"
    checked = {"commits": proof.commits, "steps": proof.steps, "records": proof.records, "head": proof.head,
               "root": proof.root, "signatures": proof.signatures, "remembered": proof.remembered}  # fmt: skip
    if as_json:
        rows = [{"code": f.code, "record": f.record, "commit": f.commit, "file": f.file, "message": tell(f.message)}
                for f in findings]  # fmt: skip
        console.json_out({"verdict": verdict, "anchors": anchors, "checked": checked, "findings": rows})
    else:
        _tell(verdict, anchors, checked, findings)
    if findings:
        raise typer.Exit(1)


def _read(file: Path) -> str:
    """Return the text of *file*; raise SchoolpubError when it is none, such as a PDF or a workbook."""
    try:
        return taking.data_of(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SchoolpubError(
            say("{file} is no text with codes.", file=file.name),
            fix=say("give codes.json of the site, the register's .txt, or one code a line; "
                    "the code at a printed register's foot goes to `--code`"),
        ) from None  # fmt: skip


def _register(found: Compared) -> list[Finding]:
    """Return what is wrong with a yearly register from outside."""
    if found.agrees:
        return []
    if not found.commit:
        message = say("the history does not hold the commit up to which the register of {year} goes", year=found.year)
    else:
        message = say("the register of {year} differs from the history up to {commit}: {numbers}", year=found.year,
                      commit=found.commit[:12], numbers="、".join(found.differing[:8]))  # fmt: skip
    return [Finding(code="register-contradicted", commit=found.commit, message=message)]


def _codes(file: Path, told: str, proof: Any) -> tuple[int, list[Finding]]:
    """Return how many codes of *file* agree with the history, and those that do not."""
    from schoolpub.rules.chain import witness
    from schoolpub.rules.history.present import signed_off

    known = signed_off(proof.state.versions, proof.state.snapshot)
    given = _given(told)
    if not given:
        raise SchoolpubError(
            say("{file} holds no code.", file=file.name), fix=say("give codes.json of the site, or one code a line")
        )
    names = _names(proof)
    agreed, found = 0, []
    for name, code in given:
        meant = {key.split()[0] for key in witness.find(code, known)}
        whose = names.get(name, set())  # any other word before a code is the writer's own
        if meant and (not whose or meant & whose):
            agreed += 1
            continue
        if meant:
            message = say("the code {code} is of {other}", code=code, other="、".join(sorted(meant)))
        elif "-" in code and not witness.well_typed(code):
            message = say("the code {code} is not well typed", code=code)
        else:
            message = say("the code {code} contradicts today's history: nothing that stands here has it", code=code)
        found.append(Finding(code="code-contradicted", record=name, message=message))
    return agreed, found


def _names(proof: Any) -> dict[str, set[str]]:
    """Return each name that may stand before a code (an id, an edition, an official number) → the editions meant."""
    from schoolpub.rules.chain import numbering

    found: dict[str, set[str]] = {}
    for version in proof.state.versions.values():
        if (record := version.record) is not None:
            for name in (record.edition_id, record.id, *(number for number, _ in numbering.numbers(record))):
                found.setdefault(name, set()).add(record.edition_id)
    return found


def _given(text: str) -> list[tuple[str, str]]:
    """Return the codes in *text*, each with the id beside it, if any."""
    try:
        tree = json.loads(text)
    except ValueError:
        rows = [line.replace(",", " ").replace("\t", " ").split() for line in text.splitlines()]
        return [(row[0] if len(row) > 1 else "", row[-1]) for row in rows if row and not row[0].startswith("#")]
    except RecursionError:  # brackets in brackets hold no code
        return []
    found: list[tuple[str, str]] = []
    with suppress(RecursionError):
        _in_json(tree, found)
    return found


def _in_json(tree: Any, found: list[tuple[str, str]]) -> None:
    if isinstance(tree, dict):
        code = next((tree[key] for key in ("digest", "sha256", "code") if isinstance(tree.get(key), str)), None)
        if code is not None:
            name = next((tree[key] for key in ("edition_id", "id", "record") if isinstance(tree.get(key), str)), "")
            found.append((name, code))
            return
        for key, value in tree.items():
            if isinstance(value, str) and len(value) == 64:
                found.append((key, value))
            else:
                _in_json(value, found)
    elif isinstance(tree, list):
        for child in tree:
            _in_json(child, found)


def _tell(verdict: str, anchors: list[dict[str, Any]], checked: dict[str, Any], findings: list[Finding]) -> None:
    counts = {"commits": checked["commits"], "steps": checked["steps"], "records": checked["records"]}
    console.out(say("Looked at {commits} acts with {steps} steps on {records} records.", **counts))
    if checked["remembered"]:
        console.out(say("{count} of them were proven on this machine before.", count=checked["remembered"]))
    for finding in findings[:_SHOWN]:
        place = "  ".join(word for word in (finding.commit[:12], finding.record or finding.file) if word)
        console.out(f"✗ {finding.code}  {place}\n    {tell(finding.message)}")
    if len(findings) > _SHOWN:
        console.out(say("… and {count} more (`--json` shows all)", count=len(findings) - _SHOWN))
    for anchor in anchors:
        if anchor["kind"] == "codes":
            console.out(say("✓ {count} codes from {file} agree with it.", count=anchor["count"], file=anchor["file"]))
        elif anchor["kind"] == "register":
            console.out(say("✓ The register of {year} is, line by line, what the history up to {commit} gives.",
                            year=anchor["year"], commit=anchor["commit"][:12]))  # fmt: skip
            console.out(say("  Its SHA-256, to be held against the signed paper: {digest}", digest=anchor["sha256"]))
        else:
            console.out(say("✓ The copy {file} holds the same history up to {commit}.", file=anchor["file"],
                            commit=anchor["commit"][:12]))  # fmt: skip
    if verdict == "failed":
        console.out(say("Verdict: FAILED. No permitted act explains {count} things.", count=len(findings)))
    elif verdict == "confirmed":
        console.out(say("Verdict: CONFIRMED. Every change is explained, and what was given from outside agrees."))
    else:
        console.out(say("Verdict: CONSISTENT. Every change is explained; nothing from outside was compared."))
