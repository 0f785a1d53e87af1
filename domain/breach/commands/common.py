"""What the commands of a case share: the case as somebody may see it, the law of the day, accounts and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from domain.access.account import Account, account_id
from domain.access.acting import acting, counts_as
from domain.act import Act
from domain.actor import NotYourRole
from domain.breach.case import Case, Law
from domain.index import Index, Numbers, numbers_id
from domain.ledger import MovedOn, NotThere, stream_id
from domain.rules import Broken, RuleBroken
from domain.values.document_number import normalise

KEEPERS = ("supervisor",)
DECIDERS = ("decider",)


def account_of(act: Act, named: str, pointer: str, roles: Sequence[str] = (), region: str | None = None) -> str:
    """The account id behind a name or an id. Refused when there is none, or it does not hold one of the roles there."""
    found = act.ledger.find(Account, account_id(named))
    if found is None and (stream := _uuid(named)) is not None:
        found = act.ledger.find(Account, stream)
    if found is None or found.disabled:
        raise RuleBroken([Broken("account_is_known", "没有账户 {name}，或它已停用。", pointer, values={"name": named})])
    who = acting(act.ledger, found.id, act.today)
    if roles and (who is None or not who.holds(roles, region)):
        sentence = "账户 {name} 在本区域没有这个职责。"
        raise RuleBroken([Broken("account_has_that_role", sentence, pointer, values={"name": found.name})])
    return str(found.id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def running_numbers(act: Act, kind: str) -> Numbers:
    stream = numbers_id("office", kind, act.today.year)
    return act.ledger.find(Numbers, stream) or Numbers(stream)


def kept(act: Act, case_id: UUID, roles: Sequence[str]) -> Case:
    """The case as this person saw it. A decider from above may see a case against an authority below."""
    case: Case = act.ledger.get(Case, case_id)
    act.permit(roles, case.region, case.parties, case_id)
    if act.seen is not None and act.seen != case.version:
        raise MovedOn(case.id, case.version)
    return case


def law_of(act: Act) -> Law:
    return Law(act.book, act.today, act.by, act.actor.regions(DECIDERS), act.via, partial(counts_as, act.ledger))


def number_taken(act: Act, authority: str, number: str, owner: UUID) -> Index:
    key = f"{authority}|{normalise(number)}"
    if act.ledger.find(Index, stream_id("document-number", key)) is not None:
        raise RuleBroken([Broken("document_number_is_free", "文号 {number} 已经使用。", "/document_number", values={"number": number})])
    return Index.of("document-number", key, owner, act.today, **act.said)


def which(case: Case, sanction: UUID | None) -> UUID:
    if sanction is not None:
        return sanction
    return case.sanction.id if case.sanction else UUID(int=0)


def case_of_sanction(act: Act, sanction: UUID) -> Case:
    """The case in which a sanction was decided. Raises NotThere."""
    index = act.ledger.find(Index, stream_id("sanction", str(sanction)))
    if index is None or index.owner is None:
        raise NotThere("sanction", sanction)
    return act.ledger.get(Case, index.owner)


def only_the_system(act: Act) -> None:
    if not act.actor.is_system:
        raise NotYourRole(())
