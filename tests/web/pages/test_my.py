"""What a company sees of its own matters, and of nobody else's."""

import re

from tests.web.office import World, application, contract_body, finding_body, notice_body
from tests.web.pages.reading import applied, approved, look, published, read, words


def test_nothing_stands_against_them(world: World) -> None:
    text = words(read(world, "company-b", "/my"))
    assert "没有对您不利的记录" in text
    assert "现在没有要您办的事" in text
    assert look(world, "decider", "/my").headers["location"] == "/"
    assert look(world, None, "/my").headers["location"] == "/sign-in?next=/my"


def test_what_stands_until_when_and_from_when_it_can_be_repaired(world: World) -> None:
    published(world)
    text = words(read(world.at("2026-07-24"), "company-a", "/my"))
    assert "有 1 项记录" in text
    assert "2027年4月29日（周四）" in text
    assert "最早 7月29日（周三） 可以申请修复".replace(" ", "") in text.replace(" ", "")
    assert "要带： 履行义务的证明、信用承诺书，不需要别的".replace(" ", "") in text.replace(" ", "")
    assert "设计默认：最短公示期届满日的算法未见规定" in text  # the basis, unconfirmed
    assert "现在就可以申请修复" in words(read(world.at("2026-07-29"), "company-a", "/my"))
    assert "遂水罚" not in words(read(world, "company-b", "/my"))


def test_what_a_contract_asks_is_named_and_leads_to_it(world: World) -> None:
    asked = [{"ref": "M7", "owed_by": "contractor", "title": "提交竣工图", "due_on": "2026-09-30"}]
    contract = world.ask("county-supervisor").post("/contracts", contract_body(number="440823-MY-1", obligations=asked, payments=[])).json()
    page = read(world, "company-a", "/my")
    assert f'href="/contracts/{contract["id"]}"' in page
    assert f"提交竣工图 · {contract['name']}" in words(page)


def test_a_notice_is_answered_within_its_window(world: World) -> None:
    contract = world.ask("county-supervisor").post("/contracts", contract_body()).json()
    asked = finding_body(occurred_on="2026-01-12")
    case = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    here = f"/my/cases/{case['id']}"
    assert look(world, "company-a", here).status_code == 404, "what was found would warn it"
    case = world.case("county-supervisor", case, "/notice", notice_body())
    page = read(world, "company-a", here)
    assert "请您在期限内答复" in words(page)
    assert "1月19日（周一）" in words(page)
    assert f'href="/cases/{case["id"]}/statement"' in page
    assert f'href="/cases/{case["id"]}/statement"' in read(world, "company-a", "/my")
    case = world.case("company-a", case, "/statement", {"text": "我们有异议"})
    assert "我们有异议" in words(read(world, "company-a", here))


def test_another_companys_matters_are_not_there(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    for path in (f"/my/cases/{case['id']}", f"/my/repairs/{repair['id']}", f"/my/repairs/new?sanction={case['sanctions'][0]['id']}", "/my/cases/none"):
        assert look(world, "company-b", path).status_code == 404, path


def test_the_offices_own_affairs_are_not_told(world: World) -> None:
    case = published(world)
    text = words(read(world, "company-a", f"/my/cases/{case['id']}"))
    assert "程序合法" not in text  # the opinion of the legal review
    assert "工程质量不合格" in text  # the decision's grounds are theirs to read


def test_before_applying_too_early_and_in_time(world: World) -> None:
    sanction = published(world)["sanctions"][0]["id"]
    early = read(world.at("2026-07-24"), "company-a", f"/my/repairs/new?sanction={sanction}")
    assert "现在还早" in words(early)
    assert f"/repairs/new?sanction={sanction}&amp;insist=true" in early
    assert "仍要提交" in words(early)
    now = read(world.at("2026-07-29"), "company-a", f"/my/repairs/new?sanction={sanction}")
    assert "insist" not in now
    assert f'href="/repairs/new?sanction={sanction}"' in now
    assert "遂水罚〔2026〕1号" in words(read(world, "company-a", "/my/repairs/new"))
    assert "没有可以修复的记录" in words(read(world, "company-b", "/my/repairs/new"))


def test_an_application_sent_too_early_is_tracked_and_rejected(world: World) -> None:
    case = published(world)
    world.at("2026-07-24")
    digest = world.ask("company-a").bring()
    repair = world.ask("company-a").post("/repairs?insist=true", application(case["sanctions"][0]["id"], digest, "2026-07-24")).json()
    here = f"/my/repairs/{repair['id']}"
    if repair["status"] == "applied":
        assert "多半会因为太早而不予受理" in words(read(world, "company-a", here))
        repair = world.repair("county-supervisor", repair, "/rejection", {"reason": "最短公示期没有满"})
    page = read(world, "company-a", here)
    assert "没有受理" in words(page)
    assert f'href="/repairs/{repair["id"]}/objections"' in page


def test_tracking_says_first_whether_they_must_act(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    here = f"/my/repairs/{repair['id']}"
    page = read(world, "company-a", here)
    assert "您不需要做什么" in page[page.index("<h1") : page.index("</h1>")]
    assert repair["receipt"] in words(page)
    assert repair["code"] in words(page)
    assert "二维码" in page
    assert "8月3日（周一）" in words(page)
    assert f'href="/repairs/{repair["id"]}/withdrawal"' in page
    assert "修复申请正在办理" in words(read(world, "company-a", "/my"))
    world.at("2026-07-30")
    world.repair("county-supervisor", repair, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
    page = read(world, "company-a", here)
    assert "请您补正材料" in page[page.index("<h1") : page.index("</h1>")]
    assert "看不清" in words(page)
    assert f'href="/repairs/{repair["id"]}/supplement"' in page
    assert "Please supply" in words(read(world, "company-a", here, "en"))


def test_after_approval_and_after_withdrawal(world: World) -> None:
    case = published(world)
    repair = approved(world, case)
    text = words(read(world, "company-a", f"/my/repairs/{repair['id']}"))
    assert "准予修复：公开页面已经撤下" in text
    assert "第 4 步，共 5 步" in text
    assert "没有对您不利的记录" in words(read(world, "company-a", "/my"))
    other = published(world, number=2)
    withdrawn = applied(world.at("2026-08-10"), other, "2026-08-10")
    withdrawn = world.repair("company-a", withdrawn, "/withdrawal", {})
    assert "您撤回了申请" in words(read(world, "company-a", f"/my/repairs/{withdrawn['id']}"))


def test_every_link_shown_to_a_company_leads_somewhere(world: World) -> None:
    case = published(world)
    left, seen = ["/my", f"/contracts/{case['contract']}", f"/my/cases/{case['id']}"], set[str]()
    for _ in range(2):
        here, left = left, []
        for path in here:
            found = look(world, "company-a", path)
            assert found.status_code < 400, path
            shown = re.findall(r'href="(/(?!lang|text|api|static)[^"#]*)', found.text)
            left += [one for one in shown if one not in seen]
            seen |= {*left, *here}
    photo = re.search(r"<td>[^<]*[.](jpg|png)", read(world, "company-a", f"/contracts/{case['contract']}"))
    assert photo is not None, "a file that the authority brought is named, not offered"
