"""The access matrix: every route × everybody × what is theirs, another's, and not there at all."""

from __future__ import annotations

# ruff: noqa: E501 -- tables of facts, a row a line
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.access.account import account_id
from domain.access.commands import create_account, disable_account
from domain.actor import Grant
from tests.web.access.routes import routes_of
from tests.web.access.table import ACTS, BIRTHS, OPEN, PAGES, PARTY_ACTS, READS, ROLES, SIGNED, declared
from tests.web.office import (
    NAME_A,
    NAME_B,
    PARTY_A,
    PARTY_B,
    SUIXI,
    XUWEN,
    A,
    B,
    World,
    application,
    contract_body,
    copied_world,
    finding_body,
    notice_body,
    yuan,
)

ROLE = {"S": "supervisor", "D": "decider", "L": "legal", "C": "chair", "A": "applicant", "U": "auditor", "M": "administrator"}
OFFICE = ("city-supervisor", "decider", "legal", "chair", "auditor")
SEES = {"X": {*OFFICE, "county-supervisor", "company-a"}, "Y": {*OFFICE, "county2-supervisor", "company-b"}}
HOLDS = {"city-supervisor": "S", "county-supervisor": "S", "county2-supervisor": "S", "decider": "D", "legal": "L", "chair": "C", "auditor": "U",
         "administrator": "M", "company-a": "A", "company-b": "A"}  # fmt: skip
NOBODY = ("anonymous", "disabled", "expired-token", "expired-session")
ABSENT = "00000000-0000-7000-8000-000000000000"
CANARY = {
    "X": ("鸭嘴兽堤防", "鸭嘴兽事实", "鸭嘴兽陈述", "遂水告〔2026〕71号", "鸭嘴兽联系人"),
    "Y": ("食蚁兽渠道", "食蚁兽事实", "食蚁兽陈述", "徐水告〔2026〕72号", "食蚁兽联系人"),
}
OWN = {"X": (NAME_A, A), "Y": (NAME_B, B)}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two counties, each with a contract, a case, a sanction in publicity and an application of its own company."""
    made = copied_world(tmp_path_factory.mktemp("two") / "data")
    things = {"X": _things(made, "X", "county-supervisor", "440823", SUIXI, A, NAME_A, "company-a", "遂", ("2026-01-12", "2026-01-30")),
              "Y": _things(made, "Y", "county2-supervisor", "440825", XUWEN, B, NAME_B, "company-b", "徐", ("2026-02-02", "2026-03-02"))}  # fmt: skip
    for side, firm in (("X", "company-a"), ("Y", "company-b")):
        made.at("2026-04-02")
        asked = {**application(things[side]["sanction"], things[side]["digest"], "2026-04-02"), "contact": {"name": CANARY[side][4], "phone": "13900000000"}}
        things[side]["repairs"] = made.ask(firm).post("/repairs?insist=true", asked).json()["id"]
        things[side]["commitments"] = made.ask(firm).get("/commitments")["items"][0]["id"]
    made.things = things  # type: ignore[attr-defined]
    made.office.system(lambda act: create_account(act, "gone", "某", grants=(Grant("supervisor", "440800"),)))
    made.token("gone")
    made.office.system(lambda act: disable_account(act, "gone"))
    yield made
    made.close()


def _things(world: World, side: str, keeper: str, region: str, authority: str, code: str, name: str, firm: str, short: str,
            days: tuple[str, str]) -> dict[str, str]:  # fmt: skip
    world.at(days[0])
    canary = CANARY[side]
    body = contract_body(number=f"{region}-N-1", region=region, name=canary[0], signed_on=None, starts_on=None, ends_on=None,
                         authority={"scheme": "CN-USCC", "id": authority, "name": "水务局"}, payments=[],
                         contractors=[{"scheme": "CN-USCC", "id": code, "name": name, "size": "small", "lead": True}])  # fmt: skip
    contract = world.ask(keeper).post("/contracts", body).json()
    planned = world.contract(keeper, contract, "/checks", {"planned_on": "2026-09-01"})
    photo = world.ask(keeper).bring(b"\xff\xd8\xff\xe0" + side.encode() * 100 + b"\xff\xd9")
    asked = finding_body(party=f"CN-USCC:{code}", facts=canary[1], evidence=[photo])
    case = world.ask(keeper).post(f"/contracts/{contract['id']}/findings", asked, seen=planned["version"]).json()["case"]
    case = world.case(keeper, case, "/notice", notice_body(document_number=canary[3]))
    case = world.case(firm, case, "/statement", {"text": canary[2]})
    world.at(days[1])
    case = world.case("legal", case, "/legal-review", {})
    case = world.case("decider", case, "/confirmation", {"grounds": canary[1]})
    case = world.case(
        "decider",
        case,
        "/sanction",
        {"document_number": f"{short}水罚〔2026〕7号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": canary[1]},
    )
    case = world.case(keeper, case, "/service", {"method": "direct", "repair_notice": True})
    case = world.case(keeper, case, "/fulfilment", {})
    digest = world.ask(firm).bring(b"\xff\xd8\xff\xe0" + firm.encode() * 9 + b"\xff\xd9")
    return {"contracts": contract["id"], "cases": case["id"], "parties": f"CN-USCC:{code}", "check": planned["check"],
            "sanction": case["sanctions"][0]["id"], "photo": photo, "digest": digest}  # fmt: skip


def test_every_route_is_declared(two: World) -> None:
    """And nothing is declared twice with another meaning."""
    there = {f"{method} {path}" for method, path in routes_of(two.app)}
    assert there - declared() == set(), "say in table.py who may ask it"
    groups = [OPEN, SIGNED, set(ROLES), set(PAGES)]
    assert sum(len(one) for one in groups) == len(set().union(*groups))


class Caller:
    """Somebody, with a token for the interface and a session for pages."""

    def __init__(self, world: World, who: str) -> None:
        self.world, self.who = world, who
        self.roles = HOLDS.get(who, "")
        self.api, self.page = self._headers()

    def _headers(self) -> tuple[dict[str, str], dict[str, str]]:
        page = {"Accept": "text/html", "Origin": "http://127.0.0.1:8000"}
        vault, now = self.world.office.vault, self.world.office.now
        if self.who == "anonymous":
            return {"Origin": "http://127.0.0.1:8000"}, page
        if self.who == "disabled":
            return {"Authorization": f"Bearer {self.world.token('gone')}"}, {**page, "Cookie": f"lvyue_session={vault.sessions.start(account_id('gone'), now)}"}
        if self.who == "expired-token":
            token = vault.tokens.make(account_id("city-supervisor"), "old", now - timedelta(days=9), now - timedelta(days=1))
            return {"Authorization": f"Bearer {token}"}, {**page, "Authorization": f"Bearer {token}"}
        if self.who == "expired-session":
            cookie = {"Cookie": f"lvyue_session={vault.sessions.start(account_id('city-supervisor'), now - timedelta(days=60))}", "Origin": page["Origin"]}
            return cookie, {**page, **cookie}
        session = vault.sessions.start(account_id(self.who), now)
        return {"Authorization": f"Bearer {self.world.token(self.who)}"}, {**page, "Cookie": f"lvyue_session={session}"}

    def ask(self, method: str, address: str, form: bool) -> Any:
        client = self.world.client
        client.cookies.clear()
        headers = self.page if form else self.api
        if method == "GET":
            return client.get(address, headers=headers, follow_redirects=False)
        if form:
            return client.post(address, data={"nonsense": "1"}, headers=headers, follow_redirects=False)
        return client.post(address, json={"nonsense": 1}, headers={**headers, "If-Match": '"1"'})


def address_of(path: str, things: dict[str, str] | None, on: str) -> str:
    """A route's path for one side's things; None: for what is not there."""
    own = things or {"parties": "CN-USCC:91440800MA4X00003D"}
    named = own.get(on, ABSENT)
    scheme, _, code = own["parties"].partition(":")
    places = {"{scheme}": scheme, "{code:path}": code, "{id}": named, "{check}": own.get("check", ABSENT), "{ref}": "M1", "{objection}": ABSENT, "{measure}": "M-03",
              "{loop}": ABSENT, "{kind}": "notice", "{digest}": own.get("digest", "sha256:" + "0" * 64), "{receipt}": "XF-2026-000001", "{choice}": "en", "{name}": "legal"}  # fmt: skip
    for place, value in places.items():
        path = path.replace(place, value)
    return path.replace("/static/*", "/static/style.css")


def kind_of(path: str) -> str:
    return path.removeprefix("/api/v1").split("/")[1]


def wanted(method: str, path: str, caller: Caller, side: str | None) -> set[int] | None:
    """The statuses that may be answered; None: anything that is no refusal of access and no failure."""
    route, page = f"{method} {path}", not path.startswith(("/api/v1", "/public/api"))
    if route in OPEN:
        return None
    if caller.who in NOBODY:
        return {303, 401} if page and method == "GET" else {401}
    tail = path.removeprefix("/api/v1").split("/", 3)
    on, act = kind_of(path), tail[3] if len(tail) > 3 else ""
    sees = side is not None and caller.who in SEES[side]
    if route in SIGNED:
        return None if "{digest}" not in path else {200, 404, 303, 307}
    if route in ROLES:
        return None if set(caller.roles) & set(ROLES[route]) else {303, 403, 404}
    if route in PAGES:
        return _page(route, caller, side, sees)
    if on == "parties" and "{id}" in path:
        return _party(method, act, caller, side, sees)
    if path.removeprefix("/api/v1") in (f"/{on}", f"/{on}/new"):
        return None if caller.roles in BIRTHS[on] else {403}
    if not sees:
        return {404}
    if path.startswith("/api/v1") and method == "GET":
        assert f"/{act}" in READS[on] or not act
        return {200, 404} if "{loop}" in path else None
    return None if caller.roles in ACTS[on][act] else {403}


def _party(method: str, act: str, caller: Caller, side: str | None, sees: bool) -> set[int] | None:
    known = caller.roles not in "AM" or (caller.roles == "A" and sees)
    if not known or side is None:
        return {403, 404} if act in PARTY_ACTS and known else {404}
    return None if (method == "GET" and act in ("", "standing", "credit-file")) or caller.roles in PARTY_ACTS[act] else {403}


def _page(route: str, caller: Caller, side: str | None, sees: bool) -> set[int] | None:
    on, roles = PAGES[route]
    if on == "parties":
        return {200, 303, 403, 404} if side is None or caller.roles in "AM" else None
    if not sees or caller.roles not in roles:
        return {303, 403, 404}
    return (
        {200, 303, 403, 404, 422}
        if route.startswith(("GET /letters", "POST /m")) or "{loop}" in route or "/interest/" in route or caller.roles in "AU"
        else None
    )


@pytest.fixture(scope="module")
def callers(two: World) -> dict[str, Caller]:
    return {who: Caller(two, who) for who in (*HOLDS, *NOBODY)}


@pytest.mark.parametrize("who", [*HOLDS, *NOBODY])
def test_everybody_gets_what_is_theirs_and_nothing_else(two: World, callers: dict[str, Caller], who: str) -> None:
    caller, things, wrong = callers[who], two.things, list[str]()  # type: ignore[attr-defined]
    for method, path in routes_of(two.app):
        if (
            f"{method} {path}" not in declared()
            or path in ("/sign-out", "/sign-in", "/assets/htmx.min.js")
            or (path.startswith("/administration") and method == "POST" and caller.roles == "M")
        ):
            continue
        form = not path.startswith(("/api/v1", "/public/api"))
        for side in sides(caller, method, path):
            address = address_of(path, things[side] if side else None, PAGES.get(f"{method} {path}", (kind_of(path),))[0])
            answer = caller.ask(method, address, form)
            want = wanted(method, path, caller, side)
            got = answer.status_code
            fine = (
                got not in (401, 403, 500) and (got != 404 or ("{" in path and f"{method} {path}" in OPEN | SIGNED | set(ROLES)))
                if want is None
                else got in want
            )
            if want is None and got == 404 and re.search(r"{(check|objection|measure|loop|name|digest|receipt)}|/disclosures(/corrections)?$", path):
                fine = True
            if not fine:
                wrong.append(f"{method} {address} ({side}): {got}, not {want or 'a good answer'}")
            wrong += [f"{method} {address} tells {secret}" for secret in leaks(caller, answer)]
    assert not wrong, "\n".join(wrong[:40])


def sides(caller: Caller, method: str, path: str) -> tuple[str | None, ...]:
    """What is asked of: both counties' things where they differ for this person, and what is not there."""
    if "{" not in path or caller.who in NOBODY:
        return ("X",)
    both = ("X",) if caller.who in OFFICE or caller.roles == "M" else ("X", "Y")
    return (*both, None) if path.startswith("/api/") or (method == "GET" and path.count("/") < 4) else both


def leaks(caller: Caller, answer: Any) -> list[str]:
    """Another side's secrets in an answer's body or headers."""
    text = answer.text + str(dict(answer.headers))
    found = []
    for side, secrets in CANARY.items():
        if caller.who not in SEES[side]:
            own = (
                OWN[side] if caller.roles in ("A", "") and not answer.request.url.path.startswith("/public") else ()
            )  # a firm's name is no secret to who knows its code
            found += [one for one in (*secrets, *own) if one in text and one not in str(answer.request.url) and one not in text_of_request(answer)]
    return found


def text_of_request(answer: Any) -> str:
    """What was sent may be said back."""
    return str(answer.request.url.path) + answer.request.content.decode("utf-8", "replace")


def test_lists_hold_only_what_one_may_see(two: World) -> None:
    things = two.things  # type: ignore[attr-defined]
    for who in HOLDS:
        for on in ("contracts", "cases", "repairs", "commitments"):
            for query in ({}, {"known_at": "2026-04-02"}, {"as_of": "2026-04-02"}):
                listed = two.ask(who).get(f"/{on}", **query)
                seen = {side for side in SEES if who in SEES[side]}
                assert {one["id"] for one in listed["items"]} == {things[side][on] for side in seen}, (who, on)
                assert listed["total"] == len(seen), (who, on)
        refs = {one.get("ref") or f"{one['scheme']}:{one['id']}" for one in two.ask(who).get("/parties")["items"]}
        firms = {"company-a": {PARTY_A}, "company-b": {PARTY_B}, "administrator": set()}
        assert refs & {PARTY_A, PARTY_B} == firms.get(who, {PARTY_A, PARTY_B}), who


def test_filters_and_searches_open_nothing(two: World) -> None:
    for query in ({"q": "食蚁兽"}, {"region": "440825"}, {"party": PARTY_B}, {"authority": f"CN-USCC:{XUWEN}"}, {"q": "440825-N-1"}):
        for who in ("county-supervisor", "company-a", "administrator"):
            found = two.ask(who).get("/contracts", **query)
            assert (found["items"], found["total"]) == ([], 0), (who, query)
    assert two.ask("county-supervisor").look("/contracts/440825-N-1").status_code == 404, "nor by number"
    assert two.ask("county-supervisor").get("/desk")["counts"]["all"] > 0
    assert "440825" not in two.ask("county-supervisor").look("/desk").text


def test_evidence_is_for_offices_and_who_brought_it(two: World) -> None:
    things = two.things  # type: ignore[attr-defined]
    for who, side, status in (("company-a", "X", 200), ("company-a", "Y", 404), ("company-b", "X", 404), ("administrator", "X", 404), ("auditor", "Y", 200)):
        told = two.ask(who).look(f"/evidence/{things[side]['digest']}")
        assert told.status_code == status, (who, side)
        if status == 200:
            assert told.headers["content-disposition"].startswith("attachment")
            assert "sandbox" in told.headers["content-security-policy"]
