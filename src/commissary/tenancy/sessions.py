"""Signing in to the console. The token is 256 random bits; the database has its sha256 only.

A session dies after 30 idle minutes or 12 hours (documented choice, OWASP ASVS 7.3). The role is read at each call, so
that taking it away works at once.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy import attempts
from commissary.tenancy import password as passwords
from commissary.tenancy.audit import audit
from commissary.tenancy.organisations import get_organisation
from commissary.tenancy.proof import factors_of
from commissary.tenancy.roles import permissions_of
from commissary.tenancy.types import (
    SESSION_COOKIES,
    Actor,
    Mall,
    Me,
    Membership,
    Person,
    Proof,
    TenancyRefusal,
)

Q = sql.load(__package__)

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


async def sign_in(
    env: Env,
    slug: str,
    email: str,
    password: str,
    ip: str,
    organisation_id: int | None = None,
    agent: str = "",
) -> str:
    """A new session's token. Refuses `too_many_attempts`, `wrong_credentials`, and takes the same time for an unknown
    mall or person as for a wrong password. Who belongs to several organisations acts for the mall's own, else for
    the first, unless he names one."""
    email, wall = email.strip().lower()[:254], env.clock()
    tries = attempts.of_account(slug[:40], email, ip)
    attempts.spend(tries, wall)
    mall, facts = await _facts(env, slug, email)
    stored: str | None = facts[0][1] if facts else None
    good = await passwords.verify(stored, password[: passwords.MAX_LENGTH])
    organisations = [organisation for _, _, organisation in facts]
    wanted = organisation_id if organisation_id is not None else next(iter(organisations), None)
    if not good or wanted not in organisations:
        raise Refused(TenancyRefusal.wrong_credentials)
    attempts.forgive(tries)

    person_id, mall_id, token = facts[0][0], mall, f"cs_{mall}_{secrets.token_urlsafe(32)}"
    rehashed = await passwords.hash_password(password) if passwords.is_outdated(str(stored)) else None
    now = env.now(mall_id)
    actor = Actor(mall_id, "person", str(person_id), int(wanted or 0), frozenset(), ip)
    async with env.db.transaction(mall_id) as tx:
        of_session = {"mall": mall_id, "hash": token_hash(token), "person": person_id, "organisation": wanted}
        of_session |= {"now": now, "expires": now + LIFE, "ip": ip[:64], "agent": agent[:300]}
        await db.run(tx, Q.add_session, of_session | {"proved": now, "by": "password"})
        if rehashed is not None:
            await db.run(tx, Q.set_password, {"mall": mall_id, "person": person_id, "hash": rehashed})
        await audit(tx, env, actor, "session.sign_in", f"person:{person_id}")
    return token


async def sign_out(env: Env, token: str, ip: str = "") -> None:
    """Ends the session; silent about a token that is none."""
    mall = _mall_of(token)
    if mall is None:
        return
    async with env.db.transaction(mall) as tx:
        ended = {"mall": mall, "hash": token_hash(token), "now": env.now(mall)}
        found = await db.row(tx, Q.end_session, ended)
        if found is not None:
            person_id, organisation_id = found
            actor = Actor(mall, "person", str(person_id), organisation_id, frozenset(), ip)
            await audit(tx, env, actor, "session.sign_out", f"person:{person_id}")


async def actor_of_token(env: Env, token: str, ip: str = "", *, touch: bool = True) -> Actor:
    """Who holds this token, with the permissions of his role as it is now. Refuses `not_signed_in`. `touch`: it is used by him,
    not by a program that only waits."""
    mall = _mall_of(token)
    if mall is None:
        raise Refused(TenancyRefusal.not_signed_in)
    now = env.now(mall)
    hashed = token_hash(token)
    key = {"mall": mall, "hash": hashed, "now": now}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.session, key | {"idle_since": now - IDLE})
        if found is None:
            raise Refused(TenancyRefusal.not_signed_in)
        person_id, organisation_id, role, seen_at, proved_at, totp, passkey = found
        if touch and now - seen_at >= TOUCH_EVERY:
            await db.run(tx, Q.touch_session, key)
    proof = Proof(proved_at, factors_of(totp=totp, passkey=passkey), hashed)
    return Actor(mall, "person", str(person_id), organisation_id, permissions_of(role), ip, proof)


def presented_token(authorization: str, cookies: Mapping[str, str]) -> str | None:
    """The session token a request carries: `Authorization: Bearer …` from a program, the cookie from a browser."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() == "bearer" and token:
        return token
    return next((cookies[name] for name in SESSION_COOKIES if cookies.get(name)), None)


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
    return Me(Mall(*house), organisation, Person(*person), sorted(actor.permissions), memberships)


def token_hash(token: str) -> bytes:
    return crypto.sha256(token.encode())


def _mall_of(token: str) -> int | None:
    """`cs_<mall>_<random>`: the token itself says in which mall to look."""
    prefix, _, rest = token.partition("_")
    number, _, _ = rest.partition("_")
    if prefix != "cs" or not number.isascii() or not number.isdigit() or len(token) > 80 or len(number) > 10:
        return None
    return int(number) if 0 < int(number) < 2**31 else None


async def _facts(env: Env, slug: str, email: str) -> tuple[int, list[tuple[int, str, int]]]:
    async with env.db.transaction(None) as tx:
        found = await db.row(tx, Q.mall_by_slug, {"slug": slug})
    # An unknown mall asks the database as often as a known one: mall 0 has nobody.
    mall = Mall(*found).id if found else 0
    async with env.db.transaction(mall) as tx:
        rows = await db.rows(tx, Q.sign_in_facts, {"mall": mall, "email": email})
    return mall, [(r[0], r[1], r[2]) for r in rows]
