"""案件卡片 — everything that one case's own stream says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from domain.breach import events as b
from domain.events import Told
from domain.policy.publicity import needs_fulfilment
from projections.cards.plain import Depth, Json, basis, day, loops_of, money

if TYPE_CHECKING:
    from domain.policy.book import Book


def case_card(told: Sequence[Told], book: Book, on: date, version: int, position: int, depth: Depth = "days") -> Json | None:
    """CASE as seen on a day; None when none of its events is known. `may` is added by whoever knows who asks."""
    if not told or not isinstance(told[0].event, b.CaseOpened):
        return None
    card: Json = {}
    for one in told:
        _tell(card, one)
        if isinstance(one.event, b.SanctionDecided):
            law = book.known_at(one.position) if one.position else book
            card["_sanctions"][str(one.event.sanction)]["waits"] = needs_fulfilment(law, one.event.decided_on)
    sanctions: dict[str, Json] = card.pop("_sanctions")
    card["sanctions"] = [_seen(one, on) for one in sanctions.values()]
    card["objections"] = list(card.pop("_objections").values())
    card["reviews"] = list(card.pop("_reviews").values())
    card["touches"] = list(card.pop("_touches").values())
    stream = told[0].stream
    card["loops"] = loops_of(stream, "case", told, book, on, depth)
    return {"id": str(stream), **card, "version": version, "position": position}


def _seen(one: Json, on: date) -> Json:
    """A sanction's status on a day: the end of its publicity is computed, never waited for."""
    waits = one["waits"] and one["fulfilled_on"] is None
    last = max(one["last_day"], one["fulfilled_on"]) if one["waits"] and not waits and one["last_day"] is not None else one["last_day"]
    ran_out = one["public"] and last is not None and on.isoformat() > last and not waits
    status = one["ended"] or ("expired" if ran_out else "published" if one["public"] else "served" if one["served_on"] else "decided")
    published = one["published_on"]
    publicity = {"from": published, "last_day": last} if last is not None else None
    hidden = ("ended", "public", "last_day", "waits")
    return {
        **{name: value for name, value in one.items() if name not in hidden},
        "status": status,
        "publicity": publicity,
        "until_fulfilled": bool(waits and publicity),
        "in_public": bool(one["public"] and not ran_out and one["ended"] is None),
    }


def _tell(card: Json, one: Told) -> None:
    match one.event:
        case b.CaseOpened() as e:
            card.update(
                {
                    "number": e.number,
                    "contract": str(e.contract),
                    "finding": str(e.finding),
                    "region": e.region,
                    "authority": e.authority,
                    "party": e.party,
                    "side": e.side,
                    "behaviour": e.behaviour,
                    "works": None,
                    "kind": e.kind,
                    "status": "opened",
                    "opened_on": day(e.opened_on),
                    "occurred_on": day(e.occurred_on),
                    "facts": e.facts,
                    "contract_clause": e.contract_clause,
                    "evidence": [proof.digest for proof in e.evidence],
                    "keeper": e.keeper,
                    "notice": None,
                    "statement": None,
                    "hearing": None,
                    "legal_review": None,
                    "collective_decision": None,
                    "rectification": None,
                    "confirmation": None,
                    "dismissal": None,
                    "referral": None,
                    "closure": None,
                    "_sanctions": {},
                    "_objections": {},
                    "_reviews": {},
                    "_touches": {},
                }
            )
        case b.CaseWorksClassed() as e:
            card["works"] = e.works
        case b.CaseHandedOver() as e:
            card["keeper"] = e.to
        case b.NoticeServed() as e:
            card["notice"] = {
                "served_on": day(e.served_on),
                "window_on": day(e.window_on),
                "method": e.method,
                "document_number": e.document_number,
                "hearing": e.hearing,
                "by": e.by,
                "proposed": _proposed(e.proposed),
            }
            card["statement"] = None
            card["status"] = "notified" if card["status"] == "opened" else card["status"]
        case b.StatementReceived() as e:
            card["statement"] = {"received_on": day(e.received_on), "text": e.text, "evidence": e.evidence, "by": e.by}
        case b.HearingRequested() as e:
            card["hearing"] = {"requested_on": day(e.requested_on), "notified_on": None, "to_be_held_on": None, "held_on": None, "chair": None, "record": None}
        case b.HearingNotified() as e if card["hearing"] is not None:
            card["hearing"].update(notified_on=day(e.notified_on), to_be_held_on=day(e.to_be_held_on), chair=e.chair)
        case b.HearingHeard() as e if card["hearing"] is not None:
            card["hearing"].update(held_on=day(e.held_on), chair=e.chair, record=e.record)
        case b.LegalReviewPassed() as e:
            card["legal_review"] = {"passed_on": day(e.passed_on), "opinion": e.opinion, "by": e.by}
        case b.CollectiveDecisionMade() as e:
            card["collective_decision"] = {"decided_on": day(e.decided_on), "members": e.members, "record": e.record}
        case b.RectificationOrdered() as e:
            card["rectification"] = {
                "ordered_on": day(e.ordered_on),
                "due_on": day(e.due_on),
                "requirements": e.requirements,
                "by": e.by,
                "basis": basis(e.basis),
                "report": None,
                "passed": None,
                "verified_on": None,
            }
            card["status"] = "rectifying" if card["status"] in ("opened", "notified", "confirmed") else card["status"]
        case b.RectificationReported() as e if card["rectification"] is not None:
            card["rectification"].update(report={"reported_on": day(e.reported_on), "text": e.text, "evidence": e.evidence})
        case b.RectificationVerified() as e if card["rectification"] is not None:
            card["rectification"].update(passed=e.passed, verified_on=day(e.verified_on))
        case b.BreachConfirmed() as e:
            card["confirmation"] = {
                "confirmed_on": day(e.confirmed_on),
                "kind": e.kind,
                "grounds": e.grounds,
                "excuses": e.excuses,
                "by": e.by,
                "ended_on": day(e.ended_on),
                "harm": e.harm,
                "basis": [basis(one) for one in e.basis],
            }
            card.update(status="confirmed", kind=e.kind)
        case b.CaseDismissed() as e:
            card.update(status="dismissed", dismissal={"dismissed_on": day(e.dismissed_on), "grounds": e.grounds, "excuses": e.excuses, "by": e.by})
        case b.FindingReferred() as e:
            card.update(status="referred", referral={"to": e.to, "referred_on": day(e.referred_on), "answer": None})
        case b.ReferralAnswered() as e:
            card["referral"] = {**(card["referral"] or {}), "answer": {"outcome": e.outcome, "answered_on": day(e.answered_on), "text": e.text}}
            card["status"] = {"confirmed": "confirmed", "dismissed": "dismissed"}.get(e.outcome, "notified" if card["notice"] else "opened")
        case b.TransferredToAuthority() as e:
            card.update(status="transferred", transfer={"to": e.to, "transferred_on": day(e.transferred_on), "reason": e.why})
        case b.ObjectionFiled() as e:
            card["_objections"][str(e.objection)] = {
                "id": str(e.objection),
                "sanction": str(e.sanction) if e.sanction else None,
                "filed_on": day(e.filed_on),
                "party": e.party,
                "grounds": e.grounds,
                "evidence": e.evidence,
                "outcome": None,
                "decided_on": None,
            }
        case b.ObjectionDecided() as e if str(e.objection) in card["_objections"]:
            card["_objections"][str(e.objection)].update(outcome=e.outcome, decided_on=day(e.decided_on), decision_grounds=e.grounds, decided_by=e.by)
        case b.ReviewOpened() as e:
            card["_reviews"][str(e.review)] = {"id": str(e.review), "path": e.path, "opened_on": day(e.opened_on), "reference": e.reference, "outcome": None}
        case b.ReviewEnded() as e if str(e.review) in card["_reviews"]:
            card["_reviews"][str(e.review)].update(outcome=e.outcome, ended_on=day(e.ended_on), note=e.note)
        case b.DecisionTouched() as e:
            card["_touches"][str(e.touch)] = {
                "id": str(e.touch), "what": e.what, "position": e.position, "found_on": day(e.found_on), "outcome": None, "grounds": None, "answered_on": None,
                "fact": {"what": e.fact, "stream": str(e.fact_stream), "version": e.fact_version, "on": day(e.fact_day)}}  # fmt: skip
        case b.TouchAnswered() as e if str(e.touch) in card["_touches"]:
            card["_touches"][str(e.touch)].update(outcome=e.outcome, grounds=e.grounds, answered_on=day(e.answered_on), answered_by=e.by)
        case b.CaseClosed() as e:
            card.update(status="closed", closure={"closed_on": day(e.closed_on), "reason": e.why, "by": e.by})
        case _:
            _tell_sanction(card, one)


def _proposed(asked: b.Proposed) -> Json:
    return {"decision_types": asked.decision_types, "fine": money(asked.fine), "measures": asked.measures}


def _tell_sanction(card: Json, one: Told) -> None:
    event = one.event
    if isinstance(event, b.SanctionDecided):
        card["_sanctions"][str(event.sanction)] = _decided(event)
        card["status"] = "sanctioned"
        return
    sanction = card["_sanctions"].get(str(getattr(event, "sanction", "")))
    if sanction is None:
        return
    match event:
        case b.DepartureExplained() as e:
            sanction["departure"] = {"grounds": e.grounds, "compared": e.compared, "basis": [basis(one) for one in e.basis]}
        case b.SanctionServed() as e:
            sanction.update(served_on=day(e.served_on), effective_on=day(e.effective_on), service_method=e.method)
        case b.RepairNoticeServed() as e:
            sanction["repair_notice_on"] = day(e.served_on)
        case b.SanctionPublished() as e:
            sanction.update(published_on=day(e.published_on), public=True)
            card["status"] = "published"
        case b.SanctionFulfilled() as e:
            sanction.update(fulfilled_on=day(e.fulfilled_on), fulfilment_evidence=e.evidence)
        case b.EnforcementDemanded() as e:
            sanction["enforcement_demanded_on"] = day(e.demanded_on)
        case b.CourtAsked() as e:
            sanction["court"] = {"asked_on": day(e.asked_on), "court": e.court, "reference": e.reference}
        case b.MeasureApplied() as e:
            sanction["measures_applied"].append(
                {"measure": e.measure, "applied_on": day(e.applied_on), "ends_on": day(e.ends_on), "lifted_on": None, "basis": basis(e.basis)}
            )
        case b.MeasureLifted() as e:
            for measure in sanction["measures_applied"]:
                if measure["measure"] == e.measure and measure["lifted_on"] is None:
                    measure["lifted_on"] = day(e.lifted_on)
        case b.SanctionCorrected() as e:
            sanction["versions"].append({name: sanction[name] for name in ("document_number", "decision_types", "fine", "points", "national_class")})
            sanction.update(
                _classed(e),
                decision_types=e.decision_types,
                fine=money(e.fine),
                corrected_on=day(e.corrected_on),
                document_number=e.document_number or sanction["document_number"],
            )
        case b.RecordReclassified() as e:
            sanction.update(_classed(e), reclassified_on=day(e.reclassified_on))
        case b.SanctionRevoked() as e:
            sanction.update(ended="revoked", revoked_on=day(e.revoked_on), public=False, revocation_grounds=e.grounds)
        case b.PublicityWithdrawn() as e:
            sanction.update(public=False, withdrawn_on=day(e.withdrawn_on))
        case b.PublicityEnded() as e:
            sanction.update(public=False, ended=e.why, ended_on=day(e.ended_on))
            card["status"] = "repaired" if e.why == "repaired" else card["status"]


def _classed(e: b.SanctionDecided | b.SanctionCorrected | b.RecordReclassified) -> Json:
    return {
        "national_class": e.national_class,
        "industry_class": e.industry_class,
        "points": f"{e.points:.1f}",
        "repairable_from": day(e.repairable_from),
        "last_day": day(e.last_day),
        "basis": [dict(msgspec.to_builtins(one)) for one in e.basis],
    }


def _decided(e: b.SanctionDecided) -> Json:
    return {
        "id": str(e.sanction), "document_number": e.document_number, "decision_types": e.decision_types, "fine": money(e.fine), "measures": e.measures,
        "grounds": e.grounds, "decided_on": day(e.decided_on), "by": e.by, "served_on": None, "effective_on": None, "repair_notice_on": None,
        "published_on": None, "fulfilled_on": None, "to_be_published": e.to_be_published, "measures_applied": [], "versions": [], "departure": None,
        "public": False, "ended": None, **_classed(e),
    }  # fmt: skip
