"""The composition root: settings → database → domains → doors to the world. The only file that wires."""

import asyncio
import contextlib
import gc
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
import psycopg
from litestar.types import ControllerRouterHandler

from commissary import (
    __version__,
    catalog,
    fulfilment,
    insight,
    notify,
    orders,
    partnerapi,
    provenance,
    risk,
    settlement,
    stock,
    supply,
    tenancy,
    web,
    worker,
)
from commissary.base import crypto, db, embedded, home, migrate, node
from commissary.base.env import Env
from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.http import Receive, Reply, Scope, Send, answer
from commissary.base.ids import Ids
from commissary.base.outgoing import Limits, Outgoing, OutgoingRefusal
from commissary.base.settings import BadSettings, Settings
from commissary.base.table_file import TableRefusal
from commissary.catalog import routes as catalog_routes
from commissary.catalog.types import AccountRefusal, CatalogRefusal
from commissary.fulfilment import routes as fulfilment_routes
from commissary.fulfilment.types import FulfilmentRefusal
from commissary.insight import routes as insight_routes
from commissary.jobs import routes as job_routes
from commissary.jobs.types import JobRefusal
from commissary.ledger import routes as ledger_routes
from commissary.ledger.types import LedgerRefusal
from commissary.notify import routes as notify_routes
from commissary.notify.types import NotifyRefusal
from commissary.orders import routes as order_routes
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import routes as face_routes
from commissary.partnerapi.types import FaceRefusal
from commissary.partners import routes as partner_routes
from commissary.partners.types import PartnerRefusal
from commissary.pricing import routes as pricing_routes
from commissary.pricing.types import PricingRefusal
from commissary.provenance.types import ProvenanceRefusal
from commissary.risk import routes as risk_routes
from commissary.risk.types import RiskRefusal
from commissary.settlement import routes as settlement_routes
from commissary.settlement.types import SettlementRefusal
from commissary.stock import routes as stock_routes
from commissary.stock.types import StockRefusal
from commissary.supply import routes as supply_routes
from commissary.supply.types import SupplyRefusal
from commissary.tenancy import routes as tenancy_routes
from commissary.tenancy.types import AuthRefusal, TenancyRefusal

log = logging.getLogger("commissary.app")

App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Ground:
    """A migrated database and its keys; `admin_dsn` may change the schema and found malls."""

    admin_dsn: str
    keys: crypto.Keyring
    server: embedded.Server | None
    lease: embedded.Lease | None

    def leave(self) -> None:
        """Stop what we started; an outside server stays."""
        if self.server is not None:
            embedded.stop(self.server)
        if self.lease is not None:
            self.lease.release()


def ground(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Ground:
    """The database of these settings, started if it is ours, at this version of the schema."""
    if settings.database_url is None:
        data = settings.data / f"pg{settings.postgres}"
        if settings.keys.is_relative_to(data):
            raise crypto.KeyFault(
                f"the key folder {settings.keys} must not lie inside the data folder {data}"
            )
        lease = embedded.claim(data)
        try:
            server = embedded.start(data, version=settings.postgres)
            say(f"PostgreSQL {server.version} runs on {data}")
            on = ground_of(settings, server.dsn("commissary"), say)
        except BaseException:
            # Bad keys, a failed migration, Ctrl-C: nothing stays running that nobody knows of.
            embedded.stop(data)
            lease.release()
            raise
        return Ground(on.admin_dsn, on.keys, server, lease)
    return ground_of(settings, settings.database_url, say)


def ground_of(settings: Settings, admin_dsn: str, say: Callable[[str], None] = lambda _: None) -> Ground:
    """The same over a server that somebody else started."""
    keys = crypto.load_keys(settings.keys)
    applied = migrate.migrate(admin_dsn, keys.passwords)
    if applied:
        say(f"{len(applied)} migrations applied")
    return Ground(admin_dsn, keys, None, None)


# Every refusal a caller may meet, by the domain that says it: the catalogue of /docs/errors.
REFUSALS: dict[str, type[Refusal]] = {
    "request": RequestRefusal,
    "authentication": AuthRefusal,
    "tenancy": TenancyRefusal,
    "partners": PartnerRefusal,
    "catalog": CatalogRefusal,
    "accounts": AccountRefusal,
    "ledger": LedgerRefusal,
    "risk": RiskRefusal,
    "stock": StockRefusal,
    "code files": stock.CodeFileRefusal,
    "tables": TableRefusal,
    "pricing": PricingRefusal,
    "orders": OrderRefusal,
    "supply": SupplyRefusal,
    "fulfilment": FulfilmentRefusal,
    "settlement": SettlementRefusal,
    "jobs": JobRefusal,
    "notify": NotifyRefusal,
    "provenance": ProvenanceRefusal,
    "outgoing": OutgoingRefusal,
    "faces": FaceRefusal,
}

ROUTES: list[ControllerRouterHandler] = [
    *tenancy_routes.ROUTES,
    *partner_routes.ROUTES,
    *catalog_routes.ROUTES,
    *catalog_routes.ACCOUNT_ROUTES,
    *ledger_routes.ROUTES,
    *risk_routes.ROUTES,
    *stock_routes.ROUTES,
    *pricing_routes.ROUTES,
    *order_routes.ROUTES,
    *supply_routes.ROUTES,
    *fulfilment_routes.ROUTES,
    *settlement_routes.ROUTES,
    *notify_routes.ROUTES,
    *job_routes.ROUTES,
    *insight_routes.ROUTES,
    *face_routes.ROUTES,
    *web.META_ROUTES,
]


API = "/console/v1/"  # of the console's page; all else below /console is the page

# What a route may name beside `env`, `actor` and `caller`.
OFFERED = ("desk", "key_cache", "outgoing", "public_url", "purchasing", "buying", "errors", "live")


@dataclass
class Platform:
    """Everything a running process holds; what the server serves."""

    env: Env
    epochs: tenancy.Epochs
    desk: orders.Desk
    edge: orders.PartnerEdge
    faces: partnerapi.Faces
    rest: App
    docs: App
    callbacks: App
    log: App
    genuine: App
    console: web.ConsoleDoor
    openapi: bytes
    console_openapi: bytes
    metrics: web.Metrics
    decisions: risk.DecisionLog
    engine: risk.Engine
    purchasing: supply.Purchasing
    worker: worker.Worker
    keeper: provenance.Keeper
    statements: settlement.Puller
    live: insight.Live
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def at_once(self, scope: Scope, body: bytes, reply: Reply) -> bool:
        """For `POST /v1/orders`, see `web/short.py`."""
        return self.edge.at_once(scope, body, reply)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By path: partners first, because they are in a hurry."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/v1/"):
            await self.edge(scope, receive, send)
        elif path.startswith("/callbacks/"):
            await self.callbacks(scope, receive, send)
        elif path.startswith(partnerapi.ROOT):
            await self.faces(scope, receive, send)
        elif path == "/openapi.json":
            await answer(send, 200, self.openapi, "-")
        elif path == "/console/openapi.json":
            await answer(send, 200, self.console_openapi, "-")
        elif path == "/console" or (path.startswith("/console/") and not f"{path}/".startswith(API)):
            await self.console(scope, receive, send)
        elif path == "/docs" or path.startswith("/docs/"):
            await self.docs(scope, receive, send)
        elif path.startswith("/log/"):
            await self.log(scope, receive, send)
        elif path.startswith("/verify/"):
            await self.genuine(scope, receive, send)
        elif path.startswith("/health/"):
            await self._health(path, send)
        elif path == "/metrics":
            await self.metrics.serve(send)
        else:
            await self.rest(scope, receive, send)

    async def _health(self, path: str, send: Send) -> None:
        """`live`: the process answers. `ready`: it can sell, so a balancer may send to it."""
        if path == "/health/live":
            await answer(send, 200, b'{"status":"live"}', "-")
        elif path == "/health/ready":
            status, payload = 200, b'{"status":"ready"}'
            if self.edge.draining:
                status, payload = 503, b'{"status":"draining"}'
            else:
                try:
                    async with asyncio.timeout(2), self.env.db.transaction(None) as tx:
                        await tx.execute("select 1")
                except Exception as error:
                    log.warning("not ready: %s", type(error).__name__)
                    status, payload = 503, b'{"status":"database unreachable"}'
            await answer(send, status, payload, "-")
        else:
            await answer(send, 404, b'{"status":"no such check"}', "-")

    def start(self) -> None:
        """Begin the work that runs beside requests."""
        # What is alive now stays; young objects of requests die by reference count. Left alone, the collector walked
        # all prices and goods again and again: a third of the CPU of an order.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        self.worker.start()
        self.tasks += [
            asyncio.create_task(
                self.epochs.run(lambda e: log.warning("epochs: %s", type(e).__name__)), name="epochs"
            ),
            asyncio.create_task(_forever("decisions", 1, self._keep_decisions), name="decisions"),
            asyncio.create_task(_forever("risk counters", 5, self._sweep), name="sweep"),
            asyncio.create_task(_forever("order files", 1, self._order_files), name="order files"),
            asyncio.create_task(_forever("lanes", 1, self.desk.keep), name="lanes"),
            asyncio.create_task(_forever("shops' callbacks", 1, self.faces.call_back), name="callbacks"),
            asyncio.create_task(_forever("log", 1, self._keep_log), name="log"),
            asyncio.create_task(_forever("log files", 1, self.keeper.publish), name="log files"),
            asyncio.create_task(_forever("witnesses", 2, self.keeper.ask_witnesses), name="witnesses"),
            asyncio.create_task(_forever("time stamps", 5, self.keeper.stamp), name="time stamps"),
            asyncio.create_task(_forever("pulls", 3, self._pull), name="pulls"),
            asyncio.create_task(_forever("statements", 5, self._pull_statements), name="statements"),
            asyncio.create_task(_forever("live", 1, self.live.round), name="live"),
            asyncio.create_task(_forever("nonces", 300, self._empty_nonces), name="nonces"),
            asyncio.create_task(_forever("partitions", 3600, self._make_partitions), name="partitions"),
        ]

    async def drain(self) -> None:
        """Refuse new calls of partners, finish the orders queued, give the lanes back: another process may have them."""
        self.edge.draining = True
        self.live.close()
        await self.desk.drain()

    async def stop(self) -> None:
        """Take no new orders, finish those queued, give leases back."""
        await self.drain()
        await self.edge.forwarder.close()
        await self.worker.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError):
            await self._keep_decisions()

    async def _sweep(self) -> None:
        self.engine.sweep(time.time())

    async def _order_files(self) -> None:
        for mall in await tenancy.open_malls(self.env):
            for sheet in await orders.running_sheets(self.env, mall.id):
                await orders.run_sheet(self.env, self.desk, home.home(mall.id), sheet)

    async def _keep_decisions(self) -> None:
        await self.decisions.flush(self.env)

    async def _keep_log(self) -> None:
        await self.keeper.round()

    async def _pull(self) -> None:
        await supply.pull(self.env, self.purchasing)

    async def _pull_statements(self) -> None:
        await self.statements.round()

    async def _empty_nonces(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select tenancy.empty_idle_nonces(%s)", (int(time.time()),))

    async def _make_partitions(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select orders.make_partitions(clock_timestamp(), 4)")


@asynccontextmanager
async def environment(settings: Settings, on: Ground) -> AsyncIterator[Env]:
    """What verbs need, with a node number of its own for ids; renewed as long as it is open."""
    database = db.Database(migrate.dsns(on.admin_dsn, on.keys.passwords))
    await database.open()
    lease = await node.lease_node(database, holder(), settings.address)
    ids = Ids(lease.node, lambda: time.time_ns() // 1_000_000, lease.high_water)
    env = Env(database, ids, on.keys)
    await tenancy.load_offsets(env)

    async def renew() -> None:
        nonlocal lease
        try:
            lease = await node.renew(database, lease, ids.new())
        except node.NoNode:
            log.warning("the lease of node %d was lost; taking another", lease.node)
            lease = await node.lease_node(database, holder(), settings.public_url)
            ids.move(lease.node, lease.high_water)

    task = asyncio.create_task(_forever("node lease", 15, renew), name="node")
    try:
        yield env
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError):
            await node.release(database, lease)
        await database.close()


@asynccontextmanager
async def platform(settings: Settings, on: Ground) -> AsyncIterator[Platform]:
    """Wire a serving process on that ground; drained and closed at the end."""
    async with environment(settings, on) as env:
        key_cache = tenancy.KeyCache(env)
        epochs = tenancy.Epochs(env.db)
        metrics = web.Metrics()
        engine = risk.Engine()
        decisions = risk.DecisionLog()
        purchasing = supply.Purchasing(
            env,
            lambda: Outgoing(
                production=settings.production, allow=tuple(settings.outgoing_allow), limits=supply.LIMITS
            ),
            settings.public_url,
        )
        buying = fulfilment.Buying(env, purchasing)

        def placed(orders_: int, seconds: float, waiting: bool) -> None:
            """A batch is in the books; some of it may have to be bought."""
            metrics.batch(orders_, seconds)
            if waiting:
                buying.nudge()

        desk = orders.Desk(
            env,
            stock.Vault(on.keys),
            holder(),
            settings.address,
            judge=engine.judge,
            note=decisions.note,
            give_back=engine.release,
            on_batch=placed,
            on_taken=lambda here: risk.warm(env, engine, home.mall_of(here), orders.recent),
        )

        async def changed(mall: int, epoch: int) -> None:
            """A mall's keys, goods, prices, clock or risk rules are different now."""
            await tenancy.load_offsets(env)
            await key_cache.reload(mall, epoch)
            await engine.reload(env, mall, epoch)
            await desk.reload(mall, epoch)
            await purchasing.changed(mall, epoch)

        epochs.watch(changed)
        gate = tenancy.Gate(key_cache, on.keys, time.time, time.time(), settings.proxies)
        outside = Outgoing(
            production=settings.production, allow=tuple(settings.outgoing_allow), limits=notify.LIMITS
        )
        desk.accounts = catalog.Accounts(env, outside)
        witnesses = Outgoing(
            production=settings.production,
            allow=tuple(settings.outgoing_allow),
            limits=Limits(total_seconds=5),
        )
        host = settings.public_url.partition("://")[2]
        errors = web.catalogue(REFUSALS)
        live = insight.Live(env)
        offers = {
            "desk": desk,
            "key_cache": key_cache,
            "outgoing": outside,
            "public_url": settings.public_url,
            "purchasing": purchasing,
            "buying": buying,
            "errors": errors,
            "live": live,
        }
        assert offers.keys() == set(OFFERED)
        api = web.application(env, ROUTES, offers, __version__)
        rest = cast(App, api)
        spec = web.document(api, errors, settings.public_url)
        edge = orders.PartnerEdge(desk, gate, rest)
        made = Platform(
            env=env,
            epochs=epochs,
            desk=desk,
            edge=edge,
            faces=partnerapi.Faces(edge, outside, settings.production),
            rest=rest,
            docs=web.docs_door(web.docs_pages(spec, errors, settings.public_url)),
            log=provenance.LogDoor(env, host),
            genuine=web.GenuineDoor(env, gate.address_of),
            console=web.ConsoleDoor(__version__),
            openapi=msgspec.json.encode(spec),
            console_openapi=msgspec.json.encode(web.document(api, errors, settings.public_url, web.CONSOLE)),
            metrics=metrics,
            decisions=decisions,
            engine=engine,
            callbacks=fulfilment.Callbacks(buying),
            purchasing=purchasing,
            worker=worker.Worker(
                env,
                outside,
                buying,
                {orders.RECALL_JOB: orders.tell_holders, settlement.JOB: settlement.run_job},
            ),
            keeper=provenance.Keeper(
                env, host, settings.log_folder, witnesses, authority=_authority(settings)
            ),
            statements=settlement.Puller(env, purchasing),
            live=live,
        )
        metrics.watch_queue(lambda: sum(lane.waiting for lane in desk.lanes.values()))
        await _read_malls(env, desk, epochs)
        made.start()
        try:
            yield made
        finally:
            await made.stop()
            await made.statements.close()
            await purchasing.close()
            await outside.close()
            await witnesses.close()


def _authority(settings: Settings) -> provenance.Authority | None:
    if settings.tsa_root is None:
        return None
    try:
        return provenance.Authority.read(settings.tsa_url, settings.tsa_root.read_bytes())
    except (OSError, ValueError) as error:
        raise BadSettings(f"COMMISSARY_TSA_ROOT: no certificates in PEM ({type(error).__name__})") from None


async def _read_malls(env: Env, desk: orders.Desk, epochs: tenancy.Epochs) -> None:
    """Goods, prices and risk rules are read before the first order needs them. A mall that cannot be read is left for
    later."""
    await epochs.poll()
    for mall in await tenancy.open_malls(env):
        try:
            await desk.lane(home.home(mall.id)).book()
        except LookupError:
            log.warning("mall %d has no books yet", mall.id)


def holder() -> str:
    """Who holds leases: unique to this start of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"


async def _forever(name: str, every_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it again and again; a failure is logged and the next turn comes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            log.exception("%s failed; next try in %d s", name, every_s)
