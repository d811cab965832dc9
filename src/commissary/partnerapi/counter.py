"""The counter behind every face: who calls, what he may buy, his orders. In our own words; a face translates."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from commissary import ledger, orders, pricing, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import field_of
from commissary.base.outgoing import Outgoing
from commissary.catalog.types import SkuCard
from commissary.ledger.types import Account
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import store
from commissary.partnerapi.reading import id_in
from commissary.partnerapi.types import Call
from commissary.pricing.types import Offer
from commissary.tenancy.types import Caller


class Good(msgspec.Struct, frozen=True):
    """An offer with the short numbers of its SKU and its brand."""

    number: int
    brand: int
    offer: Offer


@dataclass
class Counter:
    """One per process. `production`: a secret that travels in clear is taken from a private line alone."""

    edge: orders.PartnerEdge
    outgoing: Outgoing
    production: bool
    _numbers: dict[int, dict[int, int]] = field(default_factory=dict)  # mall → thing → number
    _things: dict[int, dict[int, int]] = field(default_factory=dict)  # and back

    @property
    def env(self) -> Env:
        return self.edge.desk.env

    def now_s(self) -> int:
        return int(self.edge.gate.now_s())

    async def admit(self, call: Call, key_id: str, proves: Callable[[str], bool]) -> Caller:
        """The holder of the key, if `proves` says so of one of its live secrets."""
        caller = await self.edge.gate.admit_by(call.scope, key_id, proves)
        return msgspec.structs.replace(caller, request_id=call.request_id)

    def is_private(self, call: Call) -> bool:
        return not self.production or self.edge.gate.private(call.scope)

    # Goods

    async def offers(self, caller: Caller) -> list[Good]:
        """All that this buyer may buy, by SKU."""
        tenancy.require_scope(caller, "catalog:read")
        key = caller.key
        async with self.env.db.transaction(key.mall_id) as tx:
            found = await pricing.offers(tx, self.env, key.home_id, key.organisation_id)
        return await self._numbered(key.mall_id, found)

    async def offer(self, caller: Caller, sku_id: int | None) -> Good:
        """Refuses sku_unknown, also for what this buyer may not buy."""
        tenancy.require_scope(caller, "catalog:read")
        key = caller.key
        if sku_id is None:
            raise Refused(OrderRefusal.sku_unknown)
        async with self.env.db.transaction(key.mall_id) as tx:
            found = await pricing.offer(tx, self.env, key.home_id, key.organisation_id, sku_id)
        if found is None:
            raise Refused(OrderRefusal.sku_unknown)
        [good] = await self._numbered(key.mall_id, [found])
        return good

    async def sku_of(self, caller: Caller, number: int) -> int | None:
        """The SKU that a short number stands for; None if it stands for none."""
        mall = caller.key.mall_id
        if number not in self._things.get(mall, {}):
            await self._read_numbers(mall)
        return self._things[mall].get(number)

    async def number_of(self, caller: Caller, thing_id: int) -> int:
        await self._give_numbers(caller.key.mall_id, [thing_id])
        return self._numbers[caller.key.mall_id][thing_id]

    async def _numbered(self, mall: int, found: Sequence[Offer]) -> list[Good]:
        things = [o.good.brand_id for o in found] + [o.good.sku_id for o in found]
        await self._give_numbers(mall, things)
        numbers = self._numbers.get(mall, {})
        return [Good(numbers[o.good.sku_id], numbers[o.good.brand_id], o) for o in found]

    async def _give_numbers(self, mall: int, things: Sequence[int]) -> None:
        known = self._numbers.get(mall, {})
        if all(thing in known for thing in things):
            return
        async with self.env.db.transaction(mall) as tx:
            await store.add_numbers(tx, mall, things)
        await self._read_numbers(mall)

    async def _read_numbers(self, mall: int) -> None:
        async with self.env.db.transaction(mall) as tx:
            self._numbers[mall] = numbers = await store.numbers(tx, mall)
        self._things[mall] = {number: thing for thing, number in numbers.items()}

    # Money

    async def mall(self, caller: Caller) -> tuple[str, str]:
        """(name, currency)"""
        async with self.env.db.transaction(caller.key.mall_id) as tx:
            return await store.mall(tx, caller.key.mall_id)

    async def wallet(self, caller: Caller) -> Account:
        tenancy.require_scope(caller, "balance:read")
        async with self.env.db.transaction(caller.key.mall_id) as tx:
            return await ledger.balance(tx, caller.key.home_id, caller.key.account_id)

    # Orders

    async def place(self, caller: Caller, order: orders.OrderIn, face: str) -> orders.OrderOut:
        """Here. Raises Refused, and Elsewhere if another process places for this home: see `anywhere`. A key without
        `codes:read` buys nothing: it could not be shown what it bought."""
        for scope in ("orders:write", "codes:read"):
            tenancy.require_scope(caller, scope)
        return await self.edge.desk.place(caller, order, face)

    async def anywhere(
        self, call: Call, caller: Caller, attempt: Callable[[], Awaitable[bytes]]
    ) -> bytes | orders.Answered:
        """What `attempt` gives, made here or by the process that places for the caller's home."""
        return await self.edge.anywhere(call.scope, call.body, caller, attempt, passed_on=call.passed_on)

    async def card(self, caller: Caller, sku_id: int | None) -> SkuCard | None:
        """What an order of this SKU is checked against; None if there is no such."""
        return None if sku_id is None else await self.edge.desk.card(caller, sku_id)

    async def order(self, caller: Caller, text: object) -> orders.OrderOut:
        """By our id. Refuses order_not_found, for another buyer's too."""
        tenancy.require_scope(caller, "orders:read")
        id_ = id_in(text)
        if id_ is None:
            raise Refused(OrderRefusal.order_not_found)
        return await self.edge.desk.order(caller, id_)

    async def by_number(self, caller: Caller, client_order_no: str) -> orders.OrderOut:
        """By the buyer's own number."""
        tenancy.require_scope(caller, "orders:read")
        return await self.edge.desk.by_client_no(caller, client_order_no)

    async def cancel(self, caller: Caller, order_id: int) -> orders.OrderOut:
        """Refuses order_not_found, not_cancellable. Again is no error."""
        tenancy.require_scope(caller, "orders:write")
        return await orders.cancel(self.edge.desk, caller, order_id, f"face-cancel-{order_id}")

    async def asked(
        self,
        caller: Caller,
        number: str,
        sku_id: int | None,
        quantity: int,
        *,
        fields: Mapping[str, str] | None = None,
        most_e4: int | None = None,
        callback_url: str | None = None,
        wait_ms: int = 0,
    ) -> orders.OrderIn:
        """An order of one line in our form. `most_e4` is the most that all of it may cost. Refuses sku_unknown,
        invalid_request, and addresses that may not be called."""
        if sku_id is None:
            raise Refused(OrderRefusal.sku_unknown)
        if callback_url:
            self.outgoing.require(callback_url)
        line: dict[str, Any] = {"sku_id": str(sku_id), "quantity": quantity}
        if fields:
            line["fields"] = dict(fields)
        told: dict[str, Any] = {"client_order_no": number, "lines": [line]}
        if most_e4 is not None and quantity > 0:
            _, currency = await self.mall(caller)
            unit_e4 = min(max(most_e4, 0) // quantity, money.MAX_E4)
            line["max_unit_price"] = {"amount": money.text(unit_e4), "currency": currency}
        if callback_url:
            told["callback_url"] = callback_url
        if wait_ms:
            told["wait_ms"] = wait_ms
        try:
            return msgspec.convert(told, orders.OrderIn)
        except msgspec.ValidationError as error:
            raise Refused(RequestRefusal.invalid_request, fields=[field_of(error)]) from None
