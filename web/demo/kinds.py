"""The types of contracts of the demonstration: what they are called, what is owed in them, how large and how long."""

from __future__ import annotations

from typing import NamedTuple


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
