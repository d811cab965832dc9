"""The careful yardstick: one hand-written transaction per order, no ORM, no framework.

Raw ASGI, msgspec, asyncpg with a pool of 16 and prepared statements, on the same database and with the same checks
and writes as `naive`; related reads and writes share a statement. It shows what is left for batches to win once
the ORM is gone.
"""

import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import asks, naive

POOL = 16
VELOCITY_LIMIT = 1_000_000

KEY = """
SELECT k.secret, k.buyer_id, b.tier FROM api_key k JOIN buyer b ON b.id = k.buyer_id
WHERE k.id = $1 AND k.active AND b.active
"""
NONCE = "INSERT INTO nonce (key_id, nonce, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true"
SEEN = "SELECT body_hash, order_id FROM idempotency WHERE buyer_id = $1 AND client_order_no = $2"
ACCOUNT = """
SELECT balance_e4, floor_e4, (SELECT count(*) FROM orders WHERE buyer_id = $1 AND created_at > $2)
FROM account WHERE buyer_id = $1 FOR NO KEY UPDATE
"""
PRICE = """
SELECT s.cost_e4, p.unit_price_e4 FROM sku s JOIN LATERAL (
    SELECT unit_price_e4 FROM price
    WHERE sku_id = s.id AND (buyer_id = $2 OR tier = $3) AND min_quantity <= $4
    ORDER BY buyer_id NULLS LAST, min_quantity DESC LIMIT 1
) p ON true WHERE s.id = $1 AND s.on_sale
"""
ORDER = """
WITH debited AS (UPDATE account SET balance_e4 = balance_e4 - $4 WHERE buyer_id = $1),
placed AS (
    INSERT INTO orders (buyer_id, client_order_no, status, total_e4, created_at)
    VALUES ($1, $2, 'delivered', $4, $5) RETURNING id
), bound AS (
    INSERT INTO idempotency (buyer_id, client_order_no, body_hash, order_id) SELECT $1, $2, $3, id FROM placed
), posted AS (
    INSERT INTO ledger_entry (order_id, account, amount_e4, created_at)
    SELECT id, name, amount, $5 FROM placed, (VALUES ('buyer:' || $1::bigint, -$4), ('sales', $4)) AS entry(name, amount)
), told AS (
    INSERT INTO outbox (kind, payload, created_at)
    SELECT 'order.delivered', jsonb_build_object('order_id', id, 'buyer_id', $1::bigint, 'total_e4', $4::bigint), $5
    FROM placed
)
SELECT id FROM placed
"""
LINE = """
WITH line AS (
    INSERT INTO order_line (order_id, sku_id, quantity, unit_price_e4, cost_e4) VALUES ($1, $2, $3, $4, $5) RETURNING id
), free AS (
    SELECT id FROM code WHERE sku_id = $2 AND line_id IS NULL AND expires_at > $6
    ORDER BY expires_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE code SET line_id = line.id FROM free, line WHERE code.id = free.id
RETURNING code.nonce, code.cipher, code.id, line.id AS line_id
"""
CUSTODY = "INSERT INTO custody_event (line_id, body, salt, leaf, created_at) VALUES ($1, $2, $3, $4, $5)"
REPLAY = """
SELECT l.sku_id, l.quantity, c.nonce, c.cipher FROM order_line l JOIN code c ON c.line_id = l.id
WHERE l.order_id = $1 ORDER BY l.id, c.id
"""


class Limit(msgspec.Struct):
    amount: str
    currency: str


class LineIn(msgspec.Struct):
    sku_id: str
    quantity: int
    max_unit_price: Limit | None = None


class OrderIn(msgspec.Struct):
    client_order_no: str
    lines: list[LineIn] = []
    sku_id: str | None = None
    quantity: int = 0
    max_unit_price: Limit | None = None


decoder = msgspec.json.Decoder(OrderIn)
encoder = msgspec.json.Encoder()
cipher = AESGCM(naive.KEY)
pool: list[Any] = []


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    try:
        status, answer = 201, await place(scope, body)
    except naive.Refused as refused:
        status, answer = refused.status, {"code": refused.code, "outcome": "failed"}
    encoded = encoder.encode(answer)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(encoded)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": encoded})


async def live(receive: Any, send: Any) -> None:
    await receive()
    pool.append(await asyncpg.create_pool(os.environ["BENCH_HANDWRITTEN_DSN"], min_size=POOL, max_size=POOL))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pool[0].close()
    await send({"type": "lifespan.shutdown.complete"})


async def place(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    headers = dict(scope["headers"])
    key_id, timestamp, nonce, signature = (
        headers.get(name, b"").decode()
        for name in (
            b"commissary-key",
            b"commissary-timestamp",
            b"commissary-nonce",
            b"commissary-signature",
        )
    )
    now = datetime.now(UTC)
    wanted = decoder.decode(body)
    lines = wanted.lines or [LineIn(wanted.sku_id or "", wanted.quantity, wanted.max_unit_price)]
    body_hash = hashlib.sha256(body).digest()
    async with pool[0].acquire() as db, db.transaction():
        await db.execute(naive.IN_MALL)
        key = await db.fetchrow(KEY, key_id)
        if key is None:
            raise naive.Refused(401, "key_unknown")
        secret, buyer_id, tier = key
        query = scope["query_string"].decode()
        if not hmac.compare_digest(
            asks.sign(secret, scope["method"], scope["path"], query, timestamp, nonce, body), signature
        ):
            raise naive.Refused(401, "signature_wrong")
        if abs(now.timestamp() - int(timestamp)) > naive.WINDOW_S:
            raise naive.Refused(401, "timestamp_outside_window")
        if not await db.fetchval(NONCE, key_id, nonce, now):
            raise naive.Refused(401, "nonce_used")
        seen = await db.fetchrow(SEEN, buyer_id, wanted.client_order_no)
        if seen and seen["body_hash"] != body_hash:
            raise naive.Refused(409, "client_order_no_used")
        if seen:
            return shape(seen["order_id"], wanted, replayed(await db.fetch(REPLAY, seen["order_id"])))
        balance_e4, floor_e4, recent = await db.fetchrow(ACCOUNT, buyer_id, now - timedelta(hours=1))
        if recent >= VELOCITY_LIMIT:
            raise naive.Refused(429, "velocity_exceeded")
        priced = [await price(db, buyer_id, tier, line) for line in lines]
        total_e4 = sum(line.quantity * unit for line, (_, unit) in zip(lines, priced, strict=True))
        if balance_e4 - total_e4 < floor_e4:
            raise naive.Refused(402, "credit_insufficient")
        order_id = await db.fetchval(ORDER, buyer_id, wanted.client_order_no, body_hash, total_e4, now)
        taken = []
        for line, (cost_e4, unit_price_e4) in zip(lines, priced, strict=True):
            sku_id = int(line.sku_id)
            codes = await db.fetch(LINE, order_id, sku_id, line.quantity, unit_price_e4, cost_e4, now)
            if len(codes) < line.quantity:
                raise naive.Refused(409, "stock_insufficient")
            event, salt = naive.custody(buyer_id, order_id, sku_id, [code["id"] for code in codes], now)
            leaf = hashlib.sha256(b"\0" + event).digest()
            await db.execute(CUSTODY, codes[0]["line_id"], event, salt, leaf, now)
            taken.append((line.sku_id, line.quantity, codes))
    return shape(order_id, wanted, taken)


async def price(db: Any, buyer_id: int, tier: int, line: LineIn) -> tuple[int, int]:
    """Cost and unit price."""
    found = await db.fetchrow(PRICE, int(line.sku_id), buyer_id, tier, line.quantity)
    if found is None:
        raise naive.Refused(422, "price_missing")
    cost_e4, unit_price_e4 = found
    if line.max_unit_price and unit_price_e4 > naive.amount_e4(line.max_unit_price.amount):
        raise naive.Refused(409, "price_above_limit")
    if unit_price_e4 < cost_e4:
        raise naive.Refused(409, "price_below_cost")
    return cost_e4, unit_price_e4


def replayed(rows: list[Any]) -> list[tuple[str, int, list[Any]]]:
    lines: dict[tuple[int, int], list[Any]] = {}
    for row in rows:
        lines.setdefault((row["sku_id"], row["quantity"]), []).append(row)
    return [(str(sku_id), quantity, codes) for (sku_id, quantity), codes in lines.items()]


def shape(order_id: int, wanted: OrderIn, lines: list[tuple[str, int, list[Any]]]) -> dict[str, Any]:
    return {
        "id": str(order_id),
        "client_order_no": wanted.client_order_no,
        "status": "delivered",
        "lines": [
            {
                "sku_id": sku_id,
                "quantity": quantity,
                "codes": [
                    cipher.decrypt(code["nonce"], code["cipher"], sku_id.encode()).decode() for code in codes
                ],
            }
            for sku_id, quantity, codes in lines
        ],
    }


def asyncpg_dsn(dsn: str) -> str:
    """A libpq conninfo as the URL that asyncpg reads."""
    return naive.sqlalchemy_url(dsn, "asyncpg").replace("+asyncpg", "", 1)
