"""What schools call things in their own spreadsheets: names made comparable, and groups of words that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from schoolpub.model.catalogue import Field
from schoolpub.rules.sheets.rows import bare, fold

_SAME = (
    "项目 名称 科目 内容 摘要 事项 收支项目 项目名称 科目名称 支出科目 经济科目 收费项目 明细 款项 用途 项目内容",
    "本月 本月数 本月金额 本期 本期数 本期金额 当月 当月金额 金额 发生额 本月发生额 本月发生数 本期发生额 月发生额 "
    "金额合计 本月合计",
    "本年累计 累计 累计数 累计金额 本年累计数 本年累计金额 年累计 累计发生额 本年累计发生额 全年累计 1至本月累计",
    "年预算 预算 预算数 年初预算 预算金额 全年预算 本年预算 年度预算",
    "执行率 预算执行率 完成率 占比 比例 占预算比例 执行比例 完成预算",
    "上月结余 上期结余 期初余额 期初结余 上月余额 上期结转 上月结转 上期余额 期初数 上月结存 上期结存 年初结余",
    "本月结余 期末结余 期末余额 本期结余 本月余额 本期余额 月末结余 月末余额 结余 余额 本月结存 期末结存 累计结余 "
    "收支结余 结存 期末累计结余 累计余额",
    "收入 收入项目 收入部分 收入合计 本月收入 收入小计 总收入 收入总计 收入总额 各项收入 "
    "收入预算 收入预算数 收入决算",
    "支出 支出项目 支出部分 支出合计 本月支出 支出小计 总支出 支出总计 支出总额 各项支出 "
    "支出预算 支出预算数 支出决算",
    "数量 数 个数 件数 数目",
    "单价 价格 单位价格",
    "价值 原值 账面原值 资产原值 账面价值 资产价值",
    "备注 说明 附注 摘要说明",
    "姓名 名字 人员 教师姓名",
    "日期 时间 发生日期",
    "规格 型号 规格型号",
    "供应商 供货商 供货单位 供应单位 中标单位 成交单位 成交供应商 中标供应商 收款单位 收款方",
    "奖项 奖项名称 荣誉 荣誉称号 荣誉名称 称号 获奖名称 奖励名称 获奖项目 表彰奖项 评选项目",
    "班级 所在班级 年级班级 班别 年级班别",
    "岗位 职务 职位 申报职务 申报岗位 申报等级 申报职称 申报级别",
    "现任岗位 现任职务 现任职位 现聘岗位 现任职称",
    "拟任岗位 拟任职务 拟任职位 拟聘岗位 拟任职称",
    "分工与职责 分工 分管工作 工作分工 分管 职责 工作职责 主要职责 岗位职责 分管范围",
    "评分 得分 分数 成绩 总分 总评分",
    "部门 负责部门 责任部门 承办部门 主管部门",
    "工作 工作内容 工作安排 主要工作 具体工作",
    "捐赠者 捐赠单位 捐赠人 捐赠方 捐赠单位或个人",
    "主要事迹 事迹 事迹简介 先进事迹 简要事迹",
)
"""Words in one line mean the same; the first is what the catalogue is most likely to call it."""

_GROUPS: Mapping[str, int] = {word: number for number, line in enumerate(_SAME) for word in reversed(line.split())}
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．,]|[(（][一二三四五六七八九十]{1,3}[)）]、?|\d{1,2}(?:\.\d{1,2})*[、.．)](?!\d)"
    r"|[(（]\d{1,2}[)）]、?|[①-⑳]|[加减][:：]|其中[:：]?)"
)
_TAILS = ("金额", "数额", "情况", "部分", "明细表", "明细", "一览表", "表", "额", "数", "栏", "类")
_TRADITIONAL = str.maketrans("項額類總計餘結餐費雜數單價對調補繳學貧", "项额类总计余结餐费杂数单价对调补缴学贫")


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return *text* as a name to compare: no blanks, no numbering before it, no colon and no unit behind it."""
    folded = fold(text).translate(_TRADITIONAL)
    before = ""
    while folded != before:
        before = folded
        folded = _NUMBERED.sub("", folded)
    return bare(folded.rstrip(":")).rstrip(":")


@lru_cache(maxsize=50_000)
def stem(name: str) -> str:
    """Return a compared name without words that say nothing: 水费金额 → 水费."""
    for tail in _TAILS:
        if name.endswith(tail) and len(name) > len(tail) + 1:
            return name[: -len(tail)]
    return name


def likeness(text: str, name: str) -> int:
    """Return how surely *text* means what is called *name*: 3 the same, 2 but for idle words, 1 by its sense, 0 not."""
    ours, theirs = plain(name), plain(text)
    if not theirs:
        return 0
    if ours == theirs:
        return 3
    if stem(ours) == stem(theirs):
        return 2
    group = _GROUPS.get(theirs, _GROUPS.get(stem(theirs)))
    return 1 if group is not None and group == _GROUPS.get(ours, _GROUPS.get(stem(ours))) else 0


def column_likeness(texts: Iterable[str], column: Field, table: Field) -> int:
    """Return how surely the heads *texts*, from the lowest up, mean *column* of *table*."""
    heads = [text for text in texts if text]
    if not heads:
        return 0
    best = likeness(heads[0], column.name)
    if len(heads) > 1:
        best = max(best, *(likeness(joined, column.name) for joined in ("".join(heads), "".join(reversed(heads)))))
    shorter = plain(heads[0])
    for name in {plain(table.name), stem(plain(table.name))}:
        rest = shorter.replace(name, "", 1)
        if rest and rest != shorter:
            best = max(best, min(likeness(rest, column.name), 2))
    return best


def level_mark(text: str) -> int:
    """Return how deep the numbering before *text* is: 一、 1, （一） 2, 1. 3, (1) 4, 其中 5; 0 without one."""
    folded = fold(text)
    if folded.startswith("其中"):
        return 5
    for depth, pattern in enumerate(
        (
            r"[一二三四五六七八九十]{1,3}[、.,]",
            r"\([一二三四五六七八九十]{1,3}\)",
            r"\d{1,2}[、.)](?!\d)",
            r"\(\d{1,2}\)",
        ),
        1,
    ):
        if re.match(pattern, folded):
            return depth
    return 4 if text.strip()[:1] in "①②③④⑤⑥⑦⑧⑨⑩" and text.strip() else 0
