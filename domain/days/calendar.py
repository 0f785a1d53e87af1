"""A calendar of working days: days off by notice, weekend days that are worked, and how far it is published."""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

Kind = Literal["working", "rest_day", "holiday", "make_up"]

_SATURDAY, _DECEMBER, _DAYS_IN_DECEMBER = calendar.SATURDAY, 12, 31


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """What each day is. Built from a calendar pack; compared by identity, so it may key a cache.

    `holidays`: day off -> its name. `make_up`: Saturdays and Sundays that are worked.
    `first_year` to `last_year` are published. In other years weekends rest, and `fixed` ((month, day) -> name) is off.
    `open_days`: so many last days of the last published year are still to be decided by the next year's notice.
    """

    holidays: Mapping[date, str]
    make_up: Collection[date]
    first_year: int
    last_year: int
    fixed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    open_days: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError when the table contradicts itself."""
        if self.first_year > self.last_year:
            raise ValueError(f"calendar runs backwards: {self.first_year} to {self.last_year}")
        if wrong := sorted(day for day in self.make_up if day in self.holidays or day.weekday() < _SATURDAY):
            raise ValueError(f"not a weekend day that can be worked: {wrong[0]}")
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "make_up", frozenset(self.make_up))
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))

    def kind(self, day: date) -> Kind:
        """A working day, a weekend day of rest, a holiday (or a day off beside one), a weekend day that is worked."""
        if day in self.make_up:
            return "make_up"
        if day in self.holidays or (self.fixed and not self._is_published(day) and (day.month, day.day) in self.fixed):
            return "holiday"
        return "rest_day" if day.weekday() >= _SATURDAY else "working"

    def is_working(self, day: date) -> bool:
        """Is the day worked?"""
        return self.kind(day) in {"working", "make_up"}

    def is_settled(self, day: date) -> bool:
        """Can no notice change any more what this day is?"""
        return self._is_published(day) and not self._is_left_open(day)

    def _is_published(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year

    def _is_left_open(self, day: date) -> bool:
        return day.year == self.last_year and day > date(self.last_year, _DECEMBER, _DAYS_IN_DECEMBER) - timedelta(days=self.open_days)
