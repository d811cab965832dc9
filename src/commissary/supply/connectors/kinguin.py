"""Kinguin's eCommerce API v2, with the products and the search for orders of v1: JSON over an API key, unsigned.

`base_url` ends before `/v1` and `/v2`; amounts are in euros. Only text keys are bought: a picture is no code. The `price`
of an order is what offers are chosen by, so that nothing dearer is found. An external number "should" be unique, which
promises nothing: it is searched for, never relied on. An order is believed to have failed when its money is back, which
the state `refunded` says, or every one of its keys.

A callback carries a fixed secret and no signature. The secret is made of the API key, by `event_secret`.
"""

import hmac
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from commissary.dialects import compact, money
from commissary.supply.connectors.answers import int_at, list_at, object_of, only, text_at, yuan_at
from commissary.supply.connectors.listed import ms_at, ref_at, utc, within
from commissary.supply.connectors.refusals import unless_bought
from commissary.supply.reading import names, noted
from commissary.supply.types import (
    NOT_FOUND,
    Code,
    Connection,
    Conversation,
    Facts,
    Fault,
    Forged,
    Good,
    GoodsNotice,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Request,
    Response,
    Result,
    StatementLine,
    StatementPage,
    Unreadable,
)

_PAGE = 100
_MOST = 9  # of one offer, short of wholesale
_MOST_PAGES = 10  # an order has a thousand keys at the most
_NOES = frozenset(
    {
        "ConstraintViolation",
        "InsufficientBalance",
        "OrderFailed",
        "OrderNotSupported",
        "Preorder",
        "ProductUnavailable",
    }
)
_STATES = {
    "processing": Outcome.accepted,
    "completed": Outcome.succeeded,
    "canceled": Outcome.failed,
    "refunded": Outcome.failed,
}
_PASSED_OVER = names(
    "totalPrice requestTotalPrice status storeId createdAt updatedAt products totalQty isPreorder",
    "item_count orderId orderExternalId trace kinguinId productId qty name price keyType offerId",
)


def event_secret(api_key: str) -> str:
    """To be entered for the store's webhooks. Whoever reads it in a log has no key to buy with."""
    return hmac.new(api_key.encode(), b"kinguin webhook", "sha256").hexdigest()


class Kinguin:
    facts = Facts(
        idempotent=False,
        queries=True,
        cancels=False,
        callbacks=True,
        guard="unit",
        kinds=frozenset({"code"}),
        signs_callbacks=False,
        statements=True,
        pushes=True,
        passes_over=_PASSED_OVER,
    )
    heard = b""

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at(object_of((yield from self._get("/v1/balance"))), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        page = int(cursor or 1)
        found = object_of((yield from self._get("/v1/products", page=page, limit=_PAGE)))
        goods = tuple([_good(each) for each in list_at(found, "results")])
        more = page * _PAGE < int_at(found, "item_count") and goods
        return Page(goods, str(page + 1) if more else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return _good(object_of((yield from self._get(f"/v2/products/{quote(good_id, safe='')}"))))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        yield from self.good(at_ms, good_id)
        return ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        # By hand, because the price is a number and no float may hold it.
        product = (
            f'{{"productId":{compact(purchase.good_id)},"qty":{purchase.quantity}'
            f',"price":{money.yuan_down(purchase.most_unit_e4)},"keyType":"text"}}'
        )
        order = f'{{"products":[{product}],"orderExternalId":{compact(purchase.ref)}}}'
        headers = {"X-Api-Key": self._to.secret, "Content-Type": "application/json"}
        answer = yield Request("POST", f"{self._to.base_url}/v2/order", headers, order.encode())
        if answer.status == 201:
            told = _ours(object_of(answer.body), purchase.ref)
            return Result(Outcome.accepted, text_at(told, "orderId"), yuan_at(told, "paymentPrice"))
        fault = _fault(answer)
        if fault.code not in _NOES:
            return Result(Outcome.unknown, reason=fault.code, said=fault.said)
        # The number may have been used before, and that is one of the noes. Only with no order was nothing bought.
        no = Result(Outcome.failed, reason=fault.code, said=fault.said)
        return (yield from unless_bought(self.query(at_ms, purchase.ref), no))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        found = object_of((yield from self._get("/v1/order", orderExternalId=ref, limit=_PAGE)))
        orders = list_at(found, "results")
        if not orders and int_at(found, "item_count") == 0:
            return Result(Outcome.failed, reason=NOT_FOUND)
        order = _ours(only(orders, "orders"), ref)
        number, cost_e4 = text_at(order, "orderId"), yuan_at(order, "paymentPrice")
        state = text_at(order, "status")
        outcome = _STATES.get(state, Outcome.unknown)
        if outcome is Outcome.failed and not _money_is_back(order, state):
            outcome = Outcome.unknown
        codes: tuple[Code, ...] = ()
        if outcome is Outcome.succeeded:
            codes = yield from self._keys(number, int_at(order, "totalQty"))
        return Result(outcome, number, cost_e4, cost_e4 if outcome is Outcome.failed else 0, codes, state)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """Delivered keys can be returned, once; an order that is on its way cannot be stopped."""
        yield from ()
        return Result(Outcome.unknown, supplier_ref)

    def notice(
        self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Notice | GoodsNotice:
        theirs = headers.get("x-event-secret", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(theirs, event_secret(self._to.secret).encode()):
            raise Forged
        if headers.get("x-event-name") == "product.update":
            return GoodsNotice((text_at(object_of(body), "productId"),))
        if headers.get("x-event-name") != "order.status":
            raise Unreadable("not of an order")
        return Notice(text_at(object_of(body), "orderExternalId"), Result(Outcome.unknown), ask_again=True)

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        number, form = int(cursor or 1), "%Y-%m-%dT%H:%M:%S+00:00"
        span = {"createdAtFrom": utc(start_ms, form), "createdAtTo": utc(end_ms, form)}
        told = object_of((yield from self._get("/v1/order", **span, page=number, limit=_PAGE)))
        found = list_at(told, "results")
        more = number * _PAGE < int_at(told, "item_count") and found
        lines = within([_line(each) for each in found], start_ms, end_ms)
        return StatementPage(lines, str(number + 1) if more else "")

    def _keys(self, number: str, quantity: int) -> Conversation[tuple[Code, ...]]:
        keys: list[Code] = []
        path = f"/v2/order/{quote(number, safe='')}/keys"
        for page in range(1, _MOST_PAGES + 1):
            told = _array((yield from self._get(path, page=page, limit=_PAGE)))
            keys += [_key(each) for each in told]
            if not told or len(keys) >= quantity:
                break
        if len(keys) != quantity or len({key.number for key in keys}) != quantity:
            raise Unreadable(f"{len(keys)} keys")
        return tuple(keys)

    # The wire

    def _get(self, path: str, **asked: str | int) -> Conversation[bytes]:
        url = f"{self._to.base_url}{path}" + (f"?{urlencode(asked)}" if asked else "")
        answer = yield Request("GET", url, {"X-Api-Key": self._to.secret})
        if answer.status != 200:
            raise _fault(answer)
        return answer.body


def _fault(answer: Response) -> Fault:
    """A clear no has a `kind`, and the status of one who asked wrongly."""
    if not 400 <= answer.status < 500:
        raise Unreadable(f"HTTP {answer.status}")
    told = object_of(answer.body)
    return Fault(text_at(told, "kind"), str(told.get("detail", ""))[:200])


def _array(body: bytes) -> list[dict[str, Any]]:
    try:
        return list_at({"list": noted(json.loads(body, parse_float=Decimal))}, "list")
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None


def _ours(order: dict[str, Any], ref: str) -> dict[str, Any]:
    if text_at(order, "orderExternalId") != ref:
        raise Unreadable("another order")
    return order


def _line(told: Mapping[str, Any]) -> StatementLine:
    cost_e4, state = yuan_at(told, "paymentPrice"), text_at(told, "status")
    back = _STATES.get(state) is Outcome.failed and _money_is_back(told, state)
    products = list_at(told, "products")
    return StatementLine(
        ref_at(told, "orderExternalId"),
        text_at(told, "orderId"),
        text_at(products[0], "productId") if len(products) == 1 else "",
        int_at(told, "totalQty"),
        cost_e4,
        cost_e4 if back else 0,
        ms_at(told, "createdAt"),
    )


def _money_is_back(order: Mapping[str, Any], state: str) -> bool:
    keys = [text_at(key, "status") for each in list_at(order, "products") for key in _keys_of(each)]
    if any(key not in ("REFUNDED", "CANCELED") for key in keys):
        return False  # delivered, on its way, or returned without its money
    return state == "refunded" or keys == ["REFUNDED"] * int_at(order, "totalQty")


def _keys_of(product: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list_at(product, "keys") if "keys" in product else []


def _good(told: Mapping[str, Any]) -> Good:
    stock = int_at(told, "textQty")
    return Good(
        id=text_at(told, "productId"),
        name=text_at(told, "name"),
        kind="code",
        price_e4=yuan_at(told, "price"),
        on_sale=told.get("isPreorder") is False,  # a pre-order is delivered some day, perhaps as a picture
        stock=stock,
        most=_MOST,
        fields=(),
    )


def _key(told: Mapping[str, Any]) -> Code:
    if told.get("type") != "text/plain":
        raise Unreadable("a key that is no text")
    return Code(text_at(told, "serial"), text_at(told, "id"))
