"""Signing in with more than a password, over HTTP: authenticator app, passkeys, recovery codes, what a mall demands."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import psycopg
import pytest

from commissary.tenancy import attempts
from commissary.tenancy.routes import ROUTES
from make.authenticator import SecurityKey, code_of
from make.console import console
from make.tenancy import PASSWORD, Ground, House

ORIGIN = "http://mall.test"
SESSIONS, ME = "/console/v1/sessions", "/console/v1/me"


def browser(house: House) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return console(house, ROUTES)


async def call(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    answer = await client.request(method, path, json=body)
    assert answer.status_code < 300, (method, path, answer.text)
    return answer.json() if answer.content else None


async def refused(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> str:
    answer = await client.request(method, path, json=body)
    assert answer.status_code >= 400, (method, path, answer.text)
    return str(answer.json()["code"])


async def enter(client: httpx.AsyncClient, house: House, email: str = "owner@example.com") -> httpx.Response:
    """By password."""
    return await client.post(SESSIONS, json={"mall": house.slug, "email": email, "password": PASSWORD})


async def pending(client: httpx.AsyncClient, house: House) -> dict[str, Any]:
    """The facts of the sign-in that wants a second step."""
    answer = await enter(client, house)
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required"), answer.text
    assert "set-cookie" not in answer.headers
    facts: dict[str, Any] = answer.json()["facts"]
    return facts


async def enrolled(client: httpx.AsyncClient, house: House) -> tuple[str, list[str]]:
    """Signed in, with an authenticator app: its secret, and the recovery codes."""
    assert (await enter(client, house)).status_code == 201
    begun = await call(client, "POST", f"{ME}/totp")
    code = code_of(begun["secret"], house.clock.now)
    codes = (await call(client, "POST", f"{ME}/totp/confirm", {"code": code}))["recovery_codes"]
    house.clock.move(seconds=30)  # the app shows the next code
    return begun["secret"], codes


async def test_an_authenticator_app_from_its_picture_to_the_sign_in(house: House) -> None:
    async with browser(house) as client, browser(house) as elsewhere:
        assert (await enter(elsewhere, house)).status_code == 201
        assert (await enter(client, house)).status_code == 201
        begun = await call(client, "POST", f"{ME}/totp")
        assert begun["uri"].startswith("otpauth://totp/Kitchen:owner")
        assert begun["secret"] in begun["uri"]
        assert begun["qr_svg"].startswith("<svg")
        assert (await enter(elsewhere, house)).status_code == 201  # unconfirmed it is asked of nobody
        assert await refused(client, "POST", f"{ME}/totp/confirm", {"code": "000000"}) == "wrong_factor"
        code = code_of(begun["secret"], house.clock.now)
        codes = (await call(client, "POST", f"{ME}/totp/confirm", {"code": code}))["recovery_codes"]
        assert len(set(codes)) == 10
        assert await refused(client, "POST", f"{ME}/totp") == "factor_exists"
        assert await refused(elsewhere, "GET", ME) == "not_signed_in"  # other sessions ended
        assert (await call(client, "GET", ME))["person"]["role"] == "owner"
        held = await call(client, "GET", f"{ME}/factors")
        assert (held["recovery_left"], held["passkeys"], held["demanded"]) == (10, [], False)

        facts = await pending(elsewhere, house)
        assert facts["factors"] == ["totp", "recovery"]
        step = {"sign_in_token": facts["sign_in_token"]}
        assert await refused(elsewhere, "GET", ME) == "not_signed_in"
        # The code that confirmed it is used up.
        assert await refused(elsewhere, "POST", f"{SESSIONS}/factor", step | {"code": code}) == "wrong_factor"
        house.clock.move(seconds=30)
        later = code_of(begun["secret"], house.clock.now)
        who = await call(elsewhere, "POST", f"{SESSIONS}/factor", step | {"code": f"{later[:3]} {later[3:]}"})
        assert who["person"]["email"] == "owner@example.com"
        assert (
            await refused(client, "POST", f"{SESSIONS}/factor", step | {"code": later}) == "sign_in_expired"
        )


async def test_a_code_opens_one_session_however_many_send_it_at_once(house: House) -> None:
    async with browser(house) as client:
        secret, _ = await enrolled(client, house)
        code = code_of(secret, house.clock.now)
        steps = [
            {"sign_in_token": (await pending(client, house))["sign_in_token"], "code": code} for _ in range(6)
        ]
        answers = await asyncio.gather(*(client.post(f"{SESSIONS}/factor", json=step) for step in steps))
        assert sorted(a.status_code for a in answers) == [201, 403, 403, 403, 403, 403]


async def test_recovery_codes_sign_in_once_each_and_prove_nothing_later(house: House) -> None:
    async with browser(house) as client:
        _, codes = await enrolled(client, house)
        for given, good in ((codes[0].lower(), True), (codes[0], False), (codes[1].replace("-", " "), True)):
            step = {"sign_in_token": (await pending(client, house))["sign_in_token"], "recovery": given}
            answer = await client.post(f"{SESSIONS}/factor", json=step)
            assert answer.status_code == (201 if good else 403), answer.text
        assert (await call(client, "GET", f"{ME}/factors"))["recovery_left"] == 8
        fresh = (await call(client, "POST", f"{ME}/recovery-codes"))["recovery_codes"]
        step = {"sign_in_token": (await pending(client, house))["sign_in_token"]}
        old = step | {"recovery": codes[2]}
        assert await refused(client, "POST", f"{SESSIONS}/factor", old) == "wrong_factor"
        await call(client, "POST", f"{SESSIONS}/factor", step | {"recovery": fresh[0]})


async def test_guessing_ends_the_sign_in_and_then_the_guesser(house: House) -> None:
    async with browser(house) as client:
        secret, codes = await enrolled(client, house)
        step = {"sign_in_token": (await pending(client, house))["sign_in_token"], "code": "000000"}
        for _ in range(5):
            assert await refused(client, "POST", f"{SESSIONS}/factor", step) == "wrong_factor"
        assert await refused(client, "POST", f"{SESSIONS}/factor", step) == "sign_in_expired"
        step["sign_in_token"] = (await pending(client, house))["sign_in_token"]
        for _ in range(attempts.PER_FACTOR - 5):
            assert await refused(client, "POST", f"{SESSIONS}/factor", step) == "wrong_factor"
        step["sign_in_token"] = (await pending(client, house))["sign_in_token"]
        step["code"] = code_of(secret, house.clock.now)
        assert await refused(client, "POST", f"{SESSIONS}/factor", step) == "too_many_attempts"
        house.clock.move(minutes=16)
        assert await refused(client, "POST", f"{SESSIONS}/factor", step) == "sign_in_expired"  # ten minutes
        step = {"sign_in_token": (await pending(client, house))["sign_in_token"], "recovery": codes[0]}
        await call(client, "POST", f"{SESSIONS}/factor", step)


async def test_a_proof_is_by_a_factor_once_there_is_one(house: House) -> None:
    async with browser(house) as client:
        secret, codes = await enrolled(client, house)
        house.clock.move(minutes=6)
        assert await refused(client, "DELETE", f"{ME}/totp") == "step_up_required"
        proof = f"{SESSIONS}/current/proof"
        assert await refused(client, "POST", proof, {"password": PASSWORD}) == "factor_unusable"
        assert await refused(client, "POST", proof, {"code": codes[0]}) == "wrong_factor"
        code = {"code": code_of(secret, house.clock.now)}
        assert (await call(client, "POST", proof, code))["factors"] == ["totp"]
        assert await refused(client, "POST", proof, code) == "wrong_factor"  # it was used
        assert await refused(client, "POST", proof, {}) == "invalid_request"
        await call(client, "DELETE", f"{ME}/totp")
        assert (await enter(client, house)).status_code == 201
        held = await call(client, "GET", f"{ME}/factors")
        assert (held["totp_since"], held["recovery_left"]) == (None, 0)
    told = [a for a in await house.audited() if a.startswith(("factor", "session.prove"))]
    assert told == ["factor.begin_totp", "factor.add", "session.prove", "factor.drop"]


async def passkey(client: httpx.AsyncClient, key: SecurityKey, name: str = "key") -> list[str]:
    options = (await call(client, "POST", f"{ME}/passkeys/options"))["options"]
    assert options["rp"]["id"] == "mall.test"
    told = {"name": name, "credential": key.create(options)}
    return list((await call(client, "POST", f"{ME}/passkeys", told))["recovery_codes"])


async def by_passkey(client: httpx.AsyncClient, house: House, key: SecurityKey) -> httpx.Response:
    told = {"mall": house.slug}
    options = (await call(client, "POST", f"{SESSIONS}/passkey/options", told))["options"]
    return await client.post(f"{SESSIONS}/passkey", json=told | {"assertion": key.get(options)})


async def test_a_passkey_signs_in_alone_and_as_second_step_and_proves(house: House) -> None:
    key = SecurityKey(ORIGIN)
    async with browser(house) as client:
        assert (await enter(client, house)).status_code == 201
        assert len(await passkey(client, key)) == 10
        assert await passkey(client, SecurityKey(ORIGIN, counts=False), "phone") == []

        assert (await by_passkey(client, house, key)).status_code == 201
        facts = await pending(client, house)
        assert facts["factors"] == ["passkey", "recovery"]
        step = {"sign_in_token": facts["sign_in_token"]}
        options = (await call(client, "POST", f"{SESSIONS}/factor/options", step))["options"]
        assert len(options["allowCredentials"]) == 2
        await call(client, "POST", f"{SESSIONS}/factor", step | {"assertion": key.get(options)})

        house.clock.move(minutes=6)
        [first, _] = (await call(client, "GET", f"{ME}/factors"))["passkeys"]
        gone = f"{ME}/passkeys/{first['id']}"
        assert await refused(client, "DELETE", gone) == "step_up_required"
        options = (await call(client, "POST", f"{SESSIONS}/current/proof/options"))["options"]
        answer = {"assertion": key.get(options)}
        await call(client, "POST", f"{SESSIONS}/current/proof", answer)
        assert (
            await refused(client, "POST", f"{SESSIONS}/current/proof", answer) == "wrong_factor"
        )  # answered once
        await call(client, "DELETE", gone)
        assert (await by_passkey(client, house, key)).json()["code"] == "wrong_factor"


async def test_a_passkey_that_is_not_right_opens_nothing(house: House, other: House) -> None:
    key = SecurityKey(ORIGIN)
    async with browser(house) as client, browser(other) as next_door:
        assert (await enter(client, house)).status_code == 201
        await passkey(client, key)

        phished = SecurityKey("http://mall.test.evil.example", _keys=key._keys, uses=50)
        assert (await by_passkey(client, house, phished)).json()["code"] == "wrong_factor"
        unverified = SecurityKey(ORIGIN, verifies=False, _keys=key._keys, uses=60)
        assert (await by_passkey(client, house, unverified)).json()["code"] == "wrong_factor"
        assert (await by_passkey(client, house, key)).status_code == 201
        copied = SecurityKey(ORIGIN, _keys=key._keys)  # counts from the beginning
        assert (await by_passkey(client, house, copied)).json()["code"] == "wrong_factor"
        assert (await by_passkey(next_door, other, key)).json()["code"] == "wrong_factor"  # another mall's

        # Somebody else's signature does not answer what he was asked.
        email = "lin@example.com"
        await house.person("finance", email)
        async with browser(house) as hers:
            assert (await enter(hers, house, email)).status_code == 201
            await passkey(hers, SecurityKey(ORIGIN))
            told = {"mall": house.slug, "email": email, "password": PASSWORD}
            answer = await hers.post(SESSIONS, json=told)
            step = {"sign_in_token": answer.json()["facts"]["sign_in_token"]}
            options = (await call(hers, "POST", f"{SESSIONS}/factor/options", step))["options"]
            theirs = key.get(options | {"allowCredentials": []})
            step |= {"assertion": theirs}  # type: ignore[dict-item]
            assert await refused(hers, "POST", f"{SESSIONS}/factor", step) == "wrong_factor"
        junk: Any
        for junk in (
            {},
            {"id": 5, "response": {"clientDataJSON": "e30"}},
            {"response": {"clientDataJSON": 7}},
        ):
            told2 = {"mall": house.slug, "assertion": junk}
            assert await refused(client, "POST", f"{SESSIONS}/passkey", told2) == "invalid_request"


async def test_a_mall_that_demands_a_factor_lets_nobody_do_anything_else_first(house: House) -> None:
    email = "buyer@example.com"
    await house.person("distributor", email, await house.buyer())
    key = SecurityKey(ORIGIN)
    async with browser(house) as owner, browser(house) as partner:
        assert (await enter(owner, house)).status_code == 201
        assert (await enter(partner, house, email)).status_code == 201
        policy = {"two_factor": "staff", "reveal_above": {"amount": "100", "currency": "CNY"}, "version": 0}
        made = await call(owner, "PUT", "/console/v1/security-policy", policy)
        assert (made["two_factor"], made["version"]) == ("staff", 1)
        assert await refused(owner, "GET", "/console/v1/people") == "factor_enrolment_required"
        assert await refused(owner, "PUT", f"{ME}/password", {"old": PASSWORD, "new": "y" * 20}) == (
            "factor_enrolment_required"
        )
        assert (await call(owner, "GET", ME))["flags"]["must_enrol"]
        assert not (await call(partner, "GET", ME))["flags"]["must_enrol"]  # not staff
        assert (await call(partner, "GET", "/console/v1/people"))["items"]
        house.clock.move(minutes=6)
        assert await refused(owner, "POST", f"{ME}/totp") == "step_up_required"
        proof = {"password": PASSWORD}
        assert await refused(owner, "POST", f"{SESSIONS}/current/proof", proof) == "factor_unusable"
        assert (await enter(owner, house)).json()["flags"]["must_enrol"]
        await passkey(owner, key)
        assert (await call(owner, "GET", "/console/v1/people"))["items"]

        assert await refused(owner, "PUT", "/console/v1/security-policy", policy) == "conflict"
        policy |= {"two_factor": "all", "version": 1}
        await call(owner, "PUT", "/console/v1/security-policy", policy)
        assert await refused(partner, "GET", "/console/v1/people") == "factor_enrolment_required"
        assert await refused(partner, "GET", "/console/v1/security-policy") == "factor_enrolment_required"
    assert "mall.security_policy" in await house.audited()


async def test_devices_are_listed_and_ended(house: House) -> None:
    async with browser(house) as desk, browser(house) as phone, browser(house) as kiosk:
        for client, agent in ((desk, "Desk/1"), (phone, "Phone/2"), (kiosk, "Kiosk/3")):
            client.headers["user-agent"] = agent
            assert (await enter(client, house)).status_code == 201
        found = {d["agent"]: d for d in await call(desk, "GET", SESSIONS)}
        assert {a: d["current"] for a, d in found.items()} == {
            "Desk/1": True,
            "Phone/2": False,
            "Kiosk/3": False,
        }
        assert found["Desk/1"]["proved_by"] == "password"
        await call(desk, "DELETE", f"{SESSIONS}/{found['Phone/2']['id']}")
        assert await refused(phone, "GET", ME) == "not_signed_in"
        assert await refused(desk, "DELETE", f"{SESSIONS}/{found['Phone/2']['id']}") == "not_found"
        assert (await call(desk, "POST", f"{SESSIONS}/end-others"))["ended"] == 1
        assert await refused(kiosk, "GET", ME) == "not_signed_in"
        assert [d["agent"] for d in await call(desk, "GET", SESSIONS)] == ["Desk/1"]


async def test_the_owner_ends_a_members_sessions_and_takes_lost_factors(house: House, other: House) -> None:
    email = "lin@example.com"
    lin = await house.person("finance", email)
    async with browser(house) as owner, browser(house) as hers, browser(other) as next_door:
        assert (await enter(owner, house)).status_code == 201
        assert (await enter(hers, house, email)).status_code == 201
        await passkey(hers, SecurityKey(ORIGIN))
        of = f"/console/v1/people/{lin}"
        mine = f"/console/v1/people/{house.founded.person_id}"
        assert await refused(hers, "POST", f"{mine}/end-sessions") == "forbidden"
        assert (await call(owner, "POST", f"{of}/end-sessions"))["ended"] == 1
        assert await refused(hers, "GET", ME) == "not_signed_in"
        assert (await enter(hers, house, email)).json()["code"] == "second_factor_required"
        await call(owner, "POST", f"{of}/reset-factors", {"reason": "telephone lost"})
        assert (await enter(hers, house, email)).status_code == 201

        assert (await enter(next_door, other)).status_code == 201
        assert await refused(next_door, "POST", f"{of}/end-sessions") == "not_found"
        assert await refused(next_door, "POST", f"{of}/reset-factors", {"reason": "x"}) == "not_found"
        assert (await call(hers, "GET", ME))["person"]["email"] == email
        house.clock.move(minutes=6)
        assert await refused(owner, "POST", f"{of}/end-sessions") == "step_up_required"


async def test_one_acts_for_another_of_ones_organisations_without_signing_in_again(house: House) -> None:
    buyer = await house.buyer()
    async with house.env.db.transaction(house.mall) as tx:
        await tx.execute(
            "insert into tenancy.member values (%s, %s, %s, 'distributor')",
            (house.mall, buyer, house.founded.person_id),
        )
    stranger = await house.buyer("Stranger")
    async with browser(house) as client:
        assert (await enter(client, house)).status_code == 201
        before = client.cookies["commissary_session"]
        other = f"{SESSIONS}/current/organisation"
        me = await call(client, "POST", other, {"organisation_id": str(buyer)})
        assert (me["role"], me["organisation"]["id"]) == ("distributor", str(buyer))
        assert client.cookies["commissary_session"] != before
        assert await refused(client, "POST", other, {"organisation_id": str(stranger)}) == "not_found"
        assert len(await call(client, "GET", SESSIONS)) == 1  # it is the same session
        house.clock.move(minutes=6)
        told = {"organisation_id": str(house.founded.organisation_id)}
        assert (await call(client, "POST", other, told))["role"] == "owner"
        assert await refused(client, "POST", f"{ME}/totp") == "step_up_required"  # changing proves nothing


async def test_no_secret_of_it_is_in_the_database(house: House, ground: Ground) -> None:
    key = SecurityKey(ORIGIN)
    async with browser(house) as client:
        secret, codes = await enrolled(client, house)
        await passkey(client, key)
        token = (await pending(client, house))["sign_in_token"]
    tables = [
        "totp",
        "recovery_code",
        "passkey",
        "challenge",
        "pending_sign_in",
        "session",
        "audit",
        "security_policy",
    ]
    with psycopg.connect(ground.admin_dsn) as connection:
        text = "".join(
            str(
                connection.execute(
                    f"select t.* from tenancy.{t} t where mall_id = %s", (house.mall,)
                ).fetchall()
            )
            for t in tables
        )
    for hidden in (secret, *codes, *(c.replace("-", "") for c in codes), token, token.split("_")[2]):
        assert hidden not in text


@pytest.mark.parametrize("table", ["totp", "recovery_code", "passkey", "challenge", "pending_sign_in"])
async def test_reports_and_the_vault_do_not_read_factors(house: House, table: str) -> None:
    for dsn in (house.ground.dsns.report, house.ground.dsns.vault):
        async with await psycopg.AsyncConnection.connect(dsn) as tx:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await tx.execute(f"select 1 from tenancy.{table}")  # type: ignore[call-overload]
