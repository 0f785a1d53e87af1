"""Accounts, roles, organisations, the trial mark."""
