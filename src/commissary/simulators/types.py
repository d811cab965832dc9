"""A request as it comes over the wire, an answer as it goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from commissary.simulators.shop import Order, Shop


@dataclass(frozen=True)
class Asked:
    """`headers` by their names in lower case; `query` as it stands behind the question mark."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: str = ""


@dataclass(frozen=True)
class Said:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


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
