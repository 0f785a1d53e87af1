"""The feed for programs: what was recorded past a position, to whom it may be known, waited for without holding a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.office import PARTY_A, World, contract_body, copied_world, published
from web.api import feed

MUST = {"specversion", "id", "source", "type"}  # CloudEvents 1.0, required attributes


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = copied_world(tmp_path_factory.mktemp("feed") / "data")
    published(made)
    yield made
    made.close()


def batch(world: World, who: str, **query: Any) -> tuple[list[dict[str, Any]], int]:
    answer = world.ask(who).look("/feed", **query)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    return answer.json(), int(answer.headers["lvyue-position"])


def test_a_batch_of_cloud_events_followed_to_its_end(told: World) -> None:
    whole, end = batch(told, "county-supervisor", limit=200)
    assert end == told.office.ledger.head()
    assert {"contract.signed/1", "case.opened/1", "case.sanction_published/1"} <= {one["type"].split("/")[0] + "/1" for one in whole}
    for one in whole:
        assert set(one) >= MUST
        assert (one["specversion"], one["datacontenttype"]) == ("1.0", "application/json")
        assert all(name.isalnum() and name == name.lower() for name in one)
        assert one["data"]["text"]
        assert one["data"]["body"] is not None
    assert len({one["id"] for one in whole}) == len(whole)
    found, after = list[dict[str, Any]](), 0
    while True:
        page, after = batch(told, "county-supervisor", after=after, limit=3)
        if not page:
            break
        found += page
    assert (found, after) == (whole, end)
    assert told.reads()[-1].kind == "feed"


def test_only_what_the_caller_may_see(told: World) -> None:
    head = told.office.ledger.head()
    for who in ("county2-supervisor", "company-b", "administrator"):
        seen, end = batch(told, who, limit=200)
        assert end == head
        assert not [one for one in seen if "/contracts/" in one["subject"] or "/cases/" in one["subject"]], who
    mine, _ = batch(told, "company-a", limit=200)
    assert {one["subject"].split("/")[3] for one in mine} == {"contracts", "cases", "parties", "policy"}
    assert {one["subject"] for one in mine if "parties" in one["subject"]} == {f"/api/v1/parties/{PARTY_A}"}
    assert all(one["data"]["body"] is None and one["data"]["by"] is None for one in mine if "/cases/" in one["subject"])
    assert told.ask(None).look("/api/v1/feed").status_code == 401


def test_a_past_moment_shows_what_was_known_and_does_not_wait(told: World) -> None:
    whole, _ = batch(told, "city-supervisor", limit=200)
    began = time.monotonic()
    then, end = batch(told, "city-supervisor", known_at=whole[-1]["position"] - 1, limit=200, wait=20)
    assert then == whole[:-1]
    assert batch(told, "city-supervisor", after=end, known_at=end, wait=20)[0] == []
    assert time.monotonic() - began < 10


def test_who_waits_is_answered_when_something_is_recorded(told: World) -> None:
    after, answers = told.office.ledger.head(), list[Any]()

    def ask() -> None:
        answers.append((batch(told, "county-supervisor", after=after, wait=30), time.monotonic()))

    threads = [threading.Thread(target=ask) for _ in range(feed.OF_ONE)]
    for one in threads:
        one.start()
    _until(lambda: told.app.state.waiting.total() == feed.OF_ONE)
    refused = told.ask("county-supervisor").look("/feed", after=after, wait=30)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    assert "4" in refused.json()["detail"]
    assert batch(told, "county-supervisor", after=after) == ([], after)  # who does not wait is answered
    assert told.ask("decider").get("/desk") is not None  # and everybody else
    told.ask("county2-supervisor").post("/contracts", contract_body(region="440825"))  # none of theirs
    body = contract_body()
    told.ask("county-supervisor").post("/contracts", body)
    for one in threads:
        one.join(40)
    assert len(answers) == feed.OF_ONE
    assert all(body["number"] in str(events) for (events, _), _ in answers)
    assert not told.app.state.waiting
    assert not [one for one in told.office.recorder.listeners if isinstance(one, feed.Bell)]


def test_an_account_that_is_disabled_meanwhile_is_told_nothing(told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = told.app.state.office
    real = feed.look

    def after_its_end(*of: Any) -> Any:
        monkeypatch.setattr(asked, "actor", lambda account: None)
        return real(*of)

    monkeypatch.setattr(feed, "look", after_its_end)
    assert told.ask("decider2").look("/feed", after=told.office.ledger.head() - 1).status_code == 401


def _until(holds: Any) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_metrics_are_for_the_machine_itself_and_administrators(told: World) -> None:
    assert told.ask(None).look("http://127.0.0.1:8000/metrics").status_code == 401  # a test client is no loopback address
    assert told.ask("auditor").look("http://127.0.0.1:8000/metrics").status_code == 403
    told.ask("auditor").look("/contracts/none")
    text = told.ask("administrator").look("http://127.0.0.1:8000/metrics").text
    head = told.office.ledger.head()
    for line in (f"lvyue_events_total {head}", f"lvyue_log_position {head}", 'lvyue_view_lag{view="cases"} 0', 'lvyue_view_stopped{view="loops"} 0',
                 'lvyue_requests_total{method="GET",status="404"} 1', '# TYPE lvyue_open_loops gauge'):  # fmt: skip
        assert line in text.splitlines(), line
    assert 'lvyue_open_loops{owed_by="' in text


def test_metrics_at_loopback_need_no_token_unless_a_proxy_passed_it_on(told: World) -> None:
    from starlette.testclient import TestClient

    here = TestClient(told.app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000))
    assert here.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")
    assert here.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401
