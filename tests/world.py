"""A mall that can trade: books opened, goods, prices and stock in a line each, buyers with signed keys, a real server.

world = …                                       # the fixture: a fresh mall in a throw-away database
sku = await world.sku(); await world.price(sku, "9.50"); await world.stock(sku, 100)
buyer = await world.buyer(balance_e4=100_0000)
order = await world.place(buyer, sku, 2)                                     # in this process
async with world.serve() as server:                                          # or over HTTP
    answer = await server.call(buyer, "POST", "/v1/orders", {…})
"""

import asyncio
import base64
import json as jsonlib
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from commissary import app, ledger, partners, tenancy
from commissary.base import crypto, db, migrate, money
from commissary.base.arrays import Byteas, Ints
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.ids import Ids
from commissary.ledger.types import Books, Transfer, TransferKind
from commissary.orders.desk import Desk
from commissary.orders.wire import LineIn, OrderIn, OrderOut
from commissary.stock import vault
from commissary.stock.vault import Vault
from commissary.tenancy import signature
from commissary.tenancy.types import BUYER_SCOPES, Actor, ApiKey, Caller, Founded, Proof
from make import template
from make.tenancy import PASSWORD, PASSWORDS

TESTS = Path(__file__).parent
SOURCES = os.pathsep.join(
    [str(TESTS), str(TESTS.parent / "src")]
)  # of this checkout, wherever it is installed from
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)  # prices hold from here on
KEYS_AT_ONCE = 20  # asked for all at once, the last would wait too long for a connection on a busy machine


@dataclass(frozen=True)
class Buyer:
    """A buying organisation, its wallet and its first key."""

    key_id: str
    secret: str
    organisation: int
    account: int
    key: ApiKey = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What came over HTTP."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return jsonlib.loads(self.body)


@dataclass
class Ground:
    """A migrated database without malls, and the key folder that a server process shares with us."""

    admin_dsn: str
    key_folder: Path
    keys: crypto.Keyring
    ids: Ids
    database: db.Database

    async def world(self, name: str = "Kitchen", currency: str = "CNY") -> "World":
        """Found a mall with books."""
        env = Env(self.database, self.ids, self.keys)
        slug = f"w-{secrets.token_hex(6)}"
        founded = await tenancy.found_mall(
            self.admin_dsn,
            self.ids,
            slug=slug,
            name=name,
            owner_email="owner@example.com",
            owner_name="Owner",
            owner_password=PASSWORD,
            at=env.clock(),
            currency=currency,
        )
        home = home_of(founded.mall_id)
        async with self.database.transaction(founded.mall_id) as tx:
            books = await ledger.found_books(tx, env, home, founded.organisation_id, currency)
        return World(self, env, founded, slug, home, currency, books)


@dataclass
class World:
    """One mall. Builders take money as `_e4` integers or decimal strings."""

    ground: Ground
    env: Env
    founded: Founded
    slug: str
    home: int
    currency: str
    books: Books
    _book: int | None = None
    _product: int | None = None
    _desk: Desk | None = None

    @property
    def mall(self) -> int:
        return self.founded.mall_id

    @property
    def admin_dsn(self) -> str:
        return self.ground.admin_dsn

    @property
    def actor(self) -> Actor:
        permissions = tenancy.permissions_of("owner")
        owner = str(self.founded.person_id)
        return Actor(
            self.mall,
            "person",
            owner,
            self.founded.organisation_id,
            permissions,
            "192.0.2.1",
            Proof(self.now),
        )

    @property
    def now(self) -> datetime:
        return self.env.now(self.mall)

    # Goods, prices, stock, buyers

    async def sku(
        self,
        kind: str = "code",
        *,
        status: str = "listed",
        parts: Sequence[tuple[int, int]] = (),
        release_at: datetime | None = None,
        max_quantity: int = 1000,
        fields: Sequence[Mapping[str, Any]] = (),
        fund_mode: str = "principal",
        name: str = "Gift card",
    ) -> int:
        """A SKU that may be sold; `parts` are (sku, quantity) of a bundle."""
        sku = self.env.ids.new()
        row = {"mall": self.mall, "id": sku, "product": await self._a_product(), "kind": kind, "at": self.now}
        row |= {"status": status, "release": release_at, "most": max_quantity, "fund": fund_mode}
        row |= {"fields": jsonlib.dumps(list(fields)), "code": f"A-{sku}", "name": name}
        async with self.env.db.transaction(self.mall) as tx:
            await db.run(tx, _SKU, row)
            await db.run(tx, _SKU_VERSION, row)
            for position, (part, quantity) in enumerate(parts):
                await db.run(
                    tx,
                    "insert into catalog.component values (%s, %s, %s, %s, %s)",
                    (self.mall, sku, part, quantity, position),
                )
            await tenancy.raise_epoch(tx, self.mall)
        return sku

    async def price(
        self,
        sku: int,
        unit: int | str = 100_000,
        *,
        ladder: Mapping[int, int | str] | None = None,
        buyer: "Buyer | None" = None,
        valid_from: datetime = EPOCH,
    ) -> None:
        """The list price of one piece, or the buyer's contract; `ladder` maps least quantities to prices."""
        rungs = sorted((ladder or {1: unit}).items())
        async with self.env.db.transaction(self.mall) as tx:
            book = await self._book_of(tx, buyer)
            change, entry = self.env.ids.many(2)
            await db.run(
                tx,
                """insert into pricing.change (mall_id, id, kind, author, entries, valid_from, at)
                   values (%s, %s, 'edit', 'world', 1, %s, %s)""",
                (self.mall, change, valid_from, self.now),
            )
            await db.run(
                tx,
                """insert into pricing.entry (mall_id, book_id, sku_id, valid_from, id, minimums, prices_e4, change_id)
                   values (%s, %s, %s, %s, %s, %s::int[], %s::bigint[], %s)""",
                (
                    self.mall,
                    book,
                    sku,
                    valid_from,
                    entry,
                    [n for n, _ in rungs],
                    [_e4(p) for _, p in rungs],
                    change,
                ),
            )
            await tenancy.raise_epoch(tx, self.mall)

    async def floor(self, margin_bp: int, sku: int = 0) -> None:
        """The least margin over cost, of a SKU or of the mall."""
        async with self.env.db.transaction(self.mall) as tx:
            await db.run(
                tx,
                """insert into pricing.floor values (%s, %s, %s, 'world', %s)
                   on conflict (mall_id, sku_id) do update set margin_bp = excluded.margin_bp""",
                (self.mall, sku, margin_bp, self.now),
            )
            await tenancy.raise_epoch(tx, self.mall)

    async def stock(
        self,
        sku: int,
        n: int = 10,
        *,
        cost_e4: int = 50_000,
        expires: datetime | None = None,
        codes: Sequence[str] | None = None,
        unlimited: bool = False,
    ) -> int:
        """`n` codes in one sealed batch with one open lot; the batch's id. `codes` gives their secrets."""
        batch, lot = self.env.ids.many(2)
        texts = list(codes) if codes is not None else [f"CODE-{batch}-{i}" for i in range(1, n + 1)]
        sealer = vault.new_batch(self.env.keys, self.mall, batch)
        row = {"home": self.home, "batch": batch, "lot": lot, "sku": sku, "cost": cost_e4, "n": len(texts)}
        row |= {"kek": sealer.kek_id, "dek": sealer.wrapped, "currency": self.currency, "at": self.now}
        row |= {"expires": expires or "infinity", "unlimited": unlimited, "root": os.urandom(32)}
        async with self.env.db.transaction(self.mall, "vault") as tx:
            await db.run(tx, _BATCH, row)
            sealed = [sealer.seal(seq, None, text) for seq, text in enumerate(texts, 1)]
            row |= {"seqs": Ints(range(1, len(texts) + 1)), "ciphers": Byteas([c for c, _ in sealed])}
            row |= {"commitments": Byteas([c for _, c in sealed]), "mall": self.mall}
            row |= {"prints": Byteas([self.env.keys.blind("world", f"{sku}|{t}") for t in texts])}
            await db.run(tx, _CODES, row)
            await db.run(tx, _PRINTS, row)
            await db.run(tx, _LOT, row)
        return batch

    async def buyer(
        self,
        *,
        credit_e4: int = 0,
        balance_e4: int = 0,
        name: str = "Buyer",
        scopes: Sequence[str] = BUYER_SCOPES,
        ip_allow: Sequence[str] = (),
    ) -> Buyer:
        """With a wallet, money and credit in it, and a key."""
        organisation = self.env.ids.new()
        async with self.env.db.transaction(self.mall) as tx:
            account = await ledger.open_account(
                tx, self.env, self.home, organisation, "wallet", self.currency, "", credit_e4
            )
            await partners.add_buyer(tx, self.env, self.actor, name=name, account_id=account, id=organisation)
        if balance_e4:
            await self.recharge(account, balance_e4)
        key, secret = await self.issue_key(organisation, scopes=scopes, ip_allow=ip_allow)
        return Buyer(key.id, secret, organisation, account, key)

    async def buyers(self, n: int, *, balance_e4: int = 0) -> list[Buyer]:
        """Many at once, each with a wallet, money and a key."""
        made = []
        async with self.env.db.transaction(self.mall) as tx:
            for organisation in self.env.ids.many(n):
                account = await ledger.open_account(
                    tx, self.env, self.home, organisation, "wallet", self.currency
                )
                await partners.add_buyer(
                    tx, self.env, self.actor, name="Buyer", account_id=account, id=organisation
                )
                made.append((organisation, account))
            cash = self.books.cash_id
            gifts = [
                Transfer(self.env.ids.new(), cash, account, balance_e4, TransferKind.recharge)
                for _, account in made
            ]
            if balance_e4:
                await ledger.post(tx, self.env, self.home, gifts, self.now)
        keys = list[tuple[ApiKey, str]]()
        for first in range(0, n, KEYS_AT_ONCE):
            some = made[first : first + KEYS_AT_ONCE]
            keys += await asyncio.gather(*(self.issue_key(organisation) for organisation, _ in some))
        return [Buyer(k.id, s, o, a, k) for (k, s), (o, a) in zip(keys, made, strict=True)]

    async def issue_key(
        self, organisation: int, *, scopes: Sequence[str] = BUYER_SCOPES, ip_allow: Sequence[str] = ()
    ) -> tuple[ApiKey, str]:
        view, secret = await partners.issue_key(
            self.env, self.actor, organisation, name="key", scopes=scopes, ip_allow=ip_allow
        )
        key = await tenancy.KeyCache(self.env).load(view.id)
        assert key is not None
        return key, secret

    async def recharge(self, account: int, amount_e4: int) -> None:
        made = Transfer(
            self.env.ids.new(), self.books.cash_id, account, amount_e4, TransferKind.recharge, None
        )
        async with self.env.db.transaction(self.mall) as tx:
            await ledger.post(tx, self.env, self.home, [made], self.now)

    async def balance(self, account: int) -> int:
        async with self.env.db.transaction(self.mall) as tx:
            return (await ledger.balance(tx, self.home, account)).balance_e4

    async def rows(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Of the whole database, as its administrator."""
        async with await psycopg.AsyncConnection.connect(self.admin_dsn, autocommit=True) as tx:
            return await (await tx.execute(query, params)).fetchall()

    # Ordering in this process

    @property
    def desk(self) -> Desk:
        if self._desk is None:
            self._desk = self.new_desk()
        return self._desk

    def new_desk(self, holder: str | None = None) -> Desk:
        return Desk(self.env, Vault(self.env.keys), holder or f"world:{secrets.token_hex(4)}", "http://test")

    def caller(self, buyer: Buyer, *, ip: str = "192.0.2.7") -> Caller:
        """As if by bearer token: no nonce."""
        return Caller(buyer.key, ip)

    async def place(
        self, buyer: Buyer, sku: int, quantity: int = 1, *, no: str | None = None, desk: Desk | None = None
    ) -> OrderOut:
        """One line. Raises Refused."""
        asked = OrderIn(no or secrets.token_hex(8), (LineIn(str(sku), quantity),))
        return await (desk or self.desk).place(self.caller(buyer), asked)

    async def close(self) -> None:
        if self._desk is not None:
            await self._desk.drain()
            self._desk = None

    # A server of its own process

    @asynccontextmanager
    async def serve(
        self,
        *,
        log: Path | None = None,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        apart: bool = False,
    ) -> AsyncIterator["Served"]:
        """The product's ASGI application in a child process on a free port, on this world's database."""
        served = Served(
            self.admin_dsn, self.ground.key_folder, port or free_port(), log, settings or {}, apart
        )
        await served.start()
        try:
            yield served
        finally:
            await served.stop()

    async def _a_product(self) -> int:
        if self._product is None:
            brand, product = self.env.ids.many(2)
            async with self.env.db.transaction(self.mall) as tx:
                await db.run(
                    tx,
                    """insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at)
                       values (%s, %s, '品牌', 'Brand', 'world', %s)""",
                    (self.mall, brand, self.now),
                )
                await db.run(
                    tx,
                    """insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at)
                       values (%s, %s, %s, '礼品卡', 'Gift card', %s)""",
                    (self.mall, product, brand, self.now),
                )
            self._product = product
        return self._product

    async def _book_of(self, tx: db.Tx, buyer: Buyer | None) -> int:
        kind = "contract" if buyer else "list"
        found = await db.row(
            tx,
            "select id from pricing.book where mall_id = %s and kind = %s and buyer_id is not distinct from %s",
            (self.mall, kind, buyer.organisation if buyer else None),
        )
        if found is not None:
            return int(found[0])
        book = self.env.ids.new()
        await db.run(
            tx,
            """insert into pricing.book (mall_id, id, kind, buyer_id, name, currency, created_at)
               values (%s, %s, %s, %s, 'Book', %s, %s)""",
            (self.mall, book, kind, buyer.organisation if buyer else None, self.currency, self.now),
        )
        return book


def workers_of(server: int) -> list[int]:
    """Process ids of the workers that this server started and that have not ended."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            _, parent = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[:2]
            arguments = Path(f"/proc/{entry}/cmdline").read_text().split("\0")
        except OSError:
            continue
        if int(parent) == server and "worker" in arguments:
            found.append(int(entry))
    return found


@dataclass
class Served:
    """A server process; it may be killed and started again on the same port."""

    admin_dsn: str
    key_folder: Path
    port: int
    log: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    apart: bool = False  # with a worker beside it, as `commissary up` has
    process: asyncio.subprocess.Process | None = None
    _session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=600)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def start(self, patience_s: float = 120) -> None:
        """Until it answers. Patient: on a busy machine a start takes many times as long as on an idle one."""
        environ = {k: v for k, v in os.environ.items() if not k.startswith("COMMISSARY_")}
        environ |= {"DATABASE_URL": self.admin_dsn, "COMMISSARY_KEYS": str(self.key_folder)}
        environ |= {"COMMISSARY_DATA": str(self.key_folder.parent / "data"), "PYTHONPATH": SOURCES}
        environ |= self.settings
        out = self.log.open("ab") if self.log else None
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server",
            str(self.port),
            *(["apart"] if self.apart else []),
            env=environ,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        if out is not None:
            out.close()
        give_up_at = time.monotonic() + patience_s
        while True:
            if self.process.returncode is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                # A process refuses signed queries from before it began; the second it began in counts as before.
                await asyncio.sleep(1 - time.time() % 1)
                return
            except OSError:
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(0.02)

    @property
    def workers(self) -> list[int]:
        """The processes that work beside it."""
        assert self.process is not None
        return workers_of(self.process.pid)

    async def kill(self) -> None:
        """kill -9: nothing is finished, nothing given back."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._end(signal.SIGTERM)

    async def call(
        self,
        buyer: Buyer,
        method: str,
        path: str,
        json: Any = None,
        *,
        body: bytes | None = None,
        timestamp: int | None = None,
        nonce: str | None = None,
        timeout_s: float = 60,
    ) -> Answer:
        """A signed call. `body` sends raw bytes in place of `json`."""
        content = body if body is not None else b"" if json is None else jsonlib.dumps(json).encode()
        headers = signed(buyer, method, path, content, timestamp=timestamp, nonce=nonce)
        return await self.raw(method, path, content, headers, timeout_s=timeout_s)

    async def raw(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float = 60
    ) -> Answer:
        """The bytes as given, signed or not."""
        url = self._url(path)
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        async with self.session.request(method, url, data=body, headers=headers, timeout=timeout) as got:
            answer = Answer(got.status, await got.read(), got.headers)
        check_problems(answer)
        return answer

    def _url(self, path: str) -> Any:
        from yarl import URL

        return URL(self.url + path, encoded=True)

    async def _end(self, with_signal: signal.Signals) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(with_signal)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


PROBLEM = "application/problem+json"
CATALOGUE = [r for kind in app.REFUSALS.values() for r in kind]
TOLD = {(r.code, r.status, r.retryable, r.outcome, r.en, r.zh) for r in CATALOGUE}


def check_problems(answer: Answer) -> None:
    """Whatever a test asks of a server: each refusal in the answer is in the catalogue, word for word."""
    problems = []
    if answer.headers.get("content-type") == PROBLEM and answer.body:
        problems = [answer.json]
        assert answer.json["status"] == answer.status
    elif answer.body.startswith(b'{"results":['):
        problems = [result["error"] for result in answer.json["results"] if "error" in result]
    for problem in problems:
        told = tuple(problem[k] for k in ("code", "status", "retryable", "outcome", "title", "title_zh"))
        assert told in TOLD, f"not in the catalogue of errors: {told}"


def signed(
    buyer: Buyer,
    method: str,
    path: str,
    body: bytes,
    *,
    timestamp: int | None = None,
    nonce: str | None = None,
) -> dict[str, str]:
    """The four headers of a signed call; `path` with its query, as it goes on the wire."""
    at = str(int(time.time()) if timestamp is None else timestamp)
    once = nonce or secrets.token_hex(12)
    plain, _, query = path.partition("?")
    message = signature.canonical(method, plain.encode(), query.encode(), at.encode(), once.encode(), body)
    return {
        "Commissary-Key": buyer.key_id,
        "Commissary-Timestamp": at,
        "Commissary-Nonce": once,
        "Commissary-Signature": signature.sign(buyer.secret.encode(), message).decode(),
        "Content-Type": "application/json",
    }


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@asynccontextmanager
async def ground(admin_dsn: str) -> AsyncIterator[Ground]:
    """A fresh database on that server, dropped at the end."""
    name = f"w_{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory(prefix="commissary-world-") as folder:
        keys = make_keys(Path(folder) / "keys")
        dsn = template.database(admin_dsn, name, keys.passwords)
        database = db.Database(migrate.dsns(dsn, keys.passwords))
        # The last node number: server processes lease theirs from 0 up.
        ids = Ids(1023, lambda: time.time_ns() // 1_000_000)
        try:
            yield Ground(dsn, Path(folder) / "keys", keys, ids, database)
        finally:
            await database.close()
            with psycopg.connect(admin_dsn, autocommit=True) as connection:
                connection.execute(f"drop database if exists {name} with (force)")


def make_keys(folder: Path) -> crypto.Keyring:
    """A key folder with the role passwords that all test databases of a server share."""
    folder.mkdir(mode=0o700, parents=True)
    text = jsonlib.dumps(
        {
            "current": "k1",
            "keks": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
            "database_passwords": PASSWORDS,
        }
    )
    path = folder / "keys.json"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return crypto.load_keys(folder)


def tomorrow(days: int = 1) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def _e4(amount: int | str) -> int:
    return money.parse(amount) if isinstance(amount, str) else amount


_SKU = """
insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, instrument_class, issuer, redeem_scope,
  registered, tax_category, fields, fund_mode, release_at, max_quantity, status, created_at, updated_at)
values (%(mall)s, %(id)s, %(product)s, %(code)s, %(name)s, %(name)s, %(kind)s, 'coupon_promo', 'Issuer', 'issuer',
  false, 'coupon', %(fields)s::jsonb, %(fund)s, %(release)s, %(most)s, %(status)s, %(at)s, %(at)s)
"""
_SKU_VERSION = "insert into catalog.sku_version values (%(mall)s, %(id)s, 1, '{}', %(at)s)"
_BATCH = """
insert into stock.batch (home_id, id, sku_id, unit_cost_e4, currency, expires_at, received, dek, kek_id, state, created_at, sealed_at,
  commitment_root)
values (%(home)s, %(batch)s, %(sku)s, %(cost)s, %(currency)s, %(expires)s, %(n)s, %(dek)s, %(kek)s, 'sealed', %(at)s, %(at)s,
  %(root)s)
"""
_CODES = """
insert into stock.code (home_id, batch_id, seq, cipher, commitment)
select %(home)s, %(batch)s, c.seq, c.cipher, c.commitment
from unnest(%(seqs)s, %(ciphers)s, %(commitments)s) as c (seq, cipher, commitment)
"""
_PRINTS = """
insert into stock.fingerprint (fingerprint, mall_id, batch_id, seq)
select p.print, %(mall)s, %(batch)s, p.seq from unnest(%(prints)s, %(seqs)s) as p (print, seq)
"""
_LOT = """
insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, expires_at, unlimited, state)
values (%(home)s, %(lot)s, %(sku)s, %(batch)s, 1, 1, %(n)s, %(cost)s, %(expires)s, %(unlimited)s, 'open')
"""
