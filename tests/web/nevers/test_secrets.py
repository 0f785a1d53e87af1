"""Never 9: nobody is shown another county's or another party's data; no sensitive read leaves no trace."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.access.account import account_id
from domain.actor import Actor
from projections import cases
from tests.web.access.routes import routes_of
from tests.web.nevers.counties import EVERYBODY, SECRETS, SENSITIVE, two_counties
from tests.web.nevers.never import LIVED, PLANTED, STEPS, Never
from tests.web.nevers.stages import at_stage
from tests.web.office import BASE
from web import resources
from web.api import reads as read_routes
from web.office import Office

SKIPPED = ("/static/*", "/assets", "/sign-", "/keys", "/lang", "/text", "/api/v1/feed", "/favicon")
MOMENTS = ({}, {}, {}, {"known_at": "2026-04-30"}, {"as_of": "2026-04-30"}, {"known_at": "40"})
KEPT = (r"^GET (/api/v1)?(/cases(/|\s)|/repairs/[0-9a-f]{8}|/repairs\s|/my/(cases|repairs)/[0-9a-f]{8}|/evidence/sha|/letters/|/audit"
        r"|/parties/CN|/log/entries)")  # fmt: skip
NOT_KEPT = r"/(cases|parties|repairs)/new|^GET /parties/[^/ ]+/(ren|gra|good|credit-checks)|^GET /api/v1/parties/[^/ ]+ "
LETTERS = ("notice", "decision", "service-receipt", "repair-notice", "receipt", "supplement-request", "repair-decision")


class Looking(RuleBasedStateMachine):
    """Somebody asks some address of what is theirs or not."""

    only: str = ""  # a narrow walk keeps to the addresses that hold this

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()

    def teardown(self) -> None:
        self.open.close()

    @initialize()
    def begin(self) -> None:
        self.world, self.things = self.open.enter_context(at_stage(two_counties))
        self.routes = [(method, path) for method, path in routes_of(self.world.app)
                       if not path.startswith(SKIPPED) and re.search(self.only, path) and path != "/sign-out"]  # fmt: skip
        self.sessions: dict[str, str] = {}

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        def pick(among: Sequence[Any]) -> Any:
            return data.draw(st.sampled_from(list(among)))

        who, (method, path) = pick(EVERYBODY), pick([one for one in self.routes if one[0] == "GET"])
        self.look(who, method, path, pick)

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """What is sent is nonsense: it is refused, and the refusal must not tell more than a look would."""

        def pick(among: Sequence[Any]) -> Any:
            return data.draw(st.sampled_from(list(among)))

        sent = [one for one in self.routes if one[0] == "POST"]
        if sent:
            self.look(pick(EVERYBODY), *pick(sent), pick)

    def look(self, who: str | None, method: str, path: str, pick: Callable[[Sequence[Any]], Any]) -> None:
        address, page = self.filled(path, pick), not path.startswith(("/api/v1", "/public/api"))
        headers = self.headers(who, page)
        query = pick(({"q": "食蚁兽"}, {"q": "鸭嘴兽"}, *MOMENTS)) if method == "GET" and not path.startswith("/public") else {}
        if path.endswith("/log/entries"):
            query = {"start": str(pick((1, 60, 100))), "end": "400"}
        before = self.seen_by(who)
        client = self.world.client
        client.cookies.clear()
        if method == "GET":
            answer = client.get(address, params=query, headers=headers, follow_redirects=False)
        elif page:
            answer = client.post(address, data={"nonsense": "1"}, headers=headers, follow_redirects=False)
        else:
            answer = client.post(address, json={"nonsense": 1}, headers={**headers, "If-Match": '"1"'})
        assert answer.status_code < 500, f"{who} {method} {address} {query}: {answer.text[:600]}"
        self.judge(who, f"{method} {address} {query}", answer, query, before)

    def judge(self, who: str | None, asked: str, answer: Any, query: Any, before: int) -> None:
        text = said(answer)
        own = str(query.get("q", ""))
        told = [secret for secret in SECRETS if secret in text]
        if foreign := [secret for secret in told if who not in SECRETS[secret]]:
            raise Never(9, f"{who} is told {foreign} by {asked}")
        sensitive = [secret for secret in told if secret in SENSITIVE and secret != own]
        if (sensitive or (self.is_sensitive(asked) and answer.status_code == 200)) and who and self.seen_by(who) == before:
            raise Never(9, f"{who} read {sensitive or 'it'} by {asked}, and no trace is left")

    @staticmethod
    def is_sensitive(asked: str) -> bool:
        """A case, an application, a credit file, a standing, a file of evidence, a page of the audit: by the address."""
        return bool(re.match(KEPT, asked)) and not re.search(NOT_KEPT, asked)

    def filled(self, path: str, pick: Callable[[Sequence[Any]], Any]) -> str:
        kind = next((one for one in ("contracts", "cases", "repairs", "parties") if f"/{one}" in path), "contracts")
        party = pick(self.things["parties"])
        ids = self.things["cases"] + self.things["repairs"] if "/letters" in path else self.things[kind]
        named = party if kind == "parties" else pick([*ids, *self.things["numbers"]] if kind == "contracts" else ids)
        scheme, _, code = party.partition(":")
        places = {"{scheme}": scheme, "{code:path}": code, "{id}": named, "{digest}": pick(self.things["digests"]), "{ref}": "M1", "{measure}": "M-03",
                  "{kind}": pick(LETTERS), "{receipt}": "XF-2026-000001", "{choice}": "en", "{name}": "legal"}  # fmt: skip
        for place, value in places.items():
            path = path.replace(place, value)
        return re.sub(r"{\w+}", "00000000-0000-7000-8000-000000000000", path)

    def headers(self, who: str | None, page: bool) -> dict[str, str]:
        if who is None:
            return {"Origin": BASE, "Accept": "text/html" if page else "application/json"}
        if not page:
            return {"Authorization": f"Bearer {self.world.token(who)}"}
        if who not in self.sessions:
            self.sessions[who] = self.world.office.vault.sessions.start(account_id(who), self.world.office.now)
        return {"Accept": "text/html", "Origin": BASE, "Cookie": f"lvyue_session={self.sessions[who]}"}

    def seen_by(self, who: str | None) -> int:
        return 0 if who is None else sum(row.account == str(account_id(who)) for row in self.world.reads())


def said(answer: Any) -> str:
    """Everything in an answer: its text, its headers, what is packed in it; without what was asked."""
    text = answer.content.decode("utf-8", "replace") + str(dict(answer.headers))
    if answer.request.url.path.endswith("/log/entries") and answer.status_code == 200:
        text += "".join(base64.b64decode(one["state"]).decode("utf-8", "replace") for one in json.loads(answer.content)["items"])
    return text


THOROUGH = settings(LIVED, max_examples=STEPS // 50 or 2, stateful_step_count=50 if STEPS else 80)
PATIENT = settings(PLANTED, max_examples=10, stateful_step_count=60)


def test_never() -> None:
    run_state_machine_as_test(Looking, settings=THOROUGH)


def test_every_address_by_everybody_once() -> None:
    """What the walk asks at random, in order: every address that may be read, by each, of each thing."""
    walk, found = Looking(), set[str]()
    walk.begin()
    try:
        for who in ("county-supervisor", "county-auditor", "company-a", "company-b", "administrator"):
            for n, (method, path) in enumerate(walk.routes):
                if method == "GET" and (path.count("/") < 3 or "/api/" in path or who in ("county-supervisor", "company-b")):
                    for turn in range(len(walk.things["cases"])) if "{" in path else (0,):
                        try:
                            walk.look(who, method, path, lambda among, turn=turn, n=n: among[(turn if len(among) < 9 else n) % len(among)])
                        except Never as never:
                            found.add(never.what)
    finally:
        walk.teardown()
    assert not found, "\n".join(sorted(found))


# ---------------------------------------------------------------- and it would be found


def everybody_sees(kind: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A bug: of this kind of resource it is not asked whose it is."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        def find(office: Office, actor: Actor, of: str, stream: Any, moment: Any) -> Any:
            found = resources.streams(office, of, [stream], moment).get(stream)
            if found is None or (of != kind and not actor.sees(found.whose.region, found.whose.parties)):
                raise resources.NotThere(of, stream)
            return found

        patch.setattr(resources, "find", find)

    return plant


def partners_know_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(resources, "may_know", lambda *_: True)


def lists_are_not_narrowed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cases, "_where", lambda moment, scope, filters, real=cases._where: real(moment, cases.EVERYTHING, filters))


def nothing_is_noted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Office, "record_read", lambda *_: None)


def programs_leave_no_trace(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(read_routes, "_record", lambda *_: None)


def narrow(only: str) -> Any:
    return type("Narrow", (Looking,), {"only": only})


BUGS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Any]] = {
    "case": (everybody_sees("cases"), narrow(r"^/api/v1/cases/{id}$")),
    "case page": (everybody_sees("cases"), narrow(r"^/cases/{id}$")),
    "contract": (everybody_sees("contracts"), narrow(r"^/api/v1/contracts/{id}$")),
    "application": (everybody_sees("repairs"), narrow(r"^/api/v1/repairs/{id}$")),
    "letter": (everybody_sees("cases"), narrow(r"^/letters")),
    "partner": (partners_know_all, narrow(r"^/api/v1/contracts/{id}/(events|timeline)$")),
    "trace": (nothing_is_noted, narrow(r"^/cases/{id}$")),
    "trace of a program": (programs_leave_no_trace, narrow(r"^/api/v1/parties/{id}/(standing|credit-file)$")),
    "trace of evidence": (nothing_is_noted, narrow(r"^/api/v1/evidence")),
    "trace of the audit": (nothing_is_noted, narrow(r"^/audit")),
}


@pytest.mark.parametrize("bug", list(BUGS))
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, near = BUGS[bug]
    with at_stage(two_counties):  # told before there was a bug
        pass
    plant(monkeypatch)
    with pytest.raises(Never) as found:
        run_state_machine_as_test(near, settings=PATIENT)
    assert found.value.number == 9
