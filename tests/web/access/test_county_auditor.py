"""A county's auditor: looks, accounts and organisations of the county, none of the next one's."""

from pathlib import Path

from domain.access.commands import create_account
from domain.actor import Grant
from tests.web.pages.town import Town


def test_who_looked_at_what_stays_in_the_county(tmp_path: Path) -> None:
    town = Town(tmp_path)
    for name, region in (("auditor-here", "440823"), ("auditor-there", "440825")):
        account = town.office.system(lambda act, name=name, region=region: create_account(act, name, "某", grants=(Grant("auditor", region),))).outcome
        town.tokens[name] = town.office.vault.tokens.make(account, "t", town.office.now, town.office.now.replace(year=2030))
    case = town.case()
    town.browser("county").get(f"/cases/{case['id']}")
    town.browser("county").get("/cases?q=本县查的")
    town.browser("county2").get("/cases?q=邻县查的")
    town.browser("decider").get("/cases?q=市里查的")
    town.browser("company").get("/my")
    pages = {name: town.browser(name).get("/audit/access").text for name in ("auditor", "auditor-here", "auditor-there")}
    # What of the trail each of them reads: the case, the county's list, the next county's, the city's, the firm's own look.
    marks = (case["id"], "%E6%9C%AC%E5%8E%BF", "%E9%82%BB%E5%8E%BF", "%E5%B8%82%E9%87%8C", ">my<")
    assert [[mark in page for mark in marks] for page in pages.values()] == [
        [True, True, True, True, True], [True, True, False, False, True], [False, False, True, False, False]]  # fmt: skip
    events = town.browser("auditor-there").get("/audit?chapter=access").text.partition("<main")[2].partition("</main>")[0]
    assert ("county2" in events, "遂溪县水务局" in events, "徐闻县水务局" in events) == (True, False, True)
    found = {name: town.browser(name).get(f"/audit?about={case['number']}").text.count("case.opened") for name in ("auditor", "auditor-here", "auditor-there")}
    assert found == {"auditor": 1, "auditor-here": 1, "auditor-there": 0}
    town.office.close()
