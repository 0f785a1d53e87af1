"""How a command can be refused, apart from a broken rule: it is not there, it moved on, it was done before."""

from uuid import UUID


class NotThere(Exception):
    """There is no such thing, or not of this kind."""


class MovedOn(Exception):
    """Somebody changed it after this person last looked."""

    def __init__(self, stream: UUID, version: int | None = None) -> None:
        super().__init__(stream)
        self.stream, self.version = stream, version


class AlreadyDone(Exception):
    """This command id has been carried out before; the first answer stands at these positions."""

    def __init__(self, first: int | None, last: int | None) -> None:
        super().__init__(first, last)
        self.first, self.last = first, last


class OtherBody(Exception):
    """This command id has been used before for something else."""
