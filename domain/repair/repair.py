"""Repair 信用修复申请 decides: one application, for one sanction, by the party that bears it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.act import new_id
from domain.aggregate import Aggregate
from domain.breach.case import Case, Law, Sanction
from domain.events import Told
from domain.repair import events, rules
from domain.rules import hold


class Application(NamedTuple):
    """What is handed in."""

    documents: list[events.Document]
    commitment: str
    commitment_signed_on: date | None
    applied_on: date
    insisted: bool

    @property
    def kinds(self) -> set[str]:
        return {one.kind for one in self.documents} | ({"credit_commitment"} if self.commitment.strip() else set())


class Before(NamedTuple):
    """What came before an application: the last one for the same decision, and until when its party is barred."""

    application: Repair | None = None
    barred_until: date | None = None


class Repair(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.status = self.party = self.region = self.receipt = ""
        self.last_on = date.min  # the day of the last step; a later one is not dated before it
        self.case: UUID | None = None
        self.sanction: UUID | None = None
        self.applied_on = self.repairable_from = date.min
        self.applicant: str | None = None
        self.applicants: set[str] = set()
        self.handled_by: str | None = None
        self.decider: str | None = None
        self.decided_on: date | None = None
        self.kinds: set[str] = set()
        self.waiting: set[str] = set()
        self.verified: bool | None = None
        self.extended = False
        self.objections: dict[UUID, str | None] = {}
        self.barred_until: date | None = None
        self.windows_ended: set[str] = set()

    def applied(self, said: events.RepairApplied) -> None:
        self.status, self.party, self.region = "applied", said.party, said.region
        self.case, self.sanction, self.applicant = said.case, said.sanction, said.by
        self.applied_on, self.repairable_from = said.applied_on, said.repairable_from
        self.receipt, self.last_on, self.applicants = said.receipt, said.applied_on, {said.by}
        self.kinds = {one.kind for one in said.documents} | ({"credit_commitment"} if said.commitment.strip() else set())
        self.waiting = set(said.recipients)

    def wordings(self, told: Sequence[Told]) -> None:
        self.applicants |= {one.event.by for one in told if isinstance(one.event, events.RepairApplied)}

    def decide_as(self, status: str, by: str, on: date) -> None:
        self.status, self.decider, self.decided_on, self.last_on = status, by, on, on

    @property
    def is_open(self) -> bool:
        """Is somebody still to act on it? One that was granted counts: what it repaired is repaired."""
        objected = any(outcome is None for outcome in self.objections.values())
        return self.status in (*rules.OPEN, "approved", "synchronised") or objected

    def apply_for(
        self,
        case: Case,
        sanction: Sanction,
        asked: Application,
        receipt: str,
        contact: tuple[str, str],
        before: Before,
        law: Law,
        **said: Any,
    ) -> None:
        wanted = rules.APPLY if asked.insisted else (*rules.APPLY, *rules.EARLY)
        hold(wanted, case, sanction, asked, law, before)
        materials = law.book.rule("repair.materials", asked.applied_on)
        assert sanction.repairable_from is not None  # noqa: S101  sanction_can_be_repaired held
        self.happen(
            events.RepairApplied(
                receipt=receipt,
                case=case.id,
                sanction=sanction.id,
                party=case.party,
                region=case.region,
                document_number=sanction.document_number,
                applied_on=asked.applied_on,
                documents=asked.documents,
                commitment=asked.commitment,
                commitment_signed_on=asked.commitment_signed_on,
                contact_name=contact[0],
                contact_phone=contact[1],
                insisted=asked.insisted,
                repairable_from=sanction.repairable_from,
                recipients=sanction.recipients,
                basis=[materials.basis],
                **said,
            )
        )

    def request_supplement(self, items: list[events.Missing], on: date, law: Law, **said: Any) -> None:
        hold(rules.SUPPLEMENT_REQUEST, self, items, on, law)
        self.happen(events.SupplementRequested(items=items, requested_on=on, **said))

    def provide_supplement(self, documents: list[events.Document], on: date, law: Law, **said: Any) -> None:
        hold(rules.SUPPLEMENT, self, documents, on, law)
        self.happen(events.SupplementProvided(documents=documents, provided_on=on, **said))

    def accept(self, on: date, law: Law, **said: Any) -> None:
        hold(rules.ACCEPT, self, on, law)
        self.happen(events.RepairAccepted(accepted_on=on, **said))

    def reject(self, text: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.REJECT, self, text, on, law)
        early = on < self.repairable_from or self.applied_on < self.repairable_from
        codes = ["repair_minimum_period_not_reached"] if early else []
        self.happen(events.RepairRejected(text=text, codes=codes, rejected_on=on, earliest=self.repairable_from if early else None, **said))

    def verify(self, fulfilled: bool, on: date, law: Law, **said: Any) -> None:
        hold(rules.VERIFY, self, on, law)
        self.happen(events.RepairVerified(fulfilled=fulfilled, verified_on=on, **said))

    def extend(self, why: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.EXTEND, self, why, on, law)
        basis = law.book.rule("repair.extend", self.applied_on).basis
        self.happen(events.RepairTermExtended(extended_on=on, why=why, basis=basis, **said))

    def decide(self, outcome: str, document_number: str | None, grounds: str, on: date, case: Case, law: Law, **said: Any) -> None:
        wanted = (*rules.DECIDE, *rules.APPROVE) if outcome == "approved" else rules.DECIDE
        hold(wanted, self, outcome, grounds, on, document_number, case, law)
        basis = [law.book.rule(name, self.applied_on).basis for name in ("repair.decide", "repair.materials")]
        kind = events.RepairApproved if outcome == "approved" else events.RepairRefused
        self.happen(kind(decided_on=on, document_number=document_number, grounds=grounds, basis=basis, **said))
        if outcome == "approved" and not self.waiting:
            self.happen(events.RepairSynchronised(synchronised_on=on, **said))

    def acknowledge(self, recipient: str, reference: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.ACKNOWLEDGE, self, recipient, on, law)
        self.happen(events.RecipientAcknowledged(recipient=recipient, reference=reference, acknowledged_on=on, **said))
        if not self.waiting:
            self.happen(events.RepairSynchronised(synchronised_on=on, **said))

    def object_to(self, grounds: str, on: date, law: Law, **said: Any) -> UUID:
        hold(rules.OBJECT, self, grounds, on, law)
        objection = new_id()
        self.happen(events.RepairObjectionFiled(objection=objection, grounds=grounds, filed_on=on, **said))
        return objection

    def decide_objection(self, objection: UUID, outcome: str, grounds: str, on: date, case: Case, law: Law, **said: Any) -> None:
        hold(rules.OBJECTION_DECISION, self, objection, outcome, on, case, law)
        self.happen(events.RepairObjectionDecided(objection=objection, outcome=outcome, grounds=grounds, decided_on=on, **said))

    def withdraw(self, on: date, law: Law, **said: Any) -> None:
        hold(rules.WITHDRAW, self, on, law)
        self.happen(events.RepairWithdrawn(withdrawn_on=on, **said))

    def record_false_material(self, text: str, on: date, case: Case, law: Law, **said: Any) -> None:
        hold(rules.FALSE_MATERIAL, self, text, on, case, law)
        receipt, basis = law.book.deadline("repair.false_material_ban", on, self.applied_on, with_days=False)
        self.happen(events.FalseMaterialRecorded(text=text, barred_until=receipt.on, recorded_on=on, basis=basis, **said))

    def revoke(self, grounds: str, on: date, case: Case, law: Law, **said: Any) -> None:
        hold(rules.REVOKE, self, grounds, on, case, law)
        self.happen(events.RepairRevoked(grounds=grounds, revoked_on=on, **said))

    def end_window(self, loop: str, on: date, today: date, **said: Any) -> None:
        if on < today and loop not in self.windows_ended and self.status == "supplement_requested":
            self.happen(events.RepairWindowEnded(loop=loop, ended_on=on, **said))
