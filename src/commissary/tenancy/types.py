"""Who acts, with what right; keys; refusals of the entrance."""

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

ActorKind = Literal["person", "key", "system", "cli"]

# What an API key may do. One word per right; a key has a set of them.
SCOPES = ("orders:write", "orders:read", "codes:read", "catalog:read", "balance:read", "webhooks:write")


class Actor(msgspec.Struct, frozen=True):
    """Whoever does an administrative act, as the audit remembers him. `permissions` come from roles."""

    mall_id: int
    kind: ActorKind
    id: str
    organisation_id: int = 0
    permissions: frozenset[str] = frozenset()
    ip: str = ""


class ApiKey(msgspec.Struct, frozen=True):
    """A credential as the process caches it. `secrets`: the current one, then the old one while it lives."""

    id: str
    mall_id: int
    home_id: int
    organisation_id: int
    account_id: int
    scopes: frozenset[str]
    ip_allow: tuple[IPv4Network | IPv6Network, ...]
    secrets: tuple[bytes, ...]
    old_secret_until: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Caller(msgspec.Struct, frozen=True):
    """An authenticated API call. `nonce` is None for bearer tokens; an order POST spends it with its batch."""

    key: ApiKey
    ip: str
    nonce: bytes | None = None
    signed_at: int = 0


class AuthRefusal(Refusal):
    """In order of precedence. Everything before `ip_not_allowed` says as little as possible to a stranger."""

    missing_credentials = (401, "Sign the request or send a bearer token", "请对请求签名或携带 Bearer 令牌")
    malformed_credentials = (
        401,
        "A signature header is missing or of the wrong form",
        "签名请求头缺失或格式错误",
    )
    unknown_key = (401, "There is no such API key", "API 密钥不存在")
    timestamp_out_of_window = (
        401,
        "The timestamp is more than 300 seconds from our clock",
        "时间戳与服务器时间相差超过 300 秒",
        True,
    )
    bad_signature = (401, "The signature does not fit the request", "签名与请求不符")
    key_revoked = (401, "The API key was revoked", "API 密钥已吊销")
    key_expired = (401, "The API key has expired", "API 密钥已过期")
    ip_not_allowed = (403, "This key may not be used from this address", "该密钥不允许从此 IP 使用")
    mall_closed = (403, "The mall does not trade now", "商城当前未营业", False, "operator")
    buyer_suspended = (403, "This buyer is suspended", "该客户已被停用", False, "operator")
    missing_scope = (403, "The key lacks the scope this call needs", "密钥缺少此接口所需的权限")
    nonce_used = (
        401,
        "The nonce was used before; ask for the order by its client_order_no before sending again",
        "随机数已被使用；重发前请先按 client_order_no 查询订单",
        False,
        "caller",
        "unknown",
    )
