"""Consequences: what an act will bring about — which matters it opens, who owes them by when, what a decision will weigh."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.breach import catalogue
from domain.breach.penalty import service_basis, service_day
from domain.breach.rules import METHODS
from domain.loops import KIND
from domain.policy.book import Book, NoPackInForce, NoPeriod, NoSuchRule, UnknownCode
from domain.policy.missing import NoBasisInForce
from domain.policy.publicity import regime_of
from projections.cards.plain import basis as basis_json
from projections.cards.plain import due as due_json
from web.importers.written import Placeholder, day_of
from web.looks.tongue import lazy
from web.words import WORDS

Json = dict[str, Any]
OWED = lazy("接下来是{loop}，由{who}办，期限到")
COUNTS_FROM = lazy("送达从 {day} 起算。")
WINDOW = lazy("{loop}从这天起算，到")
CLASSED = lazy("国家等次{national}，行业等次{industry}，扣 {points} 分。")
PUBLIC_UNTIL = lazy("公示到 {day} 为止。")
UNTIL_FULFILLED = lazy("公示到 {day} 为止，到期没有履行的，公示到履行之日。")
REPAIRABLE = lazy("最早 {day}可以申请修复。")
NOT_PUBLIC = lazy("按规则不公示。")


class Follows(NamedTuple):
    """A kind of loop that an act opens, the rule of its period, and the field of the form that holds the day it starts."""

    kind: str
    rule: str
    starts: str = ""
    when: Callable[[Json, Book, date], bool] = lambda subject, book, on: True


def _penal(subject: Json, book: Book, on: date) -> bool:
    return subject.get("kind") == "administrative"


def _managed(subject: Json, book: Book, on: date) -> bool:
    return subject.get("kind") == "management"


def _heard(subject: Json, book: Book, on: date) -> bool:
    behaviour = catalogue.behaviour(book, subject.get("behaviour", ""), on)
    return _penal(subject, book, on) and behaviour is not None and catalogue.hearing_offered(book, behaviour.decision_types, on)


def _secured(subject: Json, book: Book, on: date) -> bool:
    return bool(subject.get("security"))


def _retained(subject: Json, book: Book, on: date) -> bool:
    return Decimal(subject.get("retention_percent") or 0) > 0


def _public(subject: Json, book: Book, on: date) -> bool:
    return any(one.get("in_public") for one in subject.get("sanctions", ()))


def _fined(subject: Json, book: Book, on: date) -> bool:
    return bool(_last(subject).get("fine"))


def _not_fined(subject: Json, book: Book, on: date) -> bool:
    return not _fined(subject, book, on)


def _last(subject: Json) -> Json:
    sanctions = subject.get("sanctions") or [{}]
    return dict(sanctions[-1])


ENDING = (
    Follows("settlement", "office.settlement", "completed_on"),
    Follows("security", "office.security_return", "completed_on", _secured),
    Follows("retention", "office.retention_release", "completed_on", _retained),
)
WITHDRAWN = (Follows("withdrawal", "publicity.withdraw", "", _public),)
FOLLOWS: Mapping[str, tuple[Follows, ...]] = {
    "contracts.findings": (Follows("notice", "office.notice"),),
    "contracts.suspension": (Follows("suspension", "office.suspension", "suspended_on"),),
    "contracts.completion": ENDING,
    "contracts.termination": tuple(one._replace(starts="terminated_on") for one in ENDING),
    "cases.notice": (Follows("statement_window", "office.statement_window", "served_on"),
                     Follows("hearing_window", "penalty.hearing_request", "served_on", _heard)),
    "cases.statement": (Follows("legal_review", "office.legal_review", "received_on", _penal),),
    "cases.hearing-request": (Follows("hearing_notice", "office.hearing_notify", "requested_on"),),
    "cases.confirmation": (Follows("sanction", "office.sanction", "confirmed_on", _managed),),
    "cases.sanction": (Follows("service", "penalty.serve", "decided_on"), Follows("publication", "publicity.publish", "decided_on", _penal)),
    "cases.service": (Follows("fulfilment", "penalty.pay_fine", "served_on", _fined),
                      Follows("fulfilment", "office.fulfilment", "served_on", _not_fined)),
    "cases.enforcement-demand": (Follows("court", "penalty.demand", "demanded_on", _penal),),
    "cases.rectification": (Follows("rectification", "office.rectify", "ordered_on"),),
    "cases.rectification.report": (Follows("rectification", "office.verify", "reported_on"),),
    "cases.referral": (Follows("referral", "referral.answer", "referred_on"),),
    "cases.objections": (Follows("objection", "office.objection"),),
    "cases.review": (Follows("review", "office.review", "opened_on"),),
    "cases.correction": WITHDRAWN, "cases.reclassification": WITHDRAWN, "cases.revocation": WITHDRAWN,
    "repairs.new": (Follows("repair_acceptance", "repair.accept"),),
    "repairs.supplement-request": (Follows("repair_supplement", "repair.supplement"),),
    "repairs.supplement": (Follows("repair_acceptance", "repair.accept"),),
    "repairs.acceptance": (Follows("repair_decision", "repair.decide"),),
    "repairs.extension": (Follows("repair_decision", "repair.extend"),),
    "repairs.decision": (Follows("repair_synchronisation", "repair.sync"),),
    "repairs.objections": (Follows("repair_objection", "repair.objection"),),
}  # fmt: skip


def consequences(doing: str, will: Iterable[str], subject: Json, typed: Json, book: Book, today: date) -> list[Json]:
    """What the act will do: `text` with its `values`, and a `due` or a `basis` where one decides it."""
    told: list[Json] = [{"text": one, "values": {}, "due": None, "basis": None} for one in will]
    told += list(_served(doing, typed, book, today))
    told += list(_followed(doing, subject, typed, book, today))
    if doing == "cases.sanction":
        told += list(_weighed(subject, typed, book, today))
    if doing == "cases.publication" and (last := (sanction := _last(subject)).get("publicity")):
        told.append(
            {
                "text": UNTIL_FULFILLED if sanction["until_fulfilled"] else PUBLIC_UNTIL,
                "values": {"day": date.fromisoformat(last["last_day"])},
                "due": None,
                "basis": None,
            }
        )
    return told


def _followed(doing: str, subject: Json, typed: Json, book: Book, today: date) -> Iterator[Json]:
    for one in FOLLOWS.get(doing, ()):
        if not one.when(subject, book, today):
            continue
        try:
            receipt, rests_on = book.deadline(one.rule, _start(one.starts, typed, book, today), with_days=False)
        except (NoSuchRule, NoPackInForce, NoPeriod):
            continue  # no such period in the law of that day: then nothing is promised
        loop = KIND[one.kind]
        text = WINDOW if loop.window else OWED
        values = {"loop": WORDS["loop"][one.kind], "who": WORDS["owed_by"].get(loop.owed_by, loop.owed_by)}
        yield {"text": text, "values": values, "due": due_json(receipt, rests_on, today), "basis": None}


def _start(field: str, typed: Json, book: Book, today: date) -> date:
    """The day from which a period runs: of a service, that on which it counts."""
    on = _day(typed.get(field), today)
    return service_day(book, str(typed.get("method") or "direct"), on) if field == "served_on" else on


def _served(doing: str, typed: Json, book: Book, today: date) -> Iterator[Json]:
    """From which day the service counts, and by which rule."""
    method = str(typed.get("method") or "direct")
    if doing in ("cases.notice", "cases.service") and method in METHODS:
        on = _day(typed.get("served_on"), today)
        try:
            rests_on = basis_json(service_basis(book, method, on))
        except (NoSuchRule, NoPackInForce):
            return
        yield {"text": COUNTS_FROM, "values": {"day": service_day(book, method, on)}, "due": None, "basis": rests_on}


def _day(typed: Any, today: date) -> date:
    try:
        return day_of(str(typed)) if typed else today
    except (ValueError, Placeholder):
        return today


def _weighed(subject: Json, typed: Json, book: Book, today: date) -> Iterator[Json]:
    """Class, points and periods of the decision as it stands in the form, or as it was notified."""
    proposed = (subject.get("notice") or {}).get("proposed") or {}
    types = [str(one) for one in typed.get("decision_types") or proposed.get("decision_types") or ()]
    on = _day(typed.get("decided_on"), today)
    try:
        found = book.classification(types, on, regime_of(subject.get("works"))) if types else None
    except (UnknownCode, NoPackInForce, NoSuchRule, NoBasisInForce):
        found = None  # the rules say at the form what is wrong with a type that the catalogue does not know
    if found is None:
        return
    enterprise, penal = subject.get("side") == "contractor", subject.get("kind") == "administrative"
    rests_on = basis_json(next((one for one in found.basis if one.status != "confirmed"), found.basis[0] if found.basis else None))
    values = {
        "national": WORDS["national_class"].get(found.national_class, found.national_class),
        "industry": WORDS["industry_class"].get(found.industry_class or "none", ""),
        "points": f"{found.points if enterprise else 0:.1f}",
    }
    yield {"text": CLASSED, "values": values, "due": None, "basis": rests_on}
    if not (enterprise and penal and found.max_months and found.publish):
        yield {"text": NOT_PUBLIC, "values": {}, "due": None, "basis": None}
        return
    for text, day in ((PUBLIC_UNTIL, book.last_day(on, found)), (REPAIRABLE, book.repairable_from(on, found))):
        yield {"text": text, "values": {"day": day}, "due": None, "basis": rests_on}
