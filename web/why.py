"""Why a field of a resource is what it is: the smallest set of events, the clauses, and what would change it, for who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain.actor import Actor
from domain.breach import events as b
from domain.breach.commands.common import DECIDERS
from domain.breach.rules import MAY as CASE_MAY
from domain.events import Told, as_corrected
from domain.loops.shape import SET
from domain.party.party import party_id
from domain.repair.rules import MAY as REPAIR_MAY
from domain.repair.trying import APPLY
from domain.rules import Broken
from domain.values.party import PartyRef
from projections import cases as case_list
from projections import repairs as repair_list
from projections.cards.plain import Json, basis
from projections.temporal.moment import Moment
from projections.timeline import SENTENCES, entries
from projections.why import change
from projections.why.field import UnknownField, bases, follow, path_of
from projections.why.question import Known, Question, Subject
from web import resources
from web.acts.contracts import MAKES_SENSE
from web.looks.tongue import Tongue, lazy
from web.office import Office
from web.places import is_applicant
from web.telling import told_entries
from web.words import word

ACTS: Mapping[str, frozenset[str]] = {"cases": frozenset({*CASE_MAY, APPLY}), "repairs": frozenset(REPAIR_MAY)}
OURS = (b.LegalReviewPassed, b.RecusalDecided, b.CollectiveDecisionMade, b.CaseHandedOver)  # an office's own affairs, told to nobody else
INTERNAL, ELSEWHERE, RECORDED = lazy("办案机关内部的一步。"), lazy("其他地区的一件案件中的一步。"), lazy("登记了“{topic}”。")
NOT_YOURS = lazy("您的角色不能做这件事：要由{roles}办。")


def why(office: Office, actor: Actor, speaks: Tongue, kind: str, whole: Json, field: str, moment: Moment) -> Json:
    """Why `field` of a resource is what `whole` (the resource as this person is shown it) says. Raises UnknownField."""
    act = _act_of(kind, field)
    steps = ["may", act] if act is not None else path_of(whole, field)
    question = Question(_subject(office, actor, kind, whole, moment), steps, act)
    if act is None and not question.has_it:
        raise UnknownField(field)
    found = question.least()
    named = question.named(found)
    refused = question.refused() if act is not None else []
    return {
        "field": field, "value": not refused if act is not None else follow(whole, steps), "on": moment.day.isoformat(), "smallest": found.proof,
        "events": _events(office, actor, speaks, question.subject, str(whole.get("ref") or whole.get("party")), named),
        "clauses": _clauses(whole if act is None else {}, steps, [one for one, _ in named], refused),
        "refusals": [_refusal(one, speaks) for one in refused], "would_change": _changes(office, question, whole),
    }  # fmt: skip


def _act_of(kind: str, field: str) -> str | None:
    root, _, act = field.strip("/").partition("/")
    if root != "may" or kind not in ACTS:
        return None
    if act not in ACTS[kind]:
        raise UnknownField(field)
    return act


# -- the streams concerned


def _subject(office: Office, actor: Actor, kind: str, whole: Json, moment: Moment) -> Subject:
    main, found = _streams(office, actor, kind, whole, moment)
    region, whose = whole.get("region"), [whole["party"]] if kind in ACTS else []

    def bars(act: str) -> list[Broken]:
        roles = resources.ROLES[kind].get(act, ())
        if not roles or actor.holds(roles, region, whose):
            return []
        return [Broken("not_your_role", NOT_YOURS, values={"roles": roles})]

    return Subject(kind, main, found, moment, office.book_at(moment), actor.account, actor.regions(DECIDERS), bars)


def _streams(office: Office, actor: Actor, kind: str, whole: Json, moment: Moment) -> tuple[UUID, dict[UUID, Known]]:
    if kind in ("parties", "standing"):
        ref = PartyRef.parse(str(whole["ref" if kind == "parties" else "party"]))
        main = party_id(ref.scheme, ref.id)
        found = _known(office, "parties", [main], moment, actor)
        with office.looking() as conn:
            against = resources.cases_against(conn, ref, moment) if kind == "standing" else []
        return main, found | _known(office, "cases", against, moment, actor)
    main = UUID(str(whole["id"]))
    with office.looking() as conn:
        case_ids = case_list.of_contract(conn, moment, main) if kind == "contracts" else []
        case_ids += [UUID(str(whole["case"]))] if kind == "repairs" else []
        repair_ids = [one for case in ([main] if kind == "cases" else case_ids if kind == "contracts" else [])
                      for one in repair_list.of_case(conn, moment, case)]  # fmt: skip
    found = _known(office, kind, [main], moment, actor)
    for other, ids in (("cases", case_ids), ("repairs", repair_ids)):
        seen = [one.id for one in resources.seen_streams(office, actor, other, ids, moment)]
        found |= _known(office, other, seen, moment, actor)
    return main, found


def _known(office: Office, kind: str, ids: Sequence[UUID], moment: Moment, actor: Actor) -> dict[UUID, Known]:
    """Everything known of some streams, every wording of it; of what was found of others, what this person may know of today."""
    found: dict[UUID, Known] = {}
    for stream, told in office.ledger.of(list(ids)).items():
        mine = resources.whose(as_corrected(told))
        kept = [one for one in told if (moment.known_at is None or one.position <= moment.known_at)
                and (mine is None or resources.may_know(office, actor, mine, one.event))]  # fmt: skip
        if kept:
            found[stream] = Known(kind, kept, mine is None or actor.sees(mine.region, mine.parties))
    return found


# -- telling


def _events(office: Office, actor: Actor, speaks: Tongue, subject: Subject, ref: str, named: Iterable[tuple[Told, bool]]) -> list[Json]:
    listed = list(named)
    told = sentences(office, actor, speaks, [one for one, _ in listed])
    return [_event(speaks, subject, ref, one, birth, told[one.position]) for one, birth in listed]


def sentences(office: Office, actor: Actor, speaks: Tongue, listed: Sequence[Told]) -> Mapping[int, str]:
    """What happened, in the reader's words, by log position; an office's own affairs are not told to those outside it."""
    told = {one["position"]: one["text"] for one in told_entries(office, speaks, entries(one for one in listed if type(one.event) in SENTENCES))}
    own = is_applicant(actor)
    said = {one.position: told.get(one.position) or speaks.said(RECORDED, topic=one.event.topic) for one in listed}
    return said | {one.position: speaks.said(INTERNAL) for one in listed if own and isinstance(one.event, OURS)}


def _event(speaks: Tongue, subject: Subject, ref: str, one: Told, birth: bool, sentence: str) -> Json:
    kind = subject.streams[one.stream].kind
    seen = subject.streams[one.stream].readable
    return {
        "position": one.position, "topic": one.event.topic, "day": one.event.day.isoformat(), "stream": str(one.stream), "birth": birth,
        "sentence": sentence if seen else speaks.said(ELSEWHERE), "href": f"/api/v1/{_place(kind, ref, one)}" if seen else None,
    }  # fmt: skip


def _place(kind: str, ref: str, one: Told) -> str:
    match kind:
        case "parties":
            return f"parties/{ref}"
        case "organisations":
            return f"parties/{ref}/authority-record"
    return f"{kind}/{one.stream}"


def _clauses(whole: Json, steps: Sequence[Any], named: Iterable[Told], refused: Iterable[Broken]) -> list[Json]:
    """The rules that the value carries, that the events of the set were decided by, and that refuse."""
    found = bases(whole, steps) if whole else []
    words = set(str(steps[-1]).split("_"))
    close = [one for one in found if words & set(one["rule"].replace(".", "_").split("_"))]
    only_set = all(one["pack"] == SET.pack for one in found)  # a day that an act names rests on what that act was decided by
    of_events = [each for one in named for each in _bases_of(one)] if only_set else []
    listed = [*(close or found), *of_events, *[msgspec.to_builtins(one.basis) for one in refused if one.basis]]
    return list({(one["pack"], one["version"], one["rule"]): one for one in listed}.values())


def _bases_of(one: Told) -> list[Json]:
    carried = getattr(one.event, "basis", None)
    return [dict(basis(each) or {}) for each in (carried if isinstance(carried, list) else [carried] if carried else [])]


def _refusal(one: Broken, speaks: Tongue) -> Json:
    values = dict(one.values)
    if one.code == "not_your_role":
        values["roles"] = _roles(values["roles"], speaks)
    return {"code": one.code, "detail": speaks.said(one.sentence, **values), "basis": msgspec.to_builtins(one.basis),
            "earliest": one.earliest.isoformat() if one.earliest else None}  # fmt: skip


def _roles(roles: Iterable[str], speaks: Tongue) -> str:
    return (", " if speaks.lang == "en" else "、").join(speaks.said(word("role", one)) for one in sorted(roles))


def _changes(office: Office, question: Question, whole: Json) -> list[Json]:
    """The days on which the answer changes by itself; the open loops and the acts open to this person that would change it."""
    loops = resources.named_loops(office, whole["loops"] if "loops" in whole else question.open_loops())
    readable = {str(stream) for stream, known in question.subject.streams.items() if known.readable}
    seen = [one for one in loops if str(one["subject"]).rpartition("/")[2] in readable]
    sanctions = whole.get("sanctions") or [{"id": whole.get("sanction") or ""}]
    days = [{"kind": "day", "on": one.on.isoformat(), "value": office.unseal(one.value)} for one in change.turns(question, whole)]
    closings = [{"kind": "loop", "act": loop["next"], "loop": loop["kind"], "id": loop["id"], "key": loop["key"], "event": topic,
                 "owed_by": loop["owed_by"], "account": loop["account"], "due": (loop["due"] or {}).get("on"), "href": loop["subject"]}
                for loop, topic in change.closings(question, seen)]  # fmt: skip
    acts = [{"kind": "act", "act": act, "event": topic, "href": f"/api/v1/{question.subject.kind}/{whole['id']}"}
            for act, topic in change.acts(question, _open_acts(question.subject.kind, whole), str(sanctions[-1]["id"]))]  # fmt: skip
    return [*days, *closings, *acts]


def _open_acts(kind: str, whole: Json) -> list[str]:
    if kind == "contracts":
        return [act for act, statuses in MAKES_SENSE.items() if whole["status"] in statuses]
    return list(whole.get("may", ()))
