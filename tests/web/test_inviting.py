"""An administrator invites; the person chooses the password; the code is good once, for a while, and stands in no log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from typer.testing import CliRunner

from domain.access.account import account_id
from tests.web import kept
from tests.web.office import BASE, CITY, World
from web.cli.program import app

FORM = {"Origin": BASE, "Accept": "text/html"}
NEW = {"name": "newcomer", "display": "李四", "role": "supervisor", "region": "440823"}
GOOD = "correct horse battery"


def post(world: World, path: str, who: str | None = None, **fields: str) -> Any:
    own = FORM | ({"Authorization": f"Bearer {world.token(who)}"} if who else {})
    return world.client.post(path, data=fields, headers=own, follow_redirects=False)


def accepted(world: World, body: dict[str, str]) -> Any:
    return world.client.post("/api/v1/invitations/acceptance", json=body, headers={"Origin": BASE})


def sign_in(world: World, password: str) -> int:
    return int(post(world, "/sign-in", account="newcomer", password=password).status_code)


def test_the_invited_choose_their_password_and_nobody_else_knows_it(world: World) -> None:
    page = post(world, "/administration/accounts", "administrator", **NEW)
    assert page.status_code == 200
    (link,) = re.findall(r"/invitation\?code=[\w-]{43}", page.text)
    code = link.partition("=")[2]
    assert code not in world.client.get("/administration", headers={"Authorization": f"Bearer {world.token('administrator')}"}).text
    told = [one for row in world.office.ledger.after(0, 10_000) for one in [row.event] if one.topic == "access.invitation_made/1"]
    assert len(told) == 1
    assert code not in str(told[0])
    shown = world.client.get(link, headers={"Accept-Language": "en"})
    assert (shown.status_code, "newcomer" in shown.text, shown.headers["cache-control"]) == (200, True, "no-store")
    assert sign_in(world, "") == 422
    assert post(world, "/invitation", code=code, password=GOOD, again="other").status_code == 422
    assert "太常见" in post(world, "/invitation", code=code, password="password", again="password").text
    assert post(world, "/invitation", code=code, password=GOOD, again=GOOD).headers["location"] == "/sign-in"
    assert sign_in(world, GOOD) == 303
    assert post(world, "/invitation", code=code, password="another one here", again="another one here").status_code == 422, "used once"
    assert sign_in(world, GOOD) == 303
    wrong = post(world, "/administration/accounts", "administrator", **{**NEW, "name": "decider", "role": "applicant", "party": "CN-USCC:1"})
    assert wrong.status_code == 422
    for said in ("账户名 decider 已被使用", "申请人角色要指明主体", "主体代码有误"):
        assert said in wrong.text, "everything that is wrong is told at once"
    refused = post(world, "/administration/accounts/newcomer/invitation", "administrator")
    assert (refused.status_code, "已经有密码" in refused.text) == (422, True), "no way into an account in use"
    assert post(world, "/administration/accounts/decider/invitation", "administrator").status_code in (200, 422)
    assert post(world, "/administration/accounts", "decider", **NEW).status_code == 403


def test_programs_invite_and_accept(world: World) -> None:
    administrator = world.ask("administrator")
    made = administrator.post("/invitations", NEW).json()
    assert (made["account"], made["address"]) == ("newcomer", f"{BASE}/invitation?code={made['code']}")
    assert administrator.post("/invitations", NEW, status=422).json()["errors"][0]["code"] == "account_name_is_free"
    again = administrator.post("/invitations", {"name": "newcomer"}).json()
    late = accepted(world, {"code": made["code"], "password": GOOD})
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "invitation_is_open"), "a later one took its place"
    weak = accepted(world, {"code": again["code"], "password": "short"})
    assert (weak.status_code, weak.json()["errors"][0]["pointer"]) == (422, "/password")
    assert accepted(world, {"code": again["code"], "password": GOOD}).json() == {"account": "newcomer"}
    assert sign_in(world, GOOD) == 303
    administrator.post("/invitations", {"name": "nobody"}, status=422)
    world.ask("decider").post("/invitations", {"name": "x"}, status=403)


def test_a_code_is_over_in_time_with_its_account_and_for_who_guesses(world: World) -> None:
    administrator, hours = world.ask("administrator"), world.office.settings.invitation_hours
    first = administrator.post("/invitations", NEW).json()["code"]
    vault, now = world.office.vault, world.office.now
    assert vault.invitations.find(first, now + timedelta(hours=hours) - timedelta(seconds=1)) == account_id("newcomer")
    assert vault.invitations.find(first, now + timedelta(hours=hours)) is None
    assert post(world, "/administration/accounts/newcomer/disabling", "administrator").status_code == 303
    assert world.client.get(f"/invitation?code={first}").status_code == 422
    answers = [accepted(world, {"code": f"guess {n}", "password": GOOD}).status_code for n in range(25)]
    assert answers[0] == 422
    assert answers[-1] == 429, "a source that guesses waits"


def test_the_shell_prints_a_link_and_no_password(world: World) -> None:
    data = str(world.office.settings.data)
    told = CliRunner().invoke(
        app,
        ["account", "add", "newcomer", "--role", "auditor", "--region", CITY, "--invite", "--data", data],
        env=kept.shell(world.office.settings.data),
        catch_exceptions=False,
    )
    assert told.exit_code == 0
    code = told.stdout.strip().partition("code=")[2]
    assert accepted(world, {"code": code, "password": GOOD}).json() == {"account": "newcomer"}
    both = ["account", "add", "x", "--role", "auditor", "--region", CITY, "--invite", "--password-stdin", "--data", data]
    assert CliRunner().invoke(app, both).exit_code == 2
