"""What may be asked of parties."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from domain.act import Act
from domain.party import commands
from web.acts.doing import Body, Doing, Outcome, Target
from web.acts.values import Day, MoneyIn, Region, Short, Text, party_ref, ui
from web.looks.tongue import lazy

KEEPERS = ("supervisor",)


class Party(Body):
    scheme: Short = ui(lazy("代码类别"), default="CN-USCC")
    id: Short = ui(lazy("统一社会信用代码"), "code")
    name: Short = ui(lazy("名称"))
    size: Literal["large", "medium", "small", "micro"] | None = ui(lazy("企业规模"), "select", options="sizes", default=None)
    region: Region | None = ui(lazy("行政区划"), "select", options="regions", default=None)


def register(act: Act, target: Target, body: Party) -> Outcome:
    ref = party_ref(body.scheme, body.id)
    return Outcome(commands.register_party(act, ref.scheme, ref.id, body.name, size=body.size, region=body.region).id)


class Renaming(Body):
    name: Short = ui(lazy("新名称"))
    renamed_on: Day | None = ui(lazy("更名日期"), "date", default=None)


def rename(act: Act, target: Target, body: Renaming) -> Outcome:
    return Outcome(commands.rename_party(act, *_named(target), body.name, body.renamed_on or act.today).id)


def _named(target: Target) -> tuple[str, str]:
    return target.places["scheme"], target.places["code"]


class CreditCheck(Body):
    purpose: Text = ui(lazy("查询目的"))


def check(act: Act, target: Target, body: CreditCheck) -> Outcome:
    return Outcome(commands.check_credit(act, *_named(target), body.purpose).id)


class Grade(Body):
    scheme: Short = ui(lazy("评价体系"))
    grade: Short = ui(lazy("等级"))
    graded_by: Short = ui(lazy("评价机构"))
    valid_until: Day | None = ui(lazy("有效期至"), "date", default=None)
    received_on: Day | None = ui(lazy("收到日期"), "date", default=None)


class GoodBehaviour(Body):
    code: Short = ui(lazy("良好行为"), "select", options="good_behaviours")
    level: Short = ui(lazy("级别"), default="")
    recognised_by: Short = ui(lazy("认定机构"))
    note: Text = ui(lazy("说明"), "textarea", default="")
    recognised_on: Day | None = ui(lazy("认定日期"), "date", default=None)


def _dated(command: Any, day: str) -> Any:
    def run(act: Act, target: Target, body: Body) -> Outcome:
        terms = body.model_dump()
        on = terms.pop(day) or act.today
        return Outcome(command(act, *_named(target), on, **terms).id)

    return run


class Disclosure(Body):
    year: Annotated[int, Field(ge=2000, le=2199)] = ui(lazy("公开的是哪一年"), "number")
    contracts: Annotated[int, Field(ge=0, le=1_000_000)] = ui(lazy("逾期未付中小企业款项的合同数量"), "number")
    amount: MoneyIn = ui(lazy("逾期未付的金额"), "money")
    place: Short = ui(lazy("在哪里公开"), hint=lazy("网址、报刊等便于公众知晓的地方"))
    disclosed_on: Day | None = ui(lazy("公开日期"), "date", default=None)


def disclose(act: Act, target: Target, body: Disclosure) -> Outcome:
    return Outcome(
        commands.disclose_overdue(
            act, *_named(target), year=body.year, contracts=body.contracts, amount=body.amount.money(), place=body.place, disclosed_on=body.disclosed_on
        ).id
    )


DOINGS: tuple[Doing, ...] = (
    Doing("parties", "", Party, register, KEEPERS, lazy("登记主体"), page="new"),
    Doing("parties", "/renaming", Renaming, rename, KEEPERS, lazy("登记更名"), (lazy("历史记录仍在同一代码之下。"),)),
    Doing("parties", "/credit-checks", CreditCheck, check, ("supervisor", "decider", "legal"), lazy("查询信用"), (lazy("这次查询和目的会留下记录。"),)),
    Doing("parties", "/grades", Grade, _dated(commands.receive_grade, "received_on"), KEEPERS, lazy("登记信用等级")),
    Doing("parties", "/good-behaviour", GoodBehaviour, _dated(commands.record_good_behaviour, "recognised_on"), KEEPERS, lazy("登记良好行为")),
    Doing("parties", "/disclosures", Disclosure, disclose, KEEPERS, lazy("登记逾期款项公开"), (lazy("这一年的公开闭环；下一年的从次年一月一日起计。"),)),
)  # fmt: skip
