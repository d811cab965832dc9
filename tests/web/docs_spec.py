"""A hand-made specification of the partner API, rich enough to meet every form the renderer must read."""

from typing import Any

from commissary.web import ErrorEntry


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def json_body(schema: Any, example: Any = None) -> dict[str, Any]:
    shape = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"content": {"application/json": shape}}


def answer(note: str, schema: Any, example: Any = None) -> dict[str, Any]:
    return {"description": note, **json_body(schema, example)}


ORDER = {
    "id": "7354268412186624001",
    "client_order_no": "PO-20261111-0001",
    "status": "delivered",
    "total": {"amount": "197.5000", "currency": "CNY"},
    "lines": [
        {
            "sku_id": "7354268412186620017",
            "quantity": 2,
            "unit_price": {"amount": "98.7500", "currency": "CNY"},
            "codes": [{"secret": "QX7M-22KD-90PL-TT41", "expires_at": "2027-11-11T00:00:00Z"}],
        }
    ],
    "placed_at": "2026-11-11T00:00:00Z",
}
NEW_ORDER = {
    "client_order_no": "PO-20261111-0001",
    "lines": [{"sku_id": "7354268412186620017", "quantity": 2, "max_unit_price": "98.7500"}],
    "wait_ms": 2000,
}
REFUSALS = {
    "401": answer("Not authenticated", ref("Problem")),
    "429": answer("Too many requests", ref("Problem")),
}

SPEC: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Commissary partner API",
        "x-title-zh": "券厨合作伙伴接口",
        "version": "1.0.0",
        "x-versions": [
            {
                "version": "2026-11-27",
                "deprecated_on": None,
                "sunset_on": None,
                "changes": [
                    {
                        "id": "renamed",
                        "breaking": True,
                        "operations": ["POST /v1/orders"],
                        "told": {"zh": "字段更名。", "en": "A field is renamed."},
                    },
                    {
                        "id": "added",
                        "breaking": False,
                        "operations": [],
                        "told": {"zh": "新增字段。", "en": "A field is new."},
                    },
                ],
            },
            {
                "version": "2026-11-01",
                "deprecated_on": "2026-11-27",
                "sunset_on": "2027-11-27",
                "changes": [],
            },
        ],
        "x-sandbox": [
            {
                "how": "fail",
                "code": "MAGIC-FAIL",
                "told_zh": "必定失败",
                "told_en": "Always fails",
                "status": "failed",
                "refusal": "",
            }
        ],
    },
    "security": [{"signature": []}, {"oauth": []}],
    "tags": [
        {"name": "Orders", "x-name-zh": "订单", "description": "Buying, and what became of it."},
        {"name": "Catalogue", "x-name-zh": "商品"},
        {"name": "Money", "x-name-zh": "资金"},
        {"name": "Access", "x-name-zh": "认证"},
    ],
    "paths": {
        "/v1/orders": {
            "post": {
                "operationId": "place_order",
                "tags": ["Orders"],
                "summary": "Place an order",
                "x-summary-zh": "下单",
                "description": "Buys **all lines or none**. With `wait_ms` the answer waits for delivery up to that "
                "long; an order that is still open then is `placed`.\n\n- the price guard is `max_unit_price`\n"
                "- a valid quote binds us",
                "x-description-zh": "**整单成功或整单拒绝。**设置 `wait_ms` 时，应答最多等待该时长以取得交付结果；"
                "届时未完成则为 `placed`。\n\n- `max_unit_price` 为最高可接受单价\n- 有效期内的报价对平台有约束力",
                "requestBody": {"required": True, **json_body(ref("NewOrder"), NEW_ORDER)},
                "responses": {
                    "201": answer("The order", ref("Order"), ORDER),
                    **REFUSALS,
                    "409": answer("Refused for what it asks", ref("Problem")),
                },
                "x-errors": ["bad_signature", "nonce_used", "out_of_stock", "price_above_max", "overloaded"],
            },
            "get": {
                "operationId": "find_order",
                "tags": ["Orders"],
                "summary": "Find an order by your own number",
                "x-summary-zh": "按贵方订单号查询",
                "parameters": [
                    {
                        "name": "client_order_no",
                        "in": "query",
                        "required": True,
                        "description": "The number you gave it.",
                        "schema": {"type": "string", "maxLength": 64},
                        "example": "PO 2026/1",
                    },
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {"200": answer("The order", ref("Order")), **REFUSALS},
            },
        },
        "/v1/orders/batch": {
            "post": {
                "operationId": "place_batch",
                "tags": ["Orders"],
                "summary": "Place many orders",
                "x-summary-zh": "批量下单",
                "description": "Up to 1,000 orders; each is accepted or refused by itself.",
                "requestBody": json_body(
                    {
                        "type": "object",
                        "required": ["orders"],
                        "properties": {
                            "orders": {
                                "type": "array",
                                "minItems": 1,
                                "maxItems": 1000,
                                "items": ref("NewOrder"),
                            }
                        },
                    },
                    {"orders": [NEW_ORDER]},
                ),
                "responses": {
                    "200": answer(
                        "One result per order, in the order asked",
                        {
                            "type": "object",
                            "properties": {
                                "results": {
                                    "type": "array",
                                    "items": {"oneOf": [ref("Order"), ref("Problem")]},
                                }
                            },
                        },
                    ),
                    **REFUSALS,
                },
            }
        },
        "/v1/orders/{id}": {
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string"},
                    "example": "73542684",
                }
            ],
            "get": {
                "operationId": "get_order",
                "tags": ["Orders"],
                "summary": "Get an order",
                "x-summary-zh": "查询订单",
                "responses": {
                    "200": answer("The order", ref("Order")),
                    "404": answer("None", ref("Problem")),
                },
            },
        },
        "/v1/orders/{id}/cancel": {
            "parameters": [
                {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string"},
                    "example": "73542684",
                }
            ],
            "post": {
                "operationId": "cancel_order",
                "tags": ["Orders"],
                "summary": "Cancel an order",
                "x-summary-zh": "取消订单",
                "parameters": [
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string", "minLength": 8, "maxLength": 64},
                        "example": "cancel-0001",
                    }
                ],
                "responses": {"200": answer("The order", ref("Order")), **REFUSALS},
                "x-errors": ["bad_signature", "not_cancellable"],
            },
        },
        "/v1/products": {
            "get": {
                "operationId": "list_products",
                "tags": ["Catalogue"],
                "summary": "List what you may buy",
                "x-summary-zh": "可采购商品列表",
                "parameters": [
                    {"name": "q", "in": "query", "schema": {"type": "string"}},
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {"200": answer("A page", ref("ProductPage")), **REFUSALS},
            }
        },
        "/v1/quotes": {
            "post": {
                "operationId": "quote",
                "tags": ["Catalogue"],
                "summary": "Ask for a binding price",
                "x-summary-zh": "询价",
                "parameters": [{"$ref": "#/components/parameters/Idempotency"}],
                "requestBody": json_body(ref("NewQuote")),
                "responses": {"201": answer("The quote", ref("Quote")), **REFUSALS},
            }
        },
        "/v1/balance": {
            "get": {
                "operationId": "balance",
                "tags": ["Money"],
                "summary": "Balance and credit",
                "x-summary-zh": "余额与授信",
                "responses": {"200": answer("The account", ref("Balance")), **REFUSALS},
            }
        },
        "/oauth/token": {
            "post": {
                "operationId": "token",
                "tags": ["Access"],
                "summary": "Get a bearer token",
                "x-summary-zh": "获取访问令牌",
                "security": [],
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "required": ["grant_type", "client_id", "client_secret"],
                                "properties": {
                                    "grant_type": {"const": "client_credentials"},
                                    "client_id": {"type": "string", "example": "YOUR_KEY_ID"},
                                    "client_secret": {"type": "string", "example": "YOUR_KEY_SECRET"},
                                    "scope": {"type": "string", "example": "orders:write products:read"},
                                },
                            }
                        }
                    }
                },
                "responses": {"200": answer("The token", ref("Token"))},
                "x-errors": ["bad_client"],
            }
        },
    },
    "webhooks": {
        "order.delivered": {
            "post": {
                "operationId": "order_delivered",
                "summary": "An order was delivered",
                "x-summary-zh": "订单已交付",
                "requestBody": json_body(ref("OrderEvent")),
                "responses": {"204": {"description": "You have it"}},
            }
        }
    },
    "components": {
        "parameters": {
            "Limit": {
                "name": "size",
                "in": "query",
                "description": "Rows per page.",
                "x-description-zh": "每页行数。",
                "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
            },
            "Idempotency": {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "example": "quote-0001",
            },
        },
        "schemas": {
            "Money": {
                "type": "object",
                "description": "An exact amount.",
                "x-description-zh": "精确金额。",
                "required": ["amount", "currency"],
                "properties": {
                    "amount": {
                        "type": "string",
                        "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$",
                        "example": "9.8750",
                    },
                    "currency": {"type": "string", "minLength": 3, "maxLength": 3, "example": "CNY"},
                },
            },
            "OrderStatus": {
                "type": "string",
                "enum": ["placed", "delivering", "delivered", "failed", "cancelled"],
                "description": "Where the order stands.",
                "x-description-zh": "订单状态。",
            },
            "NewLine": {
                "type": "object",
                "required": ["sku_id", "quantity"],
                "properties": {
                    "sku_id": {
                        "type": "string",
                        "description": "What to buy.",
                        "x-description-zh": "商品规格编号。",
                    },
                    "quantity": {"type": "integer", "minimum": 1, "maximum": 10000},
                    "max_unit_price": {
                        "anyOf": [{"type": "string"}, {"type": "null"}],
                        "default": None,
                        "description": "Refuse above it.",
                        "x-description-zh": "单价超过此值则拒绝。",
                    },
                    "fields": {
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                        "description": "Input of a top-up: phone, account.",
                        "x-description-zh": "直充所需信息，如手机号、账号。",
                    },
                },
            },
            "NewOrder": {
                "type": "object",
                "required": ["client_order_no", "lines"],
                "properties": {
                    "client_order_no": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 64,
                        "description": "Your own number of the order; the same number never buys twice.",
                        "x-description-zh": "贵方订单号，同号绝不重复下单。",
                    },
                    "lines": {"type": "array", "minItems": 1, "maxItems": 100, "items": ref("NewLine")},
                    "quote_id": {"type": ["string", "null"]},
                    "wait_ms": {"type": "integer", "minimum": 0, "maximum": 10000, "default": 0},
                    "end_user": {
                        "type": "object",
                        "properties": {
                            "ip": {"type": "string", "format": "ipv4"},
                            "device_id": {"type": "string"},
                        },
                    },
                    "callback_url": {"type": "string", "format": "uri"},
                },
            },
            "Code": {
                "type": "object",
                "properties": {
                    "secret": {"type": "string"},
                    "number": {"type": ["string", "null"]},
                    "expires_at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                },
            },
            "Line": {
                "type": "object",
                "properties": {
                    "sku_id": {"type": "string"},
                    "quantity": {"type": "integer"},
                    "unit_price": ref("Money"),
                    "codes": {"type": "array", "items": ref("Code")},
                },
            },
            "Order": {
                "type": "object",
                "required": ["id", "status", "lines"],
                "properties": {
                    "id": {"type": "string"},
                    "client_order_no": {"type": "string"},
                    "status": ref("OrderStatus"),
                    "total": ref("Money"),
                    "lines": {"type": "array", "items": ref("Line")},
                    "placed_at": {"type": "string", "format": "date-time"},
                    "replaces": {
                        "anyOf": [ref("Order"), {"type": "null"}],
                        "description": "Itself an order.",
                    },
                },
            },
            "OrderEvent": {
                "allOf": [
                    {
                        "type": "object",
                        "required": ["type"],
                        "properties": {"type": {"const": "order.delivered"}},
                    },
                    {
                        "type": "object",
                        "properties": {"timestamp": {"type": "string", "format": "date-time"}},
                    },
                ],
                "properties": {"data": {"type": "object", "properties": {"order_id": {"type": "string"}}}},
            },
            "Product": {
                "type": "object",
                "properties": {
                    "sku_id": {"type": "string"},
                    "name": {"type": "string", "example": "视频会员月卡"},
                    "unit_price": ref("Money"),
                    "available": {"type": ["integer", "null"]},
                },
            },
            "ProductPage": {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": ref("Product")},
                    "total_estimate": {"type": "integer"},
                    "next_cursor": {"type": ["string", "null"]},
                },
            },
            "NewQuote": {
                "type": "object",
                "required": ["lines"],
                "properties": {"lines": {"type": "array", "items": ref("NewLine")}},
            },
            "Quote": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "total": ref("Money"),
                    "expires_at": {"type": "string", "format": "date-time"},
                },
            },
            "Balance": {
                "type": "object",
                "properties": {
                    "balance": ref("Money"),
                    "credit_limit": ref("Money"),
                    "available": ref("Money"),
                },
            },
            "Token": {
                "type": "object",
                "properties": {
                    "access_token": {"type": "string"},
                    "token_type": {"const": "Bearer"},
                    "expires_in": {"type": "integer", "example": 900},
                },
            },
            "Problem": {
                "type": "object",
                "description": "RFC 9457.",
                "properties": {
                    "title": {"type": "string"},
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "code": {"type": "string"},
                    "outcome": {"type": "string", "enum": ["failed", "pending", "unknown"]},
                    "retryable": {"type": "boolean"},
                    "fields": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                        },
                    },
                    "request_id": {"type": "string"},
                },
            },
        },
    },
}

ERRORS = [
    ErrorEntry(
        "bad_signature", 401, False, "caller", "failed", "The signature does not fit", "签名不正确", "access"
    ),
    ErrorEntry(
        "nonce_used", 401, False, "caller", "unknown", "This nonce was used", "随机串已使用", "access"
    ),
    ErrorEntry("bad_client", 401, False, "caller", "failed", "Unknown client", "客户端凭证不正确", "access"),
    ErrorEntry(
        "overloaded",
        429,
        True,
        "caller",
        "failed",
        "Too many requests are waiting",
        "请求过多，请稍后重试",
        "request",
    ),
    ErrorEntry(
        "not_found", 404, False, "caller", "failed", "There is no such thing here", "未找到", "request"
    ),
    ErrorEntry(
        "internal", 500, True, "platform", "unknown", "A fault on our side", "系统内部错误", "request"
    ),
    ErrorEntry(
        "price_above_max",
        409,
        False,
        "caller",
        "failed",
        "The price is above your maximum",
        "单价高于上限",
        "orders",
    ),
    ErrorEntry("out_of_stock", 409, True, "operator", "failed", "Not enough stock", "库存不足", "orders"),
    ErrorEntry(
        "not_cancellable",
        409,
        False,
        "caller",
        "failed",
        "It can no longer be cancelled",
        "订单已不可取消",
        "orders",
    ),
]
