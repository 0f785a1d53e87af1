"""The drivers' exceptions, told in the event-sourcing library's words."""

from eventsourcing import persistence


def as_library(error: Exception) -> persistence.PersistenceError:
    """The library's exception of the same DB-API name; the more particular the better."""
    for kind in type(error).__mro__:
        told = getattr(persistence, kind.__name__, None)
        if isinstance(told, type) and issubclass(told, persistence.PersistenceError):
            return told(str(error))
    return persistence.PersistenceError(str(error))


class Closed(persistence.OperationalError):
    """Whoever connected the log has closed it to writing, for a reason: the first argument."""


class Uncertain(persistence.OperationalError):
    """The answer to a commit was lost: nobody knows whether it was recorded. The command's id tells, on a retry."""


# The log cannot be written or read just now; nothing was recorded.
Unavailable = persistence.OperationalError
