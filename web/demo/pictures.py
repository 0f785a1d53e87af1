"""Photographs of the demonstration: small drawings of a site, each another, that say they are no photographs."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDE, HIGH, SHADES = 160, 120, 9
SKIES = ((176, 206, 235), (205, 214, 222), (240, 210, 170), (150, 185, 220))
EARTHS = ((150, 110, 70), (120, 120, 110), (170, 150, 120), (96, 110, 80))
WATERS = ((70, 120, 150), (90, 130, 110), (110, 140, 160), (60, 95, 110))
SIGNS = ((200, 40, 40), (240, 190, 30), (240, 240, 240))


def picture(rng: Random) -> bytes:
    """A PNG of a bank, its water and something that stands there."""
    sky, earth, water, sign = (_shaded(rng.choice(hues)) for hues in (SKIES, EARTHS, WATERS, SIGNS))
    bank, shore, step = rng.randrange(30, 55), rng.randrange(75, 105), rng.randrange(1, 5)
    left, wide, high = rng.randrange(20, 110), rng.randrange(8, 30), rng.randrange(10, 34)
    rows = bytearray()
    for y in range(HIGH):
        ground = sky if y < bank else earth if y < shore else water
        shade = y * step % SHADES
        rows.append(0)
        row = ground[shade]
        if bank - high <= y < bank + 6:
            row = row[: left * 3] + sign[shade][: wide * 3] + row[(left + wide) * 3 :]
        rows += row
    return _png(bytes(rows))


def _shaded(hue: tuple[int, int, int]) -> list[bytes]:
    """A row of a colour in each of its shades."""
    return [bytes(max(0, min(255, part + shade * 3 - 12)) for part in hue) * WIDE for shade in range(SHADES)]


def _png(rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def document(title: str, lines: list[str]) -> bytes:
    """A plain text file, as somebody might bring it."""
    return ("\n".join([title, "（演示材料）", "", *lines]) + "\n").encode()
