"""The mall that is measured: goods, prices, buyers and codes, enough to sell at full speed.

Goods, price books, buyers, credit, keys and the first codes of every eighth SKU come through the product's own verbs. The
bulk of the codes is sealed by the product's vault and written by COPY, because a million codes file by file would take
minutes; they are whole: ciphers, commitments, Merkle roots, fingerprints, custody. `commissary check` finds nothing.
"""

import asyncio
import itertools
import os
import secrets
import struct
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg

from bench import asks
from commissary import catalog, partners, pricing, provenance, risk, stock, tenancy
from commissary.base import crypto, money, outbox
from commissary.base.arrays import Bigints, Byteas, Ints, Texts
from commissary.base.env import Env
from commissary.base.home import home
from commissary.catalog.types import SkuDraft
from commissary.cli.example_mall import SCOPES, open_buyer
from commissary.cli.malls import open_mall
from commissary.pricing.types import Ladder
from commissary.provenance import rules as custody
from commissary.provenance.types import CustodyEvent, Kind
from commissary.risk.types import Velocity
from commissary.stock import merkle, vault
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor

SLUG = "bench"
COST = "8.5000"
LIST = ("10.0000", "9.8000", "9.5000")  # one, ten, fifty pieces
TIERS = (("银牌", ("9.7000", "9.5000", "9.3000")), ("金牌", ("9.4000", "9.2000", "9.0000")))
CONTRACT = ("9.2500", "9.1000", "8.9000")
MOST_PRICE = "10.0000"
CREDIT = "100000000"

CONTRACT_BUYERS = 10  # every so manieth buyer has a contract, beginning with the first …
CONTRACT_SKUS = 100  # … for so many of the first SKUs
IMPORTED_SKUS = 8  # every so manieth SKU has codes that came by file
IMPORTED_CODES = 100
AT_ONCE = 8
CODES_PER_COPY = 40_000
RUNAWAY = 10_000_000

T = TypeVar("T")
Step = Callable[[str, int, int], None]  # what, how many are done, of how many


@dataclass(frozen=True)
class Mall:
    """`sku_ids` and `keys` (id, secret) by rank: the first ones are asked for most."""

    actor: Actor
    scope: str
    sku_ids: tuple[int, ...]
    keys: tuple[tuple[str, str], ...]


async def make(env: Env, admin_dsn: str, *, skus: int, buyers: int, step: Step) -> Mall:
    """A mall that could sell if it had more than a few codes."""
    made = await open_mall(
        env,
        admin_dsn,
        slug=SLUG,
        name="Bench 测速",
        owner_email="owner@example.com",
        owner_name="Owner",
        owner_password=secrets.token_urlsafe(12),
    )
    actor = Actor(made.mall_id, "cli", "bench", made.organisation_id, tenancy.permissions_of("owner"))
    await _let_run(env, actor)
    brand = await catalog.add_brand(env, actor, name_zh="测速品牌", name_en="Bench brand")
    product = await catalog.add_product(env, actor, brand_id=brand.id, name_zh="测速卡", name_en="Bench card")
    sku_ids = await each("goods", range(skus), lambda n: _sku(env, actor, product.id, n), step)
    tiers = [
        await partners.add_tier(env, actor, name=name, rank=rank) for rank, (name, _) in enumerate(TIERS, 1)
    ]
    by_rank = [None, *(tier.id for tier in tiers)]
    opened = await each(
        "buyers", range(buyers), lambda n: _buyer(env, actor, n, by_rank[n % len(by_rank)]), step
    )
    await _book(env, actor, "list", sku_ids, LIST)
    for tier, (_, prices) in zip(tiers, TIERS, strict=True):
        await _book(env, actor, "tier", sku_ids, prices, tier_id=tier.id)
    await each(
        "contracts",
        [buyer for buyer, _ in opened[::CONTRACT_BUYERS]],
        lambda buyer: _book(env, actor, "contract", sku_ids[:CONTRACT_SKUS], CONTRACT, buyer_id=buyer),
        step,
    )
    await each("card files", sku_ids[::IMPORTED_SKUS], lambda sku: _import(env, actor, sku), step)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await tx.execute(
            "select fingerprint_scope from catalog.brand where mall_id = %s and id = %s",
            (actor.mall_id, brand.id),
        )
        row = await found.fetchone()
    assert row is not None
    return Mall(actor, row[0], tuple(sku_ids), tuple(key for _, key in opened))


def wanted(mall: Mall, zipf_orders: int, hot_orders: int) -> dict[int, int]:
    """Codes per SKU for so many orders of either profile."""
    zipf = asks.codes_needed(len(mall.sku_ids), zipf_orders)
    hot = asks.codes_needed(len(mall.sku_ids), hot_orders, "hot")
    return {sku: a + b for sku, a, b in zip(mall.sku_ids, zipf, hot, strict=True)}


def left(admin_dsn: str, mall: Mall) -> dict[int, int]:
    """Codes for sale per SKU."""
    with psycopg.connect(admin_dsn) as db:
        found = dict(
            db.execute(
                """select sku_id, sum(end_seq - next_seq + 1)::bigint from stock.lot
                   where home_id = %s and state = 'open' group by sku_id""",
                (home(mall.actor.mall_id),),
            ).fetchall()
        )
    return {sku: found.get(sku, 0) for sku in mall.sku_ids}


async def fill(env: Env, admin_dsn: str, mall: Mall, codes: Mapping[int, int], step: Step) -> int:
    """Adds so many codes to each SKU, sealed batches that are for sale at once; returns how many in all.

    Sealing (here) and COPY (there) run side by side, one transaction per CODES_PER_COPY.
    """
    total, done = sum(codes.values()), 0
    step("codes", 0, total)
    here, now = home(mall.actor.mall_id), env.now(mall.actor.mall_id)
    received: list[CustodyEvent] = []
    with psycopg.connect(admin_dsn) as db, ThreadPoolExecutor(1) as writer:
        writing: Future[None] | None = None
        for parts in _transactions(codes):
            batches = [_sealed(env, mall, sku, count) for sku, count in parts]
            if writing is not None:
                await asyncio.wrap_future(writing)
            writing = writer.submit(_write, db, here, mall.actor.mall_id, now, batches)
            received += [_custody(batch, now) for batch in batches]
            done += sum(len(batch.ciphers) for batch in batches)
            step("codes", done, total)
        if writing is not None:
            await asyncio.wrap_future(writing)
    async with env.db.transaction(mall.actor.mall_id, "vault") as tx:
        await provenance.append(tx, here, now, received)
        # As an import does: the log looks for what the outbox tells of.
        told = [outbox.Event("stock.received", e.subject_id, 1, 0, now, {}) for e in received]
        await outbox.publish(tx, here, told, now)
    return total


# --- by the product's verbs ---------------------------------------------------------------------------------------


async def each(name: str, of: Iterable[Any], work: Callable[[Any], Awaitable[T]], step: Step) -> list[T]:
    """The results in order, AT_ONCE at a time: a commit waits for the disk."""
    items = list(of)
    made: dict[int, T] = {}
    places = iter(enumerate(items))

    async def one_after_another() -> None:
        for place, item in places:
            made[place] = await work(item)
            step(name, len(made), len(items))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_another())
    return [made[place] for place in range(len(items))]


async def _let_run(env: Env, actor: Actor) -> None:
    """The rules stay and count; only the limits that stop one machine from buying thousands a second are raised."""
    for rule in await risk.list_rules(env, actor):
        if isinstance(rule.params, Velocity) and rule.action == "refuse":
            by, window_s = rule.params.by, rule.params.window_s
            await risk.edit_rule(
                env, actor, rule.id, params={"by": by, "limit": RUNAWAY, "window_s": window_s}
            )


async def _sku(env: Env, actor: Actor, product_id: int, rank: int) -> int:
    draft = SkuDraft(
        product_id=product_id,
        code=f"BENCH-{rank}",
        name_zh=f"测速卡 {rank}",
        name_en=f"Bench card {rank}",
        kind="code",
        instrument_class="specific_item_voucher",
        issuer="测速品牌",
        redeem_scope="issuer",
        registered=False,
        tax_category="modern_service",
    )
    sku = await catalog.create_sku(env, actor, draft)
    await catalog.list_sku(env, actor, sku.id, sku.version)
    return sku.id


async def _buyer(env: Env, actor: Actor, rank: int, tier_id: int | None) -> tuple[int, tuple[str, str]]:
    buyer = await open_buyer(env, actor, f"分销商 {rank}", tier_id, "0", CREDIT)
    view, secret = await partners.issue_key(env, actor, buyer, name="bench", scopes=SCOPES)
    return buyer, (view.id, secret)


async def _book(
    env: Env,
    actor: Actor,
    kind: Any,
    skus: Sequence[int],
    prices: Sequence[str],
    *,
    tier_id: int | None = None,
    buyer_id: int | None = None,
) -> None:
    ladder = Ladder((1, 10, 50), tuple(map(money.parse, prices)))
    async with env.db.transaction(actor.mall_id) as tx:
        book = await pricing.open_book(tx, env, actor, kind, kind, tier_id=tier_id, buyer_id=buyer_id)
    await pricing.set_prices(env, actor, book.id, dict.fromkeys(skus, ladder))


async def _import(env: Env, actor: Actor, sku: int) -> None:
    file = "\n".join(f"{number},{secret}" for number, secret in _codes(IMPORTED_CODES))
    options = ImportOptions(unit_cost_e4=money.parse(COST), source="bench")
    report = await stock.import_codes(
        env, actor, actor.mall_id, sku, file.encode(), options, file_name="bench.csv"
    )
    assert report.imported == IMPORTED_CODES, report


# --- by COPY ------------------------------------------------------------------------------------------------------

_numbers = itertools.count(secrets.randbelow(1 << 40))


def _codes(count: int) -> list[tuple[str, str]]:
    """Card numbers and passwords, as spelled in the blind index: nothing in them is normalised away. Each has a letter
    in its middle, for sixteen digits in a row could be a payment card's number, which an import leaves out."""
    chance = os.urandom(8 * count).hex().upper()
    return [
        (f"B{next(_numbers):014d}", chance[at : at + 8] + "K" + chance[at + 8 : at + 16])
        for at in range(0, 16 * count, 16)
    ]


@dataclass(frozen=True)
class _Batch:
    sku: int
    sealer: vault.Sealer
    ciphers: list[bytes]
    commitments: list[bytes]
    fingerprints: list[bytes]
    root: bytes


def _transactions(codes: Mapping[int, int]) -> Iterator[list[tuple[int, int]]]:
    """(SKU, count) cut and gathered so that each list has about CODES_PER_COPY codes."""
    parts: list[tuple[int, int]] = []
    room = CODES_PER_COPY
    for sku, count in codes.items():
        while count > 0:
            taken = min(count, room)
            parts.append((sku, taken))
            count -= taken
            room -= taken
            if room == 0:
                yield parts
                parts, room = [], CODES_PER_COPY
    if parts:
        yield parts


def _sealed(env: Env, mall: Mall, sku: int, count: int) -> _Batch:
    codes = _codes(count)
    sealer = vault.new_batch(env.keys, mall.actor.mall_id, env.ids.new())
    ciphers, commitments = sealer.seal_many(1, codes)
    tree = merkle.Tree()
    tree.extend(commitments)
    blind: Callable[[str, str], bytes] = env.keys.blind
    scope = mall.scope
    fingerprints = [blind(scope, f"{number}\x1f{secret}") for number, secret in codes]
    return _Batch(sku, sealer, ciphers, commitments, fingerprints, tree.root())


_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_code_row = struct.Struct(">hiqiqiii").pack  # five fields: home, batch, seq, then the length of the cipher
_fingerprint_row = struct.Struct(">hi32siqiqii").pack


def _write(
    db: "psycopg.Connection[Any]", here: int, mall: int, now: datetime, batches: Sequence[_Batch]
) -> None:
    """In the order of an import: codes and fingerprints first, then the batch and its lot open for sale."""
    codes: list[bytes] = []
    fingerprints: list[bytes] = []
    for batch in batches:
        id_ = batch.sealer.batch
        pairs = zip(batch.ciphers, batch.commitments, strict=True)
        for seq, (cipher, commitment) in enumerate(pairs, 1):
            codes += (_code_row(5, 8, here, 8, id_, 4, seq, len(cipher)), cipher, b"\0\0\0\x20", commitment)
        fingerprints += [
            _fingerprint_row(4, 32, fingerprint, 8, mall, 8, id_, 4, seq)
            for seq, fingerprint in enumerate(batch.fingerprints, 1)
        ]
    # Behind the field count and the length of a row stands the hash itself, so this is the order of the index.
    fingerprints.sort()
    of_batches = {
        "home": here,
        "at": now,
        "cost": money.parse(COST),
        "ids": Bigints([b.sealer.batch for b in batches]),
        "skus": Bigints([b.sku for b in batches]),
        "counts": Ints([len(b.ciphers) for b in batches]),
        "roots": Byteas([b.root for b in batches]),
        "deks": Byteas([b.sealer.wrapped for b in batches]),
        "keks": Texts([b.sealer.kek_id for b in batches]),
    }
    with db.transaction(), db.cursor() as cursor:
        for table, rows in (("stock.code", codes), ("stock.fingerprint", fingerprints)):
            with cursor.copy(f"copy {table} from stdin (format binary)") as copy:
                copy.write(_HEAD + b"".join(rows) + _END)
        cursor.execute(
            """insert into stock.batch (home_id, id, sku_id, source, unit_cost_e4, currency, received, commitment_root, dek,
                 kek_id, state, created_at, sealed_at)
               select %(home)s, b.id, b.sku, 'bench', %(cost)s, 'CNY', b.count, b.root, b.dek, b.kek, 'sealed', %(at)s, %(at)s
               from unnest(%(ids)s, %(skus)s, %(counts)s, %(roots)s, %(deks)s, %(keks)s) as b (id, sku, count, root, dek, kek)""",
            of_batches,
        )
        cursor.execute(
            """insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, state)
               select %(home)s, b.id, b.sku, b.id, 1, 1, b.count, %(cost)s, 'open'
               from unnest(%(ids)s, %(skus)s, %(counts)s) as b (id, sku, count)""",
            of_batches,
        )


def _custody(batch: _Batch, now: datetime) -> CustodyEvent:
    facts = {
        "batch": str(batch.sealer.batch),
        "sku": str(batch.sku),
        "count": len(batch.ciphers),
        "root": batch.root.hex(),
    }
    at_ms = int(now.astimezone(UTC).timestamp() * 1000)
    return custody.event(
        batch.sealer.batch, 1, Kind.batch_received, facts, at_ms, os.urandom(crypto.NONCE + 4)
    )
