"""What Reloadly's APIs have in common: tokens, faults, pages, the search for an order and what its states mean.

Each API has a host of its own, and one host gives tokens for all. `account` and `secret` are the client's id and secret;
`base_url` names the host that gives tokens and the host of the API with a blank between them, or one that does both. Every
conversation begins by asking for a token. That costs a request, and is right all the same: a token kept would be state, and
whether it still holds a matter of the clock. Keeping it belongs to the transport.

`customIdentifier` is called unique, and a second order under it is refused, but not while the first is on its way: it is
searched for, never relied on.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from commissary.dialects import compact
from commissary.supply.connectors.answers import (
    array_of,
    int_at,
    json_of,
    list_at,
    object_of,
    only,
    text_at,
)
from commissary.supply.connectors.listed import utc, within
from commissary.supply.connectors.refusals import unless_bought
from commissary.supply.types import (
    Connection,
    Conversation,
    Fault,
    Outcome,
    Request,
    Response,
    Result,
    StatementLine,
    StatementPage,
    Unreadable,
)

PAGE = 200
DAY_MS = 86_400_000
REPEATED = "CUSTOM_IDENTIFIER_ALREADY_USED"
DEARER = "dearer"  # our own word
STATES = {
    "PENDING": Outcome.accepted,
    "PROCESSING": Outcome.accepted,
    "SUCCESSFUL": Outcome.succeeded,
    "REFUNDED": Outcome.failed,
    # FAILED: the money is not back yet
}


class Api:
    """One of them: `accept` is its version, `words` the beginnings of refusals that have no code, and the codes for them."""

    def __init__(self, connection: Connection, accept: str, words: Mapping[str, str]) -> None:
        self._to, self._accept, self._words = connection, accept, words
        self._auth, _, host = connection.base_url.partition(" ")
        self.host = host or self._auth

    def token(self) -> Conversation[str]:
        asked = {
            "client_id": self._to.account,
            "client_secret": self._to.secret,
            "grant_type": "client_credentials",
            "audience": self.host,
        }
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        answer = yield Request("POST", f"{self._auth}/oauth/token", headers, compact(asked).encode())
        if 400 <= answer.status < 500:
            raise self.fault(answer)
        token = text_at(json_of(answer), "access_token")
        if not token.isascii() or not token.isprintable():
            raise Unreadable("a token that no header can carry")
        return token

    def get(self, token: str, path: str, **asked: str | int) -> Conversation[bytes]:
        url = f"{self.host}{path}" + (f"?{urlencode(asked)}" if asked else "")
        answer = yield Request("GET", url, self._headers(token))
        if answer.status != 200:
            raise self.fault(answer)
        return answer.body

    def post(self, token: str, path: str, body: bytes) -> Request:
        headers = self._headers(token) | {"Content-Type": "application/json"}
        return Request("POST", f"{self.host}{path}", headers, body)

    def search(self, token: str, path: str, ref: str) -> Conversation[dict[str, Any] | None]:
        """The one order under our number; None: there is none. A bare list does not say that it is all there is."""
        body = yield from self.get(token, path, customIdentifier=ref, size=PAGE, page=1)
        orders, _ = page(body)
        if not orders and int_at(object_of(body), "totalElements") == 0:
            return None
        return only(orders, "orders")

    def statement(
        self,
        path: str,
        line: Callable[[Mapping[str, Any]], StatementLine],
        start_ms: int,
        end_ms: int,
        cursor: str,
    ) -> Conversation[StatementPage]:
        """The report of transactions. In which zone it takes its dates is not written down, so a day more is asked for on
        either side; the times in its answers are read as UTC."""
        number, form, token = int(cursor or 1), "%Y-%m-%d %H:%M:%S", (yield from self.token())
        span = {"startDate": utc(start_ms - DAY_MS, form), "endDate": utc(end_ms + DAY_MS, form)}
        body = yield from self.get(token, path, **span, size=PAGE, page=number)
        found, last = page(body)
        following = "" if last or not found else str(number + 1)
        return StatementPage(within([line(each) for each in found], start_ms, end_ms), following)

    def fault(self, answer: Response) -> Fault:
        """A clear no has a `message`, perhaps a code, and the status of one who asked wrongly."""
        if not 400 <= answer.status < 500:
            raise Unreadable(f"HTTP {answer.status}")
        told = object_of(answer.body)
        said = text_at(told, "message")
        if told.get("errorCode") is not None:
            return Fault(text_at(told, "errorCode"), said[:200])
        known = [code for words, code in self._words.items() if said.startswith(words)]
        return Fault(known[0] if known else f"HTTP {answer.status}", said[:200])

    def is_ours(self, told: Mapping[str, Any], name: str) -> None:
        """Is it our currency?"""
        if text_at(told, name) != self._to.currency:
            raise Unreadable(f"{name} is not {self._to.currency}")

    def _headers(self, token: str) -> dict[str, str]:
        return {"Accept": self._accept, "Authorization": f"Bearer {token}"}


def refused(query: Conversation[Result], fault: Fault, noes: frozenset[str]) -> Conversation[Result]:
    """The number may have been used before, whatever is refused now. Only with no order was nothing bought."""
    if fault.code not in noes:
        return Result(Outcome.unknown, reason=fault.code, said=fault.said)
    # A number that was used before, and yet no order under it: one of the two is wrong.
    outcome = Outcome.unknown if fault.code == REPEATED else Outcome.failed
    return (yield from unless_bought(query, Result(outcome, reason=fault.code, said=fault.said)))


def page(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    """And whether it is the last. The OpenAPI draws a bare list or one in `content`, the SDK a page with its `last`."""
    if is_list(body):
        return array_of(body), True
    told = object_of(body)
    last = told.get("last")
    if not isinstance(last, bool):
        raise Unreadable("last is missing")
    return list_at(told, "content"), last


def is_list(body: bytes) -> bool:
    return body.lstrip().startswith(b"[")
