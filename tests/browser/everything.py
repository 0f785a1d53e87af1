"""A small office with one of everything: a contract, cases in every state that an act needs, applications, a job, an import's rejects."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from domain import loops
from domain.access.account import account_id, organisation_id
from domain.breach.case import Case
from domain.breach.rules import MAY as CASE_MAY
from domain.corrections import may_be_corrected
from domain.corrections.rules import THEIR_OWN
from domain.party.commitment import Commitment
from domain.party.rules.commitment import MAY as COMMITMENT_MAY
from domain.repair.repair import Repair
from domain.repair.rules import MAY as REPAIR_MAY
from domain.rules import ask
from projections.cards.plain import loop_id
from tests.domain.policy.books import text_of
from tests.web.importers.files import row, xlsx_file
from tests.web.office import PARTY_A, SUIXI, World, application, contract_body, finding_body, notice_body, yuan
from web.jobs import run_jobs

COUNTY, COMPANY = "county-supervisor", "company-a"
OPENED, DECIDED, APPLIED = "2026-02-02", "2026-02-25", "2026-07-20"
Json = dict[str, Any]


class Everything:
    """The office; what is in it by kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cases: list[str] = []
        self.repairs: list[str] = []
        self.rejected = ""
        self._n = 0
        self.busy = world.ask(COUNTY).post("/contracts", contract_body(name="遂溪县城区排涝工程")).json()  # where all the cases are
        self.contract = self._contract()
        self._before_sanctions()
        self._sanctions()
        terms = [{"ref": "P1", "value": yuan("100000.00"), "due_on": "2026-03-31"}]
        self.commitments = self._commitments()
        self.disclosed = self._disclosed()
        self.unpaid = world.ask(COUNTY).post("/contracts", contract_body(payments=terms)).json()["id"]
        self.job = self._job()

    def _commitments(self) -> list[str]:
        """One that goes with an application, one about a contract, one that was found kept."""
        world = self.world
        first = world.ask(COUNTY).get("/commitments")["items"][0]["id"]
        asked = {
            "kind": "09",
            "party": PARTY_A,
            "received_by": f"CN-USCC:{SUIXI}",
            "matter": "农民工工资",
            "text": "按月足额支付",
            "contract": self.contract["id"],
        }
        own, kept = (world.ask(COUNTY).post("/commitments", asked).json() for _ in range(2))
        world.ask(COUNTY).post(f"/commitments/{kept['id']}/fulfilment", {"note": "属实"}, seen=kept["version"])
        return [own["id"], kept["id"], first]

    def _disclosed(self) -> int:
        """What the county made public of 2025: its position."""
        body = {"year": 2025, "contracts": 0, "amount": yuan("0.00"), "place": "https://www.example.gov.cn/2025"}
        at = f"/parties/CN-USCC:{SUIXI}"
        self.world.ask(COUNTY).post(f"{at}/disclosures", body, seen=self.world.ask(COUNTY).get(f"{at}/authority-record")["version"])
        return int(self.world.ask(COUNTY).get(f"{at}/authority-record")["disclosed"][0]["position"])

    @cached_property
    def owed_by_the_county(self) -> str:
        """The next loop of the county's authority itself, which begins with the next year."""
        stream = organisation_id("CN-USCC", SUIXI)
        kept = loops.told(self.world.office.ledger.of([stream])[stream], self.world.office.book)
        return str(loop_id(stream, kept.loops["disclosure:2026"]))

    # -- contracts

    def _contract(self) -> Json:
        body = contract_body(security={"value": yuan("50000.00"), "form": "bank_guarantee", "ends_on": "2027-03-31"}, retention_percent="3",
                             government_procurement=True)  # fmt: skip
        made = self.world.ask(COUNTY).post("/contracts", body).json()
        made = self.world.contract(COUNTY, made, "/checks", {"planned_on": "2026-01-12"})
        result = {
            "inspectors": ["王五", "赵六"],
            "items": [{"code": "CK-04", "result": "fail", "note": "强度不足", "evidence": [self.world.ask(COUNTY).bring()]}],
        }
        made = self.world.contract(COUNTY, made, f"/checks/{made['checks'][0]['id']}/result", result)
        made = self.world.contract(COUNTY, made, "/checks", {"planned_on": "2026-09-01"})
        self.world.at(OPENED)
        asked = finding_body(behaviour="PER-01", kind="management", check=made["checks"][0]["id"], occurred_on="2026-01-12")
        self.cases.append(self.world.ask(COUNTY).post(f"/contracts/{made['id']}/findings", asked, seen=made["version"]).json()["case"]["id"])
        return dict(self.world.ask(COUNTY).get(f"/contracts/{made['id']}"))

    # -- cases

    def _case(self, *steps: tuple[str, str, Json], **finding: Any) -> Json:
        """A case of today, taken as far as the steps say (who, act, body); kept."""
        contract = self.world.ask(COUNTY).get(f"/contracts/{self.busy['id']}")
        day = date(2026, 1, 12) + timedelta(days=len(self.cases))  # one behaviour on one day is one case
        asked = finding_body(evidence=[self.world.ask(COUNTY).bring()], occurred_on=day.isoformat(), **finding)
        case: Json = self.world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
        for who, act, body in steps:
            case = self.world.case(who, case, act, body)
        self.cases.append(case["id"])
        return case

    def _notice(self, **more: Any) -> tuple[str, str, Json]:
        self._n += 1
        return COUNTY, "/notice", notice_body(document_number=f"遂水告〔2026〕{self._n}号", **more)

    def _before_sanctions(self) -> None:
        correct = {"decision_types": ["order_to_correct"], "fine": None, "measures": []}
        order = (COUNTY, "/rectification", {"due_on": "2026-03-02", "requirements": "整改"})
        self._case()
        self._case(self._notice())
        self._case(self._notice(), (COMPANY, "/hearing", {"requested_on": OPENED}))
        held = {"notified_on": OPENED, "to_be_held_on": "2026-02-12", "chair": "chair"}
        self._case(self._notice(), (COMPANY, "/hearing", {"requested_on": OPENED}), (COUNTY, "/hearing", held))
        self._case(
            (COUNTY, "/referral", {"to": "湛江市水务局", "reason": "甲方的事由上级认定"}), behaviour="SGN-01", kind="management", party=f"CN-USCC:{SUIXI}"
        )
        self._case(behaviour="SGN-01", kind="management", party=f"CN-USCC:{SUIXI}")
        soft: Json = {"behaviour": "PER-01", "kind": "management"}
        self._case(self._notice(proposed=correct), order, **soft)
        self._case(self._notice(proposed=correct), order, (COMPANY, "/rectification/report", {"text": "已整改", "evidence": []}), **soft)

    def _sanctions(self) -> None:
        """One after another by the day: decided, served, in publicity, objected to, under review; then applications of every state."""
        world = self.world
        proposed = {"decision_types": ["fine_larger"], "fine": yuan("30000.00"), "measures": ["M-03"]}
        made = [self._case(self._notice(proposed=proposed)) for _ in range(12)]
        world.at(DECIDED)
        made = [world.case("decider", world.case("legal", one, "/legal-review", {"opinion": "同意"}), "/confirmation", {"grounds": "查实"}) for one in made]
        _, *others = made  # the first stays confirmed
        done = [self._decided(one, n) for n, one in enumerate(others, 1)]
        served = world.case(COUNTY, done[0], "/service", {"method": "direct", "repair_notice": True})
        world.case(COMPANY, served, "/objections", {"grounds": "罚重了", "evidence": []})
        unpaid = world.case(COUNTY, done[2], "/service", {"method": "direct", "repair_notice": True})
        corrected, *published = [self._published(one) for one in done[3:]]  # the second stays decided
        world.at(APPLIED)
        world.case(COUNTY, unpaid, "/enforcement-demand", {})
        world.case("decider2", corrected, "/correction", {"fine": yuan("20000.00"), "grounds": "计算有误"})
        self._repairs([one["sanctions"][0]["id"] for one in published])

    def _decided(self, case: Json, n: int) -> Json:
        asked = {
            "document_number": f"遂水罚〔2026〕{n}号",
            "decision_types": ["fine_larger"],
            "fine": yuan("30000.00"),
            "grounds": "质量不合格",
            "measures": ["M-03"],
        }
        return self.world.case("decider", case, "/sanction", asked)

    def _published(self, case: Json) -> Json:
        for act, body in (("/service", {"method": "direct", "repair_notice": True}), ("/publication", {}), ("/fulfilment", {"evidence": []})):
            case = self.world.case(COUNTY, case, act, body)
        return case

    # -- applications

    def _repairs(self, sanctions: list[str]) -> None:
        """Applied, to be supplemented, accepted, approved, refused, refused and objected to, rejected."""
        world = self.world
        missing = (COUNTY, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
        accepted = (COUNTY, "/acceptance", {})
        decided = {"outcome": "approved", "document_number": "遂水修〔2026〕1号", "grounds": "符合条件"}
        refused = {"outcome": "refused", "document_number": "遂水修〔2026〕2号", "grounds": "未履行"}
        plans: list[list[tuple[str, str, Json]]] = [
            [], [missing], [accepted], [accepted, ("decider2", "/decision", decided)],
            [accepted, ("decider2", "/decision", refused)],
            [accepted, ("decider2", "/decision", {**refused, "document_number": "遂水修〔2026〕3号"}), (COMPANY, "/objections", {"grounds": "已履行"})],
            [(COUNTY, "/rejection", {"reason": "不是本机关的记录"})],
        ]  # fmt: skip
        for sanction, plan in zip(sanctions, plans, strict=True):
            one = world.ask(COMPANY).post("/repairs", application(sanction, world.ask(COMPANY).bring(), APPLIED)).json()
            for who, act, body in plan:
                one = world.repair(who, one, act, body)
            self.repairs.append(one["id"])
        self.rejected = self.repairs[-1]

    # -- what an act's page is about

    @cache  # noqa: B019 -- one office a module
    def open_for(self, on: str, act: str) -> str:
        """The case or application whose state allows an act; the test fails when there is none."""
        kinds: Json = {"cases": (Case, CASE_MAY, self.cases), "repairs": (Repair, REPAIR_MAY, self.repairs),
                       "commitments": (Commitment, COMMITMENT_MAY, self.commitments)}  # fmt: skip
        kind, table, ids = kinds[on]
        for id in ids:
            aggregate = self.world.office.ledger.get(kind, UUID(id))
            if all(ask(rule, aggregate) is None for rule in table[act]):
                return str(id)
        raise AssertionError(f"nothing here is open for {act}: add it to everything.py")

    def loop(self, kind: str) -> Json:
        """The first open loop of a kind, with the case or application (`of`) that it is in."""
        found = next((one for one in self._loops if one["kind"] == kind), None)
        assert found is not None, f"no loop {kind} is open: add it to everything.py"
        return found

    @cached_property
    def _loops(self) -> list[Json]:
        asker = self.world.ask("city-supervisor")
        things = [("cases", id) for id in self.cases] + [("repairs", id) for id in self.repairs]
        found = [one for on, id in things for one in asker.get(f"/{on}/{id}")["loops"]]
        return [{**one, "of": str(one["subject"]).rpartition("/")[2]} for one in found]

    def wording(self, id: str, who: str) -> int | None:
        """The position of the first event of a stream that somebody can say again; None where there is none of theirs."""
        told = self.world.office.ledger.of([UUID(id)])[UUID(id)]
        theirs = (one for one in told if (one.event.by == account_id(who) if type(one.event) in THEIR_OWN else "supervisor" in who))
        return next((one.position for one in theirs if any(may_be_corrected(one.event, name) for name in one.event.__struct_fields__)), None)

    @cached_property
    def proposal(self) -> str:
        """A pack that waits for a second person."""
        text = text_of("repair-2026").replace("version = 1", "version = 2", 1).replace("count = 3", "count = 5", 1)
        told = self.world.ask("administrator").post("/policy/proposals", {"name": "repair-2026.toml", "toml": text}).json()
        return str(told["digest"])

    @cached_property
    def invitation(self) -> str:
        """The code by which somebody may still choose a password."""
        office = self.world.office
        return office.vault.invitations.make(account_id("decider2"), office.now, office.now + timedelta(days=7))

    def deadline(self, on: str, id: str) -> str:
        """An open loop of a contract, case or application that has a due day, counted if there is such a one."""
        loops = [one for one in self.world.ask(COUNTY).get(f"/{on}/{id}")["loops"] if one["due"]]
        return str(max(loops, key=lambda one: len(one["due"]["days"]))["id"])

    # -- an import

    def _job(self) -> str:
        """A finished look through a register with a row that will not do."""
        path = xlsx_file(Path(self.world.office.settings.data) / "台账.xlsx", [row(1), row(2, value="许多")])
        asker = self.world.ask(COUNTY)
        answer = self.world.client.post("/api/v1/imports", files={"file": ("台账.xlsx", path.read_bytes())}, data={"dry_run": "true"}, headers=asker.headers)
        assert answer.status_code < 300, answer.text[:500]
        assert run_jobs(self.world.office) == 1
        return str(answer.json()["id"])
