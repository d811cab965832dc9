"""The only place where codes are encrypted and decrypted.

One data key (DEK) per batch, wrapped by the keyring's KEK. A code's cipher is bound to `1|mall|batch|seq|dek`, never to
home, lot or KEK: codes may move between homes, lots may split, the KEK may change. Commitments let a code be proven to
have been in its batch without showing it: sha256(salt ‖ code), the salt derived from the data key and the code's place.
"""

import asyncio
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commissary.base import db
from commissary.base.arrays import Bigints
from commissary.base.crypto import NONCE, KeyFault, Keyring
from commissary.base.home import mall_of
from commissary.stock import store
from commissary.stock.types import Code

_pack = msgspec.msgpack.encode
_unpack = msgspec.msgpack.Decoder(tuple[str | None, str]).decode
DEK_NO = 1


class Locked(Exception):
    """The batch's data key is not unwrapped here."""


@dataclass
class Vault:
    """Data keys that were unwrapped lately, by (home, batch). Lives in the process that delivers, nowhere else."""

    keys: Keyring = field(repr=False)
    most: int = 50_000
    _open: OrderedDict[tuple[int, int], tuple[AESGCM, bytes]] = field(default_factory=OrderedDict, repr=False)
    _asked: dict[int, tuple[set[int], asyncio.Task[None]]] = field(default_factory=dict, repr=False)

    async def unlock(self, database: db.Database, home: int, batches: Iterable[int]) -> None:
        """`ready` for whoever has no transaction: one reading for all that ask at the same moment, as they do when a
        hundred orders of a new delivery were committed together."""
        missing = [b for b in batches if (home, b) not in self._open]
        if not missing:
            return
        if home not in self._asked:
            wanted: set[int] = set()
            self._asked[home] = (wanted, asyncio.create_task(self._unlock(database, home, wanted)))
        wanted, reading = self._asked[home]
        wanted.update(missing)
        await asyncio.shield(reading)

    async def _unlock(self, database: db.Database, home: int, wanted: set[int]) -> None:
        await asyncio.sleep(0)
        del self._asked[home]  # whoever asks from here on is read for in the next round
        async with database.transaction(mall_of(home), "vault") as tx:
            await self.ready(tx, home, wanted)

    async def ready(self, tx: db.Tx, home: int, batches: Iterable[int]) -> None:
        """Unwrap what `open` will need; `tx` belongs to the vault role."""
        missing = [b for b in set(batches) if (home, b) not in self._open]
        if not missing:
            return
        for batch, kek_id, wrapped in await db.rows(
            tx, store.Q.data_keys, {"home": home, "batches": Bigints(missing)}
        ):
            if wrapped is None:
                raise KeyFault(f"the data key of batch {batch} was destroyed")
            dek = self.keys.unwrap(kek_id, bytes(wrapped), _wrap_aad(mall_of(home), batch))
            place = b"1|%d|%d|%%d|%d" % (mall_of(home), batch, DEK_NO)
            self._open[home, batch] = (AESGCM(dek), place)
        while len(self._open) > self.most:
            self._open.popitem(last=False)

    def open(self, home: int, batch: int, seq: int, cipher: bytes) -> Code:
        """Decrypt one code. Raises Locked without `ready` or `unlock` before."""
        try:
            dek, place = self._open[home, batch]
        except KeyError:
            raise Locked from None
        try:
            plain = dek.decrypt(cipher[:NONCE], cipher[NONCE:], place % seq)
        except InvalidTag:
            raise KeyFault(f"code {seq} of batch {batch} does not belong to its place") from None
        number, secret = _unpack(plain)
        return Code(secret, number)


@dataclass(frozen=True)
class Sealer:
    """Encrypts the codes of one batch. `wrapped` and `kek_id` are what the batch row stores."""

    mall: int
    batch: int
    kek_id: str
    wrapped: bytes
    _dek: bytes = field(repr=False)
    _cipher: AESGCM = field(repr=False)

    def seal(self, seq: int, number: str | None, secret: str) -> tuple[bytes, bytes]:
        """(cipher, commitment)."""
        plain = _pack((number, secret))
        nonce = os.urandom(NONCE)
        cipher = nonce + self._cipher.encrypt(
            nonce, plain, b"1|%d|%d|%d|%d" % (self.mall, self.batch, seq, DEK_NO)
        )
        return cipher, commitment(self._dek, seq, plain)

    def seal_many(
        self, first_seq: int, codes: Sequence[tuple[str | None, str]]
    ) -> tuple[list[bytes], list[bytes]]:
        """(ciphers, commitments) of codes `first_seq`, `first_seq + 1`, …: `seal` in a loop, at a third less."""
        place = b"1|%d|%d|%%d|%d" % (self.mall, self.batch, DEK_NO)
        chance = os.urandom(NONCE * len(codes))
        encrypt, dek, digest, sha256 = self._cipher.encrypt, self._dek, hmac.digest, hashlib.sha256
        ciphers, commitments = [], []
        at = 0
        for seq, code in enumerate(codes, first_seq):
            plain = _pack(code)
            nonce = chance[at : at + NONCE]
            at += NONCE
            ciphers.append(nonce + encrypt(nonce, plain, place % seq))
            salt = digest(dek, b"commitment|%d" % seq, "sha256")[:16]
            commitments.append(sha256(salt + plain).digest())
        return ciphers, commitments


def new_batch(keys: Keyring, mall: int, batch: int) -> Sealer:
    dek = os.urandom(32)
    kek_id, wrapped = keys.wrap(dek, _wrap_aad(mall, batch))
    return Sealer(mall, batch, kek_id, wrapped, dek, AESGCM(dek))


def open_batch(keys: Keyring, mall: int, batch: int, kek_id: str, wrapped: bytes) -> Sealer:
    """To go on importing into a batch that was begun before a crash."""
    dek = keys.unwrap(kek_id, wrapped, _wrap_aad(mall, batch))
    return Sealer(mall, batch, kek_id, wrapped, dek, AESGCM(dek))


def rewrapped(keys: Keyring, mall: int, batch: int, kek_id: str, wrapped: bytes) -> tuple[str, bytes]:
    """The same data key under the current KEK; no code is touched."""
    aad = _wrap_aad(mall, batch)
    return keys.wrap(keys.unwrap(kek_id, wrapped, aad), aad)


def commitment(dek: bytes, seq: int, plain: bytes) -> bytes:
    salt = hmac.digest(dek, b"commitment|%d" % seq, "sha256")[:16]
    return hashlib.sha256(salt + plain).digest()


def _wrap_aad(mall: int, batch: int) -> bytes:
    return b"dek|%d|%d" % (mall, batch)
