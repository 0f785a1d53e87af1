"""Bad weather: a database that does not answer or goes away, a disk that is full; each is told, and passes."""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from projections.temporal.view import resume_all
from projections.views import VIEWS
from stores.ledger.verify import verify
from stores.patience import silent, wait_at_most
from tests import postgres
from tests.frozen import frozen
from tests.web import kept
from tests.web.office import JPEG, World, contract_body, copied_world, reopened
from web.clock import TrialClock
from web.comparing import compare_views
from web.doctor import examine
from web.weather import SHOWN, Weather

COUNTY = "county-supervisor"


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[World]:
    made = copied_world(tmp_path / "data", store="postgresql")
    yield made
    wait_at_most(None)
    made.close()


def test_a_server_that_is_frozen_hangs_nobody_and_is_used_again_once_it_answers(on_postgres: World) -> None:
    world, body = on_postgres, contract_body()
    me = world.ask(COUNTY, "en")
    assert me.look("/contracts").status_code == 200
    wait_at_most(1.0)
    began = time.monotonic()
    with frozen(str(world.office.settings.database_url)), ThreadPoolExecutor(12) as pool:
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


def test_connections_that_the_server_ended_are_replaced_unnoticed(on_postgres: World) -> None:
    world = on_postgres
    me = world.ask(COUNTY)
    me.post("/contracts", contract_body())
    for _ in range(2):
        with psycopg.connect(postgres.plain(str(world.office.settings.database_url)), autocommit=True) as session:
            session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        me.post("/contracts", contract_body())
        assert me.look("/contracts").status_code == 200


def test_the_doctor_looks_at_the_server_that_keeps_the_databases(on_postgres: World) -> None:
    on_postgres.ask(COUNTY).post("/contracts", contract_body())
    on_postgres.office.settle()
    found = examine(on_postgres.office)
    assert [(one.name, one.what) for one in found if one.state == "bad"] == [("durability", "fsync is off")], "as the tests' own server is set"
    told = {one.name: one for one in found}
    assert told["PostgreSQL"].state in ("ok", "note")
    assert "of its own disk the database speaks for itself" in told["disk"].what


# ---- the log is closed to writing


def told_shut(world: World, sentence: str, status: int = 503) -> None:
    """Nothing can be recorded, and that is said; pages and lists go on."""
    me = world.ask(COUNTY)
    refused = me.post("/contracts", contract_body(), status=status)
    assert sentence in refused.json()["detail"]
    assert refused.headers["Retry-After"]
    assert me.look("/contracts").status_code == 200
    assert sentence in world.client.get("/contracts", headers=me.headers).text
    assert "只能查看" in world.client.get("/status").text
    ready = world.client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["shut"]


def test_a_disk_that_is_nearly_full_is_written_no_more_and_read_on(in_files: World) -> None:
    world = in_files
    before = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.office.settings = world.office.settings.model_copy(update={"least_free": 1 << 60})
    world.office.weather.look_at_the_log()
    told_shut(world, "磁盘快满了", 507)
    assert world.ask(COUNTY).get(f"/contracts/{before['id']}")["id"] == before["id"]
    world.office.settings = world.office.settings.model_copy(update={"least_free": 0})
    world.office.weather.look_at_the_log()
    world.ask(COUNTY).post("/contracts", contract_body())


def test_a_log_that_is_shorter_than_the_vault_remembers_is_only_read(in_files: World, tmp_path: Path) -> None:
    world = in_files
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "data" / "ledger.db")) as live, closing(sqlite3.connect(old)) as copy:
        live.backup(copy)
    world.ask(COUNTY).post("/contracts", contract_body())
    known = world.office.ledger.head()
    world.close()
    for ending in ("-wal", "-shm"):
        (tmp_path / "data" / f"ledger.db{ending}").unlink(missing_ok=True)
    shutil.copy(old, tmp_path / "data" / "ledger.db")
    again = reopened(tmp_path / "data")
    told_shut(again, f"保险库记得它曾有 {known} 条")
    assert "日志只有" in again.client.get("/status").text
    assert again.office.ledger.head() < known
    assert again.ask(COUNTY).get("/contracts")["total"] == 0, "no view knows more than the log"
    again.close()


def test_a_log_with_another_history_is_only_read(world: World, tmp_path: Path) -> None:
    world.office.settle()
    size, _ = world.office.recorder.tree_head()
    with world.office.vault.engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM anchor")
    world.office.vault.anchor.remember(size, bytes(32))
    world.office.weather.look_at_the_log()
    told_shut(world, "不是保险库记得的那些")


def test_a_clock_behind_the_log_is_told_and_the_log_never_goes_back(world: World, tmp_path: Path) -> None:
    world.ask(COUNTY).post("/contracts", contract_body())
    last = world.office.recorder.recorded_at(world.office.ledger.head())
    assert last is not None
    world.office.clock = TrialClock(last - timedelta(hours=3), True)
    world.office.weather = Weather(world.office, real_clock=True)
    text = world.client.get("/status").text
    assert "早于日志里最后一次记录" in text
    assert "时钟" in text
    world.ask(COUNTY).post("/contracts", contract_body())
    assert world.office.recorder.recorded_at(world.office.ledger.head()) == last


# ---- the views


def test_a_views_file_that_is_taken_away_is_told_again(in_files: World, tmp_path: Path) -> None:
    world, me = in_files, in_files.ask(COUNTY)
    contract = me.post("/contracts", contract_body()).json()
    (tmp_path / "data" / "views.db").unlink()
    assert [one["id"] for one in me.get("/contracts")["items"]] == [contract["id"]]
    assert (tmp_path / "data" / "views.db").is_file()
    world.office.patience = 0.0  # as in a long log: the page shows what there is, and says so
    for ending in ("", "-wal", "-shm"):
        (tmp_path / "data" / f"views.db{ending}").unlink(missing_ok=True)
    world.office.follower._batch = 3
    text = world.client.get("/contracts", headers=me.headers).text
    assert "正在从日志重读" in text
    world.office.patience = 60.0
    assert "正在从日志重读" not in world.client.get("/contracts", headers=me.headers).text


def test_a_view_that_cannot_fold_stops_alone_says_so_and_goes_on_after_a_fix(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    me = world.ask(COUNTY)
    good = me.post("/contracts", contract_body()).json()
    fold = world.office.follower._sets["contracts"]._fold

    def broken(event: Any, rows: Any) -> None:
        raise KeyError("a mistake in the program")

    monkeypatch.setattr(world.office.follower._sets["contracts"], "_fold", broken)
    second = me.post("/contracts", contract_body()).json()
    at = second["position"] if "position" in second else world.office.ledger.head()
    assert [one["id"] for one in me.get("/contracts")["items"]] == [good["id"]]
    stopped = world.office.follower.stopped()
    assert list(stopped) == ["contracts"]
    assert stopped["contracts"] < at
    assert f"合同停在日志第 {stopped['contracts']} 条" in world.client.get("/contracts", headers=me.headers).text
    assert "停在日志" not in world.client.get("/cases", headers=me.headers).text
    assert "a mistake in the program" in world.client.get("/status", headers=world.ask("auditor").headers).text
    ready = world.client.get("/readyz")
    assert (ready.status_code, ready.json()["stopped"]) == (503, ["contracts"])
    assert me.look("/contracts").headers["Lvyue-Stopped"] == f"contracts={stopped['contracts']}"
    monkeypatch.setattr(world.office.follower._sets["contracts"], "_fold", fold)
    assert world.client.get("/readyz").status_code == 503, "nobody has said that it is mended"
    assert resume_all(VIEWS, world.office.views) == ["contracts"]  # as at the next start
    assert world.client.get("/readyz").status_code == 200
    assert {one["id"] for one in me.get("/contracts")["items"]} == {good["id"], second["id"]}
    assert compare_views(world.office)[1] == []
    assert "Lvyue-Stopped" not in me.look("/contracts").headers


# ---- no room at all


@pytest.fixture
def room() -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = Path(tempfile.mkdtemp(prefix="lvyue-small-"))  # not pytest's own folder: PostgreSQL's user may not enter it
    place.chmod(0o755)
    (place / "disk").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m,mode=755", "tmpfs", place / "disk"], capture_output=True, text=True, check=False)
    try:
        if mounted.returncode:
            pytest.skip(f"no file system of one's own can be mounted here: {mounted.stderr.strip()}")
        yield place / "disk"
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "-l", place / "disk"], check=True)
        shutil.rmtree(place)


@pytest.fixture(params=kept.STORES)
def small(request: pytest.FixtureRequest, room: Path, tmp_path: Path) -> Iterator[World]:
    """An office whose folder, or whose database, is on that disk."""
    data = (room if request.param == "sqlite" else tmp_path) / "data"
    world = copied_world(data, store=request.param)
    if request.param == "postgresql":
        world.close()
        postgres.move(str(kept.url(data)), room)
        world = reopened(data)
    world.office.settings = world.office.settings.model_copy(update={"least_free": 0})  # so that the disk itself says it
    yield world
    world.close()
    kept.forget(data)
    postgres.leave(room)


def test_a_disk_that_is_full_takes_nothing_gives_everything_and_is_used_again(small: World, room: Path) -> None:
    world = small
    me = world.ask(COUNTY)
    contract = me.post("/contracts", contract_body()).json()
    world.office.settle()
    filler = room / "filler"
    with filler.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"0" * 4096)
    many = [{"ref": f"M{n}", "owed_by": "contractor", "title": "堤防加固" * 20, "due_on": "2026-03-31"} for n in range(60)]
    refused = list[Any]()
    while len(refused) < 40 and (not refused or refused[-1].status_code == 201):
        refused.append(world.client.post("/api/v1/contracts", json=contract_body(obligations=many, payments=[]), headers=me.headers))
    assert 507 in {one.status_code for one in refused}
    assert {one.status_code for one in refused} <= {201, 507}, "what was still taken is on the disk"
    full = next(one for one in refused if one.status_code == 507)
    assert full.json()["type"] == "/problems/disk-full"
    if world.office.settings.data.is_relative_to(room):
        assert world.client.post("/api/v1/evidence", files={"file": ("a.jpg", JPEG * 9000, "image/jpeg")}, headers=me.headers).status_code == 507
    taken = sum(one.status_code == 201 for one in refused)
    assert me.look("/contracts").status_code == 200
    assert me.get(f"/contracts/{contract['id']}")["number"] == contract["number"]
    filler.unlink()
    me.post("/contracts", contract_body())
    assert me.get("/contracts")["total"] == 2 + taken
    assert verify(world.office.settings.database_url or world.office.settings.data / "ledger.db").ok
    assert compare_views(world.office)[1] == []


def test_every_view_has_a_word_and_pages_that_say_so() -> None:
    assert {one.name for one in VIEWS} == SHOWN.keys()
    assert all(pages for _, pages in SHOWN.values())
