"""Which contracts there are, and which of them have a case: drawn over the years, the two companies among the contractors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from domain.party import commands as party
from domain.policy.book import NoPackInForce
from web.demo.cases import CaseLife
from web.demo.firms import A, B, Firm, firms
from web.demo.kinds import BY_CODE, KINDS, Kind
from web.demo.lives import Life
from web.demo.matters import BY_CODE as MATTERS
from web.demo.people import CITY, COMPANY_A, COUNTY, COUNTY2, SCHEME
from web.demo.plans import Plan, drawn, staged
from web.demo.stage import SUPERVISORS, Stage, body_of
from web.demo.tales import LATE_PAYMENTS, tell
from web.demo.terms import Terms, draw_terms

REGIONS, SHARES = (COUNTY, COUNTY2, CITY), (42, 33, 25)
EVERY = 17  # so often one of the two companies builds
CASES = 17  # of a hundred contracts


def draw_lives(stage: Stage, contracts: int, start: date) -> list[Life]:
    """Every contract, in the order of their signing, each waiting on the stage for its day."""
    known = firms(stage.rng("firms"), contracts)
    sequences: dict[tuple[str, str, int], int] = {}
    names: set[str] = set()
    lives = list[Life]()
    for index, day in enumerate(_days(stage, contracts, start)):
        own = stage.rng("terms", index)
        kind, region, mine = _drawn(own, index, known)
        key = (region, kind.code, day.year)
        sequences[key] = sequences.get(key, 0) + 1
        terms = _apart(draw_terms(own, kind, region, mine, day, sequences[key]), names)
        life = Life(stage, index, terms, tidy=index == 0)
        lives.append(life)
        stage.at(day, life.sign, own)
    draw_cases(stage, lives)
    _rename(stage, lives)
    _look_up(stage, lives)
    return lives


def _days(stage: Stage, contracts: int, start: date) -> list[date]:
    """The days of signing: working days, none on the last day or later. The first is company A's."""
    rng = stage.rng("register")
    span = max((stage.until - start).days - 2, 1)
    wished = sorted(start + timedelta(days=rng.randrange(span)) for _ in range(contracts))
    if wished:  # the first is company A's: it is being performed when its sanction begins
        wished[0] = max(start, stage.until - timedelta(days=companys(stage).found + 75))
    days = [stage.working(day) for day in wished]
    last = stage.until - timedelta(days=1)
    while not stage.office.book.calendar(last).is_working(last):
        last -= timedelta(days=1)
    return [min(day, last) for day in days]


def _drawn(rng: Random, index: int, known: dict[str, list[Firm]]) -> tuple[Kind, str, list[Firm]]:
    """Company A builds the first contract and some others, company B the second; works are now and then a consortium's."""
    if index % EVERY in (0, 1):
        return BY_CODE["SG"], COUNTY if index % EVERY == 0 else COUNTY2, [A if index % EVERY == 0 else B]
    kind = rng.choices(KINDS, [one.weight for one in KINDS])[0]
    region = rng.choices(REGIONS, SHARES)[0]
    mine = [rng.choice(known[kind.trade])]
    if kind.code in ("SG", "EPC") and rng.random() < 0.15:
        others = [one for one in known[rng.choice(("水利水电勘测设计", "水务设备", "水利水电工程"))] if one not in mine]
        mine.append(rng.choice(others))
    return kind, region, mine


def _apart(terms: Terms, names: set[str]) -> Terms:
    """No two contracts bear the same name."""
    name, n = terms.name, 1
    while name in names:
        n += 1
        name = f"{terms.name}（{terms.signed_on.year}年第{n}批）"
    names.add(name)
    terms.name = name
    return terms


# ---- cases


def draw_cases(stage: Stage, lives: Sequence[Life]) -> None:
    """The company's sanction, the cases that must be seen, the authority's own, and those that just happen."""
    if not lives:
        return
    used = {0}
    _play(stage, CaseLife(stage, lives[0], companys(stage), "company-a", party=COMPANY_A), companys(stage).found)
    for n, plan in enumerate(staged()):
        life = _fitting(stage, lives, plan, used)
        if life is not None:
            used.add(life.index)
            mine = plan.party if plan.party in [firm.ref for firm in life.terms.firms] else None
            _play(stage, CaseLife(stage, life, plan, f"staged/{n}", party=mine), plan.found)
    _authoritys(stage, lives, used)
    for life in lives:
        rng = stage.rng("happens", life.index)
        if life.index not in used and rng.randrange(100) < CASES and A not in life.terms.firms:
            _happen(stage, life, rng)


def companys(stage: Stage) -> Plan:
    """Company A's sanction: decided so long ago that it may be repaired, and no longer lengthens a later one."""
    types, until = ["fine_larger"], stage.until
    known = [420, 400, 270, 200, 170, 150, 130]
    for ago in known:
        decided = until - timedelta(days=ago)
        if decided - timedelta(days=60) <= stage.today:
            continue
        try:
            found = stage.office.book.classification(types, decided)
            first, last = stage.office.book.repairable_from(decided, found), stage.office.book.last_day(decided, found)
        except NoPackInForce:
            continue
        if first < until - timedelta(days=10) and last > until + timedelta(days=45):
            break
    on = {"notice": ago + 22, "statement": ago + 19, "legal": ago + 12, "confirm": ago + 8, "sanction": ago, "service": ago - 3, "publication": ago - 4,
          "fulfilment": ago - 12}  # fmt: skip
    return Plan("SAF-02", "administrative", "sanctioned", ago + 24, types=tuple(types), measures=("M-03",), on=on)


def _fitting(stage: Stage, lives: Sequence[Life], plan: Plan, used: set[int]) -> Life | None:
    """A contract that is being performed when the case begins; where there is none, one that no longer is."""
    found = stage.until - timedelta(days=plan.found)
    types = MATTERS[plan.code].types
    signed = [one for one in lives if one.terms.signed_on < found - timedelta(days=7) and A not in one.terms.firms]
    alive = [one for one in signed if one.terms.ends_on > found + timedelta(days=20) and one.terms.kind.code in types]
    wishes = (
        [one for one in alive if one.index not in used and plan.party in [firm.ref for firm in one.terms.firms]] if plan.party else [],
        [one for one in alive if one.index not in used and plan.region in (None, one.terms.region)],
        [one for one in alive if one.index not in used],
        [one for one in signed if one.index not in used and one.terms.kind.code in types],
        [one for one in signed if one.terms.kind.code in types],
    )  # fmt: skip
    wish = next((one for one in wishes if one), None)
    return stage.rng("fitting", plan.code, plan.found).choice(wish) if wish else None


def _authoritys(stage: Stage, lives: Sequence[Life], used: set[int]) -> None:
    """An authority that pays late: in a county it is judged by the city, at the city's own it is referred upwards."""
    for region, found, stop, outcome in ((COUNTY, 200, None, "cured"), (COUNTY2, 30, "report", "cured"), (CITY, 26, "review_end", "referred")):
        day = stage.until - timedelta(days=found)
        fitting = [one for one in lives if one.terms.region == region and one.terms.signed_on < day - timedelta(days=60) and one.index not in used
                   and any(firm.size != "large" for firm in one.terms.firms)]  # fmt: skip
        if not fitting:
            continue
        rng = stage.rng("authority", region)
        life = rng.choice(fitting)
        used.add(life.index)
        plan = Plan("GOV-01", "management", outcome, found, types=("order_to_correct",), stop=stop)
        _play(stage, CaseLife(stage, life, plan, f"authority/{region}", _late(rng, life), body_of(region).ref), found)


def _late(rng: Random, life: Life) -> str:
    term, firm = life.terms.payments[-1], life.terms.firms[0]
    sizes = {"small": "小型", "medium": "中型", "micro": "微型", "large": "大型"}
    return tell(rng, LATE_PAYMENTS, title=term.title, amount=term.value.amount, due=life.terms.ends_on, late=rng.randrange(12, 80), size=sizes[firm.size])


def _happen(stage: Stage, life: Life, rng: Random) -> None:
    span = min(life.terms.ends_on, stage.until) - life.terms.signed_on
    if span.days < 25:
        return
    day = life.terms.signed_on + timedelta(days=rng.randrange(15, span.days))
    _play(stage, CaseLife(stage, life, drawn(rng, life.terms.kind.code, day), f"happens/{life.index}", passing=True), (stage.until - day).days)


def _play(stage: Stage, affair: CaseLife, found: int) -> None:
    day = stage.working(stage.until - timedelta(days=found))
    stage.at(day, lambda: stage.play(affair.script(), affair.rng), affair.rng)


# ---- parties


def _rename(stage: Stage, lives: Sequence[Life]) -> None:
    """Two firms change their names, and stay who they are under their codes."""
    seen = {firm.ref: (life, firm) for life in reversed(lives) for firm in life.terms.firms if firm not in (A, B)}
    for n, (life, firm) in enumerate(list(seen.values())[-2:]):
        day = stage.working(life.terms.signed_on + timedelta(days=120 + 90 * n))
        name = firm.name.replace("有限公司", "集团有限公司")
        stage.at(day, lambda life=life, firm=firm, name=name, day=day: stage.do(  # type: ignore[misc]
            SUPERVISORS[life.terms.region], lambda act: party.rename_party(act, SCHEME, firm.code, name, day)), stage.rng("rename", n))  # fmt: skip


def _look_up(stage: Stage, lives: Sequence[Life]) -> None:
    """Before an award somebody looks the firm up; good work is put on record too."""
    first: set[str] = set()
    for life in lives:
        firm, rng = life.terms.firms[0], stage.rng("looked up", life.index)
        if firm.ref in first and rng.random() < 0.3:
            stage.at(life.terms.signed_on, lambda life=life, firm=firm: stage.do(  # type: ignore[misc]
                SUPERVISORS[life.terms.region], lambda act: party.check_credit(act, SCHEME, firm.code, f"签约前核查（{life.terms.name}）")), rng)  # fmt: skip
        first.add(firm.ref)
