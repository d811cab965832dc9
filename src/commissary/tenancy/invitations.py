"""Joining by a link: whoever keeps people invites an address to a role, and its owner sets his own password.

The token is 256 random bits, told once to whoever invites; the database has its sha256. It opens one membership, once, within three
days, as long as nobody takes it back. Somebody who has an account in this mall already proves it by its password and keeps it.
"""

import secrets
from datetime import datetime, timedelta

import msgspec
import psycopg

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy import password as passwords
from commissary.tenancy.attempts import Attempts
from commissary.tenancy.audit import audit
from commissary.tenancy.own_roles import own_id, role_of
from commissary.tenancy.people import Q as PEOPLE
from commissary.tenancy.people import add_member, check_role, checked_email, checked_password
from commissary.tenancy.roles import allows, require, require_for
from commissary.tenancy.types import Actor, OrganisationKind, TenancyRefusal

Q = sql.load(__package__, "roles.sql")

LIFE = timedelta(days=3)
TRIES = 5  # at the password of an account, in a quarter of an hour
_attempts = Attempts()


class Invitation(msgspec.Struct, frozen=True):
    id: int
    organisation_id: int
    email: str
    role: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Invited(msgspec.Struct, frozen=True):
    """What the link is for, before it is used. `known`: this address has an account here, whose password is asked for."""

    email: str
    role: str
    role_zh: str
    role_en: str
    organisation: str
    kind: OrganisationKind
    mall: str
    slug: str
    known: bool


async def invite(
    env: Env, actor: Actor, *, organisation_id: int, email: str, role: str
) -> tuple[Invitation, str]:
    """The invitation, and its token, which is told this once. An older one to the same address opens nothing any more.

    Refuses role_does_not_fit, forbidden, already_member, not_found.
    """
    require_for(actor, "people.write", organisation_id)
    email, mall, now = checked_email(email), actor.mall_id, env.now(actor.mall_id)
    token = f"ci_{mall}_{secrets.token_urlsafe(32)}"
    made = Invitation(
        env.ids.new(), organisation_id, email, role, f"{actor.kind}:{actor.id}", now, now + LIFE, None, None
    )
    async with env.db.transaction(mall) as tx:
        await check_role(tx, actor, organisation_id, role)
        person = await db.row(tx, Q.person_by_email, {"mall": mall, "email": email})
        key = {"mall": mall, "organisation": organisation_id, "email": email, "at": now}
        if person and await db.row(tx, PEOPLE.person, key | {"person": person[0]}):
            raise Refused(TenancyRefusal.already_member)
        await db.run(tx, Q.replace_invitations, key)
        facts = {"id": made.id, "role": role, "role_id": own_id(role), "hash": _hash(token)}
        await db.run(tx, Q.add_invitation, key | facts | {"by": made.invited_by, "expires": made.expires_at})
        after = {"email": email, "organisation_id": str(organisation_id), "role": role}
        await audit(tx, env, actor, "invitation.make", f"invitation:{made.id}", None, after)
    return made, token


async def list_invitations(
    env: Env, actor: Actor, *, organisation_id: int | None = None, before: int | None = None, size: int = 50
) -> list[Invitation]:
    """Newest first; a partner's people see their own organisation's."""
    if not allows(actor, "people.read"):
        require(actor, "own.people.write")
        organisation_id = actor.organisation_id
    wanted = {"mall": actor.mall_id, "organisation": organisation_id, "before": before, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [Invitation(*r) for r in await db.rows(tx, Q.invitations, wanted)]


async def revoke_invitation(env: Env, actor: Actor, invitation_id: int) -> None:
    """Refuses not_found, also for one that was used or taken back."""
    organisation = None
    if not allows(actor, "people.write"):
        require(actor, "own.people.write")
        organisation = actor.organisation_id
    mall = actor.mall_id
    key = {"mall": mall, "id": invitation_id, "organisation": organisation, "at": env.now(mall)}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.revoke_invitation, key)
        if found is None:
            raise Refused(RequestRefusal.not_found)
        before = {"email": found[0], "role": found[1]}
        await audit(tx, env, actor, "invitation.revoke", f"invitation:{invitation_id}", before, None)


async def look_at_invitation(env: Env, token: str) -> Invited:
    """Refuses invitation_void."""
    return (await _open(env, token))[3]


async def accept_invitation(env: Env, token: str, name: str, password: str, ip: str = "") -> Invited:
    """A new person with that password, or a membership more for whoever knows the password of his account. Once.

    Refuses invitation_void, too_many_attempts, wrong_credentials.
    """
    mall, id_, organisation_id, invited, stored = await _open(env, token)
    if stored is not None:
        # Who invites has the link; it shall not let him guess at a colleague's password.
        tries: dict[tuple[str, ...], int] = {("account", str(mall), invited.email): TRIES}
        if not _attempts.allow(tries, env.clock()):
            raise Refused(TenancyRefusal.too_many_attempts)
        if not await passwords.verify(stored, password[: passwords.MAX_LENGTH]):
            raise Refused(TenancyRefusal.wrong_credentials)
    hashed = None if stored is not None else await passwords.hash_password(checked_password(password))
    now = env.now(mall)
    async with env.db.transaction(mall) as tx:
        person_id = env.ids.new()
        if hashed is not None:
            facts = {"mall": mall, "id": person_id, "email": invited.email, "name": name, "hash": hashed}
            if not await db.run(tx, PEOPLE.add_person, facts | {"at": now}):
                raise Refused(TenancyRefusal.invitation_void)
        else:
            found = await db.row(tx, Q.person_by_email, {"mall": mall, "email": invited.email})
            if found is None or found[1] != "active":
                raise Refused(TenancyRefusal.invitation_void)
            person_id = int(found[0])
        try:
            await add_member(tx, mall, organisation_id, person_id, invited.role)
        except (psycopg.errors.UniqueViolation, psycopg.errors.ForeignKeyViolation):
            raise Refused(TenancyRefusal.invitation_void) from None
        if not await db.run(tx, Q.use_invitation, {"mall": mall, "id": id_, "person": person_id, "now": now}):
            raise Refused(TenancyRefusal.invitation_void)
        who = Actor(mall, "person", str(person_id), organisation_id, frozenset(), ip)
        after = {"email": invited.email, "organisation_id": str(organisation_id), "role": invited.role}
        await audit(tx, env, who, "invitation.accept", f"invitation:{id_}", None, after)
    return invited


async def _open(env: Env, token: str) -> tuple[int, int, int, Invited, str | None]:
    """(mall, invitation, organisation, what it is for, the password of the account that there is)"""
    mall = _mall_of(token)
    if mall is None:
        raise Refused(TenancyRefusal.invitation_void)
    async with env.db.transaction(mall) as tx:
        wanted = {"mall": mall, "hash": _hash(token), "now": env.now(mall)}
        found = await db.row(tx, Q.invitation_of_token, wanted)
        known = await role_of(tx, mall, found[3]) if found else None
    if found is None or known is None:
        raise Refused(TenancyRefusal.invitation_void)
    id_, organisation_id, email, role, organisation, kind, mall_name, slug, stored = found
    has = stored is not None
    invited = Invited(email, role, known.zh, known.en, organisation, kind, mall_name, slug, has)
    return mall, id_, organisation_id, invited, stored


def _hash(token: str) -> bytes:
    return crypto.sha256(token.encode())


def _mall_of(token: str) -> int | None:
    prefix, _, rest = token.partition("_")
    number, _, _ = rest.partition("_")
    good = prefix == "ci" and number.isascii() and number.isdigit() and len(token) <= 80 and len(number) <= 10
    return int(number) if good and 0 < int(number) < 2**31 else None
