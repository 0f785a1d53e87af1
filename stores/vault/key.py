"""The master key: what wraps every secret of the vault, and the file it lives in."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKey(RuntimeError):
    """The key does not open this vault."""


class KeyFileMissing(WrongKey):
    """The vault holds secrets, and the file with their key is not there."""


class Tampered(ValueError):
    """What was kept is not what was put: changed, moved to another place, or sealed under another key."""


class MasterKey:
    """AES-256-GCM under one key; each wrapped secret is bound to the purpose that it was wrapped for."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise WrongKey(f"主密钥应为 {KEY_BYTES} 字节，实为 {len(key)} 字节")
        self._cipher = AESGCM(key)
        self._mac_key = hmac.digest(key, b"lvyue vault: mac", hashlib.sha256)

    def wrap(self, secret: bytes, purpose: str) -> bytes:
        """The secret as nonce + ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def unwrap(self, wrapped: bytes, purpose: str) -> bytes:
        """The secret again; `Tampered` where key, bytes or purpose differ."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Tampered(f"保险库中的 {purpose} 无法解开") from error

    def mac(self, message: bytes, purpose: str) -> bytes:
        """A keyed SHA-256 of the message, for things that are compared and not read back."""
        return hmac.digest(self._mac_key, purpose.encode() + b"\0" + message, hashlib.sha256)


def read_key(file: Path) -> bytes:
    """The 32 bytes in the key file (base64); `KeyFileMissing`, or `WrongKey` where it holds something else."""
    try:
        text = file.read_text("ascii").strip()
    except FileNotFoundError as error:
        raise KeyFileMissing(f"找不到主密钥文件 {file}（LVYUE_KEY_FILE），没有它保险库无法打开") from error
    except UnicodeDecodeError as error:
        raise WrongKey(f"主密钥文件 {file} 的内容不是 base64") from error
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WrongKey(f"主密钥文件 {file} 的内容不是 base64") from error
    if len(key) != KEY_BYTES:
        raise WrongKey(f"主密钥文件 {file} 应含 {KEY_BYTES} 字节，实含 {len(key)} 字节")
    return key


def create_key(file: Path) -> bytes:
    """Makes the key file (mode 0600), on disk before it returns; where another process was first, its key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):  # the first one stands
            os.link(draft, file)
    finally:
        draft.unlink()
    flush_folder(file.parent)
    return read_key(file)


def flush_folder(folder: Path) -> None:
    """Puts a folder's own entries on disk, so that a new name survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
