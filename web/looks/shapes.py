"""Geometry of the pictures: where things stand in a drawing, from plain facts. Looks come from the style sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil, cos, pi, sin
from typing import Any

import segno

from web.looks.figures import as_day

Facts = Mapping[str, Any]
LANE_TOP, LANE_HEIGHT, LANE_LEFT = 26, 78, 118
IDLE_DAYS = 14  # a longer gap is drawn as a mark with its length
CELL = 38


def swimlane(lanes: Sequence[Facts], dots: Sequence[Facts], today: date, step: int = 43) -> dict[str, Any]:
    """Who did what when. `lanes` [{key, name, note}]; `dots` [{n, lane, on, label, kind, href}] in order of day.

    x grows by `step` px a dot and 1.1 px a day, at most 14 days; longer gaps become marks. A label is two lines, or a
    text to split.
    """
    height_of = {lane["key"]: LANE_TOP + 24 + LANE_HEIGHT * row for row, lane in enumerate(lanes)}
    placed: list[dict[str, Any]] = []
    gaps: list[dict[str, Any]] = []
    x = float(LANE_LEFT)
    for before, dot in zip([None, *dots], dots, strict=False):
        if before is not None:
            idle = (as_day(dot["on"]) - as_day(before["on"])).days
            stride = step + 1.1 * min(idle, IDLE_DAYS)
            if idle > IDLE_DAYS:
                gaps.append({"x": round(x + stride / 2), "days": idle})
            x += stride
        lines = dot["label"] if not isinstance(dot["label"], str) else _two_lines(dot["label"])
        row = list(height_of).index(dot["lane"])
        placed.append({**dot, "x": round(x), "y": height_of[dot["lane"]], "lines": lines, "row": row})
    bottom = LANE_TOP + LANE_HEIGHT * len(lanes)
    return {
        "dots": placed, "gaps": gaps, "path": _curve(placed), "today": _today_x(placed, today), "bottom": bottom,
        "width": round(x) + 60, "height": bottom + 44,
        "lanes": [{**lane, "y": LANE_TOP + LANE_HEIGHT * row} for row, lane in enumerate(lanes)],
    }  # fmt: skip


def _two_lines(label: str) -> list[str]:
    """Two lines of at most five characters, or of some eleven Latin letters."""
    if " " in label:
        words = label.split()
        half = min(range(1, len(words) + 1), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
        return [line for line in (" ".join(words[:half]), " ".join(words[half:])) if line]
    if label.isascii() or len(label) < 4:
        return [label]
    half = 2 if len(label) == 6 else (len(label) + 1) // 2  # six characters are most often two and four
    return [label[:half], label[half:]]


def _curve(dots: Sequence[Facts]) -> str:
    if not dots:
        return ""
    path = f"M{dots[0]['x']} {dots[0]['y']}"
    for before, dot in pairwise(dots):
        middle = (before["x"] + dot["x"]) // 2
        path += f"C{middle} {before['y']} {middle} {dot['y']} {dot['x']} {dot['y']}"
    return path


def _today_x(dots: Sequence[Facts], today: date) -> int | None:
    """Between the last dot that has happened and the first that has not; None when nothing is drawn."""
    past = [dot["x"] for dot in dots if as_day(dot["on"]) <= today]
    ahead = [dot["x"] for dot in dots if as_day(dot["on"]) > today]
    if not dots:
        return None
    if past and ahead:
        return int((past[-1] + ahead[0]) / 2)
    return int(past[-1] + 26 if past else ahead[0] - 26)


def ring(steps: Sequence[Facts]) -> list[dict[str, Any]]:
    """The closed loop: an arc and a label a step, clockwise from the top. `steps` [{name, state, note}] in order."""
    cx, cy, r, reach, gap = 165, 135, 84, 106, 0.07
    turn = 2 * pi / len(steps)
    drawn = []
    for i, step in enumerate(steps):
        a, b = i * turn - pi / 2 + gap / 2, (i + 1) * turn - pi / 2 - gap / 2
        middle = (a + b) / 2
        x, y = cx + reach * cos(middle), cy + reach * sin(middle)
        start = f"{cx + r * cos(a):.1f} {cy + r * sin(a):.1f}"
        arc = f"M{start}A{r} {r} 0 {int(turn > pi)} 1 {cx + r * cos(b):.1f} {cy + r * sin(b):.1f}"
        drawn.append({**step, "arc": arc, "x": round(x), "y": round(y), "anchor": "start" if x >= cx else "end"})
    return drawn


def heat(counts: Mapping[str, Facts], start: date, weeks: int, today: date, off: Collection[str] = ()) -> dict[str, Any]:
    """A calendar of what is due: a column a week, Monday on top. `counts` by ISO day {due, late}; `off`: rest days."""
    first = start - timedelta(start.weekday())
    cells, heads, months = [], [], []
    for week in range(weeks):
        monday, x = first + timedelta(7 * week), 45 + CELL * week
        heads.append({"x": x + 17, "day": monday.day})
        if week == 0 or monday.month != (monday - timedelta(7)).month:
            months.append({"x": x - 1, "on": monday})
        for row in range(7):
            day = monday + timedelta(row)
            count = counts.get(day.isoformat(), {})
            due, late = int(count.get("due", 0)), int(count.get("late", 0))
            cells.append({
                "on": day, "x": x, "y": 31 + CELL * row, "due": due, "late": late, "n": due or late,
                "off": day.isoformat() in off, "today": day == today, "tone": _heat_tone(due, late),
            })  # fmt: skip
    return {"cells": cells, "heads": heads, "months": months, "width": 46 + CELL * weeks, "height": 31 + CELL * 7}


def _heat_tone(due: int, late: int) -> str:
    if late:
        return "l"
    return "0" if not due else "1" if due < 3 else "2" if due < 5 else "3"


def steps(owed: Sequence[tuple[Any, Any]], paid: Sequence[tuple[Any, Any]], today: date, until: Any) -> dict[str, Any]:
    """Money owed and paid as two stairs. Pairs of (day, yuan so far); the axis is in 万元."""
    due, done = _sums(owed), _sums(paid)
    days = [day for day, _ in due + done] + [today, as_day(until)]
    first, last = min(days), max(days)
    top = max([Decimal(1), *(amount for _, amount in due + done)])
    tick = _tick(top)
    ceiling = tick * ceil(top / tick)

    def x(day: date) -> float:
        return round(52 + 494 * (day - first).days / max((last - first).days, 1), 1)

    def y(amount: Decimal) -> float:
        return round(200 - 186 * float(amount / ceiling), 1)

    owing, settled = _at(due, today), _at(done, today)
    return {
        "plan": _stair(due, x, y, last), "paid": _stair(done, x, y, today),
        "area": _stair(done, x, y, today) + f"V200H{x(first)}Z",
        "ticks": [{"y": y(tick * n), "amount": tick * n} for n in range(int(ceiling / tick) + 1)],
        "months": [{"x": x(day), "on": day} for day in _quarters(first, last)],
        "today": x(today), "owing": owing, "settled": settled, "short": max(owing - settled, Decimal(0)),
        "short_y": y(owing), "short_h": round(y(settled) - y(owing), 1),
    }  # fmt: skip


def _sums(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[date, Decimal]]:
    return sorted((as_day(day), Decimal(str(amount))) for day, amount in pairs)


def _at(sums: Sequence[tuple[date, Decimal]], day: date) -> Decimal:
    return max((amount for on, amount in sums if on <= day), default=Decimal(0))


def _stair(sums: Sequence[tuple[date, Decimal]], x: Any, y: Any, until: date) -> str:
    path = f"M{x(sums[0][0]) if sums else 52.0} 200"
    for day, amount in sums:
        path += f"H{x(day)}V{y(amount)}"
    return path + f"H{x(max([until, *(day for day, _ in sums)]))}"


def _tick(top: Decimal) -> Decimal:
    """A round distance between four to six lines."""
    rough = top / 5
    power = Decimal(10) ** (len(str(int(rough))) - 1)
    return next(power * n for n in (1, 2, 5, 10) if power * n >= rough)


def _quarters(first: date, last: date) -> list[date]:
    months = (last.year - first.year) * 12 + last.month - first.month
    stride = max(1, -(-months // 5))
    counted = (first.month - 1 + n for n in range(0, months + 1, stride))
    return [max(date(first.year + n // 12, n % 12 + 1, 1), first) for n in counted]


def ruler(low: Any, high: Any, ceiling: Any, like: Sequence[Any], draft: Any) -> dict[str, Any]:
    """The lawful range, the notified ceiling and the draft (None: there is none), what like cases got; of one unit."""
    bottom, top = Decimal(str(low)), Decimal(str(high))
    span = top - bottom or Decimal(1)

    def x(value: Any) -> float:
        return round(30 + 666 * float((Decimal(str(value)) - bottom) / span), 1)

    limit = x(ceiling) if ceiling is not None else 696.0
    return {
        "limit": limit, "hatches": [n for n in range(int(limit) + 8, 690, 12)], "like": [x(one) for one in like],
        "draft": x(draft) if draft is not None else None,
        "ticks": [{"x": x(bottom + span * n / 4), "value": bottom + span * n / 4} for n in range(5)],
    }  # fmt: skip


def histogram(weeks: Sequence[Facts], as_of: date, known_at: date) -> dict[str, Any]:
    """Activity by week under the time bar. `weeks` [{on, n}], each on its Monday."""
    first = as_day(weeks[0]["on"])
    days = max((as_day(weeks[-1]["on"]) - first).days + 7, 1)
    most = max(1, *(week["n"] for week in weeks))

    def x(day: date) -> float:
        return round(8 + 624 * min(max((day - first).days, 0), days) / days, 1)

    bars = []
    for week in weeks:
        tall = 42 * week["n"] / most
        bars.append({**week, "x": x(as_day(week["on"])), "y": round(46 - tall, 1), "h": round(tall, 1)})
    mondays = [as_day(week["on"]) for week in weeks]
    months = [day for before, day in pairwise([date.min, *mondays]) if (before.year, before.month) != (day.year, day.month)]
    return {
        "bars": bars, "w": max(round(624 * 7 / days - 2, 1), 1), "as_of": x(as_of), "known_at": x(known_at),
        "months": [{"x": x(day), "on": day} for day in months[:: max(1, len(months) // 12)]],
    }  # fmt: skip


def qr(text: str) -> dict[str, Any]:
    """A QR code (ISO 18004, error level M) as one path; `size` includes the quiet zone of four modules."""
    matrix = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    path = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(matrix) + 8}


def shares(parts: Sequence[Facts]) -> list[dict[str, Any]]:
    """A bar of a thousand parts, cut by the numbers `n` of the parts, with a gap of two between."""
    total = sum(part["n"] for part in parts) or 1
    x, drawn = 0.0, []
    for part in parts:
        w = 1000 * part["n"] / total
        drawn.append({**part, "x": round(x, 1), "w": max(round(w - 2, 1), 0)})
        x += w
    return drawn


def folded(days: Sequence[Facts]) -> list[dict[str, Any]]:
    """The rows of a day ledger: consecutive days that do not count, for one and the same reason, are one row."""
    rows: list[dict[str, Any]] = []
    counted = 0
    for day in days:
        counted += bool(day["counts"])
        last = rows[-1] if rows else None
        alike = last and not day["counts"] and not last["counts"] and last["why"] == day["why"] != "start"
        if last and alike:
            last["until"], last["days"] = day["on"], last["days"] + 1
        else:
            rows.append({"event": None, **day, "until": day["on"], "days": 1, "sum": counted if day["counts"] else None})
    return rows
