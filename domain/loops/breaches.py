"""A breach of procedure 违反程序: what the office did after its day, or against a rule, stays owed an answer, by somebody else.

It is a finding against the authority: on a desk and in the check of conformance, in nobody's file, and no case waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from domain.breach import events as b
from domain.contract.events import ContractAmended
from domain.events import Event
from domain.loops.shape import Facts, Loop, Open, Opening
from domain.party.events import CommitmentWithdrawn
from domain.policy.missing import NoSuchRule

if TYPE_CHECKING:
    from domain.policy.book import Book

KIND = "procedure_breach"
RULE = "office.procedure_breach"
OFFICE = frozenset({"supervisor", "decider", "legal", "chair"})
OUTSIDE = frozenset({"repair_synchronisation"})  # done when others have acknowledged it
STAGES = frozenset({"signing", "checks", "findings", "sanctions", "repair"})  # of a contract: its publication and filing, its checks
MOOT = (b.CaseDismissed, b.ReferralAnswered, b.TransferredToAuthority, b.CaseClosed, ContractAmended, CommitmentWithdrawn)  # end what was still owed, rightly


def _found(e: b.ProcedureBreachFound, f: Facts) -> Iterable[Opening]:
    yield Opening(e.loop, start=e.found_on, rule=RULE, title=e.rule)


BREACH = (
    Loop(KIND, "违反程序", "findings", "decider", "procedure", {b.ProcedureBreachFound: _found}, {b.ProcedureAnswered: lambda e, f: [e.loop]},
         holds_case=False),
)  # fmt: skip


def breach_of(loop: Loop, one: Open, event: Event, book: Book) -> Opening | None:
    """What is opened where an event closes a loop of the office after its day; none while no pack held a rule for it."""
    late = one.due_on is not None and event.day > one.due_on and not loop.window
    if not late or one.owed_by not in OFFICE or one.stage not in STAGES or one.kind in (KIND, *OUTSIDE) or isinstance(event, MOOT):
        return None
    if one.stage == "checks" and event.via == "import":  # of checks before a history was brought in nothing is known
        return None
    try:
        rule = book.rule_if_any(RULE, event.day)
    except NoSuchRule:
        return None
    return Opening(f"{one.kind}:{one.key}", start=event.day, rule=RULE, title=one.kind) if rule is not None else None
