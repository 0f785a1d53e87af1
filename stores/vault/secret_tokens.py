"""Tokens that open a door: 256 random bits for the bearer, only their digest for us."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in a cookie and a header."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """SHA-256 of a token: it was random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
