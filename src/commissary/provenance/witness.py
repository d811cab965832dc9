"""Witnesses (C2SP tlog-witness): we cosign what others' logs show us, others cosign ours.

A witness keeps of each log the last checkpoint it cosigned, and cosigns the next only with a proof that it continues it.
So a log that shows two histories to two people needs every witness for its lie.
"""

from datetime import timedelta

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.base.outgoing import Blocked, Outgoing, Unreachable
from commissary.provenance import keys, note, sign, store, tree
from commissary.provenance.types import ProvenanceRefusal, Signed, WitnessView
from commissary.tenancy.types import Actor

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
MOST_PROOF = 63
REST = timedelta(seconds=30)  # after a request that brought nothing

Answered = tuple[int, str, str]
"""(HTTP status, content type, body)"""


# As a witness -----------------------------------------------------------------------------------------------------


async def witness_key(env: Env, home: int, name: str) -> note.Key:
    """What others need to believe our cosignatures. `name` is what the key is called when it must be made."""
    async with env.db.transaction(mall_of(home)) as tx:
        await keys.private(tx, env, home, "witness", name)
        made = await keys.public(tx, home, "witness")
    assert made is not None
    return made


async def watch(env: Env, actor: Actor, vkey: str) -> str:
    """Cosign that log's checkpoints from now on; its origin. The key of an origin that is watched stays."""
    tenancy.require(actor, "mall.write")
    key = _key(vkey, note.ED25519)
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        facts = {"home": home, "origin": key.name, "vkey": vkey, "at": env.now(actor.mall_id)}
        if await db.run(tx, store.Q.watch, facts):
            await tenancy.audit(tx, env, actor, "log.watch", f"log:{key.name}", None, {"vkey": vkey})
    return key.name


async def add_checkpoint(env: Env, home: int, name: str, body: bytes) -> Answered:
    """What a witness answers. `name` is what its key is called when it must be made."""
    try:
        old, proof, asked, checkpoint = _read_request(body)
    except (UnicodeDecodeError, note.Malformed) as error:
        return 400, PLAIN, f"{error}\n"
    of_log = {"home": home, "origin": checkpoint.origin}
    async with env.db.transaction(mall_of(home)) as tx:
        known = await db.row(tx, store.Q.watched_key, of_log)
        if known is None:
            return 404, PLAIN, "this log is not known here\n"
        if note.signed_by(note.read_key(known[0]), asked.text, asked.signatures) is None:
            return 403, PLAIN, "not signed by the log's key\n"
        if old > checkpoint.size:
            return 400, PLAIN, "the old size is larger than the checkpoint's\n"
        held = await db.row(tx, store.Q.hold_watched, of_log)
        assert held is not None
        size, root = held[0], bytes(held[1] or tree.EMPTY)
        if old != size or (size == checkpoint.size and size and root != checkpoint.root):
            return 409, SIZE, f"{size}\n"
        if not tree.consistent(size, root, checkpoint.size, checkpoint.root, proof):
            return 422, PLAIN, "the proof does not lead from the old root to the new one\n"
        at = env.clock()
        new = {"size": checkpoint.size, "root": checkpoint.root, "note": asked.text, "at": at}
        await db.run(tx, store.Q.set_watched, of_log | new)
        signer, private = await keys.private(tx, env, home, "witness", name)
        line = note.cosign(asked.text, signer, private, int(at.timestamp())).line
    return 200, PLAIN, line


def _read_request(body: bytes) -> tuple[int, list[bytes], note.Note, note.Checkpoint]:
    head, blank, signed = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    word, _, number = first.partition(" ")
    if not blank or word != "old" or not number.isascii() or not number.isdigit() or len(lines) > MOST_PROOF:
        raise note.Malformed("an old size, a proof of at most 63 hashes, an empty line, a checkpoint")
    if len(number) > 18 or str(int(number)) != number:
        raise note.Malformed("the old size is no plain number")
    proof = [note.unb64(line) for line in lines]
    if any(len(step) != tree.HASH for step in proof):
        raise note.Malformed("a line of the proof is no hash")
    asked = note.read_note(signed)
    return int(number), proof, asked, note.read_checkpoint(asked.text)


# With witnesses ---------------------------------------------------------------------------------------------------


async def add_witness(env: Env, actor: Actor, url: str, vkey: str, outgoing: Outgoing | None) -> int:
    """Have our checkpoints cosigned there: `url` is its submission prefix. Refuses key_malformed, witness_known, and
    addresses that may not be called."""
    tenancy.require(actor, "mall.write")
    _key(vkey, note.COSIGNATURE)
    if outgoing is not None:
        outgoing.require(url)
    home, witness = home_of(actor.mall_id), env.ids.new()
    async with env.db.transaction(actor.mall_id) as tx:
        facts = {"home": home, "id": witness, "url": url.rstrip("/"), "vkey": vkey}
        if not await db.run(tx, store.Q.add_witness, facts):
            raise Refused(ProvenanceRefusal.witness_known)
        after = {"url": url, "vkey": vkey}
        await tenancy.audit(tx, env, actor, "log.add_witness", f"witness:{witness}", None, after)
    return witness


async def ask(env: Env, outgoing: Outgoing, home: int) -> int:
    """Show the newest checkpoint to every witness that has not seen it; how many cosigned. Two processes may do it at once:
    the second is told the size and has nothing left to do."""
    mall, now, cosigned = mall_of(home), env.clock(), 0
    async with env.db.transaction(mall) as tx:
        signed = await store.checkpoint(tx, home)
        known = await store.witnesses(tx, home)
    for witness in known:
        if signed is None or witness.size >= signed.size:
            continue
        if witness.trouble and witness.asked_at is not None and now < witness.asked_at + REST:
            continue
        cosigned += await _ask_one(env, outgoing, home, signed, witness)
    return cosigned


async def _ask_one(env: Env, outgoing: Outgoing, home: int, signed: Signed, witness: WitnessView) -> bool:
    mall = mall_of(home)
    async with env.db.transaction(mall) as tx:
        proof = await sign.consistency(tx, home, witness.size, signed.size)
    lines = [f"old {witness.size}", *map(note.b64, proof)]
    body = "\n".join(lines) + "\n\n" + signed.note
    size, trouble, line = witness.size, "", None
    try:
        reply = await outgoing.post(f"{witness.url}/add-checkpoint", {"content-type": PLAIN}, body.encode())
    except Blocked as no:
        trouble = no.refusal.code
    except Unreachable as silent:
        trouble = silent.kind.code
    else:
        if reply.status == 200:
            line = _cosignature(witness.vkey, signed, reply.body)
            size, trouble = (signed.size, "") if line else (size, "not_cosigned")
        elif reply.status == 409:
            told = _number(reply.body)
            moved = told is not None and told <= signed.size and told != witness.size
            size, trouble = (told or 0, "") if moved else (size, "conflict")
        else:
            trouble = f"status_{reply.status}"
    at = env.clock()
    async with env.db.transaction(mall) as tx:
        if line is not None:
            facts = {"home": home, "size": signed.size, "witness": witness.id, "line": line, "at": at}
            await db.run(tx, store.Q.add_cosignature, facts)
        seen = {"home": home, "id": witness.id, "size": size, "at": at, "trouble": trouble}
        await db.run(tx, store.Q.saw, seen)
    return line is not None


def _cosignature(vkey: str, signed: Signed, body: bytes) -> str | None:
    try:
        found = note.read_signatures(body.decode())
        text = note.read_note(signed.note).text
    except (UnicodeDecodeError, note.Malformed):
        return None
    own = note.signed_by(note.read_key(vkey), text, found)
    return None if own is None else own.line


def _number(body: bytes) -> int | None:
    text = body.strip()
    return int(text) if text.isdigit() and len(text) <= 18 else None


def _key(vkey: str, kind: int) -> note.Key:
    try:
        key = note.read_key(vkey)
    except note.Malformed:
        raise Refused(ProvenanceRefusal.key_malformed) from None
    if key.kind != kind:
        raise Refused(ProvenanceRefusal.key_malformed)
    return key
