"""Sealing: text that names a person, readable only while that person's key exists.

A sealed text is `sealed:1:<subject, 32 hex digits>:<base64 of nonce and ciphertext>`, AES-256-GCM under the subject's
key, bound to subject and field: moved to another subject or field it does not open. A sealed document is
`DOCUMENT`, the subject's 16 bytes, nonce and ciphertext.
"""

import binascii
import hashlib
import os
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stores.vault.key import NONCE_BYTES, Tampered
from stores.vault.persons import Erased, KeyLost, Persons

PREFIX = "sealed:1:"
SHAPE = re.compile(r"sealed:1:([0-9a-f]{32}):([A-Za-z0-9+/]{38,}={0,2})", re.ASCII)
DOCUMENT = b"\x89LVYUE-SEALED-1\r\n\x1a\n"  # no file that people have begins like this
DOCUMENT_NONCE = bytes(NONCE_BYTES)  # a document's subject follows from its content: one key, one message
NOTICED_WITHIN = 0.2  # seconds until an erasure by another process is seen here
MOST_KEYS = 100_000

__all__ = ["Erased", "KeyLost", "Sealer", "Tampered", "is_sealed", "is_sealed_document", "subject_of"]


def is_sealed(text: str) -> bool:
    """Whether a text has the form of a sealed one."""
    return text.startswith(PREFIX) and SHAPE.fullmatch(text) is not None


def subject_of(text: str) -> UUID:
    """Whose key a sealed text is under; `Tampered` where it is not a sealed text."""
    return UUID(hex=_parts(text)[0])


def is_sealed_document(content: bytes) -> bool:
    """Whether these bytes are a sealed document."""
    return content.startswith(DOCUMENT)


class Sealer:
    """Seals and unseals under the keys of `vault.persons`, which it remembers; shared by the threads of a process.

    An erasure made here counts at once, one made by another process within a fifth of a second.
    """

    def __init__(self, persons: Persons, ticks: Callable[[], float] = time.monotonic) -> None:
        self._persons, self._ticks = persons, ticks
        self._ciphers: dict[str, AESGCM | None] = {}  # by the subject's hex; None: destroyed
        self._lock = Lock()
        self._generation = 0
        self._erasures = persons.erasures()
        self._looked = ticks()

    def prepare(self, subjects: Iterable[UUID]) -> None:
        """Makes or fetches many keys at one go, so that what follows does not wait for the disk key by key."""
        generation = self._generation
        self._remember(generation, self._persons.make(subjects))

    def seal(self, subject: UUID, field: str, text: str) -> str:
        """The text under the subject's key, made now where there was none; `Erased` where it was destroyed."""
        nonce, plain = os.urandom(NONCE_BYTES), text.encode("utf-8", "surrogatepass")
        ciphertext = self._sealing_cipher(subject).encrypt(nonce, plain, _bound(subject.hex, field))
        return f"{PREFIX}{subject.hex}:{b64encode(nonce + ciphertext).decode()}"

    def unseal(self, text: str, field: str) -> str | None:
        """The text again, None where it was erased.

        `Tampered` where it is not what `seal` gave for this field; `KeyLost` where its key was never here.
        """
        subject, coded = _parts(text)
        sealed = _decoded(coded)
        cipher = self._cipher(subject)
        if cipher is None:
            return None
        plain = _decrypt(cipher, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(subject, field))
        return plain.decode("utf-8", "surrogatepass")

    def erase(self, subject: UUID, now: datetime) -> bool:
        """Destroys the subject's key for good; whether it was not destroyed already."""
        done = self._persons.destroy(subject, now)
        with self._lock:
            self._forget()
        return done

    def document(self, content: bytes) -> UUID:
        """The subject under which a document is sealed: the same for the same content."""
        return self.document_of(hashlib.sha256(content).digest())

    def document_of(self, digest: bytes) -> UUID:
        """As `document`, by the SHA-256 of the content."""
        return self._persons.document(digest)

    def seal_document(self, content: bytes) -> bytes:
        """A document under a key of its own; the same document gives the same bytes. `Erased` where it was erased."""
        subject = self.document(content)
        head = DOCUMENT + subject.bytes + DOCUMENT_NONCE
        return head + self._sealing_cipher(subject).encrypt(DOCUMENT_NONCE, content, head)

    def unseal_document(self, sealed: bytes) -> bytes | None:
        """The document again, None where it was erased; `Tampered`, `KeyLost` as for `unseal`."""
        subject = document_subject(sealed)
        end = len(DOCUMENT) + 16 + NONCE_BYTES
        cipher = self._cipher(subject.hex)
        if cipher is None:
            return None
        return _decrypt(cipher, sealed[end - NONCE_BYTES : end], sealed[end:], sealed[:end])

    def _sealing_cipher(self, subject: UUID) -> AESGCM:
        self._notice()
        if subject.hex not in self._ciphers:
            self.prepare([subject])
        cipher = self._cipher(subject.hex)
        if cipher is None:
            raise Erased(f"{subject} 的密钥已销毁，不再为其密封内容")
        return cipher

    def _cipher(self, subject: str) -> AESGCM | None:
        self._notice()
        try:
            return self._ciphers[subject]
        except KeyError:
            generation = self._generation
        key = self._persons.find(UUID(hex=subject))
        self._remember(generation, {UUID(hex=subject): key})
        return None if key is None else AESGCM(key)

    def _notice(self) -> None:
        """Forgets the keys where another process has destroyed one since we last looked."""
        if self._ticks() - self._looked < NOTICED_WITHIN:
            return
        self._looked = self._ticks()
        erasures = self._persons.erasures()
        with self._lock:
            if erasures != self._erasures or len(self._ciphers) > MOST_KEYS:
                self._erasures = erasures
                self._forget()

    def _forget(self) -> None:
        self._generation += 1
        self._ciphers.clear()

    def _remember(self, generation: int, keys: dict[UUID, bytes | None]) -> None:
        """Keeps keys read under this generation: what was read before an erasure is not kept after it."""
        with self._lock:
            if generation == self._generation:
                self._ciphers.update((s.hex, None if key is None else AESGCM(key)) for s, key in keys.items())


def document_subject(sealed: bytes) -> UUID:
    """Under which subject a document is sealed; `Tampered` where it is not a sealed document."""
    start = len(DOCUMENT)
    if not is_sealed_document(sealed) or len(sealed) < start + 16 + NONCE_BYTES:
        raise Tampered("这不是密封的文件")
    return UUID(bytes=sealed[start : start + 16])


def _parts(text: str) -> tuple[str, str]:
    match = SHAPE.fullmatch(text)
    if match is None:
        raise Tampered("这不是密封的内容")
    return match[1], match[2]


def _decoded(coded: str) -> bytes:
    try:
        sealed = b64decode(coded)
    except binascii.Error as error:
        raise Tampered("密封的内容被改动过") from error
    if b64encode(sealed) != coded.encode():
        raise Tampered("密封的内容被改动过")  # another spelling of the same bytes
    return sealed


def _bound(subject: str, field: str) -> bytes:
    return f"{subject}|{field}".encode()


def _decrypt(cipher: AESGCM, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, ciphertext, bound)
    except InvalidTag as error:
        raise Tampered("密封的内容被改动过，或不属于这里") from error
