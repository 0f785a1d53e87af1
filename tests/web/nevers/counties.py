"""Two counties with secrets of their own, and who may know which: said by hand, not by the rules of access."""

from __future__ import annotations

from typing import Any

from domain.access.commands import create_account
from domain.actor import Grant
from tests.web.nevers.stages import Facts
from tests.web.office import NAME_A, NAME_B, PARTY_A, PARTY_B, SUIXI, XUWEN, A, B, World, X, Y, application, contract_body, finding_body, notice_body, yuan

MORE = {"county-decider": (Grant("decider", X),), "county-auditor": (Grant("auditor", Y),), "county-legal": (Grant("legal", Y),)}
CITY = {"city-supervisor", "decider", "decider2", "legal", "chair", "auditor"}
IN_X, IN_Y = CITY | {"county-supervisor", "county-decider"}, CITY | {"county2-supervisor", "county-auditor", "county-legal"}
EVERYBODY = (*sorted(IN_X | IN_Y), "company-a", "company-b", "administrator", None)
# A word that stands nowhere else -> who may read it.
SECRETS: dict[str, set[str]] = {
    "鸭嘴兽堤防": IN_X | {"company-a"}, "鸭嘴兽事实": IN_X | {"company-a"}, "鸭嘴兽陈述": IN_X | {"company-a"}, "鸭嘴兽承诺": IN_X | {"company-a"},
    "鸭嘴兽照片": IN_X, "鸭嘴兽证明": IN_X | {"company-a"}, "鸭嘴兽联系": IN_X | {"company-a"}, "遂水告〔2026〕71号": IN_X | {"company-a"},
    "食蚁兽渠道": IN_Y | {"company-b"}, "食蚁兽事实": IN_Y | {"company-b"}, "食蚁兽陈述": IN_Y | {"company-b"}, "食蚁兽承诺": IN_Y | {"company-b"},
    "食蚁兽照片": IN_Y, "食蚁兽证明": IN_Y | {"company-b"}, "食蚁兽联系": IN_Y | {"company-b"}, "徐水告〔2026〕72号": IN_Y | {"company-b"},
    "穿山甲水闸": IN_X | {"company-a", "company-b"},  # a consortium's: both know the contract
    "穿山甲事实": IN_X | {"company-b"},  # and only one the fault of the one
    "犀鸟迟付": IN_X | {"company-a"},  # the authority's own fault: its contractor is told
}  # fmt: skip
# Of these a look leaves a trace, whoever looks: what was found, said, promised, photographed.
SENSITIVE = tuple(one for one in SECRETS if one[3:] in ("事实", "陈述", "承诺", "照片", "证明", "联系") or one == "犀鸟迟付" or "告" in one)


def two_counties(world: World) -> Facts:
    for name, grants in MORE.items():
        world.office.system(lambda act, name=name, grants=grants: create_account(act, name, f"{name}某", grants=grants))
    things = [_county(world, "鸭嘴兽", "堤防", "county-supervisor", X, SUIXI, A, NAME_A, "company-a", "遂", 71),
              _county(world, "食蚁兽", "渠道", "county2-supervisor", Y, XUWEN, B, NAME_B, "company-b", "徐", 72)]  # fmt: skip
    things += [_consortium(world), _authority(world, things[0])]
    found: dict[str, list[str]] = {}
    for one in things:
        for kind, ids in one.items():
            found.setdefault(kind, []).extend(ids)
    world.office.caught_up()
    return found


def _side(code: str, name: str, lead: bool = True) -> dict[str, Any]:
    return {"scheme": "CN-USCC", "id": code, "name": name, "size": "small", "lead": lead}


def _county(world: World, word: str, work: str, keeper: str, region: str, authority: str, code: str, name: str, firm: str, short: str,
            number: int) -> dict[str, list[str]]:  # fmt: skip
    world.at("2026-01-12" if number == 71 else "2026-04-03")
    body = contract_body(number=f"{region}-N-1", region=region, name=word + work, payments=[], contractors=[_side(code, name)],
                         authority={"scheme": "CN-USCC", "id": authority, "name": "水务局"})  # fmt: skip
    contract = world.ask(keeper).post("/contracts", body).json()
    photo = world.ask(keeper).bring(b"\xff\xd8\xff\xe0" + f"{word}照片".encode() * 20 + b"\xff\xd9")
    asked = finding_body(party=f"CN-USCC:{code}", facts=f"{word}事实", evidence=[photo])
    case = world.ask(keeper).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case(keeper, case, "/notice", notice_body(document_number=f"{short}水告〔2026〕{number}号"))
    case = world.case(firm, case, "/statement", {"text": f"{word}陈述"})
    case = world.case("legal", case, "/legal-review", {})
    case = world.case("decider", case, "/confirmation", {"grounds": f"{word}事实"})
    decision = {"document_number": f"{short}水罚〔2026〕7号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": f"{word}事实"}
    world.clock.set(world.at("2026-01-30" if number == 71 else "2026-04-30").clock())
    case = world.case("decider", case, "/sanction", decision)
    case = world.case(keeper, case, "/service", {"method": "direct", "repair_notice": True})
    case = world.case(keeper, case, "/fulfilment", {})
    world.at("2026-04-02" if number == 71 else "2026-05-04")
    proof = world.ask(firm).bring(b"\xff\xd8\xff\xe0" + f"{word}证明".encode() * 9 + b"\xff\xd9")
    asked = {**application(case["sanctions"][0]["id"], proof, world.office.today.isoformat()), "contact": {"name": f"{word}联系", "phone": "13900000000"}}
    asked["commitment"]["text"] = f"{word}承诺"
    repair = world.ask(firm).post("/repairs?insist=true", asked).json()
    return {"contracts": [contract["id"]], "cases": [case["id"]], "repairs": [repair["id"]], "digests": [photo, proof],
            "parties": [f"CN-USCC:{code}", f"CN-USCC:{authority}"], "numbers": [contract["number"]]}  # fmt: skip


def _consortium(world: World) -> dict[str, list[str]]:
    """A leads, B is at fault."""
    body = contract_body(region=X, name="穿山甲水闸", payments=[], contractors=[_side(A, NAME_A), _side(B, NAME_B, lead=False)])
    contract = world.ask("county-supervisor").post("/contracts", body).json()
    asked = finding_body(party=PARTY_B, facts="穿山甲事实", behaviour="PER-01", kind="management")
    case = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    return {"contracts": [contract["id"]], "cases": [case["id"]], "parties": [PARTY_A, PARTY_B]}


def _authority(world: World, county: dict[str, list[str]]) -> dict[str, list[str]]:
    """The authority of X is late, on the contract of A."""
    contract = world.ask("county-supervisor").get(f"/contracts/{county['contracts'][0]}")
    asked = finding_body(party=f"CN-USCC:{SUIXI}", facts="犀鸟迟付", behaviour="GOV-01", kind="management")
    case = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    return {"cases": [case["id"]]}
