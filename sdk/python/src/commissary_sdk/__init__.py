"""Commissary SDK: buy digital goods from a Commissary 券厨 mall.

    mall = Commissary.from_env()
    order = mall.place("PO-1001", Line("8001", 2), wait_ms=5000)
    order = mall.wait_for(order)

Promises: one `client_order_no` is at most one order, whatever the network does; a secret appears in no `repr`;
`webhooks.verify` accepts only what the mall signed in the last five minutes.
"""

from . import webhooks
from .client import AsyncCommissary, Commissary
from .errors import (
    CommissaryError,
    FieldFault,
    Forbidden,
    IdempotencyConflict,
    InvalidRequest,
    NoAnswer,
    NonceUsed,
    NotFound,
    OutcomeUnknown,
    ProblemError,
    RateLimited,
    Refused,
    ServerFault,
    StillPending,
    TimestampOutOfWindow,
    Unauthorized,
    UnexpectedAnswer,
)
from .signing import sign, signed_headers, string_to_sign
from .talk import ClientCredentials, Retry, SigningKey
from .types import (
    Balance,
    Code,
    EndUser,
    Fix,
    Line,
    Money,
    Order,
    OrderLine,
    Placement,
    Product,
    Purchase,
    Quote,
    QuoteLine,
)

__version__ = "0.1.0"

__all__ = [
    "AsyncCommissary",
    "Commissary",
    "SigningKey",
    "ClientCredentials",
    "Retry",
    "Line",
    "Purchase",
    "EndUser",
    "Fix",
    "Money",
    "Order",
    "OrderLine",
    "Code",
    "Placement",
    "Quote",
    "QuoteLine",
    "Product",
    "Balance",
    "sign",
    "signed_headers",
    "string_to_sign",
    "webhooks",
    "CommissaryError",
    "NoAnswer",
    "OutcomeUnknown",
    "StillPending",
    "UnexpectedAnswer",
    "ProblemError",
    "InvalidRequest",
    "Unauthorized",
    "TimestampOutOfWindow",
    "NonceUsed",
    "Forbidden",
    "NotFound",
    "Refused",
    "IdempotencyConflict",
    "RateLimited",
    "ServerFault",
    "FieldFault",
]
