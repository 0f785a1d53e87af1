"""Letters: each from its event, drafts for the office alone, nobody else's."""

import pytest

from tests.web.office import World, contract_body, finding_body, sanctioned
from tests.web.pages.reading import applied, approved, look, published, read, words


def test_the_decision_says_what_was_decided(world: World) -> None:
    case = published(world)
    text = words(read(world, "company-a", f"/letters/decision/{case['id']}"))
    days = ("2026年4月29日", "2027年4月29日", "2026年7月29日")
    for part in ("遂溪县水务局", "遂水罚〔2026〕1号", "行政处罚决定书", "叁万元整", "30000.00元", "15日内缴纳罚款", "行政复议", *days):
        assert part in text, part
    assert "本文书由事件" in text


@pytest.mark.parametrize(
    ("kind", "title"),
    [("notice", "行政处罚（处理）事先告知书"), ("repair-notice", "信用修复告知书"), ("service-receipt", "送达回证"), ("decision", "行政处罚决定书")],
)
def test_letters_of_a_case(world: World, kind: str, title: str) -> None:
    case = published(world)
    for who in ("decider", "county-supervisor", "auditor", "company-a"):
        assert title in words(read(world, who, f"/letters/{kind}/{case['id']}"))
    for who in ("company-b", "county2-supervisor"):
        assert look(world, who, f"/letters/{kind}/{case['id']}").status_code == 404
    assert look(world, None, f"/letters/{kind}/{case['id']}").status_code == 303


def test_what_is_not_issued_is_a_draft_that_only_the_office_sees(world: World) -> None:
    case = sanctioned(world)
    page = read(world, "county-supervisor", f"/letters/service-receipt/{case['id']}")
    assert "草稿" in words(page)
    assert "二维码" not in page
    assert look(world, "company-a", f"/letters/service-receipt/{case['id']}").status_code == 404
    contract = world.ask("county-supervisor").post("/contracts", contract_body()).json()
    asked = finding_body(occurred_on="2026-04-29")
    opened = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    assert "草稿" in words(read(world, "county-supervisor", f"/letters/notice/{opened['id']}"))
    assert look(world, "county-supervisor", f"/letters/decision/{opened['id']}").status_code == 404


def test_letters_of_an_application(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    assert repair["receipt"] in words(read(world, "company-a", f"/letters/receipt/{repair['id']}"))
    assert look(world, "company-a", f"/letters/repair-decision/{repair['id']}").status_code == 404
    world.at("2026-07-30")
    world.repair("county-supervisor", repair, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
    assert "履行义务的证明：看不清" in words(read(world, "company-a", f"/letters/supplement-request/{repair['id']}"))
    assert look(world, "company-b", f"/letters/receipt/{repair['id']}").status_code == 404


def test_the_result_and_a_rejection(world: World) -> None:
    case = published(world)
    repair = approved(world, case)
    text = words(read(world, "company-a", f"/letters/repair-decision/{repair['id']}"))
    assert "准予信用修复" in text
    assert "遂水修〔2026〕1号" in text
    other = applied(world, published(world, number=2), "2026-08-10")
    world.repair("county-supervisor", other, "/rejection", {"reason": "承诺书没有签章"})
    assert "承诺书没有签章。" in words(read(world, "company-a", f"/letters/rejection/{other['id']}"))


def test_no_such_letter(world: World) -> None:
    case = published(world)
    for path in (f"/letters/love/{case['id']}", "/letters/decision/none", f"/letters/receipt/{case['id']}"):
        assert look(world, "decider", path).status_code == 404
