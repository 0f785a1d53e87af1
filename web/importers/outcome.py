"""What came of an import: counts, rejects and notes, file by file, as `import --json` tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from web.importers.record import Note, Reject
from web.importers.rejects import entries

MOST_NOTES = 500
"""Of one file; how many there were is told all the same."""


class FileOutcome(msgspec.Struct):
    """One file's rows and what became of them."""

    file: str
    format: str
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    without_contract: int = 0
    rejects: list[Reject] = []
    notes: list[Note] = []
    noted: int = 0
    reject_file: Path | None = None

    def note(self, *notes: Note) -> None:
        """Keep what is odd, up to so many."""
        self.noted += len(notes)
        self.notes += notes[: max(0, MOST_NOTES - len(self.notes))]

    def reject(self, reject: Reject) -> None:
        self.rows += 1
        self.rejected += 1
        self.rejects.append(reject)

    def told(self) -> dict[str, Any]:
        notes = [_note(one) for one in self.notes]
        return {
            "file": self.file, "format": self.format, "rows": self.rows, "imported": self.imported, "unchanged": self.unchanged,
            "rejected": self.rejected, "without_contract": self.without_contract, "rejects": [one for reject in self.rejects for one in entries(reject)],
            "reject_file": None if self.reject_file is None else str(self.reject_file), "notes": notes, "noted": self.noted,
        }  # fmt: skip


class Outcome(msgspec.Struct):
    """The whole import. `position` is the log's last one that this import knows; `stopped`: asked to stop before the end."""

    dry_run: bool
    position: int = 0
    events: int = 0
    stopped: bool = False
    files: list[FileOutcome] = []

    def total(self, name: str) -> int:
        """A count over all files: rows imported unchanged rejected without_contract."""
        return sum(getattr(one, name) for one in self.files)

    @property
    def done(self) -> int:
        return self.total("rows")

    @property
    def reject_file(self) -> Path | None:
        """The one reject file; of several, their folder, which can be imported as well."""
        paths = [one.reject_file for one in self.files if one.reject_file is not None]
        return None if not paths else paths[0] if len(paths) == 1 else paths[0].parent

    @property
    def nothing_readable(self) -> bool:
        """Whether no file could be taken for contracts at all; one without any row yet can."""
        return all(one.rejects and one.rows == one.rejected and not any(reject.original is not None for reject in one.rejects) for one in self.files)

    def told(self) -> dict[str, Any]:
        """In the shape of `import --json`."""
        counts = {name: self.total(name) for name in ("imported", "unchanged", "rejected", "without_contract")}
        return {
            "dry_run": self.dry_run, "position": self.position, "events": self.events, **counts,
            "reject_file": None if self.reject_file is None else str(self.reject_file), "files": [one.told() for one in self.files],
        }  # fmt: skip


def _note(note: Note) -> dict[str, Any]:
    place = note.place
    return {"row": place.row, "sheet": place.sheet, "column": place.column, "pointer": place.pointer, "code": note.code, "text": note.text}
