"""`POST /oauth/token`: OAuth 2.0 client credentials, for generated clients. A key's id and secret, a short bearer token."""

import base64
import binascii
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody

from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.form import form
from commissary.base.wire import said
from commissary.tenancy import tokens
from commissary.tenancy.keys import KeyCache
from commissary.tenancy.types import AuthRefusal

Printable = Annotated[str, form("[ -~]*", most=1_000)]


class TokenIn(msgspec.Struct, frozen=True):
    """RFC 6749 section 4.4; the client's id and secret here or in HTTP Basic."""

    grant_type: Literal["client_credentials"]
    client_id: Printable = ""
    client_secret: Printable = ""
    scope: Printable = ""


class TokenOut(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str
    expires_in: int
    scope: str


@post(
    "/oauth/token",
    operation_id="issueToken",
    tags=["Authentication"],
    summary="Exchange a key for a bearer token",
    description="Client credentials grant. The token lives about twelve minutes and dies with its key.",
    status_code=200,
    dto=None,
    opt=said(
        "用密钥换取 Bearer 令牌",
        "OAuth 2.0 客户端凭证模式；令牌有效期约 12 分钟，密钥失效时随即失效。",
        AuthRefusal.missing_credentials,
        AuthRefusal.malformed_credentials,
        AuthRefusal.unknown_key,
        AuthRefusal.bad_signature,
        AuthRefusal.key_revoked,
        AuthRefusal.key_expired,
        AuthRefusal.ip_not_allowed,
        AuthRefusal.mall_closed,
        AuthRefusal.buyer_suspended,
        AuthRefusal.missing_scope,
    ),
)
async def issue_token(
    request: Request[Any, Any, Any],
    data: URLEncodedBody[TokenIn],
    env: NamedDependency[Env],
    key_cache: NamedDependency[KeyCache],
) -> TokenOut:
    client_id, secret = _basic(request.headers.get("authorization", "")) or (
        data.client_id,
        data.client_secret,
    )
    if not client_id or not secret:
        raise Refused(AuthRefusal.missing_credentials)
    ip = request.client.host if request.client else ""
    token, scopes, seconds = await tokens.grant(
        env.keys, key_cache, client_id, secret, data.scope.split(), ip, env.clock()
    )
    return TokenOut(token, "Bearer", seconds, " ".join(scopes))


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused(AuthRefusal.malformed_credentials) from None
    return user, password
