"""What may be asked of credit commitments."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from domain.act import Act
from domain.contract.commands import contract_numbered
from domain.contract.contract import Contract
from domain.party import commitments as commands
from domain.rules import Broken, RuleBroken
from web.acts.doing import Body, Doing, Outcome, Target
from web.acts.passing import passes
from web.acts.values import Day, Digest, Short, Text, ref_of, ui
from web.looks.tongue import lazy

KEEPERS, THEIRS, JUDGES = ("supervisor",), ("applicant", "supervisor"), ("supervisor", "decider")
UNKNOWN = "没有这份合同，或者不在您的辖区。"


class Commitment(Body):
    kind: Short = ui(lazy("承诺类型"), "select", options="commitment_types")
    party: Short = ui(lazy("作出承诺的主体"), hint=lazy("统一社会信用代码，或“类别:代码”"))
    received_by: Short = ui(lazy("受理单位"), "select", options="receivers")
    matter: Short = ui(lazy("承诺事由"))
    text: Text = ui(lazy("承诺内容"), "textarea", default="")
    liability: Text = ui(lazy("违诺责任"), "textarea", default="")
    made_on: Day | None = ui(lazy("作出承诺的日期"), "date", default=None)
    ends_on: Day | None = ui(lazy("承诺有效期至"), "date", default=None)
    contract: Short | None = ui(lazy("关于哪份合同"), hint=lazy("合同编号；与合同无关的不填"), default=None)
    evidence: list[Digest] = ui(lazy("承诺书"), "file", default_factory=list)


def make(act: Act, target: Target, body: Commitment) -> Outcome:
    received_by = ref_of(body.received_by)
    contract = _contract(act, str(received_by), body.contract) if body.contract else None
    made = commands.make_commitment(
        act, ref_of(body.party), received_by, kind=body.kind, matter=body.matter, text=body.text, liability=body.liability, made_on=body.made_on,
        ends_on=body.ends_on, evidence=body.evidence, contract=contract.id if contract else None, sides=lambda _: _contractors(contract),
    )  # fmt: skip
    return Outcome(made.id)


def _contract(act: Act, authority: str, named: str) -> Contract:
    """By id, or by its number at the authority that took the commitment. Raises RuleBroken for one that this person may not know of."""
    try:
        stream: UUID | None = UUID(named)
    except ValueError:
        stream = contract_numbered(act, authority, named)
    found = act.ledger.find(Contract, stream) if stream is not None else None
    if found is None or not found.number or not act.actor.sees(found.region, found.parties):
        raise RuleBroken([Broken("contract_of_commitment_is_known", UNKNOWN, "/contract")])
    return found


def _contractors(contract: Contract | None) -> Collection[str]:
    return [one.ref for one in contract.contractors] if contract else ()


class Report(Body):
    text: Text = ui(lazy("履行情况"), "textarea")
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)
    reported_on: Day | None = ui(lazy("报告日期"), "date", default=None)


class Fulfilment(Body):
    kept_on: Day | None = ui(lazy("核查日期"), "date", default=None)
    note: Text = ui(lazy("核查情况"), "textarea", default="")
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)


class Breach(Body):
    broken_on: Day | None = ui(lazy("认定日期"), "date", default=None)
    facts: Text = ui(lazy("没有兑现的事实"), "textarea")
    evidence: list[Digest] = ui(lazy("证据"), "photo", default_factory=list)


class Withdrawal(Body):
    reason: Text = ui(lazy("理由"), "textarea")
    withdrawn_on: Day | None = ui(lazy("撤回日期"), "date", default=None)


class Revocation(Body):
    reason: Text = ui(lazy("理由"), "textarea")
    reopened_on: Day | None = ui(lazy("撤销日期"), "date", default=None)


FILE = lazy("记入主体的信用档案。")
DOINGS: tuple[Doing, ...] = (
    Doing("commitments", "", Commitment, make, KEEPERS, lazy("登记信用承诺"), (FILE, lazy("到期以后由监管员核查是否兑现。")), page="new"),
    Doing("commitments", "/report", Report, passes(commands.report_commitment), THEIRS, lazy("报告履行情况"), (lazy("接下来由监管员核查。"),), may="report"),
    Doing("commitments", "/fulfilment", Fulfilment, passes(commands.keep_commitment), KEEPERS, lazy("登记已兑现"), (lazy("这项承诺闭环。"), FILE), may="fulfilment"),
    Doing("commitments", "/breach", Breach, passes(commands.break_commitment), JUDGES, lazy("认定违诺"),
          (FILE, lazy("这里只认定事实；要惩戒的，另在合同里登记发现，走完告知、陈述申辩和决定。")), grave=True, may="breach"),
    Doing("commitments", "/withdrawal", Withdrawal, passes(commands.withdraw_commitment), THEIRS, lazy("撤回承诺"), (lazy("这项承诺不再要求履行；记录留着。"),), grave=True, may="withdrawal"),
    Doing("commitments", "/revocation", Revocation, passes(commands.reopen_commitment), JUDGES, lazy("撤销认定"), (lazy("承诺恢复为履行中；原来的认定和理由都留着。"),), grave=True, may="revocation"),
)  # fmt: skip
