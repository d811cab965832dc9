"""What every connector speaks of, whatever its supplier calls it. Money is `_e4` in the connection's currency."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeVar

import msgspec

T = TypeVar("T")
Kind = Literal["code", "topup"]


class Request(msgspec.Struct, frozen=True):
    """To be sent as it is: what was signed are these bytes."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class Response(msgspec.Struct, frozen=True):
    """`headers` by their names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


Conversation = Generator[Request, Response, T]


class Silence(Exception):
    """No answer came. `sent`: the supplier may have got the request."""

    def __init__(self, sent: bool = True) -> None:
        super().__init__("no answer" if sent else "not sent")
        self.sent = sent


class Unreadable(Exception):
    """An answer, but not one of the protocol: a proxy's page, half a body, a code that nobody documented."""


class Fault(Exception):
    """A clear no to a question that buys nothing: wrong key, no such goods. `code` and `said` are the supplier's."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said


class Forged(Exception):
    """A callback that the supplier did not sign."""


@dataclass(frozen=True)
class Connection:
    """Our account with one supplier. `secret` signs; never shown. `settings`: what its protocol wants to be told beside."""

    base_url: str
    account: str
    secret: str = field(repr=False)
    currency: str = "CNY"
    settings: Mapping[str, object] = field(default_factory=dict)


class Facts(msgspec.Struct, frozen=True):
    """What may be relied on. Without `idempotent` and without `queries` a silent purchase is a matter for people.

    `guard`: what a price limit is said of; None: none can be sent, so the price is looked at before. `quiet_s`: how long
    an order that was not found may still turn up. `field`: what a top-up's account is called in every order; '' where
    each article has its own template.

    `tells_money`: its answers say what an order cost and what came back; without, its word alone says that one failed.
    Without `says_missing` a query never tells that there is no such order; without `says_refunds` an order that failed
    has all its money back, by the meaning of the word; without `signs_callbacks` a callback is a reason to ask, no more.
    """

    idempotent: bool
    queries: bool
    cancels: bool
    callbacks: bool
    guard: Literal["unit", "total"] | None
    kinds: frozenset[Kind] = frozenset({"code", "topup"})
    field: str = ""
    tells_money: bool = True
    quiet_s: int = 600
    says_missing: bool = True
    says_refunds: bool = True
    signs_callbacks: bool = True


class InputField(msgspec.Struct, frozen=True):
    """What a buyer must tell for a top-up. `choices`: nothing else is taken, when there are any."""

    name: str
    label: str
    choices: tuple[str, ...] = ()


class Good(msgspec.Struct, frozen=True):
    """An article as the supplier offers it. `stock` None: not told. `fields` None: to be asked for by `template`."""

    id: str
    name: str
    kind: Kind
    price_e4: int
    on_sale: bool
    stock: int | None = None
    face_value_e4: int | None = None
    least: int = 1
    most: int | None = None
    banned_channels: tuple[str, ...] = ()
    least_resale_e4: int | None = None
    fields: tuple[InputField, ...] | None = None


class Page(msgspec.Struct, frozen=True):
    """`next` begins the following page; '' on the last."""

    goods: tuple[Good, ...]
    next: str


class Purchase(msgspec.Struct, frozen=True):
    """`ref` is ours, kept before anything is sent. `most_unit_e4` is signed into the order: dearer is not bought."""

    ref: str
    good_id: str
    quantity: int
    most_unit_e4: int
    fields: Mapping[str, str] = {}
    callback_url: str = ""


class Outcome(StrEnum):
    """Only `failed` may be bought elsewhere, and only after the supplier's quiet time. `unknown` is asked about again."""

    accepted = "accepted"
    succeeded = "succeeded"
    failed = "failed"
    unknown = "unknown"


class Code(msgspec.Struct, frozen=True):
    """`repr` shows neither."""

    secret: str
    number: str | None = None

    def __repr__(self) -> str:
        return "Code(…)"


NOT_FOUND = "not_found"
"""The `reason` of a query for an order that the supplier does not have (yet): with it, its quiet time begins."""


class Result(msgspec.Struct, frozen=True):
    """What an answer says of one purchase. `cost_e4` is the whole order's; `reason` is the supplier's own code."""

    outcome: Outcome
    supplier_ref: str = ""
    cost_e4: int | None = None
    refunded_e4: int = 0
    codes: tuple[Code, ...] = ()
    reason: str = ""
    said: str = ""


class Notice(msgspec.Struct, frozen=True):
    """A callback whose signature holds. `trusted` is what it may be believed in; what is not signed is asked for."""

    ref: str
    trusted: Result
    ask_again: bool = False


class Connector(Protocol):
    """One protocol, spoken over one connection. No sockets, no clock: every conversation is told the time."""

    facts: Facts

    def balance(self, at_ms: int) -> Conversation[int]: ...
    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]: ...
    def good(self, at_ms: int, good_id: str) -> Conversation[Good]: ...
    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]: ...
    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]: ...
    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]: ...
    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]: ...
    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        """Raises Forged, or Unreadable."""
        ...

    heard: bytes
    """What a callback is answered with, so that it is not sent again."""
