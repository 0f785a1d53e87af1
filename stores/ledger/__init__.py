"""The ledger's keeping: the event log, its tree, commands and reads, on SQLite or PostgreSQL."""
