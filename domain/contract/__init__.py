"""Contracts: from signing through checks and payments to settlement."""
