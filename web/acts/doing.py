"""A doing: one thing that may be asked, as one row from which its API route, its page and its place in `may` are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.act import Act


class Body(BaseModel):
    """What is asked, as JSON or as a form. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Nothing(Body):
    """Nothing needs to be said."""


class Target(NamedTuple):
    """What is acted on: the resource's id, and the other names in the address."""

    id: UUID
    places: Mapping[str, str]

    def uuid(self, name: str) -> UUID:
        """An id in the address; a misspelt one names nothing."""
        try:
            return UUID(self.places[name])
        except ValueError:
            return UUID(int=0)


class Outcome(NamedTuple):
    """What came of it: the resource to show, and what is said beside it (a new check's id, a tracking code)."""

    id: UUID
    beside: Mapping[str, Any] = {}


Run = Callable[[Act, Target, Any], Outcome]


@dataclass(frozen=True)
class Doing:
    """`on`: the kind of resource. `path`: below it (`/notice`, `/checks/{check}/result`); "" makes a new one.

    `page` is its address as a page (None: it has none of its own); `will` tells what it does before it is done.
    """

    on: str
    path: str
    body: type[Body]
    run: Run
    roles: tuple[str, ...]
    title: str
    will: tuple[str, ...] = ()
    page: str | None = ""
    api: bool = True
    grave: bool = False
    may: str | None = None
    query: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    form: type[Body] | None = None  # what its page asks for, where that is not the API's body

    @property
    def asked(self) -> type[Body]:
        """What its page asks for."""
        return self.form or self.body

    @property
    def name(self) -> str:
        """Unique: `cases.notice`."""
        return f"{self.on}.{(self.page or self.path).strip('/').replace('/', '.') or 'new'}"
