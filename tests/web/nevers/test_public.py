"""Never 6: nothing is public after its last day, its repair, its withdrawal or its revocation; no person's number ever."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.act import CHINA
from domain.breach.case import Case
from projections import sanctions
from projections.temporal.moment import at
from tests.web.nevers.acting import Pick, try_on
from tests.web.nevers.never import LIVED, PLANTED, Never
from tests.web.nevers.publicity import CONTACT, PERSON, PERSON_NAME, PERSON_REF, PHONE, items, look, tracked
from tests.web.nevers.stages import Facts, at_stage
from tests.web.office import World, application, contract_body, finding_body, notice_body, published, yuan
from web import resources
from web.api import open_routes
from web.office import Office
from web.pages import public
from web.ticking import tick

WAITS = (1, 3, 8, 30, 95)


def both_published(world: World) -> Facts:
    """A firm's decision and a natural person's, both in publicity since 2026-05-06."""
    firm = published(world)
    case = of_a_person(world)
    return {"cases": [firm["id"], case["id"]], "repairs": [], "codes": []}


def of_a_person(world: World) -> dict[str, Any]:
    side = {"scheme": "CN-ID", "id": PERSON, "name": PERSON_NAME, "size": "micro", "lead": True}
    made = world.ask("county-supervisor").post("/contracts", contract_body(contractors=[side], signed_on="2026-01-12")).json()
    asked = finding_body(party=PERSON_REF, occurred_on="2026-04-08")
    case: dict[str, Any] = world.ask("county-supervisor").post(f"/contracts/{made['id']}/findings", asked, seen=made["version"]).json()["case"]
    case = world.case("county-supervisor", case, "/notice", notice_body(document_number="遂水告〔2026〕81号"))
    world.at("2026-05-20")
    case = world.case("legal", case, "/legal-review", {})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    decision = {"document_number": "遂水罚〔2026〕81号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "质量不合格"}
    case = world.case("decider", case, "/sanction", decision)
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    return world.case("county-supervisor", case, "/publication", {})


def corrected(world: World) -> Facts:
    """Both, the firm's fine made less since: it waits to be taken down, or published again."""
    facts = both_published(world)
    world.case("decider", world.ask("decider").get(f"/cases/{facts['cases'][0]}"), "/correction", {"grounds": "计算有误", "fine": yuan("20000.00")})
    return {**facts, "cases": facts["cases"][:1]}


def being_repaired(world: World) -> Facts:
    """Both, and an application of the firm that is verified and waits for its decision."""
    facts = both_published(world)
    world.at("2026-08-03")
    digest = world.ask("company-a").bring()
    asked = {**application(sanction_of(world, facts["cases"][0]), digest, "2026-08-03"), "contact": {"name": CONTACT, "phone": PHONE}}
    repair = world.ask("company-a").post("/repairs", asked).json()
    repair = world.repair("county-supervisor", repair, "/acceptance", {})
    repair = world.repair("county-supervisor", repair, "/verification", {"fulfilled": True})
    code = world.ask("company-a").get(f"/repairs/{repair['id']}")["code"]
    return {**facts, "repairs": [repair["id"]], "codes": [[repair["receipt"], code]]}


def sanction_of(world: World, case: str) -> str:
    return str(world.ask("decider").get(f"/cases/{case}")["sanctions"][-1]["id"])


class Publicity(RuleBasedStateMachine):
    """People publish, correct, withdraw, revoke, repair; the clock goes on, often to just before or just after a last day."""

    begins: tuple[Callable[[World], Facts], ...] = (both_published, being_repaired, corrected)
    acts: tuple[str, ...] = ("service", "publication", "withdrawal-of-publicity", "revocation", "correction", "reclassification", "objections",
                             "objections/{objection}/decision", "review", "fulfilment")  # fmt: skip
    repair_acts: tuple[str, ...] = ("decision", "revocation", "acknowledgements", "withdrawal")
    waits: tuple[int, ...] = WAITS
    jumps: bool = True

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.seen: tuple[int, datetime] | None = None

    def teardown(self) -> None:
        self.open.close()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.world, facts = self.open.enter_context(at_stage(data.draw(st.sampled_from(self.begins))))
        self.cases, self.repairs, self.codes = facts["cases"], facts["repairs"], facts["codes"]

    @rule(data=st.data())
    def of_a_case(self, data: st.DataObject) -> None:
        if self.acts:
            try_on(self.world, "cases", data.draw(st.sampled_from(self.cases)), drawn(data), self.acts)

    @rule(data=st.data())
    def of_an_application(self, data: st.DataObject) -> None:
        if self.repairs and self.repair_acts:
            try_on(self.world, "repairs", data.draw(st.sampled_from(self.repairs)), drawn(data), self.repair_acts)

    @rule(data=st.data())
    def wait(self, data: st.DataObject) -> None:
        days = data.draw(st.sampled_from((0, *self.waits)))
        self.world.clock.set(self.world.clock() + timedelta(days))
        if data.draw(st.booleans()):
            tick(self.world.office)

    @rule(data=st.data())
    def to_the_end(self, data: st.DataObject) -> None:
        """The last second of a publicity's last day, the midnight after it, or an hour of the morning that follows."""
        ends = sorted({one.last_day for one in items(self.world) if one.last_day and one.last_day >= self.world.clock().date()})
        if not ends or not self.jumps:
            return
        last = datetime.combine(data.draw(st.sampled_from(ends)), time(23, 59, 59), CHINA)
        instant = last + timedelta(seconds=data.draw(st.sampled_from((0, 1, 3601))))
        if instant > self.world.clock():
            self.world.clock.set(instant)

    @invariant()
    def never(self) -> None:
        now = (self.world.office.ledger.head(), self.world.clock())
        if now != self.seen:
            self.seen = now
            look(self.world)
            for receipt, code in self.codes:
                tracked(self.world, receipt, code)


def drawn(data: st.DataObject) -> Pick:
    return lambda among: data.draw(st.sampled_from(list(among)))


def test_never() -> None:
    run_state_machine_as_test(Publicity, settings=LIVED)


def test_letters_are_never_public() -> None:
    with at_stage(being_repaired) as (world, facts):
        case, repair = facts["cases"][0], facts["repairs"][0]
        world.client.cookies.clear()
        for kind, of in (("notice", case), ("decision", case), ("service-receipt", case), ("receipt", repair)):
            found = world.client.get(f"/letters/{kind}/{of}", headers={"Accept": "text/html"}, follow_redirects=False)
            assert (found.status_code, found.headers["location"].startswith("/sign-in")) == (303, True)


# ---------------------------------------------------------------- and it would be found


def unheeded(*left_out: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A bug: the fold of what is public does not heed these events."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(sanctions, "fold", sanctions.fold)
        for name in left_out:
            patch.setattr(sanctions, name, type("Unheard", (), {}))

    return plant


def no_last_day(patch: pytest.MonkeyPatch) -> None:
    def in_force(conn: sa.Connection, moment: Any, party: str | None = None, q: str = "", limit: int = 50, after: Any = None) -> Any:
        c = sanctions.sanctions.c
        page = sa.select(sanctions.sanctions).where(at(moment, sanctions.sanctions), c.public.is_(True))
        return conn.execute(page.where(c.party == party) if party else page).all()

    patch.setattr(sanctions, "in_force", in_force)


def days_of_greenwich(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Office, "today", property(lambda office: office.clock().astimezone(UTC).date()))


def repair_forgets_the_public(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Case, "end_publicity", lambda *_, **__: None)


def the_answer_is_kept(patch: pytest.MonkeyPatch) -> None:
    """A cache that nobody empties."""
    real, kept = sanctions.in_force, dict[Any, Any]()

    def in_force(conn: Any, moment: Any, *rest: Any, **more: Any) -> Any:
        asked = (str(conn.engine.url), rest, tuple(more.items()))
        if asked not in kept:
            kept[asked] = real(conn, moment, *rest, **more)
        return kept[asked]

    patch.setattr(sanctions, "in_force", in_force)


def persons_are_firms(where: Any) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(where, "is_person", lambda ref: False)


def names_are_whole(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(public, "masked", lambda name: name)


def it_says_whom_it_waits_for(patch: pytest.MonkeyPatch) -> None:
    real = resources.card

    def card(office: Office, kind: str, *rest: Any) -> Any:
        told = real(office, kind, *rest)
        return {**told, "waiting_for": office.unseal(told)["contact"]["name"]} if kind == "repairs" else told

    patch.setattr(resources, "card", card)


def narrow(*acts: str, begins: tuple[Any, ...] = (both_published,), repair_acts: tuple[str, ...] = (), waits: tuple[int, ...] = (),
           jumps: bool = False) -> Any:  # fmt: skip
    """A walk that keeps to the neighbourhood of the bug."""
    more = {"begins": begins, "acts": acts, "repair_acts": repair_acts, "waits": waits, "jumps": jumps}
    return type("Narrow", (Publicity,), more)


BUGS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Any]] = {
    "last day": (no_last_day, narrow(jumps=True)),
    "midnight": (days_of_greenwich, narrow(jumps=True)),
    "revocation": (unheeded("SanctionRevoked"), narrow("revocation")),
    "withdrawal": (unheeded("PublicityWithdrawn"), narrow("withdrawal-of-publicity", begins=(corrected,))),
    "correction": (unheeded("SanctionCorrected"), narrow("correction", waits=(95,), jumps=True)),
    "repair": (repair_forgets_the_public, narrow(begins=(being_repaired,), repair_acts=("decision",))),
    "kept": (the_answer_is_kept, narrow("revocation")),
    "number": (persons_are_firms(open_routes), narrow()),
    "page": (persons_are_firms(public), narrow()),
    "name": (names_are_whole, narrow()),
    "contact": (it_says_whom_it_waits_for, narrow(begins=(being_repaired,))),
}


@pytest.mark.parametrize("bug", list(BUGS))
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, near = BUGS[bug]
    for begin in near.begins:
        with at_stage(begin):  # told before there was a bug
            pass
    plant(monkeypatch)
    with pytest.raises(Never) as found:
        run_state_machine_as_test(near, settings=PLANTED)
    assert found.value.number == 6
