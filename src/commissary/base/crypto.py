"""Keys and ciphers. What may be decrypted where is decided by who holds a `Keyring`.

Envelope encryption: each batch of codes has a random 256-bit data key (DEK), wrapped by a key-encryption key (KEK).
KEKs live in a key folder outside the data folder; a lost KEK loses the stock it protects, so the folder belongs to
every backup. Fields (top-up accounts, API secrets) are sealed under keys derived from the KEK per purpose and mall.
The blind index uses a key of its own that never rotates with the KEKs.

AES-256-GCM with random 96-bit nonces: at most 2**32 messages per key (NIST SP 800-38D); a batch has fewer codes.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class KeyFault(Exception):
    """A key is missing or a cipher does not belong to it."""


class Chance:
    """Random bytes by the system's generator, fetched a page at a time: a call of its own for each sixteen bytes costs
    more than they do. Every byte is given out once."""

    __slots__ = ("_at", "_page")

    def __init__(self) -> None:
        self._at, self._page = 0, b""

    def __call__(self, count: int) -> bytes:
        at, end = self._at, self._at + count
        if end > len(self._page):
            self._page = os.urandom(max(4096, count))
            at, end = 0, count
        self._at = end
        return self._page[at:end]


@dataclass(frozen=True)
class Keyring:
    """`current` wraps what is new; older KEKs still open what they wrapped."""

    keks: dict[str, bytes] = field(repr=False)
    current: str
    index_key: bytes = field(repr=False)
    passwords: dict[str, str] = field(repr=False)
    folder: Path | None = field(default=None, compare=False)

    def wrap(self, dek: bytes, aad: bytes) -> tuple[str, bytes]:
        """(KEK id, wrapped key)."""
        return self.current, seal(self.keks[self.current], dek, aad)

    def unwrap(self, kek_id: str, wrapped: bytes, aad: bytes) -> bytes:
        return unseal(self._kek(kek_id), wrapped, aad)

    def seal_field(self, mall: int, purpose: str, plain: bytes, place: bytes = b"") -> bytes:
        """`kek id ‖ 0 ‖ nonce ‖ cipher`, bound to mall, purpose and, if given, its place."""
        key = _derived(self.keks[self.current], mall, purpose)
        return self.current.encode() + b"\0" + seal(key, plain, purpose.encode() + b"|" + place)

    def open_field(self, mall: int, purpose: str, sealed: bytes, place: bytes = b"") -> bytes:
        kek_id, _, cipher = sealed.partition(b"\0")
        key = _derived(self._kek(kek_id.decode()), mall, purpose)
        return unseal(key, cipher, purpose.encode() + b"|" + place)

    def blind(self, scope: str, normalised: str) -> bytes:
        """32 bytes by which equal values are found without being read."""
        return hmac.digest(self.index_key, f"{scope}|{normalised}".encode(), "sha256")

    def _kek(self, kek_id: str) -> bytes:
        if kek_id not in self.keks and self.folder is not None:
            # Rotated while this process runs: what was wrapped anew must stay deliverable.
            self.keks.update(load_keys(self.folder).keks)
        try:
            return self.keks[kek_id]
        except KeyError:
            raise KeyFault(f"the key folder has no KEK {kek_id!r}") from None


def seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def unseal(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], aad)
    except InvalidTag:
        raise KeyFault("a cipher does not belong to this key or place") from None


@lru_cache(maxsize=4096)
def _derived(kek: bytes, mall: int, purpose: str) -> bytes:
    info = f"commissary|{purpose}|{mall}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(kek)


# The key folder ---------------------------------------------------------------------------------------------------


def load_keys(folder: Path) -> Keyring:
    """Read the key folder; make it, with fresh keys, when it does not exist."""
    path = folder / "keys.json"
    if not path.exists():
        _make(folder)
    if folder.stat().st_mode & 0o077 or path.stat().st_mode & 0o077:
        raise KeyFault(f"{folder} and its files must be readable by their owner only (chmod 700, 600)")
    stored = json.loads(path.read_text("utf-8"))
    return Keyring(
        keks={name: base64.b64decode(key) for name, key in stored["keks"].items()},
        current=stored["current"],
        index_key=base64.b64decode(stored["index_key"]),
        passwords=stored["database_passwords"],
        folder=folder,
    )


def add_kek(folder: Path) -> Keyring:
    """Put a new KEK first; the old ones stay until nothing is wrapped by them."""
    load_keys(folder)
    path = folder / "keys.json"
    stored = json.loads(path.read_text("utf-8"))
    number = 1 + max(int(name.removeprefix("k")) for name in stored["keks"])
    stored["keks"][f"k{number}"] = base64.b64encode(secrets.token_bytes(32)).decode()
    stored["current"] = f"k{number}"
    _write(path, stored)
    return load_keys(folder)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    roles = ("commissary_app", "commissary_vault", "commissary_report")
    _write(
        folder / "keys.json",
        {
            "current": "k1",
            "keks": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "database_passwords": {role: secrets.token_urlsafe(24) for role in roles},
        },
    )


def _write(path: Path, stored: dict[str, object]) -> None:
    """Whole or not at all, and on disk before it counts: a half-written key file would lose all stock."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(stored, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
