"""One row put by its key: inserted, or changed where it stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, insert, update


def put(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Sets the values of the row with this key, in a transaction of the one writer."""
    mine = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(mine).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))
