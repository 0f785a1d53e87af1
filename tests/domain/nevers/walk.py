"""A random walk through the commands: anybody asks anything on any day, most of it sensible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.access import commands as access
from domain.actor import NotYourRole
from domain.breach import commands as breach
from domain.breach import rules as breach_rules
from domain.breach.case import Case
from domain.breach.events import Proposed
from domain.contract import commands as contracts
from domain.ledger import Ledger
from domain.refusals import MovedOn, NotThere
from domain.repair import commands as repairs
from domain.repair import rules as repair_rules
from domain.repair.events import Document, Missing
from domain.repair.repair import Repair
from domain.rules import RuleBroken, holding
from domain.terms import Proof
from tests.domain.memory import MemoryRecorder
from tests.domain.nevers.audit import audit
from tests.domain.nevers.truth import truth_is_answered
from tests.domain.office import DIGEST, LARGER, SUIXI, A, B, Office, applied, confirmed, noticed, opened, published, sanctioned, yuan

REFUSALS = (RuleBroken, NotYourRole, NotThere, MovedOn)
Pick = Callable[[Sequence[Any]], Any]
Act = Callable[[Office, UUID, str, date, Pick], Any]

SUPERVISORS = ("county-supervisor", "city-supervisor", "everything", "county2-supervisor")
DECIDERS = ("decider", "decider2", "everything", "county-decider", "administrator", "deputy")
LEGAL = ("legal", "legal2", "everything", "deputy")
CHAIRS = ("chair", "chair2", "everything")
FIRMS = ("company-a", "company-b")
ANYBODY = tuple(dict.fromkeys((*SUPERVISORS, *DECIDERS, *LEGAL, *CHAIRS, *FIRMS, "auditor")))

# (decision types, fine) as they are proposed and decided; what the behaviour does not allow is refused.
KINDS_OF_DECISION = (
    (["fine_larger"], 20_000), (["fine_larger"], 30_000), (["order_to_correct"], None), (["fine_larger", "order_to_correct"], 30_000),
    (["government_breach"], None), (["fine_huge"], 40_000), (["warning_simple"], None), ([], None),
)  # fmt: skip
MEASURES = ([], ["M-03"], ["M-11"], ["M-10"], ["M-03", "M-05"])
METHODS = ("direct", "direct", "public")
ANSWERS = ("confirmed", "dismissed", "returned")
PAPERS = ("fulfilment_proof", "identity")
RECIPIENTS = ("credit-china", "water-market-platform", "procurement-platform")
COUNTER = iter(range(1, 10_000_000))


def decision(pick: Pick) -> Proposed:
    types, fine = pick(KINDS_OF_DECISION)
    return Proposed(list(types), yuan(fine) if fine else None, list(pick(MEASURES)))


def sanction(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    """Mostly what was proposed, or a little else."""
    notice = o.ledger.get(Case, case).notice
    asked = notice.proposed if notice is not None and pick((True, True, True, False)) else decision(pick)
    return o.ask(
        who, breach.decide_sanction, case, decision_types=asked.decision_types, fine=asked.fine, measures=asked.measures,
        document_number=f"遂水罚〔2026〕{next(COUNTER)}号", grounds="证据", decided_on=on, via=pick(("web", "web", "web", "cli")),
    )  # fmt: skip


def objection(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    found = o.ledger.get(Case, case)
    waiting = [one for one, outcome in found.objections.items() if outcome is None] or [UUID(int=0)]
    outcome = pick(("upheld", "upheld_in_part", "rejected"))
    return o.ask(who, breach.decide_objection, case, waiting[0], outcome=outcome, grounds="x", fine=yuan(20_000), decided_on=on)


def touch(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    waiting = [one.id for one in o.ledger.get(Case, case).touches.values() if one.outcome is None] or [UUID(int=0)]
    return o.ask(who, breach.answer_touch, case, pick(waiting), outcome=pick(("stands", "corrected", "revoked")), grounds="x", answered_on=on)


def hearing_notice(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    held_on = on + timedelta(pick((9, 14, 30)))
    return o.ask(who, breach.notify_hearing, case, chair=pick(CHAIRS), notified_on=on, to_be_held_on=held_on)


def confirmation(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    kind, weighed = pick((None, None, None, "civil", "administrative")), pick(((), (), ("force_majeure", "owner_fault")))
    return o.ask(who, breach.confirm_breach, case, grounds="x", confirmed_on=on, kind=kind, excuses=weighed, harm=pick((False, False, True)))


def repair_objection(o: Office, repair: UUID, who: str, on: date, pick: Pick) -> Any:
    number = next(iter(o.ledger.get(Repair, repair).objections), UUID(int=0))
    return o.ask(who, repairs.decide_repair_objection, repair, number, outcome=pick(("upheld", "rejected")), grounds="x", decided_on=on)


def review(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    """One that runs is ended; else one begins."""
    running = [one for one, outcome in o.ledger.get(Case, case).reviews.items() if outcome is None]
    if running:
        return o.ask(who, breach.end_review, case, running[0], outcome=pick(("upheld", "revoked", "withdrawn")), ended_on=on)
    return o.ask(who, breach.open_review, case, path=pick(("reconsideration", "suit")), opened_on=on)


def excuse(o: Office, case: UUID, who: str, on: date, pick: Pick) -> Any:
    contract = o.ledger.get(Case, case).contract
    assert contract is not None
    return o.ask(who, contracts.raise_excuse, contract, kind=pick(("force_majeure", "owner_fault")), text="x", raised_on=on)


CASE_ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "notice": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.serve_notice, c, proposed=decision(p), served_on=d, method=p(METHODS))),
    "statement": (FIRMS, lambda o, c, w, d, p: o.ask(w, breach.receive_statement, c, text="x", received_on=d)),
    "hearing-request": (FIRMS, lambda o, c, w, d, p: o.ask(w, breach.request_hearing, c, requested_on=d)),
    "hearing-notice": (SUPERVISORS, hearing_notice),
    "hearing": (CHAIRS, lambda o, c, w, d, p: o.ask(w, breach.hold_hearing, c, record="x", held_on=d)),
    "legal-review": (LEGAL, lambda o, c, w, d, p: o.ask(w, breach.pass_legal_review, c, passed_on=d)),
    "collective-decision": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.decide_together, c, members=[p(ANYBODY), p(ANYBODY)], decided_on=d)),
    "rectification": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.order_rectification, c, requirements="x", ordered_on=d)),
    "rectification/report": (FIRMS, lambda o, c, w, d, p: o.ask(w, breach.report_rectification, c, text="x", reported_on=d)),
    "rectification/result": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.verify_rectification, c, passed=p((True, False)), verified_on=d)),
    "confirmation": (DECIDERS, confirmation),
    "dismissal": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.dismiss_case, c, grounds="x", dismissed_on=d)),
    "referral": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.refer_finding, c, to="上级", referred_on=d)),
    "referral/answer": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.answer_referral, c, outcome=p(ANSWERS), answered_on=d)),
    "transfer": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.transfer_case, c, to="公安", reason="x", transferred_on=d)),
    "sanction": (DECIDERS, sanction),
    "service": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.serve_sanction, c, served_on=d, method=p(METHODS), repair_notice=p((True, False)))),
    "repair-notice": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.serve_repair_notice, c, served_on=d)),
    "publication": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.publish_sanction, c, published_on=d)),
    "fulfilment": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.fulfil_sanction, c, fulfilled_on=d)),
    "measures": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.lift_measure, c, p(("M-03", "M-05")), lifted_on=d)),
    "objections": (FIRMS, lambda o, c, w, d, p: o.ask(w, breach.file_objection, c, grounds="x", filed_on=d)),
    "objections/decision": (DECIDERS, objection),
    "correction": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.correct_sanction, c, grounds="x", fine=yuan(p((20_000, 25_000, 35_000))), corrected_on=d)),
    "revocation": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.revoke_sanction, c, grounds="x", revoked_on=d)),
    "withdrawal-of-publicity": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.withdraw_publicity, c, withdrawn_on=d)),
    "touches/answer": (DECIDERS, touch),
    "reclassification": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.reclassify_record, c, grounds="x", reclassified_on=d)),
    "review": (LEGAL, review),
    "enforcement-demand": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.demand_enforcement, c, demanded_on=d)),
    "court-enforcement": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.ask_court, c, court="x", asked_on=d)),
    "hand-over": (SUPERVISORS, lambda o, c, w, d, p: o.ask(w, breach.hand_over, c, to=p((*SUPERVISORS, *DECIDERS)))),
    "recusal": (DECIDERS, lambda o, c, w, d, p: o.ask(w, breach.decide_recusal, c, account=p(ANYBODY), recused=p((True, True, False)), reason="x")),
    "excuses": (FIRMS, excuse),
    "closure": ((*SUPERVISORS, *DECIDERS), lambda o, c, w, d, p: o.ask(w, breach.close_case, c, reason="x", open_loops=o.open_loops)),
}  # fmt: skip

REPAIR_ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "supplement-request": (SUPERVISORS, lambda o, r, w, d, p: o.ask(w, repairs.request_supplement, r, items=[Missing(p(PAPERS), "x")], requested_on=d)),
    "supplement": (FIRMS, lambda o, r, w, d, p: o.ask(w, repairs.provide_supplement, r, documents=[Document("fulfilment_proof", DIGEST)], provided_on=d)),
    "acceptance": (SUPERVISORS, lambda o, r, w, d, p: o.ask(w, repairs.accept_repair, r, accepted_on=d)),
    "rejection": (SUPERVISORS, lambda o, r, w, d, p: o.ask(w, repairs.reject_repair, r, reason="x", rejected_on=d)),
    "verification": (SUPERVISORS, lambda o, r, w, d, p: o.ask(w, repairs.verify_repair, r, fulfilled=p((True, False)), verified_on=d)),
    "decision": (DECIDERS, lambda o, r, w, d, p: o.ask(w, repairs.decide_repair, r, outcome=p(("approved", "approved", "refused")), grounds="x", decided_on=d)),
    "acknowledgements": (SUPERVISORS, lambda o, r, w, d, p: o.ask(w, repairs.acknowledge_repair, r, recipient=p(RECIPIENTS), on=d)),
    "objections": (FIRMS, lambda o, r, w, d, p: o.ask(w, repairs.object_to_repair, r, grounds="x", filed_on=d)),
    "objections/decision": (DECIDERS, repair_objection),
    "withdrawal": (FIRMS, lambda o, r, w, d, p: o.ask(w, repairs.withdraw_repair, r, withdrawn_on=d)),
    "false-material": (DECIDERS, lambda o, r, w, d, p: o.ask(w, repairs.record_false_material, r, text="x", recorded_on=d)),
}  # fmt: skip


def managed() -> tuple[Office, UUID]:
    """A management case whose notice was served on the day."""
    office, case = opened(behaviour="PER-01", kind="management")
    office.ask("county-supervisor", breach.serve_notice, case, proposed=Proposed(["order_to_correct"]))
    return office, case


def against_authority() -> tuple[Office, UUID]:
    office, case = opened(behaviour="GOV-01", kind="management", party=SUIXI.ref)
    office.ask("county-supervisor", breach.serve_notice, case, proposed=Proposed(["order_to_correct"]))
    return office, case


def measured() -> tuple[Office, UUID]:
    """A confirmed case whose notice told of a measure that is no credit measure."""
    return confirmed(Proposed(["fine_larger"], yuan(30_000), ["M-11"]))


def asked_to_be_heard() -> tuple[Office, UUID]:
    """Handed to and fro before the hearing was asked for."""
    office, case = noticed()
    office.ask("county-supervisor", breach.hand_over, case, to="everything")
    office.ask("everything", breach.hand_over, case, to="county-supervisor")
    office.at("2026-04-10").ask("company-a", breach.request_hearing, case)
    return office, case


def major() -> tuple[Office, UUID]:
    """A confirmed case whose notice told of what several have to decide together."""
    return confirmed(Proposed(["fine_huge"], yuan(40_000)))


def barred() -> tuple[Office, UUID]:
    """A confirmed case that is past its limitation, and past the longer one too."""
    office = Office()
    contract = office.at("2026-01-12").contract(signed_on=date(2020, 1, 12), obligations=[], payments=[])
    case = office.at("2026-04-08").finding(contract, occurred_on=date(2020, 4, 1))
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case)
    office.ask("decider", breach.confirm_breach, case, grounds="x")
    return office, case


STAGES: dict[str, Callable[[], tuple[Any, ...]]] = {
    "opened": opened, "noticed": noticed, "confirmed": confirmed, "sanctioned": sanctioned, "published": published, "applied": applied,
    "measured": measured, "managed": managed, "against_authority": against_authority, "heard": asked_to_be_heard,
    "major": major, "barred": barred,
}  # fmt: skip


@cache
def stage(name: str) -> tuple[Any, ...]:
    return STAGES[name]()


def fresh(name: str) -> tuple[Any, ...]:
    """An office at a stage of a story, copied: telling the story anew for every walk would take the time of the walk."""
    old, *rest = stage(name)
    new = Office.__new__(Office)
    new.now, new.book, new.engine = old.now, old.book, None
    recorder, kept = MemoryRecorder(lambda: new.now), old.ledger.recorder
    recorder.rows, recorder.streams = list(kept.rows), {stream: list(rows) for stream, rows in kept.streams.items()}
    new.ledger = Ledger(recorder)
    new.ask("everything", access.grant_delegation, "deputy", ends_on=new.today + timedelta(days=4000))
    return (new, *rest)


class Walk(RuleBasedStateMachine):
    """Begins at one of the stages of a story and goes on with some of the acts; a narrow walk goes far."""

    begins: tuple[str, ...] = tuple(STAGES)
    acts: tuple[str, ...] = tuple(CASE_ACTS)
    repair_acts: tuple[str, ...] = tuple(REPAIR_ACTS)
    waits: tuple[int, ...] = (1, 1, 2, 4, 8, 8, 30, 95, 400)
    finds = True
    payments = False  # is every payment due before what is found?

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[UUID] = []
        self.repairs: list[UUID] = []
        self.audited = -1

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.begins))
        self.office, case, *rest = fresh(name)
        self.cases = [case]
        self.contract = self.office.ledger.get(Case, case).contract
        self.repairs = rest if name == "applied" else []

    @rule(data=st.data())
    def wait(self, data: st.DataObject) -> None:
        self.office.later(data.draw(st.sampled_from(self.waits)))
        self.office.clock(*self.cases, *self.repairs)

    @rule(data=st.data())
    def find(self, data: st.DataObject) -> None:
        if not self.finds or len(self.cases) > 2:
            return
        pick = self._pick(data)
        kind = pick((("QLT-01", "administrative", A), ("QLT-01", "administrative", A), ("QLT-01", "civil", A), ("PER-01", "management", A),
                     ("GOV-01", "management", SUIXI.ref), ("QLT-01", "administrative", B)))  # fmt: skip
        who = pick(("county-supervisor", "everything", "company-a") if pick((True, False)) else ANYBODY)
        evidence = [Proof(DIGEST, self.office.id_of(pick(("everything", "decider", "county-supervisor"))))] if pick((True, False)) else []
        behaviour, breach_kind, party = kind
        self._try(lambda: self.cases.append(self.office.finding(
            self.contract, who=who, behaviour=behaviour, kind=breach_kind, party=party, evidence=evidence, occurred_on=date(2026, 4, 2))))  # fmt: skip

    @rule(data=st.data())
    def on_a_case(self, data: st.DataObject) -> None:
        if self.acts:
            pick, case = self._pick(data), data.draw(st.sampled_from(self.cases))
            self._act(pick, case, {name: CASE_ACTS[name] for name in self.acts}, breach_rules.MAY, Case)

    @rule(data=st.data())
    def and_another(self, data: st.DataObject) -> None:
        if self.acts:
            pick, case = self._pick(data), data.draw(st.sampled_from(self.cases))
            self._act(pick, case, {name: CASE_ACTS[name] for name in self.acts}, breach_rules.MAY, Case)

    @rule(data=st.data())
    def apply(self, data: st.DataObject) -> None:
        pick = self._pick(data)
        decided = [one for case in self.cases for one in self.office.ledger.get(Case, case).sanctions]
        if not decided or not self.repair_acts:
            return
        papers = {"fulfilment_proof": pick(([DIGEST], [DIGEST], [])), "commitment": pick(("x", "x", ""))}
        who, wanted, insist = pick((*FIRMS, "county-supervisor", "everything")), pick(decided), pick((False, True))
        self._try(lambda: self.repairs.append(
            self.office.ask(who, repairs.apply_for_repair, sanction=wanted, insist=insist, **papers).id))  # fmt: skip

    @rule(data=st.data())
    def on_a_repair(self, data: st.DataObject) -> None:
        if self.repairs and self.repair_acts:
            acts = {name: REPAIR_ACTS[name] for name in self.repair_acts}
            self._act(self._pick(data), data.draw(st.sampled_from(self.repairs)), acts, repair_rules.MAY, Repair)

    @rule(data=st.data())
    def of_the_contract(self, data: st.DataObject) -> None:
        pick = self._pick(data)
        who, ref, value = pick(SUPERVISORS), pick(("M1", "M2")), yuan(pick((100_000, 300_000)))
        self._try(lambda: self.office.ask(who, contracts.fulfil_obligation, self.contract, ref))
        self._try(lambda: self.office.ask(who, contracts.record_payment, self.contract, ref="P" + ref[1], value=value))

    @invariant()
    def never(self) -> None:
        head = self.office.ledger.head()
        if head != self.audited:
            self.audited = head
            audit(self.office, self.contract, self.cases, self.repairs)
            truth_is_answered(self.office, self.contract, self.cases, self.payments)

    def _act(self, pick: Pick, stream: UUID, acts: dict[str, tuple[tuple[str, ...], Act]], may: Any, kind: Any) -> None:
        found = self.office.ledger.get(kind, stream)
        sensible = [name for name in acts if name not in may or holding(may[name], found)]
        if not sensible or pick((False, False, False, True)):
            sensible = list(acts)
        people, act = acts[pick(sensible)]
        who = pick(people if pick((True, True, True, True, False)) else ANYBODY)
        on = self.office.today - timedelta(pick((0, 0, 0, 0, 1, 6)))
        self._try(lambda: act(self.office, stream, who, on, pick))

    def _pick(self, data: st.DataObject) -> Pick:
        return lambda among: data.draw(st.sampled_from(list(among)))

    def _try(self, act: Callable[[], Any]) -> None:
        before = self.office.ledger.head()
        try:
            act()
        except REFUSALS:
            assert self.office.ledger.head() == before, "a refusal has recorded something"
