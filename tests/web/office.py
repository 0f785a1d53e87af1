"""An office behind its HTTP interface: a trial one with the demonstration's accounts, a clock that is set by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import FastAPI
from starlette.testclient import TestClient

from domain.access.account import account_id
from domain.access.commands import create_account, register_organisation
from domain.act import CHINA
from domain.actor import Grant
from tests.web import kept
from web.app import create_app
from web.clock import TrialClock
from web.office import Office, open_office
from web.setting_up import migrate

BASE = "http://127.0.0.1:8000"
PASSWORD = "Lvyue-demo-2026"
CITY, X, Y = "440800", "440823", "440825"
BUREAU, SUIXI, XUWEN = "11440800000000000G", "11440823000000000T", "11440825000000000P"
A, B = "91440800MA4X00000Y", "91440800MA4X000012"
PARTY_A, PARTY_B = f"CN-USCC:{A}", f"CN-USCC:{B}"
NAME_A, NAME_B = "湛江市试例水利工程有限公司", "湛江市样本建设有限公司"
ACCOUNTS: dict[str, tuple[Grant, ...]] = {
    "city-supervisor": (Grant("supervisor", CITY),),
    "county-supervisor": (Grant("supervisor", X),),
    "county2-supervisor": (Grant("supervisor", Y),),
    "decider": (Grant("decider", CITY),),
    "decider2": (Grant("decider", CITY),),
    "legal": (Grant("legal", CITY),),
    "chair": (Grant("chair", CITY),),
    "auditor": (Grant("auditor", CITY),),
    "administrator": (Grant("administrator", CITY),),
    "company-a": (Grant("applicant", None, PARTY_A),),
    "company-b": (Grant("applicant", None, PARTY_B),),
}
BODIES = ((BUREAU, "湛江市水务局", CITY), (SUIXI, "遂溪县水务局", X), (XUWEN, "徐闻县水务局", Y))
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100 + b"\xff\xd9"
FAR = datetime(2090, 1, 1, tzinfo=CHINA)


def noon(day: str | date) -> datetime:
    """Nine o'clock on a day, or the instant that is written out."""
    if isinstance(day, str) and "T" in day:
        return datetime.fromisoformat(day)
    return datetime.combine(date.fromisoformat(day) if isinstance(day, str) else day, time(9), CHINA)


class Asker:
    """One account (None: nobody) and what it asks of the API."""

    def __init__(self, world: World, who: str | None, headers: dict[str, str]) -> None:
        self.world, self.who, self.headers = world, who, headers

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of what is read, which must succeed."""
        found = self.look(path, **query)
        assert found.status_code == 200, f"{path}: {found.status_code} {found.text[:800]}"
        return found.json()

    def look(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.world.client.get(_full(path), params=query or None, headers={**self.headers, **(headers or {})})

    def post(self, path: str, body: Any = None, seen: int | None = None, key: str | None = None, status: int | None = None, **headers: str) -> Any:
        """The response. `status`: what it must be; without it anything below 300."""
        own = dict(self.headers) | {name.replace("_", "-"): value for name, value in headers.items()}
        if seen is not None:
            own["If-Match"] = f'"{seen}"'
        if key is not None:
            own["Idempotency-Key"] = key
        answer = self.world.client.post(_full(path), json={} if body is None else body, headers=own)
        good = answer.status_code < 300 if status is None else answer.status_code == status
        assert good, f"{self.who} POST {path}: {answer.status_code} {answer.text[:1500]}"
        return answer

    def bring(self, content: bytes = JPEG, name: str = "现场.jpg") -> str:
        """Upload a file; its digest."""
        answer = self.world.client.post("/api/v1/evidence", files={"file": (name, content, "image/jpeg")}, headers=self.headers)
        assert answer.status_code == 201, answer.text
        digest: str = answer.json()["digest"]
        return digest


def _full(path: str) -> str:
    return path if path.startswith(("/api/", "/public", "http")) else f"/api/v1{path}"


class World:
    """An office, its clock, its application and a client."""

    def __init__(self, office: Office, clock: TrialClock) -> None:
        self.office, self.clock = office, clock
        self.app: FastAPI = create_app(office)
        self.client = TestClient(self.app, base_url=BASE)
        self.client.__enter__()  # one event loop for all that is asked
        self._tokens: dict[str, str] = {}

    def at(self, day: str | date) -> World:
        """Move the clock to nine o'clock on a day (or to an instant)."""
        self.clock.set(noon(day))
        return self

    def ask(self, who: str | None = None, tongue: str = "zh") -> Asker:
        headers = {"Accept-Language": tongue}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.token(who)}"
        else:
            headers["Origin"] = BASE  # nobody's browser, on our own pages
        return Asker(self, who, headers)

    def token(self, who: str) -> str:
        if who not in self._tokens:
            self._tokens[who] = self.office.vault.tokens.make(account_id(who), "test", self.office.now, FAR)
        return self._tokens[who]

    def case(self, who: str, case: dict[str, Any], path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """One act in a case; the case as it is afterwards."""
        told: dict[str, Any] = self.ask(who).post(f"/cases/{case['id']}{path}", body, seen=case["version"], **more).json()
        return told

    def repair(self, who: str, repair: dict[str, Any], path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        told: dict[str, Any] = self.ask(who).post(f"/repairs/{repair['id']}{path}", body, seen=repair["version"], **more).json()
        return told

    def contract(self, who: str, contract: dict[str, Any], path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        told: dict[str, Any] = self.ask(who).post(f"/contracts/{contract['id']}{path}", body, seen=contract["version"], **more).json()
        return told

    def reads(self) -> list[Any]:
        """Every entry of the ledger's `reads`."""
        with self.office.recorder.engine.connect() as conn:
            return list(conn.execute(sa.text("SELECT seq, account, kind, subject FROM reads ORDER BY seq")))

    def close(self) -> None:
        self.client.__exit__(None, None, None)
        self.office.close()


def settle(office: Office) -> None:
    """The demonstration's organisations and accounts."""
    for code, name, region in BODIES:
        office.system(lambda act, code=code, name=name, region=region: register_organisation(act, "CN-USCC", code, name, region))
    for name, grants in ACCOUNTS.items():
        office.system(lambda act, name=name, grants=grants: create_account(act, name, f"{name}某", grants=grants))


def new_world(data: Path, day: str = "2026-01-12", store: str = kept.STORE) -> World:
    """A migrated trial office in an empty folder (and database)."""
    clock = TrialClock(noon(day), True)
    kept.begin(data, store)
    office, _ = migrate(kept.settings(data), trial=True, clock=clock)
    settle(office)
    return World(office, clock)


@cache
def _template(day: str, store: str) -> Path:
    """A settled office's folder, to be copied: made once a process, day and store."""
    folder = Path(tempfile.mkdtemp(prefix="lvyue-office-"))
    new_world(folder / "data", day, store).close()
    return folder / "data"


def copied_world(data: Path, day: str = "2026-01-12", store: str = kept.STORE) -> World:
    """As `new_world`, in the time that a copy takes."""
    return reopened(kept.copy(_template(day, store), data), day)


def reopened(data: Path, day: str = "2026-01-12") -> World:
    """A world that was made before, opened again as its databases are now."""
    clock = TrialClock(noon(day), True)
    return World(open_office(kept.settings(data), clock), clock)


@contextmanager
def a_world(day: str = "2026-01-12", store: str = kept.STORE) -> Iterator[World]:
    """A world for a moment, where no fixture can be had (inside a Hypothesis test)."""
    with tempfile.TemporaryDirectory(prefix="lvyue-world-") as folder:
        world = copied_world(Path(folder) / "data", day, store)
        try:
            yield world
        finally:
            world.close()
            kept.forget(Path(folder) / "data")


# ---------------------------------------------------------------- what is asked


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


_number = iter(range(1, 10**9))


def contract_body(**changes: Any) -> dict[str, Any]:
    """A works contract of county X with company A."""
    body: dict[str, Any] = {
        "number": f"440823-SWJ-SG-2026-{next(_number):05}", "name": "遂溪县堤防加固工程", "type": "SG", "region": X,
        "signed_on": "2026-01-12", "starts_on": "2026-01-12", "ends_on": "2026-12-31",
        "authority": {"scheme": "CN-USCC", "id": SUIXI, "name": "遂溪县水务局"},
        "contractors": [{"scheme": "CN-USCC", "id": A, "name": NAME_A, "size": "small", "lead": True}],
        "value": yuan("1000000.00"),
        "obligations": [{"ref": "M1", "owed_by": "contractor", "title": "一期", "due_on": "2026-03-31"}],
        "payments": [{"ref": "P1", "after": "M1", "value": yuan("1000000.00"), "term_days": 30}],
        "security": None, "retention_percent": "0",
    }  # fmt: skip
    return {**body, **changes}


def finding_body(**changes: Any) -> dict[str, Any]:
    body = {"behaviour": "QLT-01", "kind": "administrative", "party": PARTY_A, "check": None, "facts": "混凝土强度不足", "contract_clause": "8.2",
            "evidence": []}  # fmt: skip
    return {**body, **changes}


def notice_body(**changes: Any) -> dict[str, Any]:
    body = {"method": "direct", "document_number": "遂水告〔2026〕1号",
            "proposed": {"decision_types": ["fine_larger"], "fine": yuan("30000.00"), "measures": []}}  # fmt: skip
    return {**body, **changes}


def due_of(thing: dict[str, Any], kind: str) -> list[str | None]:
    """The due days of the open loops of a kind."""
    return [one["due"] and one["due"]["on"] for one in thing["loops"] if one["kind"] == kind]


def kinds_of(thing: dict[str, Any]) -> list[str]:
    return sorted(one["kind"] for one in thing["loops"])


def counted(due: dict[str, Any]) -> list[str]:
    """The days of a deadline that count."""
    return [one["on"] for one in due["days"] if one["counts"]]


# ---------------------------------------------------------------- steps that several tests walk


def sanctioned(world: World, *, day: str = "2026-04-29", contract: dict[str, Any] | None = None, number: int = 1) -> dict[str, Any]:
    """Story 3 as far as the decision: the case, sanctioned on a day of 2026 (signed 2026-01-12, found 2026-04-08)."""
    told = contract or world.at("2026-01-12").ask("county-supervisor").post("/contracts", contract_body()).json()
    world.at("2026-04-08")
    digest = world.ask("county-supervisor").bring()
    asked = finding_body(occurred_on="2026-04-08", evidence=[digest])
    case: dict[str, Any] = world.ask("county-supervisor").post(f"/contracts/{told['id']}/findings", asked, seen=told["version"]).json()["case"]
    case = world.case("county-supervisor", case, "/notice", notice_body(document_number=f"遂水告〔2026〕{number}号"))
    world.at("2026-04-16")
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    world.at(day)
    sanction = {"document_number": f"遂水罚〔2026〕{number}号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "工程质量不合格"}
    return world.case("decider", case, "/sanction", sanction)


def published(world: World, **more: Any) -> dict[str, Any]:
    """Served, published and fulfilled on 2026-05-06."""
    case = sanctioned(world, **more)
    world.at("2026-05-06")
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    case = world.case("county-supervisor", case, "/publication", {})
    return world.case("county-supervisor", case, "/fulfilment", {"evidence": []})


def application(sanction: str, digest: str, day: str) -> dict[str, Any]:
    return {"sanction": sanction, "fulfilment_proof": [digest], "commitment": {"text": "承诺今后严格履约。", "signed_on": day},
            "contact": {"name": "张三", "phone": "13800000000"}}  # fmt: skip


def as_uuid(text: str) -> UUID:
    return UUID(text)


Maker = Callable[..., World]
