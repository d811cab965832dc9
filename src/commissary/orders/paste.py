"""Accounts pasted by a buyer's person, one a line: looked at as a whole first, then ordered as an order file.

`look` asks everything that placing would ask and counts nothing: the form of each field, the mall's lists and checkers,
repeats, risk, price, stock and money. `sheet_of` writes the file that `sheet.upload` takes; what was pasted and what was
left out decide it alone, so that the same key with the same paste is the same file, whatever the day does meanwhile.

A line is a SKU's fields in their order, parted by tab, comma, semicolon or ----; one value more is how many pieces.
"""

import asyncio
import csv
import hashlib
import io
import re
import time
from collections.abc import Collection, Sequence

import msgspec

from commissary import catalog, ledger, pricing, risk
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.catalog.types import FieldSpec, SkuCard
from commissary.orders.desk import Desk
from commissary.orders.types import OrderRefusal
from commissary.risk.types import Facts, Line, Verdict
from commissary.tenancy.types import Caller

MOST_LINES = 5_000
CHECKED_AT_ONCE = 16
_PARTS = re.compile(r"\t|,|，|;|；|\||----")


class Pasted(msgspec.Struct, frozen=True):
    """A line as it was read. `row` counts the pasted lines from 1, empty ones too."""

    row: int
    fields: dict[str, str]
    quantity: int
    code: str = ""
    detail: str = ""
    zh: str = ""
    en: str = ""


class Looked(msgspec.Struct, frozen=True):
    """`total_e4`: of the good lines, at the ladder's price for one line each. `affordable`, `in_stock`: how many good lines
    money and stock are enough for, from the top; None: there is no such limit."""

    lines: list[Pasted]
    unit_price_e4: int
    total_e4: int
    available_e4: int
    affordable: int
    in_stock: int | None
    currency: str
    held: int  # good lines that risk would hold for a person

    @property
    def good(self) -> list[Pasted]:
        return [line for line in self.lines if not line.code]


async def look(desk: Desk, caller: Caller, sku_id: int, text: str, quantity: int, *, repeats: bool) -> Looked:
    """What placing these would come to. Refuses sku_unknown, sku_not_listed, not_priced, and a paste that is too long."""
    card = await card_of(desk, caller, sku_id)
    # In a thread: orders are placed by the same loop.
    lines = await asyncio.to_thread(read, card, text, quantity, repeats=repeats)
    lines = await _checked(desk, caller, card, lines)
    lines, held = _judged(desk, caller, card, lines)
    mall, home = caller.key.mall_id, caller.key.home_id
    async with desk.env.db.transaction(mall) as tx:
        account = await ledger.balance(tx, home, caller.key.account_id)
        offer = await pricing.offer(tx, desk.env, home, caller.key.organisation_id, sku_id)
    if offer is None:
        raise Refused(OrderRefusal.not_priced)
    ladder, left, good = offer.ladder, offer.left, [line for line in lines if not line.code]
    spent, pieces, affordable, in_stock = 0, 0, 0, 0
    available = account.available_e4 or 0
    for line in good:
        spent += _price(ladder.minimums, ladder.prices_e4, line.quantity) * line.quantity
        pieces += line.quantity
        affordable += spent <= available
        in_stock += left is None or pieces <= left
    return Looked(
        lines,
        ladder.prices_e4[0],
        spent,
        available,
        affordable,
        None if left is None else in_stock,
        account.currency,
        held,
    )


def read(card: SkuCard, text: str, quantity: int, *, repeats: bool) -> list[Pasted]:
    """Each line that is not empty, with what is wrong in its form. Asks nobody."""
    specs = card.fields
    if not specs:
        raise invalid("sku_id", "asks for no account / 该商品不需要充值账号")
    heads = {s.name.casefold() for s in specs} | {s.label_zh for s in specs} | {s.label_en for s in specs}
    seen: set[str] = set()
    found: list[Pasted] = []
    for row, raw in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in _PARTS.split(raw.strip())]
        if not any(cells) or (not found and cells[0] in heads):
            continue
        if len(found) >= MOST_LINES:
            raise invalid("text", f"at most {MOST_LINES} lines / 最多 {MOST_LINES} 行")
        found.append(_line(row, cells, card, quantity, seen, repeats=repeats))
    if not found:
        raise invalid("text", "is empty / 没有内容")
    return found


def sheet_of(
    card: SkuCard,
    lines: Sequence[Pasted],
    left_out: Collection[int],
    key: str,
    max_price: str | None,
) -> bytes:
    """The order file of what is good in form and not left out. Its numbers follow from `key` and the line."""
    names = [s.name for s in card.fields]
    stem = hashlib.blake2b(key.encode(), digest_size=6).hexdigest()
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(["client_order_no", "sku", "quantity", "max_unit_price", *(f"fields.{n}" for n in names)])
    for line in lines:
        if line.code or line.row in left_out:
            continue
        values = [line.fields.get(n, "") for n in names]
        write([f"p{stem}-{line.row:05d}", str(card.id), line.quantity, max_price or "", *values])
    return out.getvalue().encode()


async def card_of(desk: Desk, caller: Caller, sku_id: int) -> SkuCard:
    """Refuses sku_unknown, sku_not_listed."""
    card = await desk.card(caller, sku_id)
    if card is None or card.status in ("draft", "deleted"):
        raise Refused(OrderRefusal.sku_unknown)
    if card.status != "listed":
        raise Refused(OrderRefusal.sku_not_listed)
    return card


def _line(
    row: int, cells: list[str], card: SkuCard, quantity: int, seen: set[str], *, repeats: bool
) -> Pasted:
    specs = card.fields
    given = {s.name: cell for s, cell in zip(specs, cells, strict=False) if cell}
    rest = cells[len(specs) :]

    def bad(code: str, detail: str, zh: str, en: str) -> Pasted:
        return Pasted(row, given, quantity, code, detail, zh, en)

    wrong = RequestRefusal.invalid_request
    if len(rest) > 1 or (rest and not (rest[0].isascii() and rest[0].isdigit() and 0 < int(rest[0]) < 10**6)):
        return bad(wrong.code, "", "列数或数量不正确", "Too many columns, or no quantity")
    pieces = int(rest[0]) if rest else quantity
    clean, faults = catalog.check_fields(specs, given)
    if faults:
        return bad(wrong.code, _paths(faults), _half(faults, 1), _half(faults, 0))
    if pieces > card.max_quantity:
        over = OrderRefusal.quantity_over_limit
        return bad(over.code, f"{card.max_quantity}", over.zh, over.en)
    whose = "\0".join(f"{name}={clean[name]}" for name in sorted(clean))
    if whose in seen and not repeats:
        again = OrderRefusal.repeated_account
        return bad(again.code, "", again.zh, again.en)
    seen.add(whose)
    return Pasted(row, clean, pieces)


async def _checked(desk: Desk, caller: Caller, card: SkuCard, lines: list[Pasted]) -> list[Pasted]:
    """With what the mall's lists and checkers say of the accounts."""
    if desk.accounts is None or not any(s.asks for s in card.fields):
        return lines
    accounts, few = desk.accounts, asyncio.Semaphore(CHECKED_AT_ONCE)

    async def one(line: Pasted) -> Pasted:
        if line.code:
            return line
        async with few:
            no = await accounts.check(caller.key.mall_id, card.id, card.fields, line.fields)
        if no is None:
            return line
        refusal, field = no
        return msgspec.structs.replace(line, code=refusal.code, detail=field, zh=refusal.zh, en=refusal.en)

    return list(await asyncio.gather(*(one(line) for line in lines)))


def _judged(desk: Desk, caller: Caller, card: SkuCard, lines: list[Pasted]) -> tuple[list[Pasted], int]:
    """With what risk would refuse, line after line; and how many it would hold."""
    places = [i for i, line in enumerate(lines) if not line.code]
    verdicts = desk.foresee([_facts(desk, caller, card.id, lines[i], card.fields) for i in places])
    judged, held = list(lines), 0
    for i, verdict in zip(places, verdicts, strict=True):
        held += verdict.action == "review"
        if verdict.action == "refuse":
            judged[i] = _refused(lines[i], verdict)
    return judged, held


def _facts(desk: Desk, caller: Caller, sku_id: int, line: Pasted, specs: Sequence[FieldSpec]) -> Facts:
    account = next((line.fields[s.name] for s in specs if s.target and s.name in line.fields), None)
    blind = desk.env.keys.blind(f"target|{caller.key.mall_id}", account)[:16] if account else None
    return Facts(
        mall_id=caller.key.mall_id,
        buyer_id=caller.key.organisation_id,
        key_id=caller.key.id,
        ip="",  # an order file is placed by ourselves
        at_s=time.time(),
        lines=(Line(sku_id, line.quantity, blind),),
    )


def _refused(line: Pasted, verdict: Verdict) -> Pasted:
    hit = verdict.hits[0]
    zh, en = risk.explain(hit)
    return msgspec.structs.replace(line, code=hit.code, zh=zh, en=en)


def _price(minimums: Sequence[int], prices: Sequence[int], quantity: int) -> int:
    return next(
        (
            price
            for least, price in zip(reversed(minimums), reversed(prices), strict=True)
            if quantity >= least
        ),
        prices[0],
    )


def _paths(faults: Sequence[FieldFault]) -> str:
    return ", ".join(f.path for f in faults)


def _half(faults: Sequence[FieldFault], place: int) -> str:
    """Faults of fields say both languages, English first."""
    return "; ".join(f.message.split(" / ")[place if " / " in f.message else 0] for f in faults)
