"""What words give away: pupils beside marks, aid, punishment or illness, and texts that ask people for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.names import SURNAMES, called, is_name, mask_name

_DATA = r"(?:身份证(?:件)?号码?|银行卡号?|银行账号|手机号码?|家庭住址|家庭地址|出生日期)"
_GIVE = (
    r"(?:报到|报至|报给|报送|上报|发到|发至|发给|发送|交到|交至|交给|送到|告知|提供|填写|填报|登记|留下|留言|回复|私信)"
)
_ASKED = re.compile(rf"(?P<a>{_DATA})[^。;\n]{{0,10}}?{_GIVE}|{_GIVE}[^。;\n]{{0,12}}?(?P<b>{_DATA})")
_NOT = re.compile(r"不|勿|禁止|严禁|无需|避免|隐去|隐藏|删除")

_PUPIL = r"(?P<name>[一-鿿]{2,4})(?:同学|小朋友)"
_ILL = (
    r"(?:患|确诊|诊断为)[^。;\n]{0,12}?(?:病|癌|瘤|症|衰竭|贫血|抑郁|残疾"
    r"|水痘|麻疹|流感|[甲乙]流|结核|新冠|肝炎|手足口|诺如|腮腺炎|猩红热|疱疹)"
)
_MARK = (
    r"(?:(?:语文|数学|英语|物理|化学|政治|历史|地理|生物|总分|成绩|期[中末]|考试|测验|单科)[^。;\n]{0,16}?[0-9]{1,3}(?:\.[0-9])?分"
    r"|成绩[ :为]{0,2}[0-9]{2,3}(?:\.[0-9])?(?![0-9元人名项次%.])"
    r"|(?:期[中末]|考试|成绩|总分|年级|全班|班级|班上)[^。;\n]{0,12}?(?:第?[0-9一二三四五六七八九十倒]+名|名次|排名[第]?[0-9]+|不及格))"
)
_AID = (
    r"(?:建档立卡|家庭(?:经济)?(?:特别|特殊|比较|一般)?困难|贫困(?:生|户|家庭)|特困|低保|孤儿|单亲|残疾(?!人联合会)|助学金|资助(?:金|对象|[0-9])"
    r"|困难补助|受助|脱贫户|留守儿童|事实无人抚养)"
)
_PUNISHED = (
    r"(?:(?:严重)?警告处分|记过|记大过|留校察看|开除学籍|勒令退学|通报批评|处分(?!条例|办法|规定)|打架|欺凌|偷窃|作弊)"
)

_BESIDE = tuple(
    (kind, re.compile(rf"{_PUPIL}[^。;\n]{{0,40}}?{told}"), re.compile(rf"{told}[^。;\n]{{0,16}}?{_PUPIL}"))
    for kind, told in ((Kind.HEALTH, _ILL), (Kind.MARKS, _MARK), (Kind.AID, _AID), (Kind.SANCTION, _PUNISHED))
)
_HELPERS = re.compile(r"慰问|帮助|关爱|关心|志愿|捐助|倡议|宣讲|讲解")


_NAMED = r"(?<![一-鿿])(?P<name>(?:欧阳|司马|上官|诸葛|慕容|[一-鿿])[一-鿿]{1,2})"
_BARE = (
    (
        Kind.MARKS,
        re.compile(
            rf"{_NAMED}[ ,:\t(|]{{1,3}}[^。;\n]{{0,10}}?(?:语文|数学|英语|物理|化学|总分)"
            r"[ :|\t]{0,2}[0-9]{2,3}(?:\.[0-9])?(?![0-9元册本套节人名页班])"
        ),
    ),
    (
        Kind.AID,
        re.compile(
            rf"{_NAMED}(?:系|是|为|属于?)(?:孤儿|低保|建档立卡|贫困[生户]|残疾|单亲|特困|留守儿童|家庭经济困难)"
        ),
    ),
    (
        Kind.AID,
        re.compile(
            r"(?:贫困|建档立卡|低保|特困|残疾|受助|困难|资助)(?:家庭)?(?:学生|生|儿童)(?:名单|姓名)?[:(][ ]?"
            r"(?P<name>[一-鿿]{2,4})(?=[、,;。)\s]|$)"
        ),
    ),
)
"""Names by themselves; only what begins with a surname is one."""

_CLASS = r"(?:[0-9一二三四五六七八九十]\)?班|年级|学生|班的)"
_GOES_ON = (
    r"(?=[ \t,、:()|]|$|因|系|患|被|的|在|已|由|确诊|期[中末]|中考|高考|语文|数学|英语|物理|化学|总分|成绩|考试"
    r"|家庭|低保|孤儿|特困|贫困|残疾|建档|享受|留校|记过|警告|违反|打架|作弊|严重)"
)
_FORM_WORDS = "应于时常全从向任计步查容经通成终后空解管关满包项明国文广师连公支都均平单和别费有能"
"""Surnames that far more often begin a word where a name is not marked."""

_FAMILY = "(?:欧阳|司马|上官|诸葛|慕容|[" + "".join(sign for sign in SURNAMES if sign not in _FORM_WORDS) + "])"
_OF_CLASS = rf"{_CLASS}[ \t,:]{{0,2}}(?P<name>{_FAMILY}[一-鿿]{{1,2}}?){_GOES_ON}"
_WITH_CLASS = (
    rf"(?<![一-鿿])(?P<name>{_FAMILY}[一-鿿]{{1,2}})[ \t,(]{{1,2}}"
    r"[一二三四五六七八九初高小1-9][^ ,。;\n一-鿿]{0,4}(?:年级|班)"
)
_PUPILS = tuple(
    (kind, re.compile(rf"(?:{_OF_CLASS}){_rest}{told}"), re.compile(rf"{_WITH_CLASS}{_rest}{told}"))
    for _rest in (r"[^。;\n]{0,24}?",)
    for kind, told in ((Kind.HEALTH, _ILL), (Kind.MARKS, _MARK), (Kind.AID, _AID), (Kind.SANCTION, _PUNISHED))
)
_KIND_OF_PUPIL = re.compile(rf"{_AID}(?:学生|儿童|少年)[ :]{{0,2}}(?P<name>{_FAMILY}[一-鿿]{{1,2}}?){_GOES_ON}")
"""Names without 同学: behind the class or 学生, or with the class behind them."""

_NO_PUPIL = re.compile(r"笔试|面试|应聘|招聘|岗位|教师|任教")


_TOLD = re.compile(f"{_ILL}|{_MARK}|{_AID}|{_PUNISHED}")


def words(text: str) -> Iterator[Finding]:
    """Yield what stands beside pupils' names, and requests for personal numbers."""
    if "同学" in text or "小朋友" in text:
        for kind, after, before in _BESIDE:
            for form in (after, before):
                yield from _named(form, kind, text)
    for kind, form in _BARE:
        for match in form.finditer(text):
            if is_name(match["name"]) and not _NO_PUPIL.search(match[0]):
                start, end = match.span("name")
                yield Finding(kind=kind, start=start, end=end, masked=mask_name(match["name"]))
    if _TOLD.search(text) and ("班" in text or "年级" in text or "学生" in text or "儿童" in text):
        yield from _unmarked(text)
    for match in _ASKED.finditer(text):
        group = "a" if match["a"] else "b"
        if _NOT.search(text[max(0, match.start() - 8) : match.end(group)]) is None:
            start, end = match.span(group)
            yield Finding(kind=Kind.ASKED, level=Level.WARNING, start=start, end=end, masked=match[group])


def _named(form: re.Pattern[str], kind: Kind, text: str) -> Iterator[Finding]:
    for match in form.finditer(text):
        if kind is Kind.AID and _HELPERS.search(match[0]):
            continue
        if name := called(match["name"]):
            end = match.end("name")
            yield Finding(kind=kind, start=end - len(name), end=end, masked=mask_name(name))


def _unmarked(text: str) -> Iterator[Finding]:
    forms = [(kind, form) for kind, *both in _PUPILS for form in both]
    for kind, form in (*forms, (Kind.AID, _KIND_OF_PUPIL)):
        for match in form.finditer(text):
            name = match["name"]
            if not is_name(name) or _NO_PUPIL.search(match[0]):
                continue
            if kind is Kind.AID and _HELPERS.search(match[0]):
                continue
            start, end = match.span("name")
            yield Finding(kind=kind, start=start, end=end, masked=mask_name(name))
