"""What Reloadly's APIs have in common on the supplier's side: tokens, faults, pages, the words for an order's states."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs

from commissary.base import money
from commissary.simulators.shop import Order, Shop
from commissary.simulators.types import Asked, Said

OURS = "CNY"
AT = "2025-11-26 06:53:20"
REPEATED = (
    "CUSTOM_IDENTIFIER_ALREADY_USED",
    "The custom identifier provided has already been used. Please provide a new, unique custom identifier",
)
NO_BALANCE = ("INSUFFICIENT_BALANCE", "The balance does not suffice")
_HOSTS = ("https://", "http://127.0.0.1:")
# There is no word for a part, and none for money of which a part came back.
_STATES = {"doing": "PROCESSING", "done": "SUCCESSFUL", "partial": "SUCCESSFUL", "failed": "FAILED"}


class ReloadlyApi:
    """One of them: `ACCEPT` is its media type, `SCOPE` and `LASTS_S` are its tokens'."""

    ACCEPT: ClassVar[str]
    SCOPE: ClassVar[str]
    LASTS_S: ClassVar[int]

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def answer(self, asked: Asked) -> Said:
        if (asked.method, asked.path) == ("POST", "/oauth/token"):
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer {self._right_token()}":
            return no(401, asked, "INVALID_TOKEN", "Full authentication is required to access this resource")
        if asked.headers.get("accept") != self.ACCEPT:
            return no(406, asked, None, "Could not find acceptable representation")
        what = {name: values[0] for name, values in parse_qs(asked.query).items()}
        path = tuple(asked.path.strip("/").split("/"))
        if (asked.method, *path) == ("GET", "accounts", "balance"):
            told = {"balance": number(self.shop.balance_e4), "currencyCode": OURS}
            return self.said(told | {"currencyName": "Chinese Yuan", "updatedAt": AT})
        return self.answered(asked, path, what)

    def answered(self, asked: Asked, path: tuple[str, ...], what: dict[str, str]) -> Said:
        """To somebody who may ask; `what` is the query."""
        raise NotImplementedError

    def callback(self, order: Order) -> Asked | None:
        return None

    def said(self, told: object) -> Said:
        return Said(200, json.dumps(told, ensure_ascii=False).encode(), {"content-type": self.ACCEPT})

    def searched(self, what: dict[str, str]) -> list[Order]:
        """Looked at: all, or those under one of the buyer's numbers; or the report of a span, as it is written down."""
        if "startDate" in what:
            return self.shop.listed(_second(what["startDate"]), _second(what["endDate"]))
        ref = what.get("customIdentifier")
        found = list(self.shop.numbers.values()) if ref is None else self.shop.under(ref)
        return [self.shop.look(order) for order in found]

    def numbered(self, text: str) -> Order | None:
        return self.shop.numbers.get(f"S{int(text):010d}") if text.isdecimal() else None

    def _right_token(self) -> str:
        return hashlib.sha256(f"{self.SCOPE} {self.shop.account} {self.shop.key}".encode()).hexdigest()

    def _token(self, asked: Asked) -> Said:
        """The audience may be any host of ours, or this machine."""
        what = json.loads(asked.body)
        audience = str(what.pop("audience", ""))
        ours = {"client_id": self.shop.account, "client_secret": self.shop.key}
        known = what == ours | {"grant_type": "client_credentials"}
        if not known or not audience.startswith(_HOSTS) or not_json(asked):
            return no(401, asked, "INVALID_CREDENTIALS", "Access Denied")
        told = {"access_token": self._right_token(), "scope": self.SCOPE}
        return self.said(told | {"expires_in": self.LASTS_S, "token_type": "Bearer"})


def no(status: int, asked: Asked, code: str | None, message: str) -> Said:
    told = {"timeStamp": AT, "message": message, "path": asked.path, "errorCode": code}
    return Said(status, json.dumps(told | {"infoLink": None, "details": []}).encode())


def not_json(asked: Asked) -> bool:
    return asked.headers.get("content-type") != "application/json"


def page(found: list[Any], what: dict[str, str]) -> dict[str, Any]:
    size, at = int(what.get("size", 200)), int(what.get("page", 1))
    return {
        "content": found[(at - 1) * size : at * size],
        "totalElements": len(found),
        "totalPages": -(-len(found) // size),
        "last": at * size >= len(found),
        "size": size,
        "number": at - 1,
    }


def _second(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()


def moment(order: Order) -> str:
    return datetime.fromtimestamp(order.at_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def number(amount_e4: int) -> float:
    return float(money.text(amount_e4))


def id_of(order: Order) -> int:
    return int(order.number.lstrip("S"))


def state_of(order: Order) -> str:
    return "REFUNDED" if order.state == "failed" and order.refunded_e4 else _STATES[order.state]
