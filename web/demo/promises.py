"""Credit commitments on the stage: reported by the firm, looked at by the office, mostly kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain.party import commitments
from domain.party.commitment import Commitment
from domain.party.rules.commitment import OPEN
from domain.values.party import PartyRef
from web.demo.people import SCHEME
from web.demo.stage import SUPERVISORS, Script, Stage, body_of
from web.demo.terms import Terms

MATTERS = (("农民工工资按月足额支付", "按月足额支付农民工工资，专户管理，不拖欠、不挪用。"),
           ("不转包、不违法分包", "主体工程自行完成，依法分包并报备，不转包。"),
           ("关键岗位人员到岗", "项目经理和技术负责人每月在岗不少于二十二日。"), ("汛期施工安全", "落实防汛预案和值班，汛期不在河道内堆放物料。"))  # fmt: skip
LIABILITY = "没有兑现的，同意记入信用档案，并按合同约定承担责任。"
REPORTS = ("承诺事项已经做到，附有关凭证", "一年来没有再发生同类问题", "按承诺履行完毕，请核查")
SEEN = ("查阅台账，属实", "现场核对，与报告一致", "抽查资料，没有发现问题")
BROKEN = ("抽查发现两个月的工资没有按时发放", "关键岗位人员缺岗，承诺没有做到", "同类问题再次发生")


def with_contract(stage: Stage, terms: Terms, index: int, contract: UUID) -> None:
    """Now and then a firm promises something more than the contract says, on the day that it is signed."""
    own = stage.rng("promise", index)
    if own.randrange(100) >= 9 or terms.ends_on is None:
        return
    matter, text = own.choice(MATTERS)
    firm = terms.firms[0].contractor(True)
    asked: dict[str, Any] = {
        "kind": "09",
        "matter": matter,
        "text": text,
        "liability": LIABILITY,
        "ends_on": terms.ends_on,
        "contract": contract,
        "sides": lambda _: [firm.ref],
    }
    made = stage.do(SUPERVISORS[terms.region], lambda act: commitments.make_commitment(
        act, PartyRef(firm.scheme, firm.id), PartyRef(SCHEME, body_of(terms.region).code), **asked))  # fmt: skip
    follow(stage, made.id, SUPERVISORS[terms.region], SUPERVISORS[terms.region], terms.ends_on, own)


def follow(stage: Stage, commitment: UUID, keeper: str, firm: str, last: date, own: Random) -> None:
    """Let a commitment go its way; `firm` is the account that reports for it, `last` its last day."""
    stage.play(_way(stage, commitment, keeper, firm, last, own), own)


def _way(stage: Stage, commitment: UUID, keeper: str, firm: str, last: date, own: Random) -> Script:
    yield stage.working(last - timedelta(days=own.randrange(1, 40)))
    if stage.office.ledger.get(Commitment, commitment).status in OPEN:
        yield from _judged(stage, commitment, keeper, firm, last, own)


def _judged(stage: Stage, commitment: UUID, keeper: str, firm: str, last: date, own: Random) -> Iterator[date]:
    if own.randrange(100) < 60:
        stage.do(firm, lambda act: commitments.report_commitment(act, commitment, text=own.choice(REPORTS)))
    else:
        yield stage.working(last + timedelta(days=1))
    if own.randrange(100) < 6:
        return  # nobody has looked yet
    yield stage.working_days(own.randrange(1, 9))
    if own.randrange(100) < 92:
        stage.do(keeper, lambda act: commitments.keep_commitment(act, commitment, note=own.choice(SEEN)))
    else:
        stage.do("decider", lambda act: commitments.break_commitment(act, commitment, facts=own.choice(BROKEN)))
