"""For journeys about orders, money and risk: receivers of webhooks that the server may call, a test mall whose clock is
moved in the console, and waiting for what happens by itself."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from commissary import catalog, ledger, risk, tenancy
from commissary.base.home import home
from make.journey import Installation, Mall, sign_in
from make.receivers import Receiver
from world import Answer, Buyer, World, free_port, signed

# The SDK is a distribution of its own; its verifier is used from the source tree.
sys.path.insert(0, str(Path(__file__).parents[2] / "sdk" / "python" / "src"))

from commissary_sdk import webhooks as sdk

RECEIVERS = [free_port() for _ in range(4)]  # which the server may call, though they are not public
SELLERS = [free_port() for _ in range(4)]  # suppliers that it may buy from
ALLOW = {"COMMISSARY_OUTGOING_ALLOW": ",".join(f"127.0.0.1:{port}" for port in RECEIVERS + SELLERS)}

T = TypeVar("T")
WORK = "/work"  # of the console: lines that need a person
PHONE = [{"name": "account", "label_zh": "账号", "label_en": "Account", "type": "phone", "target": True}]


@dataclass
class Ear:
    """Somebody's webhook endpoint: what it got, each verified with the SDK."""

    receiver: Receiver
    secret: str
    endpoint_id: str
    down: bool = False
    calls: int = 0
    events: list[sdk.Event] = field(default_factory=list)

    def heard(self, *kinds: str) -> list[sdk.Event]:
        return [e for e in self.events if not kinds or e.type in kinds]


async def listen(mall: Mall, organisation: int, *events: str, place: int = 0) -> Ear:
    """An endpoint of that organisation, made in the console; close its receiver at the end."""
    ear = Ear(Receiver(port=RECEIVERS[place]), "", "")

    def answer(got: Any) -> int:
        ear.calls += 1
        if ear.down:
            return 500
        ear.events.append(sdk.verify(got.headers, got.body, ear.secret))
        return 204

    ear.receiver.answer = answer
    await ear.receiver.open()
    asked = {"organisation_id": str(organisation), "url": ear.receiver.url, "events": list(events)}
    made = await mall.owner.post("/webhook-endpoints", asked)
    ear.secret, ear.endpoint_id = made["secret"], made["endpoint"]["id"]
    return ear


async def twin(installation: Installation) -> Mall:
    """The test mall of a mall, as `commissary found` makes it: its clock can be moved."""
    live = await installation.ground.world()
    now = live.env.clock()
    made = await tenancy.found_shadow(live.admin_dsn, live.env.ids, live.mall, now)
    here = home(made.mall_id)
    async with live.env.db.transaction(made.mall_id) as tx:
        books = await ledger.found_books(tx, live.env, here, made.organisation_id, live.currency)
    [(slug,)] = await live.rows("select slug from tenancy.mall where id = %s", (made.mall_id,))
    world = World(live.ground, live.env, made, slug, here, live.currency, books)
    async with world.env.db.transaction(world.mall) as tx:
        await catalog.seed_rules(tx, world.env, world.actor)
    await risk.seed_rules(world.env, world.actor)
    return Mall(installation, world, await sign_in(installation.server, slug, "owner@example.com"))


async def travel(mall: Mall, **by: float) -> None:
    """On from where the mall's clock is. Sessions run by that clock, so the owner signs in anew; others have to."""
    now = await mall.owner.get("/clock")
    ahead = now["offset_s"] + int(timedelta(**by).total_seconds())
    await mall.owner.put("/clock", {"offset_s": ahead})
    if timedelta(**by) < timedelta(hours=1):
        return
    there = datetime.fromisoformat(now["now"]) + timedelta(**by)

    async def moved() -> bool:
        """By the clock there: a session of before the process knew of it would end in a moment."""
        mall.owner = await sign_in(mall.server, mall.world.slug, "owner@example.com")
        told = await mall.owner.call("GET", "/clock")
        return told.status == 200 and datetime.fromisoformat(told.json["now"]) >= there

    await until(moved, 30)


EPOCH_S = 1.5  # processes look every 0.4 s for what changed in a mall; a slow machine may be late


async def turn(mall: Mall, name: str) -> None:
    """Periodic work comes up now instead of in its time; wait until it was done. By then every process knows a clock that was
    just moved."""
    await asyncio.sleep(EPOCH_S)

    async def called() -> list[Any]:  # a worker that begins makes the row
        return await mall.rows(
            "update jobs.turn set due_at = clock_timestamp() where name = %s returning clock_timestamp()",
            (name,),
        )

    [(before,)] = await until(called, 20)

    async def done() -> bool:
        found = await mall.rows("select 1 from jobs.turn where name = %s and last_at > %s", (name, before))
        return bool(found)

    await until(done, 20)


async def until(check: Callable[[], Awaitable[T]], patience_s: float = 10, every_s: float = 0.1) -> T:
    """What `check` says as soon as it is not empty."""
    give_up_at = time.monotonic() + patience_s
    while not (found := await check()):
        assert time.monotonic() < give_up_at, "it did not happen"
        await asyncio.sleep(every_s)
    return found


async def again(mall: Mall, call: Callable[[], Awaitable[Answer]], patience_s: float = 20) -> Answer:
    """As a client does: once more while the answer is that nobody could tell."""

    async def answered() -> Answer | None:
        got = await call()
        return None if got.status == 503 else got

    return await until(answered, patience_s, 0.2)  # type: ignore[return-value]


async def post_keyed(mall: Mall, buyer: Buyer, path: str, key: str, body: bytes = b"") -> Answer:
    """A partner's call with an Idempotency-Key."""
    headers = signed(buyer, "POST", path, body) | {"Idempotency-Key": key}
    return await mall.server.raw("POST", path, body, headers)


async def topped_up(mall: Mall, clerk: Any, order: Any, quantity: int, key: str, line: int = 1) -> Any:
    """A line delivered by hand, with a receipt."""
    at = f"{WORK}/{order['id']}/{line}"
    await clerk.post(f"{at}/claim", {})
    told = {"quantity": quantity, "receipt": f"R-{key}"}
    return await clerk.post(f"{at}/deliver", told, Idempotency_Key=key)
