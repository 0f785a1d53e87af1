"""Figures that SQLite's planner goes by: written by us, once, so that a page's plan is the same at any size.

Without figures SQLite passes over the partial indexes of now; those that ANALYZE would gather grow stale in a table
that grows, and stay behind when a table is renamed. PostgreSQL gathers its own.
"""

import sqlalchemy as sa

MANY, NOW = 10_000_000, 100_000  # rows of all time and of now: only how they compare matters


def settle_plans(conn: sa.Connection, table: str) -> None:
    """Write the figures for a table's indexes; again after it has been renamed. Nothing to do on PostgreSQL."""
    if conn.dialect.name != "sqlite":
        return
    conn.exec_driver_sql("ANALYZE bookmark")  # makes the table of figures
    conn.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = ? OR tbl NOT IN (SELECT name FROM sqlite_schema)", (table,))
    indexes = conn.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?", (table,))
    for (name,) in indexes.all():
        columns = conn.exec_driver_sql("SELECT count(*) FROM pragma_index_info(?)", (name,)).scalar_one()
        figures = _figures(name, columns)
        conn.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, name, f"{figures} noskipscan"))
    conn.exec_driver_sql("ANALYZE sqlite_schema")  # this connection reads them again; others do as the schema changed


def _figures(index: str, columns: int) -> str:
    """Rows in the index, then how many of them agree in the first column, the first two, …"""
    if index.endswith("_forks"):
        return f"{MANY} {NOW} 5" + " 1" * (columns - 2)
    if index.endswith("_of"):
        return f"{MANY} 100" + " 1" * (columns - 1)  # a subject, since
    if index.startswith("sqlite_autoindex"):
        return f"{MANY} 20 4 2 1"  # owner, key, since, valid_from
    rows = NOW if index.endswith("_now") else MANY
    if "_counts_" in index:  # for counting alone: it finds nothing
        return " ".join([str(rows)] * (columns + 1))
    return " ".join(str(max(1, rows // 20**n)) for n in range(columns + 1))
