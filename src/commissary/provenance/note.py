"""Signed notes, and what is a note here: checkpoints and their cosignatures. Pure.

Sources: C2SP signed-note (text, blank line, lines of `— name base64(key id ‖ signature)`), tlog-checkpoint (origin, size,
root), tlog-cosignature (Ed25519, `cosignature/v1`). Base64 is read strictly: one text for one value.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4
MOST_LINES = 64
_NAME = r"[^\s+]+"
_LINE = re.compile(rf"— ({_NAME}) ([A-Za-z0-9+/=]+)")
_VKEY = re.compile(rf"({_NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class Malformed(ValueError):
    """Not a note, key or checkpoint."""


class Key(msgspec.Struct, frozen=True):
    """A public key with the name and kind by which its signatures are known."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"


class Signature(msgspec.Struct, frozen=True):
    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.value)}\n"


class Note(msgspec.Struct, frozen=True):
    """`text` ends in a newline and is what was signed."""

    text: str
    signatures: tuple[Signature, ...]


class Checkpoint(msgspec.Struct, frozen=True):
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


def read_key(vkey: str) -> Key:
    found = _VKEY.fullmatch(vkey)
    raw = unb64(found[3]) if found else b""
    if found is None or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise Malformed("no Ed25519 verifier key: name+hash+base64")
    key = Key(found[1], raw[0], raw[1:])
    if key.id.hex() != found[2]:
        raise Malformed("the verifier key's hash is not of its name and key")
    return key


def read_note(note: str) -> Note:
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or any(c < " " and c != "\n" for c in note):
        raise Malformed("no signed note")
    return Note(text + "\n", read_signatures(lines))


def read_signatures(lines: str) -> tuple[Signature, ...]:
    found: list[Signature] = []
    for line in lines.removesuffix("\n").split("\n"):
        match = _LINE.fullmatch(line)
        raw = unb64(match[2]) if match else b""
        if match is None or len(raw) < 5 or len(found) == MOST_LINES:
            raise Malformed("no signature line")
        found.append(Signature(match[1], raw[:4], raw[4:]))
    return tuple(found)


def read_checkpoint(text: str) -> Checkpoint:
    """Of the text of a note; extension lines are allowed and not looked at."""
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or _SIZE.fullmatch(lines[1]) is None:
        raise Malformed("no checkpoint")
    root = unb64(lines[2])
    if len(root) != 32:
        raise Malformed("no root hash")
    return Checkpoint(lines[0], int(lines[1]), root)


def sign(text: str, name: str, private: bytes) -> Signature:
    key = Ed25519PrivateKey.from_private_bytes(private)
    return Signature(name, Key(name, ED25519, public_of(private)).id, key.sign(text.encode()))


def cosign(text: str, name: str, private: bytes, at_s: int) -> Signature:
    """That at this time this was the largest tree of its log that we saw."""
    key = Ed25519PrivateKey.from_private_bytes(private)
    stamp = at_s.to_bytes(8, "big")
    value = stamp + key.sign(_cosigned(text, at_s))
    return Signature(name, Key(name, COSIGNATURE, public_of(private)).id, value)


def signed_by(key: Key, text: str, signatures: Sequence[Signature]) -> Signature | None:
    """This key's signature, if it has one and none of its is wrong."""
    own = [s for s in signatures if (s.name, s.key_id) == (key.name, key.id)]
    return own[0] if own and all(_holds(key, text, s) for s in own) else None


def _holds(key: Key, text: str, signature: Signature) -> bool:
    value, message = signature.value, text.encode()
    if key.kind == COSIGNATURE:
        value, message = value[8:], _cosigned(text, int.from_bytes(value[:8], "big"))
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except InvalidSignature:
        return False
    return True


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def public_of(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("no base64") from None
    if b64(raw) != text:
        raise Malformed("base64 in another spelling")
    return raw
