"""A small authority for page tests: a city, two counties, a company; browsers that are signed in; a clock to set."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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

COMPANY = "CN-USCC:91440800MA4X00000Y"
AUTHORITY = "CN-USCC:11440823000000000T"
BASE = "http://127.0.0.1:8000"
PEOPLE = {
    "city": [Grant("supervisor", "440800")], "county": [Grant("supervisor", "440823")], "county2": [Grant("supervisor", "440825")],
    "decider": [Grant("decider", "440800")], "decider2": [Grant("decider", "440800")], "legal": [Grant("legal", "440800")],
    "chair": [Grant("chair", "440800")], "auditor": [Grant("auditor", "440800")], "administrator": [Grant("administrator", "440800")],
    "company": [Grant("applicant", None, COMPANY)],
}  # fmt: skip
CONTRACT: dict[str, Any] = {
    "number": "440823-SWJ-SG-2026-00012", "name": "遂溪县堤防加固工程", "type": "SG", "region": "440823", "signed_on": "2026-01-12",
    "starts_on": "2026-01-15", "ends_on": "2026-12-31",
    "authority": {"scheme": "CN-USCC", "id": "11440823000000000T", "name": "遂溪县水务局"},
    "contractors": [{"scheme": "CN-USCC", "id": "91440800MA4X00000Y", "name": "湛江市试例水利工程有限公司", "size": "small", "lead": True}],
    "value": {"amount": "1000000.00", "currency": "CNY"},
    "obligations": [{"ref": "M1", "owed_by": "contractor", "title": "一期 清基与围堰", "due_on": "2026-03-31"}],
    "payments": [{"ref": "P1", "after": "M1", "value": {"amount": "1000000.00", "currency": "CNY"}, "term_days": 30}],
    "security": None, "retention_percent": "0",
}  # fmt: skip
NOTICE: dict[str, Any] = {
    "served_on": "2026-04-08", "method": "direct", "document_number": "遂水告〔2026〕1号",
    "proposed": {"decision_types": ["fine_larger"], "fine": {"amount": "30000.00", "currency": "CNY"}, "measures": []},
}  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100 + b"\xff\xd9"


class Form(HTMLParser):
    """The fields of a page's form of acts as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._inside, self._text, self._select = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in given}
        if tag == "form":
            self._inside = at.get("id") == "act"
        if not self._inside or (not at.get("name") and tag != "option"):
            return
        if tag == "input" and at.get("type") in ("checkbox", "radio"):
            if "checked" in at:
                self.fields.append((at["name"], at.get("value", "on")))
        elif tag == "input" and at.get("type") != "file":
            self.fields.append((at["name"], at.get("value", "")))
        elif tag == "textarea":
            self._text = at["name"]
            self.fields.append((at["name"], ""))
        elif tag == "select":
            self._select = at["name"]
            self.fields.append((at["name"], ""))
        elif tag == "option" and "selected" in at and self._select:
            self.fields[-1] = (self._select, at.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            name, before = self.fields[-1]
            self.fields[-1] = (name, before + data.removeprefix("\n") if not before else before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def filled(self, **typed: Any) -> dict[str, Any]:
        """Every field, with what is typed now; names with dashes are written with double underscores."""
        data: dict[str, Any] = {}
        for name, value in self.fields:
            if name in data:
                data[name] = [*(data[name] if isinstance(data[name], list) else [data[name]]), value]
            else:
                data[name] = value
        return data | {name.replace("__", "-"): value for name, value in typed.items()}


FIRST_DAY = datetime(2026, 1, 12, 9, tzinfo=CHINA)


@cache
def _settled(store: str) -> tuple[Path, dict[str, str]]:
    """An office with the people and organisations in it, made once; and a token of each."""
    folder = Path(tempfile.mkdtemp(prefix="lvyue-town-")) / "data"
    kept.begin(folder, store)
    office, _ = migrate(kept.settings(folder), trial=True, clock=TrialClock(FIRST_DAY, True))
    tokens: dict[str, str] = {}
    for name, grants in PEOPLE.items():
        account = office.system(lambda act, name=name, grants=grants: create_account(act, name, f"{name}人", grants=tuple(grants))).outcome
        tokens[name] = office.vault.tokens.make(account, "t", office.now, datetime(2030, 1, 1, tzinfo=CHINA))
    for code, region, title in (("11440823000000000T", "440823", "遂溪县水务局"), ("11440825000000000P", "440825", "徐闻县水务局")):
        office.system(lambda act, code=code, region=region, title=title: register_organisation(act, "CN-USCC", code, title, region))
    office.close()
    return folder, tokens


class Town:
    """An office with people in it, on a day that the test says."""

    def __init__(self, folder: Path, store: str = kept.STORE) -> None:
        made, self.tokens = _settled(store)
        self.clock = TrialClock(FIRST_DAY, True)
        self.office: Office = open_office(kept.settings(kept.copy(made, folder / "data")), self.clock)
        self.app = create_app(self.office)
        self.api = TestClient(self.app, base_url=BASE)

    def at(self, day: str) -> None:
        self.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    def browser(self, who: str, lang: str = "zh") -> TestClient:
        """Somebody at a browser; redirects are not followed."""
        session = self.office.vault.sessions.start(account_id(who), self.office.now)
        return TestClient(
            self.app,
            base_url=BASE,
            cookies={"lvyue_session": session, "lvyue_lang": lang},
            headers={"Origin": BASE, "Accept": "text/html"},
            follow_redirects=False,
        )

    def post(self, who: str, path: str, body: Any, seen: int | None = None) -> Any:
        """An act by the API; must succeed."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} | ({"If-Match": f'"{seen}"'} if seen is not None else {})
        answer = self.api.post("/api/v1" + path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def get(self, who: str, path: str) -> Any:
        answer = self.api.get("/api/v1" + path, headers={"Authorization": f"Bearer {self.tokens[who]}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def evidence(self, who: str, content: bytes = JPEG) -> str:
        answer = self.api.post("/api/v1/evidence", files={"file": ("a.jpg", content, "image/jpeg")}, headers={"Authorization": f"Bearer {self.tokens[who]}"})
        return str(answer.json()["digest"])

    def contract(self, **more: Any) -> Any:
        return self.post("county", "/contracts", {**CONTRACT, **more})

    def case(self, contract: Any | None = None, day: str = "2026-04-08") -> Any:
        """A case of 2026-04-08, opened by county."""
        made = contract or self.contract()
        self.at(day)
        finding = {
            "behaviour": "QLT-01",
            "kind": "administrative",
            "party": COMPANY,
            "occurred_on": day,
            "facts": "混凝土强度不足",
            "contract_clause": "8.2",
            "evidence": [self.evidence("county")],
        }
        return self.post("county", f"/contracts/{made['id']}/findings", finding, self.get("county", f"/contracts/{made['id']}")["version"])["case"]

    def act(self, who: str, case: Any, path: str, body: Any) -> Any:
        return self.post(who, f"/cases/{case['id']}{path}", body, case["version"])

    def ready_for_sanction(self) -> Any:
        """A confirmed case with its legal review passed; the clock stands at 2026-04-29."""
        case = self.act("county", self.case(), "/notice", NOTICE)
        self.at("2026-04-10")
        case = self.act("company", case, "/statement", {"text": "我们认错"})
        case = self.act("decider", case, "/confirmation", {"grounds": "查实"})
        self.at("2026-04-20")
        case = self.act("legal", case, "/legal-review", {"opinion": "同意"})
        self.at("2026-04-29")
        return case

    def sanctioned(self) -> Any:
        """A served, published and fulfilled sanction of 2026-04-29; the clock stands at 2026-05-06."""
        decided = {
            "decided_on": "2026-04-29",
            "decision_types": ["fine_larger"],
            "document_number": "遂水罚〔2026〕1号",
            "fine": {"amount": "30000.00", "currency": "CNY"},
            "grounds": "证据确凿",
        }
        case = self.act("decider", self.ready_for_sanction(), "/sanction", decided)
        self.at("2026-05-06")
        case = self.act("county", case, "/service", {"served_on": "2026-05-06", "method": "direct", "repair_notice": True})
        case = self.act("county", case, "/publication", {"published_on": "2026-05-06"})
        return self.act("county", case, "/fulfilment", {"fulfilled_on": "2026-05-06", "evidence": []})


def path_of(location: str) -> str:
    return urlsplit(location).path


def words(html: str) -> str:
    """A page's text, spaces folded."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
