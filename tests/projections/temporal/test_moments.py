"""Law 7 as a property: at (K, D) stand the rows of a database told only what K knows, dated until D."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.temporal.engine import open_views_engine
from tests.projections.temporal import definition
from tests.projections.temporal.facts import history

step = st.tuples(
    st.integers(0, 3), st.integers(0, 11), st.integers(0, 2), st.sampled_from([0, 0, 0, 1, 2, 3, 5, 9]),
    st.integers(0, 9), st.integers(0, 30),
)  # fmt: skip
steps = st.lists(step, min_size=1, max_size=24)
turns = st.lists(st.integers(1, 9), max_size=4)


@pytest.fixture(scope="module")
def memory() -> Any:
    engine = open_views_engine("sqlite://")
    yield engine
    engine.dispose()


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(steps, st.integers(0, 25), st.integers(-10, 40), turns)
def test_any_moment(memory: sa.Engine, said: Any, known_at: int, days: int, turns: list[int]) -> None:
    definition.check(memory, history(said), known_at, days, turns)


def test_any_moment_on_either_database(engine: sa.Engine) -> None:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(steps, st.integers(0, 25), st.integers(-10, 40), turns)
    def run(said: Any, known_at: int, days: int, turns: list[int]) -> None:
        definition.check(engine, history(said), known_at, days, turns)

    run()
