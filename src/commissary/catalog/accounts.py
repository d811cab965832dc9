"""Whether an account can be topped up, asked before anything is charged: the mall's lists, the table of segments, and last
whoever the mall has named to be asked.

A checker is outside and slow: it has 300 ms, and the mall says what its silence means. A number in the lists is a blind
index; no list of telephone numbers lies in the database.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.outgoing import Blocked, Outgoing, Unreachable
from commissary.catalog.rules import judge_account
from commissary.catalog.segments import carrier_of
from commissary.catalog.store import Q
from commissary.catalog.types import AccountRefusal, Checker, FieldSpec, NumberFacts, NumberRow
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.catalog")

DEADLINE_S = 0.3
PURPOSE = "account-checker"
REASONS = {
    "dead": AccountRefusal.account_dead,
    "ported": AccountRefusal.account_ported,
    "operator": AccountRefusal.account_wrong_operator,
    "region": AccountRefusal.account_region,
}


class _Said(msgspec.Struct, frozen=True):
    ok: bool
    reason: str = ""


_said = msgspec.json.Decoder(_Said).decode


@dataclass(frozen=True)
class Accounts:
    """One per process."""

    env: Env
    outgoing: Outgoing

    async def check(
        self, mall: int, sku_id: int, specs: Sequence[FieldSpec], clean: Mapping[str, str]
    ) -> tuple[AccountRefusal, str] | None:
        """Of fields that passed `check_fields`: the first reason not to take them, and the name of the field."""
        for spec in specs:
            if spec.asks and spec.name in clean:
                no = await self._check(mall, sku_id, spec, clean[spec.name])
                if no is not None:
                    return no, spec.name
        return None

    async def _check(self, mall: int, sku_id: int, spec: FieldSpec, account: str) -> AccountRefusal | None:
        async with self.env.db.transaction(mall) as tx:
            facts = await facts_of(tx, self.env, mall, account, self.env.now(mall))
            asked = await db.row(tx, Q.checker, {"mall": mall}) if spec.checked else None
        no = judge_account(spec, facts)
        if no is not None or asked is None:
            return no
        url, on_silence, _, sealed = asked
        secret = self.env.keys.open_field(mall, PURPOSE, bytes(sealed))
        said = await self._ask(url, secret, sku_id, account)
        if said is None:
            return AccountRefusal.account_unchecked if on_silence == "refuse" else None
        return None if said.ok else REASONS.get(said.reason, AccountRefusal.account_refused)

    async def _ask(self, url: str, secret: bytes, sku_id: int, account: str) -> _Said | None:
        """None: no answer in time, or none that can be read."""
        body = msgspec.json.encode({"sku_id": str(sku_id), "account": account})
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": signature}
        try:
            async with asyncio.timeout(DEADLINE_S):
                reply = await self.outgoing.post(url, headers, body)
            return _said(reply.body) if reply.status == 200 else None
        except (TimeoutError, Unreachable, Blocked, msgspec.DecodeError) as error:
            log.info("an account checker gave no answer: %s", type(error).__name__)
            return None


async def facts_of(tx: db.Tx, env: Env, mall: int, account: str, at: datetime) -> NumberFacts:
    """What the mall's lists say, and of a Chinese mobile number the table of segments."""
    mobile = len(account) == 11 and account.isascii() and account.isdigit() and account[0] == "1"
    prefixes = [account[:n] for n in range(3, 12)] if mobile else []
    asked = {"mall": mall, "number": _blind(env, mall, account), "prefixes": prefixes, "at": at}
    found = await db.row(tx, Q.number_facts, asked)
    assert found is not None
    state, ported_to, own, region = found
    first = own or (carrier_of(account) if mobile else None)
    ported = state == "ported"
    return NumberFacts(state == "dead", ported, ported_to if ported else first, region)


async def add_numbers(
    env: Env,
    actor: Actor,
    kind: Literal["segment", "dead", "ported", "plain"],
    rows: Sequence[NumberRow],
    *,
    valid_from: datetime,
    source: str,
) -> int:
    """What a mall knows of segments or of single numbers, from an instant on; the same rows again replace themselves.
    Returns how many are kept; a number that is named twice counts as it was named last."""
    tenancy.require(actor, "catalog.write")
    mall = actor.mall_id
    kept = {row.number: row for row in rows}
    faults = [
        FieldFault(f"rows[{i}].number", "a whole number of 11 digits / 须为 11 位手机号")
        for i, row in enumerate(rows)
        if kind != "segment" and len(row.number) != 11
    ] + [
        FieldFault(f"rows[{i}].carrier", "a carrier or a region / 须填写运营商或归属地")
        for i, row in enumerate(rows)
        if kind == "segment" and row.carrier is None and row.region is None
    ]
    if faults:
        raise Refused(RequestRefusal.invalid_request, fields=faults[:20])
    asked = {
        "mall": mall,
        "kind": kind,
        "from": valid_from,
        "source": source,
        "carriers": [row.carrier for row in kept.values()],
        "regions": [row.region for row in kept.values()],
    }
    async with env.db.transaction(mall) as tx:
        if kind == "segment":
            await db.run(tx, Q.add_segments, asked | {"numbers": list(kept)})
        else:
            blinds = [_blind(env, mall, number) for number in kept]
            await db.run(tx, Q.add_notes, asked | {"numbers": blinds})
        told = {"kind": kind, "rows": len(kept), "valid_from": valid_from, "source": source}
        await tenancy.audit(tx, env, actor, "catalog.add_numbers", f"mall:{mall}", None, told)
    return len(kept)


async def get_checker(env: Env, actor: Actor) -> Checker | None:
    tenancy.require(actor, "catalog.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.checker, {"mall": actor.mall_id})
    return Checker(*found[:3]) if found else None


async def set_checker(
    env: Env,
    actor: Actor,
    outgoing: Outgoing,
    *,
    url: str,
    secret: str,
    on_silence: Literal["pass", "refuse"],
) -> Checker:
    """Refuses addresses that we may not call."""
    tenancy.require(actor, "catalog.write")
    blocked = outgoing.check_url(url)
    if blocked is not None:
        raise invalid("url", f"{blocked.en} / {blocked.zh}")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    sealed = env.keys.seal_field(mall, PURPOSE, secret.encode())
    async with env.db.transaction(mall) as tx:
        given = {"mall": mall, "url": url, "secret": sealed, "on_silence": on_silence, "at": at}
        was = await _shown(tx, mall)
        await db.run(tx, Q.set_checker, given)
        told = {"url": url, "on_silence": on_silence}
        await tenancy.audit(tx, env, actor, "catalog.set_checker", f"mall:{mall}", was, told)
    return Checker(url, on_silence, at)


async def drop_checker(env: Env, actor: Actor) -> None:
    tenancy.require(actor, "catalog.write")
    async with env.db.transaction(actor.mall_id) as tx:
        was = await _shown(tx, actor.mall_id)
        if await db.run(tx, Q.drop_checker, {"mall": actor.mall_id}):
            await tenancy.audit(tx, env, actor, "catalog.drop_checker", f"mall:{actor.mall_id}", was)


async def _shown(tx: db.Tx, mall: int) -> dict[str, str] | None:
    """The checker as the audit log tells of it."""
    found = await db.row(tx, Q.checker, {"mall": mall})
    return {"url": found[0], "on_silence": found[1]} if found else None


def _blind(env: Env, mall: int, number: str) -> bytes:
    return env.keys.blind(f"number|{mall}", number)[:16]
