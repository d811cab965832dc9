"""Passkeys (WebAuthn level 2): made, and answered with. A challenge is ours, kept here, and good for one answer.

The browser only lets a page of a host name use that name's passkeys, so a page that looks like ours gets none.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import msgspec

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.tenancy.types import Actor, Rp, TenancyRefusal

# The library comes in with the first passkey: it would take a fifth of a second of every start.

Q = sql.load(__package__, "factors.sql")

ANSWER_WITHIN = timedelta(minutes=5)
MOST = 20
_TRANSPORTS = frozenset({"usb", "nfc", "ble", "internal", "hybrid", "cable", "smart-card"})


class Used(msgspec.Struct, frozen=True):
    """A passkey that has signed our challenge. `verified`: it asked for a finger, a face or a PIN."""

    passkey_id: int
    person_id: int
    sign_count: int
    verified: bool


class Made(msgspec.Struct, frozen=True):
    """A new passkey as its authenticator describes it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def rp_of(scheme_host: tuple[str, str], public_url: str) -> Rp:
    """By the mall's public address; by the request's own while that is none that a passkey can have. Refuses
    `passkey_needs_name`."""
    for url in (public_url, "://".join(scheme_host)):
        host = _host(url)
        if host and not _is_address(host):
            netloc = url.partition("://")[2].split("/")[0]
            # TLS may end before us: the browser's scheme is the public one's, or either.
            origins = [url.rstrip("/")] if url == public_url else [f"https://{netloc}", f"http://{netloc}"]
            return Rp(host, origins)
    raise Refused(TenancyRefusal.passkey_needs_name)


async def making(env: Env, actor: Actor, rp: Rp, mall_name: str, email: str, name: str) -> dict[str, Any]:
    """Options for `navigator.credentials.create`."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    mall, person_id = actor.mall_id, int(actor.id)
    async with env.db.transaction(mall) as tx:
        known = await _ids(tx, mall, person_id, rp)
        challenge = await _challenge(tx, env, mall, "register", person_id, rp)
    options = generate_registration_options(
        rp_id=rp.id,
        rp_name=mall_name,
        user_name=email,
        user_id=_handle(mall, person_id),
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=id_) for id_, _ in known],
    )
    return _plain(options_to_json(options))


async def made(env: Env, actor: Actor, credential: Mapping[str, Any], rp: Rp) -> Made:
    """What the browser made is what we asked for. Refuses `wrong_factor`."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = await _taken(env, actor.mall_id, credential, "register", int(actor.id), rp)
    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=rp.id,
            expected_origin=rp.origins,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Refused(TenancyRefusal.wrong_factor) from error
    told = credential["response"].get("transports") or []
    transports = (
        sorted(_TRANSPORTS & {t for t in told if isinstance(t, str)}) if isinstance(told, list) else []
    )
    return Made(found.credential_id, found.credential_public_key, found.sign_count, transports)


async def add(tx: db.Tx, env: Env, actor: Actor, passkey: Made, name: str, rp: Rp) -> int:
    """Its id. Refuses `passkey_limit`, `factor_exists`."""
    mall, key = actor.mall_id, {"mall": actor.mall_id, "person": int(actor.id)}
    if len(await db.rows(tx, Q.passkeys, key)) >= MOST:
        raise Refused(TenancyRefusal.passkey_limit)
    id_ = env.ids.new()
    row = key | {"id": id_, "credential": passkey.credential_id, "key": passkey.public_key, "name": name}
    row |= {"count": passkey.sign_count, "rp": rp.id, "transports": passkey.transports, "now": env.now(mall)}
    if not await db.run(tx, Q.add_passkey, row):
        raise Refused(TenancyRefusal.factor_exists)
    return id_


async def asking(env: Env, mall: int, rp: Rp, purpose: str, person_id: int | None) -> dict[str, Any]:
    """Options for `navigator.credentials.get`: of this person's passkeys, or of whoever has one."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorTransport,
        PublicKeyCredentialDescriptor,
        UserVerificationRequirement,
    )

    async with env.db.transaction(mall) as tx:
        known = [] if person_id is None else await _ids(tx, mall, person_id, rp)
        challenge = await _challenge(tx, env, mall, purpose, person_id, rp)
    wanted = UserVerificationRequirement.PREFERRED
    if person_id is None:  # it stands for the password too
        wanted = UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=rp.id,
        challenge=challenge,
        allow_credentials=[
            PublicKeyCredentialDescriptor(id=id_, transports=[AuthenticatorTransport(t) for t in transports])
            for id_, transports in known
        ],
        user_verification=wanted,
    )
    return _plain(options_to_json(options))


async def asserted(
    env: Env, mall: int, credential: Mapping[str, Any], rp: Rp, purpose: str, person_id: int | None
) -> Used:
    """Whose passkey signed the challenge that was given to `person_id`. Its counter is the caller's to write down.
    Refuses `wrong_factor`."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = await _taken(env, mall, credential, purpose, person_id, rp)
    try:
        credential_id = base64url_to_bytes(str(credential["id"]))
        async with env.db.transaction(mall) as tx:
            params = {"mall": mall, "credential": credential_id, "rp": rp.id}
            found = await db.row(tx, Q.passkey, params)
        if found is None:
            raise Refused(TenancyRefusal.wrong_factor)
        id_, owner, public_key, count = found
        checked = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=rp.id,
            expected_origin=rp.origins,
            credential_public_key=bytes(public_key),
            credential_current_sign_count=count,
            require_user_verification=person_id is None,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Refused(TenancyRefusal.wrong_factor) from error
    return Used(id_, owner, checked.new_sign_count, checked.user_verified)


async def _ids(tx: db.Tx, mall: int, person_id: int, rp: Rp) -> list[tuple[bytes, list[str]]]:
    found = await db.rows(tx, Q.passkey_ids, {"mall": mall, "person": person_id, "rp": rp.id})
    return [(bytes(id_), transports) for id_, transports in found]


async def _challenge(tx: db.Tx, env: Env, mall: int, purpose: str, person_id: int | None, rp: Rp) -> bytes:
    challenge, now = secrets.token_bytes(32), env.clock()
    row = {"mall": mall, "challenge": challenge, "purpose": purpose, "person": person_id, "rp": rp.id}
    await db.run(tx, Q.add_challenge, row | {"now": now, "expires": now + ANSWER_WITHIN})
    return challenge


async def _taken(
    env: Env, mall: int, credential: Mapping[str, Any], purpose: str, person_id: int | None, rp: Rp
) -> bytes:
    """The challenge that was answered; it is gone by this, also when the answer is wrong."""
    challenge = _challenge_of(credential)
    params = {"mall": mall, "challenge": challenge, "purpose": purpose, "person": person_id, "rp": rp.id}
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.take_challenge, params | {"now": env.clock()})
    if found is None or not found[0]:
        raise Refused(TenancyRefusal.wrong_factor)
    return challenge


def _challenge_of(credential: Mapping[str, Any]) -> bytes:
    from webauthn import base64url_to_bytes

    try:
        told = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return bytes(base64url_to_bytes(told["challenge"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise invalid("credential", "not an answer of WebAuthn / 不是有效的通行密钥应答") from None


def _handle(mall: int, person_id: int) -> bytes:
    """What the authenticator keeps of the person: no name."""
    return b"%d:%d" % (mall, person_id)


def _plain(options: str) -> dict[str, Any]:
    found = msgspec.json.decode(options, type=dict[str, Any])
    assert "challenge" in found
    return found


def _host(url: str) -> str:
    netloc = url.partition("://")[2].split("/")[0]
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    return netloc.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
