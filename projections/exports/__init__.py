"""Exports: projections onto files that other programs open."""
