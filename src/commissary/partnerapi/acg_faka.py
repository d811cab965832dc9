"""acg-faka's shared store, type 0, as the shop that sells (read in lizhipay/acg-faka, version 3.6.0).

    POST …/faces/acg_faka/shared/{authentication/connect, commodity/{items,item,stock,valuation,inventory,
    inventoryState,trade,query}}       forms; app_id is a key's id, app_key its secret, in clear

A sale is answered with its cards or not at all: the shop waits 30 s, asks nothing later and has forgotten the order by
then. So after `answer_s` it is told no and whatever became of the order is released: called off while nobody works on
it, else paid back. The same request_no gives the same cards again; with other contents it is refused.
"""

import asyncio
import html
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from commissary import orders
from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.outgoing import Reply
from commissary.catalog.types import FieldSpec
from commissary.dialects import SPECS, verify
from commissary.orders.types import OrderRefusal, Reverse
from commissary.partnerapi import shape
from commissary.partnerapi.counter import Counter, Good
from commissary.partnerapi.reading import form_of, id_in, int_at, text_at, wrong
from commissary.partnerapi.types import Call, FaceRefusal, Notice, Said
from commissary.pricing.rules import shown
from commissary.tenancy.types import ApiKey, AuthRefusal, Caller

log = logging.getLogger("commissary.faces")

ANSWER_S = 20.0
WAIT_MS = 16_000  # for lines that are not delivered at once
MOST_ITEMS = 10_000
MOST_HANDED = 4_096
_SPEC = SPECS["acg_faka"]
_OK, _NO, _UNKNOWN = 200, 0, 500
_PAID, _UNPAID = 1, 0
# Names of their own in an order's form: a field of ours that is called so gets another name.
_THEIRS = frozenset(
    [
        "app_id",
        "app_key",
        "sign",
        "shared_code",
        "contact",
        "num",
        "card_id",
        "device",
        "password",
        "race",
        "request_no",
        "sku",
        "code",
    ]
)
# Words by which their shops, ours among them, tell one no from another.
_WORDS: dict[Refusal, str] = {
    OrderRefusal.insufficient_balance: "余额不足",
    OrderRefusal.out_of_stock: "库存不足",
    OrderRefusal.sku_unknown: "商品不存在",
    OrderRefusal.sku_not_listed: "当前商品已停售",
    OrderRefusal.not_priced: "商品不存在",
    OrderRefusal.idempotency_conflict: "The request ID already exists",
    OrderRefusal.order_not_found: "订单不存在",
    AuthRefusal.unknown_key: "商户ID不存在",
    AuthRefusal.bad_signature: "密钥错误",
}


@dataclass
class AcgFaka:
    """One per process."""

    counter: Counter
    name: str = "acg_faka"
    retries_s: tuple[int, ...] = ()
    answer_s: float = ANSWER_S
    wait_ms: int = WAIT_MS
    _handed: OrderedDict[int, None] = field(
        default_factory=OrderedDict
    )  # orders whose cards were answered in time
    _late: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, call: Call) -> Said | orders.Answered:
        ask = {
            "shared/authentication/connect": self._connect,
            "shared/commodity/items": self._items,
            "shared/commodity/item": self._item,
            "shared/commodity/stock": self._stock,
            "shared/commodity/valuation": self._valuation,
            "shared/commodity/inventory": self._inventory,
            "shared/commodity/inventoryState": self._inventory_state,
            "shared/commodity/query": self._query,
        }.get(call.path)
        if call.method != "POST" or (ask is None and call.path != "shared/commodity/trade"):
            raise Refused(RequestRefusal.not_found)
        form = form_of(call.body)
        caller = await self._caller(call, form)
        if ask is not None:
            return _said(await ask(caller, form))
        placed = await self.counter.anywhere(call, caller, lambda: self._trade(call, caller, form))
        return Said(placed) if isinstance(placed, bytes) else placed

    def refused(self, call: Call, no: Refused) -> Said:
        """A no is 0. What may have been bought all the same is another code, which no shop takes for a no."""
        code = _NO if no.refusal.outcome == "failed" else _UNKNOWN
        told = {"code": code, "msg": _WORDS.get(no.refusal) or shape.why(no)}
        return Said(msgspec.json.encode(told))

    async def notice(self, key: ApiKey, secret: str, order: orders.OrderOut, url: str) -> Notice:
        raise NotImplementedError("this protocol has no callbacks")

    def heard(self, reply: Reply) -> bool:
        return True

    async def _caller(self, call: Call, form: Mapping[str, str]) -> Caller:
        if not self.counter.is_private(call):
            raise Refused(FaceRefusal.not_private)
        signature = form.get("sign", "")
        signed = {name: value for name, value in form.items() if name != "sign"}
        return await self.counter.admit(
            call,
            form.get("app_id", ""),
            lambda secret: form.get("app_key") == secret and verify(_SPEC, signed, secret, signature),
        )

    # Questions

    async def _connect(self, caller: Caller, form: Mapping[str, str]) -> object:
        wallet = await self.counter.wallet(caller)
        name, _ = await self.counter.mall(caller)
        return {"shopName": name[:128], "balance": _number(max(0, wallet.available_e4 or 0))}

    async def _items(self, caller: Caller, form: Mapping[str, str]) -> object:
        groups: dict[int, dict[str, Any]] = {}
        for good in (await self.counter.offers(caller))[:MOST_ITEMS]:
            group = {"id": good.brand, "name": good.offer.good.brand_zh, "children": []}
            groups.setdefault(good.brand, group)["children"].append(_commodity(good))
        return list(groups.values())

    async def _item(self, caller: Caller, form: Mapping[str, str]) -> object:
        return _commodity(await self._good(caller, form, "code"))

    async def _stock(self, caller: Caller, form: Mapping[str, str]) -> object:
        return {"stock": str(shown((await self._good(caller, form, "code")).offer.left))}

    async def _valuation(self, caller: Caller, form: Mapping[str, str]) -> object:
        good, quantity = await self._good(caller, form, "code"), int_at(form, "num")
        _, currency = await self.counter.mall(caller)
        price_e4 = shape.unit_e4(good, quantity) * quantity
        return {"price": shape.decimals(price_e4), "currency_code": currency}

    async def _inventory(self, caller: Caller, form: Mapping[str, str]) -> object:
        told = _commodity(await self._good(caller, form, "sharedCode"))
        names = ("delivery_way", "draft_status", "price", "user_price", "config", "factory_price")
        return {name: told[name] for name in names} | {"is_category": False, "count": told["stock"]}

    async def _inventory_state(self, caller: Caller, form: Mapping[str, str]) -> object:
        good = await self._good(caller, form, "shared_code")
        if good.offer.left is not None and good.offer.left < int_at(form, "num"):
            raise Refused(OrderRefusal.out_of_stock)
        return []

    async def _query(self, caller: Caller, form: Mapping[str, str]) -> object:
        order = await self.counter.order(caller, form.get("tradeNo"))
        if order.status not in shape.ENDED_WELL:
            return {"secret": "", "widget": None, "status": _UNPAID}
        return {"secret": _secret(order), "widget": None, "status": _PAID}

    async def _good(self, caller: Caller, form: Mapping[str, str], name: str) -> Good:
        if _specified(form):
            raise Refused(OrderRefusal.sku_unknown)
        return await self.counter.offer(caller, id_in(form.get(name)))

    # The sale

    async def _trade(self, call: Call, caller: Caller, form: Mapping[str, str]) -> bytes:
        sku_id, number = id_in(form.get("shared_code")), text_at(form, "request_no")
        if not number:
            raise wrong("request_no", "is required: without it nothing tells a repetition from another order")
        if int_at(form, "card_id", 0) or _specified(form):
            raise Refused(OrderRefusal.sku_unknown)
        card = await self.counter.card(caller, sku_id)
        asked = await self.counter.asked(
            caller,
            number,
            sku_id,
            int_at(form, "num"),
            fields=_filled(card.fields if card else (), form),
            wait_ms=self.wait_ms,
        )
        began_id = self.counter.env.ids.new()
        placing = asyncio.create_task(self.counter.place(caller, asked, self.name))
        left_s = call.began + self.answer_s - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({placing}, timeout=max(0.0, left_s))
        if not done:
            late = asyncio.create_task(self._release(caller, placing, began_id))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
            raise Refused(RequestRefusal.unavailable)
        order = placing.result()
        if order.status in shape.OPEN:
            order = await self._given_up(caller, order)
        if order.status not in shape.ENDED_WELL and order.status not in shape.OPEN:
            raise Refused(FaceRefusal.too_late)
        if order.status in shape.ENDED_WELL:
            self._hand(int(order.id))
        paid_e4 = shape.total_e4(order) - shape.returned_e4(order)
        told = {"secret": _secret(order), "tradeNo": order.id, "amount": shape.decimals(paid_e4), "url": None}
        return _said(told).body

    async def _given_up(self, caller: Caller, order: orders.OrderOut) -> orders.OrderOut:
        """The order called off; or as it is, when somebody works on it already."""
        try:
            return await self.counter.cancel(caller, int(order.id))
        except Refused as no:
            if no.refusal is not OrderRefusal.not_cancellable:
                raise
            return await self.counter.edge.desk.order(caller, int(order.id))

    def _hand(self, order_id: int) -> None:
        self._handed[order_id] = None
        while len(self._handed) > MOST_HANDED:
            self._handed.popitem(last=False)

    async def _release(self, caller: Caller, placing: "asyncio.Task[orders.OrderOut]", began_id: int) -> None:
        """The shop was told no: it must not pay. An order from before this request is another answer's, and so is one
        whose cards a repetition got in time."""
        try:
            order = await placing
            if int(order.id) < began_id or int(order.id) in self._handed:
                return
            if order.status in shape.OPEN:
                order = await self._given_up(caller, order)
            lines = [line.line_no for line in order.lines if line.status in ("delivered", "partial")]
            if lines:
                env, mall, home = self.counter.env, caller.key.mall_id, caller.key.home_id
                changes = [Reverse(int(order.id), n, "answered_too_late") for n in lines]
                async with env.db.transaction(mall, "vault") as tx:
                    await orders.settle(tx, env, home, changes, env.now(mall))
            log.warning("order %s came too late for its shop: %s", order.id, order.status)
        except Refused as no:
            log.info("an order that came too late was refused: %s", no.refusal.code)
        except Exception:
            log.exception("an order that came too late for its shop could not be released")


def _said(data: object) -> Said:
    return Said(msgspec.json.encode({"code": _OK, "msg": "success", "data": data}))


def _number(amount_e4: int) -> msgspec.Raw:
    """An amount as a JSON number, exactly."""
    return msgspec.Raw(shape.decimals(amount_e4).encode())


def _secret(order: orders.OrderOut) -> str:
    """What the shop shows its customer."""
    if order.status in shape.OPEN:
        return f"正在发货中，请稍候。查询单号：{order.id}"
    lines = [shape.text_of(code) for code in shape.cards(order)]
    lines += [shape.receipt(order)] if shape.receipt(order) else []
    if not lines:
        lines = ["充值成功"]
    if order.status == "partially_delivered":
        lines.append("（仅部分发货，其余款项已退回）")
    return "\n".join(lines)


def _specified(form: Mapping[str, str]) -> bool:
    """A specification inside an article; each of ours is an article of its own."""
    return any(value and (name == "race" or name.startswith("sku[")) for name, value in form.items())


def _aliases(fields: tuple[FieldSpec, ...]) -> list[tuple[str, FieldSpec]]:
    """Our fields by names that a form of theirs can carry."""
    return [
        (f.name if f.name not in _THEIRS and len(f.name) <= 32 else f"field{n}", f)
        for n, f in enumerate(fields, 1)
    ]


def _filled(fields: tuple[FieldSpec, ...], form: Mapping[str, str]) -> dict[str, str]:
    return {spec.name: form[alias] for alias, spec in _aliases(fields) if form.get(alias)}


def _widget(fields: tuple[FieldSpec, ...]) -> str:
    told = [
        {
            "cn": spec.label_zh,
            "name": alias,
            "placeholder": f"请输入{spec.label_zh}",
            "type": "select" if spec.choices else "text",
            "regex": "",
            "error": "",
            "dict": ",".join(f"{choice}={choice}" for choice in spec.choices),
        }
        for alias, spec in _aliases(fields)
    ]
    return json.dumps(told, ensure_ascii=False)


def _commodity(good: Good) -> dict[str, Any]:
    """Prices are the buyer's own. `config` tells the rungs of his ladder."""
    o, ladder = good.offer.good, good.offer.ladder
    price = shape.decimals(shape.unit_e4(good))
    rungs = [
        f"{minimum}={shape.decimals(price_e4)}"
        for minimum, price_e4 in zip(ladder.minimums, ladder.prices_e4, strict=True)
        if minimum > 1
    ]
    words = "\n".join(text for text in (o.description_zh, o.guide_zh) if text)
    return {
        "id": good.number,
        "name": o.name_zh[:255],
        "description": html.escape(words).replace("\n", "<br>"),
        "cover": "",
        "price": price,
        "user_price": price,
        "factory_price": price,
        "delivery_way": 0 if shape.is_cards(o) else 1,
        "contact_type": 0,
        "password_status": 0,
        "sort": 0,
        "code": str(o.sku_id),
        "seckill_status": 0,
        "seckill_start_time": None,
        "seckill_end_time": None,
        "draft_status": 0,
        "draft_premium": 0,
        "inventory_hidden": 0,
        "only_user": 0,
        "purchase_count": 0,
        "minimum": 1,
        "maximum": o.max_quantity,
        "widget": _widget(o.fields),
        "config": "\n".join(["[wholesale]", *rungs]) if rungs else "",
        "stock": shown(good.offer.left),
        "api_status": 1,
        "status": 1,
    }
