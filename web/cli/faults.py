"""What can go wrong at a shell, each as one sentence and an exit code."""

from __future__ import annotations

import errno
from collections.abc import Callable

from web.cli.telling import FAILED, MISUSED, Stop

Kind = type[BaseException] | tuple[type[BaseException], ...]
DISK = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "The disk quota is used up.",
    errno.EROFS: "The disk can only be read.",
    errno.EACCES: "Not permitted.",
    errno.EPERM: "Not permitted.",
    errno.EIO: "The disk reports an error.",
}


def told(error: BaseException) -> Stop | None:
    """The sentence for a known fault; None for one that is a mistake in the program."""
    kinds: list[tuple[Kind, Callable[[BaseException], Stop]]] = [*_kinds(), (OSError, _disk)]
    for known, stop in kinds:
        if isinstance(error, known):
            return stop(error)
    return None


def _kinds() -> list[tuple[Kind, Callable[[BaseException], Stop]]]:
    """Looked up only when something has gone wrong: these imports are heavy."""
    import sqlalchemy.exc as sa_exc

    import migrations
    from domain.events import UnknownTopic
    from domain.ledger import MovedOn, NotThere
    from domain.policy.faults import PackRejected
    from domain.policy.missing import NoBasisInForce, NoPackInForce, UnknownCode
    from domain.rules import RuleBroken
    from stores import carrying_over
    from stores.evidence import Damaged, Lost
    from stores.ledger.engine import NotDurable
    from stores.ledger.faults import Closed, Unavailable
    from stores.vault import KeyFileMissing, PasswordRefused, Tampered, WrongKey
    from web.clock import BadClock, NotATrial
    from web.keeping import NotABackup
    from web.looks.tongue import tongue
    from web.office import Unfinished
    from web.setting_up import NotEmpty, TooNew, VaultMissing

    def always(sentence: str, code: int = FAILED) -> Callable[[BaseException], Stop]:
        return lambda error: Stop(sentence.format(error=error), code)

    def not_there(error: BaseException) -> Stop:
        what = {"Account": "account"}.get(str(error.args[0]) if error.args else "", "such thing")
        return Stop(f"There is no {what}.")

    return [
        (RuleBroken, lambda error: Stop(str(error))),
        ((NoPackInForce, NoBasisInForce, UnknownCode), always("The policy packs say nothing for that: {error}.")),
        (PackRejected, always("A policy pack was rejected: {error}")),
        (PasswordRefused, always("This password will not do: {error}")),
        (KeyFileMissing, always("The key of the vault is not there: {error}. Put the key file back, or name it in LVYUE_KEY_FILE.")),
        (WrongKey, always("The key does not open this vault: {error}. Name the right file in LVYUE_KEY_FILE.")),
        (Tampered, always("Something in the vault was changed by another hand: {error}")),
        (NotATrial, always("LVYUE_CLOCK is set, but this is no trial installation. Only `lvyue migrate --trial` and `lvyue demo` make one.", MISUSED)),
        (BadClock, always("LVYUE_CLOCK must be an instant with its zone, like 2026-03-02T09:00:00+08:00 (with ! at the end it stands): {error}", MISUSED)),
        (TooNew, always(NEWER)),
        (migrations.NewerThanKnown, always(NEWER)),
        (UnknownTopic, always("The log holds an event that this version does not know ({error}). Install the version that wrote it, or a newer one.")),
        (NotEmpty, always("The log is not empty: a trial can only be begun on an empty one.")),
        (carrying_over.NotEmpty, always("There is something there already ({error}); nothing is copied over it. Name an empty place.")),
        (NotABackup, always("This is no backup that can be restored: {error}")),
        (Unfinished, always("A move or a restore into this database has not come to its end. Run it again.")),
        (VaultMissing, always(VAULT)),
        (NotDurable, always("This database does not keep what it acknowledges through a power cut: {error}")),
        (Lost, always("A file is missing from the evidence: {error}")),
        (Damaged, always("A file of the evidence is damaged: {error}")),
        (MovedOn, always("Somebody changed it at the same moment. Try again.")),
        (NotThere, not_there),
        (Closed, lambda error: Stop(tongue("en").said(error.args[0].sentence, **error.args[0].values))),
        (sa_exc.OperationalError, _database),
        (sa_exc.DBAPIError, _database),
        (Unavailable, _database),
    ]  # fmt: skip


VAULT = (
    "The vault is missing, and the log is not: names and passwords are sealed with it. Bring vault.db back from its backup; "
    "or begin a new one, in which no name of before can be read and nobody can sign in yet, with: lvyue migrate --new-vault"
)
NEWER = "The database was made by a newer version of this software. Install that version, or a newer one."


def _database(error: BaseException) -> Stop:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = text[0] if text else type(error).__name__
    for mark, sentence in (("disk is full", "The disk is full."), ("readonly", "The database can only be written by its owner."),
                           ("locked", "The database is busy: another process holds it. Try again."), ("disk I/O", "The disk reports an error."),
                           ("unable to open", "The database file cannot be opened.")):  # fmt: skip
        if mark in first:
            return Stop(f"{sentence} ({first})")
    return Stop(f"The database cannot be used: {first}")


def _disk(error: BaseException) -> Stop:
    code = error.errno if isinstance(error, OSError) else None
    where = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
    known = DISK.get(code or 0)
    return Stop(f"{known}{where}" if known else f"{error}", MISUSED if isinstance(error, FileNotFoundError) else FAILED)
