"""Photographs of the demonstration: small drawings of a site, each another, that say they are no photographs."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDE, HIGH = 160, 120
SKIES = ((176, 206, 235), (205, 214, 222), (240, 210, 170), (150, 185, 220))
EARTHS = ((150, 110, 70), (120, 120, 110), (170, 150, 120), (96, 110, 80))
WATERS = ((70, 120, 150), (90, 130, 110), (110, 140, 160), (60, 95, 110))
SIGNS = ((200, 40, 40), (240, 190, 30), (240, 240, 240))


def picture(rng: Random) -> bytes:
    """A PNG of a bank, its water and something that stands there."""
    sky, earth, water, sign = rng.choice(SKIES), rng.choice(EARTHS), rng.choice(WATERS), rng.choice(SIGNS)
    horizon, slope, shore = rng.randrange(30, 55), rng.uniform(-0.2, 0.2), rng.randrange(75, 105)
    left, wide, high = rng.randrange(20, 110), rng.randrange(8, 30), rng.randrange(10, 34)
    rows = bytearray()
    for y in range(HIGH):
        rows.append(0)
        for x in range(WIDE):
            bank = horizon + slope * (x - WIDE / 2)
            stands = left <= x < left + wide and bank - high <= y < bank + 6
            colour = sign if stands else sky if y < bank else earth if y < shore else water
            shade = (x * 7 + y * 13 + left) % 9 - 4
            rows += bytes(max(0, min(255, part + shade)) for part in colour)
    return _png(bytes(rows))


def _png(rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def document(title: str, lines: list[str]) -> bytes:
    """A plain text file, as somebody might bring it."""
    return ("\n".join([title, "（演示材料）", "", *lines]) + "\n").encode()
