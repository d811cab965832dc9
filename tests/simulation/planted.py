"""Bugs planted on purpose. A suite that does not find them is the bug.

Each plants itself in a throw-away database (SQL) or in this process (Python) until its block ends.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from unittest import (
    mock,  # only its `patch.object`: our own code is replaced by a worse one, nothing is mocked
)

import psycopg

from commissary.base import outbox
from commissary.orders import lane, place, store
from commissary.pricing import rules as prices


def sql(function: str, *changes: tuple[str, str]) -> Callable[[str], AbstractContextManager[Any]]:
    """A SQL function with pieces of its text exchanged; every change must fit."""

    def plant(admin_dsn: str) -> AbstractContextManager[Any]:
        with psycopg.connect(admin_dsn) as tx:
            [(text,)] = tx.execute("select pg_get_functiondef(%s::regproc)", (function,)).fetchall()
            for old, new in changes:
                changed = re.sub(old, new, text, flags=re.DOTALL)
                assert changed != text, f"{function} has no {old!r} to exchange"
                text = changed
            tx.execute(text.encode())
        return nullcontext()

    return plant


def statement(text: str) -> Callable[[str], AbstractContextManager[Any]]:
    def plant(admin_dsn: str) -> AbstractContextManager[Any]:
        with psycopg.connect(admin_dsn) as tx:
            tx.execute(text.encode())
        return nullcontext()

    return plant


def python(
    where: object, name: str, make: Callable[[Any], Any]
) -> Callable[[str], AbstractContextManager[Any]]:
    """`make` gets the right one and returns the wrong one."""
    return lambda _dsn: mock.patch.object(where, name, make(getattr(where, name)))


def _rich(right: Any) -> Any:
    async def gather(*args: Any) -> Any:
        view = await right(*args)
        for account in view.accounts.values():
            account.free_e4 += 10**12
        return view

    return gather


@contextmanager
def _spent_twice_in_a_batch(dsn: str) -> Iterator[None]:
    """With the table's own check gone too: with it, such a batch is placed again order by order, and no harm is done."""
    statement("alter table ledger.account drop constraint account_floor")(dsn)
    right = store.AccountView.pay

    def pay(self: Any, paid_e4: int, *, hold_e4: int) -> None:
        right(self, paid_e4, hold_e4=hold_e4)
        self.free_e4 += paid_e4 + hold_e4

    with mock.patch.object(store.AccountView, "pay", pay):
        yield


def _retry_with_a_new_number(right: Any) -> Any:
    async def forget(self: Any) -> None:
        await right(self)
        self.renumber = True

    return forget


def _renumbered(right: Any) -> Any:
    async def placed(self: Any, batch: Any, *, probe: bool) -> None:
        if getattr(self, "renumber", False):
            self.renumber = False
            for ticket in batch:
                ticket.wanted.key = bytes(reversed(ticket.wanted.key))
        await right(self, batch, probe=probe)

    return placed


@contextmanager
def _retry(_dsn: str) -> Iterator[None]:
    with (
        mock.patch.object(
            lane.Lane, "_forget_connection", _retry_with_a_new_number(lane.Lane._forget_connection)
        ),
        mock.patch.object(lane.Lane, "_place", _renumbered(lane.Lane._place)),
    ):
        yield


@contextmanager
def _outbox_after_commit(_dsn: str) -> Iterator[None]:
    """Events are written in a transaction of their own, after the order's."""
    kept: list[Any] = []
    right_commit, right_place, right_pack = store.commit, lane.Lane._place, outbox.pack

    async def commit(*args: Any) -> Any:
        with mock.patch.object(outbox, "pack", lambda events: kept.append(events) or right_pack([])):
            return await right_commit(*args)

    async def placed(self: Any, batch: Any, *, probe: bool) -> None:
        kept.clear()
        await right_place(self, batch, probe=probe)
        for events in kept:
            async with self.database.transaction(self.home >> 10, "vault") as tx:
                await outbox.publish(tx, self.home, events, events[0].at)

    with mock.patch.object(place.store, "commit", commit), mock.patch.object(lane.Lane, "_place", placed):
        yield


def _floor_off_by_one(right: Any) -> Any:
    return lambda snapshot, sku_id, cost: right(snapshot, sku_id, cost) - 1


def _keep_what_was_refused(_right: Any) -> Any:
    def put_back(self: Any, refusal: Any, path: str = "", **facts: Any) -> Any:
        return place.Declined(refusal, path, facts)

    return put_back


def _never_stale(right: Any) -> Any:
    async def gather(tx: Any, home: int, book: Any, *rest: Any) -> Any:
        view = await right(tx, home, book, *rest)
        view.epoch = book.epoch
        return view

    return gather


def _unrecognised(_right: Any) -> Any:
    async def recognise(self: Any, tx: Any, tickets: Any, outcomes: Any) -> None:
        return None

    return recognise


PLANTED: dict[str, Callable[[str], AbstractContextManager[Any]]] = {
    # A counter does not move when a lot is sold by twos.
    "skip_lot_counter": sql(
        "stock.take_batch",
        (r"l\.next_seq \+ t\.taken end,", "l.next_seq + t.taken - (t.taken = 2)::int end,"),
    ),
    # The buyer's row of the journal stands on the wrong side.
    "wrong_sign_transfer": sql("ledger.post_batch", (r"t\.dr, t\.cr,", "t.cr, t.dr,")),
    # A repeat is found only while the process remembers it.
    "missing_unique": statement("alter table orders.idempotency drop constraint idempotency_pkey"),
    "no_balance_check": python(place.store, "gather", _rich),
    "spent_twice_in_a_batch": _spent_twice_in_a_batch,
    "floor_off_by_one": python(prices, "floor_e4", _floor_off_by_one),
    "retry_with_new_number": _retry,
    "outbox_after_commit": _outbox_after_commit,
    "last_expired_first_out": sql(
        "orders.gather", (r"order by x\.expires_at, x\.id", "order by x.expires_at desc, x.id")
    ),
    # What an order bought under a quote is not counted.
    "quote_overused": sql("pricing.use_quotes", (r"set used = l\.used \+ u\.used", "set used = l.used")),
    "nonce_not_stored": sql("tenancy.spend_nonces", (r"from unnest(.*?);", r"from unnest\1 where false;")),
    "fence_not_checked": sql(
        "orders.gather",
        (r"select l\.holder = p_holder and l\.fence = p_fence into fenced", "select true into fenced"),
    ),
    "expired_codes_sold": sql(
        "stock.lock_lots", (r"and x\.expires_at > p_now", "and x.expires_at > p_now - interval '3 days'")
    ),
    "stale_prices": python(place.store, "gather", _never_stale),
    "refused_but_kept": python(place.Basket, "put_back", _keep_what_was_refused),
    "holds_not_held": sql("ledger.post_batch", (r"a\.held_e4 \+ d\.held", "a.held_e4 + d.held / 2")),
    "refused_before_recognised": python(lane.Lane, "_recognise", _unrecognised),
}
