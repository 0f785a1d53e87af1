"""`lvyue doctor erase jobs`: is all well, what is to be forgotten, what is being done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid5

import typer

from web.cli.opening import Data, Json, opened
from web.cli.telling import FAILED, MISUSED, Stop, say, show_json, show_table

if TYPE_CHECKING:
    from web.doctor import Finding
    from web.office import Office

SUBJECT = "account:NAME, inspector:NAME, repair:ID, sha256:… of a file, or a key's own id"


def doctor(as_json: Json = False, data: Data = None) -> None:
    """Look at settings, permissions, disk, durability, clock, log, packs, views, verification, backup. Exit 1 when something is wrong."""
    found = _found(data)
    wrong = [one for one in found if one.state == "bad"]
    if as_json:
        show_json({"ok": not wrong, "checks": [one._asdict() for one in found]})
    else:
        show_table(["look", "", "what"], [[one.name, {"ok": "ok", "note": "note", "bad": "WRONG"}[one.state], one.what] for one in found])
        say("All is well." if not wrong else f"{len(wrong)} of {len(found)} are wrong.")
    if wrong:
        raise typer.Exit(FAILED)


def _found(data: Data) -> list[Finding]:
    """What the doctor finds; an installation that does not even open is one finding."""
    from web.cli.faults import told
    from web.doctor import BAD, Finding, examine

    try:
        with opened(data) as office:
            return examine(office)
    except Exception as error:
        stop = error if isinstance(error, Stop) else told(error)
        if stop is None:
            raise
        return [Finding("installation", BAD, stop.sentence)]


def erase(subject: Annotated[str, typer.Argument(help=SUBJECT, metavar="SUBJECT")], data: Data = None) -> None:
    """Destroy the key of a natural person's particulars. It is on record, cannot be undone, and leaves every proof valid."""
    from domain.access.commands import erase_subject

    with opened(data) as office:
        key = _key_of(office, subject)
        new = office.do(lambda act: erase_subject(act, key), via="cli").outcome
        office.sealer.erase(key, office.now)  # also where it was on record: the key may have come back
        say(f"{subject} is erased." if new else f"{subject} had been erased before; its key is destroyed.")


def _key_of(office: Office, subject: str) -> UUID:
    """The subject whose key is meant. Raises Stop."""
    from domain.access.account import account_id
    from domain.ledger import stream_id
    from stores.evidence import NotADigest

    kind, _, name = subject.partition(":")
    try:
        key = {
            "account": lambda: uuid5(account_id(name), "person"),
            "inspector": lambda: stream_id("inspector", name.strip()),
            "repair": lambda: UUID(name),
            "sha256": lambda: office.evidence.subject(subject),
        }.get(kind, lambda: UUID(subject))()
    except FileNotFoundError:
        raise Stop(f"There is no file {subject}.") from None
    except (ValueError, NotADigest):
        raise Stop(f"{subject!r} names nobody. Write {SUBJECT}.", MISUSED) from None
    if key not in office.vault.persons.find_all([key]):
        raise Stop(f"Nothing is sealed for {subject}.")
    return key


def jobs(as_json: Json = False, data: Data = None) -> None:
    """The latest jobs: what was asked for, how far it is, what came of it."""
    with opened(data) as office:
        found = office.vault.jobs.all()
        names = office.names([str(one.account) for one in found])
    rows = [{"id": str(one.id), "kind": one.kind, "account": names[str(one.account)], "state": one.state, "done": one.done, "total": one.total,
             "message": one.message, "created": one.created.isoformat(timespec="seconds")} for one in found]  # fmt: skip
    if as_json:
        show_json(rows)
    else:
        show_table(["id", "kind", "account", "state", "done", "of", "created", "message"],
                   [[str(row[name] if row[name] is not None else "") for name in ("id", "kind", "account", "state", "done", "total", "created", "message")]
                    for row in rows])  # fmt: skip
