"""One process's talks with suppliers: each connection has its own sockets and its own number of purchases at once, so
that one who hangs takes nothing from the others. What comes of an answer is written elsewhere; here it is only heard.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.outgoing import Limits, Outgoing, is_loopback
from commissary.supply import store
from commissary.supply.health import WINDOW_S
from commissary.supply.market import RESTS_S, Held, Market, at_ms, fields_for
from commissary.supply.score import remembered
from commissary.supply.shelf import lay_out_of
from commissary.supply.talk import Send, hold, outcome
from commissary.supply.transport import Wire
from commissary.supply.types import (
    WRONG_ACCOUNT,
    Attempt,
    Fault,
    KeptConnection,
    Outcome,
    Purchase,
    Request,
    Response,
    Result,
    Silence,
    Unreadable,
)
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.supply")

CALL_S = 35.0  # some suppliers answer after half a minute
PROBE_EVERY_S = 10.0
WRITERS = 4  # pulls that write at the same time: orders need the database too
LIMITS = Limits(total_seconds=CALL_S, answer_bytes=8 << 20, connections=512, connections_per_host=512)


@dataclass
class Purchasing:
    """`outgoing` makes the sockets of one connection; a test may give `transport` instead. `public_url` is where
    callbacks come to. A test mall calls nobody but simulators on this machine: `inside` is its supplier within the process."""

    env: Env
    outgoing: Callable[[], Outgoing] | None = None
    public_url: str = ""
    transport: Callable[[KeptConnection], Send] | None = None
    inside: Callable[[int, KeptConnection], Send | None] | None = None
    monotonic: Callable[[], float] = time.monotonic
    _markets: dict[int, Market] = field(default_factory=dict)
    _reading: dict[int, asyncio.Lock] = field(default_factory=dict)
    _sockets: dict[int, Outgoing] = field(default_factory=dict)
    _probed: dict[int, float] = field(default_factory=dict)
    _noted: dict[int, float] = field(
        default_factory=dict
    )  # mall → when how one of its purchases went was last noted
    pulls: set[asyncio.Task[Any]] = field(default_factory=set)  # on their way
    pushes: dict[int, Any] = field(default_factory=dict)  # connection → articles that gather, see `push.py`
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WRITERS))

    async def market(self, mall: int) -> Market:
        """As it is known; read when it is new here."""
        known = self._markets.get(mall)
        return known if known is not None else await self.reload(mall)

    async def reload(self, mall: int, epoch: int | None = None) -> Market:
        """The mall changed. `epoch` None: whatever it is."""
        async with self._reading.setdefault(mall, asyncio.Lock()):
            market = self._markets.get(mall)
            if market is not None and epoch is not None and market.epoch >= epoch:
                return market
            async with self.env.db.transaction(mall) as tx:
                if market is None:
                    found = await db.row(
                        tx, "select currency, shadow_of is not null from tenancy.mall where id = %s", (mall,)
                    )
                    assert found is not None
                    send = partial(self._send_in_test, mall) if found[1] else self._send
                    market = Market(mall, found[0], send, partial(self.env.now, mall))
                new = not market.connections
                await market.refresh(tx, self.env)
                if new:  # a process that begins knows what was learnt before it
                    for id_, (success_bp, latency_ms) in (await remembered(tx, self.env, mall)).items():
                        health = market.connections[id_].health
                        health.success_bp, health.latency_ms = success_bp, latency_ms
            self._markets[mall] = market
            return market

    async def changed(self, mall: int, epoch: int) -> None:
        """For the watch on epochs: markets that are not known here need not be read."""
        if mall in self._markets:
            await self.reload(mall, epoch)

    async def place(self, market: Market, attempt: Attempt, fields: Mapping[str, str]) -> Result:
        """The first and only purchase of this attempt, whose place among those at once was taken when it was chosen."""
        held = market.sent_to(attempt)
        started = self.monotonic()
        try:
            purchase = Purchase(
                attempt.ref,
                attempt.good_id,
                attempt.quantity,
                attempt.most_unit_e4,
                fields_for(held, market.offers[attempt.offer_id], fields),
                f"{self.public_url}/callbacks/{held.kept.callback_token}"
                if held.connector.facts.callbacks and self.public_url
                else "",
            )
            talk = held.connector.place(at_ms(self.env.now(market.mall)), purchase)
            passed_over = held.connector.facts.passes_over
            result = await outcome(talk, held.send, placing=True, passed_over=passed_over)
        except Exception as error:  # a bug of a connector: the purchase may have been made
            log.exception("placing %s with %s", attempt.ref, held.kept.name)
            result = Result(Outcome.unknown, reason="internal", said=type(error).__name__)
        finally:
            held.health.in_flight -= 1
        self._note(market.mall, held, result, started)
        if result.outcome is Outcome.succeeded:
            market.last_good[attempt.sku_id] = attempt.connection_id
        elif result.outcome is Outcome.failed and result.reason != WRONG_ACCOUNT:
            market.resting[attempt.offer_id] = self.monotonic() + RESTS_S
        return result

    async def ask(self, market: Market, attempt: Attempt) -> Result:
        """What became of it. Beside the purchases at once: an old question must not wait behind new orders."""
        held = market.sent_to(attempt)
        try:
            talk = held.connector.query(at_ms(self.env.now(market.mall)), attempt.ref, attempt.supplier_ref)
            return await outcome(talk, held.send, passed_over=held.connector.facts.passes_over)
        except Exception as error:
            log.exception("asking %s about %s", held.kept.name, attempt.ref)
            return Result(Outcome.unknown, reason="internal", said=type(error).__name__)

    def _note(self, mall: int, held: Held, result: Result, started: float) -> None:
        now = self._noted[mall] = self.monotonic()
        # A buyer's wrong account says nothing of the supplier: nobody can have him paused by ordering for such.
        good = result.outcome in (Outcome.succeeded, Outcome.accepted) or result.reason == WRONG_ACCOUNT
        held.health.note(now, good, (now - started) * 1000)

    # The breaker

    def to_judge(self) -> list[int]:
        """Malls in which somebody may have to be paused: what was noted stands for so long."""
        after = self.monotonic() - WINDOW_S
        self._noted = {mall: at for mall, at in self._noted.items() if at >= after}
        return list(self._noted)

    async def judge(self, market: Market) -> list[Held]:
        """Pause who fails too often; who is paused and to be probed now."""
        now, due = self.monotonic(), []
        for held in list(market.connections.values()):
            if held.kept.state == "on" and held.health.broken(now):
                reason = f"breaker: {held.health.failures_bp() / 100:.0f} % failed"
                await self._set_state(market, held, "paused", reason)
            elif held.kept.state == "paused" and now - self._probed.get(held.kept.id, 0.0) >= PROBE_EVERY_S:
                self._probed[held.kept.id] = math.inf
                due.append(held)
        return due

    async def probe(self, market: Market, held: Held) -> None:
        """Ask who is paused, and let him back in when he has answered often enough. It may take as long as he likes: run
        it beside the rest."""
        try:
            if held.health.probed(await self._answers(market, held)):
                await self._set_state(market, held, "on", "")
        finally:
            self._probed[held.kept.id] = self.monotonic()

    async def _answers(self, market: Market, held: Held) -> bool:
        """A question that buys nothing."""
        try:
            await hold(held.connector.balance(at_ms(self.env.now(market.mall))), held.send)
        except (Silence, Unreadable, Fault):
            return False
        except Exception:
            log.exception("probing %s", held.kept.name)
            return False
        return True

    async def _set_state(self, market: Market, held: Held, state: str, reason: str) -> None:
        """From the state that was seen; another process may have been quicker, or a person have decided."""
        mall, kept = market.mall, held.kept
        at = self.env.now(mall)
        async with self.env.db.transaction(mall) as tx:
            seen = ["on"] if state == "paused" else ["paused"]
            given = {"mall": mall, "id": kept.id, "state": state, "reason": reason, "at": at, "seen": seen}
            if await db.run(tx, store.Q.set_state, given):
                system = Actor(mall, "system", "supply.breaker")
                subject = f"connection:{kept.id}"
                await tenancy.audit(
                    tx,
                    self.env,
                    system,
                    f"supply.{state}",
                    subject,
                    {"state": kept.state},
                    {"state": state, "reason": reason},
                )
                kind = "supplier.paused" if state == "paused" else "supplier.resumed"
                told = {"connection_id": str(kept.id), "supplier_id": str(kept.supplier_id)}
                own = await db.row(tx, store.Q.own_organisation, {"mall": mall})
                event = outbox.Event(kind, kept.id, outbox.moment(at), own[0] if own else 0, at, told)
                rev = await tenancy.raise_epoch(tx, mall)
                await lay_out_of(tx, self.env, mall, rev, connection=kept.id)
                await outbox.publish(tx, home_of(mall), [event], at)
        log.warning("connection %s of mall %d: %s %s", kept.name, mall, state, reason)
        await self.reload(mall)

    # Sockets

    def _send(self, kept: KeptConnection) -> Send:
        if self.transport is not None:
            return self.transport(kept)
        if kept.id not in self._sockets:
            assert self.outgoing is not None
            self._sockets[kept.id] = self.outgoing()
        return Wire(self._sockets[kept.id]).send

    def _send_in_test(self, mall: int, kept: KeptConnection) -> Send:
        """Nothing of a test mall leaves this machine, whatever address somebody enters there."""
        if self.transport is not None:
            return self.transport(kept)
        inside = self.inside(mall, kept) if self.inside is not None else None
        if inside is not None:
            return inside
        return self._send(kept) if all(map(is_loopback, kept.base_url.split())) else _nobody

    async def close(self) -> None:
        """Pulls are broken off: whoever comes next begins them anew."""
        for pull in list(self.pulls):
            pull.cancel()
        await asyncio.gather(*self.pulls, return_exceptions=True)
        for outgoing in self._sockets.values():
            await outgoing.close()
        self._sockets.clear()


async def _nobody(request: Request) -> Response:
    """Whom a test mall must not call."""
    raise Silence(sent=False)
