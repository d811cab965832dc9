"""Dujiao-Next's 站点对接 1.0, as the site that is bought from (dujiao-next.com, 站点对接 Open API of 2026-04-01).

    …/faces/dujiao_next/api/v1/upstream/{ping, categories, products[/:id], orders[/:id[/cancel]]}

JSON; three headers: a key's id, seconds within 60 s of ours, an HMAC of method, path, seconds and the body's md5. The
query is not signed. The path is the one that the shop knows: with what stands before it here, or without. Each SKU is a
product with one specification, each brand a category. The same downstream_order_no is the same order; an order without
one is told from its repetition by its signature.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from commissary import orders
from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.outgoing import OutgoingRefusal, Reply
from commissary.catalog.types import FieldSpec
from commissary.dialects import SPECS, compact, sign, verify
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import shape
from commissary.partnerapi.counter import Counter, Good
from commissary.partnerapi.reading import id_in, int_at, is_unnumbered, json_of, text_at, unnumbered, wrong
from commissary.partnerapi.types import Call, FaceRefusal, Notice, Said
from commissary.pricing.rules import shown
from commissary.tenancy.types import ApiKey, AuthRefusal, Caller

WINDOW_S = 60
_SPEC = SPECS["dujiao_next"]
_ROOT = "api/v1/upstream/"
_KEY, _STAMP, _SIGN = b"dujiao-next-api-key", b"dujiao-next-timestamp", b"dujiao-next-signature"
_BAD = (400, "bad_request")
_INTERNAL = (500, "internal_error")
# (HTTP status, error_code); two words of ours may be one of theirs.
_CODES: dict[Refusal, tuple[int, str]] = {
    AuthRefusal.missing_credentials: (401, "missing_auth_headers"),
    AuthRefusal.malformed_credentials: (401, "invalid_timestamp"),
    FaceRefusal.timestamp_too_far: (401, "timestamp_expired"),
    AuthRefusal.unknown_key: (403, "invalid_api_key"),
    AuthRefusal.bad_signature: (401, "invalid_signature"),
    AuthRefusal.key_revoked: (403, "invalid_api_key"),
    AuthRefusal.key_expired: (403, "invalid_api_key"),
    AuthRefusal.ip_not_allowed: (403, "invalid_api_key"),
    AuthRefusal.missing_scope: (403, "invalid_api_key"),
    AuthRefusal.mall_closed: (403, "user_disabled"),
    AuthRefusal.buyer_suspended: (403, "user_disabled"),
    OrderRefusal.sku_unknown: (400, "sku_unavailable"),
    OrderRefusal.sku_not_listed: (400, "sku_unavailable"),
    OrderRefusal.not_priced: (400, "sku_unavailable"),
    OrderRefusal.agent_needs_split_payment: (400, "product_unavailable"),
    OrderRefusal.below_floor: (400, "product_unavailable"),
    OrderRefusal.out_of_stock: (409, "insufficient_stock"),
    OrderRefusal.insufficient_balance: (402, "insufficient_balance"),
    OrderRefusal.account_locked: (402, "insufficient_balance"),
    OrderRefusal.order_not_found: (404, "order_not_found"),
    OrderRefusal.not_cancellable: (409, "cancel_not_allowed"),
    RequestRefusal.not_found: (404, "bad_request"),
    **dict.fromkeys(OutgoingRefusal, (400, "invalid_callback_url")),
}
_STATES = {
    "review": "paid",
    "scheduled": "paid",
    "processing": "fulfilling",
    "delivered": "delivered",
    "partially_delivered": "partially_delivered",
}
_ENDED = "canceled"
_LOW = 20


@dataclass
class DujiaoNext:
    """One per process."""

    counter: Counter
    name: str = "dujiao_next"
    retries_s: tuple[int, ...] = (10, 60, 300, 900, 3600, 3 * 3600, 12 * 3600)

    async def answer(self, call: Call) -> Said | orders.Answered:
        path = call.path.removeprefix(_ROOT)
        if path == call.path:
            raise Refused(RequestRefusal.not_found)
        match (call.method, *path.split("/")):
            case ("POST", "ping"):
                return await self._ping(await self._caller(call))
            case ("GET", "categories"):
                return await self._categories(await self._caller(call))
            case ("GET", "products"):
                return await self._products(await self._caller(call), call.query)
            case ("GET", "products", number):
                return await self._product(await self._caller(call), number)
            case ("POST", "orders"):
                caller = await self._caller(call)
                placed = await self.counter.anywhere(call, caller, lambda: self._place(call, caller))
                return Said(placed) if isinstance(placed, bytes) else placed
            case ("GET", "orders", id_):
                caller = await self._caller(call)
                return _said(await self._order(caller, await self.counter.order(caller, id_)))
            case ("POST", "orders", id_, "cancel"):
                return await self._cancel(await self._caller(call), id_)
        raise Refused(RequestRefusal.not_found)

    def refused(self, call: Call, no: Refused) -> Said:
        """Every no without a word of theirs is a bad request; what may have been bought all the same is their fault of
        the server, after which the shop asks."""
        status, code = _CODES.get(no.refusal, _BAD if no.refusal.outcome == "failed" else _INTERNAL)
        if call.path.startswith(f"{_ROOT}products/") and code == "sku_unavailable":
            status, code = 404, "product_not_found"
        told = {"ok": False, "error_code": code, "error_message": _message(no)}
        return Said(msgspec.json.encode(told), status)

    async def notice(self, key: ApiKey, secret: str, order: orders.OrderOut, url: str) -> Notice:
        at_s = self.counter.now_s()
        told = {
            "event": f"order.{_state(order)}",
            "order_id": int(order.id),
            "order_no": order.order_no,
            "downstream_order_no": "" if is_unnumbered(order.client_order_no) else order.client_order_no,
            "status": _state(order),
            "fulfillment": _fulfillment(order),
            "timestamp": at_s,
        }
        body = compact(told).encode()
        headers = {
            "content-type": "application/json",
            "dujiao-next-api-key": key.id,
            "dujiao-next-timestamp": str(at_s),
            "dujiao-next-signature": _sign(secret, "POST", urlsplit(url).path or "/", str(at_s), body),
        }
        return Notice(url, headers, body)

    def heard(self, reply: Reply) -> bool:
        try:
            return reply.status == 200 and msgspec.json.decode(reply.body)["ok"] is True
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError, KeyError):
            return False

    async def _caller(self, call: Call) -> Caller:
        try:
            key_id, stamp, signature = [call.headers[name].decode("ascii") for name in (_KEY, _STAMP, _SIGN)]
        except (KeyError, UnicodeDecodeError):
            raise Refused(AuthRefusal.missing_credentials) from None
        if not (stamp.isdigit() and len(stamp) <= 12):
            raise Refused(AuthRefusal.malformed_credentials)
        if abs(int(stamp) - self.counter.now_s()) > WINDOW_S:
            raise Refused(FaceRefusal.timestamp_too_far)
        paths = (f"/{call.path}", call.scope["path"])

        def proves(secret: str) -> bool:
            each = [
                verify(_SPEC, _parts(call.method, path, stamp, call.body), secret, signature)
                for path in paths
            ]
            return any(each)

        return await self.counter.admit(call, key_id, proves)

    # Questions

    async def _ping(self, caller: Caller) -> Said:
        wallet = await self.counter.wallet(caller)
        name, _ = await self.counter.mall(caller)
        told = {
            "ok": True,
            "site_name": name,
            "protocol_version": "1.0",
            "user_id": await self.counter.number_of(caller, caller.key.organisation_id),
            "balance": shape.decimals(wallet.available_e4 or 0),
            "currency": wallet.currency,
            "member_level": None,
        }
        return _said(told)

    async def _categories(self, caller: Caller) -> Said:
        found = {}
        for good in await self.counter.offers(caller):
            o = good.offer.good
            found[good.brand] = {
                "id": good.brand,
                "parent_id": 0,
                "slug": f"brand-{good.brand}",
                "name": {"zh-CN": o.brand_zh, "en": o.brand_en},
                "icon": "",
                "sort_order": 0,
            }
        return _said({"ok": True, "categories": list(found.values())})

    async def _products(self, caller: Caller, query: Mapping[str, str]) -> Said:
        """Those on sale; whoever asks what changed since a time gets all, because prices change by themselves."""
        page = max(1, int_at(query, "page", 1))
        size = min(max(1, int_at(query, "page_size", 20)), 100)
        found, now = await self.counter.offers(caller), _iso(self.counter.now_s())
        _, currency = await self.counter.mall(caller)
        told = {
            "ok": True,
            "items": [_product(good, currency, now) for good in found[(page - 1) * size : page * size]],
            "total": len(found),
            "page": page,
            "page_size": size,
            "includes_inactive": False,
        }
        return _said(told)

    async def _product(self, caller: Caller, number: str) -> Said:
        good = await self.counter.offer(caller, await self.counter.sku_of(caller, id_in(number) or 0))
        _, currency = await self.counter.mall(caller)
        return _said({"ok": True, "product": _product(good, currency, _iso(self.counter.now_s()))})

    async def _order(self, caller: Caller, order: orders.OrderOut) -> dict[str, Any]:
        told: dict[str, Any] = {
            "ok": True,
            "order_id": int(order.id),
            "order_no": order.order_no,
            "status": _state(order),
            "amount": shape.decimals(shape.total_e4(order)),
            "refunded_amount": shape.decimals(shape.returned_e4(order)),
            "currency": order.total.currency,
            "items": [],
        }
        for line in order.lines:
            sku_id = int(line.sku_id)
            number, card = (
                await self.counter.number_of(caller, sku_id),
                await self.counter.card(caller, sku_id),
            )
            item = {
                "product_id": number,
                "sku_id": number,
                "title": {"zh-CN": card.name_zh, "en": card.name_en} if card else {},
                "quantity": line.quantity,
                "unit_price": line.unit_price.amount,
                "total_price": line.amount.amount,
                "fulfillment_type": "auto" if line.codes else "manual",
            }
            told["items"].append(item)
        if (given := _fulfillment(order)) is not None:
            told["fulfillment"] = given
        return told

    async def _cancel(self, caller: Caller, text: str) -> Said:
        id_ = id_in(text)
        if id_ is None:
            raise Refused(OrderRefusal.order_not_found)
        order = await self.counter.cancel(caller, id_)
        told = {"ok": True, "order_id": id_, "order_no": order.order_no, "status": _state(order)}
        return _said(told)

    # The sale

    async def _place(self, call: Call, caller: Caller) -> bytes:
        asked = json_of(call.body)
        sku_id = await self.counter.sku_of(caller, int_at(asked, "sku_id"))
        number = text_at(asked, "downstream_order_no")
        order = await self.counter.asked(
            caller,
            number or unnumbered(call.headers[_SIGN].decode()),
            sku_id,
            int_at(asked, "quantity"),
            fields=_filled(asked.get("manual_form_data")),
            callback_url=text_at(asked, "callback_url") or None,
        )
        placed = await self.counter.place(caller, order, self.name)
        return _said(await self._order(caller, placed)).body


def _parts(method: str, path: str, stamp: str, body: bytes) -> dict[str, str]:
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    return {"method": method, "path": path, "timestamp": stamp, "body_md5": digest}


def _sign(secret: str, method: str, path: str, stamp: str, body: bytes) -> str:
    return sign(_SPEC, _parts(method, path, stamp, body), secret)


def _said(told: Mapping[str, Any]) -> Said:
    return Said(msgspec.json.encode(told))


def _message(no: Refused) -> str:
    paths = ", ".join(fault.path for fault in no.fields[:5])
    return f"{no.refusal.en}: {paths}" if paths else no.refusal.en


def _state(order: orders.OrderOut) -> str:
    return _STATES.get(order.status, _ENDED)


def _iso(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fulfillment(order: orders.OrderOut) -> dict[str, Any] | None:
    if order.status not in shape.ENDED_WELL:
        return None
    cards = shape.cards(order)
    lines = [shape.text_of(card) for card in cards]
    lines += [shape.receipt(order)] if shape.receipt(order) else []
    return {
        "type": "auto" if cards else "manual",
        "status": "delivered",
        "payload": "\n".join(lines),
        "delivery_data": None,
        "delivered_at": order.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _product(good: Good, currency: str, now: str) -> dict[str, Any]:
    o = good.offer.good
    price, cards = shape.decimals(shape.unit_e4(good)), shape.is_cards(o)
    left = -1 if good.offer.left is None else shown(good.offer.left)
    stock = (
        "unlimited"
        if left < 0
        else "out_of_stock"
        if not left
        else "low_stock"
        if left <= _LOW
        else "in_stock"
    )
    rungs = zip(good.offer.ladder.minimums, good.offer.ladder.prices_e4, strict=True)
    return {
        "id": good.number,
        "slug": f"sku-{good.number}",
        "title": {"zh-CN": o.name_zh, "en": o.name_en},
        "description": {"zh-CN": o.description_zh, "en": o.description_en},
        "content": {"zh-CN": o.guide_zh, "en": o.guide_en},
        "seo_meta": {},
        "images": [],
        "tags": [],
        "price_amount": price,
        "wholesale_prices": [
            {"min_quantity": least, "unit_price": shape.decimals(price_e4)}
            for least, price_e4 in rungs
            if least > 1
        ],
        "currency": currency,
        "fulfillment_type": "auto" if cards else "manual",
        "manual_form_schema": {"fields": [_field(spec) for spec in o.fields]} if o.fields else None,
        "is_active": True,
        "category_id": good.brand,
        "skus": [
            {
                "id": good.number,
                "sku_code": o.code,
                "spec_values": {},
                "price_amount": price,
                "stock_status": stock,
                "stock_quantity": left,
                "is_active": True,
            }
        ],
        "created_at": now,
        "updated_at": now,
    }


_TYPES = {"text": "text", "digits": "text", "phone": "phone", "email": "email", "choice": "select"}


def _field(spec: FieldSpec) -> dict[str, Any]:
    return {
        "key": spec.name,
        "type": _TYPES[spec.type],
        "required": spec.required,
        "label": {"zh-CN": spec.label_zh, "en": spec.label_en},
        "max_len": spec.max_length,
        **({"options": list(spec.choices)} if spec.choices else {}),
    }


def _filled(told: object) -> dict[str, str]:
    """What stands in a form of theirs, as texts."""
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise wrong("manual_form_data", "must be an object")
    return {name: text for name in told if (text := text_at(told, name))}
