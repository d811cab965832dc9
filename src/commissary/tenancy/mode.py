"""Live or sandbox: in which of the two a call of the console is meant.

A tab says it with each call (`Commissary-Mode`), so that switching in another tab changes nothing under somebody's hands; where a
browser sends no header of ours (streams, downloads) the cookie counts. A person's own matters are always those of the live mall.
"""

from typing import Any

from litestar import Request

from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.tenancy.sessions import actor_of_token, presented_token
from commissary.tenancy.shadow import acting_there
from commissary.tenancy.types import MODE_COOKIE, MODE_HEADER, Actor, AuthRefusal

_OWN = ("/console/v1/me/", "/console/v1/sessions")


async def signed_in(env: Env, request: Request[Any, Any, Any], *, touch: bool = True) -> Actor:
    """Who calls, in the mall that his call means. Refuses `missing_credentials`, `not_signed_in`, `not_in_sandbox`."""
    token = presented_token(request.headers.get("authorization", ""), request.cookies)
    if token is None:
        raise Refused(AuthRefusal.missing_credentials)
    ip = request.client.host if request.client else ""
    enrolling = "enrolling" in request.route_handler.opt
    actor = await actor_of_token(env, token, ip, touch=touch, enrolling=enrolling)
    if _is_test(request) and not env.is_test(actor.mall_id):
        return await acting_there(env, actor)
    return actor


def _is_test(request: Request[Any, Any, Any]) -> bool:
    if str(request.scope["path"]).startswith(_OWN):
        return False
    told = request.headers.get(MODE_HEADER) or request.cookies.get(MODE_COOKIE) or "live"
    if told not in ("live", "test"):
        raise invalid("Commissary-Mode", "live or test / 仅支持 live 或 test")
    return told == "test"
