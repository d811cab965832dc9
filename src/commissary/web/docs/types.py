"""What the pages are made of, after the specification has been read for one language."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, cast

import msgspec

from commissary.base.errors import Refusal

Lang = Literal["zh-CN", "en"]
LANGS: tuple[Lang, ...] = ("zh-CN", "en")
Spec = Mapping[str, Any]


class ErrorEntry(NamedTuple):
    """One line of the error catalogue. `domain` groups the page."""

    code: str
    status: int
    retryable: bool
    who: str
    outcome: str
    en: str
    zh: str
    domain: str


def catalogue(refusals: Mapping[str, type[Refusal]]) -> list[ErrorEntry]:
    """{domain: its enum of refusals} → entries, in the enums' order, which is their order of precedence."""
    return [
        ErrorEntry(r.code, r.status, r.retryable, r.who, r.outcome, r.en, r.zh, domain)
        for domain, members in refusals.items()
        for r in cast("list[Refusal]", list(members))
    ]


class Recipe(msgspec.Struct, frozen=True):
    """How a request is signed: HMAC-SHA-256, hexadecimal, over six lines joined by one line feed each."""

    key_header: str = "Commissary-Key"
    timestamp_header: str = "Commissary-Timestamp"
    nonce_header: str = "Commissary-Nonce"
    signature_header: str = "Commissary-Signature"
    window_s: int = 300


class Row(msgspec.Struct, frozen=True):
    """One field of a schema, flattened: `depth` says how far it is indented, `path` is what an error would name."""

    path: str
    name: str
    depth: int
    type: str
    required: bool = False
    note: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    schema: str | None = None
    variant: bool = False


class Parameter(msgspec.Struct, frozen=True):
    place: str  # path | query | header
    row: Row
    example: str | None


class Body(msgspec.Struct, frozen=True):
    media: str
    schema: str | None
    type: str
    rows: tuple[Row, ...]
    example: Any
    has_example: bool


class Response(msgspec.Struct, frozen=True):
    status: str
    note: str
    body: Body | None


class Operation(msgspec.Struct, frozen=True):
    id: str
    slug: str
    method: str
    path: str
    summary: str
    note: str
    parameters: tuple[Parameter, ...]
    request: Body | None
    responses: tuple[Response, ...]
    errors: tuple[ErrorEntry, ...]
    signed: bool
    deprecated: bool
    incoming: bool = False  # a webhook: we call, you answer


class Group(msgspec.Struct, frozen=True):
    slug: str
    title: str
    note: str
    operations: tuple[Operation, ...]


class Named(msgspec.Struct, frozen=True):
    """A schema of `components`, for the list at the end of the reference."""

    name: str
    slug: str
    type: str
    note: str
    rows: tuple[Row, ...]
    values: tuple[str, ...]


class Reference(msgspec.Struct, frozen=True):
    title: str
    version: str
    note: str
    groups: tuple[Group, ...]
    schemas: tuple[Named, ...]
