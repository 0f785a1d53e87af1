"""The commands that tend an installation: the doctor, backup and restore, erasing, jobs; and what is said when a part is missing."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.access.account import account_id
from tests.web.cli.test_program import done, lvyue
from tests.web.office import World, contract_body, copied_world

STATES = {"ok", "note", "bad"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test meets this machine's own settings or folders."""
    for name in [one for one in os.environ if one.startswith("LVYUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An office with a contract, closed."""
    world: World = copied_world(tmp_path / "data", store="sqlite")
    world.ask("county-supervisor").post("/contracts", contract_body())
    world.office.caught_up()
    world.office.vault.jobs.ask("import", account_id("county-supervisor"), {"file": "x"}, world.office.now)
    world.close()
    return tmp_path / "data"


def found(data: Path, **environment: str) -> dict[str, str]:
    told = json.loads(lvyue("doctor", "--json", "--data", data, **environment).stdout)
    assert {one["state"] for one in told["checks"]} <= STATES
    assert told["ok"] == all(one["state"] != "bad" for one in told["checks"])
    worst = {"ok": 0, "note": 1, "bad": 2}
    states: dict[str, str] = {}
    for one in told["checks"]:
        states[one["name"]] = max(states.get(one["name"], "ok"), one["state"], key=lambda state: worst[state])
    return states


def test_the_doctor_finds_nothing_wrong_with_a_sound_office_and_names_what_is(data: Path) -> None:
    states = found(data)
    assert set(states) >= {"settings", "permissions", "key file", "disk", "durability", "clock", "log", "anchor", "packs", "views", "verification",
                           "backup", "jobs"}  # fmt: skip
    assert "bad" not in states.values()
    assert states["backup"] == states["verification"] == "note"
    done("verify", "--data", data)
    kept = json.loads(done("backup", data.parent / "kept", "--json", "--data", data).stdout)
    assert kept["events"] > 40
    states = found(data)
    assert states["backup"] == states["verification"] == "ok"
    shown = done("doctor", "--data", data)
    assert "durability" in shown.stdout
    assert "All is well." in shown.stderr
    with closing(sqlite3.connect(data / "views.db")) as conn:
        conn.execute("UPDATE bookmark SET position = 40, stopped = '41: KeyError' WHERE view = 'cases'")
        conn.commit()
    (data / "vault.key").chmod(0o644)
    wrong = found(data, LVYUE_LEAST_FREE=str(1 << 60))
    assert {name for name, state in wrong.items() if state == "bad"} == {"views", "key file", "disk", "log"}
    assert lvyue("doctor", "--data", data).exit_code == 1
    assert found(data.parent / "nowhere") == {"installation": "bad"}


def test_a_backup_comes_back_and_is_verified(data: Path) -> None:
    kept, vault, empty = data.parent / "kept", data.parent / "apart", data.parent / "empty"
    done("backup", kept, "--vault", vault, "--data", data)
    assert sorted(one.name for one in kept.iterdir()) == ["ledger"]
    assert not list(kept.rglob("*.key"))
    assert lvyue("backup", kept, "--vault", vault, "--data", data).exit_code == 1
    assert lvyue("restore", kept, "--vault", vault, "--data", data).exit_code == 1, "nothing is restored over an office"
    told = lvyue("restore", kept, "--vault", vault, "--data", empty)
    assert told.exit_code == 1
    assert "key of the vault is not there" in told.stderr
    told = done("restore", kept, "--vault", vault, "--json", "--data", empty, LVYUE_KEY_FILE=str(data / "vault.key"))
    assert json.loads(told.stdout)["verified"]["ok"]
    assert "nothing to decide" in lvyue("restore", "--go-on", "x", "--data", data).stderr
    assert lvyue("restore", "--data", empty).exit_code == 2


def test_a_move_closes_this_office_and_opens_the_other(data: Path, postgres: str) -> None:
    moved = json.loads(done("move", postgres, "--json", "--data", data).stdout)
    assert "verified" not in moved
    assert moved["events"] > 40
    assert json.loads(done("verify", "--json", "--data", data, LVYUE_DATABASE_URL=postgres).stdout)["root"] == moved["root"]
    closed = lvyue("account", "disable", "decider2", "--data", data)
    assert closed.exit_code == 1
    assert "has moved to postgresql" in closed.stderr
    assert lvyue("move", "--data", data).exit_code == 2
    done("move", "--stay", "--data", data)
    done("account", "disable", "decider2", "--data", data)
    told = lvyue("doctor", "--data", data, LVYUE_DATABASE_URL=postgres)
    assert (told.exit_code, "fsync is off" in told.stdout) == (1, True), "as the tests' own server is set"
    for command in (["replay"], ["rebuild"], ["account", "list"], ["jobs"], ["export", "events", "-o", "-"], ["migrate"]):
        done(*command, "--data", data, LVYUE_DATABASE_URL=postgres)


def test_a_person_is_erased_once_and_every_proof_holds(data: Path) -> None:
    assert "县督" not in done("erase", "account:decider", "--data", data).stderr
    assert "before" in done("erase", "account:decider", "--data", data).stderr
    lines = [json.loads(line) for line in done("export", "events", "--data", data, "-o", "-").stdout.splitlines()]
    assert [one["body"]["via"] for one in lines if one["topic"] == "access.subject_erased/1"] == ["cli"]
    done("verify", "--data", data)
    assert lvyue("erase", "account:nobody-known", "--data", data).exit_code == 1
    assert lvyue("erase", "somebody", "--data", data).exit_code == 2


def test_jobs_are_listed(data: Path) -> None:
    jobs = json.loads(done("jobs", "--json", "--data", data).stdout)
    assert [(one["kind"], one["account"], one["state"]) for one in jobs] == [("import", "county-supervisor", "queued")]
    assert "queued" in done("jobs", "--data", data).stdout


# ---- a part is missing


def test_a_missing_vault_is_not_taken_for_an_empty_one(data: Path) -> None:
    for file in data.glob("vault.db*"):
        file.unlink()
    for command in (["serve"], ["migrate"], ["serve"]):
        refused = lvyue(*command, "--data", data)
        assert refused.exit_code == 1
        assert "vault is missing" in refused.stderr
        assert "--new-vault" in refused.stderr
    done("migrate", "--new-vault", "--data", data)
    done("verify", "--data", data)


def test_a_wrong_key_and_a_missing_key_are_told_apart(data: Path) -> None:
    wrong = data.parent / "wrong.key"
    wrong.write_text("A" * 43 + "=\n")
    assert "does not open this vault" in lvyue("serve", "--data", data, LVYUE_KEY_FILE=str(wrong)).stderr
    (data / "vault.key").unlink()
    assert "key of the vault is not there" in lvyue("worker", "--data", data).stderr
