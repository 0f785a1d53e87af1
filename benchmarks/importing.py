"""How fast a spreadsheet of contracts becomes durable events, beside reading the file alone.

    python -m benchmarks.importing [--rows N …] [--alone] [--databases sqlite postgresql] [--rounds N]

Prints contracts a second of reading the sheet into records, and of importing them (decided, durable, the views not
told), each time into an empty installation; events a contract, and the memory held at the most. `--alone`: the sheet
of contracts without those of obligations and payments, which make it a dozen rows a contract.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks import histories, offices
from benchmarks.measuring import DATABASES, folder, head, in_turn, memory, places, table, timed
from domain.contract.events import ContractSigned
from projections.exports.sheets import write_contracts
from web.importers.detect import read_file
from web.importers.writing import import_files, sources_of


def card(signing: ContractSigned) -> dict[str, Any]:
    """As much of a contract's card as the sheet takes."""
    sides = [{"scheme": one.scheme, "id": one.id, "name": one.name, "size": one.size, "lead": one.lead} for one in signing.contractors]
    return {
        "number": signing.number, "name": signing.name, "type": signing.type, "region": signing.region, "signed_on": signing.signed_on,
        "starts_on": signing.starts_on, "ends_on": signing.ends_on, "status": "performing", "value": signing.value,
        "authority": {"scheme": signing.authority.scheme, "id": signing.authority.id, "name": signing.authority.name}, "contractors": sides,
        "obligations": [{"ref": one.ref, "owed_by": one.owed_by, "title": one.title, "due_on": one.due_on} for one in signing.obligations],
        "payments": [{"ref": one.ref, "value": one.value, "after": one.after, "term_days": one.term_days} for one in signing.payments],
    }  # fmt: skip


def sheet(rows: int, file: Path, alone: bool = False) -> Path:
    signings = (one.event for one in histories.history(rows) if isinstance(one.event, ContractSigned))
    cards = ({**card(one), "obligations": [], "payments": []} if alone else card(one) for one in signings)
    with file.open("wb") as stream:
        assert write_contracts(cards, stream) == rows
    return file


def measure(database: str, rows: int, rounds: int, alone: bool) -> None:
    with folder() as here, places([database]) as place:
        file, turn, events = sheet(rows, here / "contracts.xlsx", alone), iter(range(10**6)), list[int]()

        def read() -> float:
            return rows / timed(lambda: sum(1 for _ in read_file(file, "xlsx", today=histories.LAST)))

        def imported() -> float:
            n = next(turn)
            with offices.office(here / f"data{n}", place(database, f"importing{n}") if database == "postgresql" else None) as (office, clock):
                offices.people(office)
                clock.set(offices.AFTER)
                before, came = office.ledger.head(), list[Any]()
                took = timed(lambda: came.append(import_files(office, sources_of([file]))))
                assert came[0].total("imported") == rows, came[0].told()
                events.append(office.ledger.head() - before)
            return rows / took

        head(f"{database}: a sheet of {rows:,} contracts ({file.stat().st_size / 2**20:.1f} MiB){'' if alone else ' with their obligations and payments'}")
        table(in_turn({"reading alone": read, "imported": imported}, rounds), "contracts/s", "reading alone")
        print(f"  {events[0] / rows:.1f} events a contract; memory at the most: {memory():,.0f} MiB")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", nargs="+", type=int, default=[20_000])
    asked.add_argument("--alone", action="store_true")
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=["sqlite"])
    asked.add_argument("--rounds", type=int, default=3)
    wanted = asked.parse_args()
    for database in wanted.databases:
        for rows in wanted.rows:
            measure(database, rows, wanted.rounds, wanted.alone)


if __name__ == "__main__":
    main()
