"""Signing in: by password and, for who has enrolled one, a second factor; or by a passkey alone.

             right password
  (nobody) ─────────────────▶ session                       nothing enrolled
      │                  └──▶ pending ── factor ──▶ session  something enrolled: five tries, ten minutes
      └──── passkey, verified by its holder ─────▶ session

What is pending opens nothing. Whose mall demands a factor that he has not enrolled gets a session in which he can enrol one
and nothing else (`sessions.actor_of_token`).
"""

import secrets
from datetime import timedelta
from typing import Any

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy import attempts, factors, passkeys
from commissary.tenancy import password as passwords
from commissary.tenancy.proof import factors_of
from commissary.tenancy.sessions import begin, mall_of, token_hash
from commissary.tenancy.types import Given, Mall, Rp, TenancyRefusal

Q = sql.load(__package__)
F = sql.load(__package__, "factors.sql")

PENDING = timedelta(minutes=10)


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
    mall or person as for a wrong password; `second_factor_required` with what goes on by `sign_in_by_factor`. Who
    belongs to several organisations acts for the mall's own, else for the first, unless he names one."""
    email, wall = email.strip().lower()[:254], env.clock()
    tries = attempts.of_account(slug[:40], email, ip)
    attempts.spend(tries, wall)
    mall, facts = await _facts(env, slug, email)
    stored: str | None = facts[0][1] if facts else None
    good = await passwords.verify(stored, password[: passwords.MAX_LENGTH])
    organisations = [organisation for _, _, organisation in facts]
    wanted = organisation_id if organisation_id is not None else next(iter(organisations), None)
    if not good or wanted is None or wanted not in organisations:
        raise Refused(TenancyRefusal.wrong_credentials)
    attempts.forgive(tries)

    person_id, pending = facts[0][0], f"cp_{mall}_{secrets.token_urlsafe(32)}"
    rehashed = await passwords.hash_password(password) if passwords.is_outdated(str(stored)) else None
    key = {"mall": mall, "person": person_id}
    async with env.db.transaction(mall) as tx:
        if rehashed is not None:
            await db.run(tx, Q.set_password, key | {"hash": rehashed})
        held = await db.row(tx, F.factors, key)
        assert held is not None
        totp, recovery, passkey = held[0] is not None, held[1] > 0, held[2]
        if not totp and not passkey:
            return await begin(tx, env, person_id, wanted, mall, ip, agent, "password")
        row = key | {"hash": token_hash(pending), "organisation": wanted}
        await db.run(tx, F.add_pending, row | {"now": wall, "expires": wall + PENDING})
    may_use = list(factors_of(totp=totp, passkey=passkey))
    raise Refused(
        TenancyRefusal.second_factor_required,
        sign_in_token=pending,
        factors=[*may_use, "recovery"] if recovery else may_use,
        expires_at=(wall + PENDING).isoformat(),
    )


async def sign_in_by_factor(env: Env, pending: str, given: Given, rp: Rp | None, ip: str, agent: str) -> str:
    """The second step. Refuses `sign_in_expired` (also after five wrong answers), `wrong_factor`,
    `too_many_attempts`."""
    mall = mall_of(pending, "cp")
    if mall is None:
        raise Refused(TenancyRefusal.sign_in_expired)
    wall, key = env.clock(), {"mall": mall, "hash": token_hash(pending)}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, F.try_pending, key | {"now": wall})
    if found is None:
        raise Refused(TenancyRefusal.sign_in_expired)
    person_id, organisation_id = found
    tries = attempts.of_factor(mall, person_id, ip)
    attempts.spend(tries, wall)
    checked = await factors.check(env, mall, person_id, given, rp or Rp("", []), "factor")
    async with env.db.transaction(mall) as tx:
        by = await factors.spend(tx, checked, env.now(mall))
        enters = await db.row(tx, F.may_enter, key | {"person": person_id, "organisation": organisation_id})
        if not await db.run(tx, F.end_pending, key) or enters is None or not enters[0]:
            raise Refused(TenancyRefusal.sign_in_expired)
        token = await begin(tx, env, person_id, organisation_id, mall, ip, agent, by)
    attempts.forgive(tries)
    return token


async def ask_factor(env: Env, pending: str, rp: Rp) -> dict[str, Any]:
    """What a passkey is asked with as second step. Refuses `sign_in_expired`."""
    mall = mall_of(pending, "cp")
    if mall is None:
        raise Refused(TenancyRefusal.sign_in_expired)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, F.pending, {"mall": mall, "hash": token_hash(pending), "now": env.clock()})
    if found is None:
        raise Refused(TenancyRefusal.sign_in_expired)
    return await passkeys.asking(env, mall, rp, "factor", found[0])


async def ask_passkey(env: Env, slug: str, rp: Rp, ip: str) -> dict[str, Any]:
    """What a passkey is asked with that stands for e-mail and password. The same for a mall that there is not. Refuses
    `too_many_attempts`."""
    attempts.spend(attempts.of_address(ip), env.clock())
    return await passkeys.asking(env, await _mall(env, slug), rp, "sign_in", None)


async def sign_in_by_passkey(
    env: Env,
    slug: str,
    assertion: dict[str, Any],
    rp: Rp,
    ip: str,
    organisation_id: int | None = None,
    agent: str = "",
) -> str:
    """Its holder was verified by the authenticator: that is two factors. Refuses `wrong_factor`, `too_many_attempts`."""
    tries = attempts.of_address(ip)
    attempts.spend(tries, env.clock())
    mall = await _mall(env, slug)
    used = await passkeys.asserted(env, mall, assertion, rp, "sign_in", None)
    key = {"mall": mall, "person": used.person_id}
    async with env.db.transaction(mall) as tx:
        by = await factors.spend(tx, factors.of_passkey(mall, used), env.now(mall))
        organisations = [r[0] for r in await db.rows(tx, Q.memberships, key)]
        wanted = organisation_id if organisation_id is not None else next(iter(organisations), None)
        if wanted is None or wanted not in organisations:
            raise Refused(TenancyRefusal.wrong_factor)
        token = await begin(tx, env, used.person_id, wanted, mall, ip, agent, by)
    attempts.forgive(tries)
    return token


async def _facts(env: Env, slug: str, email: str) -> tuple[int, list[tuple[int, str, int]]]:
    # An unknown mall asks the database as often as a known one: mall 0 has nobody.
    mall = await _mall(env, slug)
    async with env.db.transaction(mall) as tx:
        rows = await db.rows(tx, Q.sign_in_facts, {"mall": mall, "email": email})
    return mall, [(r[0], r[1], r[2]) for r in rows]


async def _mall(env: Env, slug: str) -> int:
    async with env.db.transaction(None) as tx:
        found = await db.row(tx, Q.mall_by_slug, {"slug": slug[:40]})
    return Mall(*found).id if found else 0
