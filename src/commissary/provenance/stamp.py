"""A third party's time on a checkpoint (RFC 3161): that the log said this no later than then, whoever holds our keys.

What is stamped is the checkpoint as the log signed it, byte for byte, without cosignatures. An answer is kept only if it is
the authority's: signed by a certificate for time stamps that leads to a root we were given and was valid at that time, over
our hash and our nonce, and at a time that our clock can believe.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.base.outgoing import Blocked, Outgoing, Unreachable
from commissary.provenance import note, store

log = logging.getLogger("commissary.log")
S = sql.load(__package__, "stamp.sql")

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
EVERY = timedelta(days=1)
REST = timedelta(minutes=10)  # after a request that brought nothing; and as long as one may take
DRIFT = timedelta(minutes=5)  # how far the authority's clock may be from ours
MOST_BYTES = 65_536


class Untrue(Exception):
    """An answer that proves nothing; its text is a code."""


@dataclass(frozen=True)
class Authority:
    """Who stamps, and the certificates that we trust to have made him."""

    url: str
    roots: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, url: str, pem: bytes) -> "Authority":
        """Raises ValueError."""
        return cls(url, tuple(x509.load_pem_x509_certificates(pem)))


class Stamp(msgspec.Struct, frozen=True):
    """`response` is the authority's whole answer, DER; `checkpoint` the text that it is of."""

    size: int
    at: datetime
    response: bytes
    authority: str
    checkpoint: str


async def stamp(env: Env, outgoing: Outgoing, authority: Authority, home: int) -> bool:
    """Have the newest checkpoint stamped, if none was today; whether it was."""
    mall, now = mall_of(home), env.clock()
    async with env.db.transaction(mall) as tx:
        claimed = await db.run(tx, S.claim, {"home": home, "now": now, "until": now + REST})
        signed = await store.checkpoint(tx, home)
        last = await newest(tx, home)
    if not claimed or signed is None or (last is not None and last.size == signed.size):
        return False
    text = bare(signed.note)
    request, nonce = request_of(text)
    trouble, at, body = "", None, b""
    try:
        reply = await outgoing.post(authority.url, {"content-type": QUERY, "accept": REPLY}, request)
        if reply.status == 200:
            body = reply.body
            at = verified(body, text, nonce, authority, now)
        else:
            trouble = f"status_{reply.status}"
    except Blocked as no:
        trouble = no.refusal.code
    except Unreachable as silent:
        trouble = silent.kind.code
    except Untrue as lie:
        trouble = str(lie)
    if trouble:
        log.warning("the log of home %d was not stamped: %s", home, trouble)
    async with env.db.transaction(mall) as tx:
        if at is not None:
            facts = {"home": home, "size": signed.size, "at": at, "response": body}
            await db.run(tx, S.add, facts | {"authority": authority.url})
        due = now + (REST if trouble else EVERY)
        await db.run(tx, S.ended, {"home": home, "due": due, "trouble": trouble})
    return at is not None


def bare(signed: str) -> str:
    """The checkpoint with the log's own signature alone, whoever cosigned it since."""
    read = note.read_note(signed)
    return read.text + "\n" + read.signatures[0].line


def request_of(text: str) -> tuple[bytes, int]:
    """With the nonce that the answer must bear; the library draws it."""
    builder = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256)
    made = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    assert made.nonce is not None
    return made.as_bytes(), made.nonce


def verified(
    response: bytes, text: str, nonce: int | None, authority: Authority, now: datetime | None
) -> datetime:
    """The time that it proves. Raises Untrue. Without `nonce` and `now`, for one that was kept."""
    if len(response) > MOST_BYTES:
        raise Untrue("too_long")
    try:
        read = decode_timestamp_response(response)
        told = read.tst_info
    except (ValueError, TypeError):
        raise Untrue("unreadable") from None
    builder = VerifierBuilder(roots=list(authority.roots), intermediates=[], nonce=nonce)
    try:
        builder.build().verify(read, hashlib.sha256(text.encode()).digest())
    except VerificationError as error:
        log.info("a time stamp that does not hold: %s", error)
        raise Untrue("not_verified") from None
    except ValueError:
        raise Untrue("unreadable") from None
    at = told.gen_time.replace(tzinfo=UTC) if told.gen_time.tzinfo is None else told.gen_time
    if now is not None and abs(at - now) > DRIFT:
        raise Untrue("wrong_time")
    return at


async def newest(tx: db.Tx, home: int) -> Stamp | None:
    found = await db.row(tx, S.newest, {"home": home})
    if found is None:
        return None
    size, at, response, authority, text = found
    return Stamp(size, at, bytes(response), authority, bare(text))


async def trouble_of(tx: db.Tx, home: int) -> str:
    """Why the last request brought nothing; '' if it did, or if nobody asked yet."""
    found = await db.row(tx, S.trouble, {"home": home})
    return "" if found is None else str(found[0])
