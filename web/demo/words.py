"""The words of the demonstration: places, works, firms and people, all of them put together from parts and invented."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

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


class Kind(NamedTuple):
    """A type of contract: how often, what it is called, what is owed, how large and how long."""

    code: str
    letter: str  # in the contract's number, as the office says it
    weight: int
    works: tuple[str, ...]
    owed: tuple[str, ...]
    low: int  # value in units of 10,000 yuan
    high: int
    shortest: int  # days
    longest: int
    trade: str


KINDS = (
    Kind(
        "SG",
        "施",
        26,
        (
            "{dike}加固达标工程",
            "{reservoir}除险加固工程",
            "{town}{station}更新改造工程",
            "{river}河道治理工程",
            "{town}供水管网改造工程",
            "{irrigation}续建配套与节水改造工程",
            "{town}农村集中供水提质工程",
            "{river}水闸重建工程",
            "{town}内涝整治工程",
            "{river}生态清淤工程",
        ),
        (
            "施工组织设计报审",
            "临建和围堰完成",
            "基础处理验收",
            "主体结构完成 50%",
            "主体结构完工",
            "机电设备安装",
            "堤身填筑到设计高程",
            "护坡砌筑完成",
            "溢洪道改造完成",
            "管道敷设和试压",
            "闸门安装调试",
            "单位工程验收",
            "水土保持恢复",
            "工程档案移交",
            "竣工资料提交",
            "试运行",
            "导流工程拆除",
        ),
        120,
        4800,
        180,
        640,
        "水利水电工程",
    ),
    Kind(
        "JL",
        "监",
        9,
        ("{reservoir}除险加固工程监理", "{dike}加固达标工程监理", "{river}治理工程监理", "{town}供水工程监理"),
        ("监理规划报审", "监理机构进场", "首月监理月报", "基础验收监理评估", "主体验收监理评估", "质量评估报告", "监理工作总结", "监理档案移交"),
        18,
        260,
        200,
        600,
        "工程监理",
    ),
    Kind(
        "SJ",
        "设",
        8,
        ("{dike}加固达标工程勘察设计", "{reservoir}除险加固初步设计", "{irrigation}改造施工图设计", "{town}供水一体化可研编制"),
        ("外业勘测完成", "初步设计报告", "初步设计修编", "施工图设计", "设计交底", "现场设代服务", "竣工图审核"),
        25,
        380,
        90,
        420,
        "水利水电勘测设计",
    ),
    Kind(
        "JC",
        "检",
        7,
        ("{reservoir}大坝安全监测", "{dike}工程质量检测", "{town}农村饮水水质检测", "{river}断面水质监测"),
        ("检测方案报审", "第一批取样", "第二批取样", "第三批取样", "季度检测报告", "半年检测报告", "全年检测总报告"),
        12,
        150,
        120,
        400,
        "水质检测技术",
    ),
    Kind(
        "CG",
        "采",
        17,
        (
            "{town}{station}水泵机组采购",
            "{town}水厂净水药剂采购",
            "{reservoir}闸门启闭机采购",
            "{town}智能水表采购",
            "{river}防汛抢险物资采购",
            "{town}供水管材采购",
            "水文监测设备采购（{river}）",
        ),
        ("样品确认", "首批到货", "第二批到货", "第三批到货", "安装调试", "操作培训", "到货验收", "质保巡检"),
        20,
        900,
        60,
        300,
        "水务设备",
    ),
    Kind(
        "XX",
        "信",
        7,
        ("{reservoir}雨水情测报系统", "{river}视频监控系统", "{town}供水调度平台", "数字孪生灌区系统（{irrigation}）"),
        ("需求调研报告", "总体设计", "系统原型", "软件开发", "硬件到货安装", "数据接入", "系统联调", "试运行", "终验"),
        40,
        680,
        120,
        420,
        "信息技术",
    ),
    Kind(
        "YW",
        "维",
        16,
        ("{river}河道保洁管护服务", "{reservoir}物业化管护服务", "{town}{station}运行维护", "{irrigation}渠道管护服务", "{town}污水提升泵站运维"),
        ("管护队伍进场", "第一季度考核", "第二季度考核", "第三季度考核", "第四季度考核", "汛前检查", "汛后检查", "设备年检", "年度总结"),
        15,
        320,
        300,
        420,
        "水务管养",
    ),
    Kind(
        "ZX",
        "咨",
        6,
        ("{dike}工程造价咨询", "{reservoir}除险加固招标代理", "{river}岸线规划编制", "{town}水资源论证"),
        ("工作方案", "基础资料收集", "初稿提交", "专家评审", "成果修改", "终稿提交"),
        8,
        120,
        60,
        260,
        "工程咨询",
    ),
    Kind(
        "EPC",
        "总",
        4,
        ("{town}供水一体化工程总承包", "{river}综合治理工程总承包", "{reservoir}扩容工程总承包"),
        ("初步设计批复", "施工图审查", "进场开工", "土建完成 30%", "土建完成 60%", "土建完工", "设备安装", "联合试运转", "竣工验收", "竣工资料移交"),
        1800,
        12800,
        360,
        780,
        "水利建设集团",
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
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
