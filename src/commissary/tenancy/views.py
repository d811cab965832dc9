"""Saved views of the console's lists: private to whoever made one, or shared with his organisation.

Any member may share; what is shared may be changed by who made it and by whoever keeps the organisation's people. A page has one
default of each sort; making another the default takes it from the old one.
"""

from datetime import datetime

import msgspec

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy.audit import audit
from commissary.tenancy.roles import require_for
from commissary.tenancy.types import Actor, TenancyRefusal

Q = sql.load(__package__, "views.sql")

MOST = 50  # of a page: one's own, and shared ones of an organisation


class View(msgspec.Struct, frozen=True):
    """`search` are the page's own parameters, as its address has them. `pinned`: a tab over the list."""

    id: int
    person_id: int
    shared: bool
    page: str
    name: str
    search: str
    is_default: bool
    position: int
    updated_at: datetime
    pinned: bool = True


class ViewDraft(msgspec.Struct, frozen=True):
    page: str
    name: str
    search: str
    shared: bool = False
    is_default: bool = False
    position: int = 0
    pinned: bool = True


async def list_views(env: Env, actor: Actor, page: str | None = None) -> list[View]:
    """One's own and the organisation's shared ones, in their order."""
    async with env.db.transaction(actor.mall_id) as tx:
        return [View(*r) for r in await db.rows(tx, Q.views, _who(actor) | {"page": page})]


async def save_view(env: Env, actor: Actor, draft: ViewDraft, view_id: int | None = None) -> View:
    """A new one, or another content of an old one, which stays private or shared as it was made. Refuses `view_limit`,
    `not_found`, `forbidden`."""
    who = _who(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        # Two saves of one organisation go one after the other: the limit and the default are counted.
        await db.run(tx, Q.lock_views, who)
        old = await _found(tx, actor, view_id) if view_id is not None else None
        facts = who | msgspec.structs.asdict(draft) | {"now": env.now(actor.mall_id)}
        facts |= {"id": env.ids.new() if old is None else old.id, "most": MOST}
        if old is not None:
            facts["shared"] = old.shared
        if draft.is_default:
            await db.run(tx, Q.clear_default, facts)
        row = await db.row(tx, Q.add_view if old is None else Q.set_view, facts)
        if row is None:
            raise Refused(TenancyRefusal.view_limit, most=MOST)
        made = View(*row)
        if made.shared:
            action = "view.share" if old is None else "view.change"
            before = None if old is None else _shown(old)
            await audit(tx, env, actor, action, f"view:{made.id}", before=before, after=_shown(made))
    return made


async def delete_view(env: Env, actor: Actor, view_id: int) -> None:
    """Refuses `not_found`, `forbidden`."""
    async with env.db.transaction(actor.mall_id) as tx:
        old = await _found(tx, actor, view_id)
        await db.run(tx, Q.delete_view, {"mall": actor.mall_id, "id": view_id})
        if old.shared:
            await audit(tx, env, actor, "view.delete", f"view:{view_id}", before=_shown(old))


async def _found(tx: db.Tx, actor: Actor, view_id: int) -> View:
    """One that he may change. Somebody else's private view is not there."""
    row = await db.row(tx, Q.lock_view, _who(actor) | {"id": view_id})
    if row is None:
        raise Refused(RequestRefusal.not_found)
    view = View(*row)
    if view.person_id != int(actor.id):
        require_for(actor, "people.write", actor.organisation_id)
    return view


def _who(actor: Actor) -> dict[str, object]:
    if actor.kind != "person":
        raise Refused(TenancyRefusal.not_signed_in)
    return {"mall": actor.mall_id, "organisation": actor.organisation_id, "person": int(actor.id)}


def _shown(view: View) -> dict[str, object]:
    return {"page": view.page, "name": view.name, "search": view.search, "is_default": view.is_default}
