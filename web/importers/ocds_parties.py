"""Who is who in a contracting process: references resolved to `scheme:id`, in the shapes of OCDS 1.1 and 1.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from domain.values.fault import Malformed
from domain.values.party import USCC_SCHEME, PartyRef
from web.importers.local import LOCAL_SCHEME, local_id, plain_name
from web.importers.ocds_merge import Node
from web.importers.ocds_reading import Notes, Wrong, child, objects, text
from web.importers.record import PartyRecord

_PREFIX = re.compile(r"(ocds-[a-z0-9]{6})(?:-|$)", re.IGNORECASE)
_SIZES = {"micro": "micro", "small": "small", "medium": "medium", "large": "large"}
_AUTHORITY_ROLES = ("buyer", "procuringEntity")
_CONTRACTOR_ROLE = "supplier"


def publisher_of(ocid: str, package: Mapping[str, Any], release: Mapping[str, Any]) -> str:
    """Who published: the ocid's registered prefix, which a release has with and without its package; else the name."""
    if (prefix := _PREFIX.match(ocid)) is not None:
        return prefix[1].lower()
    info = release.get("packageInfo")
    for holder in (package.get("publisher"), info.get("publisher") if isinstance(info, dict) else None):
        if isinstance(holder, dict) and isinstance(holder.get("name"), str) and holder["name"].strip():
            return " ".join(holder["name"].split())
    return ""


class Parties:
    """The parties of one release, found by id or name."""

    def __init__(self, release: Node, publisher: str, notes: Notes) -> None:
        self._publisher, self._notes = publisher, notes
        self._by_id: dict[str, Node] = {}
        self._by_name: dict[str, Node] = {}
        self._all = list(objects(release, "parties", notes))
        for party in self._all:
            if (identifier := text(party, "id")) is not None:
                self._keep(identifier, party)
            if (name := text(party, "name")) is not None:
                self._by_name.setdefault(plain_name(name), party)

    def _keep(self, identifier: str, party: Node) -> None:
        """Publishers tell one organisation twice, once for each role: they are one as long as their identifier is."""
        first = self._by_id.setdefault(identifier, party)
        if first is not party and _registered(first) != _registered(party):
            sentence = "主体编号 {id} 重复，取第一个"
            self._notes.add("party_repeated", party.where("id"), sentence, id=identifier)

    def authority(self, release: Node) -> PartyRecord | None:
        """The buyer; without one the procuring entity, as named by the tender or by its role."""
        for node in (child(release, "buyer"), child(child(release, "tender"), "procuringEntity")):
            if node is not None and (found := self.resolve(node)) is not None:
                return found
        return next(iter(self._with_role(*_AUTHORITY_ROLES)), None)

    def contractors_by_role(self) -> list[PartyRecord]:
        """Everybody with the role of a supplier."""
        return self._with_role(_CONTRACTOR_ROLE)

    def _with_role(self, *roles: str) -> list[PartyRecord]:
        found = [self.resolve(party) for role in roles for party in self._all if isinstance(party.get("roles"), list) and role in party["roles"]]
        return list({party.ref: party for party in found if party is not None}.values())

    def resolve(self, reference: Node) -> PartyRecord | None:
        """The party that a reference means; None when it names nobody. Raises Wrong for a wrong Chinese code."""
        identifier = text(reference, "id")
        name = text(reference, "name") or text(reference, "legalName")
        entry = self._by_id.get(identifier) if identifier is not None else None
        if entry is None and name is not None:
            entry = self._by_name.get(plain_name(name))
        entry = reference if entry is None else entry
        name = text(entry, "name") or name or text(child(entry, "identifier"), "legalName")
        scheme, registered, where = self._identifier(entry, reference)
        if registered is None and name is None and identifier is None:
            return None
        size = text(child(entry, "details"), "scale")
        named = name or registered or identifier or ""
        return self._made(scheme, registered, where, named, identifier, _SIZES.get(size or ""))

    def _identifier(self, entry: Node, reference: Node) -> tuple[str | None, str | None, str]:
        """Scheme and number: a Chinese code wherever there is one, else the main identifier, else any other."""
        found: list[tuple[str, str, str]] = []
        for holder in (entry, reference):
            main = child(holder, "identifier")
            others = list(objects(holder, "additionalIdentifiers", self._notes))
            for node in ([] if main is None else [main]) + others + [holder]:
                scheme, number = text(node, "scheme"), text(node, "id")
                if scheme is not None and number is not None:
                    found.append((scheme, number, node.where("id")))
            own = text(holder, "id")
            if own is not None and own.upper().startswith(f"{USCC_SCHEME}-"):
                found.append((USCC_SCHEME, own[len(USCC_SCHEME) + 1 :], holder.where("id")))
        chinese = [one for one in found if one[0].upper() == USCC_SCHEME]
        best = chinese or found
        return best[0] if best else (None, None, entry.at)

    def _made(self, scheme: str | None, registered: str | None, where: str, name: str, own: str | None, size: str | None) -> PartyRecord:
        if scheme is None or registered is None:
            told = name if name != own else f"id {own}"
            return PartyRecord(LOCAL_SCHEME, local_id(self._publisher, told), name, size)
        if ":" in scheme:
            return PartyRecord(LOCAL_SCHEME, local_id(scheme, registered), name, size)
        try:
            ref = PartyRef.of(scheme, registered)
        except Malformed as error:
            raise Wrong(self._notes.fault(error, where)) from None
        region = ref.id[2:8] if ref.scheme == USCC_SCHEME else None
        return PartyRecord(ref.scheme, ref.id, name, size, region=region)


def _registered(party: Node) -> tuple[str | None, str | None]:
    identifier = child(party, "identifier")
    return text(identifier, "scheme"), text(identifier, "id")
