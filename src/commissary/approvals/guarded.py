"""Roles of a mall's own whose rights grow: a look at what they gain. The verbs are `tenancy`'s, which stands below and asks nobody."""

import msgspec

from commissary import tenancy
from commissary.approvals.acts import Act
from commissary.approvals.types import Look
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy.types import Actor


class MakeRole(msgspec.Struct, frozen=True):
    draft: tenancy.RoleDraft


class EditRole(msgspec.Struct, frozen=True):
    role_id: int
    draft: tenancy.RoleDraft
    seen: int


async def look_make(tx: db.Tx, env: Env, actor: Actor, what: MakeRole) -> Look:
    del tx, env
    tenancy.check_draft(actor, what.draft)
    return _look("role:new", None, what.draft, {})


async def make(env: Env, actor: Actor, what: MakeRole) -> tenancy.OwnRole:
    return await tenancy.make_role(env, actor, what.draft)


async def look_edit(tx: db.Tx, env: Env, actor: Actor, what: EditRole) -> Look:
    del env
    old = await tenancy.check_edit(tx, actor, what.role_id, what.draft)
    if old.version != what.seen:
        raise Refused(RequestRefusal.conflict)
    return _look(f"role:{old.id}", old, what.draft, {"version": old.version})


async def edit(env: Env, actor: Actor, what: EditRole) -> tenancy.OwnRole:
    return await tenancy.edit_role(env, actor, what.role_id, what.draft, what.seen)


def _look(
    subject: str, old: tenancy.OwnRole | None, new: tenancy.RoleDraft, holds: dict[str, object]
) -> Look:
    had = set(old.permissions) if old else set()
    gained = set(new.permissions) - had
    return Look(
        acts=("tenancy.widen_role",) if gained else (),
        subject=subject,
        before={"zh": old.zh, "en": old.en, "permissions": sorted(had)} if old else {},
        after={"zh": new.zh, "en": new.en, "permissions": sorted(set(new.permissions))},
        holds=holds,
        count=len(gained),
        unit="rights",
    )


ACTS = [
    Act(MakeRole, ("tenancy.widen_role",), look_make, make),
    Act(EditRole, ("tenancy.widen_role",), look_edit, edit),
]
