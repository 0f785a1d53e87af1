"""The words of the demonstration: places, works, firms and people, all of them put together from parts and invented."""

from __future__ import annotations

from random import Random

TOWNS = {
    "440800": ("湖光镇", "官渡镇", "南三镇", "硇洲镇", "龙头镇", "坡头镇", "麻章镇", "太平镇", "民安街道", "东简街道", "调顺街道", "海头街道"),
    "440823": (
        "遂城镇",
        "黄略镇",
        "洋青镇",
        "界炮镇",
        "杨柑镇",
        "城月镇",
        "乌塘镇",
        "建新镇",
        "岭北镇",
        "北坡镇",
        "港门镇",
        "草潭镇",
        "河头镇",
        "乐民镇",
        "江洪镇",
    ),
    "440825": (
        "徐城街道",
        "迈陈镇",
        "海安镇",
        "曲界镇",
        "前山镇",
        "西连镇",
        "下桥镇",
        "龙塘镇",
        "下洋镇",
        "锦和镇",
        "和安镇",
        "新寮镇",
        "南山镇",
        "角尾乡",
        "城北乡",
    ),
}
RIVERS = {
    "440800": ("南渡河", "鉴江", "绿塘河", "南柳河", "文保河", "北月河", "三岭山河", "旧县河"),
    "440823": ("遂溪河", "杨柑河", "城月河", "乐民河", "江洪河", "通明河", "沙坭河", "风朗河"),
    "440825": ("大水桥河", "迈胜溪", "流梅溪", "黄定河", "那板溪", "北松河", "青桐溪", "龙门溪"),
}
RESERVOIRS = {
    "440800": ("甘村水库", "赤坎水库", "志满水库", "合流水库", "西厅水库"),
    "440823": ("官田水库", "雷祖水库", "东坡岭水库", "青建岭水库", "下录水库", "牛路水库", "石塘水库"),
    "440825": ("三阳桥水库", "鲤鱼潭水库", "大水桥水库", "合溪水库", "北松水库", "红心楼水库", "石板水库"),
}
STATIONS = ("一级泵站", "二级泵站", "排涝泵站", "提水泵站", "加压泵站", "引水泵站")
DIKES = ("海堤", "江堤", "防洪堤", "围堤", "联围")
IRRIGATION = ("东灌区", "西灌区", "南干渠", "北干渠", "运河支渠", "高排渠")
PHASES = ("", "", "", "一期", "二期", "三期", "（应急）", "（Ⅰ标）", "（Ⅱ标）", "（Ⅲ标）")
SURNAMES = "陈李黄林梁王吴郑周何谢符许庞邓叶杨罗蔡钟冯莫卢苏麦劳全"
GIVEN = (
    "志明",
    "海东",
    "小琴",
    "建华",
    "秀英",
    "国强",
    "丽萍",
    "文辉",
    "俊杰",
    "春燕",
    "永康",
    "雪梅",
    "伟民",
    "子轩",
    "玉兰",
    "景行",
    "少华",
    "慧敏",
    "立新",
    "嘉怡",
    "德胜",
    "月娥",
    "广进",
    "晓东",
    "启航",
    "思远",
    "振华",
    "婉仪",
    "学军",
    "明珠",
)
SEATS = ("湛江", "雷州", "廉江", "吴川", "茂名", "阳江", "广东", "粤西", "北部湾", "肇庆", "江门", "佛山")
NAMES = (
    "恒源",
    "粤水",
    "安澜",
    "宏泰",
    "顺通",
    "鼎基",
    "润泽",
    "清源",
    "海川",
    "盛禹",
    "长河",
    "众禹",
    "汇泉",
    "博远",
    "天择",
    "联禹",
    "金堤",
    "东渠",
    "启泽",
    "固邦",
    "力行",
    "明渠",
    "正川",
    "瑞涛",
    "禾润",
    "碧波",
    "建和",
    "德润",
    "百川",
    "立禹",
)
SIZES = ("small", "small", "small", "medium", "medium", "micro", "large", "large")


def place(rng: Random, region: str) -> dict[str, str]:
    """One place of each sort in a region, to put into a name."""
    town, river = rng.choice(TOWNS[region]), rng.choice(RIVERS[region])
    return {
        "town": town,
        "river": river,
        "reservoir": rng.choice(RESERVOIRS[region]),
        "station": rng.choice(STATIONS),
        "dike": rng.choice((town, river)) + rng.choice(DIKES),
        "irrigation": town + rng.choice(IRRIGATION),
    }


def person(rng: Random) -> str:
    """A person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def firm_name(rng: Random, trade: str) -> str:
    """A company's name."""
    return f"{rng.choice(SEATS)}{rng.choice(NAMES)}{trade}有限公司"


def phone(rng: Random) -> str:
    """A number that nobody has: mobile numbers do not begin so."""
    return f"100{rng.randrange(10**8):08}"
