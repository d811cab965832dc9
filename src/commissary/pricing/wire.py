"""Prices over HTTP: requests and answers."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.errors import invalid
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id, Name, Version
from commissary.catalog.types import FieldSpec, Kind, Status
from commissary.pricing.rules import shown
from commissary.pricing.types import (
    MOST_RUNGS,
    Asked,
    Book,
    BookKind,
    Change,
    Entry,
    Floor,
    Follow,
    FollowScope,
    Ladder,
    Offer,
    Preview,
    PreviewRow,
    Proposal,
    Quote,
    Rounding,
    Said,
    SavedTemplate,
    Template,
    TemplateBase,
    Why,
)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
Amount = Annotated[str, form(r"-?[0-9]{1,11}(\.[0-9]{1,4})?")]
MOST_SKUS = 20_000
Skus = Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MOST_SKUS)]


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `minimum` pieces on, a piece costs `unit_price`."""

    minimum: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    unit_price: Money


Rungs = Annotated[list[Rung], msgspec.Meta(max_length=MOST_RUNGS)]


class BookIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: BookKind
    name: Name
    tier_id: Id | None = None
    buyer_id: Id | None = None


class BookOut(msgspec.Struct, frozen=True):
    id: str
    kind: BookKind
    name: str
    tier_id: str | None
    buyer_id: str | None
    currency: str


class PriceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No rungs: the SKU leaves the book."""

    sku_id: Id
    rungs: Rungs


class PricesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`valid_from`: an instant to come; absent: now. `override_floor` needs the right `pricing.floor`."""

    book_id: Id
    prices: Annotated[list[PriceIn], msgspec.Meta(min_length=1, max_length=20_000)]
    valid_from: Instant | None = None
    reason: Reason = ""
    override_floor: bool = False


class PriceOut(msgspec.Struct, frozen=True):
    sku_id: str
    rungs: list[Rung]


class ChangeOut(msgspec.Struct, frozen=True):
    id: str
    kind: str
    author: str
    reason: str
    entries: int
    template_id: str | None
    undoes: str | None
    valid_from: datetime
    at: datetime


class UndoIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    force: bool = False
    override_floor: bool = False


class EntryOut(msgspec.Struct, frozen=True):
    id: str
    book_id: str
    book_kind: BookKind
    book_name: str
    valid_from: datetime
    rungs: list[Rung]
    change_id: str
    change_kind: str
    author: str
    reason: str
    at: datetime


class AskedOut(msgspec.Struct, frozen=True):
    """`said`: `price`, this is the book that gave it; `absent`, it has none for the SKU; `not_asked`, an earlier one gave the price."""

    book_id: str
    book_kind: BookKind
    book_name: str
    said: Said
    valid_from: datetime | None
    rungs: list[Rung]


class WhyOut(msgspec.Struct, frozen=True):
    """`unit_price` is recomputed from the entry, not read from where the price was shown: it is the rung of `entry` with the greatest
    minimum that `quantity` reaches, and `entry` is what held at `at` in the first book of `asked` that has the SKU. Of a `source`,
    `asked` is empty, `quantity` the rung's and `at` null."""

    source: str
    unit_price: Money
    rung_minimum: int
    quote_id: str | None
    entry: EntryOut
    zh: str
    en: str
    quantity: int = 1
    at: datetime | None = None
    asked: list[AskedOut] = []


class TemplateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """base × (1 + percent) + fixed, rounded up, kept between least and most. `version`, or If-Match: refused when the template
    of that name is another by now; 0 replaces none."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    base: TemplateBase
    base_book_id: Id | None = None
    percent_bp: Annotated[int, msgspec.Meta(ge=-10_000, le=1_000_000)] = 0
    fixed: Amount = "0"
    rounding: Rounding = "none"
    least: Amount | None = None
    most: Amount | None = None
    exclude_sku_ids: Annotated[list[Id], msgspec.Meta(max_length=20_000)] = []
    exclude_brand_ids: Annotated[list[Id], msgspec.Meta(max_length=1_000)] = []
    exclude_kinds: Annotated[list[Kind], msgspec.Meta(max_length=20)] = []
    version: Version | None = None


class TemplateOut(msgspec.Struct, frozen=True):
    id: str
    name: str
    base: TemplateBase
    base_book_id: str | None
    percent_bp: int
    fixed: str
    rounding: Rounding
    least: str | None
    most: str | None
    exclude_sku_ids: list[str]
    exclude_brand_ids: list[str]
    exclude_kinds: list[Kind]
    version: int


class OfSkus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All SKUs that match, as the list of SKUs says it; without anything all but the deleted ones."""

    q: Annotated[str, msgspec.Meta(max_length=80)] = ""
    status: Annotated[list[Status], msgspec.Meta(max_length=10)] = []
    kind: Annotated[list[Kind], msgspec.Meta(max_length=20)] = []
    product_id: Id | None = None
    brand_id: Id | None = None


class PreviewIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Either `sku_ids` or `filter`, 20,000 SKUs at most. `most_rows`: so many rows are shown, the greatest changes first;
    `counts` and `hash` are of all."""

    book_id: Id
    sku_ids: Skus | None = None
    filter: OfSkus | None = None
    most_rows: Annotated[int, msgspec.Meta(ge=1, le=MOST_SKUS)] = MOST_SKUS


class ApplyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hash` is the preview's: exactly that is written, or nothing. `sku_ids` or `filter` as of the preview."""

    book_id: Id
    hash: Annotated[str, form("[0-9a-f]{64}")]
    sku_ids: Skus | None = None
    filter: OfSkus | None = None
    reason: Reason = ""


class PreviewRowOut(msgspec.Struct, frozen=True):
    sku_id: str
    outcome: str
    old: list[Rung] | None
    base: list[Rung] | None
    new: list[Rung] | None
    floor: Money


class PreviewOut(msgspec.Struct, frozen=True):
    """`counts`: SKUs by outcome, of all."""

    rows: list[PreviewRowOut]
    counts: dict[str, int]
    hash: str


class AppliedOut(msgspec.Struct, frozen=True):
    """Null when there was nothing to change."""

    change: ChangeOut | None


class FloorIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `sku_id`: of the whole mall."""

    margin_bp: Annotated[int, msgspec.Meta(ge=-10_000, le=100_000)]
    sku_id: Id | None = None


class FloorOut(msgspec.Struct, frozen=True):
    sku_id: str | None
    margin_bp: int
    author: str
    at: datetime


class FollowIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `scope_id`: the whole mall. `limit_bp`: a greater move of a price waits for a person."""

    book_id: Id
    scope: FollowScope
    template_id: Id
    limit_bp: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    scope_id: Id | None = None
    active: bool = True


class FollowOut(msgspec.Struct, frozen=True):
    id: str
    book_id: str
    scope: FollowScope
    scope_id: str | None
    template_id: str
    limit_bp: int
    active: bool


class ProposalOut(msgspec.Struct, frozen=True):
    """A move of a price that waits for a person, or waited. `cost`: what it follows."""

    id: str
    book_id: str
    sku_id: str
    rungs: list[Rung]
    old_unit_price: Money
    cost: Money
    why: str
    state: str
    change_id: str | None
    at: datetime
    decided_by: str | None


class DecisionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    approve: bool


class Words(msgspec.Struct, frozen=True):
    zh: str
    en: str


class ProductOut(msgspec.Struct, frozen=True, kw_only=True):
    """One SKU that you may buy, at your own prices. `unit_price` is that of the least quantity; `prices` has them all.
    `available` is exact below 100, above it rounded down; 10,000 means that many or more. `unlimited` goods have no stock
    that could end: there it is always 10,000."""

    sku_id: str
    code: str
    kind: Kind
    version: int
    name: Words
    product_id: str
    product: Words
    brand_id: str
    brand: Words
    description: Words
    guide: Words
    regions: list[str]
    face_value: Money | None
    validity_days: int | None
    period_months: int | None
    max_quantity: int
    release_at: datetime | None
    unit_price: Money
    prices: list[Rung]
    available: int
    unlimited: bool
    low: bool
    fields: list[FieldSpec]


class QuoteLineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sku_id: Id
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class QuoteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lines: Annotated[list[QuoteLineIn], msgspec.Meta(min_length=1, max_length=100)]
    ttl_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 60


class QuoteLineOut(msgspec.Struct, frozen=True):
    sku_id: str
    quantity: int
    unit_price: Money
    amount: Money


class QuoteOut(msgspec.Struct, frozen=True):
    """Give `id` as `quote_id` with the order: these prices hold until `expires_at`, up to these quantities."""

    id: str
    lines: list[QuoteLineOut]
    amount: Money
    made_at: datetime
    expires_at: datetime


def ladder_in(rungs: list[Rung], currency: str, path: str) -> Ladder:
    for n, rung in enumerate(rungs):
        if rung.unit_price.currency != currency:
            raise invalid(f"{path}.rungs[{n}].unit_price.currency", f"the book is in {currency}")
    return Ladder(tuple(r.minimum for r in rungs), tuple(money.parse(r.unit_price.amount) for r in rungs))


def rungs(ladder: Ladder, currency: str) -> list[Rung]:
    return [
        Rung(minimum, money.of(price_e4, currency))
        for minimum, price_e4 in zip(ladder.minimums, ladder.prices_e4, strict=True)
    ]


def book_out(b: Book) -> BookOut:
    return BookOut(str(b.id), b.kind, b.name, _id(b.tier_id), _id(b.buyer_id), b.currency)


def change_out(c: Change) -> ChangeOut:
    return ChangeOut(
        str(c.id),
        c.kind,
        c.author,
        c.reason,
        c.entries,
        _id(c.template_id),
        _id(c.undoes),
        c.valid_from,
        c.at,
    )


def entry_out(e: Entry, currency: str) -> EntryOut:
    return EntryOut(
        id=str(e.id),
        book_id=str(e.book_id),
        book_kind=e.book_kind,
        book_name=e.book_name,
        valid_from=e.valid_from,
        rungs=rungs(e.ladder, currency),
        change_id=str(e.change_id),
        change_kind=e.change_kind,
        author=e.author,
        reason=e.reason,
        at=e.at,
    )


def why_out(
    w: Why,
    source: str,
    currency: str,
    quantity: int | None = None,
    at: datetime | None = None,
    asked: Sequence[Asked] = (),
) -> WhyOut:
    price = money.of(w.unit_price_e4, currency)
    return WhyOut(
        source,
        price,
        w.rung_minimum,
        _id(w.quote_id),
        entry_out(w.entry, currency),
        w.zh,
        w.en,
        quantity or w.rung_minimum,
        at,
        _asked(asked, w.entry.book_id, currency),
    )


def _asked(asked: Sequence[Asked], gave: int, currency: str) -> list[AskedOut]:
    out: list[AskedOut] = []
    said: Said = "absent"
    for one in asked:
        said = "price" if one.book_id == gave else "absent" if said == "absent" else "not_asked"
        held = [] if one.ladder is None else rungs(one.ladder, currency)
        out.append(AskedOut(str(one.book_id), one.book_kind, one.book_name, said, one.valid_from, held))
    return out


def template_in(t: TemplateIn) -> Template:
    return Template(
        base=t.base,
        base_book_id=None if t.base_book_id is None else int(t.base_book_id),
        percent_bp=t.percent_bp,
        fixed_e4=money.parse(t.fixed),
        rounding=t.rounding,
        least_e4=_limit(t.least, "least"),
        most_e4=_limit(t.most, "most"),
        exclude_skus=tuple(int(i) for i in t.exclude_sku_ids),
        exclude_brands=tuple(int(i) for i in t.exclude_brand_ids),
        exclude_kinds=tuple(t.exclude_kinds),
    )


def template_out(saved: SavedTemplate) -> TemplateOut:
    t = saved.rules
    return TemplateOut(
        id=str(saved.id),
        name=saved.name,
        base=t.base,
        base_book_id=_id(t.base_book_id),
        percent_bp=t.percent_bp,
        fixed=money.text(t.fixed_e4),
        rounding=t.rounding,
        least=None if t.least_e4 is None else money.text(t.least_e4),
        most=None if t.most_e4 is None else money.text(t.most_e4),
        exclude_sku_ids=[str(i) for i in t.exclude_skus],
        exclude_brand_ids=[str(i) for i in t.exclude_brands],
        exclude_kinds=list(t.exclude_kinds),
        version=saved.version,
    )


def _moved(r: PreviewRow) -> float:
    """How far the first price would go, as a part of what it was; what is new goes furthest."""
    if r.new is None or not r.new.prices_e4:
        return -1.0
    if r.old is None or not r.old.prices_e4 or not r.old.prices_e4[0]:
        return float("inf")
    return abs(r.new.prices_e4[0] / r.old.prices_e4[0] - 1)


def preview_out(p: Preview, currency: str, most: int = MOST_SKUS) -> PreviewOut:
    def row(r: PreviewRow) -> PreviewRowOut:
        old, base, new = (rungs(x, currency) if x is not None else None for x in (r.old, r.base, r.new))
        return PreviewRowOut(str(r.sku_id), r.outcome, old, base, new, money.of(r.floor_e4, currency))

    rows = p.rows if len(p.rows) <= most else sorted(p.rows, key=_moved, reverse=True)[:most]
    return PreviewOut([row(r) for r in rows], dict(Counter(r.outcome for r in p.rows)), p.hash)


def floor_out(f: Floor) -> FloorOut:
    return FloorOut(str(f.sku_id) if f.sku_id else None, f.margin_bp, f.author, f.at)


def follow_out(f: Follow) -> FollowOut:
    scope_id = str(f.scope_id) if f.scope_id else None
    return FollowOut(str(f.id), str(f.book_id), f.scope, scope_id, str(f.template_id), f.limit_bp, f.active)


def proposal_out(p: Proposal, currency: str) -> ProposalOut:
    return ProposalOut(
        id=str(p.id),
        book_id=str(p.book_id),
        sku_id=str(p.sku_id),
        rungs=rungs(p.ladder, currency),
        old_unit_price=money.of(p.old_unit_price_e4, currency),
        cost=money.of(p.cost_e4, currency),
        why=p.why,
        state=p.state,
        change_id=_id(p.change_id),
        at=p.at,
        decided_by=p.decided_by,
    )


def product_out(offer: Offer, currency: str) -> ProductOut:
    o, left = offer.good, offer.left
    face = None
    if o.face_value_e4 is not None:
        face = money.of(o.face_value_e4, o.face_currency or currency)
    steps = rungs(offer.ladder, currency)
    return ProductOut(
        sku_id=str(o.sku_id),
        code=o.code,
        kind=o.kind,
        version=o.version,
        name=Words(o.name_zh, o.name_en),
        product_id=str(o.product_id),
        product=Words(o.product_zh, o.product_en),
        brand_id=str(o.brand_id),
        brand=Words(o.brand_zh, o.brand_en),
        description=Words(o.description_zh, o.description_en),
        guide=Words(o.guide_zh, o.guide_en),
        regions=o.regions,
        face_value=face,
        validity_days=o.validity_days,
        period_months=o.period_months,
        max_quantity=o.max_quantity,
        release_at=o.release_at,
        unit_price=steps[0].unit_price,
        prices=steps,
        available=shown(left),
        unlimited=left is None,
        low=left is not None and o.low_stock is not None and left <= o.low_stock,
        fields=list(o.fields),
    )


def quote_out(q: Quote) -> QuoteOut:
    lines = [
        QuoteLineOut(
            str(x.sku_id),
            x.quantity,
            money.of(x.unit_price_e4, q.currency),
            money.of(x.unit_price_e4 * x.quantity, q.currency),
        )
        for x in q.lines
    ]
    total_e4 = sum(x.unit_price_e4 * x.quantity for x in q.lines)
    return QuoteOut(str(q.id), lines, money.of(total_e4, q.currency), q.made_at, q.expires_at)


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


def _limit(text: str | None, path: str) -> int | None:
    if text is None:
        return None
    amount_e4 = money.parse(text)
    if amount_e4 < 1:
        raise invalid(path, "more than zero")
    return amount_e4
