"""Pages of repair applications for the office."""

from tests.web.office import World
from tests.web.pages.reading import applied, approved, look, published, read, words


def test_the_list_and_its_empties(world: World) -> None:
    assert "还没有修复申请" in read(world, "decider", "/repairs")
    repair = applied(world, published(world))
    assert repair["receipt"] in words(read(world, "decider", "/repairs?status=applied"))
    assert "没有找到" in words(read(world, "decider", "/repairs?status=refused"))
    assert "没有找到" in words(read(world, "decider", "/repairs?q=XF-1999"))
    assert repair["receipt"] not in words(read(world, "county2-supervisor", "/repairs"))
    assert look(world, "company-a", "/repairs").headers["location"] == "/my"
    assert look(world, "administrator", "/repairs").status_code == 403


def test_only_those_who_may_know_of_it(world: World) -> None:
    repair = applied(world, published(world))
    here = f"/repairs/{repair['id']}"
    assert look(world, "county2-supervisor", here).status_code == 404
    assert look(world, "company-b", here).status_code == 404
    assert look(world, "company-a", here).headers["location"] == f"/my{here}"
    assert look(world, "decider", "/repairs/nonsense").status_code == 404
    before = len(world.reads())
    read(world, "auditor", here)
    assert ("repair", repair["id"]) in [(row.kind, row.subject) for row in world.reads()[before:]]


def test_papers_clock_and_acts(world: World) -> None:
    repair = applied(world, published(world))
    here = f"/repairs/{repair['id']}"
    page = read(world, "county-supervisor", here)
    assert f'href="{here}/acceptance"' in page
    assert "张三 13800000000" in words(page)
    world.at("2026-07-30")
    repair = world.repair("county-supervisor", repair, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
    assert "等申请人补正，时钟已停" in words(read(world, "county-supervisor", here))
    world.at("2026-08-03")
    digest = world.ask("company-a").bring()
    repair = world.repair("company-a", repair, "/supplement", {"documents": [{"kind": "fulfilment_proof", "digest": digest}]})
    text = words(read(world, "county-supervisor", here))
    assert "已由补正件替换" in text
    assert "08-05 周三" in text  # story 3: two days not counted


def test_whoever_recorded_the_case_is_told_that_they_cannot_decide(world: World) -> None:
    repair = applied(world, published(world))
    assert "回避核对：通过" in words(read(world, "decider2", f"/repairs/{repair['id']}"))
    assert "回避核对" not in words(read(world, "county-supervisor", f"/repairs/{repair['id']}"))


def test_after_approval_the_recipients_are_awaited(world: World) -> None:
    repair = approved(world, published(world))
    text = words(read(world, "county-supervisor", f"/repairs/{repair['id']}"))
    assert "准予修复" in text
    assert text.count("等确认") == len(repair["acknowledgements"])
    assert "Acknowledged" in words(read(world, "county-supervisor", f"/repairs/{repair['id']}", "en"))
