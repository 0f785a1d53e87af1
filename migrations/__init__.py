"""How the vault and the read models change shape (Alembic). The event log is never altered: events are upcast."""
