"""What the OpenAPI document says beside what handlers say themselves: Chinese of its texts, examples of its fields."""

from typing import Any

TAGS = {
    "Authentication": "身份认证",
    "Products": "商品",
    "Quotes": "报价",
    "Orders": "订单",
    "Order files": "批量下单文件",
    "Balance": "资金",
    "Webhooks": "事件通知 Webhooks",
}

# What a status means, in both languages: the framework's own words for 2xx are those of no trade.
STATUSES = {
    200: ("Done", "成功"),
    201: ("Created", "已创建"),
    202: ("Accepted; the work goes on", "已受理，处理中"),
    400: ("Malformed", "格式错误"),
    401: ("Not authenticated", "未通过认证"),
    403: ("Not allowed", "无权限"),
    404: ("Not found", "未找到"),
    405: ("Method not allowed", "不支持该请求方法"),
    409: ("Refused", "已拒绝"),
    413: ("Too large", "请求体过大"),
    422: ("Invalid", "字段无效"),
    429: ("Too many", "请求过多"),
    500: ("Fault on our side", "平台内部错误"),
    503: ("Unavailable", "暂不可用"),
}

# English → 中文, for texts of fields and parameters that several handlers share.
ZH = {
    "Buy digital goods by program. Every order is idempotent by `client_order_no`; every refusal has a stable code.": "用程序采购数字商品。每笔订单以 `client_order_no` 保证幂等；每种拒绝都有固定的错误码。",
    "Client credentials grant. The token lives about twelve minutes and dies with its key.": "客户端凭据授权。令牌有效期约 12 分钟，密钥吊销时一并失效。",
    "`next` of the page before": "上一页的 `next`",
    "Rows of a page": "每页行数",
    "1 to 200 rows": "1 至 200 行",
    "The number you gave the order": "贵方订单号",
    "Any text of your own; the same again changes nothing": "自定文本；重复使用同一值不会再次生效",
    "The file's name, for people": "文件名，供人识别",
    "https, a public host": "https 地址，须为公网主机",
    "Names of events such as order.delivered; empty: all": "事件名，例如 order.delivered；留空表示全部",
    "A 63-bit id as a decimal string": "63 位整数 ID，以十进制字符串表示",
    "RFC 9457 problem details; `code` is stable and listed at /docs/errors": "RFC 9457 错误格式；`code` 固定不变，见 /docs/errors",
    "HMAC-SHA-256 over method, path, query, timestamp, nonce and body hash; see /docs": "对方法、路径、查询串、时间戳、随机串与请求体摘要的 HMAC-SHA-256；见 /docs",
}

_ID, _SKU = "251504987123744768", "250782049558855680"
_MONEY = {"amount": "9.8750", "currency": "CNY"}
_TOTAL = {"amount": "19.7500", "currency": "CNY"}

# A schema as a whole, where its fields only make sense together.
SCHEMAS: dict[str, Any] = {
    "Money": _MONEY,
    "OrderOut": {
        "id": _ID,
        "order_no": f"1024-{_ID}",
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
    "id": _ID,
    "sku_id": _SKU,
    "amount": "9.8750",
    "client_order_no": "PO-1001",
    "code": "YQM-Q",
    "currency": "CNY",
    "events": ["order.delivered"],
    "event": "order.delivered",
    "file_name": "orders.csv",
    "order_no": f"1024-{_ID}",
    "row": 2,
    "secret": "QX7M22KD90PLTT41",
    "url": "https://shop.example/webhooks",
    "zh": "云雀音乐 季卡",
    "en": "Yunque Music, 3 months",
}
ID = _ID
