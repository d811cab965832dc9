"""What a form reads: goods, orders and codes, by the paths that it names. Whatever is not as it says is Unreadable."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from commissary.dialects import money
from commissary.supply.connectors.answers import int_at, text_at, yuan_at
from commissary.supply.connectors.form_spec import (
    CodeObjects,
    CodeText,
    FormSpec,
    GoodReads,
    KindOf,
    Money,
    OneOf,
    OrderReads,
)
from commissary.supply.types import Code, Good, Kind, Outcome, Result, Unreadable


def named(spec: FormSpec) -> frozenset[str]:
    """All that the form speaks of, in whatever place: none of it is new when an answer has it where it is not looked at."""
    return frozenset(step for text in _texts(msgspec.to_builtins(spec)) for step in text.split("."))


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for name, value in found.items():
            yield from _texts(name)
            yield from _texts(value)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _texts(each)


def good(spec: FormSpec, told: Mapping[str, Any]) -> Good:
    reads = spec.good_reads
    kind = _kind(told, reads)
    fields = () if kind == "code" else None if spec.template is not None else spec.fields
    most = whole(told, reads.most) or None if reads.most else None
    return Good(
        id=text(told, reads.id),
        name=text(told, reads.name),
        kind=kind,
        price_e4=amount(told, reads.price),
        on_sale=reads.on_sale is None or _is(told, reads.on_sale),
        stock=whole(told, reads.stock) if reads.stock else None,
        face_value_e4=amount(told, reads.face_value) if reads.face_value is not None else None,
        least=max(1, whole(told, reads.least)) if reads.least else 1,
        most=most if "quantity" in spec.place.send else 1,
        fields=fields,
    )


def result(reads: OrderReads, told: Mapping[str, Any]) -> Result:
    state = word(told, reads.status.at)
    outcome = reads.status.words.get(state, Outcome.unknown)
    cost_e4 = None if reads.cost is None else amount(told, reads.cost)
    refunded_e4 = (cost_e4 or 0) if outcome is Outcome.failed else 0
    if reads.refunded is not None:
        refunded_e4 = amount(told, reads.refunded)
        if refunded_e4 > (cost_e4 or 0):
            raise Unreadable("more came back than was paid")
    all_back = refunded_e4 == (cost_e4 or 0) and (reads.back is None or _is(told, reads.back))
    if outcome is Outcome.failed and not all_back:
        outcome = Outcome.unknown  # in part, or not yet: a part may have been delivered
    codes = _codes(told, reads.codes)
    if codes and reads.quantity and len(codes) != whole(told, reads.quantity):
        raise Unreadable(f"{len(codes)} codes")
    return Result(
        outcome=outcome,
        supplier_ref=text(told, reads.supplier_ref),
        cost_e4=cost_e4,
        refunded_e4=refunded_e4,
        codes=codes,
        reason=state,
        said=said(told, reads.said),
    )


def at(told: Mapping[str, Any], path: str) -> Any:
    found: Any = told
    for step in path.split(".") if path else ():
        if not isinstance(found, dict) or step not in found:
            raise Unreadable(f"{path} is missing")
        found = found[step]
    return found


def an_object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unreadable("not an object")
    return found


def objects(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        raise Unreadable("not a list")
    return [an_object(each) for each in found]


def word(told: Mapping[str, Any], path: str) -> str:
    """A text, a number, or true and false."""
    found = at(told, path)
    return str(found).lower() if isinstance(found, bool) else text_at({path: found}, path)


def text(told: Mapping[str, Any], path: str) -> str:
    return text_at({path: at(told, path)}, path)


def whole(told: Mapping[str, Any], path: str) -> int:
    found = int_at({path: at(told, path)}, path)
    if found < 0:
        raise Unreadable(f"{path} is below zero")
    return found


def said(told: Mapping[str, Any], path: str) -> str:
    """For people; it may be missing."""
    try:
        found = at(told, path) if path else ""
    except Unreadable:
        return ""
    return found[:200] if isinstance(found, str) else ""


def balance(told: Mapping[str, Any], of: Money) -> int:
    """An amount that may be below zero."""
    found = {of.at: at(told, of.at)}
    if of.unit != "fen":
        return yuan_at(found, of.at)
    try:
        return money.of_fen(int_at(found, of.at))
    except ValueError as error:
        raise Unreadable(f"{of.at}: {error}") from None


def amount(told: Mapping[str, Any], of: Money) -> int:
    amount_e4 = balance(told, of)
    if amount_e4 < 0:
        raise Unreadable(f"{of.at} is below zero")
    return amount_e4


def _kind(told: Mapping[str, Any], reads: GoodReads) -> Kind:
    if not isinstance(reads.kind, KindOf):
        return reads.kind
    kind = reads.kind.words.get(word(told, reads.kind.at))
    if kind is None:
        raise Unreadable(reads.kind.at)
    return kind


def _is(told: Mapping[str, Any], one: OneOf) -> bool:
    return word(told, one.at) in one.words


def _codes(told: Mapping[str, Any], codes: CodeObjects | CodeText | None) -> tuple[Code, ...]:
    if codes is None:
        return ()
    found = at(told, codes.at)
    if isinstance(codes, CodeObjects):
        return tuple([_code(each, codes) for each in objects(found)])
    pieces = found.split(codes.between) if isinstance(found, str) else found
    if not isinstance(pieces, list) or not all(isinstance(each, str) for each in pieces):
        raise Unreadable(f"{codes.at} is no text")
    return tuple([_cut(piece.strip(), codes.pair) for piece in pieces if piece.strip()])


def _code(card: Mapping[str, Any], codes: CodeObjects) -> Code:
    """A card without a secret: its number is what is redeemed."""
    number = at(card, codes.number) if codes.number else ""
    if codes.number and at(card, codes.secret) in (None, ""):
        return Code(text(card, codes.number))
    return Code(text(card, codes.secret), None if number in (None, "") else text(card, codes.number))


def _cut(piece: str, pair: str) -> Code:
    if not pair:
        return Code(piece)
    number, between, secret = (each.strip() for each in piece.partition(pair))
    if not between or not number or not secret:
        raise Unreadable("a code that is not a pair")
    return Code(secret, number)
