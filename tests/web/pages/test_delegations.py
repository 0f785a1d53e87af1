"""The page of delegations: given, refused, ended; and what a delegate sees while it lasts."""

from __future__ import annotations

from tests.web.office import World


def test_a_delegation_is_given_seen_and_ended(world: World) -> None:
    decider, origin = world.ask("decider"), {"Origin": "http://127.0.0.1:8000"}
    headers = {**decider.headers, **origin}
    shown = world.client.get("/delegations", headers=headers)
    assert shown.status_code == 200
    assert "没有委托" in shown.text
    refused = world.client.post("/delegations", data={"to": "administrator", "ends_on": "2026-02-28"}, headers=headers)
    assert (refused.status_code, "系统管理员不能受委托办案" in refused.text) == (422, True)
    assert world.client.post("/delegations", data={"to": "legal", "ends_on": "x"}, headers=headers).status_code == 422
    given = world.client.post("/delegations", data={"to": "legal", "ends_on": "2026-02-28", "why": "休假"}, headers=headers, follow_redirects=False)
    assert given.status_code == 303
    english = world.client.get("/delegations", headers={**world.ask("legal", "en").headers, **origin})
    assert "Delegations in force" in english.text
    assert "decider" in english.text
    ended = world.client.post("/delegations/legal/end", data={"giver": "x"}, headers={**world.ask("chair").headers, **origin})
    assert ended.status_code == 404, "another's delegation is not there"
    assert world.client.get("/delegations", headers={**world.ask("company-a").headers, **origin}).status_code == 403


def test_programs_give_see_and_end_it(world: World) -> None:
    decider, legal = world.ask("decider"), world.ask("legal")
    refused = decider.post("/delegations", {"to": "administrator", "ends_on": "2026-02-28"}, status=422).json()
    assert [(one["code"], one["pointer"]) for one in refused["errors"]] == [("administrators_are_no_delegates", "/to")]
    decider.post("/delegations", {"to": "legal", "ends_on": "2026-01-01"}, status=422)
    decider.post("/delegations", {"to": "legal", "ends_on": "2026-02-28", "until": "x"}, status=422)
    body = {"to": "legal", "starts_on": "2026-01-12", "ends_on": "2026-02-28", "why": "休假"}
    given = decider.post("/delegations", body, key="one")
    mine = {**body, "giver": "decider"}
    assert (given.status_code, given.json(), given.headers["location"]) == (201, mine, "/api/v1/delegations/legal")
    assert decider.post("/delegations", body, key="one").json() == mine
    for who in ("decider", "legal", "administrator"):
        assert world.ask(who).get("/delegations")["items"] == [mine], "once, with the key sent twice"
    assert world.ask("chair").get("/delegations")["items"] == []
    assert world.ask("company-a").look("/delegations").status_code == 403
    world.ask("chair").post("/delegations/legal/end", {"giver": "decider"}, status=404)
    ended = legal.post("/delegations/legal/end", {"giver": "decider"}).json()
    assert ended == {"to": "legal", "giver": "decider", "ended_on": "2026-01-12"}
    assert decider.get("/delegations")["items"] == []
    codes = [one["code"] for one in decider.post("/delegations/legal/end", {}, status=422).json()["errors"]]
    assert codes == ["delegation_is_in_force"]
