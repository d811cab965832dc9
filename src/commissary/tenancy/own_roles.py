"""Roles of a mall's own: some of the permissions of one kind of organisation, under a name in both languages.

Nobody puts into a role what he has not, nobody gives himself one or changes the one he holds, and one that is held or that somebody
is invited to cannot be deleted. Permissions are read at each call: a change holds for the very next one.
"""

from collections.abc import Sequence

import msgspec
import psycopg

from commissary.base import db, sql
from commissary.base.arrays import Texts
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.tenancy.audit import audit
from commissary.tenancy.roles import BY_KIND, OWN_PREFIX, ROLES, Role, allows, require
from commissary.tenancy.types import Actor, OrganisationKind, TenancyRefusal

Q = sql.load(__package__, "roles.sql")


class OwnRole(msgspec.Struct, frozen=True):
    """`held`: by how many people."""

    id: int
    kind: OrganisationKind
    zh: str
    en: str
    permissions: list[str]
    version: int
    held: int

    @property
    def name(self) -> str:
        return f"{OWN_PREFIX}{self.id}"


class RoleDraft(msgspec.Struct, frozen=True):
    kind: OrganisationKind
    zh: str
    en: str
    permissions: list[str]


async def role_of(tx: db.Tx, mall: int, name: str) -> Role | None:
    """A preset or one of the mall's own."""
    if name in ROLES:
        return ROLES[name]
    id_ = own_id(name)
    found = await list_own(tx, mall, id_=id_) if id_ else []
    if not found:
        return None
    [own] = found
    return Role(own.zh, own.en, (own.kind,), frozenset(own.permissions) & BY_KIND[own.kind])


def own_id(name: str) -> int | None:
    """Of a role of a mall's own; None for a preset and for what is none."""
    prefix, number = name[: len(OWN_PREFIX)], name[len(OWN_PREFIX) :]
    good = prefix == OWN_PREFIX and number.isascii() and number.isdigit() and len(number) <= 19
    return int(number) if good and 0 < int(number) < 2**63 else None


async def list_own(
    tx: db.Tx, mall: int, kind: OrganisationKind | None = None, *, id_: int | None = None
) -> list[OwnRole]:
    found = await db.rows(tx, Q.own_roles, {"mall": mall, "kind": kind, "id": id_})
    return [OwnRole(*r) for r in found]


async def own_role(tx: db.Tx, actor: Actor, role_id: int, *, lock: bool = False) -> OwnRole:
    """Refuses not_found."""
    if lock:
        await db.run(tx, Q.lock_own_role, {"mall": actor.mall_id, "id": role_id})
    found = await list_own(tx, actor.mall_id, id_=role_id)
    if not found:
        raise Refused(RequestRefusal.not_found)
    return found[0]


def check_draft(actor: Actor, draft: RoleDraft) -> None:
    """Refuses permissions of another kind, and `forbidden` for one that he has not himself."""
    require(actor, "people.write")
    for n, permission in enumerate(draft.permissions):
        if permission not in BY_KIND[draft.kind]:
            raise invalid(f"permissions[{n}]", f"not for {draft.kind} / 不适用于该类组织")
    _grantable(actor, draft.kind, draft.permissions)


async def check_edit(tx: db.Tx, actor: Actor, role_id: int, draft: RoleDraft) -> OwnRole:
    """The role as it is. Refuses also `own_role`, and `conflict` when it is of another kind."""
    old = await own_role(tx, actor, role_id)
    check_draft(actor, draft)
    _grantable(actor, old.kind, old.permissions)
    if draft.kind != old.kind:
        raise invalid("kind", "a role stays what it was made for / 角色类型不可更改")
    await _not_ones_own(tx, actor, old)
    return old


async def make_role(env: Env, actor: Actor, draft: RoleDraft) -> OwnRole:
    check_draft(actor, draft)
    mall, id_ = actor.mall_id, env.ids.new()
    async with env.db.transaction(mall) as tx:
        await db.run(tx, Q.add_own_role, _values(env, mall, draft) | {"id": id_})
        await audit(tx, env, actor, "role.make", f"role:{id_}", None, msgspec.to_builtins(draft))
        return await own_role(tx, actor, id_)


async def edit_role(env: Env, actor: Actor, role_id: int, draft: RoleDraft, seen: int) -> OwnRole:
    """Holds for the next call of whoever has it. Refuses conflict, own_role, not_found, forbidden."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await own_role(tx, actor, role_id, lock=True)
        old = await check_edit(tx, actor, role_id, draft)
        values = _values(env, mall, draft) | {"id": role_id, "seen": seen}
        if not await db.run(tx, Q.set_own_role, values):
            raise Refused(RequestRefusal.conflict)
        was = {"zh": old.zh, "en": old.en, "permissions": old.permissions}
        now = {"zh": draft.zh, "en": draft.en, "permissions": sorted(set(draft.permissions))}
        await audit(tx, env, actor, "role.edit", f"role:{role_id}", was, now)
        return await own_role(tx, actor, role_id)


async def delete_role(env: Env, actor: Actor, role_id: int) -> None:
    """Refuses role_held, also while somebody is invited to it."""
    require(actor, "people.write")
    async with env.db.transaction(actor.mall_id) as tx:
        old = await own_role(tx, actor, role_id, lock=True)
        _grantable(actor, old.kind, old.permissions)
        try:
            await db.run(tx, Q.delete_own_role, {"mall": actor.mall_id, "id": role_id})
        except psycopg.errors.ForeignKeyViolation:
            raise Refused(TenancyRefusal.role_held, people=old.held) from None
        was = {"zh": old.zh, "en": old.en, "permissions": old.permissions}
        await audit(tx, env, actor, "role.delete", f"role:{role_id}", was, None)


def _grantable(actor: Actor, kind: OrganisationKind, permissions: Sequence[str]) -> None:
    """What a partner's people may in their own organisation, whoever keeps people may give."""
    if kind == "mall":
        for permission in permissions:
            if not allows(actor, permission):
                raise Refused(TenancyRefusal.forbidden, permission=permission)


async def _not_ones_own(tx: db.Tx, actor: Actor, role: OwnRole) -> None:
    held = await db.row(
        tx, Q.holds_own_role, {"mall": actor.mall_id, "role": role.id, "person": _person(actor)}
    )
    if held is not None:
        raise Refused(TenancyRefusal.own_role)


def _person(actor: Actor) -> int:
    return int(actor.id) if actor.kind == "person" else 0


def _values(env: Env, mall: int, draft: RoleDraft) -> dict[str, object]:
    permissions = Texts(sorted(set(draft.permissions)))
    named = {"kind": draft.kind, "zh": draft.zh, "en": draft.en, "permissions": permissions}
    return {"mall": mall, "at": env.now(mall)} | named
