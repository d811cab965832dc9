"""卡卡云 v3 as the supplier (showdoc.com.cn/2592446100589081).

    POST …/faces/kakayun/dockapiv3/{user/info, goods/{group,all,alllite,details,detailslite,tpl},
    order/{create,get,cancelOrder}}      JSON, a form, or a GET's query; userid is a key's id

`sign` is the md5 of the sorted parameters and the key's secret; a timestamp holds 300 s. The same usorderno again is the
same order; an order without one is told from its repetition by its signature. Cards are never in the answer to
`order/create`, as the document says: the shop asks for them, or hears them by callback.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from commissary import orders
from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.outgoing import OutgoingRefusal, Reply
from commissary.catalog.types import FieldSpec, Offered
from commissary.dialects import SPECS, compact, money, sign, verify
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import shape
from commissary.partnerapi.counter import Counter, Good
from commissary.partnerapi.reading import (
    form_of,
    int_at,
    is_unnumbered,
    json_as_signed,
    json_of,
    text_at,
    unnumbered,
    wrong,
    yuan_at,
)
from commissary.partnerapi.types import Call, FaceRefusal, Notice, Said
from commissary.pricing.rules import shown
from commissary.tenancy.types import ApiKey, AuthRefusal, Caller

WINDOW_S = 300
_SPEC = SPECS["kakayun"]
_OK, _OTHER, _UNKNOWN = 1, -1, 9999
_NO_CANCEL = 0
_CODES: dict[Refusal, int] = {
    AuthRefusal.unknown_key: 1000,
    AuthRefusal.bad_signature: 401,
    AuthRefusal.ip_not_allowed: 402,
    AuthRefusal.key_revoked: 1001,
    AuthRefusal.key_expired: 1001,
    AuthRefusal.mall_closed: 1001,
    AuthRefusal.buyer_suspended: 1001,
    AuthRefusal.missing_scope: 1002,
    FaceRefusal.timestamp_too_far: 403,
    RequestRefusal.overloaded: 404,
    OrderRefusal.idempotency_conflict: 1205,
    OrderRefusal.sku_unknown: 1206,
    OrderRefusal.sku_not_listed: 1206,
    OrderRefusal.agent_needs_split_payment: 1207,
    OrderRefusal.not_priced: 1209,
    OrderRefusal.price_above_max: 1210,
    OrderRefusal.insufficient_balance: 1213,
    OrderRefusal.account_locked: 1213,
    OrderRefusal.order_not_found: 1301,
    **dict.fromkeys(OutgoingRefusal, 1401),
}
# What is missing, by the name of the parameter.
_MISSING = {
    "sign": 1200,
    "userid": 1201,
    "timestamp": 1202,
    "goodsid": 1203,
    "buynum": 1204,
    "usorderno": 1300,
}
_DOING, _FAILED, _DONE = 3, 4, 5
_ACCOUNT = 1
_FIELD_TYPES = range(2, 18)


@dataclass
class Kakayun:
    """One per process."""

    counter: Counter
    name: str = "kakayun"
    retries_s: tuple[int, ...] = (300, 600, 900, 1200, 1500)

    async def answer(self, call: Call) -> Said | orders.Answered:
        path = call.path.removeprefix("dockapiv3/")
        ask = {
            "user/info": self._balance,
            "goods/group": self._groups,
            "goods/all": self._list,
            "goods/alllite": self._list,
            "goods/details": self._details,
            "goods/detailslite": self._details,
            "goods/tpl": self._template,
            "order/get": self._order,
            "order/cancelOrder": self._cancel,
        }.get(path)
        known = ask is not None or path == "order/create"
        if not known or path == call.path or call.method not in ("GET", "POST"):
            raise Refused(RequestRefusal.not_found)
        asked, as_signed = _parameters(call)
        caller = await self._caller(call, asked, as_signed)
        if ask is not None:
            return await ask(caller, asked)
        placed = await self.counter.anywhere(call, caller, lambda: self._create(caller, asked))
        return Said(placed) if isinstance(placed, bytes) else placed

    def refused(self, call: Call, no: Refused) -> Said:
        """Every no that this protocol has no number for is "another error", and whatever may have been bought is 9999:
        nothing in between."""
        code = _CODES.get(no.refusal, _OTHER if no.refusal.outcome == "failed" else _UNKNOWN)
        if no.refusal is RequestRefusal.invalid_request and no.fields:
            path = no.fields[0].path
            code = _MISSING.get(path, 1211 if ".fields" in path else _OTHER)
        return _said(code, shape.why(no), "")

    async def notice(self, key: ApiKey, secret: str, order: orders.OrderOut, url: str) -> Notice:
        told = _told(order)
        told["push_type"] = 1 if told["cards"] else 0
        told["timestamp"] = self.counter.now_s()
        told["sign"] = sign(_SPEC, told, secret)
        return Notice(url, {"content-type": "application/json"}, compact(told).encode())

    def heard(self, reply: Reply) -> bool:
        return reply.status == 200 and reply.body.strip().lower() == b"ok"

    async def _caller(self, call: Call, asked: Mapping[str, Any], as_signed: Mapping[str, Any]) -> Caller:
        for name in ("userid", "timestamp", "sign"):
            if not text_at(asked, name):
                raise wrong(name, "is required")
        stamp = text_at(asked, "timestamp")
        now_s = self.counter.now_s()
        if (
            len(stamp) != 10
            or not stamp.isascii()
            or not stamp.isdigit()
            or abs(int(stamp) - now_s) > WINDOW_S
        ):
            raise Refused(FaceRefusal.timestamp_too_far)
        signature = text_at(asked, "sign")

        def proves(secret: str) -> bool:
            try:
                return verify(_SPEC, as_signed, secret, signature)
            except (TypeError, ValueError, RecursionError):  # half a letter, a pit: nobody signs that
                return False

        return await self.counter.admit(call, text_at(asked, "userid"), proves)

    # Questions

    async def _balance(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        wallet = await self.counter.wallet(caller)
        told = {
            "money": money.yuan(wallet.balance_e4 - wallet.held_e4),
            "creditquota": money.yuan(-(wallet.floor_e4 or 0)),
        }
        return _said(_OK, "查询成功", told)

    async def _groups(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        groups = {}
        for good in await self.counter.offers(caller):
            brand = good.offer.good.brand_zh
            groups[good.brand] = {
                "groupname": brand,
                "groupaliasname": brand,
                "groupid": good.brand,
                "groupimgurl": "",
                "brandid": good.brand,
                "brandname": brand,
                "brandimgurl": "",
            }
        return _said(_OK, "success", list(groups.values()))

    async def _list(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        page, size = int_at(asked, "page", 1), int_at(asked, "limit", 10)
        size, page = min(max(1, size), 100), max(1, page)
        kind, group = text_at(asked, "goodstype"), text_at(asked, "groupid")
        word, wanted = text_at(asked, "goodsname"), _numbers(asked.get("goodsid"))
        found = [
            good
            for good in await self.counter.offers(caller)
            if (not kind or kind == str(_kind(good.offer.good)))
            and (not group or group == str(good.brand))
            and word in good.offer.good.name_zh
            and (wanted is None or str(good.number) in wanted)
        ]
        shown_now = [_article(good) for good in found[(page - 1) * size : page * size]]
        pages = -(-len(found) // size)
        return _said(_OK, "success", shown_now, nowpage=str(page), allpage=pages, count=len(found))

    async def _details(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        good = await self._good(caller, asked)
        o = good.offer.good
        more = {"minbuy": 1, "maxbuy": o.max_quantity, "details": o.description_zh}
        return _said(_OK, "success", _article(good) | more)

    async def _template(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        good = await self._good(caller, asked)
        told = [
            {"type": kind, "title": spec.label_zh, "desc": f"请输入{spec.label_zh}"}
            for kind, spec in _typed(good.offer.good.fields)
        ]
        return _said(_OK, "接口调用成功", told)

    async def _order(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        return _said(_OK, "查询成功", _told(await self._named(caller, asked)))

    async def _cancel(self, caller: Caller, asked: Mapping[str, Any]) -> Said:
        try:
            order = await self._named(caller, asked)
            if order.status != "cancelled":
                await self.counter.cancel(caller, int(order.id))
        except Refused as no:
            if no.refusal in (OrderRefusal.order_not_found, OrderRefusal.not_cancellable):
                return _said(_NO_CANCEL, f"退款失败:{no.refusal.zh}", "")
            raise
        return _said(_OK, "退款成功", "")

    async def _named(self, caller: Caller, asked: Mapping[str, Any]) -> orders.OrderOut:
        """By the shop's number when both are given."""
        if number := text_at(asked, "usorderno"):
            return await self.counter.by_number(caller, number)
        if id_ := text_at(asked, "orderno"):
            return await self.counter.order(caller, id_)
        raise wrong("usorderno", "is required, or orderno")

    async def _good(self, caller: Caller, asked: Mapping[str, Any]) -> Good:
        return await self.counter.offer(caller, await self._sku(caller, asked))

    async def _sku(self, caller: Caller, asked: Mapping[str, Any]) -> int | None:
        if not text_at(asked, "goodsid"):
            raise wrong("goodsid", "is required")
        return await self.counter.sku_of(caller, int_at(asked, "goodsid"))

    # The sale

    async def _create(self, caller: Caller, asked: Mapping[str, Any]) -> bytes:
        sku_id = await self._sku(caller, asked)
        if not text_at(asked, "buynum"):
            raise wrong("buynum", "is required")
        card = await self.counter.card(caller, sku_id)
        number = text_at(asked, "usorderno")
        order = await self.counter.asked(
            caller,
            number or unnumbered(text_at(asked, "sign")),
            sku_id,
            int_at(asked, "buynum"),
            fields=_filled(card.fields if card else (), asked.get("attach")),
            most_e4=yuan_at(asked, "maxmoney"),
            callback_url=text_at(asked, "callbackurl") or None,
        )
        placed = await self.counter.place(caller, order, self.name)
        return _said(_OK, "提交成功", {"orderno": placed.id, "usorderno": number}).body


def _parameters(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """(as we read them, as they were signed)"""
    if call.method == "GET" and not call.body:
        return dict(call.query), dict(call.query)
    if call.headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
        form = form_of(call.body)
        return dict(form), dict(form)
    return json_of(call.body), json_as_signed(call.body)


def _said(code: int, message: str, data: object, **beside: object) -> Said:
    return Said(msgspec.json.encode({"code": code, "msg": message, "data": data, **beside}))


def _numbers(found: object) -> set[str] | None:
    """One number, several, or no wish at all."""
    if found is None or found == "":
        return None
    several = found if isinstance(found, list) else [found]
    return {str(each) for each in several[:100] if isinstance(each, str | int)}


def _kind(good: Offered) -> int:
    return 0 if shape.is_cards(good) else 1


def _article(good: Good) -> dict[str, Any]:
    o = good.offer.good
    return {
        "goodsid": good.number,
        "imgurl": "",
        "goodsname": o.name_zh,
        "goodsprice": money.yuan(shape.unit_e4(good)),
        "goodsstatus": 1,
        "goodstype": _kind(o),
        "stock": shown(good.offer.left),
        "groupid": good.brand,
        "marketprice": "0.0000",
        "attach": [
            {"title": f.label_zh, "tip": f"请输入{f.label_zh}", "verification": 1 if f.type == "phone" else 0}
            for f in o.fields
        ],
    }


def _typed(fields: tuple[FieldSpec, ...]) -> list[tuple[int, FieldSpec]]:
    """Each field with the code of a type: the account is 1, the others are told apart by the next."""
    account = shape.account_field(fields)
    others = iter(_FIELD_TYPES)
    return [(_ACCOUNT if spec is account else next(others, 0), spec) for spec in fields]


def _filled(fields: tuple[FieldSpec, ...], attach: object) -> dict[str, str]:
    """One text is the account; several come with the codes of their types."""
    if attach is None or attach in ("", []):
        return {}
    if isinstance(attach, str | int):
        account = shape.account_field(fields)
        return {account.name: str(attach)} if account else {}
    if not isinstance(attach, list) or not all(isinstance(each, dict) for each in attach):
        raise wrong("attach", "must be a text or a list")
    names = {str(kind): spec.name for kind, spec in _typed(fields)}
    told = {text_at(each, "attachtype"): text_at(each, "value") for each in attach}
    if not set(told) <= set(names):
        raise wrong("lines[0].fields", "a type that this article does not ask for")
    return {names[kind]: value for kind, value in told.items()}


def _told(order: orders.OrderOut) -> dict[str, Any]:
    """Money that came back is said as it is; a line that was reversed has failed."""
    total_e4, back_e4 = shape.total_e4(order), shape.returned_e4(order)
    state = _DOING if order.status in shape.OPEN else _DONE if order.status in shape.ENDED_WELL else _FAILED
    cards = shape.cards(order) if state == _DONE else []
    return {
        "orderno": order.id,
        "usorderno": "" if is_unnumbered(order.client_order_no) else order.client_order_no,
        "money": money.yuan(total_e4),
        "buynum": shape.pieces(order),
        "status": state,
        "refundmoney": money.yuan(back_e4),
        "refundstatus": 0 if not back_e4 else 1 if back_e4 == total_e4 else 2,
        "receipt": shape.receipt(order),
        "refundreceipt": order.reason or "",
        "cardlist": [shape.text_of(card) for card in cards],
        "cards": [
            {
                "card_no": card.number or "",
                "card_pwd": card.secret,
                "card_type": 1,
                "card_denomination": 0,
                "card_expire_at": 0,
            }
            for card in cards
        ],
    }
