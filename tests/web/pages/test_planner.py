"""The repair planner: the first lawful day, what is missing, the papers, how long such repairs took, the days in a calendar."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.policy.books import shipped_book
from tests.web.office import PARTY_A, World, application, sanctioned
from tests.web.pages.reading import look, published, read, words
from tests.web.test_calendar_file import lines_of
from web.planner import Took, days_taken, plan_of, told

BOOK = shipped_book()
NONE_TOOK = Took(0, None, None, None, False)


def record(**more: Any) -> Any:
    """A row of the sanctions view: story 3's decision."""
    row = {"repairable_from": date(2026, 7, 29), "last_day": date(2027, 4, 29), "served_on": date(2026, 5, 6), "fulfilled_on": date(2026, 5, 6),
           "public": True, "waits": False, "ended": None, "party": PARTY_A, "national_class": "ordinary"}  # fmt: skip
    return SimpleNamespace(**{**row, **more})


def test_what_is_missing_and_from_when() -> None:
    def plan(on: str, barred: date | None = None, **more: Any) -> Any:
        return plan_of(BOOK, record(**more), [], date.fromisoformat(on), barred, NONE_TOOK)

    early = plan("2026-07-24", fulfilled_on=None)
    assert (early.state, early.earliest, early.missing) == ("early", date(2026, 7, 29), ("fulfilment", "minimum_period"))
    assert early.papers == ("fulfilment_proof", "credit_commitment")
    now = plan("2026-07-29")
    assert (now.state, now.missing) == ("now", ())
    unserved = plan("2026-05-05", served_on=None, fulfilled_on=None, public=False)
    assert (unserved.state, unserved.missing) == ("unserved", ("service", "fulfilment", "minimum_period"))
    barred = plan("2026-08-01", date(2027, 1, 31))
    assert (barred.state, barred.earliest, barred.missing) == ("early", date(2027, 2, 1), ("barred",))
    assert plan("2026-08-01", date(2026, 7, 31)).state == "now", "the bar is over"
    assert plan("2026-08-01", ended="repaired").missing == ()


def test_papers_are_those_of_the_day_on_which_one_applies() -> None:
    """Decided in 2025 under the older measures, applied for under the new ones: none of the old papers."""
    old = record(repairable_from=date(2026, 3, 10), last_day=date(2028, 12, 10), served_on=date(2025, 12, 15))
    assert "identity" in plan_of(BOOK, old, [], date(2026, 3, 10), None, NONE_TOOK).papers
    assert plan_of(BOOK, old, [], date(2026, 5, 11), None, NONE_TOOK).papers == ("fulfilment_proof", "credit_commitment")


def test_the_applicants_own_days_do_not_count() -> None:
    calendar = BOOK.calendar(date(2026, 7, 29))
    on = date.fromisoformat
    # Story 3: asked on 07-30, given on 08-03: 07-31 and 08-03 are the applicant's.
    assert days_taken(on("2026-07-29"), on("2026-08-14"), [["2026-07-30", "2026-08-03"]], calendar) == 10
    assert days_taken(on("2026-07-29"), on("2026-08-14"), [], calendar) == 12
    assert days_taken(on("2026-07-29"), on("2026-08-14"), [["2026-07-30", None]], calendar) == 1, "refused while nothing came"


@given(st.lists(st.integers(0, 60), max_size=12))
def test_too_few_say_nothing(days: list[int]) -> None:
    took = told(days, BOOK, date(2026, 8, 1))
    assert (took.n, took.enough) == (len(days), len(days) >= 5)
    if not took.enough:
        assert (took.median, took.low, took.high) == (None, None, None)
    else:
        assert took.low is not None
        assert took.high is not None
        assert took.median is not None
        assert min(days) == took.low <= took.median <= took.high == max(days)


def test_the_plan_and_its_calendar_through_http(world: World) -> None:
    case = published(world)
    here = f"/cases/{case['id']}/repair-plan"
    (plan,) = world.at("2026-07-24").ask("company-a").get(here)["items"]
    assert (plan["state"], plan["earliest"], plan["last_day"]) == ("early", "2026-07-29", "2027-04-29")
    assert (plan["papers"], plan["missing"]) == (["fulfilment_proof", "credit_commitment"], ["minimum_period"])
    assert plan["took"] == {"n": 0, "enough": False, "unit": "working_days", "median": None, "low": None, "high": None}
    assert world.ask("company-b").look(here).status_code == 404
    page = words(read(world, "company-a", "/my"))
    assert "还缺： 最短公示期没有满".replace(" ", "") in page.replace(" ", "")
    assert "太少，说不出通常要多久" in page
    assert "通常要多久" in words(read(world, "company-a", f"/my/repairs/new?sanction={plan['sanction']}"))
    answer = look(world, "company-a", f"/my/cases/{case['id']}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f'filename="{case["number"]}.ics"' in answer.headers["content-disposition"]
    days = {value for name, value in lines_of(answer.content) if name == "DTSTART;VALUE=DATE"}
    assert days == {"20260729", "20270429"}
    assert look(world, "company-b", f"/my/cases/{case['id']}/calendar.ics").status_code == 404
    assert look(world, "decider", f"/my/cases/{case['id']}/calendar.ics").status_code == 404


def test_what_is_owed_stands_in_the_calendar_and_what_took_how_long_is_counted(world: World) -> None:
    case = published(world)
    world.at("2026-07-29")
    digest = world.ask("company-a").bring()
    repair = world.ask("company-a").post("/repairs", application(case["sanctions"][0]["id"], digest, "2026-07-29")).json()
    repair = world.repair("county-supervisor", repair, "/acceptance")
    world.at("2026-08-03")
    repair = world.repair("county-supervisor", repair, "/verification", {"fulfilled": True})
    world.repair("decider2", repair, "/decision", {"outcome": "approved", "document_number": "遂水修〔2026〕1号", "grounds": "已履行"})
    (plan,) = world.ask("company-a").get(f"/cases/{case['id']}/repair-plan")["items"]
    assert plan["took"]["n"] == 1
    (then,) = world.ask("company-a").get(f"/cases/{case['id']}/repair-plan", as_of="2026-08-02")["items"]
    assert (then["took"]["n"], then["state"]) == (0, "applied")
    other = sanctioned(world, number=2)
    world.at("2026-08-20")
    world.case("county-supervisor", other, "/service", {"method": "direct", "repair_notice": True})
    told_days = lines_of(look(world, "company-a", f"/my/cases/{other['id']}/calendar.ics").content)
    assert ("DTSTART;VALUE=DATE", "20260904") in told_days, "the fine is to be paid within 15 days"
