"""Made-up histories are histories: in order, dated no later than recorded, the same each time, and told by every view."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from benchmarks import histories, offices
from domain import loops as domain_loops
from domain.contract.contract import Contract
from domain.contract.events import ContractSigned
from domain.events import as_corrected, encode
from projections import loops, payments
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Life, Shape
from projections.temporal.tables import value_columns
from projections.temporal.view import state_of
from projections.views import VIEWS
from web.office import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Forty contracts, followed by every view."""
    data: Path = tmp_path_factory.mktemp("history")
    with offices.office(data) as (opened, clock):
        offices.people(opened)
        offices.fill(opened, clock, 40)
        opened.caught_up()
        yield opened


def test_order_and_days() -> None:
    versions: dict[object, int] = {}
    last = None
    for one in histories.history(200):
        assert one.version == versions.get(one.stream, 0) + 1
        versions[one.stream] = one.version
        assert one.recorded_at is not None
        assert last is None or last <= one.recorded_at
        assert one.event.day <= one.recorded_at.date()
        last = one.recorded_at


def test_the_same_seed_tells_the_same() -> None:
    def told(seed: int) -> list[tuple[object, bytes]]:
        return [(one.stream, encode(one.event)) for one in islice(histories.history(30, seed), 300)]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_no_view_stops(office: Office) -> None:
    assert [one for one in state_of(VIEWS, office.views) if one.stopped is not None or one.position != office.ledger.head()] == []


def test_contracts_hold_together(office: Office) -> None:
    """Folded by the aggregate: nothing is paid beyond its term, and what is settled is paid in full."""
    signed = [one.stream for one in office.ledger.after(0, 10_000) if isinstance(one.event, ContractSigned)]
    assert len(signed) == 40
    folded = [office.ledger.get(Contract, stream) for stream in signed]
    assert {one.status for one in folded} >= {"performing", "settled"}
    for one in folded:
        left = [one.left(ref) for ref in one.payments]
        assert min(left) >= 0
        assert one.status != "settled" or max(left) <= 100


def test_the_view_of_loops_is_what_the_table_of_loops_tells(office: Office) -> None:
    """Each stream's open loops: as the view holds them today, and as its events tell them from the first."""
    streams = list(dict.fromkeys(one.stream for one in office.ledger.after(0, 10_000)))
    moment, compared = Moment(office.today), 0
    with office.views.connect() as conn:
        for stream in streams:
            kept = domain_loops.told(as_corrected(office.ledger.of([stream])[stream]), office.book)
            rows = conn.execute(sa.select(loops.table).where(at(moment, loops.table), loops.table.c.owner == stream, loops.table.c.kind.is_not(None)))
            seen = {row.key: replace(loops.open_of(row), account=None) for row in rows}
            assert seen == {key: replace(one, account=None) for key, one in kept.loops.items()}
            compared += len(seen)
    assert compared > 20


def test_what_a_view_remembers_is_plain_json_and_left_as_it_was_put(office: Office) -> None:
    """Only so may the fold of the next event be handed the very thing instead of reading its text."""
    compared = 0
    for view in (loops.view, payments.view):
        names = value_columns(view.table)
        json = frozenset(name for name in names if isinstance(view.table.c[name].type, sa.JSON))
        shape = Shape(dict.fromkeys(names), json, memory=True)
        lives: dict[UUID, Life] = defaultdict(Life)
        for one in office.ledger.after(0, 10_000):
            if isinstance(one.event, view.kinds) and one.event.corrects is None:
                for _ in (life := lives[one.stream]).tell(one, view.fold, shape, one.position, office.law_at):
                    pass
                for written, value in life.at_hand.items():
                    assert repr(msgspec.json.decode(written)) == repr(_sorted(value))
                    compared += 1
    assert compared > 500


def _sorted(value: Any) -> Any:
    if type(value) is dict:
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if type(value) is list else value
