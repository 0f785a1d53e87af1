"""The book of rules: every adopted pack and published year, what was known of them when, and what holds on a day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar

from domain.days.calendar import Calendar
from domain.days.deadline import Receipt, Stop, deadline
from domain.policy import classification as classed
from domain.policy.classification import Classification, DecisionType, Graded
from domain.policy.missing import NoBasisInForce, NoPackInForce, NoPeriod, NoSuchRule, UnknownCode
from domain.policy.pack import Basis, Pack, Rule
from domain.policy.tables import AnyRow, Behaviour, DecisionName, Measure
from domain.policy.timeline import Timeline
from domain.policy.years import DAY_OFF, PublishedYear, calendar_of

__all__ = ["Book", "NoBasisInForce", "NoPackInForce", "NoPeriod", "NoSuchRule", "PublishedYear", "UnknownCode"]

PeriodUnit = Literal["working_days", "calendar_days", "months", "years", "date"]

R = TypeVar("R", bound=AnyRow)


class Book:
    """Immutable. Packs and years carry the log position at which they were adopted; lookups are cached.

    `draft`: a pack that nobody has adopted, tried as if it had always been known and had come last.
    """

    def __init__(self, packs: Iterable[tuple[int, Pack]] = (), years: Iterable[PublishedYear] = (), draft: Pack | None = None) -> None:
        self._draft = draft
        self._packs = tuple(sorted(packs, key=lambda adopted: adopted[0]))
        self._years = tuple(sorted(years, key=lambda year: year.position))
        self._timelines = self._cut()
        self._family_of = self._named()
        self._known: dict[tuple[int, int], Book] = {}
        self._changed_at = max([0, *(position for position, _ in self._packs[-1:]), *(year.position for year in self._years[-1:])])
        self._calendars: dict[str, Calendar] = {}
        self._calendar_on: dict[date | None, Calendar] = {}
        self._rules: dict[tuple[str, date], Rule | None] = {}
        self._days: dict[tuple[date, int], Receipt] = {}
        self._deadlines: dict[tuple[str, date, date | None], tuple[Receipt, Basis]] = {}
        self._graded: dict[tuple[str, str, str], Graded] = {}
        self._classified: dict[tuple[tuple[str, ...], str, str], Classification] = {}
        self._types: dict[tuple[str, tuple[str, ...]], DecisionType] = {}

    @classmethod
    def of(cls, packs: Iterable[tuple[int, Pack]]) -> "Book":
        """A book of packs, each with the position of its adoption."""
        return cls(packs)

    def with_pack(self, position: int, pack: Pack) -> "Book":
        """The book after one more adoption."""
        return Book((*self._packs, (position, pack)), self._years, self._draft)

    def trying(self, draft: Pack) -> "Book":
        """The book with a draft in it, at whatever position it is asked about."""
        return Book(self._packs, self._years, draft)

    def with_year(self, position: int, year: int, off: Mapping[date, str] | Iterable[date], work: Iterable[date], source: str) -> "Book":
        """The book after a year's calendar was published; it replaces what was known of that year."""
        named = dict(off) if isinstance(off, Mapping) else dict.fromkeys(off, DAY_OFF)
        return Book(self._packs, (*self._years, PublishedYear(position, year, named, frozenset(work), source)), self._draft)

    def known_at(self, position: int) -> "Book":
        """The book as it stood at a log position."""
        if position >= self._changed_at:
            return self
        key = (
            bisect_right(self._packs, position, key=lambda adopted: adopted[0]),
            bisect_right(self._years, position, key=lambda year: year.position),
        )
        if key not in self._known:
            self._known[key] = Book(self._packs[: key[0]], self._years[: key[1]], self._draft)
        return self._known[key]

    @property
    def changed_at(self) -> int:
        """The log position of the last adoption or notice; 0 for an empty book."""
        return self._changed_at

    @property
    def packs(self) -> tuple[tuple[int, Pack], ...]:
        """Every adopted pack with its position, in the order of adoption."""
        return self._packs

    @property
    def years(self) -> tuple[PublishedYear, ...]:
        """Every year's notice that was published, in the order of its recording."""
        return self._years

    # What holds on a day

    def pack(self, family: str, on: date) -> Pack:
        """The pack of the family in force on the day. Raises NoPackInForce."""
        found = self._timelines.get(family)
        if found is None:
            raise NoPackInForce(family, on)
        return found.on(on)

    def pack_if_any(self, family: str, on: date) -> Pack | None:
        """The pack of the family in force on the day, None when there is none."""
        return found.find(on) if (found := self._timelines.get(family)) else None

    def rule(self, name: str, on: date) -> Rule:
        """The rule of that full name in force on the day. Raises NoSuchRule, NoPackInForce."""
        if name not in self._family_of:
            raise NoSuchRule(name)
        pack = self.pack(self._family_of[name], on)
        try:
            return pack.rules[name]
        except KeyError:
            raise NoSuchRule(name, pack.key) from None

    def rule_if_any(self, name: str, on: date) -> Rule | None:
        """The rule in force on the day; None when there was none yet. Raises NoSuchRule for a name no pack has."""
        asked = (name, on)
        if asked not in self._rules:
            if name not in self._family_of:
                raise NoSuchRule(name)
            pack = self._timelines[self._family_of[name]].find(on)
            self._rules[asked] = pack.rules.get(name) if pack else None
        return self._rules[asked]

    def rows(self, kind: type[R], on: date) -> tuple[R, ...]:
        """The table of that kind in force on the day. Raises NoPackInForce."""
        return self.pack(kind.family, on).rows(kind)

    def row(self, kind: type[R], code: str, on: date) -> R:
        """The row of that code in force on the day. Raises NoPackInForce, UnknownCode."""
        pack = self.pack(kind.family, on)
        found = pack.row(kind, code)
        if found is None:
            raise UnknownCode(kind.table, code, pack.key)
        return found

    def row_basis(self, row: AnyRow, on: date) -> Basis:
        """The basis that a row of the table in force on the day is."""
        return self.pack(row.family, on).basis(row)

    def behaviour(self, code: str, on: date) -> Behaviour:
        """Raises UnknownCode, NoPackInForce."""
        return self.row(Behaviour, code, on)

    def measure(self, code: str, on: date) -> Measure:
        """Raises UnknownCode, NoPackInForce."""
        return self.row(Measure, code, on)

    def measure_basis(self, code: str, on: date) -> Basis:
        """The basis of a measure in force on the day, a confirmed one first. Raises NoBasisInForce, UnknownCode."""
        pack, measure = self.pack(Measure.family, on), self.measure(code, on)
        bases = [basis for basis in measure.bases if basis.is_in_force(on)]
        if not bases:
            raise NoBasisInForce(code, on)
        best = min(bases, key=lambda basis: basis.status != "confirmed")
        return Basis(pack.key, pack.version, f"{measure.table}.{code}", best.clause, best.status)

    # Days

    def calendar(self, on: date | None = None) -> Calendar:
        """The calendar of the pack in force on the day (none said: the last), with the years published since."""
        if on not in self._calendar_on:
            pack = self.pack("calendar", on or date.max)
            if pack.digest not in self._calendars:
                self._calendars[pack.digest] = calendar_of(pack, self._years)
            self._calendar_on[on] = self._calendars[pack.digest]
        return self._calendar_on[on]

    def days(self, start: date, count: int) -> Receipt:
        """When so many calendar days that were agreed end, not told day by day; remembered. Raises NoPackInForce."""
        asked = (start, count)
        if asked not in self._days:
            self._days[asked] = deadline(start, count, "calendar_days", self.calendar(start), with_days=False)
        return self._days[asked]

    def deadline(
        self,
        name: str,
        start: date,
        on: date | None = None,
        stops: Sequence[Stop] = (),
        today: date | None = None,
        with_days: bool = True,
    ) -> tuple[Receipt, Basis]:
        """When the period of that rule, begun on `start`, ends. `on`: the day whose law applies, if not `start`.

        Raises NoSuchRule, NoPackInForce, NoPeriod. Without stops and days the answer is remembered.
        """
        if stops or with_days:
            return self._deadline(name, start, on, stops, today, with_days)
        key = (name, start, on)
        if key not in self._deadlines:
            self._deadlines[key] = self._deadline(name, start, on, (), None, False)
        return self._deadlines[key]

    def _deadline(self, name: str, start: date, on: date | None, stops: Sequence[Stop], today: date | None, with_days: bool) -> tuple[Receipt, Basis]:
        rule = self.rule(name, on or start)
        if rule.count is None or rule.unit is None:
            raise NoPeriod(name)
        return self._counted(start, rule.count, rule.unit, rule.roll, stops, today, with_days), rule.basis

    def period(
        self,
        start: date,
        count: int,
        unit: PeriodUnit,
        stops: Sequence[Stop] = (),
        today: date | None = None,
        with_days: bool = True,
        roll: bool = True,
    ) -> Receipt:
        """When an agreed or ordered period ends, by the same rules; without `roll` on the very day it is full."""
        return self._counted(start, count, unit, roll, stops, today, with_days)

    def _counted(
        self,
        start: date,
        count: int,
        unit: PeriodUnit,
        roll: bool,
        stops: Sequence[Stop],
        today: date | None,
        with_days: bool,
    ) -> Receipt:
        calendar = self.calendar(start)
        receipt = deadline(start, count, unit, calendar, stops, roll, with_days, today)
        if not roll or self.rule("calendar.roll_over_weekends", start).value:
            return receipt
        still = deadline(start, count, unit, calendar, stops, False, with_days, today)
        return receipt if calendar.kind(still.on) == "holiday" else still

    # Decisions

    def decision_type(self, code: str, on: date, regime: str = "credit") -> DecisionType:
        """Name, class, points and procedure of a type of decision on a day. Raises UnknownCode, NoPackInForce."""
        packs = [self.pack(family, on) for family in ("behaviours", "repair", regime, "penalty")]
        key = (code, tuple(pack.digest for pack in packs))
        if key not in self._types:
            name = self.row(DecisionName, code, on)
            one = self._grade(code, packs[1], packs[2])
            self._types[key] = classed.decision_type(name, one, packs[0], packs[3])
        return self._types[key]

    def classification(self, decision_types: Sequence[str], decided_on: date, regime: str = "credit", on: date | None = None) -> Classification:
        """Class, points and months of a decision with these types, by the packs in force on its date.

        A later repair pack whose switch `old-decisions-new-periods` is on gives class and months instead; with `on`
        only one that is in force by that day. Raises UnknownCode, NoPackInForce, ValueError for no types.
        """
        repair = self._repair(decided_on, on)
        timeline = self._timelines.get(regime)
        credit = timeline.find(decided_on) if timeline else None
        key = (tuple(decision_types), repair.digest, credit.digest if credit else "")
        if key not in self._classified:
            self._classified[key] = classed.together([self._grade(code, repair, credit) for code in decision_types])
        return self._classified[key]

    def repairable_from(self, decided_on: date, classification: Classification) -> date:
        """The first day on which repair may be approved: the minimum period from the decision's date."""
        reached = self._months(decided_on, classification.min_months)
        earliest = self.rule("repair.earliest", decided_on).value
        if earliest not in _EARLIEST:
            raise ValueError(f"repair.earliest is {earliest}")
        return reached + _EARLIEST[earliest] if classification.min_months else decided_on

    def last_day(self, decided_on: date, classification: Classification) -> date:
        """The last day of publicity: the maximum period from the decision's date."""
        return self._months(decided_on, classification.max_months)

    def _months(self, start: date, months: int) -> date:
        return deadline(start, months, "months", self.calendar(start), (), False, False).on

    def _repair(self, decided_on: date, on: date | None) -> Pack:
        own = self.pack("repair", decided_on)
        for pack in reversed(self._timelines["repair"].in_force()):
            since = pack.head.effective_from
            if since <= decided_on:
                break
            switch = pack.rules.get("repair.old-decisions-new-periods")
            if (on is None or since <= on) and switch is not None and switch.value is True:
                return pack
        return own

    def _grade(self, code: str, repair: Pack, credit: Pack | None) -> Graded:
        key = (code, repair.digest, credit.digest if credit else "")
        if key not in self._graded:
            self._graded[key] = classed.graded(code, repair, credit)
        return self._graded[key]

    # Building

    def _all(self) -> list[Pack]:
        return [*(pack for _, pack in self._packs), *([self._draft] if self._draft is not None else [])]

    def _cut(self) -> dict[str, Timeline]:
        families: dict[str, list[Pack]] = defaultdict(list)
        for pack in self._all():
            families[pack.head.family].append(pack)
        return {family: Timeline(family, packs) for family, packs in families.items()}

    def _named(self) -> dict[str, str]:
        """The family of each rule. Raises ValueError when two families use one full name."""
        found: dict[str, str] = {}
        for pack in self._all():
            for name in pack.rules:
                if found.setdefault(name, pack.head.family) != pack.head.family:
                    raise ValueError(f"{name} stands in {found[name]} and in {pack.head.family}")
        return found


_EARLIEST: Mapping[object, timedelta] = {"corresponding_day": timedelta(0), "day_after": timedelta(days=1)}
