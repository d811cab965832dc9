"""Signing in to the console. The token is 256 random bits; the database has its sha256 only.

A session dies after 30 idle minutes or 12 hours (documented choice, OWASP ASVS 7.3). The role is read at each call, so
that taking it away works at once. Failed sign-ins are counted in the process, per account and address: with several
processes a guesser has that many times the tries, still far too few.
"""

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from commissary.base import crypto, db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy import password as passwords
from commissary.tenancy.audit import audit
from commissary.tenancy.organisations import get_organisation
from commissary.tenancy.roles import permissions_of
from commissary.tenancy.shadow import sandbox_of
from commissary.tenancy.types import SESSION_COOKIES, Actor, Mall, Me, Membership, Person, TenancyRefusal

Q = sql.load(__package__)

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)

PER_ACCOUNT_AND_ADDRESS = 10
PER_ACCOUNT = (
    50  # a stranger elsewhere cannot soon lock a colleague out, nor guess for ever from many addresses
)
PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)


async def sign_in(
    env: Env, slug: str, email: str, password: str, ip: str, organisation_id: int | None = None
) -> str:
    """A new session's token. Refuses `too_many_attempts`, `wrong_credentials`, and takes the same time for an unknown
    mall or person as for a wrong password. Who belongs to several organisations acts for the mall's own, else for
    the first, unless he names one."""
    email, wall = email.strip().lower()[:254], env.clock()
    keys = _attempt_keys(slug[:40], email, ip)
    if not _attempts.allow(keys, wall):
        raise Refused(TenancyRefusal.too_many_attempts)
    mall, facts = await _facts(env, slug, email)
    stored: str | None = facts[0][1] if facts else None
    good = await passwords.verify(stored, password[: passwords.MAX_LENGTH])
    organisations = [organisation for _, _, organisation in facts]
    wanted = organisation_id if organisation_id is not None else next(iter(organisations), None)
    if not good or wanted not in organisations:
        raise Refused(TenancyRefusal.wrong_credentials)
    _attempts.forgive(keys)

    person_id, mall_id, token = facts[0][0], mall, f"cs_{mall}_{secrets.token_urlsafe(32)}"
    rehashed = await passwords.hash_password(password) if passwords.is_outdated(str(stored)) else None
    now = env.now(mall_id)
    actor = Actor(mall_id, "person", str(person_id), int(wanted or 0), frozenset(), ip)
    async with env.db.transaction(mall_id) as tx:
        of_session = {"mall": mall_id, "hash": token_hash(token), "person": person_id, "organisation": wanted}
        await db.run(tx, Q.add_session, of_session | {"now": now, "expires": now + LIFE, "ip": ip[:64]})
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
    key = {"mall": mall, "hash": token_hash(token), "now": now}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.session, key | {"idle_since": now - IDLE})
        if found is None:
            raise Refused(TenancyRefusal.not_signed_in)
        person_id, organisation_id, role, seen_at = found
        if touch and now - seen_at >= TOUCH_EVERY:
            await db.run(tx, Q.touch_session, key)
    return Actor(mall, "person", str(person_id), organisation_id, permissions_of(role), ip)


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
        sandbox,
        Mall(*house).slug,
    )


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


# Attempts ---------------------------------------------------------------------------------------------------------


class Attempts:
    """Counts tries in windows. A try counts before it is judged, so a burst cannot outrun the count."""

    def __init__(self, capacity: int = 50_000) -> None:
        self._capacity = capacity
        self._counts: OrderedDict[tuple[str, ...], tuple[datetime, int]] = OrderedDict()

    def allow(self, limits: dict[tuple[str, ...], int], now: datetime) -> bool:
        if any(self._count(key, now) >= limit for key, limit in limits.items()):
            return False
        for key in limits:
            began, count = self._counts.get(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            self._counts[key] = (began, count + 1)
            self._counts.move_to_end(key)
        while len(self._counts) > self._capacity:
            self._counts.popitem(last=False)
        return True

    def forgive(self, limits: dict[tuple[str, ...], int]) -> None:
        """The account wholly, the address only this try: a good account must not buy endless guesses at others."""
        for key in limits:
            if key[0] != "address":
                self._counts.pop(key, None)
            elif key in self._counts:
                began, count = self._counts[key]
                self._counts[key] = (began, count - 1)

    def _count(self, key: tuple[str, ...], now: datetime) -> int:
        began, count = self._counts.get(key, (now, 0))
        return 0 if now - began >= WINDOW else count


_attempts = Attempts()


def _attempt_keys(slug: str, email: str, ip: str) -> dict[tuple[str, ...], int]:
    address = _network(ip)
    return {
        ("account", slug, email, address): PER_ACCOUNT_AND_ADDRESS,
        ("account", slug, email): PER_ACCOUNT,
        ("address", address): PER_ADDRESS,
    }


def _network(ip: str) -> str:
    """A subscriber has a whole IPv6 /64; counting single addresses of it would count nothing."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip[:64]
    return str(ip_network((ip, 64), strict=False)) if isinstance(address, IPv6Address) else ip
