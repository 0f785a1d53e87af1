"""Parties without a registered number: an id of their own, made of who published and what they are called."""

from __future__ import annotations

import hashlib
import unicodedata

LOCAL_SCHEME = "local"


def local_id(publisher: str, name: str) -> str:
    """The id of a party that has none, the same for the same publisher and name in every file."""
    told = "\n".join(plain_name(part) for part in (publisher, name))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def plain_name(name: str) -> str:
    """A name as two spellings of it are compared: width, case and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
