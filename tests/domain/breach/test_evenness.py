"""Like findings: what they got, when a decision is unlike them, and that it then says why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.breach import commands as breach
from domain.breach.evenness import PERCENT, YUAN, Like, compare, spread
from domain.breach.events import DepartureExplained, Proposed, SanctionDecided
from domain.policy.book import Book
from tests.domain.office import Office, confirmed, day, refused, yuan
from tests.domain.policy.books import shipped_book

DECIDED = day("2026-04-29")
LIKE = st.builds(
    Like, st.sampled_from(("minor", "ordinary", "serious")), st.none() | st.integers(1, 90_000).map(Decimal),
    st.none() | st.integers(1, 9_000_000).map(Decimal), st.lists(st.sampled_from(("M-03", "M-05", "M-06")), unique=True).map(tuple),
)  # fmt: skip


def like(n: int, fine: int = 30_000, national_class: str = "ordinary", measures: tuple[str, ...] = ()) -> list[Like]:
    return [Like(national_class, Decimal(fine), Decimal(1_000_000), measures)] * n


def decide(office: Office, case: UUID, asked: Proposed, others: Sequence[Like], **more: str) -> UUID:
    _, sanction = office.ask(
        "decider", breach.decide_sanction, case, decision_types=asked.decision_types, fine=asked.fine, measures=asked.measures,
        document_number="遂水罚〔2026〕9号", grounds="事实清楚", like=lambda _: others, **more)  # fmt: skip
    assert isinstance(sanction, UUID)
    return sanction


def draft(fine: int, *measures: str, types: str = "fine_larger") -> tuple[Office, UUID, Proposed]:
    asked = Proposed([types], yuan(fine), list(measures))
    office, case = confirmed(asked)
    return office, case, asked


def test_a_fine_far_from_the_median_needs_a_reason_that_is_recorded_with_it() -> None:
    office, case, asked = draft(40_000)
    others = like(5, fine=20_000)
    with refused("fine_is_usual_or_explained") as told:
        decide(office, case, asked, others)
    (broken,) = told.broken
    assert (broken.pointer, broken.basis.pack, broken.basis.rule, broken.basis.status) == ("/departure", "comparison", "fine_departs", "unconfirmed")
    assert "100%" in broken.said
    with refused("fine_is_usual_or_explained"):
        decide(office, case, asked, others, departure="  ")
    sanction = decide(office, case, asked, others, departure="后果严重")
    *_, decided, explained = office.events(case)
    assert isinstance(decided, SanctionDecided)
    assert isinstance(explained, DepartureExplained)
    assert (explained.sanction, explained.grounds, explained.compared, explained.by) == (sanction, "后果严重", 5, decided.by)
    assert [one.rule for one in explained.basis] == ["fine_departs"]


def test_first_sanctions_of_a_kind_are_compared_with_nothing() -> None:
    for others in ([], like(4, fine=20_000)):
        office, case, asked = draft(40_000)
        decide(office, case, asked, others)
        assert not any(isinstance(one, DepartureExplained) for one in office.events(case))


def test_what_is_like_the_others_needs_no_reason_and_may_have_one() -> None:
    office, case, asked = draft(30_000)
    decide(office, case, asked, like(6, fine=25_000), departure="供以后参考")
    explained = office.events(case)[-1]
    assert isinstance(explained, DepartureExplained)
    assert (explained.basis, explained.compared) == ([], 6)


def test_a_class_that_nobody_had() -> None:
    office, case, asked = draft(30_000)
    with refused("class_is_usual_or_explained"):
        decide(office, case, asked, like(5, national_class="minor"))
    decide(office, case, asked, [*like(5, national_class="minor"), *like(1)])


def test_measures_that_none_or_all_had() -> None:
    office, case, asked = draft(30_000, "M-06")
    with refused("measures_are_usual_or_explained"):
        decide(office, case, asked, like(5))
    decide(office, case, asked, [*like(5), *like(1, measures=("M-06",))])
    office, case, asked = draft(30_000)
    with refused("measures_are_usual_or_explained"):
        decide(office, case, asked, like(5, measures=("M-06",)))


def test_an_office_without_the_pack_asks_for_no_reason() -> None:
    packs = [(position, pack) for position, pack in shipped_book().packs if pack.key != "comparison"]
    office, case, asked = draft(40_000)
    office.book = Book(packs)
    decide(office, case, asked, like(9, fine=20_000, national_class="minor"))


@given(st.lists(LIKE, max_size=12), LIKE, st.sampled_from((PERCENT, YUAN)))
def test_a_spread_is_what_its_fines_are(others: list[Like], one: Like, unit: str) -> None:
    told = spread(others, unit)
    fines = sorted(each.fine if unit == YUAN else each.fine * 100 / each.price for each in others
                   if each.fine is not None and (unit == YUAN or each.price))  # fmt: skip
    assert (told.n, told.fined) == (len(others), len(fines))
    assert (told.low, told.high) == ((fines[0], fines[-1]) if fines else (None, None))
    assert told.median == (median(fines) if fines else None)
    assert sum(told.classes.values()) == len(others)
    compared = compare(shipped_book(), "QLT-01", DECIDED, one, others)
    assert compared.alike.n == sum(each.national_class == one.national_class for each in others)
    assert compared.fine == (None if one.fine is None else one.fine * 100 / one.price if one.price else one.fine)
    if compared.alike.n and all(set(each.measures) == set(one.measures) for each in others if each.national_class == one.national_class):
        assert compared.unusual_measures == []
