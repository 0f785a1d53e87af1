"""Parties to contracts: firms and bodies, under scheme:id."""
