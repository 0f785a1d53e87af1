"""The same list as a file: every row that the page narrows to, no other, as it was known and held, and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.web.office import PARTY_A, World, application, contract_body, copied_world, published, sanctioned
from web.pages import list_files

FORMULA = '=HYPERLINK("http://x.example","x")'


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two cases, one of them published and applied for; a firm whose name a spreadsheet would take for a formula."""
    made = copied_world(tmp_path_factory.mktemp("files") / "data")
    case = published(made)
    sanctioned(made, number=2)
    made.at("2026-08-03")
    made.ask("company-a").post("/repairs", application(case["sanctions"][0]["id"], made.ask("company-a").bring(), "2026-08-03"))
    sly = [{"scheme": "CN-USCC", "id": "91440800MA4X000012", "name": FORMULA, "size": "large", "lead": True}]
    owed = [{"ref": "M1", "owed_by": "authority", "title": FORMULA, "due_on": "2026-09-30"}]
    body = contract_body(name=FORMULA, contractors=sly, signed_on="2026-08-03", starts_on=None, ends_on=None, obligations=owed)
    made.ask("county-supervisor").post("/contracts", body)
    yield made
    made.close()


def fetched(world: World, who: str, path: str, expect: int = 200, tongue: str = "zh", **query: Any) -> Any:
    answer = world.client.get(f"http://127.0.0.1:8000{path}", params=query, headers=world.ask(who, tongue).headers)
    assert answer.status_code == expect, (path, answer.text[:400])
    return answer


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("path", "who", "n"), [
    ("/cases", "decider", 2), ("/repairs", "decider", 1), ("/parties", "decider", None), ("/desk", "county-supervisor", None),
    ("/audit", "auditor", None), ("/audit/access", "auditor", None),
])  # fmt: skip
def test_three_kinds_tell_the_same_rows(town: World, path: str, who: str, n: int | None) -> None:
    told = fetched(town, who, f"{path}.json").json()
    rows = table(fetched(town, who, f"{path}.csv").content)
    book = openpyxl.load_workbook(io.BytesIO(fetched(town, who, f"{path}.xlsx").content))
    sheet = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert told["total"] == len(told["items"]) > 0
    assert n in (None, told["total"])
    more = 1 if path == "/audit/access" else 0  # each look at it is on record itself
    assert abs(len(rows) - 1 - told["total"]) <= more
    assert abs(len(sheet) - 1 - told["total"]) <= 2 * more
    assert rows[0] == sheet[0]
    assert table(fetched(town, who, f"{path}.csv", tongue="en").content)[0][0].isascii()
    for row in book.active.iter_rows():
        assert all(cell.data_type != "f" for cell in row), "no cell is a formula"
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row)


def test_user_text_that_begins_like_a_formula_is_text(town: World) -> None:
    assert FORMULA in {one["name"] for one in fetched(town, "decider", "/contracts.json").json()["items"]}
    for path, who in (("/contracts.csv", "decider"), ("/desk.csv", "county-supervisor")):
        assert "'" + FORMULA in {cell for row in table(fetched(town, who, path).content) for cell in row}, path


def test_files_honour_filters_words_regions_and_the_moment(town: World) -> None:
    def numbers(**query: str) -> int:
        return int(fetched(town, "decider", "/cases.json", **query).json()["total"])

    assert (numbers(), numbers(status="published"), numbers(status="closed"), numbers(region="440825"), numbers(q="遂溪")) == (2, 1, 0, 0, 2)
    assert (numbers(known_at="2026-04-01"), numbers(as_of="2026-04-01")) == (0, 0)
    assert fetched(town, "county2-supervisor", "/cases.json").json()["total"] == 0
    assert fetched(town, "decider", "/parties.json", size="small", q="shi").json()["total"] == 0
    assert {one["ref"] for one in fetched(town, "decider", "/parties.json", size="small").json()["items"]} == {PARTY_A}
    fetched(town, "decider", "/repairs.json", 422, status="closed")
    fetched(town, "decider", "/cases.csv", 422, known_at="abc")
    whole = fetched(town, "county-supervisor", "/desk.json").json()["total"]
    late = fetched(town, "county-supervisor", "/desk.json", show="overdue").json()["total"]
    assert 0 < late < whole
    assert fetched(town, "county-supervisor", "/desk.json", known_at="2026-01-01").json()["total"] == 0


def test_files_are_for_whom_the_page_is_and_looks_are_on_record(town: World) -> None:
    for path in ("/cases", "/repairs", "/parties", "/desk"):
        for who in ("company-a", "administrator"):
            fetched(town, who, f"{path}.csv", 403)
    for path in ("/audit.csv", "/audit/access.csv"):
        fetched(town, "decider", path, 403)
    fetched(town, "decider", "/cases.xlsx", q="遂溪")
    assert (town.reads()[-1].kind, town.reads()[-1].subject.partition("?")[0]) == ("cases", "/cases.xlsx")


def test_the_log_as_a_file_says_where_it_ends(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fetched(town, "auditor", "/audit.json", chapter="case").json()
    assert whole["next"] is None
    assert {one["topic"].partition(".")[0] for one in whole["items"]} == {"case"}
    then = whole["items"][3]["position"]
    assert fetched(town, "auditor", "/audit.json", chapter="case", known_at=then).json()["items"] == whole["items"][3:]
    monkeypatch.setattr(list_files, "MOST_EVENTS", 2)
    some = fetched(town, "auditor", "/audit.json", chapter="case").json()
    assert some["items"] == whole["items"][:2]
    rest = fetched(town, "auditor", "/audit.json", chapter="case", before=some["next"]).json()
    assert rest["items"] == whole["items"][2:4]
    assert f"before={some['next']}" in table(fetched(town, "auditor", "/audit.csv", chapter="case").content)[-1][0]
    fetched(town, "auditor", "/audit", 422, chapter="nonsense")


def test_pages_link_to_their_files_and_count_their_facets(town: World) -> None:
    later = "known_at=2026-12-01"
    for path, who, query, expected in (
        ("/cases", "decider", f"status=published&{later}", [f"/cases.csv?status=published&amp;{later}", "region=440823", "behaviour=QLT-01"]),
        ("/repairs", "decider", "q=XF", ["/repairs.xlsx?q=XF", "region=440823"]),
        ("/parties", "decider", "size=small", ["/parties.json?size=small", "size=large"]),
        ("/", "county-supervisor", f"show=overdue&{later}", [f"/desk.csv?show=overdue&amp;{later}", f"?{later}&amp;show=soon"]),
        ("/audit", "auditor", f"chapter=case&{later}", [f"/audit.csv?chapter=case&amp;{later}", f"chapter=repair&amp;{later}"]),
        ("/audit/access", "auditor", "", ["/audit/access.json"]),
    ):
        page = town.client.get(f"http://127.0.0.1:8000{path}?{query}", headers={**town.ask(who).headers, "Accept": "text/html"}).text
        for one in expected:
            assert one in page, (path, one)
