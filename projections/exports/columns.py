"""The columns of our spreadsheets: one list for the template, the export and the import, so that each reads the others."""

from __future__ import annotations

import msgspec


class Column(msgspec.Struct, frozen=True):
    """One column. `kind`: text code day money number percent choice; `choices` pairs a code with its Chinese word."""

    key: str
    zh: str
    en: str
    kind: str = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    width: int = 16
    choices: tuple[tuple[str, str], ...] = ()
    note: str = ""


class Sheet(msgspec.Struct, frozen=True):
    """One sheet of the template; `key` is contracts, obligations, payments or events."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()


EXAMPLE = "示例"
"""A row whose contract number begins so is the template's own, and is skipped on import."""
REASON, ROW = "错误原因", "原行号"
"""The two columns that a reject file has before the columns of the input; the import skips them."""

SIZES = (("large", "大型"), ("medium", "中型"), ("small", "小型"), ("micro", "微型"))
SIDES = (("contractor", "乙方"), ("authority", "甲方"))
TYPES = (
    ("SG", "施工"), ("JL", "监理"), ("KC", "勘察"), ("SJ", "设计"), ("EPC", "工程总承包"), ("DJ", "代建"), ("ZX", "咨询"),
    ("JC", "检测监测"), ("CG", "设备材料采购"), ("XX", "信息化"), ("YW", "运行维护"), ("TX", "特许经营"), ("QT", "其他"),
)  # fmt: skip
STATUSES = (
    ("signed", "已签订"), ("performing", "履行中"), ("suspended", "中止"), ("completed", "已完成"), ("terminated", "已解除"),
    ("settled", "已结清"),
)  # fmt: skip
FORMS = (("cash", "现金"), ("bank_guarantee", "银行保函"), ("surety", "担保"), ("insurance", "保险"))
HAPPENINGS = (
    ("payment", "付款"), ("fulfilment", "履行"), ("amendment", "变更"), ("suspension", "中止"), ("resumption", "恢复"),
    ("completion", "完成"), ("termination", "解除"), ("settlement", "结清"),
)  # fmt: skip

NUMBER = Column(
    "number", "合同编号", "Contract number", "code", True,
    ("编号", "合同号", "合同编码", "合同序号", "合同流水号", "contract no", "contract id", "contract", "number", "no"), 30,
    note="每份合同唯一；以“示例”开头的行不导入",
)  # fmt: skip

CONTRACTS = Sheet("contracts", "合同", "Contracts", (
    NUMBER,
    Column("name", "合同名称", "Contract name", required=True, width=36,
           synonyms=("名称", "合同标题", "项目名称", "工程名称", "标的名称", "合同", "title", "name", "project", "project name")),
    Column("type", "合同类型", "Type", "choice", synonyms=("类型", "类别", "合同类别", "合同性质", "contract type"), choices=TYPES),
    Column("region", "行政区划代码", "Region code", "code",
           synonyms=("行政区划", "区划", "区划代码", "地区代码", "所属区划", "区域", "region"), note="6 位数字；空着时取甲方代码中的区划"),
    Column("signed_on", "签订日期", "Signed on", "day",
           synonyms=("签订时间", "签约日期", "签约时间", "签署日期", "签署时间", "合同签订日期", "合同签订时间", "合同签署日期",
                     "合同日期", "signed", "date signed", "signing date", "signed date", "signature date", "sign date")),
    Column("starts_on", "开始日期", "Starts on", "day",
           synonyms=("开始时间", "起始日期", "生效日期", "合同开始日期", "合同起始日期", "履约开始日期", "履行开始日期", "开工日期",
                     "履行期限起", "服务开始日期", "合同生效日期", "start", "start date", "effective date", "starts")),
    Column("ends_on", "结束日期", "Ends on", "day",
           synonyms=("结束时间", "到期", "到期日", "到期日期", "到期时间", "终止日期", "截止日期", "完工日期", "竣工日期", "合同结束日期",
                     "合同到期日", "合同到期日期", "合同终止日期", "合同截止日期", "履约结束日期", "履行结束日期", "履约到期日", "履行期限止",
                     "服务结束日期", "end", "end date", "expiry date", "ends", "expires on")),
    Column("authority_name", "甲方名称", "Authority name", required=True, width=26,
           synonyms=("甲方", "甲方单位", "甲方单位名称", "采购人", "采购人名称", "采购单位", "采购单位名称", "发包人", "发包人名称",
                     "发包方", "发包单位", "业主", "业主单位", "业主名称", "建设单位", "建设单位名称", "委托方", "委托人", "买方", "买方名称",
                     "buyer", "buyer name", "authority", "party a", "purchaser", "procuring entity", "client")),
    Column("authority_id", "甲方统一社会信用代码", "Authority code", "code", width=24,
           synonyms=("甲方代码", "甲方信用代码", "甲方统一信用代码", "甲方社会信用代码", "甲方统一代码", "采购人代码", "采购人统一社会信用代码",
                     "采购单位统一社会信用代码", "采购单位代码", "采购单位信用代码", "发包人统一社会信用代码", "发包方统一社会信用代码",
                     "发包人代码", "业主统一社会信用代码", "业主代码", "建设单位统一社会信用代码", "建设单位代码",
                     "authority id", "authority uscc", "buyer id", "buyer code", "buyer uscc", "party a code", "party a id")),
    Column("contractor_name", "乙方名称", "Contractor name", required=True, width=30,
           synonyms=("乙方", "乙方单位", "乙方单位名称", "供应商", "供应商名称", "承包人", "承包人名称", "承包方", "承包方名称", "承包单位",
                     "承包商", "中标人", "中标单位", "中标供应商", "成交供应商", "施工单位", "服务单位", "受托方", "受托人", "卖方", "卖方名称",
                     "合同对方", "对方单位", "相对方", "签约单位", "supplier", "supplier name", "contractor", "party b", "vendor",
                     "vendor name", "seller"),
           note="联合体用分号隔开，牵头方写在最前"),
    Column("contractor_id", "乙方统一社会信用代码", "Contractor code", "code", width=24,
           synonyms=("统一社会信用代码", "信用代码", "社会信用代码", "乙方代码", "乙方信用代码", "乙方统一信用代码", "乙方社会信用代码",
                     "供应商代码", "供应商统一社会信用代码", "供应商信用代码", "承包人统一社会信用代码", "承包方统一社会信用代码",
                     "承包人代码", "承包单位统一社会信用代码", "中标人统一社会信用代码", "中标供应商统一社会信用代码", "施工单位统一社会信用代码",
                     "contractor id", "contractor uscc", "supplier id", "supplier code", "supplier uscc", "uscc", "party b code",
                     "party b id", "vendor id"),
           note="与名称同样的次序，用分号隔开"),
    Column("contractor_size", "乙方规模", "Contractor size", "choice",
           synonyms=("企业规模", "规模", "供应商规模", "企业类型", "中小企业", "size", "supplier size", "enterprise size"), choices=SIZES),
    Column("value", "合同金额（元）", "Contract value", "money", True, width=18,
           synonyms=("金额", "合同额", "合同总金额", "合同总价", "合同价", "合同价款", "合同价格", "签约合同价", "总金额", "总价", "价款",
                     "中标金额", "成交金额", "中标价", "value", "amount", "contract amount", "price", "contract price", "total"),
           note="标题写“万元”时按万元读"),
    Column("currency", "币种", "Currency", synonyms=("货币", "币别", "货币种类"), note="空着为人民币"),
    Column("security_value", "履约保证金（元）", "Performance security", "money",
           synonyms=("履约保证金金额", "履约担保金额", "保证金", "performance bond", "security", "security value")),
    Column("security_form", "履约保证金形式", "Security form", "choice",
           synonyms=("保证金形式", "担保形式", "履约担保形式", "form of security"), choices=FORMS),
    Column("security_ends_on", "履约保证金到期日", "Security ends on", "day", synonyms=("保证金到期日", "保函到期日", "担保到期日")),
    Column("retention_percent", "质量保证金比例（%）", "Retention percent", "percent",
           synonyms=("质保金比例", "质量保证金", "质保金", "质保比例", "retention", "retention %")),
    Column("status", "合同状态", "Status", "choice", synonyms=("状态", "履约状态", "履行状态", "contract status"), choices=STATUSES),
    Column("completed_on", "完成日期", "Completed on", "day",
           synonyms=("完成时间", "验收日期", "实际完成日期", "履约完成日期", "completion date", "completed")),
    Column("note", "备注", "Note", synonyms=("说明", "备注说明", "remark", "remarks", "notes", "comment"), width=30),
), ("contract", "台账", "合同台账", "合同清单", "合同信息"))  # fmt: skip

_REF = Column("ref", "编号", "Ref", "code", synonyms=("序号",), width=10)

OBLIGATIONS = Sheet("obligations", "履约义务", "Obligations", (
    NUMBER,
    msgspec.structs.replace(_REF, zh="义务编号", en="Obligation ref", synonyms=("编号", "序号", "节点编号", "ref", "obligation no")),
    Column("owed_by", "责任方", "Owed by", "choice", synonyms=("义务方", "履行方", "责任主体", "owed", "side"), choices=SIDES),
    Column("title", "内容", "Title", required=True, width=40,
           synonyms=("义务内容", "义务名称", "义务", "履约义务", "节点", "节点名称", "里程碑", "事项", "名称", "obligation", "milestone")),
    Column("due_on", "到期日", "Due on", "day", synonyms=("到期日期", "期限", "应完成日期", "截止日期", "计划日期", "due", "due date")),
    Column("fulfilled_on", "完成日期", "Fulfilled on", "day",
           synonyms=("实际完成日期", "完成时间", "履行日期", "验收日期", "fulfilled", "date met")),
), ("义务", "里程碑", "节点", "obligation", "milestones"))  # fmt: skip

PAYMENTS = Sheet("payments", "付款", "Payments", (
    NUMBER,
    msgspec.structs.replace(_REF, zh="付款编号", en="Payment ref", synonyms=("编号", "序号", "期次", "付款期次", "ref", "payment no")),
    Column("after", "对应义务编号", "After obligation", "code", synonyms=("对应义务", "付款节点", "付款条件", "after")),
    Column("value", "应付金额（元）", "Payable", "money", synonyms=("金额", "付款金额", "应付", "计划金额", "value", "amount")),
    Column("term_days", "付款期限（天）", "Term in days", "number", synonyms=("付款期限", "期限", "账期", "term", "term days", "days")),
    Column("paid_on", "实际付款日期", "Paid on", "day", synonyms=("付款日期", "支付日期", "付款时间", "实付日期", "paid", "date paid")),
    Column("paid", "实付金额（元）", "Paid amount", "money", synonyms=("实付", "实际付款金额", "已付金额", "支付金额", "paid value")),
), ("支付", "付款计划", "付款记录", "payment"))  # fmt: skip

EVENTS = Sheet("events", "事件", "Events", (
    NUMBER,
    Column("kind", "事件类型", "Event", "choice", True, ("类型", "事件", "事项", "kind", "event type"), choices=HAPPENINGS),
    Column("on", "日期", "Date", "day", True, ("发生日期", "事件日期", "时间", "on", "day", "date")),
    msgspec.structs.replace(_REF, zh="事件编号", en="Event ref", synonyms=("编号", "序号", "ref")),
    Column("about", "对应编号", "About", "code", synonyms=("对应义务编号", "对应付款编号", "about")),
    Column("value", "金额（元）", "Amount", "money", synonyms=("金额", "value")),
    Column("note", "说明", "Note", synonyms=("备注", "内容", "note", "remark"), width=40),
), ("履约事件", "event", "大事记"))  # fmt: skip

SHEETS = (CONTRACTS, OBLIGATIONS, PAYMENTS, EVENTS)

# Obligations and payments may also stand in the contract's own row, numbered: 履约义务1, 履约义务1到期日 …
NUMBERED = {
    "obligation": (("title", ("履约义务", "义务", "里程碑", "节点", "obligation", "milestone")),
                   ("due_on", ("到期日", "到期日期", "期限", "日期", "due on", "due", "due date")),
                   ("owed_by", ("责任方", "义务方", "owed by")),
                   ("fulfilled_on", ("完成日期", "实际完成日期", "fulfilled on"))),
    "payment": (("value", ("付款", "付款金额", "支付", "付款节点", "payment")),
                ("term_days", ("期限", "付款期限", "term days", "term")),
                ("after", ("对应义务编号", "对应义务", "after")),
                ("paid_on", ("付款日期", "日期", "实际付款日期", "paid on")),
                ("paid", ("实付金额", "paid"))),
}  # fmt: skip
