"""闲管家's standard interface for sources of virtual goods (虚拟货源标准接口), as the source.

    POST …/faces/xianguanjia/goofish/{open/info, user/info, goods/{list,detail},
    order/{recharge,purchase}/create, order/detail}?mch_id&timestamp&sign

mch_id is a key's id, its secret the mch_secret; app_id and app_secret are the mall's application with 闲管家, entered in
the console once. `sign` is an md5 over both pairs, the time (300 s) and the md5 of the body as it came. Money is whole fen:
prices are rounded up, never down. HTTP is always 200; of the codes only 0 is success and only 1209 is not a no.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import msgspec

from commissary import orders, tenancy
from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.outgoing import Reply
from commissary.catalog.types import FieldSpec, Offered
from commissary.dialects import SPECS, compact, money, sign, verify
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import shape, store
from commissary.partnerapi.applications import open_application
from commissary.partnerapi.counter import Counter, Good
from commissary.partnerapi.reading import id_in, int_at, json_of, text_at, wrong
from commissary.partnerapi.types import Application, Call, FaceRefusal, Notice, Said
from commissary.pricing.rules import shown
from commissary.tenancy.types import ApiKey, AuthRefusal, Caller

NAME = "xianguanjia"
WINDOW_S = 300
REMEMBERED_S = 1.0  # an application that was entered anew counts at once
_SPEC = SPECS[NAME]
_OK, _PARAMETERS, _UNKNOWN = 0, 1201, 1209
_CODES: dict[Refusal, int] = {
    AuthRefusal.unknown_key: 1000,
    AuthRefusal.key_revoked: 1000,
    AuthRefusal.key_expired: 1000,
    AuthRefusal.mall_closed: 1000,
    AuthRefusal.buyer_suspended: 1000,
    AuthRefusal.bad_signature: 401,
    AuthRefusal.missing_credentials: 401,
    AuthRefusal.missing_scope: 403,
    FaceRefusal.application_missing: 401,
    FaceRefusal.timestamp_too_far: 408,
    AuthRefusal.ip_not_allowed: 403,
    OrderRefusal.sku_unknown: 1100,
    OrderRefusal.not_priced: 1100,
    OrderRefusal.sku_not_listed: 1101,
    OrderRefusal.agent_needs_split_payment: 1101,
    OrderRefusal.below_floor: 1101,
    OrderRefusal.out_of_stock: 1102,
    OrderRefusal.order_not_found: 1200,
    OrderRefusal.price_above_max: 1202,
    OrderRefusal.idempotency_conflict: 1203,
}
_DIRECT, _CARDS = 1, 2
_DOING, _DONE, _FAILED = 10, 20, 30
_ACCOUNT = "account"
# What a direct charge can carry beside the account.
_MORE = ("game_name", "game_role", "game_area", "game_server")


@dataclass
class Xianguanjia:
    """One per process."""

    counter: Counter
    name: str = NAME
    retries_s: tuple[int, ...] = (10, 60, 300, 900, 3600, 3 * 3600)
    _applications: dict[int, tuple[float, Application | None]] = field(default_factory=dict)

    async def answer(self, call: Call) -> Said | orders.Answered:
        path = call.path.rstrip("/").removeprefix("goofish/")
        ask = {
            "open/info": self._platform,
            "user/info": self._merchant,
            "goods/list": self._list,
            "goods/detail": self._detail,
            "order/detail": self._order,
        }.get(path)
        create = {"order/purchase/create": _CARDS, "order/recharge/create": _DIRECT}.get(path)
        known = path in _NOT_OFFERED or ask is not None or create is not None
        if call.method != "POST" or not known or path == call.path:
            raise Refused(RequestRefusal.not_found)
        caller = await self._caller(call)
        asked = json_of(call.body) if call.body.strip() else {}
        if ask is not None:
            return await ask(caller, asked)
        if create is None:
            raise Refused(FaceRefusal.not_offered)
        placed = await self.counter.anywhere(call, caller, lambda: self._create(caller, asked, create))
        return Said(placed) if isinstance(placed, bytes) else placed

    def refused(self, call: Call, no: Refused) -> Said:
        """A no without a number of theirs is a fault of the order; what may have been bought all the same has timed out."""
        code = _CODES.get(no.refusal, _PARAMETERS if no.refusal.outcome == "failed" else _UNKNOWN)
        return Said(msgspec.json.encode({"code": code, "msg": shape.why(no)}))

    async def notice(self, key: ApiKey, secret: str, order: orders.OrderOut, url: str) -> Notice:
        application = await self._application(key.mall_id)
        if application is None:
            raise Refused(FaceRefusal.application_missing)
        state = _state(order)
        told: dict[str, Any] = {
            "order_type": _CARDS if shape.cards(order) else _DIRECT,
            "order_no": order.client_order_no,
            "out_order_no": order.id,
            "order_status": state,
            "end_time": self.counter.now_s(),
            "card_items": _cards(order),
            "remark": _remark(order),
        }
        body, stamp = compact(told).encode(), str(self.counter.now_s())
        signature = sign(_SPEC, _parts(application, key.id, stamp, body), secret)
        query = urlencode({"mch_id": key.id, "timestamp": stamp, "sign": signature})
        joint = "&" if "?" in url else "?"
        return Notice(f"{url}{joint}{query}", {"content-type": "application/json"}, body)

    def heard(self, reply: Reply) -> bool:
        try:
            return reply.status == 200 and msgspec.json.decode(reply.body)["code"] == _OK
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError, KeyError):
            return False

    async def _caller(self, call: Call) -> Caller:
        key_id, stamp, signature = [call.query.get(name, "") for name in ("mch_id", "timestamp", "sign")]
        if not key_id or not signature:
            raise Refused(AuthRefusal.missing_credentials)
        fresh = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
        if not fresh or abs(int(stamp) - self.counter.now_s()) > WINDOW_S:
            raise Refused(FaceRefusal.timestamp_too_far)
        mall = tenancy.mall_of_key(key_id)
        if mall is None:
            raise Refused(AuthRefusal.unknown_key)
        application = await self._application(mall)
        if application is None:
            raise Refused(FaceRefusal.application_missing)
        parts = _parts(application, key_id, stamp, call.body)
        return await self.counter.admit(call, key_id, lambda secret: verify(_SPEC, parts, secret, signature))

    async def _application(self, mall: int) -> Application | None:
        until, found = self._applications.get(mall, (0.0, None))
        if time.monotonic() >= until:
            async with self.counter.env.db.transaction(mall) as tx:
                row = await store.application(tx, mall, NAME)
            found = None if row is None else open_application(self.counter.env.keys, mall, NAME, *row)
            if len(self._applications) > 1_000:
                self._applications.clear()
            self._applications[mall] = (time.monotonic() + REMEMBERED_S, found)
        return found

    # Questions

    async def _platform(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        application = await self._application(caller.key.mall_id)
        assert application is not None
        features = {
            "is_support_order_refund": False,
            "is_support_goods_notify": False,
            "is_support_loss_purchase": False,
        }
        return _said({"app_id": int(application.app_id), "features": features})

    async def _merchant(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        wallet = await self.counter.wallet(caller)
        return _said({"balance": money.fen_down(max(0, wallet.available_e4 or 0))})

    async def _list(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        page = max(1, int_at(asked, "page_no", int_at(asked, "page", 1)))
        size = min(max(1, int_at(asked, "page_size", 50)), 100)
        word, kind = text_at(asked, "keyword"), text_at(asked, "goods_type")
        found = [
            good
            for good in await self.counter.offers(caller)
            if (offered := _kind(good.offer.good)) is not None
            and (not kind or kind == str(offered))
            and (not word or word in good.offer.good.name_zh or word == str(good.offer.good.sku_id))
        ]
        now_s = self.counter.now_s()
        shown_now = [_goods(good, now_s) for good in found[(page - 1) * size : page * size]]
        return _said({"list": shown_now, "count": len(found)})

    async def _detail(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        good = await self.counter.offer(caller, id_in(text_at(asked, "goods_no")))
        kind = _kind(good.offer.good)
        if kind is None or text_at(asked, "goods_type") not in ("", str(kind)):
            raise Refused(OrderRefusal.sku_unknown)
        template = [
            {"code": code, "name": spec.label_zh, "desc": f"请输入{spec.label_zh}", "check": 0}
            for code, spec in _coded(good.offer.good.fields) or ()
        ]
        return _said(_goods(good, self.counter.now_s()) | {"template": template})

    async def _order(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        """By their number; by ours when theirs is not given."""
        if number := text_at(asked, "order_no"):
            return _said(await self._told(caller, await self.counter.by_number(caller, number)))
        found = await self.counter.order(caller, text_at(asked, "out_order_no"))
        return _said(await self._told(caller, found))

    async def _told(self, caller: Caller, order: orders.OrderOut) -> dict[str, Any]:
        line = order.lines[0]
        sku_id = int(line.bundle_id or line.sku_id)
        card = await self.counter.card(caller, sku_id)
        state = _state(order)
        told: dict[str, Any] = {
            "order_type": _DIRECT if card is not None and card.fields else _CARDS,
            "order_no": order.client_order_no,
            "out_order_no": order.id,
            "order_status": state,
            "order_amount": shape.fen_up(shape.total_e4(order) - shape.returned_e4(order)),
            "goods_no": str(sku_id),
            "goods_name": card.name_zh if card else "",
            "buy_quantity": line.quantity,
            "order_time": int(order.created_at.timestamp()),
            "remark": _remark(order),
        }
        if state != _DOING:
            told["end_time"] = int(order.created_at.timestamp())
        if cards := _cards(order):
            told["card_items"] = cards
        return told

    # The sale

    async def _create(self, caller: Caller, asked: Mapping[str, Any], kind: int) -> bytes:
        number, sku_id = text_at(asked, "order_no"), id_in(text_at(asked, "goods_no"))
        if not number:
            raise wrong("order_no", "is required")
        most = int_at(asked, "max_amount") if asked.get("max_amount") is not None else None
        card = await self.counter.card(caller, sku_id)
        fields = card.fields if card is not None else ()
        if card is not None and (kind == _DIRECT) != bool(fields):
            raise Refused(OrderRefusal.sku_unknown)
        order = await self.counter.asked(
            caller,
            number,
            sku_id,
            int_at(asked, "buy_quantity", 1),
            fields=_filled(fields, asked.get("biz_content")) if fields else None,
            most_e4=None if most is None else money.of_fen(min(most, 10**12)),
            callback_url=text_at(asked, "notify_url") or None,
        )
        placed = await self.counter.place(caller, order, self.name)
        return _said(await self._told(caller, placed)).body


_NOT_OFFERED = frozenset(
    {
        "order/ticket/create",
        "order/refund/apply",
        "goods/change/subscribe",
        "goods/change/subscribe/list",
        "goods/change/unsubscribe",
        "goods/change/list",
    }
)


def _parts(application: Application, key_id: str, stamp: str, body: bytes) -> dict[str, str]:
    return {
        "app_id": application.app_id,
        "app_secret": application.secret,
        "body_md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "timestamp": stamp,
        "merchant_id": key_id,
    }


def _said(data: object) -> Said:
    return Said(msgspec.json.encode({"code": _OK, "msg": "OK", "data": data}))


def _kind(good: Offered) -> int | None:
    """None: it asks for something that this protocol cannot carry."""
    if not good.fields:
        return _CARDS
    return None if _coded(good.fields) is None else _DIRECT


def _coded(fields: tuple[FieldSpec, ...]) -> list[tuple[str, FieldSpec]] | None:
    """Each field by the name that a direct charge has for it."""
    account = shape.account_field(fields)
    coded = [(_ACCOUNT if spec is account else spec.name, spec) for spec in fields]
    return coded if all(code == _ACCOUNT or code in _MORE for code, _ in coded) else None


def _filled(fields: tuple[FieldSpec, ...], told: object) -> dict[str, str]:
    if not isinstance(told, dict):
        raise wrong("biz_content", "must be an object")
    return {spec.name: text for code, spec in _coded(fields) or () if (text := text_at(told, code))}


def _goods(good: Good, now_s: int) -> dict[str, Any]:
    o = good.offer.good
    return {
        "goods_no": str(o.sku_id),
        "goods_type": _kind(o),
        "goods_name": o.name_zh,
        "price": shape.fen_up(shape.unit_e4(good)),
        "stock": shown(good.offer.left),
        "status": 1,
        "update_time": now_s,
    }


def _state(order: orders.OrderOut) -> int:
    if order.status in shape.OPEN:
        return _DOING
    return _DONE if order.status in shape.ENDED_WELL else _FAILED


def _cards(order: orders.OrderOut) -> list[dict[str, str]]:
    if order.status not in shape.ENDED_WELL:
        return []
    return [
        ({"card_no": code.number} if code.number else {}) | {"card_pwd": code.secret}
        for code in shape.cards(order)
    ]


def _remark(order: orders.OrderOut) -> str:
    if order.status == "partially_delivered":
        done = sum(line.delivered for line in order.lines)
        return f"部分交付 {done}/{shape.pieces(order)}，其余款项已退回"
    return shape.receipt(order) or (order.reason or "")
