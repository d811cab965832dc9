"""The naive yardstick: the order endpoint as it is usually written, and written well.

FastAPI, SQLAlchemy 2 async ORM on asyncpg (measured faster here than psycopg), one transaction per order, a locked
buyer account, codes taken by SKIP LOCKED. It answers the same `POST /v1/orders` and makes the same checks and
writes as the product: signature, timestamp, nonce, idempotency with a body hash, contract and tier price, the
caller's price limit, cost floor, credit floor, velocity, stock by expiry, order and lines, double entry, custody
events with salted leaves, outbox, decryption, and row-level security on every table under a role that cannot get
around it. Pool of 16, prepared statements cached by the driver, an index for every query. Nothing is slowed down on
purpose; what the product has on top (velocity by key and address too, caps, price history, snapshots) is left out.

    python -m bench naive --dsn postgresql://…     measures it alone
"""

import hashlib
import hmac
import itertools
import json
import os
import secrets
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import BaseModel, Field
from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    create_engine,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bench import asks

DATABASE = "bench_naive"
ROLE = "bench_naive"
MALL = 1
IN_MALL = "select set_config('app.mall', '1', true)"
POOL = 16
WINDOW_S = 300
VELOCITY_LIMIT = 1_000_000
KEY = hashlib.sha256(b"bench_naive").digest()
OPENING_E4 = 10**13


class Base(DeclarativeBase):
    """Every row belongs to a mall, and the database shows a transaction the rows of its own mall alone."""

    type_annotation_map: ClassVar = {int: BigInteger, datetime: DateTime(timezone=True), bytes: LargeBinary}
    mall_id: Mapped[int] = mapped_column(server_default=str(MALL))


class Buyer(Base):
    __tablename__ = "buyer"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tier: Mapped[int]
    active: Mapped[bool]
    account: Mapped["Account"] = relationship(back_populates="buyer")


class Account(Base):
    __tablename__ = "account"
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"), primary_key=True, autoincrement=False)
    balance_e4: Mapped[int]
    floor_e4: Mapped[int]
    buyer: Mapped[Buyer] = relationship(back_populates="account")


class ApiKey(Base):
    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"))
    secret: Mapped[bytes]
    active: Mapped[bool]
    buyer: Mapped[Buyer] = relationship(lazy="joined", innerjoin=True)


class Nonce(Base):
    __tablename__ = "nonce"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Sku(Base):
    __tablename__ = "sku"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cost_e4: Mapped[int]
    on_sale: Mapped[bool]


class Price(Base):
    """A price of a SKU for one buyer (contract) or one tier, from a quantity on."""

    __tablename__ = "price"
    __table_args__ = (Index("price_lookup", "sku_id", "tier", "buyer_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("buyer.id"))
    tier: Mapped[int | None]
    min_quantity: Mapped[int]
    unit_price_e4: Mapped[int]


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("orders_velocity", "buyer_id", "created_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"))
    client_order_no: Mapped[str]
    status: Mapped[str]
    total_e4: Mapped[int]
    created_at: Mapped[datetime]
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", lazy="selectin")


class OrderLine(Base):
    __tablename__ = "order_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    quantity: Mapped[int]
    unit_price_e4: Mapped[int]
    cost_e4: Mapped[int]
    order: Mapped[Order] = relationship(back_populates="lines")
    codes: Mapped[list["Code"]] = relationship(back_populates="line", lazy="selectin")


class Code(Base):
    __tablename__ = "code"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    expires_at: Mapped[datetime]
    nonce: Mapped[bytes]
    cipher: Mapped[bytes]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    line: Mapped[OrderLine | None] = relationship(back_populates="codes")


Index("code_free", Code.sku_id, Code.expires_at, Code.id, postgresql_where=Code.line_id.is_(None))


class Idempotency(Base):
    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("buyer_id", "client_order_no"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"))
    client_order_no: Mapped[str]
    body_hash: Mapped[bytes]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))


class LedgerEntry(Base):
    __tablename__ = "ledger_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    account: Mapped[str]
    amount_e4: Mapped[int]
    created_at: Mapped[datetime]


class CustodyEvent(Base):
    """What was sold to whom, provable later: the buyer as a salted hash, the event as a leaf."""

    __tablename__ = "custody_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    body: Mapped[bytes]
    salt: Mapped[bytes]
    leaf: Mapped[bytes]
    created_at: Mapped[datetime]


class Outbox(Base):
    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]


class Money(BaseModel):
    amount: str
    currency: str


class LineIn(BaseModel):
    sku_id: int
    quantity: int = Field(ge=1, le=1000)
    max_unit_price: Money | None = None


class OrderIn(BaseModel):
    client_order_no: str
    lines: list[LineIn] | None = None
    sku_id: int | None = None
    quantity: int | None = Field(default=None, ge=1, le=1000)
    max_unit_price: Money | None = None


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


app = FastAPI(openapi_url=None)
engine = create_async_engine(
    os.environ.get("BENCH_NAIVE_URL", "postgresql+asyncpg://"),
    pool_size=POOL,
    max_overflow=0,
    pool_timeout=60,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
cipher = AESGCM(KEY)


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


@app.exception_handler(Refused)
async def refuse(_: Request, refused: Refused) -> JSONResponse:
    return JSONResponse({"code": refused.code, "outcome": "failed"}, refused.status)


@app.post("/v1/orders", status_code=201)
async def place(
    request: Request, wanted: OrderIn, db: Annotated[AsyncSession, Depends(session)]
) -> JSONResponse:
    body = await request.body()
    now = datetime.now(UTC)
    async with db.begin():
        await db.execute(text(IN_MALL))
        buyer = await authenticate(db, request, body, now)
        replayed = await find_replay(db, buyer.id, wanted.client_order_no, body)
        if replayed:
            return JSONResponse(shape(replayed))
        account = await db.scalar(select(Account).where(Account.buyer_id == buyer.id).with_for_update())
        assert account
        hour_ago = now - timedelta(hours=1)
        recent = await db.execute(
            select(func.count(), func.coalesce(func.sum(Order.total_e4), 0)).where(
                Order.buyer_id == buyer.id, Order.created_at > hour_ago
            )
        )
        count, _ = recent.one()
        if count >= VELOCITY_LIMIT:
            raise Refused(429, "velocity_exceeded")

        order = Order(
            buyer_id=buyer.id,
            client_order_no=wanted.client_order_no,
            status="delivered",
            total_e4=0,
            created_at=now,
            lines=[],
        )
        for line in lines_of(wanted):
            order.lines.append(await price_line(db, buyer, line))
        order.total_e4 = sum(line.unit_price_e4 * line.quantity for line in order.lines)
        if account.balance_e4 - order.total_e4 < account.floor_e4:
            raise Refused(402, "credit_insufficient")
        account.balance_e4 -= order.total_e4
        db.add(order)
        try:
            for item in order.lines:
                item.codes = await take_codes(db, item.sku_id, item.quantity, now)
            await db.flush()
            db.add(
                Idempotency(
                    buyer_id=buyer.id,
                    client_order_no=wanted.client_order_no,
                    body_hash=hashlib.sha256(body).digest(),
                    order_id=order.id,
                )
            )
            db.add_all(
                LedgerEntry(order_id=order.id, account=name, amount_e4=amount, created_at=now)
                for name, amount in ((f"buyer:{buyer.id}", -order.total_e4), ("sales", order.total_e4))
            )
            db.add_all(sold(order, line, now) for line in order.lines)
            payload = {"order_id": order.id, "buyer_id": buyer.id, "total_e4": order.total_e4}
            db.add(Outbox(kind="order.delivered", payload=payload, created_at=now))
            await db.flush()
        except IntegrityError:
            raise Refused(409, "client_order_no_used") from None
    return JSONResponse(shape(order), 201)


def sold(order: Order, line: OrderLine, now: datetime) -> CustodyEvent:
    body, salt = custody(order.buyer_id, order.id, line.sku_id, [code.id for code in line.codes], now)
    leaf = hashlib.sha256(b"\0" + body).digest()
    return CustodyEvent(line_id=line.id, body=body, salt=salt, leaf=leaf, created_at=now)


def custody(
    buyer_id: int, order_id: int, sku_id: int, codes: list[int], now: datetime
) -> tuple[bytes, bytes]:
    """(body, salt) of the event that these codes were sold."""
    salt = os.urandom(16)
    facts = {
        "at": now.isoformat(),
        "codes": codes,
        "kind": "sold",
        "order": order_id,
        "party": hashlib.sha256(salt + str(buyer_id).encode()).hexdigest(),
        "sku": sku_id,
    }
    return json.dumps(facts, sort_keys=True).encode(), salt


async def authenticate(db: AsyncSession, request: Request, body: bytes, now: datetime) -> Buyer:
    headers = request.headers
    key_id, timestamp, nonce = (
        headers.get(f"commissary-{name}", "") for name in ("key", "timestamp", "nonce")
    )
    key = await db.get(ApiKey, key_id)
    if key is None or not key.active or not key.buyer.active:
        raise Refused(401, "key_unknown")
    expected = asks.sign(
        key.secret, request.method, request.url.path, request.url.query, timestamp, nonce, body
    )
    if not hmac.compare_digest(expected, headers.get("commissary-signature", "")):
        raise Refused(401, "signature_wrong")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        raise Refused(401, "timestamp_outside_window")
    db.add(Nonce(key_id=key.id, nonce=nonce, at=now))
    try:
        await db.flush()
    except IntegrityError:
        raise Refused(401, "nonce_used") from None
    return key.buyer


async def find_replay(db: AsyncSession, buyer_id: int, client_order_no: str, body: bytes) -> Order | None:
    seen = await db.scalar(
        select(Idempotency).where(
            Idempotency.buyer_id == buyer_id, Idempotency.client_order_no == client_order_no
        )
    )
    if seen is None:
        return None
    if seen.body_hash != hashlib.sha256(body).digest():
        raise Refused(409, "client_order_no_used")
    return await db.get(Order, seen.order_id)


async def price_line(db: AsyncSession, buyer: Buyer, wanted: LineIn) -> OrderLine:
    sku = await db.get(Sku, wanted.sku_id)
    if sku is None or not sku.on_sale:
        raise Refused(404, "sku_unknown")
    price = await db.scalar(
        select(Price)
        .where(
            Price.sku_id == sku.id,
            or_(Price.buyer_id == buyer.id, Price.tier == buyer.tier),
            Price.min_quantity <= wanted.quantity,
        )
        .order_by(Price.buyer_id.nulls_last(), Price.min_quantity.desc())
        .limit(1)
    )
    if price is None:
        raise Refused(422, "price_missing")
    if wanted.max_unit_price and price.unit_price_e4 > amount_e4(wanted.max_unit_price.amount):
        raise Refused(409, "price_above_limit")
    if price.unit_price_e4 < sku.cost_e4:
        raise Refused(409, "price_below_cost")
    return OrderLine(
        sku_id=sku.id,
        quantity=wanted.quantity,
        unit_price_e4=price.unit_price_e4,
        cost_e4=sku.cost_e4,
        codes=[],
    )


async def take_codes(db: AsyncSession, sku_id: int, quantity: int, now: datetime) -> list[Code]:
    found = await db.scalars(
        select(Code)
        .where(Code.sku_id == sku_id, Code.line_id.is_(None), Code.expires_at > now)
        .order_by(Code.expires_at, Code.id)
        .limit(quantity)
        .with_for_update(skip_locked=True)
    )
    codes = list(found)
    if len(codes) < quantity:
        raise Refused(409, "stock_insufficient")
    return codes


def lines_of(wanted: OrderIn) -> list[LineIn]:
    if wanted.lines:
        return wanted.lines
    if wanted.sku_id is None or wanted.quantity is None:
        raise Refused(422, "lines_missing")
    return [LineIn(sku_id=wanted.sku_id, quantity=wanted.quantity, max_unit_price=wanted.max_unit_price)]


def amount_e4(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(whole) * 10_000 + int(part.ljust(4, "0"))


def shape(order: Order) -> dict[str, Any]:
    return {
        "id": str(order.id),
        "client_order_no": order.client_order_no,
        "status": order.status,
        "total": {"amount": f"{order.total_e4 / 10_000:.4f}", "currency": "CNY"},
        "lines": [
            {
                "sku_id": str(line.sku_id),
                "quantity": line.quantity,
                "codes": [
                    cipher.decrypt(code.nonce, code.cipher, str(code.sku_id).encode()).decode()
                    for code in line.codes
                ],
            }
            for line in order.lines
        ],
    }


# --- its database -----------------------------------------------------------------------------------------------


def create(admin_dsn: str, *, buyers: int = 1000, skus: int = 1000, codes: int = 300_000) -> str:
    """Makes the database afresh with stock spread by zipf; returns the conninfo of a role that may use it and is bound
    by row-level security. Key n is `key-n` / `secret-n`."""
    drop(admin_dsn)
    password = secrets.token_urlsafe(16)
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(ROLE), sql.Literal(password))
        )
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    dsn = make_conninfo(admin_dsn, dbname=DATABASE)
    schema = create_engine(sqlalchemy_url(dsn, "psycopg"))
    Base.metadata.create_all(schema)
    schema.dispose()
    now = datetime.now(UTC)
    seal = AESGCM(KEY)
    with psycopg.connect(dsn) as db, db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO buyer (id, tier, active) VALUES (%s, %s, true)", [(n, n % 4) for n in range(buyers)]
        )
        cursor.executemany(
            "INSERT INTO account (buyer_id, balance_e4, floor_e4) VALUES (%s, %s, 0)",
            [(n, OPENING_E4) for n in range(buyers)],
        )
        cursor.executemany(
            "INSERT INTO api_key (id, buyer_id, secret, active) VALUES (%s, %s, %s, true)",
            [(key, n, secret.encode()) for n, (key, secret) in enumerate(keys(buyers))],
        )
        cursor.executemany(
            "INSERT INTO sku (id, cost_e4, on_sale) VALUES (%s, 95000, true)", [(n,) for n in range(skus)]
        )
        prices = [
            (sku, None, tier, quantity, 100_000 - tier * 500 - quantity * 10)
            for sku in range(skus)
            for tier in range(4)
            for quantity in (1, 10, 100)
        ]
        contracts = [(sku, sku % buyers, None, 1, 97_500) for sku in range(skus)]
        with cursor.copy(
            "COPY price (sku_id, buyer_id, tier, min_quantity, unit_price_e4) FROM STDIN"
        ) as copy:
            for row in prices + contracts:
                copy.write_row(row)
        weights = asks.zipf(skus)
        numbers = itertools.count()
        with cursor.copy("COPY code (sku_id, expires_at, nonce, cipher) FROM STDIN") as copy:
            for sku, weight in enumerate(weights):
                aad = str(sku).encode()
                for n in range(int(codes * weight / sum(weights)) + 50):
                    nonce = struct.pack(">IQ", 0, next(numbers))
                    text = f"{sku:04}-{n:08}-{n * 7919 % 10_000:04}"
                    expires_at = now + timedelta(days=100 + n % 30)
                    copy.write_row((sku, expires_at, nonce, seal.encrypt(nonce, text.encode(), aad)))
    with psycopg.connect(dsn, autocommit=True) as db:
        for table in Base.metadata.tables:
            name, role = sql.Identifier(table), sql.Identifier(ROLE)
            db.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
            db.execute(
                sql.SQL(
                    "CREATE POLICY mall ON {} USING (mall_id = nullif(current_setting('app.mall', true), '')::bigint)"
                ).format(name)
            )
            db.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE ON {} TO {}").format(name, role))
        db.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
        db.execute("VACUUM ANALYZE")
    return make_conninfo(dsn, user=ROLE, password=password)


def drop(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(ROLE)))


def keys(buyers: int = 1000) -> list[tuple[str, str]]:
    return [(f"key-{n}", f"secret-{n}") for n in range(buyers)]


def sku_ids(skus: int = 1000) -> list[str]:
    return [str(n) for n in range(skus)]


def sqlalchemy_url(dsn: str, driver: str) -> str:
    """A libpq conninfo as SQLAlchemy's URL: place, name and credentials; other options do not go along."""
    parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value}
    host = parts.get("host", "127.0.0.1")
    socket = host.startswith("/")
    asked = {"host": host, "port": parts.get("port", "5432")} if socket else {}
    if "passfile" in parts:
        asked["passfile"] = parts["passfile"]
    url = URL.create(
        f"postgresql+{driver}",
        username=parts.get("user", "postgres"),
        password=parts.get("password"),
        database=parts.get("dbname", "postgres"),
        host=None if socket else host,
        port=None if socket else int(parts.get("port", "5432")),
        query=asked,
    )
    return url.render_as_string(hide_password=False)
