"""A supplier's protocol as data: what `form` speaks by.

It comes as JSON and is checked as a whole (`form_checks`); nothing in it is run.
`at` is a dotted path into an answer ("data.order"), '' the answer itself; what is read of a good or an order is a path from
there on. `send` maps our words to the supplier's names.
"""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Any, Literal

import msgspec

from commissary.dialects import SPECS, Characters, Parts, Sorted
from commissary.supply.types import InputField, Kind, Outcome

Unit = Literal["yuan", "yuan4", "fen"]
"""Main units as text, with 2 or with 4 places (read alike), or hundredths as a whole number."""
Encoding = Literal["json", "form"]
Words = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]

PARTS = frozenset(
    {"timestamp", "account", "app_id", "method", "path", "query", "body", "body_md5", "body_sha256", "key"}
)
"""What a rule of parts may be made of, beside its fixed texts; `app_id` is the account."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"in_": "in", "as_": "as"}):
    pass


class SortedSign(Sorted, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sorted"):
    pass


class PartsSign(Parts, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="parts"):
    pass


class CharactersSign(Characters, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="characters"):
    pass


Sign = str | SortedSign | PartsSign | CharactersSign
"""The name of a row of `dialects.SPECS`, or a rule of its own."""


class Put(_Strict, frozen=True):
    """Where something travels. A parameter is in the body, or of a GET in the query."""

    in_: Literal["header", "parameter", "query"]
    name: str


class Stamp(Put, frozen=True):
    """Seconds, milliseconds, or China's time as 2025-11-26 14:53:20 or 20251126145320."""

    clock: Literal["s", "ms", "text", "digits"] = "s"
    as_: Literal["text", "int"] = "text"


class Signing(_Strict, frozen=True):
    """`also`: parts with a fixed text."""

    spec: Sign
    put: Put
    timestamp: Stamp | None = None
    account: Put | None = None
    also: Mapping[str, str] = {}


class Sent(_Strict, frozen=True):
    name: str
    as_: Literal["text", "int"] = "text"


class Money(_Strict, frozen=True):
    at: str
    unit: Unit = "yuan"


class Ask(_Strict, frozen=True):
    """`fixed` goes with every request of its kind; `encoding` as in the form where it is not said."""

    path: str
    method: Literal["GET", "POST"] = "POST"
    encoding: Encoding | None = None
    send: Mapping[str, str | Sent] = {}
    fixed: Mapping[str, str | int | bool] = {}


class Balance(Ask, frozen=True, kw_only=True):
    """What is told at these paths, together."""

    add: Annotated[tuple[Money, ...], msgspec.Meta(min_length=1)]


class Goods(Ask, frozen=True, kw_only=True):
    """`total`: where the number of goods is told; `pages`: that of pages. With neither, all come at once."""

    at: str
    size: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    total: str = ""
    pages: str = ""


class One(Ask, frozen=True, kw_only=True):
    at: str


class Template(Ask, frozen=True, kw_only=True):
    at: str
    name: str
    label: str = ""


class Guard(_Strict, frozen=True):
    """What the price limit is called, and what it is said of."""

    name: str
    of: Literal["unit", "total"]
    unit: Unit = "yuan"


class Fields(_Strict, frozen=True):
    """How a top-up's fields are sent. flat: each as a parameter; object: together under `name`; pairs: there as a list of
    objects with their `key` and their `value`; text: the only one, under `name`."""

    shape: Literal["flat", "object", "pairs", "text"]
    name: str = ""
    key: str = "key"
    value: str = "value"


class Place(Ask, frozen=True, kw_only=True):
    at: str = ""
    guard: Guard | None = None
    fields: Fields | None = None
    supplier_ref: str = ""
    cost: Money | None = None


class Query(Ask, frozen=True, kw_only=True):
    """`empty_is_missing`: an empty list says that there is no such order."""

    at: str
    empty_is_missing: bool = False


class OneOf(_Strict, frozen=True):
    at: str
    words: Words


class KindOf(_Strict, frozen=True):
    at: str
    words: Mapping[str, Kind]


class GoodReads(_Strict, frozen=True):
    """Without `on_sale`, what is listed is on sale."""

    id: str
    name: str
    price: Money
    kind: Kind | KindOf
    on_sale: OneOf | None = None
    stock: str = ""
    face_value: Money | None = None
    least: str = ""
    most: str = ""


class Status(_Strict, frozen=True):
    """Every word that is not listed is `unknown`."""

    at: str
    words: Mapping[str, Outcome]


class CodeObjects(_Strict, frozen=True, tag_field="shape", tag="objects"):
    """A list of objects. `number` '': a code has none."""

    at: str
    secret: str
    number: str = ""


class CodeText(_Strict, frozen=True, tag_field="shape", tag="text"):
    """One text with a code in every piece, or a list of such pieces. `pair` divides a piece into number and secret."""

    at: str
    between: str = "\n"
    pair: str = ""


class OrderReads(_Strict, frozen=True):
    """`ref` is our number. `refunded`, `back`: when a failure is believed; without them, by the word alone."""

    ref: str
    supplier_ref: str
    status: Status
    cost: Money | None = None
    refunded: Money | None = None
    back: OneOf | None = None
    codes: CodeObjects | CodeText | None = None
    quantity: str = ""
    said: str = ""


class Answers(_Strict, frozen=True):
    """`refused`: of this order, nothing was bought now. `repeated`: the number was used before. `missing`: there is no such
    order. Whatever else stands in the code says nothing."""

    code: str
    ok: Words
    said: str = ""
    refused: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Rewritten(_Strict, frozen=True):
    """The signed body is not what came but the same as JSON with sorted names, `without` some of them."""

    without: tuple[str, ...]
    slashes: bool = False


class Callback(_Strict, frozen=True):
    """`answer`: what it is answered with. `ref`: where our number stands in it. `account`: where it says whose it is."""

    ref: str
    sign: Put
    answer: str
    encoding: Encoding = "json"
    spec: Sign | None = None
    timestamp: Put | None = None
    account: Put | None = None
    body: Rewritten | None = None


class FormSpec(_Strict, frozen=True):
    """`idempotent`: the supplier promises that one number is never bought twice. `base_url`: unless the connection says."""

    sign: Signing
    answer: Answers
    balance: Balance
    goods: Goods
    place: Place
    query: Query
    good_reads: GoodReads
    order_reads: OrderReads
    base_url: str = ""
    encoding: Encoding = "json"
    headers: Mapping[str, str] = {}
    good: One | None = None
    template: Template | None = None
    fields: tuple[InputField, ...] = ()
    cancel: Ask | None = None
    callback: Callback | None = None
    idempotent: bool = False
    quiet_s: Annotated[int, msgspec.Meta(ge=60, le=86_400 * 7)] = 600


OURS: dict[str, frozenset[str]] = {
    "balance": frozenset(),
    "goods": frozenset({"page", "size"}),
    "good": frozenset({"good"}),
    "template": frozenset({"good"}),
    "place": frozenset({"ref", "good", "quantity", "callback_url"}),
    "query": frozenset({"ref", "supplier_ref"}),
    "cancel": frozenset({"ref", "supplier_ref"}),
}
"""Our words, by what is asked."""


def example() -> dict[str, Any]:
    """A whole form, of the supplier of `commissary simulate form`; the address is the connection's."""
    told = resources.files(__package__).joinpath("form_example.json").read_bytes()
    found: dict[str, Any] = json.loads(told)
    del found["base_url"]
    return found


def kinds(spec: FormSpec) -> frozenset[Kind]:
    kind = spec.good_reads.kind
    return frozenset(kind.words.values()) if isinstance(kind, KindOf) else frozenset({kind})


def rule(sign: Sign) -> Sorted | Parts | Characters:
    return SPECS[sign] if isinstance(sign, str) else sign


def sent_as(to: str | Sent) -> Sent:
    return Sent(to) if isinstance(to, str) else to
