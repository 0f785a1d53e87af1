"""A trial says what a rebuild under the draft would tell, no more and no less."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from domain.breach import commands as breach
from domain.contract import commands as contracts
from domain.events import Told, as_corrected
from domain.policy.pack import Pack
from domain.trying import rejudged_case, rejudged_repair
from projections import loops, sanctions
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import Follower
from projections.temporal.moment import UNTOLD
from projections.temporal.view import open_views
from projections.trying import Facts, facts_of, tried, with_draft
from tests.domain.office import Office, applied, day, yuan
from tests.domain.policy.books import changed

VIEWS = (loops.view, sanctions.view)
NEXT = ("version = 1", "version = 2")
DRAFTS = {
    "longer before repair": changed("repair-2026", NEXT, ("[rules.class.ordinary]\nmin_months = 3", "[rules.class.ordinary]\nmin_months = 9")),
    "sooner published": changed("double-publicity-2018", NEXT, ("[rules.publish]\ncount = 7", "[rules.publish]\ncount = 3")),
    "small firms paid sooner": changed("sme-payment-2025", NEXT, ("count = 60", "count = 20")),
    "nothing new": changed("water-credit-2024", NEXT),
}


def town() -> tuple[Office, dict[str, list[UUID]]]:
    """A case repaired, another noticed; a payment recorded late, and one corrected."""
    office, case, repair = applied()
    contract = office.ledger.of([case])[case][0].event.contract  # type: ignore[attr-defined]
    office.ask("county-supervisor", contracts.fulfil_obligation, contract, "M1", fulfilled_on=day("2026-03-30"))
    office.ask("county-supervisor", contracts.record_payment, contract, ref="P1", value=yuan(300_000), paid_on=day("2026-05-02"))
    other = office.finding(contract, behaviour="PER-01", kind="management", occurred_on=day("2026-06-01"))
    office.ask("county-supervisor", breach.order_rectification, other, requirements="到岗")
    return office, {"contract": [contract], "case": [case, other], "repair": [repair]}


class Replayed:
    """A log of the events as a draft would have had them, at their places."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._told = sorted(told, key=lambda one: one.position)

    def after(self, position: int, limit: int) -> Sequence[Told]:
        return [one for one in self._told if one.position > position][:limit]

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]:
        return {stream: [one for one in self._told if one.stream == stream] for stream in streams}


def rebuilt(log: Any, book_of: Any, place: Path) -> dict[UUID, Facts]:
    """What the views hold after a full rebuild in a scratch database, by stream."""
    engine = open_views_engine(sa.make_url(f"sqlite:///{place}"))
    open_views(VIEWS, engine)
    Follower(VIEWS, log, engine, book_of).catch_up()
    found: dict[UUID, Facts] = {}
    with engine.connect() as conn:
        for view in VIEWS:
            c = view.table.c
            for row in conn.execute(sa.select(view.table).where(c.until == UNTOLD).order_by(c.owner, c.key, c.valid_from)):
                found.setdefault(row.owner, {}).update(facts_of(view, [(row.key, row.valid_to, row._mapping)]))
    engine.dispose()
    return found


@pytest.mark.parametrize("name", list(DRAFTS))
def test_it_is_what_a_rebuild_would_tell(name: str, tmp_path: Path) -> None:
    office, streams = town()
    draft, head = DRAFTS[name], office.ledger.head()

    def book_of(_: int) -> Any:
        return office.book

    draft_of = with_draft(book_of, draft)
    under, repairable = list[Told](), dict[UUID, Any]()
    for subject, ids in streams.items():
        for told in office.ledger.of(ids).values():
            stands = as_corrected(told)
            if subject == "case":
                other, moved = rejudged_case(stands, book_of, draft_of)
                repairable |= moved
                under += other.told
            else:
                under += rejudged_repair(stands, repairable).told if subject == "repair" else stands
    now, then = rebuilt(office.ledger, book_of, tmp_path / "now.db"), rebuilt(Replayed(under), draft_of, tmp_path / "then.db")
    expected = {(stream, value) for stream in then for value in _unlike(now[stream], then[stream])}
    found = tried(office.ledger, streams.items(), book_of, draft)
    assert {(one.id, (_plain(one.before), _plain(one.after))) for one in found.differences} == expected
    assert bool(expected) == (name != "nothing new"), "a draft that says the same changes nothing"
    assert office.ledger.head() == head, "nothing is written"


def _unlike(now: Facts, then: Facts) -> set[tuple[str, str]]:
    """Values that differ; a loop that begins on another day is compared by its key."""
    keys = {key for key in (*now, *then) if now.get(key) != then.get(key)}
    by_name: dict[str, list[Any]] = {}
    for key in sorted(keys):
        name = f"{key[0]} {key[1]}" if key in now and key in then else key[0]
        pair = by_name.setdefault(name, [None, None])
        pair[0], pair[1] = now.get(key, pair[0]), then.get(key, pair[1])
    return {(_plain(was), _plain(would)) for was, would in by_name.values() if was != would}


def _plain(value: Any) -> str:
    return str(value)


def test_a_rule_that_the_draft_leaves_out_is_told_and_stops_nothing() -> None:
    office, streams = town()
    text = changed("double-publicity-2018", NEXT, ("[rules.publish]", "[rules.published]"))
    found = tried(office.ledger, streams.items(), lambda _: office.book, text)
    assert [(one.kind, one.id) for one in found.differences if one.kind == "no_answer"] == [("no_answer", streams["case"][0])]
    assert "publicity.publish" in found.differences[0].what


def test_the_deadline_of_story_3_under_three_days() -> None:
    office, streams = town()
    found = tried(office.ledger, streams.items(), lambda _: office.book, DRAFTS["sooner published"])
    assert sorted((one.what, str(one.before), str(one.after)) for one in found.differences) == [
        ("procedure_breach", "None", "2026-05-26"),
        ("publication", "2026-05-12", "2026-05-07"),
    ], "published on 05-12, it would have been late"
    longer: Pack = DRAFTS["longer before repair"]
    repair = tried(office.ledger, streams.items(), lambda _: office.book, longer).differences
    assert [(one.kind, one.what, str(one.before), str(one.after)) for one in repair] == [("repair_date", "repairable_from", "2026-07-29", "2027-01-29")]
