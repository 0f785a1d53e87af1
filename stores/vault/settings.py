"""Small settings of an installation that change: a name, a text."""

from sqlalchemy import Connection, Engine, delete, select

from stores.vault.engine import reading, writing
from stores.vault.tables import settings
from stores.vault.upsert import put


class Settings:
    """Texts by name; nothing secret stands here in the clear."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> str | None:
        """The text under this name."""
        with reading(self._engine) as connection:
            return value_of(connection, name)

    def set(self, name: str, value: str | None) -> None:
        """Puts a text under this name; None takes it away."""
        with writing(self._engine) as connection:
            if value is None:
                connection.execute(delete(settings).where(settings.c.name == name))
            else:
                put(connection, settings, {"name": name}, {"value": value})


def value_of(connection: Connection, name: str) -> str | None:
    """The text under a name, in the caller's transaction."""
    found: str | None = connection.scalar(select(settings.c.value).where(settings.c.name == name))
    return found


def number(connection: Connection, name: str) -> int:
    """A counter's value, in the caller's transaction; 0 before its first rise."""
    return int(value_of(connection, name) or 0)


def raise_number(connection: Connection, name: str) -> None:
    """Counts one more, in the caller's transaction."""
    put(connection, settings, {"name": name}, {"value": str(number(connection, name) + 1)})
