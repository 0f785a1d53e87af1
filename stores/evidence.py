"""The evidence store: files by the SHA-256 of their stored bytes, in a folder.

`ab/cd/<hex>` is a file, `ab/cd/<hex>.json` beside it what was said of it. A sealed file is stored as ciphertext, and
its digest is that of the ciphertext: whether a file is whole can be told without any key, also after an erasure.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import UUID

from stores.sealing import Sealer, document_subject, is_sealed, is_sealed_document
from stores.vault.key import flush_folder

DIGEST = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
CHUNK = 1 << 20
NAME_FIELD = "evidence.name"


class NotADigest(ValueError):
    """A text that is not `sha256:` and 64 hexadecimal digits."""


class Lost(LookupError):
    """No file with this digest is here."""


class Damaged(RuntimeError):
    """The file is here, and its bytes are no longer those of its digest."""


class Fault(NamedTuple):
    """A file that is not as it was put: `what` is lost or damaged."""

    digest: str
    what: str


class About(NamedTuple):
    """What was said of a file when it first came; `name` is sealed where the store has a sealer."""

    name: str
    size: int  # bytes as they came, before sealing
    media_type: str


class Evidence:
    """Files by digest below a folder; putting the same bytes again changes nothing."""

    def __init__(self, folder: Path, sealer: Sealer | None = None) -> None:
        self._folder, self._sealer = folder, sealer

    def put(self, content: bytes | BinaryIO, name: str = "", media_type: str = "application/octet-stream") -> str:
        """Stores the bytes and what is said of them, on disk before it returns; the digest."""
        stream = BytesIO(content) if isinstance(content, bytes) else content
        digest, size = self._store(stream)
        self._say(digest, About(name, size, media_type))
        return digest

    def put_sealed(self, content: bytes, name: str = "", media_type: str = "application/octet-stream") -> str:
        """Stores a document that names people, under a key of its own; the digest of what is stored.

        `Erased` where this very document was erased before.
        """
        digest, _ = self._store(BytesIO(self._sealing().seal_document(content)))
        self._say(digest, About(name, len(content), media_type))
        return digest

    def has(self, digest: str) -> bool:
        """Whether a file with this digest is here; its bytes are not looked at."""
        return self._file(digest).is_file()

    def read(self, digest: str) -> bytes:
        """The bytes as stored (ciphertext where sealed), proved against the digest; `Lost` or `Damaged`."""
        try:
            content = self._file(digest).read_bytes()
        except FileNotFoundError as error:
            raise Lost(f"证据文件 {digest} 不在") from error
        if _digest(content) != digest:
            raise Damaged(f"证据文件 {digest} 已损坏")
        return content

    def open(self, digest: str) -> bytes | None:
        """The bytes as they came, unsealed where they were sealed; None where they were erased."""
        content = self.read(digest)
        return self._sealing().unseal_document(content) if is_sealed_document(content) else content

    def about(self, digest: str) -> About | None:
        """What was said of the file when it first came; its name may be sealed (`name_of` opens it)."""
        try:
            text = self._note(digest).read_text("utf-8")
        except FileNotFoundError:
            return None
        said = json.loads(text)
        return About(said["name"], said["size"], said["media_type"])

    def name_of(self, digest: str) -> str | None:
        """The file's name in the clear; None where nothing was said of it, or it was erased."""
        about = self.about(digest)
        if about is None or not is_sealed(about.name):
            return about and about.name
        return self._sealing().unseal(about.name, NAME_FIELD)

    def digests(self) -> Iterator[str]:
        """Every digest that is here or was said to be, in order."""
        names = {path.name.removesuffix(".json") for path in self._folder.glob("??/??/*")}
        return (f"sha256:{name}" for name in sorted(names) if DIGEST.fullmatch(f"sha256:{name}"))

    def check(self, expected: Iterable[str] = ()) -> Iterator[Fault]:
        """Reads every file, and looks for those expected (cited by events): each one lost or damaged."""
        for digest in sorted({*self.digests(), *expected}):
            try:
                held = self._hash(digest)
            except FileNotFoundError:
                yield Fault(digest, "lost")
            else:
                if held != digest:
                    yield Fault(digest, "damaged")

    def sweep(self, before: datetime) -> int:
        """Removes what a crash left half written before this moment; how many files."""
        stale = [p for p in self._folder.glob("incoming/*") if p.stat().st_mtime < before.timestamp()]
        for path in stale:
            path.unlink()
        return len(stale)

    def _hash(self, digest: str) -> str:
        with self._file(digest).open("rb") as stream:
            return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()

    def _sealing(self) -> Sealer:
        if self._sealer is None:
            raise RuntimeError("this evidence store was opened without keys")
        return self._sealer

    def _seal_name(self, digest: str, name: str) -> str:
        if self._sealer is None or not name:
            return name
        return self._sealer.seal(self.subject(digest), NAME_FIELD, name)

    def subject(self, digest: str) -> UUID:
        """The subject whose erasure takes the file's name, and a sealed file itself."""
        with self._file(digest).open("rb") as stream:
            head = stream.read(100)
        if is_sealed_document(head):
            return document_subject(head)
        return self._sealing().document_of(bytes.fromhex(_hex(digest)))

    def _file(self, digest: str) -> Path:
        name = _hex(digest)
        return self._folder / name[:2] / name[2:4] / name

    def _note(self, digest: str) -> Path:
        file = self._file(digest)
        return file.with_name(file.name + ".json")

    def _store(self, stream: BinaryIO) -> tuple[str, int]:
        draft = self._draft()
        try:
            digest, size = _copy(stream, draft)
            self._keep(draft, self._file(digest))
        finally:
            draft.unlink(missing_ok=True)
        return digest, size

    def _say(self, digest: str, about: About) -> None:
        if self._note(digest).exists():
            return  # the first word stands: whose file it is, an event says
        said = about._replace(name=self._seal_name(digest, about.name))._asdict()
        draft = self._draft()
        try:
            _copy(BytesIO(json.dumps(said, ensure_ascii=False).encode()), draft)
            self._keep(draft, self._note(digest))
        finally:
            draft.unlink(missing_ok=True)

    def _draft(self) -> Path:
        drafts = self._folder / "incoming"
        drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        return drafts / secrets.token_hex(16)

    def _keep(self, draft: Path, file: Path) -> None:
        for folder in (file.parent.parent, file.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            flush_folder(folder.parent)  # also where another process has just made it, and not flushed yet
        draft.rename(file)  # over the same bytes, or over damaged ones
        flush_folder(file.parent)


def _copy(stream: BinaryIO, file: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return "sha256:" + digest.hexdigest(), size


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _hex(digest: str) -> str:
    match = DIGEST.fullmatch(digest)
    if match is None:
        raise NotADigest(f"{digest!r} 不是 sha256 摘要")
    return match[1]
