"""Verifying an installation whole."""
