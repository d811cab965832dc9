"""Codes that come in a supplier's answer, or by hand, instead of a file: some go on to a buyer at once, some stay here.

Both are entered in the table of fingerprints, so that a supplier who sells a code twice is found out, whoever bought it
first.
"""

import os
from collections.abc import Sequence

import msgspec

from commissary import provenance
from commissary.base import db, outbox
from commissary.base.arrays import Bigints, Byteas, Ints, Texts, Timestamps
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.provenance import rules as custody
from commissary.provenance.types import Kind as CustodyKind
from commissary.stock.chunk import FOREVER
from commissary.stock.merkle import Tree
from commissary.stock.normalise import normalise
from commissary.stock.store import Q
from commissary.stock.types import Code
from commissary.stock.vault import new_batch


class Bought(msgspec.Struct, frozen=True):
    """The codes of one purchase. `id` is the purchase's; the codes are numbered from 1 in it, or from behind `before`."""

    id: int
    sku_id: int
    codes: tuple[Code, ...]
    before: int = 0


LINE_ROOM = 1 << 20  # more than a line has pieces


def by_hand(order_id: int, line_no: int, sku_id: int, codes: Sequence[Code]) -> Bought:
    """Codes that a person gives for a line: their place is the order, and a room of numbers for each of its lines."""
    return Bought(order_id, sku_id, tuple(codes), line_no * LINE_ROOM)


class Raced(Exception):
    """One of the codes came from elsewhere in this moment: ask again in a new transaction."""


async def known_codes(tx: db.Tx, env: Env, mall: int, bought: Sequence[Bought]) -> set[int]:
    """The purchases with a code that was here before, or that another of them brings too."""
    prints = await _fingerprints(tx, env, mall, bought)
    firsts: dict[bytes, int] = {}
    known: set[int] = set()
    for purchase, _, fingerprint in prints:
        if firsts.setdefault(fingerprint, purchase) != purchase:
            known.add(purchase)
    asked = sorted(firsts)
    found = await db.rows(tx, Q.known, {"fingerprints": Byteas(asked), "batches": Bigints([])})
    taken = {asked[n - 1] for n, _ in found}
    return known | {purchase for purchase, _, fingerprint in prints if fingerprint in taken}


async def claim_codes(tx: db.Tx, env: Env, mall: int, bought: Sequence[Bought]) -> None:
    """They go to a buyer and are never sold again. None of them is known; raises Raced if one has become so since."""
    prints = await _fingerprints(tx, env, mall, bought)
    if prints and await _enter(tx, mall, prints) != len(prints):
        raise Raced


async def find_code(tx: db.Tx, env: Env, mall: int, code: Code) -> tuple[int, int] | None:
    """Where a code of this mall lies: (batch, seq), or (purchase or order, number in it) of one that went to a buyer at once. By its
    fingerprint under every brand of the mall, so that nobody has to say what it is a code of."""
    prints = {_fingerprint(env, code, *how) for how in await db.rows(tx, Q.all_scopes, {"mall": mall})}
    found = await db.row(tx, Q.place_of, {"mall": mall, "fingerprints": Byteas(sorted(prints))})
    return None if found is None else (found[0], found[1])


async def receive(
    tx: db.Tx,
    env: Env,
    home: int,
    bought: Bought,
    *,
    supplier_id: int,
    unit_cost_e4: int,
    currency: str,
    source: str,
) -> int:
    """Into the vault as a batch with one open lot; its id. None of the codes is known; raises Raced otherwise."""
    mall = mall_of(home)
    now, batch = env.now(mall), env.ids.new()
    sealer = new_batch(env.keys, mall, batch)
    ciphers, commitments = sealer.seal_many(1, [(c.number, c.secret) for c in bought.codes])
    prints = await _fingerprints(tx, env, mall, [bought])
    if await _enter(tx, mall, [(batch, seq, print_) for _, seq, print_ in prints]) != len(prints):
        raise Raced
    tree = Tree()
    tree.extend(commitments)
    count = len(bought.codes)
    one = {
        "home": home,
        "sku": bought.sku_id,
        "supplier": supplier_id,
        "source": source,
        "proof_name": None,
        "proof_sha256": None,
        "cost_e4": unit_cost_e4,
        "currency": currency,
        "import": None,
        "at": now,
        "unlimited": False,
        "ids": Bigints([batch]),
        "ends": Timestamps([FOREVER]),
        "deks": Byteas([sealer.wrapped]),
        "keks": Texts([sealer.kek_id]),
        "batches": Bigints([batch] * count),
        "seqs": Ints(range(1, count + 1)),
        "ciphers": Byteas(ciphers),
        "commitments": Byteas(commitments),
    }
    await db.run(tx, Q.add_batches, one)
    await db.run(tx, Q.add_codes, one)
    await db.run(tx, Q.grow_batches, {"home": home, "batches": Bigints([batch]), "received": Ints([count])})
    sealed = {"home": home, "at": now, "batches": Bigints([batch]), "roots": Byteas([tree.root()])}
    sealed |= {"state": "open", "reason": "", "held": False}
    await db.run(tx, Q.seal_batches, sealed)
    facts = {"batch": str(batch), "sku": str(bought.sku_id), "count": count, "root": tree.root().hex()}
    at_ms = int(now.timestamp() * 1000)
    leaf = custody.event(batch, 1, CustodyKind.batch_received, facts, at_ms, os.urandom(16))
    await provenance.append(tx, home, now, [leaf])
    told = {"sku": str(bought.sku_id), "count": count}
    await outbox.publish(tx, home, [outbox.Event("stock.received", batch, 1, 0, now, told)], now)
    return batch


async def _fingerprints(
    tx: db.Tx, env: Env, mall: int, bought: Sequence[Bought]
) -> list[tuple[int, int, bytes]]:
    """(purchase, number in it, fingerprint)"""
    rules: dict[int, tuple[str, bool, str]] = {}
    skus = sorted({b.sku_id for b in bought})
    for sku, kind, case_sensitive, scope in await db.rows(
        tx, Q.scopes, {"mall": mall, "skus": Bigints(skus)}
    ):
        rules[sku] = (kind, case_sensitive, scope)
    prints = []
    for purchase in bought:
        how = rules[purchase.sku_id]
        if how[0] == "shared":  # one code, the same for everybody
            continue
        prints += [
            (purchase.id, n, _fingerprint(env, code, *how))
            for n, code in enumerate(purchase.codes, purchase.before + 1)
        ]
    return prints


def _fingerprint(env: Env, code: Code, kind: str, case_sensitive: bool, scope: str) -> bytes:
    value = normalise(code.secret, case_sensitive=case_sensitive)
    if code.number is not None and kind != "link":
        value = f"{normalise(code.number, case_sensitive=case_sensitive)}\x1f{value}"
    return env.keys.blind(scope, value)


async def _enter(tx: db.Tx, mall: int, prints: Sequence[tuple[int, int, bytes]]) -> int:
    """In sorted order, so that two who share codes wait for each other instead of locking crosswise."""
    if not prints:
        return 0
    placed = sorted((fingerprint, batch, seq) for batch, seq, fingerprint in prints)
    fingerprints, batches, seqs = zip(*placed, strict=True)
    return await db.run(
        tx,
        Q.add_fingerprints,
        {
            "mall": mall,
            "fingerprints": Byteas(fingerprints),
            "batches": Bigints(batches),
            "seqs": Ints(seqs),
        },
    )
