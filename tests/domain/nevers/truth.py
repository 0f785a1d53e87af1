"""Never 8, second half: what rested on a late or corrected fact is told to its case, and no case is closed over it."""

from __future__ import annotations

from uuid import UUID

from domain.breach import events as b
from domain.contract import events as c
from domain.events import Event, Told, as_corrected
from tests.domain.nevers.never import Never
from tests.domain.office import Office

PRICE = 300_000
HEARD: tuple[type[Event], ...] = (b.CaseOpened, b.NoticeServed, b.StatementReceived, b.HearingHeard)
RESTED: dict[type[Event], tuple[type[Event], ...]] = {
    b.BreachConfirmed: HEARD, b.CaseDismissed: HEARD, b.SanctionDecided: (*HEARD, b.LegalReviewPassed), b.SanctionPublished: (*HEARD, b.SanctionServed),
}  # fmt: skip


def truth_is_answered(office: Office, contract: UUID, cases: list[UUID], payments: bool) -> None:
    """Told from the log alone, in another way than the product's."""
    of_contract = office.ledger.of([contract])[contract]
    for case in cases:
        told = office.ledger.of([case])[case]
        for place, fact in [*_of_the_case(told), *(_of_payments(told[0], of_contract) if payments else ())]:
            if not any(isinstance(one.event, b.DecisionTouched) and one.event.position == place.position and one.position > place.position for one in told):
                what = f"{place.event.topic} at {place.position} rests on what {fact.event.topic} at {fact.position} says otherwise"
                raise Never(8, f"{what}, and nobody is told")
        _closed_over_nothing(told)


def _of_the_case(told: list[Told]) -> list[tuple[Told, Told]]:
    found = []
    for fact in told:
        for place in told[: fact.version - 1]:
            if isinstance(fact.event, RESTED.get(type(place.event), ())):
                corrects = fact.event.corrects
                if corrects < place.version if corrects is not None else fact.event.day < place.event.day:
                    found.append((place, fact))
    return found


def _of_payments(opened: Told, of_contract: list[Told]) -> list[tuple[Told, Told]]:
    """A finding that the authority had not paid, where it had."""
    assert isinstance(opened.event, b.CaseOpened)
    if opened.event.behaviour != "GOV-01":
        return []

    def paid(told: list[Told]) -> bool:
        stands = [one.event for one in as_corrected(told)]
        made = [one.value.amount for one in stands if isinstance(one, c.PaymentMade) and one.ref == "P1" and one.paid_on <= opened.day]
        return sum(made) >= PRICE

    seen: list[tuple[Told, Told]] = []
    for fact in of_contract:
        upto = [one for one in of_contract if one.position <= fact.position]
        before = [one for one in upto if one.position < fact.position]
        then = [one for one in of_contract if one.position < opened.position]
        late = isinstance(fact.event, c.PaymentMade) and fact.position > opened.position
        if late and paid(upto) != paid(before) and paid(upto) != paid(then) and (fact.event.corrects is not None or fact.event.day < opened.day):
            seen.append((opened, fact))
    return seen


def _closed_over_nothing(told: list[Told]) -> None:
    waiting: set[UUID] = set()
    for one in told:
        match one.event:
            case b.DecisionTouched(touch=touch):
                waiting.add(touch)
            case b.TouchAnswered(touch=touch):
                waiting.discard(touch)
            case b.CaseClosed() if waiting:
                raise Never(8, "a case was closed over what is not answered")
