"""Factors beside the password: an authenticator app (TOTP, RFC 6238), passkeys, and recovery codes for when both are lost.

A factor is checked first (`check`) and spent in the transaction of what it opens (`spend`), so that it opens one thing
only, however many send it at the same moment. Whoever changes his factors ends his other sessions.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import pyotp

from commissary.base import db, sql
from commissary.base.arrays import Byteas
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.tenancy import attempts, passkeys
from commissary.tenancy.audit import audit
from commissary.tenancy.proof import of_session, require_proof
from commissary.tenancy.types import Actor, Factor, Factors, Given, Passkey, Rp, TenancyRefusal

Q = sql.load(__package__, "factors.sql")
S = sql.load(__package__)

PURPOSE = "totp"
STEP_S = 30
DRIFT = 1  # steps by which a telephone's clock may be wrong
RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none is taken for another


class Checked(msgspec.Struct, frozen=True):
    """A factor that is right, and not spent yet."""

    factor: Factor
    query: str
    params: Mapping[str, Any]


async def list_factors(env: Env, actor: Actor) -> Factors:
    """One's own."""
    of_session(actor)
    key = {"mall": actor.mall_id, "person": int(actor.id), "organisation": actor.organisation_id}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.factors, key)
        demanded = await db.row(tx, Q.demanded, key)
        keys = [Passkey(*r) for r in await db.rows(tx, Q.passkeys, key)]
    assert found is not None
    assert demanded is not None
    return Factors(found[0], keys, found[1], demanded[0])


# The authenticator app ---------------------------------------------------------------------------------------------


async def enrol_totp(env: Env, actor: Actor, issuer: str) -> tuple[str, str]:
    """(secret, otpauth URI), shown once. It opens nothing until it is confirmed. Refuses `step_up_required`,
    `factor_exists`."""
    require_proof(env, actor)
    mall, person_id = actor.mall_id, int(actor.id)
    key = {"mall": mall, "person": person_id}
    secret = pyotp.random_base32()
    sealed = env.keys.seal_field(mall, PURPOSE, secret.encode(), b"%d" % person_id)
    async with env.db.transaction(mall) as tx:
        email = await _locked(tx, key)
        if not await db.run(tx, Q.enrol_totp, key | {"secret": sealed, "now": env.now(mall)}):
            raise Refused(TenancyRefusal.factor_exists)
        await audit(tx, env, actor, "factor.begin_totp", f"person:{person_id}")
    return secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


async def confirm_totp(env: Env, actor: Actor, code: str) -> list[str]:
    """By a code of it: from now on it is asked for. The recovery codes, if it is the first factor. Refuses
    `step_up_required`, `wrong_factor`, `too_many_attempts`, `not_found` when none was begun."""
    require_proof(env, actor)
    mall, person_id = actor.mall_id, int(actor.id)
    key = {"mall": mall, "person": person_id}
    tries = attempts.of_factor(mall, person_id, actor.ip)
    attempts.spend(tries, env.clock())
    async with env.db.transaction(mall) as tx:
        await _locked(tx, key)
        found = await db.row(tx, Q.totp, key)
        if found is None or found[1] is not None:
            raise Refused(RequestRefusal.not_found)
        step = _step(_opened(env, mall, person_id, found[0]), code, env.clock())
        if step is None:
            raise Refused(TenancyRefusal.wrong_factor)
        given = {"step": step, "secret": found[0], "now": env.now(mall)}
        if not await db.run(tx, Q.confirm_totp, key | given):
            raise Refused(RequestRefusal.conflict)
        codes = await added(tx, env, actor, {"factor": "totp"})
    attempts.forgive(tries)
    return codes


async def drop_totp(env: Env, actor: Actor) -> None:
    """Refuses `step_up_required`, `not_found`."""
    require_proof(env, actor)
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    async with env.db.transaction(actor.mall_id) as tx:
        await _locked(tx, key)
        if not await db.run(tx, Q.drop_totp, key):
            raise Refused(RequestRefusal.not_found)
        await dropped(tx, env, actor, {"factor": "totp"})


def _step(secret: str, code: str, now: datetime) -> int | None:
    """Of which half minute the code is; None: it is none of this secret. Each is compared, whether or not one has fitted."""
    digits, here, found = "".join(code.split()), int(now.timestamp()) // STEP_S, None
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp = pyotp.TOTP(secret)
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            found = step
    return found


def _opened(env: Env, mall: int, person_id: int, sealed: bytes) -> str:
    return env.keys.open_field(mall, PURPOSE, bytes(sealed), b"%d" % person_id).decode()


# Passkeys ----------------------------------------------------------------------------------------------------------


async def add_passkey(env: Env, actor: Actor, credential: Mapping[str, Any], name: str, rp: Rp) -> list[str]:
    """The recovery codes, if it is the first factor. Refuses `step_up_required`, `wrong_factor`, `passkey_limit`,
    `factor_exists`."""
    require_proof(env, actor)
    if not name:
        raise invalid("name", "say which device it is on / 请填写名称")
    made = await passkeys.made(env, actor, credential, rp)
    async with env.db.transaction(actor.mall_id) as tx:
        await _locked(tx, {"mall": actor.mall_id, "person": int(actor.id)})
        await passkeys.add(tx, env, actor, made, name, rp)
        return await added(tx, env, actor, {"factor": "passkey", "name": name})


async def drop_passkey(env: Env, actor: Actor, passkey_id: int) -> None:
    """Refuses `step_up_required`, `not_found`."""
    require_proof(env, actor)
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    async with env.db.transaction(actor.mall_id) as tx:
        await _locked(tx, key)
        found = await db.row(tx, Q.drop_passkey, key | {"id": passkey_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        await dropped(tx, env, actor, {"factor": "passkey", "name": found[0]})


# Recovery codes ----------------------------------------------------------------------------------------------------


async def new_recovery_codes(env: Env, actor: Actor) -> list[str]:
    """Ten, shown once; the former ones are void. Refuses `step_up_required`, and `factor_unusable` to who has no
    factor that they would stand for."""
    require_proof(env, actor)
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    async with env.db.transaction(actor.mall_id) as tx:
        await _locked(tx, key)
        if not await _has_factor(tx, key):
            raise Refused(TenancyRefusal.factor_unusable)
        codes = await _recovery_codes(tx, env, actor)
        await audit(tx, env, actor, "factor.recovery_codes", f"person:{actor.id}", None, {"made": len(codes)})
    return codes


async def _recovery_codes(tx: db.Tx, env: Env, actor: Actor) -> list[str]:
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    texts = ["".join(secrets.choice(_LETTERS) for _ in range(15)) for _ in range(RECOVERY_CODES)]
    hashes = [_recovery_hash(env, actor.mall_id, int(actor.id), text) for text in texts]
    await db.run(tx, Q.drop_recovery_codes, key)
    await db.run(tx, Q.add_recovery_codes, key | {"hashes": Byteas(hashes)})
    return ["-".join((text[:5], text[5:10], text[10:])) for text in texts]


def _recovery_hash(env: Env, mall: int, person_id: int, text: str) -> bytes:
    """75 random bits under a key that the database does not have."""
    normal = "".join(c for c in text.upper() if c.isalnum())
    return env.keys.blind(f"recovery-code|{mall}|{person_id}", normal)


# Checking and spending ---------------------------------------------------------------------------------------------


async def check(env: Env, mall: int, person_id: int, given: Given, rp: Rp, purpose: str) -> Checked:
    """Refuses `wrong_factor`, and asks for exactly one. A passkey's challenge is spent by this, whatever comes of it."""
    if sum(x is not None for x in (given.code, given.recovery, given.assertion)) != 1:
        raise invalid("code", "one of code, recovery and assertion / 请提供一种验证方式")
    key = {"mall": mall, "person": person_id}
    if given.assertion is not None:
        used = await passkeys.asserted(env, mall, given.assertion, rp, purpose, person_id)
        if used.person_id != person_id:
            raise Refused(TenancyRefusal.wrong_factor)
        return of_passkey(mall, used)
    if given.recovery is not None:
        hashed = _recovery_hash(env, mall, person_id, given.recovery)
        return Checked("recovery", Q.spend_recovery_code, key | {"hash": hashed})
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.totp, key)
    step = None
    if found is not None and found[1] is not None:
        step = _step(_opened(env, mall, person_id, found[0]), given.code or "", env.clock())
    if step is None:
        raise Refused(TenancyRefusal.wrong_factor)
    return Checked("totp", Q.spend_totp, key | {"step": step})


def of_passkey(mall: int, used: passkeys.Used) -> Checked:
    params = {"mall": mall, "person": used.person_id, "id": used.passkey_id, "count": used.sign_count}
    return Checked("passkey", Q.spend_passkey, params)


async def spend(tx: db.Tx, checked: Checked, now: datetime) -> Factor:
    """In the transaction of what it opens. Refuses `wrong_factor` for what somebody else was faster with."""
    if not await db.run(tx, checked.query, {**checked.params, "now": now}):
        raise Refused(TenancyRefusal.wrong_factor)
    return checked.factor


# What every change of factors does ----------------------------------------------------------------------------------


async def added(tx: db.Tx, env: Env, actor: Actor, after: Mapping[str, Any]) -> list[str]:
    """Other sessions end. Recovery codes come with the first factor."""
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    found = await db.row(tx, Q.factors, key)
    codes = [] if found is not None and found[1] else await _recovery_codes(tx, env, actor)
    await end_others(tx, env, actor)
    await audit(tx, env, actor, "factor.add", f"person:{actor.id}", None, after)
    return codes


async def dropped(tx: db.Tx, env: Env, actor: Actor, before: Mapping[str, Any]) -> None:
    """Other sessions end. With the last factor its recovery codes go."""
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    if not await _has_factor(tx, key):
        await db.run(tx, Q.drop_recovery_codes, key)
    await end_others(tx, env, actor)
    await audit(tx, env, actor, "factor.drop", f"person:{actor.id}", before, None)


async def end_others(tx: db.Tx, env: Env, actor: Actor) -> int:
    """Every session of the person but this one, and every sign-in that is under way; how many sessions."""
    key = {"mall": actor.mall_id, "person": int(actor.id)}
    await db.run(tx, Q.end_pendings_of, key)
    ended = key | {"now": env.now(actor.mall_id), "keep": of_session(actor).session}
    return await db.run(tx, S.end_sessions_of, ended)


async def _has_factor(tx: db.Tx, key: Mapping[str, Any]) -> bool:
    found = await db.row(tx, Q.factors, key)
    return found is not None and (found[0] is not None or found[2])


async def _locked(tx: db.Tx, key: Mapping[str, Any]) -> str:
    """The person's e-mail."""
    found = await db.row(tx, Q.lock_person, key)
    if found is None:
        raise Refused(TenancyRefusal.not_signed_in)
    return str(found[0])
