"""Names of persons: how they are masked as standards §6 says, and where a text names somebody."""

from __future__ import annotations

import re

_COMPOUND = (
    "欧阳|司马|上官|诸葛|东方|尉迟|公孙|慕容|令狐|皇甫|宇文|长孙|司徒|夏侯|轩辕|端木|呼延|南宫|独孤|西门|申屠|太史"
    "|闻人|澹台|公冶|宗政|濮阳|淳于|单于|钟离|鲜于|闾丘|司空|亓官|仲孙|万俟|赫连|拓跋|完颜|东郭|百里|第五"
)
"""Surnames of two characters."""

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗方俞任袁柳酆鲍史唐费廉岑薛"
    "雷贺倪汤滕殷罗毕郝邬安常于时傅皮卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛禹狄米贝臧计戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童"
    "颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪解应宗丁宣邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段富焦巴牧山谷"
    "车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹龙叶黎薄印白蒲邰从索赖卓屠蒙池乔阴闻党翟谭贡姬申扶堵冉雍桑桂牛寿通边燕冀尚农温庄晏柴瞿阎"
    "慕连茹习艾鱼容向古易慎戈廖庾终居衡步耿满弘匡国文寇广东殴殳沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶空曾沙养鞠丰巢关查后荆红游竺权盖益桓涂肖岳佟"
)
_GIVEN = r"[一-鿿]{1,2}"
_MASKED = re.compile(r"[^\s*＊×]{1,2}(?:[*＊×]{1,4}|某{1,2}|同学)")
_COMPOUND_NAME = re.compile(_COMPOUND)
_PERSON = re.compile(
    rf"(?<![一-鿿])(?:{_COMPOUND}|[{SURNAMES}])(?:{_GIVEN}|某某?|[*×]{{1,3}})(?![一-鿿*])"
    rf"|(?:{_COMPOUND}|[{SURNAMES}])(?:[*×]{{1,3}}|某某?)|同学|小朋友|(?:学生|家长|监护人|户主|本人)[:一-鿿]"
    rf"|(?<![一-鿿])(?:{_COMPOUND}|[{SURNAMES}]){_GIVEN}(?=家?住|家\(|的家|现居|[,]?[男女][,]|同学)"
)
_NO_NAME = re.compile(r".*[这该某各位名些全体的班个有女男年级校我们组长生*]")
_WORDS_LIKE_NAMES = re.compile(
    r"(?:时间|地点|单价|单位|金额|项目|数量|全部|全校|全体|班级|国家|高中|初中|小学|文件|文号|方式|方案|方法|经费|经办|管理|应急|通知|通过|广播|红旗|农村|石油|"
    r"计划|计算|安全|安排|常规|常用|解释|解决|路线|路灯|支出|支付|利润|利率|利息|居民|居住|项|权利|权益|师生|师德|师资|石材|宣传|宣布|房屋|房租|温度|温馨|"
    r"满意|关于|关爱|查看|查询|查阅|强化|盛大|高级|高一|高二|高三|严格|严禁|金额|包括|包含|万元|水电|白板|白色|红色|黄色|蓝色|贝壳|米饭|汤类|鱼类|牛肉|牛奶|羊肉|"
    r"江苏|江西|云南|安徽|宁夏|湖|海|广东|广西|东侧|东门|南门|西门|北门|国旗|国庆|国防|文化|文明|文具|文艺|习惯|游戏|游泳|辛苦|简介|简报|冷藏|池|钟表|时段|"
    r"任务|任教|任课|程序|程度|明细|华侨|成绩|成员|左右|左侧|荣誉|荣获|富强|景观|党员|党支部|贡献|申请|申报|边缘|尚未|向上|古诗|易错|终身|步骤|广场|越野|隆重|"
    r"融合|那么|空调|空白|沙坑|沙包|养护|养成|丰富|后勤|后续|益智|何时|何处|从事|从业|通道|通报|印刷|印发|龙头|武术|符合|全程|班主任|班会|山区|谷雨|车辆|车位|伊始|"
    r"秋季|秋游|甘蔗|厉行|姬松茸|索引|蒙古|乔木|阴天|闻讯|鲁班|章程|章节|康复|伍佰|余额|余下|顾问|毛笔|毛巾|计量|谈话|茅草|纪律|纪念|舒适|项链|祝贺|祝福|"
    r"梁柱|席位|季度|季节|童话|童声|颜色|梅花|林地|林木|徐州|高度|高效|夏令|夏季|田径|田野|胡萝卜|凌晨|管道|卢沟|莫名|经济|经验|经理|应当|应收|应付|宗旨|单元|单独|"
    r"包装|石灰|吉他|程式|陆续|曲目|封面|封闭|储蓄|储存|段落|巴士|牧场)"
)


def is_masked(name: str) -> bool:
    """Return whether of *name* only the surname can be read."""
    return _MASKED.fullmatch(name.strip()) is not None


def mask_name(name: str) -> str:
    """Return *name* with its surname and a star for every other character: 李*, 欧阳**."""
    name = "".join(name.split())
    kept = 2 if len(name) > 2 and _COMPOUND_NAME.match(name) else 1
    return name[:kept] + "*" * max(1, len(name) - kept)


def is_name(name: str) -> bool:
    """Return whether *name* may be somebody's: a surname begins it, and no everyday word."""
    surname = name[:1] in SURNAMES or _COMPOUND_NAME.match(name) is not None
    return surname and not _WORDS_LIKE_NAMES.match(name)


def person_in(text: str) -> bool:
    """Return whether *text* names a person: a name by itself, a masked one, or a pupil or parent."""
    return any(not _WORDS_LIKE_NAMES.match(match[0]) for match in _PERSON.finditer(text))


def called(name: str) -> str:
    """Return the name that ends *name*, the characters before 同学; nothing when it is not a name (一名同学)."""
    name = _NO_NAME.sub("", name)
    if len(name) > 2:
        for length in (4, 3, 2):
            tail = name[-length:]
            if len(tail) == length and (_COMPOUND_NAME.match(tail) if length == 4 else tail[0] in SURNAMES):
                return tail
    return name if len(name) >= 2 else ""
