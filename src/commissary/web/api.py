"""Every route that is not hot, as one Litestar application: problem+json for all faults, people and callers injected.

Domains bring their handlers (`routes.py`); `app` hands them over. A handler names what it needs: `env`, `actor` (a
signed-in person), `caller` (an authenticated program, put there by the partner edge), or a thing the app offers.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import msgspec
import psycopg
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.dto import AbstractDTO
from litestar.enums import RequestEncodingType
from litestar.exceptions import HTTPException, ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.params import BodyKwarg
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler
from litestar.typing import FieldDefinition

from commissary import orders, tenancy
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.http import ZERO, decode, once, problem_of, request_id
from commissary.tenancy.types import Actor, AuthRefusal, Caller

from . import origin, versions

log = logging.getLogger("commissary.api")

Req = Request[Any, Any, Any]


def application(
    env: Env, routes: Sequence[ControllerRouterHandler], offers: Mapping[str, Any], version: str
) -> Litestar:
    """`offers` are further things handlers may name, such as `desk`."""

    async def actor(request: Req) -> Actor:
        return await tenancy.signed_in(env, request)

    async def caller(request: Req) -> Caller:
        found = request.scope.get("state", {}).get("caller")
        if found is None:
            raise Refused(AuthRefusal.missing_credentials)
        return found  # type: ignore[no-any-return]

    async def rid(request: Req) -> str:
        return _rid(request)

    given = {name: Provide(_constant(value), sync_to_thread=False) for name, value in offers.items()}
    return Litestar(
        route_handlers=list(routes),
        dependencies={
            "env": Provide(_constant(env), sync_to_thread=False),
            "actor": Provide(actor),
            "caller": Provide(caller),
            "rid": Provide(rid),
            **given,
        },
        after_request=_tagged,
        before_request=partial(_before, str(offers.get("public_url", ""))),
        dto=Strictly,
        return_dto=None,
        exception_handlers={
            Refused: _refused,
            ValidationException: _invalid,
            HTTPException: _http,
            psycopg.OperationalError: _unavailable,
            Exception: _bug,
        },
        openapi_config=OpenAPIConfig(
            title="Commissary 券厨",
            version=version,
            path="/-/openapi",
            render_plugins=[],
            use_handler_docstrings=True,
        ),
        request_max_body_size=64 * 1024 * 1024,
        logging_config=None,  # the framework's would replace ours (base.log), and with it what takes out secrets
        debug=False,
    )


class Strictly(AbstractDTO[Any]):
    """Reads a JSON body as the edge reads orders: no text for a number, no number for an instant, the same words for a
    fault."""

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """There is nothing to prepare: msgspec reads the struct."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: Any
    ) -> Any:
        """Nobody looks at it: web.openapi describes bodies."""
        return schema_creator.for_field_definition(FieldDefinition.from_annotation(dict[str, Any]))

    def decode_bytes(self, value: bytes) -> Any:
        field = self.asgi_connection.route_handler.parsed_data_field
        if (if_match := self.asgi_connection.headers.get("if-match")) and versions.knows_version(
            field.annotation
        ):
            value = versions.with_version(value, if_match)
        return decode(_decoder(field.annotation), value)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


async def _before(public_url: str, request: Req) -> Response[None] | None:
    """What the framework does not ask: zero characters, parameters given twice, an empty body, OPTIONS of a path with several
    handlers, and whether a change by cookie comes from our own page. An empty parameter of a list is none: forms send such."""
    console = request.scope["path"].startswith("/console/")
    if request.method == "OPTIONS":
        allow = ", ".join(sorted(_methods(request.app)[request.scope["path_template"]]))
        return Response(None, status_code=204, headers={"allow": allow})
    if console and request.method not in origin.SAFE:
        _from_our_page(request, public_url)
    if console and b"=&" in (asked := request.scope["query_string"] + b"&"):
        given = [part for part in asked.split(b"&") if part and not part.endswith(b"=")]
        request.scope["query_string"] = b"&".join(given)
    for name, value in (*request.query_params.multi_items(), *request.path_params.items()):
        if "\0" in f"{name}{value}":
            raise invalid(name.replace("\0", ""), ZERO)
    once(request.query_params.multi_items(), _lists(request.route_handler))
    field = request.route_handler.parsed_data_field
    kind = field.kwarg_definition if field is not None else None
    if request.headers.get("if-match") and not (
        field is not None and versions.knows_version(field.annotation)
    ):
        raise invalid("If-Match", "this operation knows no version / 该操作不支持版本校验")
    if (
        isinstance(kind, BodyKwarg)
        and kind.media_type == RequestEncodingType.JSON
        and not await request.body()
    ):
        raise Refused(RequestRefusal.malformed_json)
    return None


async def _tagged(response: Response[Any]) -> Response[Any]:
    """What has a version says so, for If-Match."""
    if (tag := versions.tag_of(getattr(response, "content", None))) is not None:
        response.headers["etag"] = tag
    return response


def _from_our_page(request: Req, public_url: str) -> None:
    """Refuses `foreign_origin`, before anybody is asked who he is."""
    if tenancy.presented_token(request.headers.get("authorization", ""), {}) is not None:
        return
    cookie = tenancy.presented_token("", request.cookies) is not None
    if not origin.is_ours(request.headers, request.url.scheme, public_url, cookie=cookie):
        raise Refused(AuthRefusal.foreign_origin)


@cache
def _lists(handler: BaseRouteHandler) -> frozenset[str]:
    """The parameters that may be given again: its own, and those of what it is given (a list's query)."""
    own = handler.parsed_fn_signature.parameters
    given = (handler.resolve_dependencies()[name] for name in own if name in handler.resolve_dependencies())
    fields = [*own.values(), *(f for one in given for f in one.parsed_fn_signature.parameters.values())]
    several = (f for f in fields if any(x.is_non_string_collection for x in (f, *f.inner_types)))
    return frozenset(getattr(f.kwarg_definition, "name", None) or f.name for f in several)


@cache
def _methods(application: Litestar) -> dict[str, set[str]]:
    """By path template."""
    found: dict[str, set[str]] = {}
    for route in application.routes:
        if isinstance(route, HTTPRoute):
            found.setdefault(route.path_format, set()).update(route.methods)
    return found


def _constant(value: Any) -> Any:
    def give() -> Any:
        return value

    return give


def _rid(request: Req) -> str:
    state = request.scope.setdefault("state", {})
    return str(state.setdefault("request_id", request_id()))


def _answer(request: Req, refused: Refused) -> Response[bytes]:
    rid = _rid(request)
    headers = {"commissary-request-id": rid, "cache-control": "no-store"}
    if refused.refusal.retryable and refused.refusal.status in (429, 503):
        headers["retry-after"] = "1"
    if refused.refusal is RequestRefusal.draining or isinstance(refused, orders.Elsewhere):
        name, value = orders.NOT_PLACED
        headers[name.decode()] = value.decode()
    return Response(
        msgspec.json.encode(problem_of(refused, rid)),
        status_code=refused.refusal.status,
        media_type="application/problem+json",
        headers=headers,
    )


def _refused(request: Req, error: Refused) -> Response[bytes]:
    return _answer(request, error)


def _invalid(request: Req, error: ValidationException) -> Response[bytes]:
    faults = [
        FieldFault(str(item.get("key") or "body"), str(item.get("message")))
        for item in (error.extra if isinstance(error.extra, list) else [])
        if isinstance(item, dict)
    ]
    if (missing := _MISSING.match(error.detail)) is not None:
        # The framework's words repeat the whole address, with whatever stands in it.
        faults = [FieldFault(missing[1], "is required")]
    return _answer(
        request, Refused(RequestRefusal.invalid_request, fields=faults or [FieldFault("body", error.detail)])
    )


_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")
_BY_STATUS = {
    400: RequestRefusal.malformed_json,
    404: RequestRefusal.not_found,
    405: RequestRefusal.method_not_allowed,
    413: RequestRefusal.body_too_large,
    401: AuthRefusal.missing_credentials,
}


def _http(request: Req, error: HTTPException) -> Response[bytes]:
    answer = _answer(request, Refused(_BY_STATUS.get(error.status_code, RequestRefusal.invalid_request)))
    if allowed := (error.headers or {}).get("allow"):
        answer.headers["allow"] = allowed
    return answer


def _unavailable(request: Req, error: psycopg.OperationalError) -> Response[bytes]:
    log.warning("request %s: the database is not reachable: %s", _rid(request), type(error).__name__)
    return _answer(request, Refused(RequestRefusal.unavailable))


def _bug(request: Req, error: Exception) -> Response[bytes]:
    log.error("request %s failed", _rid(request), exc_info=error)
    return _answer(request, Refused(RequestRefusal.internal))
