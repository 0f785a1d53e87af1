"""统计: how much is open and how old, who owes it, what was published in time, how many stand at each stage; at any moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from domain.loops import STAGES
from projections import accounts, cases, commitments, contracts, loops, repairs, sanctions
from projections.loops import Wanted
from web.api.lists import scope_of
from web.asking import Asking
from web.authority import punctual

Json = dict[str, Any]
AGES = (("week", 7), ("month", 30), ("quarter", 90))  # days overdue, at most; older is "older"


def statistics(asking: Asking) -> Json:
    """What this person's regions, or parties, come to."""
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    applicant = bool(scope.parties) and not scope.regions
    wanted = Wanted(parties=scope.parties) if applicant else Wanted(regions=scope.regions)
    with office.looking() as conn:
        found = loops.due_days(conn, moment, wanted)
        published = [] if applicant else sanctions.to_be_published(conn, moment, scope)
        told: Json = {
            "contracts": dict(contracts.facets(conn, moment, scope)["status"]), "cases": dict(cases.facets(conn, moment, scope)["status"]),
            "repairs": repairs.by_status(conn, moment, scope), "commitments": commitments.by_status(conn, moment, scope),
            "in_publicity": len(sanctions.in_force(conn, moment, limit=10_000)),
            "organisations": len(accounts.list_organisations(conn, moment)),
        }  # fmt: skip
    day = moment.day
    return {
        **told, "on": day.isoformat(), "publicity": punctual(office.book_at(moment), published, day),
        "loops": {
            "open": sum(n for *_, n in found), "overdue": sum(n for _, _, due, n in found if due is not None and due < day),
            "by_owner": _grouped([(owner, due, n) for owner, _, due, n in found], day, "owed_by"),
            "by_stage": sorted(_grouped([(stage, due, n) for _, stage, due, n in found], day, "stage"), key=lambda one: STAGES.index(one["stage"])),
        },
        "position": moment.known_at or office.ledger.head(),
    }  # fmt: skip


def age_of(due: date | None, day: date) -> str:
    """undated, ahead, or for how long it is overdue."""
    if due is None:
        return "undated"
    late = (day - due).days
    return "ahead" if late <= 0 else next((name for name, most in AGES if late <= most), "older")


def _grouped(found: list[tuple[str, date | None, int]], day: date, name: str) -> list[Json]:
    ages: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("ahead", "week", "month", "quarter", "older", "undated"), 0))
    oldest: dict[str, date] = {}
    for key, due, n in found:
        ages[key][age_of(due, day)] += n
        if due is not None:
            oldest[key] = min(oldest.get(key, due), due)
    rows = [{name: key, "open": sum(counts.values()), "overdue": sum(counts[age] for age in ("week", "month", "quarter", "older")), "ages": counts,
             "oldest_due": oldest[key].isoformat() if key in oldest else None} for key, counts in ages.items()]  # fmt: skip
    return sorted(rows, key=lambda one: (-one["overdue"], -one["open"], one[name]))
