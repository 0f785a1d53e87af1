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
