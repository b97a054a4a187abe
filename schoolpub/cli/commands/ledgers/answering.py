"""`schoolpub feedback assign|reply|…`: the steps of a matter, each with the words it needs."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, words
from schoolpub.cli.acts import stepping
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import WrongCommandLine, say
from schoolpub.model.record import Tree
from schoolpub.rules.chain.flow import PUBLIC_STATUSES, status
from schoolpub.rules.ledgers.around import around

app = framework.new_app()

Ids = options.RecordIds
TextSaid = Annotated[str, typer.Option("--text", metavar="TEXT", help="what is said; lines are kept")]


@app.command()
def assign(
    record_id: options.RecordId,
    department: Annotated[str, typer.Argument(metavar="DEPARTMENT", help="the department that answers")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Give a matter to the department that answers it; from here on its text stands.

    Example: schoolpub feedback assign feedback-20261103-abcd 总务处
    """
    stepping.take("assign", [record_id], root, person, as_json, {"department": department})


@app.command()
def clarify(
    record_id: options.RecordId,
    text: TextSaid = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Ask the writer for more; the clock stops until the answer is there.

    Example: schoolpub feedback clarify feedback-20261103-abcd --text 请说明是哪一天的菜
    """
    stepping.take("clarify", [record_id], root, person, as_json, {"question": text})


@app.command()
def clarified(
    record_id: options.RecordId,
    text: TextSaid = "",
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record what the writer added; the clock runs on from the next day.

    Example: schoolpub feedback clarified feedback-20261103-abcd --text 11月2日的午餐
    """
    stepping.take("clarified", [record_id], root, person, as_json, {"answer": text, "on": on})


@app.command()
def extend(
    record_id: options.RecordId,
    reason: options.Reason = "",
    days: Annotated[str, typer.Option("--days", metavar="N", help="working days more (else once the time again)")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Extend the time for the answer, once, with a reason that stays readable.

    Example: schoolpub feedback extend feedback-20261103-abcd --days 5 --reason 须向供货单位核实
    """
    stepping.take("extend", [record_id], root, person, as_json, {"reason": reason, "days": _days(days)})


@app.command()
def reply(
    record_id: options.RecordId,
    text: TextSaid = "",
    decision: Annotated[
        str, typer.Option("--decision", metavar="WORD", help="公开, 部分 or 不公开, where disclosure was asked for")
    ] = "",
    reason: options.Reason = "",
    answer: Annotated[str, typer.Option("--answer", metavar="ID", help="the disclosed record that answers it")] = "",
    result: Annotated[
        str, typer.Option("--result", metavar="WORD", help="of a report: 查实, 部分查实, 不属实 or 无法查证")
    ] = "",
    rectification: Annotated[
        str, typer.Option("--rectification", metavar="ID", help="the rectification that the reply promises")
    ] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Answer: the text is public, so it names no person.

    Example: schoolpub feedback reply feedback-20261103-abcd --text "肉价上涨，已公布采购价。"
    Example: schoolpub feedback reply disclosure-request-20261103-abcd --decision 公开 --text 已公开。 --answer 2026-31
    """
    says: dict[str, Tree] = {
        "reply": text,
        "decision": words.chinese(decision, words.DECISIONS),
        "reason": reason,
        "answer": answer,
        "result": words.chinese(result, words.RESULTS),
    }
    if answer:
        says["answer"] = open_session(root).record(answer).id
    steps = ["reply"]
    if rectification:
        says["rectification"] = open_session(root).record(rectification).id
        steps.append("rectify")
    stepping.take_all(steps, [record_id], root, person, as_json, says)


@app.command()
def transfer(
    record_id: options.RecordId,
    to: Annotated[str, typer.Option("--to", metavar="ORGANISATION", help="who deals with it")] = "",
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Hand a matter over to whoever is responsible outside the school.

    Example: schoolpub feedback transfer feedback-20261103-abcd --to 示例区教育局 --reason 属区教育局职责
    """
    stepping.take("transfer", [record_id], root, person, as_json, {"organisation": to, "reason": reason})


@app.command()
def merge(
    record_id: options.RecordId,
    into: Annotated[str, typer.Argument(metavar="INTO", help="the matter that is dealt with for both")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Deal with a matter together with another one about the same.

    Example: schoolpub feedback merge feedback-20261104-efgh feedback-20261103-abcd
    """
    target = open_session(root).record(into).id if into else ""
    stepping.take("merge", [record_id], root, person, as_json, {"into": target})


@app.command()
def decline(
    record_id: options.RecordId,
    ground: Annotated[str, typer.Option("--ground", metavar="TEXT", help="by which rule; stays readable")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Do not accept a matter, with the ground.

    Example: schoolpub feedback decline feedback-20261103-abcd --ground 属商业广告，不属于校务
    """
    stepping.take("decline", [record_id], root, person, as_json, {"ground": ground})


@app.command()
def rectify(
    record_id: options.RecordId,
    rectification: Annotated[str, typer.Argument(metavar="RECTIFICATION", help="the rectification's record")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Have a matter put right: it cannot be closed before that rectification is.

    `schoolpub rectify add --from ID` opens the rectification and takes this step as well.
    Example: schoolpub feedback rectify feedback-20261103-abcd rectification-20261105-ijkl
    """
    session = open_session(root)
    target = session.record(rectification).id if rectification else ""
    own = session.record(record_id)
    last = next((s.said("rectification") for s in reversed(own.steps) if s.step == "rectify"), "")
    if target and target == last and status(session.snapshot, own) == "rectifying":
        console.note(say("{id} is being put right by {rectification} already.", id=own.id, rectification=target))
        stepping.report(session, [own], session.ledger.head(), as_json)
        return
    stepping.take("rectify", [record_id], root, person, as_json, {"rectification": target})


@app.command()
def recheck(ids: Ids, root: options.Root = None, person: options.As = "", as_json: options.Json = False) -> None:
    """Record that what was promised has been put right and accepted.

    Example: schoolpub feedback recheck feedback-20261103-abcd
    """
    stepping.take("recheck", ids, root, person, as_json)


@app.command()
def republish(
    record_id: options.RecordId,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="the posted record that tells the result")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Name the disclosure that tells the result; without one, the only one there is.

    Example: schoolpub feedback republish feedback-20261103-abcd
    Example: schoolpub feedback republish feedback-20261103-abcd rectification-result-20261120-mnop
    """
    session = open_session(root)
    told = session.record(result).id if result else _only_result(session, record_id)
    stepping.take("republish", [record_id], root, person, as_json, {"record": told})


@app.command()
def rate(
    record_id: options.RecordId,
    rating: Annotated[str, typer.Argument(metavar="RATING", help="满意, 基本满意 or 不满意, or in English")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record how the writer rates the answer; a dissatisfied one starts a second round.

    Example: schoolpub feedback rate feedback-20261103-abcd 满意
    """
    said = words.chinese(rating, words.RATINGS)
    stepping.take("rate", [record_id], root, person, as_json, {"rating": said})


@app.command()
def review(
    record_id: options.RecordId,
    opinion: Annotated[str, typer.Option("--opinion", metavar="TEXT", help="what the group found")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record the supervision group's opinion on an answer that did not satisfy.

    Example: schoolpub feedback review feedback-20261103-abcd --opinion 答复属实，同意办结 --as wang-lan
    """
    stepping.take("review", [record_id], root, person, as_json, {"opinion": opinion})


@app.command()
def close(ids: Ids, root: options.Root = None, person: options.As = "", as_json: options.Json = False) -> None:
    """Close a matter: answered, what was promised is put right, no dissatisfied rating is open.

    Example: schoolpub feedback close feedback-20261103-abcd
    """
    stepping.take("close", ids, root, person, as_json)


@app.command()
def erase(
    ids: Ids,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Remove name and contact from this machine for good; everything else still verifies.

    Example: schoolpub feedback erase feedback-20261103-abcd --reason 反映人要求删除
    """
    stepping.take("erase", ids, root, person, as_json, {"reason": reason})


def _only_result(session: Session, record_id: str) -> str:
    """Return the one public result of what was promised; nothing where there is none, or several."""
    found = around(session.snapshot, session.record(record_id).id).results
    public = [one.id for one in found if status(session.snapshot, one) in PUBLIC_STATUSES]
    return public[0] if len(public) == 1 else ""


def _days(text: str) -> str:
    if not text:
        return ""
    if not text.isdigit() or not 0 < int(text) < 100:
        raise WrongCommandLine(say("“{text}” is no number of days.", text=text), fix=say("write for example --days 5"))
    return f"{int(text)}wd"
