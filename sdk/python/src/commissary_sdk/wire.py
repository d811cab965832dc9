"""JSON ↔ types. The same purchase always gives the same bytes: a repeat from another process is then a replay."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from .types import (
    Balance,
    Code,
    EndUser,
    Fix,
    Line,
    Money,
    Order,
    OrderLine,
    Product,
    Purchase,
    Quote,
    QuoteLine,
)

Json = Mapping[str, Any]


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def purchase_json(purchase: Purchase) -> dict[str, Any]:
    if not purchase.client_order_no:
        raise ValueError("client_order_no must not be empty: it is what makes a repeat safe")
    lines = lines_json(purchase.lines)
    body: dict[str, Any] = {"client_order_no": purchase.client_order_no, "lines": lines}
    if purchase.quote_id is not None:
        body["quote_id"] = purchase.quote_id
    if purchase.wait_ms is not None:
        body["wait_ms"] = purchase.wait_ms
    if purchase.end_user is not None:
        body["end_user"] = _end_user_json(purchase.end_user)
    if purchase.callback_url is not None:
        body["callback_url"] = purchase.callback_url
    return body


def lines_json(lines: Line | Sequence[Line]) -> list[dict[str, Any]]:
    several = [lines] if isinstance(lines, Line) else list(lines)
    if not several:
        raise ValueError("an order needs at least one line")
    return [_line_json(line) for line in several]


def order(value: object) -> Order:
    """Raises KeyError, TypeError or ValueError if this is not an order."""
    row = _object(value)
    return Order(
        id=str(row["id"]),
        client_order_no=str(row["client_order_no"]),
        status=str(row["status"]),
        total=money(row["total"]),
        lines=tuple(_order_line(line) for line in row["lines"]),
        decision_id=str(row["decision_id"]),
        order_no=str(row["order_no"]),
        reason=_text_or_none(row.get("reason")),
        created_at=datetime.fromisoformat(str(row["created_at"])),
        raw=row,
    )


def quote(value: object) -> Quote:
    row = _object(value)
    lines = tuple(
        QuoteLine(str(line["sku_id"]), int(line["quantity"]), money(line["unit_price"]))
        for line in row["lines"]
    )
    expires_at = datetime.fromisoformat(str(row["expires_at"]))
    return Quote(str(row["id"]), lines, money(row["amount"]), expires_at, raw=row)


def product(value: object) -> Product:
    row = _object(value)
    name = _object(row["name"])
    return Product(str(row["sku_id"]), str(name["zh"]), str(name["en"]), money(row["unit_price"]), raw=row)


def balance(value: object) -> Balance:
    row = _object(value)
    amounts = {name: money(item) for name, item in row.items() if _is_money(item)}
    return Balance(amounts["available"], amounts, raw=row)


def money(value: object) -> Money:
    """`{"amount": "9.8750", "currency": "CNY"}`."""
    row = _object(value)
    return Money(_decimal(row["amount"]), str(row["currency"]))


def _line_json(line: Line) -> dict[str, Any]:
    if isinstance(line.quantity, bool) or not isinstance(line.quantity, int) or line.quantity < 1:
        raise ValueError(f"quantity must be a whole number of at least 1, not {line.quantity!r}")
    row: dict[str, Any] = {"sku_id": line.sku_id, "quantity": line.quantity}
    price = line.max_unit_price
    if price is not None:
        row["max_unit_price"] = {"amount": _amount(price.amount), "currency": price.currency}
    if line.fields is not None:
        row["fields"] = dict(sorted(line.fields.items()))
    return row


def _amount(amount: Decimal) -> str:
    """One spelling per amount, four decimals, so that 9.9 and 9.90 are the same body."""
    exact = _decimal(amount).quantize(Decimal("0.0001"))
    if exact != amount:
        raise ValueError(f"an amount has at most four decimals, not {amount}")
    return f"{exact:f}"


def _decimal(value: object) -> Decimal:
    if isinstance(value, float):
        raise ValueError("money is never a float: pass '9.90' or Decimal('9.90')")
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"not an amount: {value!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not an amount: {value!r}")
    return amount


def _end_user_json(end_user: EndUser) -> dict[str, str]:
    said = {"ip": end_user.ip, "device_id": end_user.device_id}
    return {name: value for name, value in said.items() if value is not None}


def _order_line(value: object) -> OrderLine:
    row = _object(value)
    return OrderLine(
        line_no=int(row["line_no"]),
        sku_id=str(row["sku_id"]),
        quantity=int(row["quantity"]),
        unit_price=money(row["unit_price"]),
        status=str(row["status"]),
        codes=tuple(_code(code) for code in row.get("codes") or ()),
        delivered=int(row["delivered"]),
        bundle_id=_text_or_none(row.get("bundle_id")),
        reason=_text_or_none(row.get("reason")),
        receipts=tuple(str(receipt) for receipt in row.get("receipts") or ()),
        fix=_fix(row["fix"]) if row.get("fix") else None,
    )


def _fix(value: object) -> Fix:
    row = _object(value)
    return Fix(str(row["field"]), datetime.fromisoformat(str(row["until"])))


def _code(value: object) -> Code:
    row = _object(value)
    return Code(str(row["secret"]), _text_or_none(row.get("number")))


def _object(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a JSON object, got {type(value).__name__}")
    return value


def _is_money(value: object) -> bool:
    return isinstance(value, Mapping) and "amount" in value and "currency" in value


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
