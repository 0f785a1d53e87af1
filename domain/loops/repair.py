"""The loops of a repair: from the application to the last acknowledgement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.loops.shape import Facts, Loop, Opening, by, every, once
from domain.repair import events as r


def _accept(e: Any, f: Facts) -> Iterable[Opening]:
    yield Opening(start=date.fromisoformat(f["applied_on"]), rule="repair.accept", opens_on=e.day)


def _decide(e: r.RepairAccepted, f: Facts) -> Iterable[Opening]:
    applied = date.fromisoformat(f["applied_on"])
    yield Opening(start=e.accepted_on, rule="repair.decide", total="repair.total", total_from=applied)


def _extended(e: r.RepairTermExtended, f: Facts) -> Iterable[Opening]:
    """The extension is added to the term that was running."""
    start = date.fromisoformat(f["decide_by"]) if f.get("decide_by") else e.extended_on
    yield Opening(start=start, rule="repair.extend", total_from=date.fromisoformat(f["applied_on"]), opens_on=e.extended_on)


def _accept_again(e: r.RepairObjectionDecided, f: Facts) -> Iterable[Opening]:
    if e.outcome == "upheld":
        yield Opening(start=e.decided_on, rule="repair.accept")


def _recipients(e: r.RepairApproved, f: Facts) -> Iterable[Opening]:
    for one in f.get("recipients", []):
        yield Opening(one, start=e.decided_on, rule="repair.sync", title=one)


REPAIR: tuple[Loop, ...] = (
    Loop(
        "repair_acceptance",
        "修复受理",
        "repair",
        "supervisor",
        "acceptance",
        {
            r.RepairApplied: _accept,
            r.SupplementProvided: _accept,
            r.RepairWindowEnded: _accept,
            r.RepairObjectionDecided: _accept_again,
        },
        {r.RepairAccepted: every, r.RepairRejected: every, r.SupplementRequested: every, r.RepairWithdrawn: every},
    ),
    Loop(
        "repair_supplement",
        "补正",
        "repair",
        "applicant",
        "supplement",
        {r.SupplementRequested: once("repair.supplement", "requested_on")},
        {r.SupplementProvided: every, r.RepairWithdrawn: every, r.RepairWindowEnded: every},
        window=True,
    ),
    Loop(
        "repair_decision",
        "修复决定",
        "repair",
        "decider",
        "decision",
        {r.RepairAccepted: _decide, r.RepairTermExtended: _extended},
        {r.RepairApproved: every, r.RepairRefused: every, r.RepairWithdrawn: every, r.RepairTermExtended: every},
    ),
    Loop(
        "repair_synchronisation",
        "修复同步",
        "repair",
        "supervisor",
        "acknowledgements",
        {r.RepairApproved: _recipients},
        {r.RecipientAcknowledged: by("recipient"), r.RepairSynchronised: every, r.RepairRevoked: every},
    ),
    Loop(
        "repair_objection",
        "修复异议",
        "repair",
        "decider",
        "objections",
        {r.RepairObjectionFiled: lambda e, f: [Opening(str(e.objection), start=e.filed_on, rule="repair.objection")]},
        {r.RepairObjectionDecided: by("objection")},
    ),
)
