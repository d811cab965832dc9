"""What every list and id on the wire has in common: ids are decimal strings, lists come in pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from commissary.base.errors import Refusal, Refused, RequestRefusal, invalid
from commissary.base.form import Id as Id

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Url = Annotated[str, msgspec.Meta(max_length=500)]
Version = Annotated[
    int, msgspec.Meta(ge=0, le=2**31 - 1, description="The version this was made from; 0: of nothing yet")
]

MAX_SIZE = 200
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before", max_length=40)]
Size = Annotated[int, QueryParameter(description="Rows of a page", ge=1, le=MAX_SIZE)]

T = TypeVar("T")
W = TypeVar("W")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """`next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None


BINARY = {"type": "string", "format": "binary"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def said(
    summary_zh: str,
    description_zh: str = "",
    *errors: Refusal,
    takes: Mapping[str, Any] | None = None,
    gives: str = "",
    examples: Mapping[str, Any] | None = None,
    asks: bool = False,
) -> dict[str, Any]:
    """A handler's `opt`: what the OpenAPI document says beside the English, and which refusals to expect.

    Those that every operation may meet (of the entrance, of the form of a request) go without saying. `takes` describes a
    body that the handler reads by itself, as media type → schema; `gives` names the media type of an answer that is no
    JSON; `examples` are bodies by their names. `asks`: it may answer 202, when a second person is asked instead.
    """
    told: dict[str, Any] = {"x-summary-zh": summary_zh, "x-errors": [error.code for error in errors]}
    if description_zh:
        told["x-description-zh"] = description_zh
    more = (("takes", takes), ("gives", gives), ("examples", examples), ("asks", asks))
    return told | {k: v for k, v in more if v}


def number(text: str) -> int:
    """An id from a path. What cannot be an id is not found, like an id that nobody has."""
    if text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) < 2**63:
        return int(text)
    raise Refused(RequestRefusal.not_found)


def after(cursor: str | None) -> int:
    """The id after which a page begins."""
    if cursor is None:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) <= 19 and int(cursor) < 2**63:
        return int(cursor)
    raise invalid("cursor", "not a cursor of this list / 游标无效")


def sized(size: int) -> int:
    """How many rows to ask for: one more than a page shows, to know whether another follows."""
    if not 1 <= size <= MAX_SIZE:
        raise invalid("size", f"1 to {MAX_SIZE} / 每页 1–{MAX_SIZE} 条")
    return size + 1


def page(found: Sequence[T], size: int, show: Callable[[T], W], cursor: Callable[[T], object]) -> Page[W]:
    """`found` was asked for with `sized(size)`."""
    following = str(cursor(found[size - 1])) if len(found) > size else None
    return Page([show(item) for item in found[:size]], following)
