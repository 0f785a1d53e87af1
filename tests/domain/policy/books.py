"""The shipped packs as a book, each adopted at its own position; and packs with something changed."""

from functools import cache

from domain.policy.book import Book
from domain.policy.pack import Pack, read_pack, shipped


@cache
def shipped_packs() -> dict[str, Pack]:
    """The shipped packs by key."""
    return {pack.key: pack for pack in (read_pack(data, name) for name, data in shipped())}


@cache
def shipped_book() -> Book:
    """All shipped packs, adopted at positions 1, 2, 3 and on."""
    return Book.of(enumerate(shipped_packs().values(), 1))


def text_of(key: str) -> str:
    """The text of a shipped pack."""
    return dict(shipped())[f"{key}.toml"].decode()


def changed(key: str, *changes: tuple[str, str]) -> Pack:
    """A shipped pack with passages of its text replaced; each must be there."""
    text = text_of(key)
    for old, new in changes:
        assert old in text, f"{old} is not in {key}"
        text = text.replace(old, new, 1)
    return read_pack(text.encode(), f"{key}.toml")
