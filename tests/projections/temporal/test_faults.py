"""The comparison with the definition bites: every fault that is planted in the engine is found."""

import inspect
import textwrap
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from projections.temporal import follow, forks, moment
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import Follower, Routes
from projections.temporal.rows import Life, Rows, Shape
from projections.temporal.working import WorkingSet
from projections.temporal.writing import Writing
from tests.projections.temporal import definition
from tests.projections.temporal.facts import history, random_steps

FAULTS: dict[str, tuple[Any, str, str, str]] = {
    "a late event is folded as if in order": (Life, "_changes_after", "return sorted(", "return [] and sorted("),
    "a correction is folded as one more event": (WorkingSet, "_tell", "one.event.corrects is None", "True"),
    "a correction goes to other views only": (Routes, "news", "past.kinds(one.stream)", "(type(one.event),)"),
    "as_of holds on the day that a row ends": (moment, "at", "row.valid_to > as_of", "row.valid_to >= as_of"),
    "known_at knows what replaced a row": (moment, "at", "row.until > known_at", "row.until > known_at + 1"),
    "known_at does not know its own event": (moment, "at", "row.since <= known_at", "row.since < known_at"),
    "a row that ends is not split at the day": (Life, "_append", "if last.valid_from < day", "if False"),
    "a late change does not split the row it falls in": (Life, "_splice", "old[0].valid_from < day", "False"),
    "a replaced row stays known": (Life, "_append", "last.until = position", "pass"),
    "a row replaced by a late event stays known": (Life, "_splice", "row.until = position", "pass"),
    "rows held are not forgotten when overtaken": (Follower, "_take", "working.forget()", "pass"),
    "stored rows are not closed": (WorkingSet, "flush", "self._writing.close(conn, self._outdated)", "pass"),
    "a closed row stands under a wrong fork": (
        Writing, "close", "fork_of(row.since, row.until)", "fork_of(row.since, row.since + 1)",
    ),
    "a fork is looked for on the upper levels only": (forks, "path_to", "range(lowest,", "range(lowest + 1,"),
    "a fold changes a row that is told": (Shape, "plain", "_read(written)", "written"),
    "a fold sees the position of the correction": (Rows, "position", "self._told.position", "self._told.position + 1"),
    "a correction keeps its own place": (
        follow, "as_corrected", "Told(one.stream, first, one.event, old.position, old.recorded_at)", "one",
    ),
}  # fmt: skip


FOUND_BY = (AssertionError, AttributeError, TypeError, ArithmeticError, ValueError, sa.exc.SQLAlchemyError)


@pytest.fixture(scope="module")
def memory() -> Iterator[sa.Engine]:
    engine = open_views_engine("sqlite://")
    yield engine
    engine.dispose()


def many_histories(engine: sa.Engine) -> None:
    for seed in range(60):
        dice = Random(seed)
        steps = random_steps(40, seed, late=0.3, corrected=0.15, streams=4)
        turns = [dice.randrange(1, 9) for _ in range(4)]
        definition.check(engine, history(list(steps)), dice.randrange(40), dice.randrange(-5, 15), turns)


def test_without_a_fault_all_is_well(memory: sa.Engine) -> None:
    many_histories(memory)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(memory: sa.Engine, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, right, wrong = FAULTS[fault]
    original = inspect.getattr_static(where, name)
    function = original.fget if isinstance(original, property) else original
    source = textwrap.dedent(inspect.getsource(function))
    assert right in source, "the engine has changed: plant the fault anew"
    room = {**function.__globals__}
    exec(compile(source.replace(right, wrong), fault, "exec", dont_inherit=False), room)  # noqa: S102
    monkeypatch.setattr(where, name, room[name])
    if where is forks:
        monkeypatch.setattr(moment, name, room[name])
    with pytest.raises(FOUND_BY):
        many_histories(memory)
