"""A small application that shows every macro with invented facts: what the tests of the looks look at."""

# ruff: noqa: E501 -- facts, a row a line

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web.looks import Looks, routes
from web.looks.figures import ZONE
from web.looks.looks import leave_note
from web.looks.tongue import LANGUAGES
from web.problems import install
from web.security import Guard

PAGES = Path(__file__).with_name("pages")
TODAY = date(2026, 11, 23)
BASIS = {"pack": "repair-2026", "version": 1, "rule": "decide_wd", "clause": "第36号令第十二条", "status": "unconfirmed"}
SURE = {"pack": "sme-payment-2025", "version": 1, "rule": "term", "clause": "《保障中小企业款项支付条例》第九条", "status": "confirmed"}


def due(on: str, start: str, count: int, unit: str = "working_days", basis: Mapping[str, Any] = BASIS, **more: Any) -> dict[str, Any]:
    return {"on": on, "from": start, "count": count, "unit": unit, "overdue": on < TODAY.isoformat(), "provisional": False,
            "basis": basis, "days": [], **more}  # fmt: skip


def days(*told: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"on": on, "counts": why in ("counted", "make_up"), "why": why} for on, why in told]


DECISION = due("2026-10-14", "2026-09-24", 7, days=days(
    ("2026-09-24", "start"), ("2026-09-25", "holiday"), ("2026-09-26", "holiday"), ("2026-09-27", "holiday"), ("2026-09-28", "counted"),
    ("2026-09-29", "counted"), ("2026-09-30", "stopped"), ("2026-10-01", "holiday"), ("2026-10-02", "holiday"), ("2026-10-03", "holiday"),
    ("2026-10-04", "holiday"), ("2026-10-05", "holiday"), ("2026-10-06", "holiday"), ("2026-10-07", "holiday"), ("2026-10-08", "stopped"),
    ("2026-10-09", "counted"), ("2026-10-10", "make_up"), ("2026-10-11", "weekend"), ("2026-10-12", "counted"), ("2026-10-13", "counted"),
    ("2026-10-14", "counted"),
))  # fmt: skip
SOON = due("2026-11-26", "2026-11-19", 5, days=days(
    ("2026-11-19", "start"), ("2026-11-20", "counted"), ("2026-11-21", "weekend"), ("2026-11-22", "weekend"), ("2026-11-23", "counted"),
    ("2026-11-24", "counted"), ("2026-11-25", "counted"), ("2026-11-26", "counted"),
))  # fmt: skip
LOOPS = [
    {"owed_by": "甲方", "who": "市水务局财务科", "title": "支付第三期进度款 965.30 万元", "note": "至今日 14,479.50 元，每多一天增加 4,826.50 元",
     "href": "#pay", "due": due("2026-11-20", "2026-10-21", 30, "days", SURE)},
    {"owed_by": "审批人", "who": "周衍", "title": "决定异议 YY-2026-0009", "href": "#decide", "due": SOON, "left": 3, "receipt": "/deadline"},
    {"owed_by": "乙方", "who": "沐江禹川", "title": "提出竣工验收申请", "due": due("2027-01-08", "2026-12-29", 7, provisional=True)},
    {"owed_by": "监管员", "who": "林知夏", "title": "安排下一次检查", "due": None},
]  # fmt: skip
LANES = [
    {"key": "authority", "name": "甲方", "note": "市水务局"}, {"key": "contractor", "name": "乙方", "note": "沐江禹川"},
    {"key": "supervisor", "name": "监管员", "note": "监督科"}, {"key": "decider", "name": "审批人", "note": "法规科"},
]  # fmt: skip
DOTS = [
    {"n": n, "lane": lane, "on": on, "label": label, "kind": kind, "href": f"#e{n}"}
    for n, (lane, on, label, kind) in enumerate([
        ("authority", "2026-01-12", "签订合同", "ok"), ("supervisor", "2026-02-09", "检查告知人员缺勤", "bad"),
        ("contractor", "2026-02-12", "陈述申辩", ""), ("decider", "2026-02-24", "责令整改", ""), ("contractor", "2026-03-04", "整改报告", ""),
        ("supervisor", "2026-03-05", "复核通过", "ok"), ("authority", "2026-03-06", "一期验收", "ok"), ("authority", "2026-05-20", "补录付款", "back"),
        ("authority", "2026-10-21", "三期验收", "ok"), ("supervisor", "2026-11-10", "检查责令改正", ""), ("authority", "2026-11-21", "付款逾期", "bad"),
        ("supervisor", "2026-11-26", "计划检查", "todo"), ("contractor", "2026-12-15", "申请竣工验收", "todo"),
    ], 1)
]  # fmt: skip
RING = [
    {"name": "签署", "state": "done", "note": "完成"}, {"name": "检查", "state": "open", "note": "5/6"},
    {"name": "认定", "state": "late", "note": "1 件待办"}, {"name": "惩戒", "state": "none", "note": "未发生"},
    {"name": "修复", "state": "none", "note": "未发生"}, {"name": "闭环", "state": "todo", "note": "未到"},
]  # fmt: skip
COUNTS = {"2026-11-19": {"late": 1}, "2026-11-20": {"late": 1}, "2026-11-25": {"due": 2}, "2026-11-26": {"due": 3}, "2026-12-15": {"due": 5}}
FIELDS: list[dict[str, Any]] = [
    {"name": "name", "label": "合同名称", "required": True, "value": "青年渠末级渠道清淤服务（2027）", "autocomplete": "off"},
    {"name": "code", "label": "乙方统一社会信用代码", "kind": "code", "required": True, "value": "91440800MA4X00000X", "maxlength": 18,
     "size": 22, "hint": "18 位；不含字母 I、O、S、V、Z", "error": "第 18 位校验码应为 Y，您填的是 X。请对照营业执照。"},
    {"name": "value", "label": "合同金额", "kind": "money", "required": True, "value": {"amount": "860.00", "unit": "wan"},
     "error": "不能大于中标金额 86.00 万元。"},
    {"name": "signed_on", "label": "签订日期", "kind": "date", "value": "2026-11-20"},
    {"name": "ends_on", "label": "期满日期", "kind": "date", "value": "2026.3.31", "error": ["早于签订日期 2026-11-20。", "日期应写作 2026-04-29"]},
    {"name": "size", "label": "乙方规模", "kind": "radio", "required": True, "value": "small", "hint": "决定付款期限上限",
     "options": [("small", "中小微企业", "付款最长 30 日，约定的最长 60 日"), ("large", "其他")]},
    {"name": "type", "label": "合同类型", "kind": "select", "required": True, "options": [("SG", "施工"), ("FW", "服务")], "value": "FW"},
    {"name": "measures", "label": "惩戒措施", "kind": "multi", "options": [(f"M-{n:02}", f"措施 {n}") for n in range(1, 11)], "value": ["M-03"]},
    {"name": "procurement", "label": "适用政府采购法", "kind": "checkbox", "value": True, "hint": "决定要不要公开和备案"},
    {"name": "facts", "label": "事实", "kind": "textarea", "value": "桩号 K1+260 处 <填料> 松散", "hint": "写看到的事实，不写结论"},
    {"name": "obligations", "label": "履约义务", "kind": "rows", "rows": [
        [{"name": "title", "label": "内容", "required": True, "value": "一期 清基"}, {"name": "due_on", "label": "到期日", "kind": "date", "value": "2026-03-31"},
         {"name": "value", "label": "应付", "kind": "money", "value": "14479500"}],
        [{"name": "title", "label": "内容", "required": True, "error": "必须填写"}, {"name": "due_on", "label": "到期日", "kind": "date"},
         {"name": "value", "label": "应付", "kind": "money"}]]},
    {"name": "payments", "label": "付款安排", "kind": "rows", "rows": []},
    {"name": "photos", "label": "照片", "kind": "photo", "accept": "image/*", "value": [{"digest": "sha256:9c1e", "name": "伸缩缝.jpg", "size": 2_400_000}]},
    {"name": "papers", "label": "材料", "kind": "file", "required": True, "error": "还缺一件：缴款书"},
    {"name": "rate", "label": "比例（%）", "kind": "number", "value": "2.4", "min": "2", "max": "2.6"},
]  # fmt: skip
ITEMS = [
    {"n": 4, "on": "2026-12-15", "text": Markup("<b>乙方</b>应提出竣工验收申请。"), "tone": "todo", "small": "合同第 14.1 条"},
    {"n": 3, "on": "2026-11-21", "text": "第三期进度款自本日起逾期。", "tone": "late", "id": "e3"},
    {"n": 2, "on": "2026-10-21", "text": "甲方验收第三期，合格。", "tone": "ok", "id": "e2"},
    {"n": 1, "on": "2026-01-12", "text": "签订合同。", "tone": "ok", "id": "e1"},
]
FOOTER = {"events": 18204, "checkpoint": "18204-7f3ca91e", "signed": True, "lag": 0}
NAV = [{"href": "/", "label": "待办", "current": True, "count": 11}, {"href": "/contracts", "label": "合同", "current": False, "count": None}]
WEEKS = [{"on": date.fromordinal(date(2026, 1, 5).toordinal() + 7 * n), "n": n * 7 % 11} for n in range(46)]
LETTER = {
    "issuer": "沐江市水务局", "number": "沐水罚〔2026〕3号", "title": "行政处罚决定书", "to": "沐江禹川水利建设有限公司",
    "paragraphs": ["本局于2025年11月24日对你单位承建的石桥水库灌区干渠衬砌工程进行检查，并于2025年12月8日立案调查。" * 3] * 5,
    "signed_by": "沐江市水务局", "signed_on": date(2026, 3, 2), "verify_url": "http://127.0.0.1:8000/public/verify?code=LT-2026-0003",
    "verify_code": "LT-2026-0003-5D1B", "hash": "5d1b 90e2 c47a 18f3 6b0c 2ea9", "position": 10641,
}  # fmt: skip
CHANGES = [{"on": datetime(2026, 11, 23, 10, 12, tzinfo=ZONE), "who": "何砚秋", "text": "补录了一笔付款。",
            "fields": [{"label": "已付", "before": "0.00", "after": "1,447.95 万元"}]}]  # fmt: skip


def frame(request: Request) -> Mapping[str, Any]:
    if request.url.path == "/broken-frame":
        raise RuntimeError("the stores are silent")
    who = {"name": "林知夏", "role": "监管员", "region": "沐江市（全市）", "read_only": request.url.path == "/pictures"}
    return {"authority": "沐江市水务局", "note": "演示数据", "who": who, "nav": NAV, "footer": FOOTER, "trial": True}


def sample_app(**options: Any) -> Starlette:
    looks = Looks(frame=frame, today=lambda: TODAY, **options)
    for room in map(looks._room, LANGUAGES):
        room.loader = ChoiceLoader([room.loader, FileSystemLoader(PAGES)])  # type: ignore[list-item]

    def page(template: str, status: int = 200, block: str | None = None, **shown: Any) -> Any:
        return lambda request: looks.render(request, template, status, block, **shown)

    def act(request: Request) -> Response:
        return leave_note(RedirectResponse("/parts", 303), "事件 {n} 条", n=3)

    def fail(request: Request) -> Response:
        raise ZeroDivisionError("a secret of ours")

    def stop(request: Request) -> Response:
        raise HTTPException(request.path_params["status"])

    signed_out = {"who": None, "nav": [], "authority": "沐江市水务局", "note": "", "footer": FOOTER, "trial": False}
    demo = [{"name": "city-supervisor", "role": "监管员", "region": "沐江市（全市）"}]
    parts = [{"label": "日志", "tone": "done", "text": "完好"}, {"label": "视图", "tone": "late", "text": "停在事件 77"}]
    now = {"as_of": TODAY, "known_at": TODAY, "now": True, "weeks": WEEKS}
    past = {**now, "as_of": date(2026, 6, 30), "known_at": date(2026, 5, 20), "now": False}
    every = [
        Route("/parts", page("parts.html", loops_shown=LOOPS)),
        Route("/pictures", page("pictures_page.html", lanes=LANES, dots=DOTS, ring=RING, counts=COUNTS, time=past)),
        Route("/form", page("form_page.html", 422, "form", fields=FIELDS, problems=[{"detail": "还不到可以申请的日期。", "basis": BASIS}])),
        Route("/deadline", page("deadline_page.html", due=DECISION, items=ITEMS, time=now)),
        Route("/empty", page("empty_page.html")),
        Route("/changed", page("changed.html", 409, changes=CHANGES, fields=FIELDS[:2], action="/act", seen=42, idempotency="k", back="/parts")),
        Route("/letter", page("letters/letter.html", letter=LETTER, back={"href": "/parts", "label": "回到案件"})),
        Route("/sign-in", page("sign_in.html", next="/", account="lin", error="账号或密码不对", demo=demo, password="Lvyue-demo-2026",
                               frame=signed_out)),
        Route("/status", page("status.html", parts=parts, facts=[("事件", "18,204")], checked=datetime(2026, 11, 23, 10, 0, tzinfo=ZONE))),
        Route("/act", act, methods=["POST"]),
        Route("/fail", fail),
        Route("/stop/{status:int}", stop),
        Route("/broken-frame", page("empty_page.html")),
    ]  # fmt: skip
    app = Starlette(routes=[*every, *routes(looks)])
    install(app, looks)
    app.add_middleware(Guard, source=options.get("source", "cdn"))
    return app


VISITED = ("/parts", "/pictures", "/form", "/deadline", "/empty", "/changed", "/letter", "/sign-in", "/status", "/help", "/stop/404")
