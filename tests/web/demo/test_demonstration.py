"""The demonstration: the same twice, believable, in order, and never later than its last day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from domain.act import CHINA
from domain.actor import Grant
from domain.breach.events import CaseOpened
from domain.loops import KIND
from projections.temporal.moment import Moment
from tests.web.demo import made
from web import ticking
from web.clock import TrialClock
from web.demo.people import BODIES, COMPANY_A, PASSWORD, PEOPLE, has_demonstration_accounts
from web.demo.writing import Occupied, Wanted
from web.desk import desk_of
from web.office import Office, open_office
from web.settings import Settings


@pytest.fixture(scope="module")
def office(small: Path) -> Iterator[Office]:
    with made.opened(small) as one:
        yield one


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """As many contracts as when nothing is said."""
    folder = tmp_path_factory.mktemp("whole") / "var"
    made.write(folder, Wanted(until=made.UNTIL))
    office = open_office(Settings(data=folder), TrialClock(datetime.combine(made.UNTIL, time(9), CHINA), stands=True))
    yield office
    office.close()


def test_the_same_seed_and_last_day_give_the_same_log_but_for_ids(office: Office, tmp_path: Path) -> None:
    made.write(tmp_path / "again")
    with made.opened(tmp_path / "again") as again:
        ours, theirs = made.log_of(office), made.log_of(again)
        assert len(ours) > 400
        differing = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
        assert not differing, differing[0]


def test_nothing_that_its_people_ask_is_refused(tmp_path: Path) -> None:
    for wanted in (Wanted(60, 3, 1, date(2026, 11, 25)), Wanted(25, 1, 3, date(2024, 3, 1)), Wanted(5, 5, 6, date(2026, 4, 2))):
        assert made.write(tmp_path / str(wanted.seed), wanted)["refused"] == 0, wanted


def test_another_seed_gives_another_authority(office: Office, tmp_path: Path) -> None:
    made.write(tmp_path / "other", made.SMALL._replace(seed=8, contracts=4))
    with made.opened(tmp_path / "other") as other:
        names = {row.name for row in made.rows_of(office, "contracts")}
        assert not names & {row.name for row in made.rows_of(other, "contracts")}


def test_it_is_a_trial_whose_times_move_forward_and_end_before_the_last_day_is_over(office: Office) -> None:
    log = made.log_of(office)
    assert log[0][2].startswith("access.trial_started")
    assert office.is_trial
    times = [datetime.fromisoformat(at) for _, at, _, _ in log]
    assert times == sorted(times)
    assert times[0].date() == date(2023, 6, 30)
    assert times[-1] <= datetime.combine(made.UNTIL + timedelta(days=1), time(), CHINA)
    assert len({at.date() for at in times}) > 200  # years of work, not one day


def test_accounts_and_organisations_are_those_that_are_promised(office: Office) -> None:
    held = {one.name: office.actor(account) for one, account in ((one, _account(one.name)) for one in PEOPLE)}
    expected = "city-supervisor county-supervisor county2-supervisor decider decider2 legal chair auditor administrator company-a company-b"
    assert set(held) == set(expected.split())
    county = held["county-supervisor"]
    assert county is not None
    assert county.grants == (Grant("supervisor", "440823"),)
    company = held["company-a"]
    assert company is not None
    assert company.grants == (Grant("applicant", None, "CN-USCC:91440800MA4X00000Y"),)
    with office.vault.credentials.turn():
        assert office.vault.credentials.check(_account("county2-supervisor"), PASSWORD)
    assert has_demonstration_accounts(office)
    assert {(row.ref, row.region) for row in made.rows_of(office, "organisations")} == {(one.ref, one.region) for one in BODIES}
    assert {one.code for one in BODIES} == {"11440800000000000G", "11440823000000000T", "11440825000000000P"}


def _account(name: str):
    from domain.access.account import account_id

    return account_id(name)


@pytest.mark.parametrize("wanted", [Wanted(1, 3, 1, made.UNTIL), Wanted(3, 1, 5, date(2025, 9, 1)), Wanted(20, 2, 9, date(2026, 11, 24))])
def test_company_a_bears_one_sanction_that_may_be_repaired_now(tmp_path: Path, wanted: Wanted) -> None:
    made.write(tmp_path, wanted)
    assert wanted.until is not None
    with made.opened(tmp_path) as office:
        rows = [row for row in made.rows_of(office, "sanctions", wanted.until) if row.party == COMPANY_A and row.document_number]
        assert [row.behaviour for row in rows] == ["SAF-02"]
        only = rows[0]
        assert only.repairable_from <= wanted.until < only.last_day
        assert only.published_on is not None
        assert only.fulfilled_on is not None
        applied = [row for row in made.rows_of(office, "repairs", wanted.until) if row.party == COMPANY_A]
        assert applied == []


def test_no_two_cases_tell_the_same_and_no_two_contracts_bear_one_name(large: Office) -> None:
    cases = [told.event for told in _events(large) if isinstance(told.event, CaseOpened)]
    assert len(cases) > 50
    assert Counter(case.facts for case in cases).most_common(1)[0][1] == 1
    assert len({case.behaviour for case in cases}) >= 12
    names = Counter(row.name for row in made.rows_of(large, "contracts"))
    assert len(names) == 200
    assert names.most_common(1)[0][1] == 1


def _events(office: Office):
    position = 0
    while told := office.ledger.after(position, 1_000):
        yield from told
        position = told[-1].position


def test_contracts_owe_three_to_twelve_things_and_money_moves(large: Office) -> None:
    from domain.contract.events import ContractAmended, ContractSigned, PaymentMade

    told = [one.event for one in _events(large)]
    signed = [one for one in told if isinstance(one, ContractSigned)]
    assert {len(one.obligations) for one in signed} <= set(range(3, 13))
    assert len({one.type for one in signed}) >= 8
    assert any(len(one.contractors) > 1 for one in signed)
    assert sum(isinstance(one, PaymentMade) for one in told) > 300
    assert sum(isinstance(one, ContractAmended) for one in told) > 5
    assert any(one.topic.startswith("party.renamed") for one in told)


def test_twelve_kinds_of_loops_are_open_and_some_overdue(large: Office) -> None:
    rows = [row for row in made.rows_of(large, "loops") if row.kind and row.opens_on <= made.UNTIL]
    assert not [row for row in rows if row.ends_on is not None and row.ends_on < made.UNTIL]
    overdue = {row.kind for row in rows if row.due_on is not None and row.due_on < made.UNTIL}
    due = {row.kind for row in rows} - overdue
    assert len({row.kind for row in rows}) >= 24, set(KIND) - {row.kind for row in rows}
    assert len(overdue) >= 8
    assert len(due) >= 12
    statuses = Counter(row.status for row in made.rows_of(large, "cases"))
    assert {"opened", "notified", "confirmed", "sanctioned", "published", "repaired", "dismissed", "closed", "referred"} <= set(statuses), statuses
    repairs = Counter(row.status for row in made.rows_of(large, "repairs"))
    assert {"applied", "supplement_requested", "approved", "refused", "rejected", "synchronised", "withdrawn"} <= set(repairs), repairs


def test_every_desk_looks_like_work_in_progress(large: Office) -> None:
    for name in ("city-supervisor", "county-supervisor", "county2-supervisor", "decider", "decider2"):
        actor = large.actor(_account(name))
        assert actor is not None
        counts = desk_of(large, actor, Moment(made.UNTIL))["counts"]
        assert counts["soon"] > 0, name
        assert counts["all"] > 8, name
        assert counts["overdue"] * 2 <= counts["all"], (name, counts)


def test_ends_of_windows_were_recorded_as_they_came(large: Office) -> None:
    ended = [told for told in _events(large) if told.event.topic.startswith(("case.window_ended", "case.publicity_ended"))]
    clock = [told for told in ended if told.event.via == "clock"]
    assert len(clock) > 10
    for told in clock:
        assert told.recorded_at is not None
        assert told.recorded_at.astimezone(CHINA).date() > told.event.day
    assert ticking.tick(large) == 0


def test_a_folder_with_events_of_its_own_is_refused(small: Path) -> None:
    with pytest.raises(Occupied):
        made.write(small)


def test_a_demonstration_without_contracts_is_an_office_with_its_people(tmp_path: Path) -> None:
    assert made.write(tmp_path, made.SMALL._replace(contracts=0))["cases"] == 0
    with made.opened(tmp_path) as office:
        assert office.actor(_account("decider")) is not None
