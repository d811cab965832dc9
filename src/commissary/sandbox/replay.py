"""A call of the log again, in the sandbox: signed with a test key that the company has for this, through the door that all calls take.

The log hides what is somebody's; whoever repeats a call writes that again. Nothing is sent that still hides something, and nothing
ever to the live mall: the key is one of the sandbox, by its very id.
"""

import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import msgspec

from commissary import insight, partners, tenancy
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.http import Receive, Scope, Send
from commissary.sandbox.keep import Sandbox
from commissary.sandbox.types import Replayed, SandboxRefusal
from commissary.tenancy.types import BUYER_SCOPES, Actor, ApiKey

KEY_NAME = "Replay 重放"
LONGEST = 64 * 1024
_CUT = 200  # a path this long may have been cut


@dataclass
class Replayer:
    """One per process. `edge`: the partner API's front."""

    env: Env
    sandbox: Sandbox
    keys: tenancy.KeyCache
    edge: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    async def replay(self, actor: Actor, call_id: int, body: str | None) -> Replayed:
        """`body`: what to send, as JSON; None: as it was kept. Refuses `not_found`, `forbidden`, `no_sandbox`, `not_replayable`,
        and by its fields what is still hidden."""
        call, _, _ = await insight.get_call(self.env, actor, call_id)
        tenancy.require_for(actor, "keys.write", call.organisation_id)
        if len(call.path) >= _CUT or not call.path.startswith("/v1/"):
            raise Refused(SandboxRefusal.not_replayable)
        content = _content(call.request if body is None else body)
        there = actor
        if not self.env.is_test(actor.mall_id):
            there = await self.sandbox.buyer(actor, call.organisation_id)
        key = await self._key(there, call.organisation_id)
        assert self.env.is_test(key.mall_id)
        named = await self.keys.load(call.key_id)
        headers = {"content-type": "application/json"} if content else {}
        if call.idempotency_key and call.path != "/v1/orders":
            headers["idempotency-key"] = call.idempotency_key
        if named is not None:
            headers["commissary-version"] = named.api_version
        began = time.perf_counter()
        status, told, answer = await self._send(actor.ip, key, call.method, call.path, headers, content)
        took = int((time.perf_counter() - began) * 1_000_000)
        async with self.env.db.transaction(actor.mall_id) as tx:
            after = {"method": call.method, "path": call.path, "status": status, "key_id": key.id}
            await tenancy.audit(tx, self.env, actor, "call.replay", f"call:{call_id}", None, after)
        text = answer[:LONGEST].decode("utf-8", "replace")
        request = told.get(b"commissary-request-id", b"").decode("latin-1")
        return Replayed(call.method, call.path, status, request, took, key.id, text)

    async def _key(self, there: Actor, company: int) -> ApiKey:
        """The company's key for this; made when there is none that opens."""
        master = msgspec.structs.replace(there, permissions=frozenset({"*"}))
        now = self.env.now(there.mall_id)
        found = await tenancy.list_keys(self.env, master, organisation_id=company, size=200)
        usable = [k.id for k in found if k.name == KEY_NAME and not k.revoked_at and not k.expires_at]
        if not usable:
            made, _ = await partners.issue_key(self.env, there, company, name=KEY_NAME, scopes=BUYER_SCOPES)
            usable = [made.id]
        key = await self.keys.load(usable[-1])
        if key is None or not tenancy.live_secrets(key, now):
            raise Refused(RequestRefusal.unavailable)
        return key

    async def _send(
        self, ip: str, key: ApiKey, method: str, path: str, more: dict[str, str], body: bytes
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """As a program would send it, but for the socket."""
        assert self.edge is not None
        at, nonce = str(int(time.time())).encode(), secrets.token_hex(16).encode()
        raw = path.encode()
        signed = tenancy.signature_of(key.secrets[0], method, raw, b"", at, nonce, body)
        headers = [
            (b"commissary-key", key.id.encode()),
            (b"commissary-timestamp", at),
            (b"commissary-nonce", nonce),
            (b"commissary-signature", signed),
            *((name.encode(), value.encode()) for name, value in more.items()),
        ]
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": raw,
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": (ip or "127.0.0.1", 0),
            "server": ("sandbox", 80),
            "state": {},
        }
        said: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            said.append(message)

        await self.edge(scope, receive, send)
        start = next(m for m in said if m["type"] == "http.response.start")
        answer = b"".join(m.get("body", b"") for m in said if m["type"] == "http.response.body")
        return start["status"], dict(start["headers"]), answer


def _content(text: str | None) -> bytes:
    """Refuses what is no JSON, and what still hides something, place by place."""
    if not text:
        return b""
    try:
        told = msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise invalid("body", "is not whole JSON / 不是完整的 JSON") from None
    if hidden := insight.hidden_in(told):
        said = "the log hides this: write it again / 日志已隐藏该内容，请重新填写"
        raise Refused(RequestRefusal.invalid_request, fields=[FieldFault(f"body.{p}", said) for p in hidden])
    return text.encode()
