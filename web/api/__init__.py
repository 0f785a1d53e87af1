"""JSON for programs, below /api/v1: the same doings and the same resources as the pages."""
