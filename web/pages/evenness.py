"""Even-handedness at pages: like decisions before one is signed, and for the auditor how offices and years differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from projections import parties
from web import evenness
from web.api.evenness import spread_of
from web.asking import Asking, only
from web.looks.tongue import tongue_of
from web.office import Office
from web.pages.showing import behaviour_name, measure_names, show, time_of
from web.words import word

router = APIRouter(include_in_schema=False)
AUDITOR = only("auditor")


def comparison_shown(request: Request, office: Office, told: Mapping[str, Any], on: date) -> dict[str, Any]:
    """A comparison with its classes, measures and rules by name."""
    english = tongue_of(request).lang == "en"
    names = measure_names(office, request, [one["measure"] for one in told["measures"]], on)
    sentences = {one.name: one.sentence_en if english else one.sentence for one in evenness.rules_of(office.book, on)}
    return {
        **told,
        "classes": [{**one, "name": word("national_class", one["national_class"])} for one in told["classes"]],
        "measures": [{**one, "name": name} for one, name in zip(told["measures"], names, strict=True)],
        "rules": [{**one, "sentence": sentences.get(one["rule"], one["rule"])} for one in told["rules"]],
    }


@router.get("/audit/spread")
def show_spread(request: Request, behaviour: str = "", kind: str = "", asking: Asking = AUDITOR) -> Response:
    """What one behaviour got, by office and year, as it was known at the moment asked about."""
    office, moment = asking.office, asking.moment
    office.record_read(asking.actor, "spread", str(request.url.query)[:500])
    told = spread_of(asking, behaviour, kind)
    with office.looking() as conn:
        names = parties.names(conn, moment, {row["authority"] for row in told["rows"]})
    rows = [{**row, "name": names.get(row["authority"], row["authority"]), "classes": _classes(row)} for row in told["rows"]]
    keep = {name: value for name, value in request.query_params.items() if name in ("known_at", "as_of") and value}
    subjects = [
        {"label": behaviour_name(office, request, one["behaviour"], moment.day), "code": one["behaviour"], "kind": word("kind", one["kind"]), "n": one["n"],
         "href": f"/audit/spread?{urlencode({'behaviour': one['behaviour'], 'kind': one['kind'], **keep})}",
         "current": (one["behaviour"], one["kind"]) == (told["behaviour"], told["kind"])}
        for one in told["subjects"]]  # fmt: skip
    name = behaviour_name(office, request, told["behaviour"], moment.day) if told["behaviour"] else ""
    return show(
        request,
        "audit/spread.html",
        time=time_of(asking),
        told=told,
        rows=rows,
        subjects=subjects,
        name=name,
        all_classes=_classes(told["all"]),
        strips=[_strip(row, told["all"]) for row in rows],
    )


def _classes(row: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(word("national_class", code), n) for code, n in row["classes"].items()]


def _strip(row: Mapping[str, Any], every: Mapping[str, Any]) -> dict[str, float] | None:
    """Where a row's range and median stand on the scale of all, in the picture's own units; None where none was fined."""
    if not row["fined"]:
        return None
    low, high = Decimal(every["low"]), Decimal(every["high"])
    span = high - low or Decimal(1)

    def x(text: str) -> float:
        return round(8 + 284 * float((Decimal(text) - low) / span), 1)

    return {"low": x(row["low"]), "median": x(row["median"]), "high": x(row["high"]), "all": x(every["median"])}
