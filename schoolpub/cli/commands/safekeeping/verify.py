"""`schoolpub verify`: is the whole history explained by permitted acts, and does it agree with what is outside?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import taking
from schoolpub.cli.language import tell
from schoolpub.cli.session import open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.rules.history.facts import Finding

app = framework.new_app()

_SHOWN = 40


@app.command()
def verify(
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="only this: is the sheet with this code still good?")
    ] = "",
    codes: Annotated[
        Path | None, typer.Option("--codes", metavar="FILE", help="codes from outside: codes.json, or one a line")
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
    Example: schoolpub verify --against /media/usb/school.bundle
    """
    from schoolpub.store.proof import copies, proving
    from schoolpub.store.proof.remembered import Memory

    session = open_session(root)
    if code:
        from schoolpub.cli import code_check

        raise typer.Exit(code_check.answer(session, code, as_json))
    if not session.ledger.exists():
        raise SchoolpubError(
            say("{folder} is not under git's care, so there is nothing to prove.", folder=str(session.root)),
            fix=say("run `schoolpub init` for a new folder, or clone the school's repository"),
        )
    memory = Memory(session.root)
    proof = proving.prove(session.ledger, session.moment.at, None if whole else memory)
    findings = list(proof.findings)
    anchors: list[dict[str, Any]] = []
    if codes is not None:
        confirmed, found = _codes(codes, proof)
        findings += found
        if confirmed and not found:
            anchors.append({"kind": "codes", "file": codes.name, "count": confirmed})
    if against is not None:
        compared = copies.compare(session.ledger, against)
        findings += compared.findings
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


def _codes(file: Path, proof: Any) -> tuple[int, list[Finding]]:
    """Return how many codes of *file* agree with the history, and those that do not."""
    from schoolpub.rules.chain import witness
    from schoolpub.rules.history.present import signed_off

    known = signed_off(proof.state.versions, proof.state.snapshot)
    given = _given(taking.data_of(file).decode("utf-8-sig", "replace"))
    if not given:
        raise SchoolpubError(
            say("{file} holds no code.", file=file.name), fix=say("give codes.json of the site, or one code a line")
        )
    agreed, found = 0, []
    for name, code in given:
        matching = witness.find(code, known)
        if matching and (not name or any(key.split()[0] in (name, f"{name}.v1") for key in matching)):
            agreed += 1
            continue
        message = (
            say("the code {code} is not well typed", code=code)
            if not matching and "-" in code and not witness.well_typed(code)
            else say("the code {code} contradicts today's history: nothing that stands here has it", code=code)
        )
        found.append(Finding(code="code-contradicted", record=name, message=message))
    return agreed, found


def _given(text: str) -> list[tuple[str, str]]:
    """Return the codes in *text*, each with the id beside it, if any."""
    try:
        tree = json.loads(text)
    except ValueError:
        rows = [line.replace(",", " ").replace("\t", " ").split() for line in text.splitlines()]
        return [(row[0] if len(row) > 1 else "", row[-1]) for row in rows if row and not row[0].startswith("#")]
    found: list[tuple[str, str]] = []
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
        else:
            console.out(say("✓ The copy {file} holds the same history up to {commit}.", file=anchor["file"],
                            commit=anchor["commit"][:12]))  # fmt: skip
    if verdict == "failed":
        console.out(say("Verdict: FAILED. No permitted act explains {count} things.", count=len(findings)))
    elif verdict == "confirmed":
        console.out(say("Verdict: CONFIRMED. Every change is explained, and what was given from outside agrees."))
    else:
        console.out(say("Verdict: CONSISTENT. Every change is explained; nothing from outside was compared."))
