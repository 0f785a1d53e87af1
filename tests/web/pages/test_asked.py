"""Every value in the table of what can be asked why stands on its page with its link, and each link answers with what makes it so."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import unquote

from tests.web.office import PARTY_A, SUIXI, World, application, finding_body, yuan
from tests.web.pages.reading import published, read, words
from web.pages.asked import ASKED

COUNTY = "county-supervisor"
STAR = re.compile(r"/(?:[0-9a-f-]{36}|[A-Z]+[0-9]+|20\d\d|credit|municipal-credit|[a-z_]+:[^/]*)(?=/|$)")


def links(page: str) -> set[str]:
    return {unquote(html.unescape(one)) for one in re.findall(r'href="([^"]+/why\?field=[^"]+)"', page)}


def pattern_of(link: str) -> str:
    """The row of the table that a link is of."""
    return STAR.sub("/*", link.partition("field=")[2].removeprefix("standing/"))


def lived(world: World) -> dict[str, str]:
    """A contract with something done and something owed, a case that went all the way, an application that was supplemented: their pages."""
    case = published(world)
    contract = world.ask(COUNTY).get(f"/contracts/{case['contract']}")
    contract = world.contract(COUNTY, contract, "/obligations/M1/fulfilment", {"evidence": []})
    contract = world.contract(COUNTY, contract, "/payments", {"ref": "P1", "value": yuan("100000.00")})
    contract = world.contract(COUNTY, contract, "/checks", {"planned_on": "2026-05-06"})
    result = {"inspectors": ["王五", "赵六"], "items": [{"code": "CK-04", "result": "pass", "note": "", "evidence": []}]}
    contract = world.contract(COUNTY, contract, f"/checks/{contract['checks'][0]['id']}/result", result)
    asked = finding_body(behaviour="PER-01", kind="management", facts="关键岗位人员不在岗", occurred_on="2026-05-06")
    other = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    world.case(COUNTY, other, "/rectification", {"due_on": "2026-06-02", "requirements": "到岗"})
    world.at("2026-07-29")
    digest = world.ask("company-a").bring()
    repair = world.ask("company-a").post("/repairs", application(case["sanctions"][0]["id"], digest, "2026-07-29")).json()
    repair = world.repair(COUNTY, repair, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
    repair = world.repair("company-a", repair, "/supplement", {"documents": [{"kind": "fulfilment_proof", "digest": digest}]})
    repair = world.repair(COUNTY, repair, "/acceptance", {})
    promised = world.ask(COUNTY).get("/commitments")["items"][0]["id"]
    authority = f"/parties/CN-USCC:{SUIXI}"
    seen = world.ask(COUNTY).get(f"{authority}/authority-record")["version"]
    public = {"year": 2025, "contracts": 0, "amount": yuan("0.00"), "place": "本局网站"}
    world.ask(COUNTY).post(f"{authority}/disclosures", public, seen=seen)
    world.at("2027-01-04")
    return {"organisations": f"{authority}/authority-record",
            "contracts": f"/contracts/{contract['id']}", "cases": f"/cases/{case['id']}", "repairs": f"/repairs/{repair['id']}",
            "commitments": f"/commitments/{promised}", "standing": f"/parties/{PARTY_A}", "other": f"/cases/{other['id']}"}  # fmt: skip


SELDOM = {"cases": {"rectification/passed", "objections/*/outcome", "reviews/*/outcome"}, "repairs": {"decision/outcome"}, "standing": {"grade/grade"},
          "contracts": {"payments/*/interest"}, "commitments": {"ends_on", "kept/kept_on", "breach/broken_on"}}  # fmt: skip


def answered(world: World, who: str, link: str) -> Any:
    """The page says why, and its twin names at least one event."""
    page = read(world, who, link)
    assert "是这些事使它如此" in page
    path, _, field = link.partition("/why?field=")
    kind = "/standing" if field.startswith("standing/") else "/authority-record" if path.endswith(SUIXI) else ""
    told = world.ask(who).get(path + kind, why=field.removeprefix("standing/"))
    assert told["events"], link
    return told


def test_every_value_of_the_table_leads_from_its_page_to_what_makes_it_so(world: World) -> None:
    pages = lived(world)
    told = {kind: links(read(world, "decider", page)) for kind, page in pages.items()}
    told["cases"] |= told.pop("other")
    for kind, fields in ASKED.items():
        seen = {pattern_of(one) for one in told["standing" if kind == "parties" else kind]}
        assert set(fields) - SELDOM.get(kind, set()) <= seen, (kind, set(fields) - seen)
    for page in pages.values():  # no two are called alike
        named = re.findall(r'href="[^"]+/why\?field=[^"]+">([^<]+)</a></li>', read(world, "decider", page))
        assert len(named) == len(set(named)) > 0, named
    for one in sorted(set().union(*told.values())):
        answered(world, "decider", one)


def test_whom_it_concerns_and_who_looks_back_may_ask_too(world: World) -> None:
    case = published(world)
    mine = links(read(world, "company-a", f"/my/cases/{case['id']}"))
    assert {f"/cases/{case['id']}/why?field=status", f"/cases/{case['id']}/why?field=sanctions/{case['sanctions'][0]['id']}/fine"} <= mine
    answered(world, "company-a", f"/cases/{case['id']}/why?field=sanctions/{case['sanctions'][0]['id']}/fine")
    then = read(world, "auditor", f"/cases/{case['id']}?as_of=2026-04-30")
    assert f"/cases/{case['id']}/why?field=status&amp;as_of=2026-04-30" in then
    assert "What makes each of" in words(read(world, "auditor", f"/cases/{case['id']}", "en"))


def test_a_desk_says_why_a_day_is_due(world: World) -> None:
    lived(world)
    own = links(read(world, COUNTY, "/"))
    assert own
    for one in sorted(own)[:3]:
        answered(world, COUNTY, one)
