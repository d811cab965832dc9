"""Domains, doors and reactions put together, once per serving process."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import msgspec

from commissary import (
    __version__,
    catalog,
    fulfilment,
    insight,
    orders,
    partnerapi,
    provenance,
    risk,
    sandbox,
    stock,
    tenancy,
    web,
)
from commissary.app.acts import ACTS
from commissary.app.environment import environment, holder
from commissary.app.ground import Ground
from commissary.app.offered import OFFERED, REFUSALS, ROUTES
from commissary.app.platform import App, Platform
from commissary.app.working import Working, authority_of, host_of, outward
from commissary.base import home
from commissary.base.env import Env
from commissary.base.settings import Settings

log = logging.getLogger("commissary.app")


@asynccontextmanager
async def platform(
    settings: Settings, on: Ground, *, works: bool = True, nudge: Callable[[], None] | None = None
) -> AsyncIterator[Platform]:
    """Wire a serving process on that ground; drained and closed at the end.

    `works`: it also does the work beside requests. Else another process has to (`working`), and `nudge` tells that one
    of orders that may have to be bought.
    """
    authority_of(settings)  # a fault is told by the process that a person started
    async with environment(settings, on) as env, outward(env, settings, nudge) as spoken:
        purchasing, buying = spoken.purchasing, spoken.buying
        key_cache = tenancy.KeyCache(env)
        epochs = tenancy.Epochs(env.db)
        metrics = web.Metrics()
        engine = risk.Engine()
        decisions = risk.DecisionLog()
        sandboxes = sandbox.Sandbox(env, purchasing)
        replayer = sandbox.Replayer(env, sandboxes, key_cache)

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
            foresee=engine.foresee,
            on_batch=placed,
            on_taken=lambda here: risk.warm(env, engine, home.mall_of(here), orders.recent),
        )

        async def changed(mall: int, epoch: int) -> None:
            """A mall's keys, goods, prices or risk rules are different now."""
            await key_cache.reload(mall, epoch)
            await engine.reload(env, mall, epoch)
            await desk.reload(mall, epoch)
            await purchasing.changed(mall, epoch)

        epochs.watch_any(lambda: tenancy.load_offsets(env))
        epochs.watch(changed)
        gate = tenancy.Gate(key_cache, on.keys, time.time, time.time(), settings.proxies)
        desk.accounts = catalog.Accounts(env, spoken.outside)
        errors = web.catalogue(REFUSALS)
        live = insight.Live(env)
        forwarder = orders.Forwarder(on.keys, settings.address)
        offers = {
            "desk": desk,
            "key_cache": key_cache,
            "outgoing": spoken.outside,
            "public_url": settings.public_url,
            "purchasing": purchasing,
            "buying": buying,
            "errors": errors,
            "live": live,
            "engine": engine,
            "replayer": replayer,
            "forwarder": forwarder,
            "acts": ACTS,
            "sandbox": sandboxes,
            "mirror": sandboxes,
        }
        assert offers.keys() == set(OFFERED)
        api = web.application(env, ROUTES, offers, __version__)
        rest = cast(App, api)
        spec = web.document(api, errors, settings.public_url)
        calls = insight.CallLog.of(spec["paths"])
        edge = orders.PartnerEdge(desk, gate, rest, calls=calls, versions=web.REGISTRY)
        replayer.edge = edge
        made = Platform(
            env=env,
            epochs=epochs,
            desk=desk,
            edge=edge,
            faces=partnerapi.Faces(edge, spoken.outside, settings.production),
            rest=rest,
            docs=web.docs_door(web.docs_pages(spec, errors, settings.public_url)),
            log=provenance.LogDoor(env, host_of(settings)),
            genuine=web.GenuineDoor(env, gate.address_of),
            console=web.ConsoleDoor(__version__),
            openapi=web.Document("application/json", msgspec.json.encode(spec)),
            console_openapi=web.Document(
                "application/json",
                msgspec.json.encode(web.document(api, errors, settings.public_url, web.CONSOLE)),
            ),
            metrics=metrics,
            decisions=decisions,
            engine=engine,
            calls=calls,
            callbacks=fulfilment.Callbacks(buying),
            live=live,
            outward=spoken,
            working=Working.of(env, spoken, settings) if works else None,
        )
        metrics.watch_queue(lambda: sum(lane.waiting for lane in desk.lanes.values()))
        await _read_malls(env, desk, epochs)
        if again := await stock.shred_again(env):
            log.warning("%d batches were shredded again: the database came back from a backup", again)
        made.start()
        try:
            yield made
        finally:
            await made.stop()
            await forwarder.close()


async def _read_malls(env: Env, desk: orders.Desk, epochs: tenancy.Epochs) -> None:
    """Goods, prices and risk rules are read before the first order needs them. A mall that cannot be read is left for
    later."""
    await epochs.poll()
    for mall in await tenancy.open_malls(env):
        try:
            await desk.lane(home.home(mall.id)).book()
        except LookupError:
            log.warning("mall %d has no books yet", mall.id)
