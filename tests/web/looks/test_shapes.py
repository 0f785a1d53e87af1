"""Where things stand in a picture."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.web.looks.sample import DECISION, DOTS, LANES, RING
from web.looks import shapes

TODAY = date(2026, 11, 23)


def test_the_swimlane_never_goes_back_and_marks_idle_time() -> None:
    drawn = shapes.swimlane(LANES, DOTS, TODAY)
    xs = [dot["x"] for dot in drawn["dots"]]
    assert xs == sorted(set(xs))
    assert min(b - a for a, b in pairwise(xs)) >= 43
    assert [gap["days"] for gap in drawn["gaps"]] == [28, 75, 154, 20, 19]
    assert xs[-1] < drawn["width"]
    assert xs[10] < drawn["today"] < xs[11]


def test_the_swimlane_of_nothing_is_drawn() -> None:
    drawn = shapes.swimlane(LANES, [], TODAY)
    assert (drawn["dots"], drawn["path"], drawn["today"]) == ([], "", None)


def test_labels_are_two_lines() -> None:
    drawn = shapes.swimlane(LANES, [{**DOTS[0], "label": label} for label in ("付款", "签订合同", "申请竣工验收", "plan the check", ["甲", "乙"])], TODAY)
    assert [dot["lines"] for dot in drawn["dots"]] == [["付款"], ["签订", "合同"], ["申请", "竣工验收"], ["plan the", "check"], ["甲", "乙"]]


def test_the_ring_has_an_arc_a_step() -> None:
    drawn = shapes.ring(RING)
    assert len({step["arc"] for step in drawn}) == 6
    assert [step["anchor"] for step in drawn] == ["start", "start", "start", "end", "end", "end"]


def test_the_calendar_starts_on_a_monday_and_is_hot_where_something_is_due() -> None:
    drawn = shapes.heat({"2026-11-25": {"due": 2}, "2026-11-20": {"late": 1}}, date(2026, 11, 11), 2, TODAY, {"2026-11-21"})
    assert drawn["cells"][0]["on"] == date(2026, 11, 9)
    assert len(drawn["cells"]) == 14
    tones = {cell["on"].isoformat(): cell["tone"] for cell in drawn["cells"]}
    assert tones["2026-11-20"] == "l"
    assert [cell["on"].day for cell in drawn["cells"] if cell["off"]] == [21]


def test_money_stairs_say_what_is_short_today() -> None:
    drawn = shapes.steps([("2026-04-07", 100), ("2026-11-20", 400)], [("2026-03-30", 100)], TODAY, "2026-12-31")
    assert (drawn["owing"], drawn["settled"], drawn["short"]) == (400, 100, 300)
    assert drawn["ticks"][-1]["amount"] >= 400
    assert drawn["ticks"][-1]["y"] >= 14


def test_money_stairs_of_nothing_are_drawn() -> None:
    assert shapes.steps([], [], TODAY, "2026-12-31")["short"] == 0


def test_the_ruler_keeps_to_its_range() -> None:
    drawn = shapes.ruler(2, 4, 2.6, [2, 4], 2.4)
    assert drawn["like"] == [30.0, 696.0]
    assert drawn["limit"] > drawn["draft"]
    assert shapes.ruler(2, 4, None, [], None)["hatches"] == []


@given(st.lists(st.sampled_from(["counted", "weekend", "holiday", "stopped"]), max_size=60))
def test_folding_a_ledger_loses_no_day(whys: list[str]) -> None:
    days = [{"on": TODAY + timedelta(n), "counts": why == "counted", "why": why} for n, why in enumerate(whys)]
    rows = shapes.folded(days)
    assert sum(row["days"] for row in rows) == len(days)
    assert [row["sum"] for row in rows if row["counts"]] == list(range(1, whys.count("counted") + 1))
    assert all(row["days"] == 1 for row in rows if row["counts"])


def test_folding_tells_how_many() -> None:
    assert [row["days"] for row in shapes.folded(DECISION["days"])] == [1, 3, 1, 1, 1, 7, 1, 1, 1, 1, 1, 1, 1]


def test_a_qr_code_has_its_quiet_zone() -> None:
    drawn = shapes.qr("http://127.0.0.1:8000/public/verify?code=A")
    assert drawn["path"].startswith("M4 4h1v1h-1z")
    assert (drawn["size"] - 8 - 17) % 4 == 0


def test_shares_fill_the_bar() -> None:
    drawn = shapes.shares([{"n": 1}, {"n": 3}])
    assert (drawn[1]["x"], drawn[1]["x"] + drawn[1]["w"]) == (250, 998)
    assert shapes.shares([{"n": 0}])[0]["w"] == 0
