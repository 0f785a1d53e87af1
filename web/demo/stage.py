"""The stage: simulated time moves forward, and at each moment people do what is due, by the commands of everybody."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Generator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain import loops as loop_table
from domain.act import CHINA, Act
from domain.breach.evenness import Like
from domain.evidence import lodge
from domain.rules import RuleBroken
from stores.upload_checks import check_upload
from web.clock import TrialClock
from web.demo.people import BODIES, PEOPLE, Body
from web.office import Office
from web.ticking import due_of, end_all

log = logging.getLogger(__name__)
Script = Generator[date, None, None]
AT_ONCE = 2_000  # events between two commits
OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30  # minutes of the day in which an office works
NIGHT = time(0, 1)


class Stage:
    """Simulated time over an office. What is to happen waits in a queue in the order of its instants."""

    def __init__(self, office: Office, clock: TrialClock, seed: int, until: date, save: Callable[[], None]) -> None:
        self.office, self.seed, self.until = office, seed, until
        self._clock, self._save = clock, save
        self._queue: list[tuple[datetime, int, Callable[[], Any]]] = []
        self._order = 0
        self._actors = {one.name: office.actor(account) for one, account in _accounts(office)}
        self._saved = office.ledger.head()
        self._position = self._saved
        self.refused = 0
        self.barred: set[str] = set()  # parties that brought false material
        self.decided: dict[tuple[str, str, str], list[Like]] = {}  # what was decided so far, by behaviour, kind and side
        self._letters: dict[tuple[str, str, int], int] = {}

    # ---- chance and time

    def rng(self, *names: object) -> Random:
        """Chances of their own for each part: what one part draws changes nothing elsewhere."""
        return Random("/".join(map(str, (self.seed, *names))))

    @property
    def today(self) -> date:
        return self._clock().date()

    def working(self, day: date) -> date:
        """This day, or the next one that is worked."""
        calendar = self.office.book.calendar(day)
        while not calendar.is_working(day):
            day += timedelta(days=1)
        return day

    def working_days(self, count: int, start: date | None = None) -> date:
        """So many working days after a day."""
        day = start or self.today
        for _ in range(count):
            day = self.working(day + timedelta(days=1))
        return day

    def at(self, day: date, action: Callable[[], Any], rng: Random, at_night: bool = False) -> None:
        """Let something happen on a day, at some time when the office works; never before now."""
        minute = rng.randrange(OPENS, CLOSES)
        clock = NIGHT if at_night else time(minute // 60, minute % 60, rng.randrange(60))
        instant = max(datetime.combine(day, clock, CHINA), self._clock() + timedelta(minutes=1))
        self._order += 1
        heapq.heappush(self._queue, (instant, self._order, action))

    def play(self, script: Script, rng: Random) -> None:
        """Let a script go on, day by day as it says itself."""
        try:
            day = next(script)
        except StopIteration:
            return
        self.at(day, lambda: self.play(script, rng), rng)

    def run(self, told: Callable[[int, int, str], None]) -> None:
        """Play everything that happens before the last day; what lies beyond it stays undone."""
        start, end = self.today, datetime.combine(self.until, time(), CHINA)
        whole = (self.until - start).days
        while self._queue and self._queue[0][0] < end:
            instant, _, action = heapq.heappop(self._queue)
            self._clock.set(instant)
            try:
                action()
            except RuleBroken as why:  # whoever asked is told so, and lets it be
                self.refused += 1
                log.warning("refused on %s: %s", self.today, why)
            if self._position - self._saved >= AT_ONCE:
                self.save()
                told((self.today - start).days, whole, self.today.isoformat())
        self._clock.set(end)
        self.save()
        told(whole, whole, self.until.isoformat())

    def save(self) -> None:
        """Commit what has come so far, and let the views hear of it."""
        self._save()
        self._saved = self._position
        self.office.caught_up()

    # ---- acting

    def do(self, who: str, command: Callable[[Act], Any]) -> Any:
        """Somebody does something, now."""
        done = self.office.do(command, self._actors[who] or _nobody(who))
        self._position = max(self._position, done.position)
        return done.outcome

    def account(self, who: str) -> str:
        return (self._actors[who] or _nobody(who)).account

    def document_number(self, region: str, kind: str) -> str:
        """The next number of a kind of letter of an authority, in this year."""
        key = (region, kind, self.today.year)
        self._letters[key] = self._letters.get(key, 0) + 1
        return f"{body_of(region).short}{kind}〔{self.today.year}〕{self._letters[key]}号"

    def lighter_since(self, types: Sequence[str], decided_on: date) -> date | None:
        """The first of the month from which a newer law makes the longest publicity of such a decision shorter."""
        book, longest = self.office.book, self.office.book.classification(list(types), decided_on).max_months
        day = decided_on
        while (day := (day.replace(day=1) + timedelta(days=32)).replace(day=1)) < self.until:
            if book.classification(list(types), day).max_months < longest:
                return day
        return None

    def bring(self, who: str, content: bytes, name: str) -> str:
        """A file is kept, and it is on record who brought it; its digest."""
        media_type = check_upload(content, name)
        digest = self.office.evidence.put(content, name, media_type)
        self.do(who, lambda act: lodge(act, digest, len(content), media_type))
        return digest

    def watch(self, stream: UUID, subject: str) -> None:
        """See to it that the ends of this stream's windows are recorded on the night after their last day."""
        told = self.office.ledger.of([stream]).get(stream, [])
        kept = loop_table.told(told, self.office.book)
        for one in kept.loops.values():
            if one.ends_on is not None and one.ends_on < self.until:
                self.at(one.ends_on + timedelta(days=1), lambda: self._end(stream, subject), self.rng(), at_night=True)

    def _end(self, stream: UUID, subject: str) -> None:
        end_all(self.office, due_of(self.office, stream, subject))
        self._position = self.office.ledger.head()

    def open_loops(self, repairs: Sequence[UUID]) -> Callable[[UUID, date], list[str]]:
        """What keeps a case from being closed, asked of the log: the views may be behind."""

        def ask(stream: UUID, on: date) -> list[str]:
            names = list[str]()
            for one, told in self.office.ledger.of([stream, *repairs]).items():
                kept = loop_table.told(told, self.office.book).loops.values()
                names += [one.kind for one in loop_table.open_on(kept, on) if loop_table.KIND[one.kind].holds_case]
                del one
            return names

        return ask


def _accounts(office: Office) -> list[tuple[Any, UUID]]:
    from domain.access.account import account_id

    return [(one, account_id(one.name)) for one in PEOPLE]


def _nobody(who: str) -> Any:
    raise LookupError(who)


SUPERVISORS = {"440800": "city-supervisor", "440823": "county-supervisor", "440825": "county2-supervisor"}


def body_of(region: str) -> Body:
    """The authority of a region."""
    return next(one for one in BODIES if one.region == region)
