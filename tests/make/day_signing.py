"""For the journey of the audit log: what somebody does with what he signs in with, and the owner for him."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from make.authenticator import SecurityKey, code_of
from make.day import Day
from make.journey import CONSOLE, Person, sign_in
from make.tenancy import PASSWORD


async def signing_of(day: Day, email: str = "qin@example.com") -> list[str]:
    """An authenticator app and a passkey from their beginning to their end. What must be in no line."""
    act, mall, own = day.act, day.mall, str(day.mall.world.founded.organisation_id)
    asked = {"organisation_id": own, "email": email, "name": "秦岭", "password": PASSWORD}
    qin = (await mall.owner.post("/people", asked | {"role": "support"}))["id"]
    person = await sign_in(mall.server, mall.world.slug, email)
    # Passkeys belong to a host name, which 127.0.0.1 is not.
    here = f"localhost:{mall.server.url.rpartition(':')[2]}"
    at = {"Host": here, "Origin": f"http://{here}"}
    doer: dict[str, Any] = {"by": person, "person": int(qin)}
    passkey, codes = SecurityKey(at["Origin"]), Codes()

    begun = await act("seen", "POST", "/me/totp", **doer)
    code = {"code": codes.next(begun["secret"])}
    shown = await act("made", "POST", "/me/totp/confirm", code, **doer)
    second = (await act("made", "POST", "/me/recovery-codes", **doer))["recovery_codes"]
    options = (await _options(day, person, "/me/passkeys/options", at))["options"]
    told = {"name": "钥匙", "credential": passkey.create(options)}
    await act("made", "POST", "/me/passkeys", told, **doer, **at)
    [held] = (await person.get("/me/factors"))["passkeys"]
    await act("made", "POST", "/sessions/end-others", **doer)

    login = {"mall": mall.world.slug, "email": email, "password": PASSWORD}
    step = await _pending(day, login)
    await act("made", "POST", "/sessions/factor", step | {"recovery": second[0]}, person=int(qin))
    step = await _pending(day, login)
    await _options(day, person, "/sessions/factor/options", at, step)
    mall_only = {"mall": mall.world.slug}
    options = (await _options(day, person, "/sessions/passkey/options", at, mall_only))["options"]
    told = mall_only | {"assertion": passkey.get(options)}
    await act("made", "POST", "/sessions/passkey", told, person=int(qin), **at)
    devices = await person.get("/sessions")
    other = next(d["id"] for d in devices if not d["current"])
    await act("gone", "DELETE", "/sessions/{session_id:str}", None, other, **doer)
    await _options(day, person, "/sessions/current/proof/options", at)

    await act("gone", "DELETE", "/me/passkeys/{passkey_id:str}", None, held["id"], **doer)
    await act("gone", "DELETE", "/me/totp", **doer)
    there = {"organisation_id": own}
    await act("made", "POST", "/sessions/current/organisation", there, **doer)
    await act("made", "POST", "/people/{person_id:str}/end-sessions", None, qin)
    lost = {"reason": "手机遗失"}
    await act("changed", "POST", "/people/{person_id:str}/reset-factors", lost, qin)
    policy = {"two_factor": "off", "reveal_above": {"amount": "100", "currency": "CNY"}}
    await act("changed", "PUT", "/security-policy", policy | {"version": 0})
    return [begun["secret"], *shown["recovery_codes"], *second, step["sign_in_token"]]


class Codes:
    """Of an authenticator app, each half minute's once."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def next(self, secret: str) -> str:
        self.at = max(self.at + timedelta(seconds=30), datetime.now(UTC))
        return code_of(secret, self.at)


async def _pending(day: Day, login: dict[str, str]) -> dict[str, Any]:
    told = {"Content-Type": "application/json"}
    body = json.dumps(login).encode()
    answer = await day.mall.server.raw("POST", f"{CONSOLE}/sessions", body, told)
    assert answer.json["code"] == "second_factor_required"
    return {"sign_in_token": answer.json["facts"]["sign_in_token"]}


async def _options(
    day: Day, person: Person, path: str, at: dict[str, str], body: Any = None
) -> dict[str, Any]:
    """It changes nothing that the log would tell of."""
    answer = await person.call("POST", path, body, headers=at)
    assert answer.status == 200, answer.body
    day.done.add(("POST", path))
    return dict(answer.json)
