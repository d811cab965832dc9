"""Examples for the partners' document, of the trade: a reader who sees `"string"` learns nothing."""

from typing import Any

ID, _SKU = "251504987123744768", "250782049558855680"
_MONEY = {"amount": "9.8750", "currency": "CNY"}
_TOTAL = {"amount": "19.7500", "currency": "CNY"}

# A schema as a whole, where its fields only make sense together.
SCHEMAS: dict[str, Any] = {
    "Money": _MONEY,
    "OrderOut": {
        "id": ID,
        "order_no": f"1024-{ID}",
        "client_order_no": "PO-1001",
        "status": "delivered",
        "total": _TOTAL,
        "lines": [
            {
                "line_no": 1,
                "sku_id": _SKU,
                "quantity": 2,
                "delivered": 2,
                "unit_price": _MONEY,
                "amount": _TOTAL,
                "status": "delivered",
                "codes": [
                    {"number": "YQMQ048213377", "secret": "QX7M22KD90PLTT41"},
                    {"number": "YQMQ048213378", "secret": "M4ZC81WRB7H2VN6E"},
                ],
            }
        ],
        "decision_id": "251504987069218816",
        "created_at": "2026-11-11T00:00:00.123456Z",
    },
    "TokenIn": {
        "grant_type": "client_credentials",
        "client_id": "YOUR_KEY_ID",
        "client_secret": "YOUR_KEY_SECRET",
    },
    "TokenOut": {
        "access_token": "cb_eyJrIjoi…",
        "token_type": "Bearer",
        "expires_in": 720,
        "scope": "orders:write orders:read codes:read",
    },
}

# A field by its name, wherever it stands. Fields named `…_id` have an id.
FIELDS: dict[str, Any] = {
    "id": ID,
    "sku_id": _SKU,
    "amount": "9.8750",
    "client_order_no": "PO-1001",
    "code": "YQM-Q",
    "currency": "CNY",
    "events": ["order.delivered"],
    "event": "order.delivered",
    "file_name": "orders.csv",
    "order_no": f"1024-{ID}",
    "row": 2,
    "secret": "QX7M22KD90PLTT41",
    "url": "https://shop.example/webhooks",
    "zh": "云雀音乐 季卡",
    "en": "Yunque Music, 3 months",
}
