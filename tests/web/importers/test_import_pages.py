"""Importing on pages and by programs: brought, looked through, confirmed, followed, stopped; nobody else's to see."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.web.importers.files import csv_file, package, release, row, xlsx_file
from tests.web.office import World
from web.importers.detect import open_source
from web.jobs import run_jobs


class Visitor:
    """A person signed in to pages."""

    def __init__(self, world: World, who: str, lang: str = "zh") -> None:
        from domain.access.account import account_id

        token = world.office.vault.sessions.start(account_id(who), world.office.now)
        self.world, self.headers = world, {"Cookie": f"lvyue_session={token}; lvyue_lang={lang}", "Origin": "http://127.0.0.1:8000", "Accept": "text/html"}

    def get(self, path: str, **headers: str) -> Any:
        return self.world.client.get(path, headers={**self.headers, **headers}, follow_redirects=False)

    def post(self, path: str, files: Any = None, **fields: str) -> Any:
        return self.world.client.post(path, data=fields, files=files, headers=self.headers, follow_redirects=False)

    def bring(self, path: Path, **fields: str) -> str:
        """Upload a file; the job's address."""
        answer = self.post("/imports", {"file": (path.name, path.read_bytes())}, **fields)
        assert answer.status_code == 303, answer.text[:2000]
        return str(answer.headers["location"])


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world, "county-supervisor")


def test_looked_through_then_confirmed(world: World, visitor: Visitor, tmp_path: Path) -> None:
    assert "还没有导入过" in visitor.get("/imports").text
    path = xlsx_file(tmp_path / "台账.xlsx", [row(1), row(2), row(3, value="许多")])
    job = visitor.bring(path)
    waiting = visitor.get(job)
    assert "等待" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text
    head = world.office.ledger.head()
    assert run_jobs(world.office) == 1
    looked = visitor.get(job)
    assert world.office.ledger.head() == head
    assert "还没有写入任何记录" in looked.text
    assert "确认导入 2 行" in looked.text
    assert "许多" in looked.text
    assert "合同金额（元）" in looked.text
    assert 'http-equiv="refresh"' not in looked.text
    first = visitor.post(f"{job}/confirmation", idempotency="a").headers["location"]
    assert visitor.post(f"{job}/confirmation", idempotency="b").headers["location"] == first, "pressed twice it is one import"
    assert run_jobs(world.office) == 1
    done = visitor.get(first)
    assert "导入完成" in done.text
    assert world.ask("county-supervisor").get("/contracts")["total"] == 2
    rejects = visitor.get(f"{first}/rejects")
    assert "attachment" in rejects.headers["content-disposition"]
    mended = tmp_path / "mend.xlsx"
    mended.write_bytes(rejects.content)
    [reject] = open_source(mended)
    assert (reject.row, reject.column) == (2, "合同金额（元）")  # type: ignore[union-attr]
    assert "台账.xlsx" in visitor.get("/imports").text


def test_in_english(world: World, tmp_path: Path) -> None:
    visitor = Visitor(world, "county-supervisor", "en")
    job = visitor.bring(csv_file(tmp_path / "a.csv", [row(1), row(2, signed_on="2025.2.30")]))
    run_jobs(world.office)
    text = visitor.get(job).text
    assert "nothing is recorded yet" in text
    assert "“2025.2.30” is no date; write it as 2026-03-01" in text


def test_a_running_page_is_told_when_it_is_over(world: World, visitor: Visitor, tmp_path: Path) -> None:
    job = visitor.bring(csv_file(tmp_path / "a.csv", [row(1)]))
    part = visitor.get(job, **{"HX-Request": "true"})
    assert part.text.lstrip().startswith("<section")
    assert 'hx-trigger="every 1s"' in part.text
    run_jobs(world.office)
    assert visitor.get(job, **{"HX-Request": "true"}).headers["hx-refresh"] == "true"


def test_what_cannot_be_imported_is_refused_at_once(world: World, visitor: Visitor) -> None:
    for name, content in (("a.pdf", b"%PDF-1.7\n"), ("a.xlsx", b"PK\x03\x04junk"), ("a.csv", b""), ("a.exe", b"MZ\0\0")):
        answer = visitor.post("/imports", {"file": (name, content)})
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.text
    assert visitor.post("/imports").status_code == 422
    assert world.office.vault.jobs.of(UUID(world.office.actor(_account("county-supervisor")).account)) == []  # type: ignore[union-attr]


def _account(name: str) -> UUID:
    from domain.access.account import account_id

    return account_id(name)


def test_jobs_are_their_accounts_own(world: World, visitor: Visitor, tmp_path: Path) -> None:
    job = visitor.bring(csv_file(tmp_path / "a.csv", [row(1)]))
    other = Visitor(world, "county2-supervisor")
    for path in (job, f"{job}/rejects", "/jobs/nonsense"):
        assert other.get(path).status_code == 404
    assert other.post(f"{job}/cancellation").status_code == 404
    assert Visitor(world, "decider").get("/imports").status_code == 403
    assert world.client.get("/imports", headers={"Accept": "text/html"}, follow_redirects=False).status_code == 303


def test_cancelled_while_waiting_and_asked_again(world: World, visitor: Visitor, tmp_path: Path) -> None:
    job = visitor.bring(csv_file(tmp_path / "a.csv", [row(1)]))
    assert visitor.post(f"{job}/cancellation").status_code == 303
    assert run_jobs(world.office) == 0
    assert "已取消" in visitor.get(job).text
    assert visitor.post(f"{job}/again").status_code == 303
    assert run_jobs(world.office) == 1
    assert "确认导入 1 行" in visitor.get(job).text


def test_cancelled_while_running(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.importers.jobs.BEATS", -1.0)
    asker, content = world.ask("county-supervisor"), csv_file(tmp_path / "a.csv", [row(n) for n in range(1_000)]).read_bytes()
    job = _post(asker, content).json()
    beat = world.office.vault.jobs.beat

    def cancelling(id: UUID, *told: Any) -> bool:
        if told[1] >= 400:
            world.office.vault.jobs.cancel(id, world.office.now)
        return beat(id, *told)

    monkeypatch.setattr(world.office.vault.jobs, "beat", cancelling)
    run_jobs(world.office)
    told = asker.get(f"/jobs/{job['id']}")
    assert told["state"] == "cancelled"
    assert told["result"]["imported"] == 400, "what was written stays"
    monkeypatch.setattr(world.office.vault.jobs, "beat", beat)
    again = _post(asker, content).json()
    run_jobs(world.office)
    result = asker.get(f"/jobs/{again['id']}")["result"]
    assert (result["imported"], result["unchanged"]) == (600, 400)


def _post(asker: Any, content: bytes, name: str = "a.csv", query: str = "", **headers: str) -> Any:
    return asker.world.client.post(f"/api/v1/imports{query}", files={"file": (name, content)}, headers={**asker.headers, **headers})


def test_programs_bring_files_once_for_a_key(world: World, tmp_path: Path) -> None:
    asker, content = world.ask("county-supervisor"), csv_file(tmp_path / "a.csv", [row(1)]).read_bytes()
    first = _post(asker, content, **{"Idempotency-Key": "k1"})
    assert first.status_code == 202
    assert first.headers["location"] == f"/api/v1/jobs/{first.json()['id']}"
    assert _post(asker, content, **{"Idempotency-Key": "k1"}).json()["id"] == first.json()["id"]
    assert _post(asker, content + b"x", **{"Idempotency-Key": "k1"}).status_code == 422
    assert run_jobs(world.office) == 1
    told = asker.get(f"/jobs/{first.json()['id']}")
    assert (told["state"], told["result"]["imported"], told["result"]["files"][0]["file"]) == ("done", 1, "a.csv")
    looked = _post(asker, content, query="?dry_run=true").json()
    run_jobs(world.office)
    assert asker.get(f"/jobs/{looked['id']}")["result"]["dry_run"] is True
    assert asker.get("/imports")["total"] == 2
    assert _post(world.ask("auditor"), content).status_code == 403
    assert _post(world.ask(), content).status_code == 401
    assert world.ask("county2-supervisor").look(f"/jobs/{looked['id']}").status_code == 404


def test_what_jobs_tell_is_sealed(world: World, visitor: Visitor, tmp_path: Path) -> None:
    job = visitor.bring(csv_file(tmp_path / "张三的台账.csv", [row(1, value="张三说约一百万")]))
    run_jobs(world.office)
    assert "张三说约一百万" in visitor.get(job).text
    for path in (world.office.settings.data).rglob("*"):
        assert path.is_dir() or "张三" not in path.read_bytes().decode("utf-8", "ignore"), path
        assert path.is_dir() or "\\u5f20\\u4e09" not in path.read_bytes().decode("utf-8", "ignore"), path


def test_what_goes_wrong_altogether_is_told(world: World, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = visitor.bring(csv_file(tmp_path / "a.csv", [row(1)]))

    def broken(*_: Any) -> Any:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("web.importers.jobs.import_files", broken)
    run_jobs(world.office)
    text = visitor.get(job).text
    assert "没有办成" in text
    assert "the disk is gone" not in text
    monkeypatch.undo()
    visitor.post(f"{job}/again")
    run_jobs(world.office)
    assert "确认导入 1 行" in visitor.get(job).text


def test_ocds_has_pointers_and_no_columns(world: World, visitor: Visitor, tmp_path: Path) -> None:
    bad = release({"id": "x", "value": {"amount": "much", "currency": "CNY"}})
    job = visitor.bring(package(tmp_path / "a.json", bad))
    run_jobs(world.office)
    text = visitor.get(job).text
    assert "/releases/0/contracts/0/value/amount" in text
    assert "列的对应" not in text


def test_the_template_can_be_had_and_brought_back(world: World, visitor: Visitor, tmp_path: Path) -> None:
    answer = visitor.get("/imports/template.xlsx")
    assert "attachment" in answer.headers["content-disposition"]
    path = tmp_path / "template.xlsx"
    path.write_bytes(io.BytesIO(answer.content).getvalue())
    job = visitor.bring(path)
    run_jobs(world.office)
    text = visitor.get(job).text
    assert "没有可以导入的行" in text
    assert "认出" in text
