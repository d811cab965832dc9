"""The mall's application with an operator whose protocol signs with one: entered by its staff, shown without its secret."""

import re

from commissary import tenancy
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partnerapi import store
from commissary.partnerapi.types import Application
from commissary.tenancy.types import Actor

PURPOSE = "face-application"
FACES = ("xianguanjia",)
_APP_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_SECRET = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)


async def enter_application(env: Env, actor: Actor, face: str, app_id: str, secret: str) -> str:
    """In place of the one before; its app id. Refuses forbidden, not_found, invalid_request."""
    tenancy.require(actor, "keys.write")
    _known(face)
    if not _APP_ID.fullmatch(app_id):
        raise invalid("app_id", "a whole number / 必须为整数")
    if not _SECRET.fullmatch(secret):
        raise invalid("app_secret", "8 to 128 plain characters / 8–128 位可见字符")
    mall = actor.mall_id
    sealed = env.keys.seal_field(mall, PURPOSE, secret.encode(), face.encode())
    async with env.db.transaction(mall) as tx:
        before = await store.application(tx, mall, face)
        await store.set_application(tx, mall, face, app_id, sealed, env.now(mall))
        was = None if before is None else {"app_id": before[0]}
        now = {"app_id": app_id, "secret": "entered anew"}
        await tenancy.audit(tx, env, actor, "face.application", f"face:{face}", was, now)
    return app_id


async def application_of(env: Env, actor: Actor, face: str) -> str | None:
    """Its app id; None while none was entered."""
    tenancy.require(actor, "keys.read")
    _known(face)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.application(tx, actor.mall_id, face)
    return None if found is None else found[0]


def open_application(keys: Keyring, mall: int, face: str, app_id: str, sealed: bytes) -> Application:
    return Application(app_id, keys.open_field(mall, PURPOSE, sealed, face.encode()).decode())


def _known(face: str) -> None:
    if face not in FACES:
        raise Refused(RequestRefusal.not_found)
