"""Odd values in the query of every list and page: a clear 400 or 422, or the list as it was; never a failure of ours."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.access.routes import routes_of
from tests.web.office import World, copied_world, published

WHO = ("city-supervisor", "auditor", "administrator", "company-a")
ODD = (
    "limit=0", "limit=-1", "limit=9999", "limit=x", "after=garbage", "after=WyIyMDI2LTAxLTAxIiwieCJd", "after=%00", "known_at=abc", "known_at=-1",
    "known_at=99999999999999", "known_at=0", "known_at=2026-02-30", "as_of=abc", "as_of=9999-12-31", "as_of=2199-12-31", "as_of=1900-01-01",
    "before=-1", "before=x", "before=99999999999999999999", "status=nonsense", "type=%00", "region=%27", "party=%25", "kind=nonsense", "q=%00", "q=%ED%A0%80",
    "q=" + "%E6%B0%B4" * 3000, "q=" + "a+" * 2000, "show=nonsense&due=2026-02-30", "day=abc", "chapter=nonsense", "account=%00", "year=99999", "nonsense=1",
)  # fmt: skip
NEVER = {"/feed"}  # it waits
PAGES = {"/invitation"}  # nobody but a person holds its code: it answers with itself


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = copied_world(tmp_path_factory.mktemp("busy") / "data")
    published(made)
    yield made
    made.close()


def places(world: World) -> list[str]:
    """The address of every route that is read and has no part to fill in."""
    return sorted({path for method, path in routes_of(world.app) if method == "GET" and "{" not in path and "*" not in path} - NEVER)


def clear(world: World, path: str, query: str, who: str) -> int:
    headers = {**world.ask(who).headers, "Accept": "application/json"}
    answer: Any = world.client.get(f"{path}?{query}", headers=headers, follow_redirects=False)
    assert answer.status_code < 500, f"{who} {path}?{query[:60]}: {answer.text[:400]}"
    if answer.status_code in (400, 422) and path not in PAGES:
        told = answer.json()
        assert told["detail"], (path, query)
        assert all(one["detail"].strip() for one in told["errors"]), (path, query)
    return int(answer.status_code)


def test_odd_queries_of_every_place_get_a_clear_answer(busy: World) -> None:
    """Each place a share of them, another for each; a long run (LVYUE_ODD_EXAMPLES) asks all of all."""
    step = 1 if "LVYUE_ODD_EXAMPLES" in os.environ else 12
    for n, path in enumerate(places(busy)):
        for m, query in enumerate(ODD[n % step :: step]):
            clear(busy, path, query, WHO[(n + m) % len(WHO)])


@pytest.mark.parametrize(("path", "query", "pointer"), [
    ("/audit", "before=99999999999999999999", "/before"), ("/audit/access", "before=99999999999999999999", "/before"), ("/audit", "day=abc", "/day"),
    ("/contracts", "after=WyIyMDI2LTAxLTAxIiwieCJd", "/after"), ("/api/v1/contracts", "statsu=settled", "/statsu"),
    ("/api/v1/contracts", "status=nonsense", "/status"), ("/api/v1/cases", "kind=nonsense", "/kind"), ("/cases", "status=nonsense", "/status"),
    ("/contracts", "status=nonsense", "/status"), ("/repairs", "status=nonsense", "/status"), ("/api/v1/repairs", "q=" + "x" * 201, "/q"),
    ("/", "due=2026-02-30", "/due"), ("/", "show=nonsense", "/show"), ("/public/api/sanctions", "limit=9999", "/limit"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(busy: World, path: str, query: str, pointer: str) -> None:
    who = "auditor" if "audit" in path else "county-supervisor"
    answer = busy.client.get(f"{path}?{query}", headers={**busy.ask(who).headers, "Accept": "application/json"})
    assert answer.status_code == 422, answer.text[:300]
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_only_what_a_read_knows_may_stand_in_its_query(busy: World) -> None:
    ask = busy.ask("county-supervisor")
    for path in ("/contracts", "/cases", "/repairs", "/parties", "/desk", "/statistics", "/log/checkpoint"):
        assert ask.look(path, known_at="3", as_of="2026-05-01").status_code == 200, path
        assert ask.look(path, colour="red").status_code == 422, path


def test_bombs_are_refused_at_once_with_a_sentence(busy: World) -> None:
    """A workbook that unpacks to hundreds of megabytes, JSON that nests without end, a body beyond what is taken."""
    ask, packed = busy.ask("county-supervisor"), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", b"0" * (60 << 20))
    nested, large = b"[" * 1_000_000, b'{"q":"' + b"x" * (3 << 20) + b'"}'
    own = {**ask.headers, "Content-Type": "application/json"}
    file = {"file": ("a.xlsx", packed.getvalue(), "application/octet-stream")}
    for status, code, sent in (
        (422, "upload_unpacks_too_large_size", lambda: busy.client.post("/api/v1/evidence", files=file, headers=ask.headers)),
        (400, None, lambda: busy.client.post("/api/v1/contracts", content=nested, headers=own)),
        (413, None, lambda: busy.client.post("/api/v1/contracts", content=large, headers=own)),
    ):
        began = time.process_time()
        answer = sent()
        assert answer.status_code == status, answer.text[:300]
        assert time.process_time() - began < 1.0, code
        assert answer.json()["detail"]
        assert "parsing" not in answer.json()["detail"]
        assert code in (None, *[one["code"] for one in answer.json()["errors"]])
