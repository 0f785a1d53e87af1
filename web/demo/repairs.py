"""An application for repair on the stage: applied, supplemented, accepted, decided, acknowledged — or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.party.commitment import commitment_of_repair
from domain.repair import commands as repair
from domain.repair.events import Document, Missing
from domain.repair.repair import Repair
from web.demo.pictures import document
from web.demo.promises import follow
from web.demo.stage import Script
from web.demo.tales import AGAINST_REFUSAL, COMMITMENTS, EARLY, FALSE, REFUSED, REPAIRED, SHORT
from web.demo.tales import tell as told
from web.demo.words import person, phone

if TYPE_CHECKING:
    from web.demo.affair import Affair


class Mending:
    """How the repair of one sanction goes, as the case's plan says."""

    def __init__(self, affair: Affair) -> None:
        self.affair, self.stage, self.way = affair, affair.stage, affair.plan.repair
        one = affair.now().sanction
        assert one is not None  # noqa: S101  looked at before
        self.sanction, self.from_day, self.last_day = one.id, one.repairable_from, one.last_day
        self.name = person(affair.rng)
        self.id: UUID | None = None

    def script(self) -> Script:
        if self.from_day is None or self.affair.now().sanctions[self.sanction].ended is not None:
            return
        yield self._day()
        if self.affair.now().sanctions[self.sanction].ended is not None or self.affair.party in self.stage.barred:
            return
        if self.way == "early" and self.stage.today >= self.from_day:
            self.way = "approved"
        self._apply(insist=self.way == "early")
        if self.way == "early":
            yield from self._too_early()
            return
        yield from self._handle()

    def _day(self) -> date:
        """The day of applying: when it may be, and a little later; of those who cannot wait, too early."""
        affair, stage = self.affair, self.stage
        assert self.from_day is not None  # noqa: S101  looked at by the script
        if "repair" in affair.plan.on:
            return affair.when("repair")
        if self.way == "early":
            return max(stage.today, stage.working(self.from_day - timedelta(days=affair.rng.randrange(15, 45))))
        wait = affair.rng.randrange(0, 60)
        return max(stage.today, stage.working(self.from_day + timedelta(days=wait)))

    def _do(self, who: str, command: Any, **terms: Any) -> Any:
        assert self.id is not None  # noqa: S101  applied for
        return self.stage.do(who, lambda act: command(act, self.id, **terms))

    def _bring(self, title: str) -> str:
        affair = self.affair
        number = affair.now().sanctions[self.sanction].document_number
        lines = [f"文号：{number}", f"经办人：{self.name}", f"日期：{self.stage.today}", f"编号：{affair.rng.randrange(10**6):06}"]
        return self.stage.bring(affair.applicant, document(title, lines), f"{title}.txt")

    def _apply(self, insist: bool = False) -> None:
        affair = self.affair
        proof = self._bring("履行义务证明")
        asked = self.stage.office.book.rule("repair.materials", self.stage.today).items or ()
        identity = [self._bring("法定代表人身份证明")] if "identity" in asked else []
        commitment = told(affair.rng, COMMITMENTS, name=self.name)
        made = self.stage.do(affair.applicant, lambda act: repair.apply_for_repair(
            act, sanction=self.sanction, fulfilment_proof=[proof], identity=identity, commitment=commitment, commitment_signed_on=self.stage.today,
            contact_name=self.name, contact_phone=phone(affair.rng), insist=insist))  # fmt: skip
        self.id = made.id
        affair.repairs.append(made.id)
        last = self.stage.today + timedelta(days=365)
        follow(self.stage, commitment_of_repair(made.id), affair.keeper, affair.applicant, last, self.stage.rng("promise", made.receipt))

    def _too_early(self) -> Script:
        affair = self.affair
        yield affair.when("rejection")
        self._do(affair.keeper, repair.reject_repair, reason=told(affair.rng, EARLY))
        yield affair.when("repair_objection")
        yield from self._object("rejected")
        if affair.plan.stop is None:
            self.way = "approved"
            yield self.stage.working(max(self.from_day or self.stage.today, self.stage.today) + timedelta(days=affair.rng.randrange(1, 20)))
            if affair.now().sanctions[self.sanction].ended is None and affair.party not in self.stage.barred:
                self._apply()
                yield from self._handle()

    def _object(self, outcome: str) -> Script:
        affair = self.affair
        _, objection = self._do(affair.applicant, repair.object_to_repair, grounds=told(affair.rng, AGAINST_REFUSAL))
        yield affair.when("repair_objection_decision")
        who = "decider" if self._now().decider != self.stage.account("decider") else "decider2"
        self._do(who, repair.decide_repair_objection, objection=objection, outcome=outcome, grounds="理由不能成立")

    def _now(self) -> Repair:
        assert self.id is not None  # noqa: S101  applied for
        return self.stage.office.ledger.get(Repair, self.id)

    def _handle(self) -> Script:
        affair = self.affair
        if self.way == "supplemented":
            yield from self._supplement()
        yield affair.when("acceptance")
        if self.way == "withdrawn":
            if affair.applicant != affair.keeper:
                self._do(affair.applicant, repair.withdraw_repair)
            else:
                self._do(affair.keeper, repair.reject_repair, reason="申请人书面要求撤回")
            return
        self._do(affair.keeper, repair.accept_repair)
        yield affair.when("verification")
        self._do(affair.keeper, repair.verify_repair, fulfilled=self.way not in ("refused", "false"))
        if self.way == "extended":
            yield affair.when("extension")
            self._do(affair.keeper, repair.extend_repair, reason="需要向银行核实缴款")
        yield affair.when("repair_decision")
        yield from self._decide()

    def _supplement(self) -> Script:
        affair = self.affair
        yield affair.when("supplement_request")
        self._do(affair.keeper, repair.request_supplement, items=[Missing("fulfilment_proof", told(affair.rng, SHORT))])
        assert self.id is not None  # noqa: S101  applied for
        self.stage.watch(self.id, "repair")
        yield affair.when("supplement")
        if self._now().status == "supplement_requested":
            self._do(affair.applicant, repair.provide_supplement, documents=[Document("fulfilment_proof", self._bring("补正材料"))])

    def _decide(self) -> Script:
        affair = self.affair
        if self.way in ("refused", "false"):
            number = affair.number("repair")
            self._do(affair.decider, repair.decide_repair, outcome="refused", document_number=number, grounds=told(affair.rng, REFUSED))
            if self.way == "false":
                yield affair.when("false_material")
                self.stage.barred.add(affair.party)
                self._do(affair.decider, repair.record_false_material, text=told(affair.rng, FALSE))
            return
        if affair.now().sanctions[self.sanction].ended is not None:
            return
        self._do(affair.decider, repair.decide_repair, outcome="approved", document_number=affair.number("repair"), grounds=told(affair.rng, REPAIRED))
        yield from self._acknowledge()

    def _acknowledge(self) -> Script:
        affair = self.affair
        waiting = sorted(self._now().waiting)
        for n, recipient in enumerate(waiting):
            if affair.plan.stop == "acknowledgement" and n == len(waiting) - 1:
                affair.when("acknowledgement")
            yield self.stage.working(self.stage.today + timedelta(days=affair.rng.randrange(1, 4)))
            reference = f"{recipient.upper()}-{self.stage.today:%Y%m%d}-{affair.rng.randrange(10**4):04}"
            self._do(affair.keeper, repair.acknowledge_repair, recipient=recipient, reference=reference)
