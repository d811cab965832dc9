"""A request as it comes over the wire, an answer as it goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from commissary.simulators.shop import Order, Shop


@dataclass(frozen=True)
class Asked:
    """`headers` by their names in lower case; `query` as it stands behind the question mark. `to` is whom a callback is
    sent to ("http://127.0.0.1:8000"), and '' in what came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: str = ""
    to: str = ""


@dataclass(frozen=True)
class Said:
    """`after_s`: the answer takes so long."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    after_s: float = 0.0


class Supplier(Protocol):
    """One protocol over one shop."""

    shop: Shop

    def __init__(self, shop: Shop) -> None: ...

    def answer(self, asked: Asked) -> Said: ...

    def buys(self, asked: Asked) -> bool:
        """Is it a purchase? Those are what a liar lies about."""
        ...

    def callback(self, order: Order) -> Asked | None:
        """What is sent to the buyer when the order has moved; None in a protocol without."""
        ...


def called_back(shop: Shop, order: Order | None, headers: Mapping[str, str], body: bytes) -> Asked:
    """To the address in the order, if it is about one, else to the account's. Without either it goes nowhere (`to` is '')."""
    url = urlsplit((order.callback_url if order is not None else "") or shop.callback_url)
    to = f"{url.scheme}://{url.netloc}" if url.netloc else ""
    return Asked("POST", url.path or "/", headers, body, url.query, to)
