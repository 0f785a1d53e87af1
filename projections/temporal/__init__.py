"""Temporal views: read models that remember from when until when each row was known, and on which days it holds.

A view is a table (`tables.temporal_table`), a fold (`view.View`) and queries through `moment.at`.
"""
