#!/usr/bin/env python3
"""Check a proof of custody, or a whole exported log, without asking anybody. 离线验证流转存证或导出的完整日志。

    python verify.py proof.json [--key VKEY] [--since CHECKPOINT]
    python verify.py FOLDER     [--key VKEY] [--since CHECKPOINT]

Needs Python and the package `cryptography`. It says OK and ends with 0, or which entry is wrong and ends with 1. Without
--key the log's key is believed as the file gives it: compare it once with the one the mall publishes. --since is a checkpoint
you kept from earlier, which the log must continue.

An event is a line of JSON; its commitment is sha256(0x00 ‖ event); the commitments are the entries of a Merkle tree (RFC
9162) whose root the log has signed (C2SP checkpoint, tiles, cosignature).
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEX32 = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Fault(Exception):
    """What does not hold, and at which entry of the log, if it is one's."""

    def __init__(self, why: str, entry: int | None = None) -> None:
        super().__init__(why if entry is None else f"entry {entry}: {why}")
        self.entry = entry


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def h(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unb64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Fault("base64 is broken") from None
    if base64.b64encode(raw).decode() != text:
        raise Fault("base64 is spelled in another way")
    return raw


def key_of(vkey: str) -> tuple[str, bytes, int, bytes]:
    """(name, key id, kind, public key) of `name+hash+base64`."""
    found = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", vkey)
    if found is None:
        raise Fault("the key is no verifier key")
    raw = unb64(found[3])
    key_id = h(utf8(found[1]), b"\n", raw)[:4]
    if len(raw) != 33 or raw[0] not in (1, 4) or key_id.hex() != found[2]:
        raise Fault("the key does not fit its own hash")
    return found[1], key_id, raw[0], raw[1:]


def checkpoint_of(note: str, vkey: str, witnesses: list[str]) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint that this key signed and each of these witnesses cosigned."""
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    if not blank or not lines.endswith("\n"):
        raise Fault("the checkpoint is no signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        if found is None:
            raise Fault("a signature line of the checkpoint is broken")
        raw = unb64(found[2])
        signatures.append((found[1], raw[:4], raw[4:]))
    for wanted in [vkey, *witnesses]:
        name, key_id, kind, public = key_of(wanted)
        own = [value for n, i, value in signatures if (n, i) == (name, key_id)]
        if not own:
            raise Fault(f"the checkpoint is not signed by {name}")
        for value in own:
            message = utf8(text)
            if kind == 4:
                stamp, value = int.from_bytes(value[:8], "big"), value[8:]
                message = f"cosignature/v1\ntime {stamp}\n".encode() + message
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(value, message)
            except InvalidSignature:
                raise Fault(f"the signature of {name} does not fit the checkpoint") from None
    parts = text.split("\n")
    if len(parts) != 4 or parts[3] or not parts[0] or not NUMBER.fullmatch(parts[1]):
        raise Fault("the checkpoint is not origin, size and root")
    root = unb64(parts[2])
    if len(root) != 32:
        raise Fault("the checkpoint's root is no hash")
    return parts[0], int(parts[1]), root


def root_of(nodes: list[bytes]) -> bytes:
    """Of leaf hashes, or of the roots of perfect subtrees of one size."""
    if not nodes:
        return h()
    while len(nodes) > 1:
        paired = [h(b"\1", nodes[i], nodes[i + 1]) for i in range(0, len(nodes) - 1, 2)]
        nodes = paired + nodes[len(paired) * 2 :]
    return nodes[0]


def climb(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to."""
    low, high, sides = 0, size, []
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        sides.append(index >= middle)
        low, high = (middle, high) if index >= middle else (low, middle)
    if not 0 <= index < size or len(path) != len(sides):
        raise Fault("the path does not lead through a tree of this size", index)
    for right, step in zip(reversed(sides), path, strict=True):
        leaf = h(b"\1", step, leaf) if right else h(b"\1", leaf, step)
    return leaf


def fields(found: Any, **kinds: type) -> list[Any]:
    """The values of an object that has these fields and no others."""
    if not isinstance(found, dict) or set(found) != set(kinds):
        raise Fault(f"not an object of {', '.join(kinds)}")
    for name, kind in kinds.items():
        if type(found[name]) is not kind:
            raise Fault(f"{name} is no {kind.__name__}")
    return [found[name] for name in kinds]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Fault("a field stands twice")
    return dict(pairs)


def load(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Fault("this is no JSON") from None


def hash_of(text: Any) -> bytes:
    if not isinstance(text, str) or not HEX32.fullmatch(text):
        raise Fault("this is no hash in lower-case hex")
    return bytes.fromhex(text)


def verify_proof(text: str, key: str | None = None) -> tuple[str, int, bytes, list[dict[str, Any]]]:
    """(origin, size, root, the events) of a proof, or of an answer of the API that has one. Raises Fault."""
    found = load(text)
    if isinstance(found, dict) and "proof" in found:
        found = found["proof"]
    form, vkey, witnesses, note, order, party, entries = fields(
        found, format=str, key=str, witnesses=list, checkpoint=str, order=str, party=str, entries=list
    )
    if form != "commissary-proof/1":
        raise Fault("the format is not commissary-proof/1")
    if key is not None and vkey != key:
        raise Fault("the proof names another key than the one you trust")
    if not NUMBER.fullmatch(order) or not NUMBER.fullmatch(party) or not entries:
        raise Fault("the proof names no order, no buyer or no event")
    if not all(isinstance(w, str) for w in witnesses):
        raise Fault("a witness is no verifier key")
    origin, size, root = checkpoint_of(note, vkey, witnesses)
    events = []
    for entry in entries:
        body, salt, index, path = fields(entry, body=str, salt=str, index=int, path=list)
        events.append(_event(body, salt, index, path, order, party, size, root))
    if len({e["index"] for e in entries}) != len(entries):
        raise Fault("an event stands twice")
    return origin, size, root, events


def _event(
    body: str, salt: str, index: int, path: list[Any], order: str, party: str, size: int, root: bytes
) -> dict[str, Any]:
    leaf = h(b"\0", h(b"\0", utf8(body)))
    if climb(index, size, leaf, [hash_of(step) for step in path]) != root:
        raise Fault("the event is not at this place of the log, or was changed", index)
    event = load(body)
    if not isinstance(event, dict) or event.get("order") != order:
        raise Fault("the event is of another order", index)
    salted = bytes.fromhex(salt) if re.fullmatch(r"[0-9a-f]{32}", salt) else b""
    if event.get("party") != h(salted, party.encode()).hex():
        raise Fault("the event was not with this buyer, or its salt was changed", index)
    return event


def tile_path(folder: Path, level: str, number: int, width: int) -> Path:
    name = f"{number % 1000:03}"
    while number := number // 1000:
        name = f"x{number % 1000:03}/{name}"
    return folder / "tile" / level / (name if width == 256 else f"{name}.p/{width}")


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Fault(f"{path} is missing") from None


def text_of(path: Path) -> str:
    """What is no UTF-8 becomes something that no check lets pass."""
    return read(path).decode("utf-8", "replace")


def entries_of(bundle: bytes, first: int, width: int) -> list[bytes]:
    found, at = [], 0
    for i in range(width):
        length = int.from_bytes(bundle[at : at + 2], "big")
        if length != 32 or at + 34 > len(bundle):
            raise Fault("its bundle is broken here", first + i)
        found.append(bundle[at + 2 : at + 34])
        at += 34
    if at != len(bundle):
        raise Fault("its bundle goes on behind its last entry", first + width - 1)
    return found


def verify_log(folder: Path, key: str | None = None) -> tuple[str, int, bytes, list[bytes]]:
    """(origin, size, root, the leaf hashes) of an exported log. Raises Fault."""
    vkey, *witnesses = text_of(folder / "key").split("\n")
    if not witnesses or witnesses.pop():
        raise Fault("the key file is not a line per key")
    if key is not None and vkey != key:
        raise Fault("the log names another key than the one you trust")
    origin, size, root = checkpoint_of(text_of(folder / "checkpoint"), vkey, witnesses)
    leaves: list[bytes] = []
    for number in range(-(-size // 256)):
        first, width = number * 256, min(256, size - number * 256)
        bundle = read(tile_path(folder, "entries", number, width))
        hashes = [h(b"\0", entry) for entry in entries_of(bundle, first, width)]
        _compare(folder, 0, number, hashes)
        leaves += hashes
    level, nodes = 0, leaves
    while len(nodes) >= 256:
        nodes = [root_of(nodes[i : i + 256]) for i in range(0, len(nodes) - 255, 256)]
        level += 1
        for i in range(0, len(nodes), 256):
            _compare(folder, level, i // 256, nodes[i : i + 256])
    if root_of(leaves) != root:
        raise Fault("the entries are not those of the signed checkpoint: one was removed, added or moved")
    return origin, size, root, leaves


def _compare(folder: Path, level: int, number: int, hashes: list[bytes]) -> None:
    tile = read(tile_path(folder, str(level), number, len(hashes)))
    for i, made in enumerate(hashes):
        if tile[i * 32 : i * 32 + 32] != made:
            covers = 256**level
            upto = "" if covers == 1 else f", one of {covers} entries"
            raise Fault(f"the entry and its hash at level {level} differ{upto}", (number * 256 + i) * covers)
    if len(tile) != len(hashes) * 32:
        raise Fault(f"tile {number} of level {level} is too long")


def main() -> int:
    asked = argparse.ArgumentParser(description="Check a proof of custody or an exported log, offline.")
    asked.add_argument("path", type=Path, help="proof.json, or the folder of an exported log")
    asked.add_argument("--key", help="the log's verifier key that you trust")
    asked.add_argument("--since", type=Path, help="a checkpoint that you kept: the log must continue it")
    given = asked.parse_args()
    try:
        if given.path.is_dir():
            origin, size, root, leaves = verify_log(given.path, given.key)
            if given.since is not None:
                vkey = given.key or text_of(given.path / "key").split("\n")[0]
                before, old, was = checkpoint_of(text_of(given.since), vkey, [])
                if before != origin or old > size or root_of(leaves[:old]) != was:
                    raise Fault(f"the log does not continue your checkpoint of {old} entries")
            print(f"OK: {size} entries of {origin}, root {root.hex()}")
        else:
            if given.since is not None:
                raise Fault("--since is for a log")
            origin, size, _, events = verify_proof(text_of(given.path), given.key)
            for event in events:
                print(f"  {event['kind']}: line {event.get('line')}, at_ms {event['at_ms']}")
            print(f"OK: {len(events)} events in {origin} of {size} entries")
        if given.key is None:
            print("The key is the file's own; compare it with the one the mall publishes (--key).")
    except Fault as fault:
        print(f"FAULT: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
