"""What is wrong with a value that somebody typed: a stable code, and one sentence that names the place."""

from typing import Any

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """`sentence` is the Chinese source text with `{placeholders}`; translate it, then fill in `params`."""

    code: str
    sentence: str
    params: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class Malformed(ValueError):
    """A value refused by its form; `fault` says which and why, `str()` is the Chinese sentence."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
