"""People and their roles. Nobody gives a right that he has not, and a mall always keeps an owner."""

import re

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.tenancy import password as passwords
from commissary.tenancy.audit import audit
from commissary.tenancy.own_roles import own_id, role_of
from commissary.tenancy.roles import allows, require, require_for
from commissary.tenancy.types import Actor, Organisation, Person, PersonStatus, TenancyRefusal

Q = sql.load(__package__)
F = sql.load(__package__, "factors.sql")

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


async def add_person(
    env: Env, actor: Actor, *, organisation_id: int, email: str, name: str, password: str, role: str
) -> Person:
    """A new person with a role in one organisation. Refuses `email_taken`, `role_does_not_fit`, `forbidden`."""
    require_for(actor, "people.write", organisation_id)
    email = checked_email(email)
    hashed = await passwords.hash_password(checked_password(password))
    mall, at, person_id = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    async with env.db.transaction(mall) as tx:
        await check_role(tx, actor, organisation_id, role)
        facts = {"mall": mall, "id": person_id, "email": email, "name": name, "hash": hashed, "at": at}
        if not await db.run(tx, Q.add_person, facts):
            raise Refused(TenancyRefusal.email_taken)
        await add_member(tx, mall, organisation_id, person_id, role)
        person = Person(person_id, email, name, "active", organisation_id, role, at)
        after = {"email": email, "name": name, "organisation_id": str(organisation_id), "role": role}
        await audit(tx, env, actor, "person.add", f"person:{person_id}", None, after)
    return person


async def set_role(env: Env, actor: Actor, *, organisation_id: int, person_id: int, role: str | None) -> None:
    """Give a person another role in an organisation, or take it (None). His next call is judged by it.

    Refuses `last_owner`, `role_does_not_fit`, `forbidden`, `not_found`.
    """
    require_for(actor, "people.write", organisation_id)
    mall = actor.mall_id
    key = {"mall": mall, "organisation": organisation_id, "person": person_id}
    async with env.db.transaction(mall) as tx:
        owners = await _active_owners(tx, mall)
        if role is not None:
            await check_role(tx, actor, organisation_id, role)
            if own_id(role) and actor.kind == "person" and person_id == int(actor.id):
                raise Refused(TenancyRefusal.own_role)
        found = await db.row(tx, Q.person, key)
        if found is None:
            raise Refused(RequestRefusal.not_found)
        old = Person(*found)
        await _outranks(tx, actor, old.role)
        if old.role == "owner" and role != "owner" and owners == {person_id}:
            raise Refused(TenancyRefusal.last_owner)
        await db.run(
            tx,
            Q.drop_member if role is None else Q.set_role,
            key | {"role": role, "role_id": own_id(role or "")},
        )
        await audit(
            tx, env, actor, "person.set_role", f"person:{person_id}", {"role": old.role}, {"role": role}
        )


async def set_person_status(
    env: Env, actor: Actor, *, organisation_id: int, person_id: int, status: PersonStatus
) -> None:
    """Suspend (ends his sessions at once) or let in again."""
    require_for(actor, "people.write", organisation_id)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        owners = await _active_owners(tx, mall)
        found = await db.row(
            tx, Q.person, {"mall": mall, "organisation": organisation_id, "person": person_id}
        )
        if found is None:
            raise Refused(RequestRefusal.not_found)
        old = Person(*found)
        await _outranks(tx, actor, old.role)
        if status == "suspended" and owners == {person_id}:
            raise Refused(TenancyRefusal.last_owner)
        await db.run(tx, Q.set_person_status, {"mall": mall, "person": person_id, "status": status})
        if status == "suspended":
            await _end_sessions(env, tx, mall, person_id, None)
        await audit(
            tx,
            env,
            actor,
            "person.set_status",
            f"person:{person_id}",
            {"status": old.status},
            {"status": status},
        )


async def change_password(env: Env, actor: Actor, old: str, new: str, keep_token: str | None = None) -> None:
    """One's own. All other sessions end. Refuses `wrong_credentials`."""
    checked_password(new)
    mall, person_id = actor.mall_id, _person_id(actor)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.password_of, {"mall": mall, "person": person_id})
    if not await passwords.verify(found[0] if found else None, old):
        raise Refused(TenancyRefusal.wrong_credentials)
    hashed = await passwords.hash_password(new)
    async with env.db.transaction(mall) as tx:
        await db.run(tx, Q.set_password, {"mall": mall, "person": person_id, "hash": hashed})
        await _end_sessions(env, tx, mall, person_id, keep_token)
        await audit(tx, env, actor, "person.change_password", f"person:{person_id}")


async def list_people(
    env: Env,
    actor: Actor,
    *,
    organisation_id: int | None = None,
    after: tuple[int, int] = (0, 0),
    size: int = 50,
) -> list[Person]:
    """By id; a partner's people see their own organisation only. `after` is the last (person, organisation)."""
    if not allows(actor, "people.read"):
        require(actor, "own.people.write")
        organisation_id = actor.organisation_id
    facts = {"mall": actor.mall_id, "organisation": organisation_id, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.list_people, facts | {"after": after[0], "after_organisation": after[1]})
    return [Person(*r) for r in found]


def checked_email(email: str) -> str:
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise invalid("email", "not an e-mail address / 邮箱格式不正确")
    return email


def checked_password(password: str) -> str:
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        raise invalid(
            "password",
            f"{passwords.MIN_LENGTH} to {passwords.MAX_LENGTH} characters / "
            f"密码长度为 {passwords.MIN_LENGTH}–{passwords.MAX_LENGTH} 个字符",
        )
    return password


async def check_role(tx: db.Tx, actor: Actor, organisation_id: int, role: str) -> None:
    """May he give that role there? Refuses not_found, role_does_not_fit, forbidden."""
    found = await db.row(tx, Q.organisation, {"mall": actor.mall_id, "id": organisation_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    known = await role_of(tx, actor.mall_id, role)
    if known is None or Organisation(*found).kind not in known.kinds:
        raise Refused(TenancyRefusal.role_does_not_fit, role=role)
    await _outranks(tx, actor, role)


async def _outranks(tx: db.Tx, actor: Actor, role: str) -> None:
    """Who manages people may neither give a staff right he lacks nor touch somebody who has one."""
    known = await role_of(tx, actor.mall_id, role)
    wanted = known.permissions if known else frozenset()
    partner = all(p.startswith("own.") for p in wanted)
    if allows(actor, "people.write") and partner:
        return
    if not all(allows(actor, p) for p in wanted):
        raise Refused(TenancyRefusal.forbidden, role=role)


async def _active_owners(tx: db.Tx, mall: int) -> set[int]:
    found = await db.rows(tx, Q.lock_owners, {"mall": mall})
    return {person for person, status in found if status == "active"}


async def add_member(tx: db.Tx, mall: int, organisation_id: int, person_id: int, role: str) -> None:
    facts = {"mall": mall, "organisation": organisation_id, "person": person_id, "role": role}
    await db.run(tx, Q.add_member, facts | {"role_id": own_id(role)})


async def _end_sessions(env: Env, tx: db.Tx, mall: int, person_id: int, keep_token: str | None) -> None:
    """And the sign-ins that are under way."""
    await db.run(tx, F.end_pendings_of, {"mall": mall, "person": person_id})
    keep = crypto.sha256(keep_token.encode()) if keep_token else None
    await db.run(
        tx, Q.end_sessions_of, {"mall": mall, "person": person_id, "now": env.now(mall), "keep": keep}
    )


def _person_id(actor: Actor) -> int:
    if actor.kind != "person":
        raise Refused(TenancyRefusal.forbidden)
    return int(actor.id)
