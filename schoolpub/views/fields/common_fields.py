"""What any record may carry beside its item's fields (basis, series, issuers, signers …) in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record, Tree
from schoolpub.rules.values import Document, Telephone
from schoolpub.views.context import Context
from schoolpub.views.fields import field_text


def facts(record: Record, context: Context) -> list[dict[str, Any]]:
    """Return the facts that stand below the fields, in the shape of `field_blocks`."""
    body = record.body
    rows = [
        _fact("issuers", "联合发布", _texts(body.get("issuers"))),
        _fact("series", "系列", [_series(body.get("series"))]),
        _fact("basis", "文件依据", [field_text.entry(d) for d in _documents(body.get("basis"))]),
        _fact("contacts", "联系电话", [field_text.entry(t) for t in _telephones(body.get("contacts"))]),
        _fact("real_name_only", "反映方式", ["须署实名"] if body.get("real_name_only") in ("yes", "是") else []),
        _fact("signers", "签署", [_signer(s) for s in _mappings(body.get("signers"))]),
    ]
    amends = body.get("amends")
    if isinstance(amends, str) and (target := context.current(amends)):
        row = _fact("amends", "补充或更正", [context.title(target)])
        rows.append({**row, "url": context.url(target).removeprefix("records/")} if row else None)
    return [row for row in rows if row]


def explanations(record: Record, item: Item) -> list[str]:
    """Return what the school says to figures that do not meet a rule, each with the rule in words."""
    rules = {rule.name: rule.say for rule in item.rules if rule.name}
    told = []
    for name, text in record.says.items():
        if isinstance(text, str) and text.strip():
            told.append(f"{rules[name]}：{text.strip()}" if rules.get(name) else text.strip())
    return told


def _fact(key: str, label: str, lines: list[str]) -> dict[str, Any] | None:
    lines = [line for line in lines if line]
    if not lines:
        return None
    return {"key": key, "label": label, "text": "；".join(lines), "align": "left", "url": "", "lines": lines}


def _texts(tree: Tree | None) -> list[str]:
    if isinstance(tree, str):
        return [tree]
    return [text for text in tree if isinstance(text, str)] if isinstance(tree, list) else []


def _mappings(tree: Tree | None) -> list[Mapping[str, Tree]]:
    return [entry for entry in tree if isinstance(entry, dict)] if isinstance(tree, list) else []


def _series(tree: Tree | None) -> str:
    return f"{tree.get('name') or ''}{tree.get('number') or ''}" if isinstance(tree, dict) else ""


def _signer(entry: Mapping[str, Tree]) -> str:
    return f"{entry.get('duty') or ''} {entry.get('name') or ''}".strip()


def _documents(tree: Tree | None) -> list[Document]:
    named = [Document(text) for text in _texts(tree)]
    return named + [Document(*(str(e.get(k) or "") for k in ("title", "number", "issuer"))) for e in _mappings(tree)]


def _telephones(tree: Tree | None) -> list[Telephone]:
    plain = [Telephone("", text) for text in _texts(tree)]
    return plain + [Telephone(str(e.get("label") or ""), str(e.get("number") or "")) for e in _mappings(tree)]


