"""What a number, a code or an id is about: its stream and those that hang on it, and the page of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.party.events import PartyRegistered
from domain.party.party import party_id
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from projections import cases, commitments, contracts, repairs
from projections.temporal.moment import Moment
from web.office import Office

PAGES = {"contract": "/contracts/{id}", "case": "/cases/{id}", "repair": "/repairs/{id}", "commitment": "/commitments/{id}", "party": "/parties/{ref}"}


def streams_about(office: Office, moment: Moment, text: str) -> list[UUID]:
    """The streams of a contract, a case, an application, a commitment (each by id or number) or a party (by code), as they hang together.

    None: nothing is called so.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    with office.looking() as conn:
        if (ref := _party(text)) is not None:
            roots = [one.owner for one in contracts.of_party(conn, moment, str(ref))]
            held = [one.owner for one in cases.of_party(conn, moment, str(ref))]
            found = {party_id(ref.scheme, ref.id), *roots, *held, *(one.owner for one in commitments.of_party(conn, moment, str(ref)))}
            return list(found.union(*(repairs.of_case(conn, moment, one) for one in held)))
        roots = _named(conn, moment, text)
        held = [*roots, *(case for one in roots for case in cases.of_contract(conn, moment, one))]
        applied = {repair for one in held for repair in repairs.of_case(conn, moment, one)}
        return list({*held, *applied, *commitments.of_these(conn, moment, [*held, *applied])})


def _party(text: str) -> PartyRef | None:
    """A party as `scheme:code`, or the bare code of an organisation of this country."""
    for one in (text, f"CN-USCC:{text}"):
        try:
            return PartyRef.parse(one)
        except Malformed:
            continue
    return None


def _named(conn: sa.Connection, moment: Moment, text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        ours = (repairs.receipted(conn, moment, text), commitments.numbered(conn, moment, text))
        return [*contracts.numbered(conn, moment, text), *cases.numbered(conn, moment, text), *(one for one in ours if one is not None)]


def with_pages(office: Office, listed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each entry of the log with `href`: the page of what it is about; None where there is none."""
    entries = [dict(one) for one in listed]
    parties = office.ledger.of(list({UUID(one["stream"]) for one in entries if _chapter(one) == "party"}))
    refs = {str(stream): told[0].event for stream, told in parties.items()}
    for one in entries:
        page, birth = PAGES.get(_chapter(one)), refs.get(one["stream"])
        ref = f"{birth.scheme}:{birth.id}" if isinstance(birth, PartyRegistered) else ""
        one["href"] = page and page.format(id=one["stream"], ref=ref)
    return entries


def _chapter(entry: Mapping[str, Any]) -> str:
    return str(entry["topic"]).partition(".")[0]
