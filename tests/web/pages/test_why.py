"""Standing, and why: the fewest events, the clauses and what would change it, for who asks and as of when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from projections.cards.standing import standing_card
from tests.web.office import NAME_A, PARTY_A, SUIXI, World, contract_body, finding_body, notice_body, published, sanctioned, yuan
from tests.web.pages.reading import look, read, words

COUNTY = "county-supervisor"
GRADE = {"scheme": "水建设〔2019〕307号", "grade": "AA", "graded_by": "中国水利工程协会", "valid_until": "2026-12-31"}


def topics(answer: dict[str, object]) -> list[str]:
    return [one["topic"] for one in answer["events"]]  # type: ignore[index, union-attr, attr-defined]


def test_why_a_case_is_public_and_until_when(world: World) -> None:
    case, me = published(world), world.ask("decider")
    told = me.get(f"/cases/{case['id']}", why="status")
    assert (told["value"], told["smallest"]) == ("published", "all")
    assert topics(told) == ["case.opened/1", "case.sanction_decided/1", "case.sanction_published/1"]
    assert [one["birth"] for one in told["events"]] == [True, False, False]
    last = me.get(f"/cases/{case['id']}", why="sanctions/0/publicity/last_day")
    assert (last["value"], topics(last)) == ("2027-04-29", ["case.opened/1", "case.sanction_decided/1"])
    assert "class.ordinary" in [one["rule"] for one in last["clauses"]]
    now = me.get(f"/cases/{case['id']}", why="sanctions/0/status")
    assert {"kind": "day", "on": "2027-04-30", "value": "expired"} in now["would_change"], "the end of publicity comes by itself"
    assert "case.sanction_revoked/1" in [one.get("event") for one in now["would_change"]], "an act that is open to the decider"
    at_first = me.get(f"/cases/{case['id']}", why="status", known_at=told["events"][1]["position"])
    assert (at_first["value"], topics(at_first)) == ("sanctioned", ["case.opened/1", "case.sanction_decided/1"])
    assert me.get(f"/cases/{case['id']}", why="status", as_of="2026-04-10")["value"] == "notified"


def test_why_it_cannot_be_decided_and_why_not_yet_repaired(world: World) -> None:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-04-08")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", finding_body(occurred_on="2026-04-08"), seen=1).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body())
    me = world.ask("decider")
    told = me.get(f"/cases/{case['id']}", why="may/confirmation")
    assert (told["value"], [one["code"] for one in told["refusals"]]) == (False, ["window_is_used_or_over"])
    assert topics(told) == ["case.opened/1", "case.notice_served/1"]
    assert next(one for one in told["would_change"] if one["kind"] == "day")["on"] == "2026-04-16", "the day after the window's last"
    assert "case.statement_received/1" in [one.get("event") for one in told["would_change"]]
    theirs = world.ask(COUNTY).get(f"/cases/{case['id']}", why="may/confirmation")["refusals"]
    assert {"not_your_role", "not_one_who_recorded_it"} <= {one["code"] for one in theirs}
    assert "not_your_role" not in {one["code"] for one in told["refusals"]}
    text = words(read(world, "decider", f"/cases/{case['id']}/why?field=may/confirmation"))
    assert "现在不能办，因为" in text
    assert "4月16日" in text


def test_why_may_it_not_yet_be_repaired(world: World) -> None:
    case = published(world)
    told = world.ask("company-a").get(f"/cases/{case['id']}", why="may/repair")
    assert (told["value"], told["refusals"][0]["code"], told["refusals"][0]["earliest"]) == (False, "repair_minimum_period_not_reached", "2026-07-29")
    assert topics(told) == ["case.opened/1", "case.sanction_decided/1", "case.sanction_served/1"]
    assert {"kind": "day", "on": "2026-07-29", "value": True} in told["would_change"]
    assert "现在不能办，因为" in words(read(world, "company-a", f"/cases/{case['id']}/why?field=may/repair"))
    assert f"/cases/{case['id']}/why?field=may/repair" in read(world, "company-a", "/my")


def test_standing_says_why(world: World) -> None:
    published(world)
    me = world.ask("auditor")
    told = me.get(f"/parties/{PARTY_A}/standing", why="points")
    assert told["value"] == "3.0"
    assert topics(told) == ["party.registered/1", "case.opened/1", "case.sanction_decided/1", "case.sanction_served/1"]
    assert {"kind": "day", "on": "2027-04-30", "value": "0.0"} in told["would_change"]
    assert Decimal(me.get(f"/parties/{PARTY_A}/standing", as_of="2026-05-05")["points"]) == 0, "no record before its service"
    assert "扣分：3.0" in words(read(world, "auditor", f"/parties/{PARTY_A}/why?field=standing/points"))


def test_of_one_behaviour_the_heaviest_counts_once(world: World) -> None:
    case = published(world)
    book, one = world.office.book, world.ask("decider").get(f"/cases/{case['id']}")
    sanction = one["sanctions"][0]
    lighter = {**one, "id": "2", "sanctions": [{**sanction, "id": "s2", "points": "0.2"}]}
    elsewhere = {**lighter, "occurred_on": "2026-04-09"}
    party = {"ref": PARTY_A, "grades": []}
    twice = standing_card(party, [lighter, one], book, date(2026, 5, 6))
    assert (twice["points"], {row["id"]: row["why"] for row in twice["records"]}) == ("3.0", {"s2": "lighter", sanction["id"]: "counts"})
    assert standing_card(party, [elsewhere, one], book, date(2026, 5, 6))["points"] == "3.2"
    cancelled = {**one, "sanctions": [{**sanction, "decision_types": ["revoke_permit"], "industry_class": "serious", "points": "0.0"}]}
    graded = {"ref": PARTY_A, "grades": [{**GRADE, "received_on": "2026-01-12"}]}
    worst = standing_card(graded, [cancelled], book, date(2026, 5, 6))
    assert (worst["class"]["code"], worst["class"]["by"], worst["grade"]["cancelled_by"]) == ("D", "record", sanction["id"])


def test_periods_by_both_regimes_lengthen_when_repeated(world: World) -> None:
    published(world)
    other = world.ask(COUNTY).post("/contracts", contract_body()).json()
    second = sanctioned(world, contract=other, number=2, day="2026-06-01")
    world.at("2026-06-02")
    world.case(COUNTY, second, "/service", {"method": "direct", "repair_notice": True})
    records = world.ask("auditor").get(f"/parties/{PARTY_A}/standing")["records"]
    late, first = ({one["regime"]: one for one in record["periods"]} for record in records)
    assert (late["credit"]["least"], late["credit"]["most"], late["credit"]["repeats"]) == ("2027-06-01", "2027-06-01", [])
    assert (first["credit"]["least"], first["credit"]["most"]) == ("2028-04-29", "2030-04-29"), "12 months, and 12 to 36 more"
    assert first["credit"]["repeats"] == ["2026-06-01"]
    assert [one["rule"] for one in first["credit"]["basis"]] == ["publicity.ordinary", "publicity.repeat"]
    assert (first["municipal-credit"]["least"], first["municipal-credit"]["most"]) == ("2026-10-29", "2029-04-29")
    told = world.ask("auditor").get(f"/parties/{PARTY_A}/standing", why=f"records/{records[1]['id']}/periods/credit/most")
    assert len({one["stream"] for one in told["events"]}) == 3, "the party, and both its cases"


def test_the_class_follows_a_grade_in_the_scheme_that_the_pack_names(world: World) -> None:
    published(world)
    me = world.ask(COUNTY)
    seen = me.get(f"/parties/{PARTY_A}")["version"]
    assert me.get(f"/parties/{PARTY_A}/standing")["class"]["code"] == "B", "no grade"
    seen = me.post(f"/parties/{PARTY_A}/grades", {**GRADE, "scheme": "取用水"}, seen=seen).json()["version"]
    assert me.get(f"/parties/{PARTY_A}/standing")["class"]["by"] == "no_grade", "another scheme's grade is kept, and gives no class"
    me.post(f"/parties/{PARTY_A}/grades", GRADE, seen=seen)
    told = me.get(f"/parties/{PARTY_A}/standing", why="class/code")
    assert (told["value"], topics(told)) == ("A", ["party.registered/1", "party.grade_received/1"])
    assert {"kind": "day", "on": "2027-01-01", "value": "B"} in told["would_change"], "the grade runs out"
    world.at("2027-01-01")
    assert me.get(f"/parties/{PARTY_A}/standing")["class"]["code"] == "B"


def test_an_authoritys_own_record_never_counts(world: World) -> None:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    asked = finding_body(behaviour="GOV-01", kind="management", party=f"CN-USCC:{SUIXI}", occurred_on="2026-01-12")
    world.ask("city-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"])
    for ref in (PARTY_A, f"CN-USCC:{SUIXI}"):
        assert world.ask("auditor").get(f"/parties/{ref}/standing")["records"] == []


def test_a_correction_is_what_makes_a_payment_so(world: World) -> None:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-03-31")
    contract = world.contract(COUNTY, contract, "/obligations/M1/fulfilment", {"evidence": []})
    contract = world.contract(COUNTY, contract, "/payments", {"ref": "P1", "value": yuan("100000.00")})
    paid = world.ask(COUNTY).get(f"/contracts/{contract['id']}", why="paid")
    correction = {"position": paid["events"][-1]["position"], "field": "value", "value": yuan("200000.00"), "reason": "录错"}
    world.contract(COUNTY, contract, "/corrections", correction)
    told = world.ask(COUNTY).get(f"/contracts/{contract['id']}", why="paid")
    assert told["value"] == yuan("200000.00")
    assert told["events"][-1]["position"] > paid["events"][-1]["position"]
    assert "更正" in told["events"][-1]["sentence"]
    due = world.ask(COUNTY).get(f"/contracts/{contract['id']}", why="payments/P1/due/on")
    assert (due["value"], topics(due)) == ("2026-04-30", ["contract.signed/1", "contract.obligation_fulfilled/1"])


def test_who_may_ask_and_what_cannot_be_asked(world: World) -> None:
    case = published(world)
    assert look(world, "company-b", f"/cases/{case['id']}/why?field=status").status_code == 404
    assert world.ask("county2-supervisor").look(f"/cases/{case['id']}", why="status").status_code == 404
    for field in ("nothing", "version", "sanctions/7/points", "may/fly", "status/more"):
        answer = world.ask("decider").look(f"/cases/{case['id']}", why=field)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_field"), field
    assert look(world, "decider", f"/cases/{case['id']}/why?field=nothing").status_code == 422
    before = len(world.reads())
    read(world, "decider", f"/cases/{case['id']}/why")
    assert len(world.reads()) == before + 1, "asking why is a look at the case"
    elsewhere = world.ask("county2-supervisor").get(f"/parties/{PARTY_A}/standing", why="points")
    assert [one["href"] is None for one in elsewhere["events"]] == [False, True, True, True]
    assert "遂水罚" not in str([one["sentence"] for one in elsewhere["events"]])
    theirs = world.ask("company-a").get(f"/cases/{case['id']}", why="legal_review/opinion")["events"][-1]
    assert theirs["sentence"] == "办案机关内部的一步。"


def test_values_lead_to_their_why_in_both_languages_and_at_any_moment(world: World) -> None:
    case = published(world)
    for who, page in (("decider", f"/cases/{case['id']}"), (COUNTY, f"/contracts/{case['contract']}"), ("auditor", f"/parties/{PARTY_A}"),
                      ("company-a", f"/my/cases/{case['id']}")):  # fmt: skip
        assert "为什么？" in read(world, who, page)
    then = read(world, "auditor", f"/cases/{case['id']}/why?field=status&as_of=2026-04-30")
    assert "已决定" in words(then)
    assert f"/cases/{case['id']}?as_of=2026-04-30" in then, "whoever looks back keeps looking at the same moment"
    english = words(read(world, "auditor", f"/parties/{PARTY_A}/why?field=standing/points", "en"))
    assert "These events make it so" in english
    assert NAME_A in english
