"""Texts for measuring the look-out for personal data: those that must be found, and those that must pass.

Made here, the same for the same seed: every kind of number in every disguise that people use, knowingly or not, inside
sentences of a school; and the figures, codes, dates and contacts of everyday notices.  Nothing belongs to anybody: area
codes and birthdays are drawn, check digits computed.
"""

from __future__ import annotations

import hashlib
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.rules.privacy.cards import luhn
from schoolpub.rules.privacy.identities import valid_identity

DECLARED = frozenset(
    [
        "087165000001",
        "02155500002",
        "13900000009",
        "2500000000000000003",
        "gongkai@school.example",
        "示例路12号3栋501室",
    ]
)
"""What the school of the corpus has declared as its own."""

Maker = Callable[[random.Random], str]

_WIDE = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}
_HAN = str.maketrans("0123456789", "零一二三四五六七八九")
_CIRCLE = str.maketrans("0123456789", "〇一二三四五六七八九")
_BOLD = {ord(str(digit)): 0x1D7CE + digit for digit in range(10)}
_ARABIC = {ord(str(digit)): 0x0660 + digit for digit in range(10)}
_DASHES = "-‐‑–—－−﹣"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\xad"
_SURNAMES = ("张", "李", "王", "刘", "陈", "欧阳", "赵", "周", "司马", "徐")
_GIVEN = ("示例", "样", "例文", "小样", "某某", "示")
_AREAS = ("110101", "530102", "530381", "440305", "310115", "510107", "620102", "230183", "450981", "330106")


@dataclass(frozen=True, slots=True)
class Case:
    """One text, and what it is."""

    kind: str
    text: str
    guilty: bool


# The data of nobody


def identity(chance: random.Random) -> str:
    """Return the number of no identity card, with its right check digit."""
    day = date(1950, 1, 1) + timedelta(chance.randrange(26000))
    first = f"{chance.choice(_AREAS)}{day:%Y%m%d}{chance.randrange(1, 999):03}"
    return next(first + check for check in "0123456789X" if valid_identity(first + check))


def mobile(chance: random.Random) -> str:
    """Return a mobile number of nobody we know."""
    return (
        "1" + chance.choice("3456789") + "".join(chance.choice("0123456789") for _ in range(8)) + chance.choice("1357")
    )


def card(chance: random.Random) -> str:
    """Return a card number with a bank's first figures and its right check digit."""
    first = chance.choice(("621700", "622848", "622202", "621661", "623094", "621226", "955880", "622588", "621483"))
    first += "".join(chance.choice("0123456789") for _ in range(chance.choice((9, 12))))
    return next(first + str(check) for check in range(10) if luhn(first + str(check)))


def name(chance: random.Random) -> str:
    """Return the name of nobody."""
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def day_of(chance: random.Random, first: int = 2005, last: int = 2021) -> date:
    """Return a day between the years."""
    return date(first, 1, 1) + timedelta(chance.randrange((last - first) * 365))


# Disguises of a number


def _groups(number: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, place = [], 0
    for size in sizes:
        parts.append(number[place : place + size])
        place += size
    return gap.join(part for part in (*parts, number[place:]) if part)


def _hidden_inside(number: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(number))
    return number[:place] + chance.choice(_ZERO_WIDTH) + number[place:]


def _look_alike(number: str, chance: random.Random) -> str:
    letters = {"0": chance.choice("OoОΟ"), "1": chance.choice("lI|")}
    body = "".join(letters.get(sign, sign) if chance.random() < 0.6 else sign for sign in number[1:])
    return number[0] + body.replace("X", chance.choice("XxХΧ×"))


def _disguised(number: str, layouts: tuple[tuple[int, ...], ...], chance: random.Random) -> str:
    """Return *number* as it is, or in one of the ways in which people write or hide it."""
    way = chance.randrange(15)
    if way == 0:
        return number.translate(_WIDE)
    if way == 1:
        return _groups(number, chance.choice(layouts), chance.choice((" ", "  ", "\xa0", "\u3000", "\u2009")))
    if way == 2:
        return _groups(number, chance.choice(layouts), chance.choice(_DASHES))
    if way == 3:
        return _groups(number, chance.choice(layouts), chance.choice(("·", "_", ".", " - ", "‧", "•")))
    if way == 4:
        return _hidden_inside(number, chance)
    if way == 5:
        return number.translate(_HAN if chance.random() < 0.5 else _CIRCLE)
    if way == 6:
        return number.translate(_BOLD if chance.random() < 0.5 else _ARABIC)
    if way == 7:
        return _look_alike(number, chance)
    if way == 8:
        return "".join(sign.translate(_WIDE) if chance.random() < 0.5 else sign for sign in number)
    if way == 9:
        return "".join(f"{sign}\ufe0f\u20e3" if sign.isdigit() else sign for sign in number)
    if way == 10:
        return "".join(f"&#{ord(sign)};" for sign in number)
    return number


# What must be found


def _id(chance: random.Random) -> str:
    layouts = ((6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4), (6, 4, 2, 2, 4), (4, 4, 4, 4, 2), (6, 12), (1,) * 17)
    number = _disguised(identity(chance), layouts, chance)
    return chance.choice(
        (
            f"{name(chance)}，身份证号：{number}",
            number,
            f"（{number}）",
            f"{number}.pdf",
            f"证件号码{number}，特此证明。",
            f"{name(chance)} {number} 三年级2班",
            f"name: {name(chance)}  # {number}",
            f"学籍号 G{number}",
            f"L{number}",
            f"公民身份号码\n{number}",
            f"{name(chance)}\t{number}\t男",
            f"附件/{number}_{name(chance)}.jpg",
        )
    )


def _id_folded(chance: random.Random) -> str:
    number = identity(chance)
    place = chance.choice((4, 6, 9, 10, 14))
    return f"{name(chance)}同学的身份证号为{number[:place]}\n  {number[place:]}"


def _id_wrong(chance: random.Random) -> str:
    number = identity(chance)
    wrong = number[:17] + chance.choice([c for c in "0123456789X" if c != number[17]])
    return chance.choice((f"身份证号：{wrong}", f"身份证 {wrong}（{name(chance)}）", f"身份证号码为{wrong[:-1]}"))


def _id_old(chance: random.Random) -> str:
    number = identity(chance)
    old = number[:6] + f"{day_of(chance, 1950, 1999):%y%m%d}" + number[14:17]
    return chance.choice(
        (f"身份证号{old}", f"{name(chance)}（身份证：{old}）", f"证件号码：{old}", f"旧身份证号 {old}")
    )


def _id_badly_masked(chance: random.Random) -> str:
    number = identity(chance)
    place = chance.randrange(6, 17)
    sign = chance.choice("*＊●×#")
    return chance.choice(
        (
            f"身份证号{number[:17]}{sign}",
            f"{number[:place]}{sign}{number[place + 1 :]}",
            f"{number[:16]}{sign * 2}",
            f"{name(chance)} {number[:14]}{sign * 4}",
            f"{number[:place]}{sign}{number[place + 1 :]}（{name(chance)}）",
        )
    )


_MOBILES = ((3, 4, 4), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5))


def _phone(chance: random.Random) -> str:
    number = _disguised(mobile(chance), _MOBILES, chance)
    prefix = chance.choice(("", "", "", "", "+86", "+86 ", "0086", "86-", "0", "(+86)", "+86-", "0086-"))
    number = prefix + number
    return chance.choice(
        (
            f"联系电话：{number}",
            f"{name(chance)}老师{number}",
            f"请与{name(chance)}联系（{number}）",
            f"手机{number}，微信同号",
            f"{name(chance)}，电话 {number}。",
            f"班主任：{name(chance)}，{number}",
            f"{number}",
            f"tel:{number}",
            f"# {name(chance)} {number}",
            f"三（2）班家长{name(chance)} {number}",
            f"报名请拨打{number}",
            f"家长电话\n{number}",
            f"现场照片-{number}.jpg",
        )
    )


def _phone_broken(chance: random.Random) -> str:
    number = mobile(chance)
    place = chance.choice((3, 7, 5))
    return f"手机：{number[:place]}\n  {number[place:]}"


def _phone_badly_masked(chance: random.Random) -> str:
    number = mobile(chance)
    return chance.choice(
        (
            f"{number[:10]}*",
            f"电话{number[:5]}*{number[6:]}",
            f"{number[:9]}**",
            f"手机 {number[:3]}**{number[5:]}",
            f"{name(chance)}{number[:10]}×",
        )
    )


def _landline_home(chance: random.Random) -> str:
    number = (
        f"{chance.choice(('0871', '010', '021', '0755'))}{chance.choice('-  ')}{chance.randrange(2000000, 89999999)}"
    )
    return chance.choice(
        (
            f"家庭电话：{number}",
            f"家长电话{number}",
            f"宅电 {number}",
            f"住宅电话：{number}",
            f"监护人联系电话：{number}",
        )
    )


def _card(chance: random.Random) -> str:
    number = _disguised(card(chance), ((4, 4, 4, 4), (6,), (4, 4, 4, 4)), chance)
    return chance.choice(
        (
            f"银行卡号：{number}",
            f"{name(chance)} {number}",
            f"工资卡 {number}（建设银行）",
            f"请打款到{number}，户名{name(chance)}",
            f"农业银行{number}",
            f"卡号\n{number}",
            f"{number}",
            f"{name(chance)}\t农行\t{number}",
            f"收款账号：{number}",
        )
    )


def _account(chance: random.Random) -> str:
    number = "".join(chance.choice("123456789") for _ in range(chance.choice((12, 15, 16, 17, 19, 21))))
    written = chance.choice((number, _groups(number, (4, 4, 4, 4), " "), number.translate(_WIDE)))
    return chance.choice(
        (
            f"账号：{written}",
            f"开户行：示例银行示例支行，账号{written}",
            f"户名：{name(chance)}，{written}",
            f"帐号 {written}",
            f"银行账户：{written}",
        )
    )


def _passport(chance: random.Random) -> str:
    number = chance.choice(("E", "G", "EA", "EH", "K")) + f"{chance.randrange(1000000, 99999999)}"
    return chance.choice(
        (
            f"护照号码：{number}",
            f"{name(chance)}，护照{number}",
            f"持护照（{number}）入境",
            f"通行证 H{chance.randrange(10**8, 10**9 - 1)}",
        )
    )


def _birth(chance: random.Random) -> str:
    day = day_of(chance)
    told = chance.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y-%m-%d}",
            f"{day:%Y.%m.%d}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y%m%d}",
            f"{day.year}.{day.month}.{day.day}",
            f"{day:%Y-%m-%d}".translate(_WIDE),
            f"{day.year}年{day.month:02}月{day.day:02}日",
            f"{day.year} 年 {day.month} 月 {day.day} 日",
            f"{day:%Y—%m—%d}",
        )
    )
    return chance.choice(
        (
            f"出生日期：{told}",
            f"{name(chance)}，{told}出生",
            f"{name(chance)}生于{told}",
            f"出生年月日 {told}",
            f"{name(chance)}，男，{told}生，汉族",
            f"生日：{told}",
            f"出生于{told}，现就读于我校",
            f"{name(chance)}（{told}生）",
            f"出生时间为{told}",
            f"出生年月：{told}",
            f"DOB: {told}",
        )
    )


def _address(chance: random.Random) -> str:
    building, unit, room = chance.randrange(1, 30), chance.randrange(1, 5), chance.choice((101, 302, 501, 1203))
    flat = chance.choice(
        (
            f"示例路{building}号{unit}栋{room}室",
            f"幸福小区{building}-{unit}-{room}",
            f"阳光花园{building}栋{unit}单元{room}",
            f"和平街{building}号",
            f"示例镇前进村{unit}组",
            f"示例乡上河村委会下河村{building}号",
            f"示例县示例镇前进村民小组{building}号",
            f"示例市示例区锦绣家园{building}幢{room}",
            f"新民里{building}号楼{unit}门{room}",
            f"示例省示例县大沟乡王家屯{unit}社",
            f"示例区学府路{building}号教师公寓{unit}栋{room}",
            f"示例县示例镇示例村三组{building}号",
        )
    )
    return chance.choice(
        (
            f"家庭住址：{flat}",
            f"家住{flat}",
            f"现住{flat}",
            f"户籍地址：{flat}",
            f"{name(chance)}同学住在{flat}",
            f"住址 {flat}",
            f"家庭地址为{flat}",
            f"现居住于{flat}",
            f"{name(chance)}，家庭住址在{flat}",
            f"户籍所在地：{flat}",
        )
    )


def _address_person(chance: random.Random) -> str:
    building, unit = chance.randrange(1, 30), chance.randrange(1, 5)
    flat = chance.choice(
        (
            f"示例路{building}号{unit}栋{unit}单元501室",
            f"幸福小区{building}-{unit}-301",
            f"阳光花园{building}栋{unit}单元302",
            f"示例镇前进村{unit}组",
        )
    )
    return chance.choice(
        (
            f"{name(chance)} {flat}",
            f"{chance.choice(_SURNAMES)}* {flat}",
            f"{name(chance)}，{flat}",
            f"家长{name(chance)}：{flat}",
            f"{flat}（{name(chance)}）",
        )
    )


def _email(chance: random.Random) -> str:
    who = chance.choice(("zhangshili", "li_shili", "12345678", "wang.yang", "chen-shi88"))
    host = chance.choice(
        ("qq.com", "163.com", "126.com", "gmail.com", "foxmail.com", "outlook.com", "sina.cn", "139.com")
    )
    written = chance.choice(
        (
            f"{who}@{host}",
            f"{who}＠{host}",
            f"{who}@{host.upper()}",
            f"{who}(at){host}",
            f"{who}[at]{host}",
            f"{who} @ {host}",
            f"{who}#{host}",
            f"{who}@{host.replace('.', '．')}",
            f"{who}@{host.replace('.', '。')}",
            f"{who}\u200b@{host}",
        )
    )
    return chance.choice((f"邮箱：{written}", f"{name(chance)} {written}", f"请发至{written}", written, f"# {written}"))


def _pupil(chance: random.Random) -> str:
    who = name(chance).replace("某某", "样") + "同学"
    return chance.choice(
        (
            f"{who}期末考试数学{chance.randrange(40, 100)}分",
            f"{who}期中考试成绩位列年级第{chance.randrange(1, 90)}名",
            f"{who}身患白血病，现募捐",
            f"{who}系建档立卡家庭",
            f"给予{who}记过处分",
            f"{who}因打架受到严重警告处分",
            f"{who}家庭经济困难，获资助1250元",
            f"{who}语文95分、数学98分",
            f"资助孤儿{who}1000元",
            f"{who}确诊抑郁症",
        )
    )


GUILTY: dict[str, Maker] = {
    "identity card": _id,
    "identity card, folded": _id_folded,
    "identity card, mistyped": _id_wrong,
    "identity card, old": _id_old,
    "identity card, badly masked": _id_badly_masked,
    "mobile": _phone,
    "mobile, broken": _phone_broken,
    "mobile, badly masked": _phone_badly_masked,
    "telephone at home": _landline_home,
    "bank card": _card,
    "account": _account,
    "passport": _passport,
    "birth": _birth,
    "home": _address,
    "home beside a name": _address_person,
    "e-mail": _email,
    "pupil": _pupil,
}


# What must pass


def _money(chance: random.Random) -> str:
    amount = chance.randrange(1, 10**11) / 100
    return chance.choice(
        (
            f"本月支出{amount:,.2f}元",
            f"{amount:.2f}",
            f"合计：{amount:.2f}元，其中教师培训{amount / 3:.2f}元",
            f"￥{amount:,.2f}",
            f"{amount:.2f}\t{amount * 2:.2f}\t{amount / 2:.2f}",
            f"预算{chance.randrange(10**10, 2 * 10**10)}元",
            f"结余 {amount / 10000:.6f} 万元",
            f"一年级 {chance.randrange(130, 199)} {chance.randrange(10, 99)}00 {chance.randrange(10, 99)}00 7",
            f"应收{chance.randrange(10**4, 10**6)} 实收{chance.randrange(10**4, 10**6)} 欠{chance.randrange(10**3)}",
            f"138{chance.randrange(10**5, 10**6)}.{chance.randrange(10, 99)} 元",
        )
    )


def _number(chance: random.Random) -> str:
    year, small = chance.randrange(2015, 2028), chance.randrange(1, 9999)
    digits = "".join(chance.choice("0123456789") for _ in range(10))
    return chance.choice(
        (
            f"示教发〔{year}〕{small}号",
            f"采购编号：{year}{digits}{small}",
            f"项目编号530100{year}{digits[:6]}",
            f"监督索引号{digits}{digits[:7]}",
            f"统一社会信用代码：12530102{digits[:8]}{chance.choice('ABCX')}{digits[0]}",
            f"91530100MA6{digits[:6]}X{digits[0]}",
            f"ISBN 978-7-{digits[:4]}-{digits[4:8]}-{digits[9]}",
            f"ISBN 97871{digits[:8]}",
            f"合同号：HT{year}{digits}",
            f"发票号码：{digits}{digits[:8]}",
            f"YNZC{year}-G1-{digits[:5]}-{digits}",
            f"流水号{year}{digits}{digits[:4]}",
            f"税号：1{digits}{digits[:4]}",
            f"学校标识码 {digits}",
            f"食品经营许可证 JY1530{digits}",
            f"准考证号：{year}{digits[:8]}",
            f"设备序列号 1{digits}",
            f"采购计划编号：{year}ZC{digits}",
            f"开户行行号 102731{digits[:6]}",
            f"资产编号{year}{digits[:9]}",
            f"教师资格证号 {year}5300{digits[:9]}",
            f"订单号{chance.choice(('138', '159', '186'))}{digits[:8]}",
            f"条码 69{digits}{digits[0]}",
            f"ICP备{digits[:8]}号-1",
            f"滇公网安备5301{digits}号",
        )
    )


def _date(chance: random.Random) -> str:
    day, other = day_of(chance, 2018, 2030), day_of(chance, 2018, 2030)
    return chance.choice(
        (
            f"{day:%Y%m%d} {other:%Y%m%d}",
            f"{day:%Y-%m-%d}至{other:%Y-%m-%d}",
            f"{day:%Y年%m月%d日}",
            f"{day:%Y%m%d}-{other:%Y%m%d}",
            f"{day:%Y-%m-%d} 08:30—17:00",
            f"{day}T09:12:00+08:00",
            f"{day.year}年{day.month}月{day.day}日至{other.year}年{other.month}月{other.day}日出生的适龄儿童",
            f"凡{day.year}年8月31日（含）以前出生的儿童",
            f"年满6周岁（{day.year}年8月31日前出生）",
            f"出生日期在{day.year}年9月1日至{day.year + 1}年8月31日之间",
            f"新生于{day.year}年8月30日报到",
            f"毕业生于{day.year}年6月20日离校",
            f"事故发生于{day.year}年5月4日",
            f"学生日常行为规范（{day:%Y年%m月%d日}修订）",
            f"祖国生日{day.year}年10月1日",
            f"{day.year - 2000:02}{day:%m%d}{other:%H%M}",
            f"师生于{day.year}年9月1日返校",
            f"{day.year}年{day.month}月{day.day}日生效",
            f"{day.year}学年第一学期（{day.year}.9.1—{day.year + 1}.1.20）",
            f"出生日期为{day.year}年9月1日至{day.year + 1}年8月31日",
            f"{day.year}年1月1日起启用出生医学证明",
        )
    )


def _digest(chance: random.Random) -> str:
    drawn = hashlib.sha256(str(chance.random()).encode()).digest()
    return chance.choice(
        (
            f"sha256:{drawn.hex()}",
            drawn.hex()[:40],
            f"content: sha256:{drawn.hex()}",
            b64encode(drawn * 3).decode(),
            drawn.hex(),
        )
    )


def _contact(chance: random.Random) -> str:
    return chance.choice(
        (
            "联系电话：0871-65000001",
            "办公室电话 021-555 00002",
            "值班手机 13900000009",
            "邮箱：gongkai@school.example",
            "账号：2500 0000 0000 0000 003",
            "学校地址：示例市示例区示例路12号",
            "地址：示例路12号3栋501室",
            "请到教学楼2栋301室领取",
            "监督电话12388、12315",
            "热线400-123-4567",
            "电话 0871-65000001转801",
            "张老师 0871-65000001",
            "咨询地点：示例路12号行政楼3楼302室",
            "户籍在本区的适龄儿童",
            "现住本社区的居民",
            "家长意见箱",
            "户籍所在地为示例市示例区",
            "邮编 650000",
            "开标地点：示例市人民路88号3栋501室",
            "示例文具公司，示例路12号3栋501室",
            "示例县示例镇前进村3组道路硬化工程",
            "宿舍3栋201室维修",
            "家访前进村",
            "考场：3号楼402室",
            "学生宿舍2栋305室卫生评比98分",
            "家庭住址与户口簿一致",
            "凭身份证、户口簿办理",
            "涂老师 65000001",
        )
    )


def _masked(chance: random.Random) -> str:
    number, ident, account = mobile(chance), identity(chance), card(chance)
    return chance.choice(
        (
            f"{number[:3]}****{number[-4:]}",
            f"{ident[:6]}********{ident[-4:]}",
            f"{ident[:3]}***********{ident[-4:]}",
            f"{account[:4]}{'*' * (len(account) - 8)}{account[-4:]}",
            f"张* {number[:3]}****{number[-4:]}",
            f"尾号{account[-4:]}",
            f"****{number[-4:]}",
            "z***@qq.com",
            f"{number[:3]}XXXX{number[-4:]}",
            "张*（三年级2班）",
            "欧阳**同学获一等奖",
        )
    )


def _figures(chance: random.Random) -> str:
    few = [chance.randrange(0, 999) for _ in range(8)]
    return chance.choice(
        (
            "\t".join(map(str, few)),
            ",".join(map(str, few)),
            f"课桌规格{few[0] + 1000}*600*75",
            f"1400×600×75{few[1] % 10}mm",
            f"{few[0]}/{few[1]}/{few[2]}",
            " ".join(str(value % 10) for value in few),
            f"第{few[0]}期 第{few[1]}页",
            f"版本1.{few[0]}.{few[1]}.{few[2]}",
            f"192.168.{few[0] % 256}.{few[1] % 256}",
            f"三年级{few[0] % 9}班平均分{few[1] % 100}分",
            f"{few[0]}人参加，{few[1]}人同意，占{few[2] % 100}.{few[3] % 100}%",
            f"IMG_{20260101 + few[0] % 28}_{few[1]:03}{few[2]:03}.jpg",
            f"微信图片_2026{few[0] % 12 + 1:02}{few[1] % 28 + 1:02}{few[2]:03}{few[3]:03}.jpg",
            f"{few[0]}.{few[1]}.{few[2]}",
            "岗位01 张示例 笔试成绩85.5 面试成绩88.2 总成绩86.85",
            f"二〇二六年十月{chance.choice('一二三')}日",
            "壹拾叁万捌仟贰佰元整",
            f"1500000 2026 {few[4]}",
            f"招标文件售价{few[5]}元/套",
            f"每生每天{few[6] % 20}.00元",
        )
    )


def _prose(chance: random.Random) -> str:
    return chance.choice(
        (
            "学生日常行为管理细则",
            "关于加强学生生日会管理的通知",
            "严禁公示学生身份证号码",
            "本公示不含身份证号、银行卡号",
            "一名同学身患重病，学校组织慰问",
            "同学们参加志愿服务",
            "对违纪学生的处分条例",
            "家庭经济困难学生资助办法",
            "村小学教师交流名单",
            "教职工住房公积金缴存",
            "各班同学期末考试复习安排",
            "家长学校开班",
            "户籍警到校讲座",
            "患病学生复课证明",
            "食堂从业人员健康证",
            "全体同学获得第一名",
            "优秀学生干部评选办法",
            "请家长带户口簿和出生证明原件到校",
            "学校成立于一九五八年九月一日",
            "住校生名额200人",
            "个人所得税由财务代扣",
            "张*同学获得一等奖",
            "我校同学在竞赛中获第3名",
            "警告：此处有电",
            "单元测试安排：第3单元、第4单元",
            "现居住证办理须知",
            "住宿费每生每学期400元",
            "常住人口子女入学办法",
            "教师李示例任教三年级2班",
            "党员张示例赴前进村3组走访",
            "座谈会在前进村委会二楼召开",
            "培训地点：昆明市示例路8号示例酒店3楼",
            "三（2）班家长会",
        )
    )


INNOCENT: dict[str, Maker] = {
    "money": _money,
    "numbers of documents and things": _number,
    "dates": _date,
    "digests": _digest,
    "declared contacts, places": _contact,
    "masked as it should be": _masked,
    "figures": _figures,
    "prose": _prose,
}


def corpus(seed: int = 6, each: int = 400) -> Iterator[Case]:
    """Yield *each* texts of every kind, the same for the same *seed*."""
    chance = random.Random(seed)
    for guilty, makers in ((True, GUILTY), (False, INNOCENT)):
        for kind, maker in makers.items():
            for _ in range(each if guilty else 3 * each):
                yield Case(kind, maker(chance), guilty)
