"""What people hold in their hands, in software: an authenticator app, and a security key that makes passkeys (WebAuthn)."""

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import cbor2
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def code_of(secret: str, at: datetime) -> str:
    """What the authenticator app shows."""
    return pyotp.TOTP(secret).at(at)


@dataclass
class SecurityKey:
    """Keeps a key per site and person. `counts` False: as synced passkeys, it says 0 for ever."""

    origin: str
    counts: bool = True
    verifies: bool = True
    uses: int = 0
    _keys: dict[bytes, tuple[str, bytes, ec.EllipticCurvePrivateKey]] = field(default_factory=dict)

    def create(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.create`."""
        rp, id_ = options["rp"]["id"], secrets.token_bytes(32)
        known = {_bytes(c["id"]) for c in options["excludeCredentials"]}
        assert not known & self._keys.keys(), "this key is registered already"
        private = ec.generate_private_key(ec.SECP256R1())
        self._keys[id_] = (rp, _bytes(options["user"]["id"]), private)
        numbers = private.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + struct.pack(">H", len(id_)) + id_ + cose
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(rp, ATTESTED) + attested}
        client = self._client("webauthn.create", options["challenge"])
        response = {"clientDataJSON": _text(client), "attestationObject": _text(cbor2.dumps(told))}
        return _credential(id_, response | {"transports": ["usb", "telepathy"]})

    def get(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.get`, with the first key that is asked for."""
        allowed = {_bytes(c["id"]) for c in options.get("allowCredentials") or []}
        fits = [
            i
            for i, (rp, _, _) in self._keys.items()
            if rp == options["rpId"] and (not allowed or i in allowed)
        ]
        assert fits, "no passkey of this site is here"
        _, handle, private = self._keys[fits[0]]
        if self.counts:
            self.uses += 1
        data = self._data(options["rpId"], 0)
        client = self._client("webauthn.get", options["challenge"])
        signature = private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": _text(client), "authenticatorData": _text(data)}
        response |= {"signature": _text(signature), "userHandle": _text(handle)}
        return _credential(fits[0], response)

    def _data(self, rp: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp.encode()).digest() + struct.pack(">BI", flags, self.uses)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()


def _credential(id_: bytes, response: dict[str, Any]) -> dict[str, Any]:
    text = _text(id_)
    return {
        "id": text,
        "rawId": text,
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
