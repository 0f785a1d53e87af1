"""Conformance of every contract, case and application with the declared loops and the rules of procedure, at a moment."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from domain.actor import Actor
from domain.breach.case import Case
from domain.conformance import Deviation, deviations
from domain.conformance.finding import AUDITORS, Judged, knowing_of, record_breaches
from domain.contract.contract import Contract
from domain.party.commitment import Commitment
from domain.repair.repair import Repair
from projections import parties
from projections.cards.plain import Json, basis, day
from projections.recall import until
from projections.temporal.moment import Moment
from projections.trying import AT_ONCE, owners, whose
from web.office import Office

KIND_OF: Mapping[str, type[Judged]] = {"contract": Contract, "case": Case, "repair": Repair, "commitment": Commitment}
KINDS = ("procedure", "unclosed", "overdue", "late")
KEPT = 4  # moments whose findings are kept at hand
OnWay = Callable[[int, int], Any]


class Checked(NamedTuple):
    """What was found at a moment: how many histories by region, and every deviation."""

    histories: Counter[str]
    rows: list[Json]


def check(office: Office, moment: Moment, on_way: OnWay | None = None) -> Checked:
    """Hold every history, as it was known and held at a moment, against the loops and the rules of procedure."""
    with office.looking() as conn:
        work = owners(conn)
    whole, done = sum(len(ids) for _, ids in work), 0
    knowing, found = knowing_of(office.ledger, office.law_at, office.today), Checked(Counter(), [])
    for subject, ids in work:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            for told in office.ledger.of(some, moment.known_at).values():
                if (about := whose(subject, told[0])) is not None:
                    found.histories[about.region] += 1
                    found.rows.extend(_row(about, one) for one in deviations(until(told, moment), moment.day, knowing))
            done += len(some)
            if on_way is not None:
                on_way(done, whole)
    with office.looking() as conn:
        names = parties.names(conn, moment, {row["party"] for row in found.rows})
    for row in found.rows:
        row["party_name"] = names.get(row["party"], row["party"])
    found.rows.sort(key=lambda row: (KINDS.index(row["kind"]), row["due"] or row["on"] or "", row["number"], row["code"], row["key"]))
    return found


_kept: OrderedDict[tuple[int, int, Moment], Checked] = OrderedDict()
_lock = Lock()


def checked(office: Office, moment: Moment) -> Checked:
    """The same, found once for as long as the log has not grown: a page is asked for again and again."""
    key = (id(office), office.ledger.head(), moment)
    with _lock:
        if key not in _kept:
            _kept[key] = check(office, moment)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return _kept[key]


def unowned(found: Checked, sees: Callable[[str], bool]) -> list[Json]:
    """The breaches of procedure that are on nobody's desk yet, of the histories that may be seen."""
    return [row for row in found.rows if row["state"] == "unowned" and sees(row["region"])]


def put_on_desks(office: Office, actor: Actor, via: str = "web") -> int:
    """By an auditor: what the check finds now and nobody owns is recorded in its case or application; how many breaches."""
    found = check(office, office.moment())
    rows = unowned(found, lambda region: actor.holds(AUDITORS, region))
    streams = {row["id"]: KIND_OF[row["subject"]] for row in rows}
    return sum(office.do(partial(record_breaches, kind=kind, stream=UUID(stream)), actor, via=via).outcome for stream, kind in streams.items())


def conformance(office: Office, moment: Moment, found: Checked, sees: Callable[[str], bool] = lambda region: True) -> Json:
    """What was found, as JSON: of the histories that may be seen."""
    rows = [row for row in found.rows if sees(row["region"])]
    counts = Counter(row["kind"] for row in rows)
    return {"ok": not rows, "position": office.ledger.head() if moment.known_at is None else moment.known_at, "as_of": moment.day.isoformat(),
            "checked": sum(n for region, n in found.histories.items() if sees(region)), "counts": {kind: counts[kind] for kind in KINDS},
            "deviations": rows}  # fmt: skip


def _row(about: Any, one: Deviation) -> Json:
    return {
        "kind": one.kind, "code": one.code, "key": one.key, "sentence": one.sentence, "values": {name: _plain(value) for name, value in one.values.items()},
        "subject": about.subject, "id": str(about.id), "number": about.number, "party": about.party, "region": about.region,
        "case": str(about.case) if about.case else None, "contract": str(about.contract) if about.contract else None, "owner": one.owner,
        "account": one.account, "of_authority": one.of_authority, "clause": basis(one.basis), "due": day(one.due_on), "on": day(one.on),
        "events": list(one.events), "answer": one.answer, "state": state_of(one),
    }  # fmt: skip


def state_of(one: Deviation) -> str | None:
    """Of a breach of procedure: answered, waiting for its answer, or not yet on anybody's desk; None of what needs no answer."""
    if one.answer is not None:
        return "answered"
    return "waiting" if one.waiting else "unowned" if one.kind == "procedure" else None


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
