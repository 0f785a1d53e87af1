"""Every macro, on a page, as HTML: sound, translated, whole or in part, with what was typed still in it."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.looks.sample import VISITED
from tests.web.soundness import flaws_of
from web.looks.assets import HTMX, HTMX_INTEGRITY


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("path", VISITED)
def test_a_page_is_sound(client: TestClient, path: str, lang: str) -> None:
    answer = client.get(path, headers={"Accept-Language": lang, "Accept": "text/html"})
    assert answer.headers["Content-Language"] == lang
    assert flaws_of(answer.text) == []


def test_the_check_of_pages_finds_what_is_wrong() -> None:
    page = '<html lang="xx"><body onload="x()"><h1>a</h1><h3 id="a">b</h3><p id="a" style="x">c</p><input name="n"><label for="q">q</label>'
    found = "\n".join(flaws_of(page))
    for flaw in ("never closed", "id a stands 2", "without a label: n", "for points to q", "no main", "no lang", "no title", "h3 follows h1",
                 "inline style on p", "inline handler onload"):  # fmt: skip
        assert flaw in found


def test_the_frame_says_who_where_and_on_what_it_stands(client: TestClient) -> None:
    page = client.get("/parts").text
    for told in (
        "沐江市水务局",
        "林知夏",
        "监管员",
        "试用",
        'action="/sign-out"',
        "18,204",
        "18204-7f3ca91e",
        'aria-current="page"',
        "未确认",
    ):
        assert told in page
    assert f'src="{HTMX}" integrity="{HTMX_INTEGRITY}" crossorigin="anonymous" defer' in page
    assert "boot.js" not in page, "there is no copy of htmx on this machine to fall back on"


def test_htmx_gets_the_block_it_asks_for_and_a_boosted_link_the_whole_page(client: TestClient) -> None:
    whole = client.get("/form")
    part = client.get("/form", headers={"HX-Request": "true"})
    boosted = client.get("/form", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert part.status_code == 422
    assert "<form" in part.text
    assert "<html" not in part.text
    assert boosted.text == whole.text
    assert all("HX-Request" in answer.headers["Vary"] for answer in (whole, part))
    assert flaws_of(part.text, whole=False) == []


def test_a_refused_form_keeps_what_was_typed_and_names_the_place(client: TestClient) -> None:
    page = client.get("/form").text
    assert 'value="91440800MA4X00000X"' in page
    assert 'type="text" value="2026.3.31"' in page, "a date that a date input would drop is kept as text"
    assert "&lt;填料&gt;" in page
    assert 'name="obligations-0-title" type="text" value="一期 清基"' in page
    assert 'name="photos-kept" value="sha256:9c1e" checked' in page
    assert 'name="seen" value="41"' in page
    assert 'name="idempotency" value="6f0e2c4a"' in page
    assert 'href="#f-obligations-1-title"' in page
    for place in re.findall(r'<li><a href="#([^"]+)"', page):
        assert f'id="{place}"' in page
    assert re.search(r'aria-describedby="f-code-h f-code-e" aria-invalid="true"', page)
    assert 'name="add" value="payments"' in page
    assert 'name="drop" value="obligations-1"' in page
    assert 'enctype="multipart/form-data"' in page


def test_enter_in_a_form_with_rows_submits_it_instead_of_adding_a_row(client: TestClient) -> None:
    page = client.get("/form").text
    first = re.search(r"<form(?! method=\"post\" action=\"/sign-out\").*?<button([^>]*)>", page[page.index("<main") :], re.S)
    assert first is not None
    assert "name=" not in first[1]


def test_a_ledger_folds_rest_days_and_ends_on_the_day(client: TestClient) -> None:
    page = client.get("/deadline").text
    assert "10-01 周四</time> 至 <time" in page
    assert "放假，不计 × 7" in page
    assert "届满 7" in page


def test_looking_back_yellows_the_paper_and_reckons_from_that_day(client: TestClient) -> None:
    page = client.get("/pictures").text
    assert '<body class="past">' in page
    assert "到今天应付 1,447.95 万元" in page
    assert "回到现在" in page
    assert '<body class="past">' not in client.get("/deadline").text


def test_a_choice_is_remembered_and_leads_back_to_this_site_only(client: TestClient) -> None:
    home = {"Referer": "http://testserver/parts?page=2"}
    answer = client.get("/lang/en", headers=home, follow_redirects=False)
    assert answer.headers["Location"] == "/parts?page=2"
    assert '<html lang="en"' in client.get("/parts").text
    assert client.get("/text/large", headers={"Referer": "http://elsewhere/x"}, follow_redirects=False).headers["Location"] == "/"
    for away in ("//elsewhere", "https://elsewhere", "/\\elsewhere"):
        assert client.get("/keys/off", params={"next": away}, follow_redirects=False).headers["Location"] == "/"
    page = client.get("/parts").text
    assert 'class="large"' in page
    assert 'data-keys="off"' in page
    assert client.get("/lang/fr").status_code == 404


def test_a_note_is_said_once_on_the_page_that_comes_next(client: TestClient) -> None:
    assert client.post("/act", headers={"Origin": "http://testserver"}).status_code == 200
    client.cookies.set("lvyue_note", "%7Bnot ours")
    assert client.get("/parts").status_code == 200


def test_a_note_survives_one_page(client: TestClient) -> None:
    client.post("/act", headers={"Origin": "http://testserver"}, follow_redirects=False)
    assert 'class="note done flash" role="status">事件 3 条' in client.get("/parts").text
    assert "flash" not in client.get("/parts").text


def test_static_files_are_kept_by_browsers_only_under_their_fingerprint(client: TestClient) -> None:
    page = client.get("/parts").text
    style = re.search(r'href="(/static/style.css\?v=\w+)"', page)
    assert style is not None
    assert "immutable" in client.get(style[1]).headers["Cache-Control"]
    assert client.get("/static/style.css").headers["Cache-Control"] == "no-cache"


def test_the_script_stays_small(client: TestClient) -> None:
    assert len(client.get("/static/app.js").content) < 4096
