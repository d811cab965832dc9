"""One installation, its server and the people, programs and commands that use it: what a journey is told with.

mall = …                                          # the fixture: a fresh mall behind the shared server
sku = await mall.sku(); await mall.price(sku, "9.50"); await mall.upload(sku, codes, cost="5")
buyer = await mall.buyer("100")                   # through the console, as its owner does it
order = await mall.order(buyer, sku, 2)           # signed, as the buyer's program does it
done = await mall.commissary("check", "--json")   # the command line, as a process of its own
"""

import asyncio
import inspect
import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from litestar.handlers import HTTPRouteHandler

from commissary import app, catalog, risk
from make.tenancy import PASSWORD
from world import SOURCES, Answer, Buyer, Ground, Served, World

CONSOLE = "/console/v1"
Rungs = Mapping[int, str]


@dataclass
class Installation:
    """A migrated database, its key folder, and a server on both."""

    ground: Ground
    server: Served

    @property
    def log(self) -> Path:
        assert self.server.log is not None
        return self.server.log

    async def mall(self, name: str = "Kitchen") -> "Mall":
        """Founded as `commissary found` does it, with its owner signed in."""
        world = await self.ground.world(name)
        async with world.env.db.transaction(world.mall) as tx:
            await catalog.seed_rules(tx, world.env, world.actor)
        await risk.seed_rules(world.env, world.actor)
        owner = await sign_in(self.server, world.slug, "owner@example.com")
        return Mall(self, world, owner)


@dataclass(frozen=True)
class Person:
    """Somebody signed in at the console, by cookie like a browser."""

    server: Served
    cookie: str = field(repr=False)
    password: str = field(default=PASSWORD, repr=False)

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """`path` below /console/v1."""
        answer = await self._call(method, path, body, headers)
        if answer.status == 403 and answer.json["code"] == "step_up_required":
            # As the console's page does it: ask who he is, and repeat the call.
            await self._call("POST", "/sessions/current/proof", {"password": self.password}, None)
            answer = await self._call(method, path, body, headers)
        return answer

    async def _call(self, method: str, path: str, body: Any, headers: Mapping[str, str] | None) -> Answer:
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Cookie": self.cookie, "Origin": self.server.url} | (
            {} if body is None else {"Content-Type": "application/json"}
        )
        return await self.server.raw(method, CONSOLE + path, content, told | dict(headers or {}))

    async def get(self, path: str, **query: object) -> Any:
        return _good(await self.call("GET", path + (f"?{httpx.QueryParams(query)}" if query else "")))

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return _good(await self.call("POST", path, body, headers=told))

    async def put(self, path: str, body: Any) -> Any:
        return _good(await self.call("PUT", path, body))

    async def patch(self, path: str, body: Any) -> Any:
        return _good(await self.call("PATCH", path, body))

    async def delete(self, path: str) -> Any:
        return _good(await self.call("DELETE", path))

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of a call that must not go through."""
        answer = await self.call(method, path, body)
        assert answer.status >= 400, answer.body
        return answer.status, answer.json["code"]

    async def every(self, path: str, **query: object) -> list[Any]:
        """All pages of a list."""
        found: list[Any] = []
        cursor: dict[str, object] = {}
        while True:
            page = await self.get(path, **query, size=200, **cursor)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def upload(
        self, sku: str, content: bytes, *, name: str = "codes.txt", cost: str = "5", **options: object
    ) -> Answer:
        """A file of codes, as a form."""
        told = {"sku_id": sku, "unit_cost": cost, **options}
        parts = {"options": (None, json.dumps(told), "application/json"), "file": (name, content)}
        form = httpx.Request("POST", self.server.url, files=parts)
        body = form.read()
        return await self.call(
            "POST", "/imports", body, headers={"Content-Type": form.headers["content-type"]}
        )


async def sign_in(server: Served, slug: str, email: str, password: str = PASSWORD) -> Person:
    told = json.dumps({"mall": slug, "email": email, "password": password}).encode()
    answer = await server.raw("POST", f"{CONSOLE}/sessions", told, {"Content-Type": "application/json"})
    assert answer.status == 201, answer.body
    return Person(server, answer.headers["Set-Cookie"].split(";")[0], password)


def _good(answer: Answer) -> Any:
    assert answer.status < 300, (answer.status, answer.body)
    return answer.json if answer.body and b"json" in answer.headers["Content-Type"].encode() else answer.body


CLASSIFIED = {
    "instrument_class": "coupon_promo",
    "issuer": "Issuer",
    "redeem_scope": "issuer",
    "registered": False,
    "tax_category": "coupon",
}


@dataclass
class Mall:
    """One mall. What it is given comes in through the doors that its people have."""

    installation: Installation
    world: World
    owner: Person
    _product: str | None = None
    _books: dict[str, str] = field(default_factory=dict)

    @property
    def server(self) -> Served:
        return self.installation.server

    async def sign_in(self, role: str) -> Person:
        """Somebody new with that role in the mall's own organisation."""
        email = f"{role}-{secrets.token_hex(3)}@example.com"
        person = {"email": email, "name": role, "password": PASSWORD, "role": role}
        own = str(self.world.founded.organisation_id)
        await self.owner.post("/people", person | {"organisation_id": own})
        return await sign_in(self.server, self.world.slug, email)

    async def product(self) -> str:
        if self._product is None:
            brand = await self.owner.post("/brands", {"name_zh": "品牌", "name_en": "Brand"})
            named = {"brand_id": brand["id"], "name_zh": "礼品卡", "name_en": "Gift card"}
            self._product = (await self.owner.post("/products", named))["id"]
        return str(self._product)

    async def sku(self, kind: str = "code", *, listed: bool = True, **more: Any) -> str:
        """Created, classified and listed; its id."""
        code = f"A-{secrets.token_hex(4)}"
        draft = {"product_id": await self.product(), "code": code, "kind": kind}
        draft |= {"name_zh": "礼品卡", "name_en": "Gift card"} | ({} if kind == "bundle" else CLASSIFIED)
        made = await self.owner.post("/skus", draft | more)
        if listed:
            await self.owner.post(f"/skus/{made['id']}/list", {"version": made["version"]})
        return str(made["id"])

    async def many_skus(self, count: int, kind: str = "topup") -> list[str]:
        """Scenery: as many listed SKUs as a real catalogue has, in order of their ids."""
        product, ids = await self.product(), self.world.env.ids.many(count)
        await self.rows(_MANY, {"mall": self.world.mall, "product": int(product), "kind": kind, "ids": ids})
        return [str(i) for i in ids]

    async def book(self, buyer: Buyer | None = None) -> str:
        """The list, or the buyer's contract; opened when first asked for."""
        name = "list" if buyer is None else str(buyer.organisation)
        if name not in self._books:
            kind: dict[str, Any] = {"kind": "list", "name": "标准价"}
            if buyer is not None:
                kind = {"kind": "contract", "name": "合同价", "buyer_id": str(buyer.organisation)}
            self._books[name] = (await self.owner.post("/books", kind))["id"]
        return self._books[name]

    async def price(
        self, sku: str | Iterable[str], unit: str | Rungs, *, buyer: Buyer | None = None, **more: Any
    ) -> Any:
        """Of one SKU or of many; the change."""
        skus = [sku] if isinstance(sku, str) else list(sku)
        ladder = rungs({1: unit} if isinstance(unit, str) else unit)
        prices = [{"sku_id": s, "rungs": ladder} for s in skus]
        return await self.owner.post("/prices", {"book_id": await self.book(buyer), "prices": prices} | more)

    async def upload(self, sku: str, codes: Sequence[str], *, cost: str = "5", **options: object) -> Any:
        """The report of an import of these codes, one a line."""
        return _good(await self.owner.upload(sku, "\n".join(codes).encode(), cost=cost, **options))

    async def buyer(self, balance: str = "1000", *, name: str = "Buyer", **more: Any) -> Buyer:
        """A buying company with a wallet, money in it and a key with every scope."""
        made = await self.owner.post("/buyers", {"name": name} | more)
        account = made["account"]["id"]
        if float(balance):
            money = {"amount": yuan(balance), "reference": f"r-{secrets.token_hex(6)}"}
            await self.owner.post(f"/accounts/{account}/recharges", money)
        scopes = ["orders:write", "orders:read", "codes:read", "catalog:read", "balance:read"]
        scopes.append("webhooks:write")
        key = await self.owner.post(f"/buyers/{made['id']}/keys", {"name": "shop", "scopes": scopes})
        return Buyer(key["id"], key["secret"], int(made["id"]), int(account), None)  # type: ignore[arg-type]

    async def ask(self, buyer: Buyer, *lines: tuple[str, int], no: str = "", **more: Any) -> Answer:
        """An order of these (SKU, quantity), whatever comes of it."""
        wanted = [{"sku_id": sku, "quantity": quantity} for sku, quantity in lines]
        told = {"client_order_no": no or secrets.token_hex(8), "lines": wanted}
        return await self.server.call(buyer, "POST", "/v1/orders", told | more)

    async def order(self, buyer: Buyer, sku: str, quantity: int = 1, **more: Any) -> Any:
        answer = await self.ask(buyer, (sku, quantity), **more)
        assert answer.status == 200, answer.body
        return answer.json

    async def balance(self, buyer: Buyer) -> Any:
        answer = await self.server.call(buyer, "GET", "/v1/balance")
        assert answer.status == 200, answer.body
        return answer.json

    async def commissary(self, *arguments: str, code: int = 0) -> "Done":
        """The command line on this installation, to its end."""
        process = await begin(self.installation, *arguments)
        out, err = await asyncio.wait_for(process.communicate(), 120)
        done = Done(out.decode(), err.decode())
        assert process.returncode == code, (process.returncode, done)
        assert "Traceback" not in done.err, done.err
        return done

    async def rows(self, query: str, params: Any = ()) -> list[tuple[Any, ...]]:
        return await self.world.rows(query, params)


_MANY = """
with made as (
  insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, instrument_class, issuer, redeem_scope,
    registered, tax_category, status, created_at, updated_at)
  select %(mall)s, i, %(product)s, 'm' || i, '话费', 'Phone credit', %(kind)s, 'direct_topup', 'Issuer', 'issuer', false,
    'coupon', 'listed', now(), now() from unnest(%(ids)s::bigint[]) i
  returning id),
versions as (insert into catalog.sku_version select %(mall)s, id, 1, '{}', now() from made)
update tenancy.epoch set value = value + 1 where mall_id = %(mall)s returning value
"""


@dataclass(frozen=True)
class Done:
    """What a command printed."""

    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


async def begin(installation: Installation, *arguments: str) -> asyncio.subprocess.Process:
    """A command that runs on; killed by whoever began it."""
    served = installation.server
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COMMISSARY_")}
    environ |= {"DATABASE_URL": served.admin_dsn, "COMMISSARY_KEYS": str(served.key_folder)}
    environ |= {"COMMISSARY_DATA": str(served.key_folder.parent / "data"), "NO_COLOR": "1", "COLUMNS": "200"}
    environ |= {"PYTHONPATH": SOURCES}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from commissary.cli import main; main()",
        *arguments,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def rungs(ladder: Rungs) -> list[dict[str, Any]]:
    return [{"minimum": minimum, "unit_price": yuan(price)} for minimum, price in sorted(ladder.items())]


def cards(count: int, prefix: str = "K") -> list[str]:
    """Codes as no other mall has them."""
    return [f"{prefix}{n:06d}G{secrets.token_hex(6)}Z".upper() for n in range(count)]


@dataclass(frozen=True)
class Operation:
    """What a route of the console takes beside its path."""

    query: frozenset[str]


def console_operations() -> list[tuple[str, str, Operation]]:
    """(method, path with its parameters, operation) of everything that the console offers."""
    found = []
    for handler in app.ROUTES:
        assert isinstance(handler, HTTPRouteHandler)
        filters = [found.dependency for found in (handler.dependencies or {}).values()]
        asked = frozenset(p for fn in (handler.fn, *filters) for p in inspect.signature(fn).parameters)
        for path in handler.paths:
            if path.startswith(f"{CONSOLE}/"):
                found += [(str(method), path, Operation(asked)) for method in handler.http_methods]
    return sorted(found, key=lambda o: (o[1], o[0]))


async def shopper(mall: Mall, buyer: Buyer, role: str = "distributor") -> Person:
    """Somebody of a buying company, signed in at the console for it."""
    email = f"{role}-{secrets.token_hex(4)}@example.com"
    person = {"email": email, "name": role, "password": PASSWORD, "role": role}
    await mall.owner.post("/people", person | {"organisation_id": str(buyer.organisation)})
    return await sign_in(mall.server, mall.world.slug, email)
