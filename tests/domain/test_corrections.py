"""更正: the same event said again, in the old place, by those who may, and only what may be said again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actor import NotYourRole
from domain.aggregate import Aggregate
from domain.breach import commands as breach
from domain.breach.case import Case
from domain.breach.events import CaseOpened, LegalReviewPassed, NoticeServed, SanctionDecided, SanctionServed, StatementReceived
from domain.contract import commands as contracts
from domain.contract.contract import Contract
from domain.contract.events import CheckCarriedOut, ContractSigned, FindingRecorded, PaymentMade
from domain.corrections import correct, may_be_corrected, rules
from domain.events import Event, Told, as_corrected
from domain.party.events import PartyRenamed
from domain.party.party import Party, party_id
from domain.refusals import MovedOn, NotThere
from domain.repair import commands as repairs
from domain.repair.events import Missing, RepairApplied, SupplementRequested
from domain.repair.repair import Repair
from domain.terms import CheckItem, PaymentTerm
from tests.domain.office import DIGEST, FIRM_A, A, Office, applied, day, noticed, published, yuan
from tests.domain.scenario import broken_by, rules_of

KEEPER = "county-supervisor"


def position_of(office: Office, stream: UUID, kind: type[Event]) -> int:
    return next(one.position for one in office.ledger.of([stream])[stream] if isinstance(one.event, kind))


def say(office: Office, kind: type[Aggregate], stream: UUID, event: type[Event], field: str, value: Any, reason: str = "录入有误",
        who: str = KEEPER) -> Any:  # fmt: skip
    return office.ask(who, correct, kind, stream, position_of(office, stream, event), field, value, reason)


def paid(on: str = "2026-05-20") -> tuple[Office, UUID]:
    office = Office()
    contract = office.at("2026-01-12").contract(payments=[PaymentTerm("P1", yuan(300_000), "M1", 30), PaymentTerm("P2", yuan(700_000), "M2")])
    office.at(on).ask(KEEPER, contracts.fulfil_obligation, contract, "M1", fulfilled_on=day("2026-03-02"))
    office.ask(KEEPER, contracts.record_payment, contract, ref="P1", value=yuan(200_000), paid_on=day("2026-04-30"))
    return office, contract


def test_said_again_in_the_old_place() -> None:
    office, contract = paid()
    head = office.ledger.head()
    say(office, Contract, contract, PaymentMade, "paid_on", "2026-03-30")
    told = office.ledger.of([contract])[contract]
    assert (told[-1].event.corrects, told[-1].event.reason, told[-1].event.by) == (3, "录入有误", office.id_of(KEEPER))
    assert [one.event.day for one in as_corrected(told)] == [day("2026-01-12"), day("2026-03-02"), day("2026-03-30")]
    assert office.ledger.head() == head + 1


def test_a_correction_of_a_correction_names_the_root() -> None:
    office, contract = paid()
    say(office, Contract, contract, PaymentMade, "value", {"amount": "250000.00", "currency": "CNY"})
    last = office.ledger.of([contract])[contract][-1].position
    office.ask(KEEPER, correct, Contract, contract, last, "value", {"amount": "260000.00", "currency": "CNY"}, "再核")
    told = office.ledger.of([contract])[contract]
    assert [one.event.corrects for one in told[-2:]] == [3, 3]
    assert office.ledger.get(Contract, contract).left("P1") == 40_000


def test_a_finding_and_its_case_say_the_same() -> None:
    office, case = noticed()
    contract = office.ledger.get(Case, case).contract
    assert contract is not None
    say(office, Contract, contract, FindingRecorded, "occurred_on", "2026-04-01")
    assert office.ledger.get(Case, case).occurred_on == day("2026-04-01")
    say(office, Case, case, CaseOpened, "facts", "砂浆强度为设计值的八成")
    found = [one for one in office.events(contract) if isinstance(one, FindingRecorded)]
    assert (found[0].facts, found[0].occurred_on) == ("砂浆强度为设计值的八成", day("2026-04-01"))


def test_who_recorded_it_stays_one_who_recorded_it() -> None:
    """A correction by another does not free the first for deciding (never 2)."""
    office, case = noticed()
    office.at("2026-04-10").ask("everything", correct, Case, case, position_of(office, case, CaseOpened), "facts", "新的说法", "更清楚")
    found = office.ledger.get(Case, case)
    assert found.recorders == {office.id_of(KEEPER), office.id_of("everything")}
    assert found.keeper == office.id_of(KEEPER)
    assert broken_by(lambda: office.ask("everything", breach.dismiss_case, case, grounds="x")) == {"not_one_who_recorded_it"}


def test_who_brought_the_evidence_of_a_check_stays_so() -> None:
    office = Office()
    contract = office.at("2026-01-12").contract()
    _, check = office.ask(KEEPER, contracts.plan_check, contract, office.today)
    items = [CheckItem("CK-07", "fail", "x", [DIGEST])]
    office.ask("everything", contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=items)
    say(office, Contract, contract, CheckCarriedOut, "note", "补充")
    case = office.finding(contract, check=check)
    assert office.id_of("everything") in office.ledger.get(Case, case).recorders


def test_a_renaming_said_again() -> None:
    from domain.party import commands as parties

    office = Office()
    office.at("2026-01-12").contract()
    office.at("2026-03-02").ask(KEEPER, parties.rename_party, "CN-USCC", FIRM_A.id, "新名", day("2026-02-01"))
    say(office, Party, party_id("CN-USCC", FIRM_A.id), PartyRenamed, "name", "新名公司")
    assert office.ledger.get(Party, party_id("CN-USCC", FIRM_A.id)).name == "新名公司"


# -- refused


def on_payment(field: str, value: Any, reason: str = "录入有误") -> Callable[[], Any]:
    return lambda: say(*_with(paid(), Contract), PaymentMade, field, value, reason)


def on_case(event: type[Event], field: str, value: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, case, _ = published()
        return say(office, Case, case, event, field, value)

    return act


def _with(made: tuple[Office, UUID], kind: type[Aggregate]) -> tuple[Office, type[Aggregate], UUID]:
    return made[0], kind, made[1]


def by_one_who_dismissed_it(kind: type[Aggregate], event: type[Event]) -> Callable[[], Any]:
    def act() -> Any:
        office, case = noticed()
        office.at("2026-04-20").ask("everything", breach.dismiss_case, case, grounds="情节轻微")
        stream = case if kind is Case else office.ledger.get(Case, case).contract
        return say(office, kind, stream, event, "facts", "新的说法", who="everything")

    return act


OTHER = "91440800MA4X000012"
TABLE: dict[str, Callable[[], Any]] = {
    "field_is_one_of_its_own": on_payment("colour", "red"),
    "field_may_be_said_again": on_case(CaseOpened, "party", A),
    "event_is_no_decision": on_case(SanctionDecided, "decided_on", "2026-04-28"),
    "correction_has_a_reason": on_payment("paid_on", "2026-03-30", " "),
    "value_fits_the_field": on_payment("paid_on", "yesterday"),
    "something_changes": on_payment("paid_on", "2026-04-30"),
    "who_contracted_stays": lambda: say(*_with(paid(), Contract), ContractSigned, "contractors", [{"scheme": "CN-USCC", "id": OTHER, "name": "乙"}]),
    "corrected_day_has_come": on_payment("paid_on", "2026-05-21"),
    "corrected_day_keeps_the_order": on_payment("paid_on", "2026-01-11"),
    "another_person_says_again_what_was_found": by_one_who_dismissed_it(Case, CaseOpened),
}


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_who_judged_a_case_leaves_its_finding_in_the_contract_to_others_too() -> None:
    assert broken_by(by_one_who_dismissed_it(Contract, FindingRecorded)) == {"another_person_says_again_what_was_found"}


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) == TABLE.keys()


@pytest.mark.parametrize("field", ["by", "via", "corrects", "reason"])
def test_what_an_event_says_of_itself_is_nobodys_to_change(field: str) -> None:
    assert "field_is_one_of_its_own" in broken_by(on_payment(field, "x"))


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (on_payment("value", {"amount": "300000.01", "currency": "CNY"}), "payment_is_not_too_much"),
        (on_payment("value", {"amount": "200000.00", "currency": "USD"}), "payment_is_in_its_currency"),
        (on_payment("ref", "P9"), "payment_is_in_the_contract"),
        (on_payment("value", {"amount": "-1", "currency": "CNY"}), "value_fits_the_field"),
        (on_case(NoticeServed, "served_on", "2026-04-14"), "corrected_day_keeps_the_order"),
        (on_case(StatementReceived, "received_on", "2026-04-08"), "corrected_day_keeps_the_order"),
        (on_case(SanctionServed, "served_on", "2026-05-13"), "corrected_day_keeps_the_order"),
        (on_case(CaseOpened, "evidence", []), "field_may_be_said_again"),
        (on_case(CaseOpened, "kind", "civil"), "field_may_be_said_again"),
    ],
)
def test_the_new_wording_obeys_the_old_rules(act: Callable[[], Any], rule: str) -> None:
    assert rule in broken_by(act)


def test_a_later_payment_counts_too() -> None:
    office, contract = paid()
    office.ask(KEEPER, contracts.record_payment, contract, ref="P1", value=yuan(100_000))
    assert broken_by(lambda: say(office, Contract, contract, PaymentMade, "value", {"amount": "200000.01", "currency": "CNY"})) == {
        "payments_stay_within_their_terms"
    }
    assert "payments_stay_within_the_value" in broken_by(
        lambda: say(office, Contract, contract, ContractSigned, "value", {"amount": "1.00", "currency": "CNY"})
    )


def test_who_may() -> None:
    office, contract = paid()
    with pytest.raises(NotThere):
        say(office, Contract, contract, PaymentMade, "paid_on", "2026-03-30", who="county2-supervisor")
    with pytest.raises(NotYourRole):
        say(office, Contract, contract, PaymentMade, "paid_on", "2026-03-30", who="company-a")
    office, case, _ = published()
    with pytest.raises(NotYourRole):
        say(office, Case, case, LegalReviewPassed, "opinion", "不同意", who="legal2")
    say(office, Case, case, LegalReviewPassed, "opinion", "同意，注意送达", who="legal")
    assert office.ledger.get(Case, case).reviewers == {office.id_of("legal")}


def test_what_is_not_there_and_what_moved_on() -> None:
    office, contract = paid()
    with pytest.raises(NotThere):
        office.ask(KEEPER, correct, Contract, contract, 1, "paid_on", "2026-03-30", "x")
    act = office.act(KEEPER, seen=1)
    with pytest.raises(MovedOn):
        correct(act, Contract, contract, position_of(office, contract, PaymentMade), "paid_on", "2026-03-30", "x")


def test_of_a_repair() -> None:
    office, _, repair = applied()
    say(office, Repair, repair, RepairApplied, "commitment", "保证不再发生")
    assert office.ledger.get(Repair, repair).applicants == {office.id_of("company-a"), office.id_of(KEEPER)}
    office.at("2026-07-30").ask(KEEPER, repairs.request_supplement, repair, items=[Missing("fulfilment_proof", "?")])
    assert "corrected_day_keeps_the_order" in broken_by(lambda: say(office, Repair, repair, SupplementRequested, "requested_on", "2026-07-28"))


def test_forms_know_what_may_be_said_again() -> None:
    office, case, _ = published()
    served = next(one for one in office.events(case) if isinstance(one, NoticeServed))
    decided = next(one for one in office.events(case) if isinstance(one, SanctionDecided))
    assert may_be_corrected(served, "served_on")
    assert not may_be_corrected(served, "hearing")
    assert not may_be_corrected(decided, "decided_on")


# -- the fold


def payments(draw: Callable[..., Any], n: int) -> list[PaymentMade]:
    return [
        PaymentMade(ref=draw(st.sampled_from(["P1", "P2"])), paid_on=date(2026, 2, 1) + timedelta(draw(st.integers(0, 99))),
                    value=yuan(draw(st.integers(1, 9))), by="x")
        for _ in range(n)
    ]  # fmt: skip


SIGNED = next(iter(Office.events(*paid())))


@st.composite
def histories(draw: Any) -> tuple[list[Event], list[Event]]:
    """What was told, with corrections anywhere after what they correct; and what should have been told."""
    signed = SIGNED
    first = payments(draw, draw(st.integers(1, 5)))
    told, right = [signed, *first], [signed, *first]
    roots = list(range(1, len(told)))  # index in `told` of each fact, root first
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            told += (more := payments(draw, 1))
            roots.append(len(told) - 1)
            right += more
            continue
        which = draw(st.integers(0, len(roots) - 1))
        again = payments(draw, 1)[0]
        links = [n + 1 for n in range(len(told)) if n == roots[which] or told[n].corrects == roots[which] + 1]
        corrected = PaymentMade(ref=again.ref, paid_on=again.paid_on, value=again.value, by="y", corrects=draw(st.sampled_from(links)), reason="r")
        told.append(corrected)
        right[which + 1] = corrected
        for later in range(len(told)):  # a correction of a correction stands for the root as well
            if told[later].corrects in links:
                links.append(later + 1)
    return told, right


@settings(max_examples=60, deadline=None)
@given(histories())
def test_an_event_that_corrects_folds_in_the_old_place(history: tuple[list[Event], list[Event]]) -> None:
    told, right = history
    stream = UUID(int=1)
    envelopes = [Told(stream, n, event) for n, event in enumerate(told, 1)]
    latest = as_corrected(envelopes)
    assert [one.event for one in latest] == right
    assert [one.version for one in latest] == sorted(one.version for one in latest)
    lived = Contract(stream)
    for event in told:
        lived.happen(event)
    retold = Contract.folded(None, envelopes)
    said = [msgspec.structs.replace(event, corrects=None) for event in right]
    straight = Contract.folded(None, [Told(stream, n, event) for n, event in enumerate(said, 1)])
    assert retold is not None
    assert straight is not None
    assert lived.paid == retold.paid == straight.paid
    assert lived.version == retold.version == len(told)
    assert [one.version for one in lived.pending_events] == list(range(1, len(told) + 1))
