"""Signing in to the console. The token is 256 random bits; the database has its sha256 only.

A session dies after 30 idle minutes or 12 hours (documented choice, OWASP ASVS 7.3). The role is read at each call, so
that taking it away works at once.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy.audit import audit
from commissary.tenancy.organisations import get_organisation
from commissary.tenancy.proof import factors_of, of_session
from commissary.tenancy.roles import permissions_of
from commissary.tenancy.shadow import sandbox_of
from commissary.tenancy.types import (
    SESSION_COOKIES,
    Actor,
    Factor,
    Mall,
    Me,
    Membership,
    Person,
    Proof,
    TenancyRefusal,
)

Q = sql.load(__package__)
F = sql.load(__package__, "factors.sql")

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


async def begin(
    tx: db.Tx, env: Env, person_id: int, organisation_id: int, mall: int, ip: str, agent: str, by: Factor
) -> str:
    """A new session's token, for somebody who has just proved himself."""
    token, now = f"cs_{mall}_{secrets.token_urlsafe(32)}", env.now(mall)
    row = {"mall": mall, "hash": token_hash(token), "person": person_id, "organisation": organisation_id}
    row |= {"now": now, "expires": now + LIFE, "ip": ip[:64], "agent": agent[:300]}
    await db.run(tx, Q.add_session, row | {"proved": now, "by": by})
    actor = Actor(mall, "person", str(person_id), organisation_id, frozenset(), ip)
    await audit(tx, env, actor, "session.sign_in", f"person:{person_id}", None, {"factor": by})
    return token


async def sign_out(env: Env, token: str, ip: str = "") -> None:
    """Ends the session; silent about a token that is none."""
    mall = mall_of(token)
    if mall is None:
        return
    async with env.db.transaction(mall) as tx:
        ended = {"mall": mall, "hash": token_hash(token), "now": env.now(mall)}
        found = await db.row(tx, Q.end_session, ended)
        if found is not None:
            person_id, organisation_id = found
            actor = Actor(mall, "person", str(person_id), organisation_id, frozenset(), ip)
            await audit(tx, env, actor, "session.sign_out", f"person:{person_id}")


async def actor_of_token(
    env: Env, token: str, ip: str = "", *, touch: bool = True, enrolling: bool = False
) -> Actor:
    """Who holds this token, with the permissions of his role as it is now. Refuses `not_signed_in`, and
    `factor_enrolment_required` to whose mall demands a factor that he has not, but for the calls that enrol one. `touch`:
    it is used by him, not by a program that only waits."""
    mall = mall_of(token)
    if mall is None:
        raise Refused(TenancyRefusal.not_signed_in)
    now = env.now(mall)
    hashed = token_hash(token)
    key = {"mall": mall, "hash": hashed, "now": now}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.session, key | {"idle_since": now - IDLE})
        if found is None:
            raise Refused(TenancyRefusal.not_signed_in)
        person_id, organisation_id, role, own, seen_at, proved_at, totp, passkey, demanded = found
        if touch and now - seen_at >= TOUCH_EVERY:
            await db.run(tx, Q.touch_session, key)
    owes = demanded and not (totp or passkey)
    if owes and not enrolling:
        raise Refused(TenancyRefusal.factor_enrolment_required)
    may_use = factors_of(totp=totp, passkey=passkey, demanded=demanded)
    proof = Proof(proved_at, may_use, hashed, owes)
    return Actor(mall, "person", str(person_id), organisation_id, permissions_of(role, own), ip, proof)


def presented_token(authorization: str, cookies: Mapping[str, str]) -> str | None:
    """The session token a request carries: `Authorization: Bearer …` from a program, the cookie from a browser."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() == "bearer" and token:
        return token
    return next((cookies[name] for name in SESSION_COOKIES if cookies.get(name)), None)


async def change_organisation(env: Env, actor: Actor, organisation_id: int) -> str:
    """Act for another organisation of one's own: the session goes on under this new token, no longer than it would have.
    Refuses `not_found`."""
    proof, mall = of_session(actor), actor.mall_id
    token = f"cs_{mall}_{secrets.token_urlsafe(32)}"
    key = {"mall": mall, "hash": proof.session, "now": env.now(mall), "organisation": organisation_id}
    async with env.db.transaction(mall) as tx:
        allowed = await db.row(tx, F.may_enter, key | {"person": int(actor.id)})
        if allowed is None or not allowed[0]:
            raise Refused(RequestRefusal.not_found)
        if not await db.run(tx, F.change_session, key | {"new": token_hash(token)}):
            raise Refused(TenancyRefusal.not_signed_in)
        await db.run(tx, Q.end_session, key)
        before, after = (
            {"organisation_id": str(actor.organisation_id)},
            {"organisation_id": str(organisation_id)},
        )
        await audit(tx, env, actor, "session.organisation", f"person:{actor.id}", before, after)
    return token


async def me(env: Env, actor: Actor) -> Me:
    """The signed-in person with mall and organisation."""
    mall = actor.mall_id
    if actor.kind != "person":
        raise Refused(TenancyRefusal.not_signed_in)
    async with env.db.transaction(mall) as tx:
        house = await db.row(tx, Q.mall, {"mall": mall})
        person = await db.row(
            tx, Q.person, {"mall": mall, "organisation": actor.organisation_id, "person": int(actor.id)}
        )
        if house is None or person is None:
            raise Refused(TenancyRefusal.not_signed_in)
        organisation = await get_organisation(tx, mall, actor.organisation_id)
        others = await db.rows(tx, Q.memberships, {"mall": mall, "person": int(actor.id)})
    memberships = [Membership(*r) for r in others]
    owes = actor.proof is not None and actor.proof.owes_factor
    sandbox = await sandbox_of(env, mall) is not None
    own = Mall(*house)
    if own.shadow_of is not None:  # one signs in at the live mall, and switches
        async with env.db.transaction(own.shadow_of) as tx:
            house = await db.row(tx, Q.mall, {"mall": own.shadow_of}) or house
    return Me(
        own,
        organisation,
        Person(*person),
        sorted(actor.permissions),
        memberships,
        owes,
        sandbox,
        Mall(*house).slug,
    )


def token_hash(token: str) -> bytes:
    return crypto.sha256(token.encode())


def mall_of(token: str, kind: str = "cs") -> int | None:
    """`cs_<mall>_<random>`: the token itself says in which mall to look."""
    prefix, _, rest = token.partition("_")
    number, _, _ = rest.partition("_")
    if prefix != kind or not number.isascii() or not number.isdigit() or len(token) > 80 or len(number) > 10:
        return None
    return int(number) if 0 < int(number) < 2**31 else None
