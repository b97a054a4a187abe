"""Every record of the story by its name: the texts of the `*.yaml` files and the computed accounts."""

from __future__ import annotations

from pathlib import Path

from schoolpub.cli.story import annual, canteen, finance, weekly
from schoolpub.model.record import Tree
from schoolpub.store.yaml import strict_yaml

Entries = dict[str, dict[str, Tree]]

_TEXTS = ("school.yaml", "money.yaml", "purchases.yaml", "pupils.yaml", "staff.yaml", "daily.yaml")


def entries() -> Entries:
    """Return what each record says when it is drafted: its item, its period or date, its fields."""
    found: Entries = {}
    for name in _TEXTS:
        path = Path(__file__).with_name(name)
        tree, problems = strict_yaml.parse(path.read_bytes(), name)
        assert isinstance(tree, dict) and not problems, problems
        found |= {key: entry for key, entry in tree.items() if isinstance(entry, dict)}
    for more in (finance, canteen, annual, weekly):
        found |= dict(more.records())
    found["finance-2026-05"]["fields"] = {**_fields(found, "finance-2026-05"), **finance.may_as_first_posted()}
    found["canteen-2026-03"]["fields"] = {**_fields(found, "canteen-2026-03"), **canteen.march_as_first_sent()}
    found["aid-list"]["fields"] = {**_fields(found, "aid-list"), "pupils": _aided()}
    found["enrolment-result"] = _enrolled()
    return found


def changes() -> Entries:
    """Return what is given to `edit` and `correct`."""
    told = {name: entry for more in (finance, canteen) for name, entry in more.records()}
    return {
        "canteen-mended": {"purchases": _fields(told, "canteen-2026-03")["purchases"]},
        "may-mended": {"expense": _fields(told, "finance-2026-05")["expense"]},
    }


def _fields(found: Entries, name: str) -> dict[str, Tree]:
    fields = found[name]["fields"]
    assert isinstance(fields, dict)
    return fields


def _aided() -> list[Tree]:
    """Return the list of aided pupils, which is kept outside the history; the names are invented."""
    surnames, given = "安柏常丁方顾江柯兰梅宁欧浦齐任舒唐温夏颜章左安", "禾满雨川竹岚舟棠溪榆穗桐麦荷柳星墨澄昕朗越宁和"
    names = [f"{surname}小{name}" for surname, name in zip(surnames, given, strict=True)]
    grades = [*("一二三四五六一二三四五六三四五"), *("七八九七八九七八")]
    return [
        {"name": name, "grade": f"{grade}年级", "class": f"{grade}（1）班"}
        for name, grade in zip(names, grades, strict=True)
    ]


def _enrolled() -> dict[str, Tree]:
    """Return the list of admissions: numbers of registration and classes, no names."""
    pupils: list[Tree] = [
        {"reg_no": f"2026-{number:03}", "class": f"一（{number % 2 + 1}）班" if number <= 80 else "七（1）班"}
        for number in range(1, 121)
    ]
    return {
        "item": "enrolment-result",
        "period": "2026",
        "fields": {
            "decided": "2026-07-10",
            "applied": "127",
            "admitted": "120",
            "list": pupils,
            "notice_from": "2026-07-16",
            "notice_to": "2026-07-22",
            "objection_tel": "000-00000006",
        },
    }
