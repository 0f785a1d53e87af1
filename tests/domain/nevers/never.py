"""Never: what a broken promise is told by."""

from __future__ import annotations


class Never(AssertionError):
    """Something happened that must never happen."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"never {number}: {what}")
        self.number = number
