"""Accounts: each rule refuses something; who may act where, and who may know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.access import commands as access
from domain.access import rules
from domain.access.account import Account, account_id, organisation_id
from domain.actor import Grant, NotYourRole
from domain.breach import commands as breach
from domain.contract import commands as contracts
from domain.loops import receipt_of
from domain.party import commands as parties
from domain.refusals import NotThere
from tests.domain.office import CITY, COUNTY, LARGER, SUIXI, A, Office, day, opened, yuan
from tests.domain.scenario import broken_by, rules_of


def create(name: str, *grants: Grant) -> Callable[[], Any]:
    return lambda: Office().ask("administrator", access.create_account, name, "某人", grants=grants)


def to_a_disabled_one() -> Any:
    office = Office()
    office.ask("administrator", access.disable_account, "legal")
    return office.ask("administrator", access.grant_role, "legal", Grant("legal", CITY))


def lend(giver: str, to: str, ends_on: str = "2026-12-31") -> Any:
    return Office().ask(giver, access.grant_delegation, to, ends_on=day(ends_on))


def invited(name: str, has_password: bool) -> Any:
    office = Office()
    return office.ask("administrator", access.invite, name, "", None, office.now, lambda _: has_password)


def disclose(**said: Any) -> Callable[[], Any]:
    def act() -> Any:
        office = registered("2026-01-05")
        given: dict[str, Any] = {"year": 2025, "contracts": 2, "amount": yuan("300.00"), "place": "本局网站"}
        return office.at("2026-03-02").ask("county-supervisor", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, **{**given, **said})

    return act


def registered(on: str) -> Office:
    office = Office().at(on)
    office.ask("administrator", access.register_organisation, SUIXI.scheme, SUIXI.id, SUIXI.name, COUNTY)
    return office


def twice() -> Any:
    office = registered("2026-01-05").at("2026-03-02")
    for _ in range(2):
        office.ask("county-supervisor", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, year=2025, contracts=0, amount=yuan(0), place="本局网站")


TABLE: dict[str, Callable[[], Any]] = {
    "account_name_is_free": create(" Decider "),
    "account_has_a_name": create("a\nb"),
    "role_is_known": create("x", Grant("king", CITY)),
    "grant_has_region_or_party": create("x", Grant("applicant", CITY)),
    "granted_party_is_named_rightly": create("x", Grant("applicant", party="CN-USCC:1")),
    "administrators_do_not_decide": create("x", Grant("administrator", CITY), Grant("decider", CITY)),
    "account_is_in_use": to_a_disabled_one,
    "account_is_there": lambda: invited("nobody", False),
    "account_has_no_password_yet": lambda: invited("decider", True),
    "delegate_is_another_person": lambda: lend("decider", "decider"),
    "administrators_are_no_delegates": lambda: lend("decider", "administrator"),
    "giver_has_something_to_delegate": lambda: lend("company-a", "deputy"),
    "delegation_lies_ahead": lambda: lend("decider", "deputy", "2026-01-04"),
    "disclosure_has_happened": disclose(disclosed_on=day("2026-03-03")),
    "disclosed_year_is_over": disclose(year=2026),
    "year_is_not_disclosed_yet": twice,
    "disclosed_figures_agree": disclose(contracts=0),
    "disclosure_has_a_place": disclose(place=" "),
    "delegation_is_in_force": lambda: Office().ask("decider", access.end_delegation, "deputy"),
}


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) - {"JUDGING"} == TABLE.keys()


def test_a_refused_name_and_a_refused_role_are_told_together() -> None:
    assert broken_by(create(" Decider ", Grant("king", party="CN-USCC:1"))) == {
        "account_name_is_free", "role_is_known", "grant_has_region_or_party", "granted_party_is_named_rightly",
    }  # fmt: skip
    office = Office()
    told = broken_by(lambda: office.ask("administrator", access.invite, "", "", Grant("decider"), office.now, lambda _: False))
    assert told == {"account_has_a_name", "grant_has_region_or_party"}
    assert office.ledger.find(Account, account_id("")) is None


def test_each_year_is_to_be_made_public_by_31_march_of_the_next() -> None:
    """Registered in 2026: that year is owed from 2027 on. Said on 2027-04-02, the next begins with 2028; who is not the office may not."""
    office, stream = registered("2026-03-31"), organisation_id(SUIXI.scheme, SUIXI.id)
    assert office.loops(stream) == {}, "of the years before nothing is known"
    owed = office.all_loops(stream)["disclosure:2026"]
    _, basis = receipt_of(owed, office.book)
    assert basis is not None
    assert (owed.owed_by, owed.due_on, basis.clause) == ("authority", day("2027-03-31"), "《保障中小企业款项支付条例》（国务院令第802号）第十八条")
    said: dict[str, Any] = {"year": 2026, "contracts": 2, "amount": yuan("300.00"), "place": "本局网站"}
    office.at("2027-04-02")
    with pytest.raises(NotYourRole):
        office.ask("county-decider", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, **said)
    with pytest.raises(NotThere):
        office.ask("county2-supervisor", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, **said)
    office.ask("county-supervisor", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, **said)
    assert office.loops(stream) == {}
    assert set(office.loops(stream, on=day("2028-01-01"))) == {"disclosure:2027"}
    assert office.all_loops(stream)["disclosure:2027"].due_on == day("2028-03-31")


def test_no_year_is_skipped_and_none_is_owed_twice() -> None:
    """An earlier year said later on changes nothing; one said out of order is passed over when its turn comes."""
    office, stream = registered("2026-04-01"), organisation_id(SUIXI.scheme, SUIXI.id)
    assert set(office.all_loops(stream)) == {"disclosure:2026"}, "from then on, the first to come due"
    for year, on in ((2024, "2026-05-06"), (2027, "2028-02-01"), (2026, "2028-02-02")):
        office.at(on).ask("county-supervisor", parties.disclose_overdue, SUIXI.scheme, SUIXI.id, year=year, contracts=0, amount=yuan(0), place="x")
        if year != 2026:
            assert set(office.all_loops(stream)) == {"disclosure:2026"}
    assert set(office.all_loops(stream)) == {"disclosure:2028"}
    office.at("2028-06-01").ask("administrator", access.register_organisation, SUIXI.scheme, SUIXI.id, "遂溪县水务和湖泊局", COUNTY)
    assert set(office.all_loops(stream)) == {"disclosure:2028"}, "another name, the same duty"


def test_the_name_of_a_person_is_sealed() -> None:
    office = Office()
    office.ask("administrator", access.create_account, "li", "李四")
    assert office.ledger.get(Account, account_id("li")).display.startswith("sealed:")


def test_a_disabled_account_holds_nothing() -> None:
    office, case = opened()
    office.ask("administrator", access.disable_account, "decider")
    with pytest.raises(NotThere):
        office.ask("decider", breach.dismiss_case, case, grounds="x")


def test_a_role_withdrawn_is_gone() -> None:
    office, _ = opened()
    office.ask("administrator", access.withdraw_role, "decider", Grant("decider", CITY))
    assert office.actor("decider").grants == ()


@pytest.mark.parametrize("who", ["decider", "company-a", "auditor", "legal"])
def test_only_administrators_make_accounts(who: str) -> None:
    with pytest.raises((NotYourRole, NotThere)):
        Office().ask(who, access.create_account, "x", "x")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("county2-supervisor", NotThere), ("company-b", NotThere), ("administrator", NotThere), ("auditor", NotYourRole),
     ("company-a", NotYourRole), ("decider", NotYourRole)],
)  # fmt: skip
def test_who_may_serve_a_notice(who: str, refusal: type[Exception]) -> None:
    """What is not yours is not there; what you may see but not do is not your role."""
    office, case = opened()
    with pytest.raises(refusal):
        office.ask(who, breach.serve_notice, case, proposed=LARGER)


def test_a_county_acts_in_its_own_region_alone() -> None:
    office = Office().at("2026-01-12")
    with pytest.raises((NotThere, NotYourRole)):
        office.contract(who="county2-supervisor", region=COUNTY)
    contract = office.contract()
    with pytest.raises(NotThere):
        office.ask("county2-supervisor", contracts.plan_check, contract, day("2026-01-13"))


def test_a_named_person_must_be_known_and_have_the_role() -> None:
    office, case = opened()
    assert broken_by(lambda: office.ask("county-supervisor", breach.hand_over, case, to="nobody")) == {"account_is_known"}
    assert broken_by(lambda: office.ask("county-supervisor", breach.hand_over, case, to="legal")) == {"account_has_that_role"}
    assert broken_by(lambda: office.ask("county-supervisor", breach.hand_over, case, to="county2-supervisor")) == {"account_has_that_role"}
    office.ask("county-supervisor", breach.hand_over, case, to="city-supervisor")


def test_ends_are_recorded_by_the_system_alone() -> None:
    office, case = opened()
    with pytest.raises(NotYourRole):
        office.at("2026-12-01").ask("county-supervisor", breach.end_window, case, "statement_window:", day("2026-04-16"))


def test_an_applicant_acts_for_its_own_party(office: Office) -> None:
    assert office.actor("company-a").holds(("applicant",), None, [A])
    assert not office.actor("company-b").holds(("applicant",), None, [A])
