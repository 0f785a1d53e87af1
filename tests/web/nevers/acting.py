"""What people may try through the interface: acts on cases, applications and contracts, with bodies that are often right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.breach.case import Case
from domain.breach.rules import MAY as CASE_MAY
from domain.repair.repair import Repair
from domain.repair.rules import MAY as REPAIR_MAY
from domain.rules import holding
from tests.web.office import World, notice_body, yuan

Pick = Callable[[Sequence[Any]], Any]
Body = Callable[[Pick, date, Mapping[str, Any]], dict[str, Any]]
WORDS = ("理由充分", "理由充分", "理由充分", " ")


def grounds(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"grounds": pick(WORDS)}


def reason(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": pick(WORDS)}


def nothing(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def dated(name: str) -> Body:
    """Mostly today; sometimes a day that is past."""
    return lambda pick, on, thing: {name: (on - timedelta(pick((0, 0, 0, 1, 6)))).isoformat()}


def both(*bodies: Body) -> Body:
    def body(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for one in bodies for name, value in one(pick, on, thing).items()}

    return body


def less(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"fine": pick((yuan("20000.00"), yuan("25000.00"), yuan("90000.00"))), **grounds(pick, on, thing)}


def milder(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    """A kind of decision that is public for a shorter time, or less money."""
    return {"decision_types": ["order_to_correct"], **grounds(pick, on, thing)} if pick((True, False)) else less(pick, on, thing)


def answer(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": pick(("upheld", "upheld_in_part", "rejected")), "fine": yuan("20000.00"), "grounds": "经复核"}


def review(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    running = [one["id"] for one in thing.get("reviews", []) if not one.get("outcome")]
    if running:
        return {"review": running[0], "outcome": pick(("revoked", "upheld", "changed")), "note": "复议决定"}
    return {"path": pick(("reconsideration", "suit")), "reference": "（2026）1号"}


def decided(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": pick(("approved", "approved", "refused")), "grounds": "符合条件"}


def sanction(pick: Pick, on: date, thing: Mapping[str, Any]) -> dict[str, Any]:
    number = f"遂水罚〔2026〕{pick(range(100, 900))}号"
    return {"document_number": number, "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "工程质量不合格"}


KEEPER, DECIDER, FIRM = ("county-supervisor", "city-supervisor"), ("decider", "decider2"), ("company-a",)
CASE_ACTS: Mapping[str, tuple[tuple[str, ...], Body]] = {
    "notice": (KEEPER, lambda pick, on, thing: notice_body(document_number=f"遂水告〔2026〕{pick(range(100, 900))}号")),
    "statement": (FIRM, lambda pick, on, thing: {"text": "我们不同意"}),
    "legal-review": (("legal",), lambda pick, on, thing: {"opinion": "程序合法"}),
    "confirmation": (DECIDER, grounds),
    "sanction": (DECIDER, sanction),
    "service": (KEEPER, both(dated("served_on"), lambda pick, on, thing: {"method": pick(("direct", "direct", "post"))})),
    "publication": (KEEPER, dated("published_on")),
    "fulfilment": (KEEPER, dated("fulfilled_on")),
    "correction": (DECIDER, both(milder, dated("corrected_on"))),
    "reclassification": (DECIDER, grounds),
    "revocation": (DECIDER, both(grounds, dated("revoked_on"))),
    "withdrawal-of-publicity": (KEEPER, both(reason, dated("withdrawn_on"))),
    "objections": (FIRM, lambda pick, on, thing: {"grounds": "罚款过重"}),
    "objections/{objection}/decision": (DECIDER, answer),
    "review": (KEEPER, review),
    "closure": (KEEPER, reason),
}
REPAIR_ACTS: Mapping[str, tuple[tuple[str, ...], Body]] = {
    "acceptance": (KEEPER, nothing),
    "rejection": (KEEPER, reason),
    "verification": (KEEPER, lambda pick, on, thing: {"fulfilled": pick((True, True, False))}),
    "decision": (DECIDER, decided),
    "acknowledgements": (KEEPER, lambda pick, on, thing: {"recipient": pick([one["recipient"] for one in thing["acknowledgements"]])}),
    "withdrawal": (FIRM, nothing),
    "revocation": (DECIDER, both(grounds)),
}
EVERYBODY = ("county-supervisor", "city-supervisor", "county2-supervisor", "decider", "decider2", "legal", "chair", "auditor", "administrator",
             "company-a", "company-b")  # fmt: skip


def try_on(world: World, kind: str, stream: str, pick: Pick, acts: Sequence[str] = ()) -> Any:
    """Somebody asks something of a case or an application: mostly what may be asked, by one who may. The response, or None."""
    table = CASE_ACTS if kind == "cases" else REPAIR_ACTS
    thing = world.ask("decider").get(f"/{kind}/{stream}")
    wanted = [one for one in table if not acts or one in acts]
    held: Any = world.office.ledger.get(Case if kind == "cases" else Repair, UUID(stream))
    table_of_rules: Mapping[str, Any] = CASE_MAY if kind == "cases" else REPAIR_MAY
    may = {act for act, rules in table_of_rules.items() if holding(rules, held)}
    sensible = [one for one in wanted if one.replace("/{objection}", "") in may or one in may] or wanted
    if not sensible:
        return None
    act = pick(sensible if pick((True, True, True, False)) else wanted)
    people, body = table[act]
    who = pick(people) if pick((True, True, True, True, False)) else pick(EVERYBODY)
    open_ones = [one["id"] for one in thing.get("objections", []) if one["outcome"] is None] or ["00000000-0000-7000-8000-000000000000"]
    path = act.replace("{objection}", open_ones[0])
    seen = thing["version"] if pick((True, True, True, True, False)) else thing["version"] - 1
    asker = world.ask(who)
    response = world.client.post(f"/api/v1/{kind}/{stream}/{path}", json=body(pick, world.office.today, thing),
                                 headers={**asker.headers, "If-Match": f'"{seen}"'})  # fmt: skip
    assert response.status_code < 500, f"{who} {act}: {response.text[:800]}"
    return response
