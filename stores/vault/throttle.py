"""The throttle of failed sign-ins: growing waits per account and source, never a lock that strangers can turn.

An attempt is counted before the password is looked at, so a thousand at once are no way round; only success clears.
Three ladders, the longest wait holds:
  pair     this account from this source
  account  this account from anywhere: so few guesses in all ever reach the verifier, however many sources make them
  source   this source on any account
Who has signed in from a source before, and fails no more than a few times there, climbs only the pair's ladder: a
siege by strangers does not keep the owner out.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, select

from stores.vault.engine import reading, writing
from stores.vault.tables import failures, known_sources
from stores.vault.upsert import put

NONE = timedelta(0)
KNOWN_FOR = timedelta(days=180)  # how long a source stays one that the owner signs in from
KNOWN_FAILURES = 10  # more than this many in a row, and it is no longer taken for the owner
KEPT = timedelta(days=800)  # far beyond the longest wait: until then a count is not forgotten


class Ladder(NamedTuple):
    """`free` failures cost nothing; then the wait doubles from `first` to `most`; a quiet `lapse` forgets them."""

    free: int
    first: timedelta
    most: timedelta
    lapse: timedelta = KEPT

    def wait(self, count: int, last: datetime, now: datetime) -> timedelta:
        """How long still to wait after so many failures, the last one then."""
        if count < self.free or now - last >= self.lapse:
            return NONE
        doubled = self.first * (1 << min(count - self.free, 30))
        return max(NONE, last + min(doubled, self.most) - now)


LADDERS = {
    "pair": Ladder(free=5, first=timedelta(seconds=30), most=timedelta(days=1)),
    "account": Ladder(free=50, first=timedelta(minutes=15), most=timedelta(days=30)),
    "source": Ladder(free=20, first=timedelta(seconds=1), most=timedelta(minutes=15), lapse=timedelta(hours=1)),
}


class Throttle:
    """Counts failures by what was typed as the account's name and by where it came from."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wait(self, name: str, source: str, now: datetime) -> timedelta:
        """How long this sign-in must still wait; zero: it may be tried. Counts nothing."""
        with reading(self._engine) as connection:
            return _wait(connection, _keys(name, source), now)

    def admit(self, name: str, source: str, now: datetime) -> timedelta:
        """As `wait`; zero means that the attempt may be made, and stands as failed until `succeeded`."""
        keys = _keys(name, source)
        with writing(self._engine) as connection:
            wait = _wait(connection, keys, now)
            if not wait:
                _count(connection, keys, now)
            return wait

    def succeeded(self, name: str, source: str, now: datetime) -> None:
        """The attempt just admitted was the owner's: this pair and the account start anew, the source is known."""
        keys = _keys(name, source)
        with writing(self._engine) as connection:
            for scope in ("pair", "account"):
                mine = (failures.c.scope == scope) & (failures.c.key == keys[scope])
                connection.execute(delete(failures).where(mine))
            _take_back(connection, keys["source"])
            put(connection, known_sources, {"key": keys["pair"]}, {"last_success": now})

    def forgive(self, name: str) -> None:
        """Forgets every failure on an account, from all sources."""
        with writing(self._engine) as connection:
            forgive(connection, name)

    def sweep(self, now: datetime) -> int:
        """Forgets what no longer counts; how many rows."""
        with writing(self._engine) as connection:
            old = connection.execute(delete(failures).where(failures.c.last < now - KEPT)).rowcount
            strange = delete(known_sources).where(known_sources.c.last_success < now - KNOWN_FOR)
            return old + connection.execute(strange).rowcount


def forgive(connection: Connection, name: str) -> None:
    """Forgets every failure on an account, in the caller's transaction."""
    connection.execute(delete(failures).where(failures.c.account == _account_key(name)))


def source_of(address: str) -> str:
    """What counts as one source: an IPv4 address, or the /64 that one IPv6 subscriber has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # a test client or a local socket has a name
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).digest()


def _account_key(name: str) -> bytes:
    return _digest("account", name.strip().casefold())


def _keys(name: str, source: str) -> dict[str, bytes]:
    account = name.strip().casefold()
    return {
        "pair": _digest("pair", account, source),
        "account": _digest("account", account),
        "source": _digest("source", source),
    }


def _counts(connection: Connection, keys: dict[str, bytes]) -> dict[str, tuple[int, datetime]]:
    wanted = select(failures.c.scope, failures.c.count, failures.c.last).where(failures.c.key.in_(keys.values()))
    return {scope: (count, last) for scope, count, last in connection.execute(wanted)}


def _wait(connection: Connection, keys: dict[str, bytes], now: datetime) -> timedelta:
    counts = _counts(connection, keys)
    waits = {scope: LADDERS[scope].wait(count, last, now) for scope, (count, last) in counts.items()}
    if _known(connection, keys["pair"], counts, now):
        return waits.get("pair", NONE)
    return max(waits.values(), default=NONE)


def _known(connection: Connection, pair: bytes, counts: dict[str, tuple[int, datetime]], now: datetime) -> bool:
    if counts.get("pair", (0, now))[0] > KNOWN_FAILURES:
        return False
    last = connection.scalar(select(known_sources.c.last_success).where(known_sources.c.key == pair))
    return last is not None and now - last < KNOWN_FOR


def _count(connection: Connection, keys: dict[str, bytes], now: datetime) -> None:
    counts = _counts(connection, keys)
    for scope, key in keys.items():
        count, last = counts.get(scope, (0, now))
        lapsed = now - last >= LADDERS[scope].lapse
        account = None if scope == "source" else keys["account"]
        values = {"count": 1 if lapsed else count + 1, "last": max(now, last), "account": account}
        put(connection, failures, {"scope": scope, "key": key}, values)


def _take_back(connection: Connection, source: bytes) -> None:
    mine = (failures.c.scope == "source") & (failures.c.key == source)
    count = connection.scalar(select(failures.c.count).where(mine))
    if count is not None:
        put(connection, failures, {"scope": "source", "key": source}, {"count": max(0, count - 1)})
