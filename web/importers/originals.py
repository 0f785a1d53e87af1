"""Documents of publishers: kept whole and sealed, found again for the OCDS export; and a contract as it can be mended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from domain.contract.events import ContractSigned, ExternalReleaseReceived
from domain.events import Told
from projections.exports.columns import CONTRACTS
from projections.exports.sheets import contract_values
from stores.vault import Erased
from web.importers.record import ContractRecord, PartyRecord, SheetRow
from web.office import Office

_UNSEEN = "sha256:" + "0" * 64


class Keeping:
    """Keeps documents under the digest of their sealed bytes; the same document is kept once. Nothing is kept in a dry run."""

    def __init__(self, office: Office, dry_run: bool) -> None:
        self._office, self._dry = office, dry_run

    def prepare(self, documents: Iterable[bytes]) -> None:
        """Make the keys of many documents at one go."""
        if not self._dry:
            self._office.sealer.prepare({self._office.sealer.document(one) for one in documents})

    def digest(self, document: bytes) -> str | None:
        """The digest under which it is, or would be, kept; None where it has been erased."""
        if self._dry:
            subject = self._office.sealer.document(document)
            known = self._office.vault.persons.find_all([subject])
            if subject not in known:
                return _UNSEEN
        try:
            return "sha256:" + hashlib.sha256(self._office.sealer.seal_document(document)).hexdigest()
        except Erased:
            return None

    def keep(self, digest: str, document: bytes, name: str, media_type: str) -> None:
        """On disk before it returns."""
        if not self._dry and not self._office.evidence.has(digest):
            self._office.evidence.put_sealed(document, name, media_type)


class Original(NamedTuple):
    """Where a contract came from: its process, its id there, and the latest document, None where there is none or it was erased."""

    process: str | None
    contract_id: str | None
    document: bytes | None


def original_of(office: Office, told: Iterable[Told]) -> Original:
    """For the OCDS export: `original`, `process` and `contract_id` of a contract that came as OCDS. Raises Lost, Damaged."""
    process, number, latest = None, None, None
    for one in told:
        match one.event:
            case ContractSigned() as signing:
                process = signing.ocid
                prefix = f"ocds:{process}:"
                number = signing.source.removeprefix(prefix) if signing.source and signing.source.startswith(prefix) else None
            case ExternalReleaseReceived() as release if release.ocid is not None:
                if latest is None or (release.released_at or "") >= (latest.released_at or ""):
                    latest = release
                process = process or release.ocid
    return Original(process, number, None if latest is None else office.evidence.open(latest.digest))


# ------------------------------------------------------------------ a contract that stays out, to be mended


def as_original(record: ContractRecord) -> Any:
    """What a reject file needs of a record: the release with this contract alone, or the row as our template has it."""
    if record.document is None:
        return _row(record)
    whole = json.loads(record.document, parse_float=Decimal)
    releases = [one.get("compiledRelease") or one for one in whole.get("records") or []] + list(whole.get("releases") or [])
    release = next((one for one in reversed(releases) if isinstance(one, dict) and one.get("contracts")), {})
    wanted = record.number.split("#")[0]
    listed = [one for one in release.get("contracts") or [] if isinstance(one, dict) and str(one.get("id")) == wanted]
    return {**release, "ocid": record.process, "contracts": listed}


def _row(record: ContractRecord) -> SheetRow:
    card = {name: getattr(record, name) for name in ("number", "name", "type", "works", "region", "signed_on", "starts_on", "ends_on", "status", "value")}
    card |= {"authority": _party(record.authority), "contractors": [_party(one) for one in record.contractors],
             "retention_percent": record.retention_percent,
             "completed_on": next((one.on for one in record.happened if one.kind == "completion"), None)}  # fmt: skip
    values = contract_values(card)
    return SheetRow(tuple(column.zh for column in CONTRACTS.columns), tuple(values.get(column.key) for column in CONTRACTS.columns))


def _party(party: PartyRecord | None) -> dict[str, Any]:
    return {} if party is None else {"scheme": party.scheme, "id": party.id, "name": party.name, "size": party.size, "lead": party.lead}
