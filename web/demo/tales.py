"""What is told in a case: facts, statements, grounds, orders — each put together from parts, so that no two are alike."""

from __future__ import annotations

from random import Random

SPOTS = (
    "左岸",
    "右岸",
    "上游侧",
    "下游侧",
    "进水口",
    "出水口",
    "泵房",
    "启闭机室",
    "堤脚",
    "堤顶道路",
    "消力池",
    "溢洪道",
    "管沟",
    "施工营地",
    "拌和站",
    "配电房",
)
WHO = ("项目经理", "技术负责人", "质检员", "安全员", "施工员", "劳资专管员", "资料员", "总监理工程师", "专业监理工程师")
LATE_PAYMENTS = (
    "{title}应于 {due} 付清，逾期 {late} 天未付，乙方为{size}企业",
    "乙方 {n} 次书面催告，甲方以内部审批未完为由未付{title}",
    "{title} {amount} 元到期 {late} 天，乙方提出投诉",
)
STATEMENTS = (
    "对事实没有异议，已开始整改，请求从轻。",
    "{spot}问题系{cause}造成，非主观故意，附记录 {n} 份。",
    "检查当日{who}参加县里会议，附签到表，请予核实。",
    "认为抽检 {n} 组不足以代表整体，申请复检 {m} 组。",
    "承认管理疏漏，已处理责任人 {n} 名，愿承担违约责任。",
    "{cause}，恳请考虑实际困难，减轻处理。",
    "第 {n} 处已于次日整改完成，附照片，其余 {x} 日内完成。",
)
CAUSES = ("连续降雨 {m} 天", "班组更换", "材料供应中断", "甲方图纸晚到 {n} 天", "设备故障", "台风影响", "征地未到位", "分包单位失管")
GROUNDS = (
    "检查记录、照片和{who}询问笔录相互印证，事实清楚。{stance}",
    "现场检测 {n} 组数据经复核无误，违反合同{clause}。{stance}",
    "当事人陈述的{cause}与日志不符，不予采纳。",
    "当事人承认主要事实，证据 {n} 份，违约成立。{stance}",
    "{spot}问题属实，造成后果较{weight}，应予认定。",
)
STANCES = ("陈述意见部分采纳。", "陈述意见不予采纳。", "当事人未作陈述。", "主动整改，酌情从轻。", "")
DISMISSALS = (
    "复检 {m} 组均合格，违约不成立。",
    "{cause}属甲方原因，不应由乙方负责。",
    "当日{who}确有请假手续，事实不成立。",
    "合同{clause}对此约定不明，不予认定。",
)
DEPARTURE = "本案情节、后果与以往同类案件明显不同，经集体研究，按本案实际情形确定。"
LATE = "经核实，因经办人员交接延误，已提醒并改正。"
DECISIONS = (
    "违反合同{clause}，情节{weight}，依照所列条文处理。",
    "整改{state}，结合 {n} 份证据和法制审核意见，决定如下处理。",
    "{stance}据此在幅度内取{level}。",
)
OPINIONS = (
    "主体、证据、程序、裁量均无不当，同意。",
    "证据 {n} 份充分，告知程序完整，同意。",
    "建议裁量取{level}，其余同意。",
    "已核对送达回证 {n} 份，同意提交审批。",
)
REPORTS = (
    "{spot}已返工 {m} 平方米，自检 {n} 组合格。",
    "补齐人员 {n} 名，考勤连续 {m} 天正常。",
    "完成整改 {n} 项，附前后对比照片。",
    "更换设备 {n} 台，试运行 {m} 小时正常。",
    "已建台账，责任到人，{n} 项闭合。",
)
VERIFIED = ("现场复核 {n} 处，符合要求。", "抽查 {m} 组，合格。", "资料、现场一致，通过。")
FAILED = ("{spot}仍有 {n} 处未改。", "复检 {n} 组不合格。", "人员仍缺 {n} 名。")
OBJECTIONS = (
    "认为罚款过重，{cause}应予考虑。",
    "检测 {n} 组取样位置不当，申请重新认定。",
    "公示文号与送达不一致，请更正。",
    "责任应由分包单位承担 {p2}%。",
    "整改已于决定前完成，附验收 {n} 份。",
)
ANSWERS = ("经查 {n} 份材料，原决定事实清楚，维持。", "{cause}部分属实，减轻处理。", "取样位置经复核无误，异议不成立。", "复检结果推翻原结论，异议成立。")
HEARINGS = (
    "当事人委托代理人 {n} 名到场，就{spot}检测数据质证，双方陈述 {m} 分钟。",
    "核对证据 {n} 份，当事人对处罚幅度提出意见，对事实无异议。",
    "听取{who}说明和当事人申辩，笔录 {n} 页，签字确认。",
)
COMMITMENTS = (
    "本公司郑重承诺：所提交材料真实有效，已全面履行决定确定的义务，今后严格履约，自愿接受监督；联系人{name}，承诺事项 {n} 项。",
    "承诺已纠正失信行为，建立履约台账，{n} 年内不再发生同类问题；如有虚假，愿承担责任（签署人{name}）。",
)
SHORT = ("缴款凭证不清晰，请重新提供第 {n} 页。", "缺整改验收单（{spot}）。", "证明材料没有加盖公章，共 {n} 份。", "完税凭证金额与决定书不符。")
REPAIRED = ("义务履行完毕，材料齐全，准予修复。", "经核实罚款已缴，整改 {n} 项验收合格，准予修复。", "承诺书规范，实地核查 {n} 处无误，准予修复。")
REFUSED = ("核查发现{spot}整改 {n} 项未完成，不予修复。", "履行证明与银行流水不符，不予修复。")
FALSE = ("第 {n} 份缴款凭证系变造，经银行核实无此流水。", "整改验收单签名系伪造，{who}否认签字。")
EARLY = ("最短公示期未满，不予受理。", "公示期不足，距最早可申请日还有 {m} 天，不予受理。")
AGAINST_REFUSAL = ("认为公示期应从送达日起算，请求复核。", "补交材料 {n} 份，请求重新审查。", "核查人员未到{spot}现场，结论不实。")
CLOSURES = (
    "义务履行、公示结束、各接收方均已确认，结案。",
    "整改验收合格，不予惩戒，结案。",
    "合同责任已承担，结案。",
    "决定撤销、公示撤下，结案。",
    "各项闭环完成，归档 {n} 卷，结案。",
)
REVOKED = ("复议机关认为证据 {n} 不足，撤销原决定。", "据以认定的检测报告被撤回，撤销原决定。")


def tell(rng: Random, sentences: tuple[str, ...], **known: object) -> str:
    """One of these sentences with its parts drawn; what is known is put in as it is."""
    cause = rng.choice(CAUSES).format(m=rng.randrange(3, 40), n=rng.randrange(2, 30))
    parts: dict[str, object] = {
        "spot": rng.choice(SPOTS),
        "who": rng.choice(WHO),
        "cause": cause,
        "k": f"K{rng.randrange(12)}+{rng.randrange(0, 20) * 50:03}",
        "n": rng.randrange(2, 19),
        "m": rng.randrange(5, 97),
        "x": rng.randrange(3, 15),
        "t": rng.randrange(20, 480),
        "a": f"{rng.uniform(15, 24):.1f}",
        "b": rng.choice((25, 30)),
        "c": rng.randrange(18, 27),
        "d": 30,
        "p": f"{rng.uniform(86, 95):.1f}",
        "p2": rng.randrange(35, 85),
        "e": rng.randrange(170, 240),
        "e2": f"{rng.uniform(2.1, 6.5):.1f}",
        "e3": f"{rng.uniform(1.1, 3.9):.2f}",
        "weight": rng.choice(("轻", "重", "明显")),
        "stance": rng.choice(STANCES),
        "clause": "有关条款",
        "level": rng.choice(("下限", "中值", "从轻档")),
        "state": rng.choice(("已完成", "部分完成", "尚未完成")),
        "name": "",
        **known,
    }
    return rng.choice(sentences).format_map(parts)
