"""The command line in this process: what is made, told and refused, and with which exit code."""

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.web.demo import made
from web.cli.faults import told
from web.cli.program import app
from web.cli.telling import Stop

PASSWORD = "Correct-horse-77"
CODE = "11440823000000000T"


def lvyue(*asked: object, stdin: str = "", **environment: str) -> Result:
    return CliRunner().invoke(app, [str(one) for one in asked], input=stdin, env=environment, catch_exceptions=False)


def done(*asked: object, stdin: str = "", **environment: str) -> Result:
    result = lvyue(*asked, stdin=stdin, **environment)
    assert result.exit_code == 0, result.stderr
    return result


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test meets this machine's own settings or folders."""
    import os

    for name in [one for one in os.environ if one.startswith("LVYUE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office set up by the shell, with a supervisor."""
    folder = tmp_path_factory.mktemp("office") / "var"
    done("migrate", "--data", folder)
    done("setup", "--admin", "root", "--organisation", "遂溪县水务局", "--code", CODE, "--region", "440823", "--password-stdin", "--data", folder,
         stdin=PASSWORD + "\n")  # fmt: skip
    done("account", "add", "lin", "--role", "supervisor", "--region", "440823", "--password-stdin", "--data", folder, stdin=PASSWORD + "\n")
    return folder


# ---- made


def test_every_promised_command_is_there_and_says_how_it_is_used() -> None:
    commands = ["setup", "serve", "worker", "migrate", "demo", "import", "export", "verify", "replay", "why", "rebuild", "account", "settings", "backup",
                "restore", "move", "erase", "doctor", "jobs"]  # fmt: skip
    shown = done("--help").stdout
    for command in commands:
        assert f"  {command} " in shown
        assert "--data" in done(command, "--help").stdout or command == "account"
    for command in ["add", "disable", "grant", "password", "token", "list"]:
        assert "--data" in done("account", command, "--help").stdout


def test_migrate_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    first = done("migrate", "--data", tmp_path / "var")
    assert "adopted behaviours/1" in first.stderr
    assert first.stdout == ""
    second = done("migrate", "--data", tmp_path / "var")
    assert "adopted" not in second.stderr


def test_the_folder_can_be_named_in_the_environment(tmp_path: Path) -> None:
    done("migrate", "--trial", LVYUE_DATA=str(tmp_path / "elsewhere"))
    assert (tmp_path / "elsewhere" / "ledger.db").is_file()
    assert "trial" in done("migrate", LVYUE_DATA=str(tmp_path / "elsewhere")).stderr


def test_a_trial_can_only_be_begun_on_an_empty_log(tmp_path: Path) -> None:
    done("migrate", "--data", tmp_path)
    refused = lvyue("migrate", "--trial", "--data", tmp_path)
    assert refused.exit_code == 1
    assert "not empty" in refused.stderr


def test_what_the_shell_does_is_recorded_as_done_there(office: Path) -> None:
    lines = [json.loads(line) for line in done("export", "events", "--data", office, "-o", "-").stdout.splitlines()]
    made_here = [one for one in lines if one["topic"].startswith(("access.account_created", "access.role_granted", "access.organisation"))]
    assert len(made_here) == 5
    assert {one["body"]["via"] for one in made_here} == {"cli"}


def test_setting_up_twice_is_refused(office: Path) -> None:
    again = lvyue("setup", "--admin", "other", "--organisation", "x", "--code", CODE, "--region", "440823", "--password-stdin", "--data", office,
                  stdin=PASSWORD)  # fmt: skip
    assert again.exit_code == 1
    assert "administrator already" in again.stderr


# ---- accounts


def test_accounts_are_listed_granted_and_disabled(office: Path) -> None:
    done("account", "add", "wu", "--role", "applicant", "--party", "91440800MA4X00000Y", "--password-stdin", "--data", office, stdin=PASSWORD)
    done("account", "grant", "lin", "--role", "auditor", "--region", "440800", "--data", office)
    listed = {one["name"]: one for one in json.loads(done("account", "list", "--json", "--data", office).stdout)}
    assert listed["wu"]["grants"] == [{"role": "applicant", "region": None, "party": "CN-USCC:91440800MA4X00000Y"}]
    assert {one["role"] for one in listed["lin"]["grants"]} == {"supervisor", "auditor"}
    done("account", "grant", "lin", "--role", "auditor", "--region", "440800", "--withdraw", "--data", office)
    done("account", "disable", "wu", "--data", office)
    after = {one["name"]: one for one in json.loads(done("account", "list", "--json", "--data", office).stdout)}
    assert after["wu"]["disabled"]
    assert len(after["lin"]["grants"]) == 1
    assert lvyue("account", "token", "wu", "--data", office).exit_code == 1


def test_a_token_is_all_that_is_printed_and_good_for_a_year_or_until_a_day(office: Path) -> None:
    year, short = done("account", "token", "lin", "--data", office), done("account", "token", "lin", "--until", "2099-12-31", "--data", office)
    assert year.stderr == ""
    assert year.stdout.startswith("lvyue_")
    assert len(year.stdout.splitlines()) == 1
    with made.opened(office) as opened:
        now = opened.now
        first, second = (opened.vault.tokens.find(one.stdout.strip(), now) for one in (year, short))
        assert first is not None
        assert 364 <= (first.expires - now).days <= 365
        assert second is not None
        assert second.expires.year in (2099, 2100)
    assert lvyue("account", "token", "lin", "--until", "2020-01-01", "--data", office).exit_code == 2


def test_a_password_is_set_from_stdin_and_a_weak_one_is_refused(office: Path) -> None:
    done("account", "password", "lin", "--password-stdin", "--data", office, stdin="Another-horse-88\n")
    with made.opened(office) as opened, opened.vault.credentials.turn():
        from domain.access.account import account_id

        assert opened.vault.credentials.check(account_id("lin"), "Another-horse-88")
    weak = lvyue("account", "password", "lin", "--password-stdin", "--data", office, stdin="12345\n")
    assert weak.exit_code == 1
    assert "password" in weak.stderr


@pytest.mark.parametrize("asked", [
    ("account", "add", "x", "--role", "king", "--region", "440800", "--password-stdin"),
    ("account", "add", "x", "--role", "decider", "--password-stdin"),
    ("account", "add", "x", "--role", "applicant", "--region", "440800", "--password-stdin"),
    ("account", "add", "x", "--role", "applicant", "--party", "91440800MA4X00000Z", "--password-stdin"),
    ("account", "add", "x", "--role", "decider", "--region", "44", "--password-stdin"),
    ("account", "add", "x", "--role", "decider", "--region", "440800"),
    ("export", "nothing"), ("export", "ocel"), ("export", "contracts", "--known-at", "yesterday"), ("replay", "--as-of", "2026-13-01"),
    ("rebuild", "nothing"), ("demo", "--until", "soon"), ("demo", "--until", "9999-12-31"), ("serve", "--workers", "2"),
    ("verify", "pack.zip"), ("nothing",), ("account", "nothing"),
])  # fmt: skip
def test_bad_usage_is_code_2_in_a_sentence(office: Path, asked: tuple[str, ...]) -> None:
    result = lvyue(*asked, *(() if "nothing" in asked[:2] and asked[0] in ("nothing", "account") else ("--data", office)), stdin=PASSWORD)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output


def test_a_demonstration_before_the_law_is_told(tmp_path: Path) -> None:
    early = lvyue("demo", "--until", "2015-06-01", "--contracts", "1", "--data", tmp_path / "early")
    assert (early.exit_code, "in force on 201" in early.stderr) == (1, True), early.output


def test_an_account_that_is_not_there_is_told(office: Path) -> None:
    for asked in (("disable", "nobody"), ("token", "nobody"), ("password", "nobody", "--password-stdin")):
        result = lvyue("account", *asked, "--data", office, stdin=PASSWORD)
        assert result.exit_code == 1
        assert "There is no account nobody" in result.stderr


# ---- what can be wrong with an installation


def test_no_folder_no_ledger_and_none_is_made_by_looking(tmp_path: Path) -> None:
    for command in ("verify", "replay", "serve", "rebuild"):
        result = lvyue(command, "--data", tmp_path / "none")
        assert result.exit_code == 1
        assert "lvyue migrate" in result.stderr
    assert not (tmp_path / "none").exists()
    (tmp_path / "some").mkdir()
    assert "no installation" in lvyue("replay", "--data", tmp_path / "some").stderr
    assert list((tmp_path / "some").iterdir()) == []


def test_a_vault_of_another_version_is_told(office: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(office, tmp_path / "copy"))
    with sqlite3.connect(copy / "vault.db") as vault:
        vault.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    vault.close()
    for command in ("replay", "migrate"):
        result = lvyue(command, "--data", copy)
        assert result.exit_code == 1
        assert "newer version" in result.stderr
    with sqlite3.connect(copy / "vault.db") as vault:
        vault.execute("DELETE FROM alembic_version")
    vault.close()
    assert "older version" in lvyue("replay", "--data", copy).stderr


def test_the_wrong_key_and_no_key_are_told(office: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(office, tmp_path / "copy"))
    other = tmp_path / "other"
    done("migrate", "--data", other)
    wrong = lvyue("account", "list", "--data", copy, LVYUE_KEY_FILE=str(other / "vault.key"))
    assert wrong.exit_code == 1
    assert "does not open this vault" in wrong.stderr
    (copy / "vault.key").unlink()
    missing = lvyue("account", "list", "--data", copy)
    assert missing.exit_code == 1
    assert "LVYUE_KEY_FILE" in missing.stderr


def test_a_clock_is_only_set_on_a_trial(office: Path, tmp_path: Path) -> None:
    refused = lvyue("replay", "--data", office, LVYUE_CLOCK="2099-01-01T09:00:00+08:00")
    assert refused.exit_code == 2
    assert "no trial" in refused.stderr
    done("migrate", "--trial", "--data", tmp_path, LVYUE_CLOCK="2026-03-02T09:00:00+08:00!")
    assert lvyue("replay", "--data", tmp_path, LVYUE_CLOCK="tomorrow").exit_code == 2
    done("replay", "--data", tmp_path, LVYUE_CLOCK="2026-03-03T09:00:00+08:00")


def test_a_setting_that_cannot_be_read_is_named(office: Path) -> None:
    result = lvyue("settings", "--data", office, LVYUE_MAX_BODY="much")
    assert result.exit_code == 2
    assert "LVYUE_MAX_BODY" in result.stderr


def test_settings_tell_value_and_source_and_mask_secrets(office: Path) -> None:
    rows = {one["name"]: one for one in json.loads(done("settings", "--json", "--data", office, LVYUE_BASE_URL="https://x.example").stdout)}
    assert (rows["LVYUE_BASE_URL"]["value"], rows["LVYUE_BASE_URL"]["source"]) == ("https://x.example", "environment")
    assert rows["LVYUE_ASSETS"]["source"] == "default"
    assert rows["LVYUE_DATA"]["value"] == str(office)
    secret = done("settings", LVYUE_DATABASE_URL="postgresql://u:hidden@db/x").stdout
    assert "hidden" not in secret


def test_faults_of_disk_and_database_are_sentences() -> None:
    import errno
    from uuid import UUID

    import sqlalchemy.exc as sa_exc

    from domain.ledger import MovedOn, NotThere

    full = told(OSError(errno.ENOSPC, "No space left on device", "ledger.db"))
    assert isinstance(full, Stop)
    assert "disk is full" in full.sentence
    busy = told(sa_exc.OperationalError("", {}, Exception("database is locked")))
    assert busy is not None
    assert "busy" in busy.sentence
    assert told(sa_exc.OperationalError("", {}, Exception("database or disk is full"))) is not None
    assert told(NotThere("contracts", "x")) is not None
    assert told(MovedOn(UUID(int=1))) is not None
    assert told(ZeroDivisionError()) is None


# ---- taken out


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "var"
    result = done("demo", "--contracts", 6, "--seed", 3, "--until", "2026-06-30", "--json", "--data", folder)
    told_of: dict[str, Any] = json.loads(result.stdout)
    assert told_of["contracts"] == 6
    assert told_of["until"] == "2026-06-30"
    assert "writing the demonstration" in result.stderr
    return folder


def test_a_finished_demonstration_bears_no_mark_and_is_not_written_over(small: Path) -> None:
    assert not (small / "demonstration.unfinished").exists()
    again = lvyue("demo", "--data", small)
    assert again.exit_code == 1
    assert "empty folder" in again.stderr
    assert not (small / "demonstration.unfinished").exists()


def test_an_interrupted_demonstration_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("web.demo.writing.settle", interrupted)
    result = lvyue("demo", "--data", tmp_path / "var")
    assert result.exit_code == 1
    assert "disk is full" in result.stderr
    assert (tmp_path / "var" / "demonstration.unfinished").exists()


def test_the_log_is_exported_line_by_line_with_its_leaves(small: Path) -> None:
    import base64
    from uuid import UUID

    from domain.proof.leaf import leaf_bytes
    from domain.proof.tree import leaf_hash

    lines = [json.loads(line) for line in done("export", "events", "-o", "-", "--data", small).stdout.splitlines()]
    assert [one["position"] for one in lines] == list(range(1, len(lines) + 1))
    for one in lines[:50]:
        assert set(one) == {"position", "stream", "version", "topic", "recorded_at", "state", "leaf", "body"}
        state = base64.b64decode(one["state"])
        leaf = leaf_bytes(one["position"], one["recorded_at"], UUID(one["stream"]), one["version"], one["topic"], state)
        assert one["leaf"] == leaf_hash(leaf).hex()
        assert one["body"] == json.loads(state)
    until = done("export", "events", "--known-at", "20", "--data", small).stdout.splitlines()
    assert len(until) == 20
    later = [json.loads(line) for line in done("export", "events", "--from", "2026-01-01", "--data", small).stdout.splitlines()]
    assert later
    assert min(one["recorded_at"] for one in later) >= "2026-01-01"


def test_contracts_are_exported_as_spreadsheet_csv_and_ocds(small: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    done("export", "contracts", "-o", tmp_path / "all.xlsx", "--data", small)
    assert load_workbook(tmp_path / "all.xlsx").worksheets[0].max_row == 7
    done("export", "contracts", "-o", tmp_path / "all.csv", "--data", small)
    assert len((tmp_path / "all.csv").read_text("utf-8-sig").splitlines()) == 7
    package = json.loads(done("export", "ocds", "-o", "-", "--data", small).stdout)
    assert len({one["ocid"] for one in package["releases"]}) == 6
    done("export", "contracts", "--from", "2099-01-01", "-o", tmp_path / "none.csv", "--data", small)
    assert len((tmp_path / "none.csv").read_text("utf-8-sig").splitlines()) == 1
    done("export", "template", "-o", tmp_path / "template.xlsx")
    assert load_workbook(io.BytesIO((tmp_path / "template.xlsx").read_bytes())).sheetnames
    assert not list(tmp_path.glob(".*part"))


def test_replay_shows_the_register_and_a_contract_as_they_were(small: Path) -> None:
    now = json.loads(done("replay", "--json", "--data", small).stdout)
    assert now["total"] == 6
    early = json.loads(done("replay", "--known-at", "2023-12-31", "--json", "--data", small).stdout)
    assert early["total"] < 6
    number = next(one["number"] for one in now["items"] if one["status"] != "performing")
    card = json.loads(done("replay", "--contract", number, "--json", "--data", small).stdout)
    assert card["number"] == number
    assert card["timeline"][0]["position"] > 0
    first = card["timeline"][0]["position"]
    assert len(json.loads(done("replay", "--contract", number, "--known-at", first, "--json", "--data", small).stdout)["timeline"]) == 1
    assert lvyue("replay", "--contract", "no-such-number", "--data", small).exit_code == 1


def test_why_names_the_events_and_the_clauses(small: Path) -> None:
    register = json.loads(done("replay", "--json", "--data", small).stdout)["items"]
    number = next(one["number"] for one in register if one["status"] != "performing")
    told = json.loads(done("why", f"{number}#status", "--json", "--data", small).stdout)
    assert told["value"] == next(one["status"] for one in register if one["number"] == number)
    assert [one["position"] for one in told["events"]] == sorted({one["position"] for one in told["events"]})
    then = json.loads(done("why", number, "--known-at", told["events"][0]["position"], "--json", "--data", small).stdout)
    assert then["value"] in ("signed", "performing")
    shown = done("why", number, "--data", small)
    assert "would change" in shown.stderr or told["would_change"] == []
    assert "contract.signed/1" in shown.stdout
    assert lvyue("why", f"{number}#nothing", "--data", small).exit_code == 2
    assert lvyue("why", "no-such-number", "--data", small).exit_code == 1


def test_verify_answers_in_json_and_by_its_exit_code(small: Path, tmp_path: Path) -> None:
    import shutil

    whole = json.loads(done("verify", "--json", "--data", small).stdout)
    assert whole["ok"]
    assert whole["trial"]
    copy = Path(shutil.copytree(small, tmp_path / "copy"))
    with sqlite3.connect(copy / "ledger.db") as ledger:
        ledger.execute("UPDATE events SET recorded_at = '2020' || substr(recorded_at, 5) WHERE position = 100")
    ledger.close()
    result = lvyue("verify", "--json", "--data", copy)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["first_difference"]["position"] == 100
    assert "position 100" in lvyue("verify", "--data", copy).stderr


def test_rebuild_builds_the_views_that_are_asked_for(small: Path) -> None:
    assert "rebuilt: loops, cases" in done("rebuild", "loops", "cases", "--data", small).stderr
    assert json.loads(done("verify", "--json", "--data", small).stdout)["ok"]
