"""What an event is: a frozen record with a short registered name, and the envelope in which it stands in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, dataclass_transform
from uuid import UUID

import msgspec

SYSTEM = "system"


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class _Frozen(msgspec.StructMeta):
    """Tells the type checker what msgspec does by itself: that a frozen record's descendants are frozen."""


class Event(msgspec.Struct, metaclass=_Frozen, frozen=True, kw_only=True):
    """Past tense. `by` is an account's id (or "system"); `corrects` the stream version of the event said again."""

    topic: ClassVar[str] = ""
    day_field: ClassVar[str] = ""
    by: str
    via: str = "web"
    corrects: int | None = None
    reason: str | None = None

    @property
    def day(self) -> date:
        """The day on which it happened in the world."""
        day: date = getattr(self, self.day_field)
        return day

    def apply(self, aggregate: Any) -> None:
        """Fold into what the aggregate remembers; most events leave nothing that a later decision needs."""


E = TypeVar("E", bound=type[Event])
Upcast = Callable[[dict[str, Any]], dict[str, Any]]

KINDS: dict[str, type[Event]] = {}
_decoders: dict[str, Callable[[bytes], Event]] = {}
_encoder = msgspec.json.Encoder()
_raw = msgspec.json.Decoder(dict[str, Any])


def event(topic: str, *, day: str, upcasts: dict[str, Upcast] | None = None) -> Callable[[E], E]:
    """Register an event class under its short name; `day` names the field that says when it happened.

    `upcasts` maps every older topic of the event to a function from its stored mapping to the present one.
    """

    def register(kind: E) -> E:
        kind.topic, kind.day_field = topic, day
        KINDS[topic] = kind
        _decoders[topic] = msgspec.json.Decoder(kind).decode
        for old, upcast in (upcasts or {}).items():
            KINDS[old] = kind
            _decoders[old] = lambda state, upcast=upcast: msgspec.convert(upcast(_raw.decode(state)), kind, strict=False)  # type: ignore[misc]
        return kind

    return register


def with_more(**fields: Any) -> Upcast:
    """An upcast of an event that once said less: what older bytes do not say."""
    return lambda old: {**fields, **old}


def name_of(kind: type[Event]) -> str:
    """What kind of event it is, whatever its shape: the topic without its number."""
    return kind.topic.partition("/")[0]


def encode(happened: Event) -> bytes:
    """The exact bytes that are stored, hashed and proved."""
    return _encoder.encode(happened)


class UnknownTopic(Exception):
    """The log holds an event that this version of the software does not know."""


def decode(topic: str, state: bytes) -> Event:
    """Read stored bytes, in whatever older shape, as the present event class."""
    try:
        return _decoders[topic](state)
    except KeyError:
        raise UnknownTopic(topic) from None


class Told(msgspec.Struct, frozen=True):
    """An event in its envelope: whose it is, its place there, its place in the log, and when it was recorded."""

    stream: UUID
    version: int
    event: Event
    position: int = 0
    recorded_at: datetime | None = None

    @property
    def originator_id(self) -> UUID:
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version

    @property
    def day(self) -> date:
        return self.event.day


def as_corrected(told: Iterable[Told]) -> list[Told]:
    """Each event of one stream in its latest wording, in the place (version, position) of the one it corrects."""
    places: dict[int, Told] = {}
    root: dict[int, int] = {}
    for one in told:
        corrects = one.event.corrects
        first = one.version if corrects is None else root.get(corrects, corrects)
        root[one.version] = first
        old = places.get(first)
        places[first] = one if old is None else Told(one.stream, first, one.event, old.position, old.recorded_at)
    return list(places.values())
