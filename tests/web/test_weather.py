"""Bad weather: a database that does not answer or goes away, a disk that is full; each is told, and passes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from stores.patience import silent, wait_at_most
from tests.frozen import frozen
from tests.web.office import World, contract_body, new_world

COUNTY = "county-supervisor"


@pytest.fixture
def on_postgres(postgres: str, tmp_path: Path) -> Iterator[World]:
    made = new_world(tmp_path / "data", database_url=postgres)
    yield made
    wait_at_most(None)
    made.close()


def test_a_server_that_is_frozen_hangs_nobody_and_is_used_again_once_it_answers(on_postgres: World, postgres: str) -> None:
    world, body = on_postgres, contract_body()
    me = world.ask(COUNTY, "en")
    assert me.look("/contracts").status_code == 200
    wait_at_most(1.0)
    began = time.monotonic()
    with frozen(postgres), ThreadPoolExecutor(12) as pool:
        written = me.post("/contracts", body, key="once", status=503)
        told = written.json()
        pages = list(pool.map(lambda _: world.client.get("/public"), range(12)))
        read = me.look("/contracts")
        assert world.client.get("/healthz").status_code == 200
    assert time.monotonic() - began < 30, "a crowd does not wait one behind the other"
    assert silent()
    assert (told["type"], written.headers["Retry-After"]) in [("/problems/not-now", "5"), ("/problems/uncertain", "5")]
    assert written.headers["Content-Language"] == "en"
    assert read.status_code == 503
    assert {page.status_code for page in pages} == {503}
    assert "现在办不了" in pages[0].text
    assert pages[0].headers["Retry-After"] == "5"
    until = time.monotonic() + 30
    while me.look("/contracts").status_code != 200 and time.monotonic() < until:
        time.sleep(0.1)
    contract = me.post("/contracts", body, key="once").json()
    assert me.get("/contracts", q=body["number"])["items"][0]["id"] == contract["id"], "recorded once, whatever came of the first try"
    assert not silent()


def test_connections_that_the_server_ended_are_replaced_unnoticed(on_postgres: World, postgres: str) -> None:
    world = on_postgres
    me = world.ask(COUNTY)
    me.post("/contracts", contract_body())
    for _ in range(2):
        with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as session:
            session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        me.post("/contracts", contract_body())
        assert me.look("/contracts").status_code == 200
