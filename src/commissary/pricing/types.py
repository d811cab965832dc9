"""Prices: ladders in books, and the snapshot that the order path reads."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.base.money import MAX_E4
from commissary.catalog.types import Kind, Offered

BookKind = Literal["list", "tier", "contract"]
ChangeKind = Literal["edit", "template", "schedule", "undo", "sheet"]
TemplateBase = Literal["cost", "list", "book"]
FollowScope = Literal["mall", "brand", "product", "sku"]
Rounding = Literal["none", "00", "90", "99", "tenth"]
PreviewOutcome = Literal["new", "same", "excluded", "no_base", "below_floor"]

MOST_RUNGS = 20


class Ladder(msgspec.Struct, frozen=True, gc=False):
    """From `minimums[i]` pieces on, a piece costs `prices_e4[i]`. Empty: the SKU is not in the book."""

    minimums: tuple[int, ...]
    prices_e4: tuple[int, ...]


class Earned(msgspec.Struct, frozen=True):
    """A rung and what it earns. `margin_bp`: over cost; None: no cost is known."""

    minimum: int
    price_e4: int
    margin_bp: int | None
    loss: bool
    below_floor: bool


class Seen(msgspec.Struct, frozen=True):
    """A change of one SKU before it is made. `old` None: it is not in the book."""

    sku_id: int
    cost_e4: int | None
    floor_e4: int
    old: Ladder | None
    new: tuple[Earned, ...]


class MatrixRow(msgspec.Struct, frozen=True):
    """One SKU in many books. `prices`: book → what holds there."""

    sku_id: int
    cost_e4: int | None
    floor_e4: int
    prices: dict[int, tuple[Earned, ...]]


class Offer(msgspec.Struct, frozen=True):
    """A SKU at the prices of one buyer. `left`: how many may be bought at once; None: no stock limits it."""

    good: Offered
    ladder: Ladder
    left: int | None


class Version(msgspec.Struct, frozen=True, gc=False):
    """A ladder from an instant on, until the next version of the same book and SKU."""

    valid_from: datetime
    id: int
    ladder: Ladder


class Price(msgspec.Struct, frozen=True, gc=False):
    """`source` recomputes: `contract:<book>:<entry>:<rung minimum>`, likewise tier and list."""

    unit_price_e4: int
    source: str


class Snapshot(msgspec.Struct):
    """All prices of a mall in one currency at one epoch. `books` maps (book, sku) to versions, newest first."""

    epoch: int
    currency: str
    list_book: int | None
    tier_books: dict[int, int]
    contract_books: dict[int, int]
    tier_of: dict[int, int]
    versions: dict[tuple[int, int], tuple[Version, ...]]
    floors_bp: dict[int, int]
    newest: dict[int, int] = {}  # book → the last entry read of it
    books_of: dict[
        int, tuple[tuple[str, int], ...]
    ] = {}  # buyer → (kind, book), filled by `rules` as buyers come


class Book(msgspec.Struct, frozen=True):
    """`tier_id` of a tier's book, `buyer_id` of a contract's."""

    id: int
    kind: BookKind
    tier_id: int | None
    buyer_id: int | None
    name: str
    currency: str


class Change(msgspec.Struct, frozen=True):
    """One act of changing prices."""

    id: int
    kind: ChangeKind
    author: str
    reason: str
    entries: int
    template_id: int | None
    undoes: int | None
    valid_from: datetime
    at: datetime


class Entry(msgspec.Struct, frozen=True):
    """A version in a book, with who made it and why."""

    book_id: int
    book_kind: BookKind
    book_name: str
    sku_id: int
    valid_from: datetime
    id: int
    ladder: Ladder
    change_id: int
    author: str
    reason: str
    change_kind: ChangeKind
    at: datetime


Said = Literal["price", "absent", "not_asked"]


class Asked(msgspec.Struct, frozen=True):
    """A book that was asked for a price, and what held in it. None: the SKU was never in it; an empty ladder: it had left."""

    book_id: int
    book_kind: BookKind
    book_name: str
    entry_id: int | None
    valid_from: datetime | None
    ladder: Ladder | None


class Why(msgspec.Struct, frozen=True):
    """Why a price is what it is: recomputed from the entry that the source names, never from what was shown."""

    unit_price_e4: int
    entry: Entry
    rung_minimum: int
    quote_id: int | None
    zh: str
    en: str


class Floor(msgspec.Struct, frozen=True):
    """`sku_id` 0: of the whole mall."""

    sku_id: int
    margin_bp: int
    author: str
    at: datetime


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """base × (1 + percent) + fixed, rounded up, then kept between least and most.

    `base`: the current cost, the list, or another book (`base_book_id`); a book's rungs are kept. Rounding is always
    upwards: to a whole, to x.90, to x.99, to a tenth.
    """

    base: TemplateBase
    base_book_id: int | None = None
    percent_bp: Annotated[int, msgspec.Meta(ge=-10_000, le=1_000_000)] = 0
    fixed_e4: Annotated[int, msgspec.Meta(ge=-MAX_E4, le=MAX_E4)] = 0
    rounding: Rounding = "none"
    least_e4: Annotated[int, msgspec.Meta(ge=1, le=MAX_E4)] | None = None
    most_e4: Annotated[int, msgspec.Meta(ge=1, le=MAX_E4)] | None = None
    exclude_skus: tuple[int, ...] = ()
    exclude_brands: tuple[int, ...] = ()
    exclude_kinds: tuple[Kind, ...] = ()


class SavedTemplate(msgspec.Struct, frozen=True):
    id: int
    name: str
    rules: Template
    version: int = 1


class PreviewRow(msgspec.Struct, frozen=True):
    """`new` is what applying writes; None when it leaves the SKU alone, and `outcome` says why."""

    sku_id: int
    outcome: PreviewOutcome
    old: Ladder | None
    base: Ladder | None
    new: Ladder | None
    floor_e4: int


class Preview(msgspec.Struct, frozen=True):
    """`hash` covers everything that went in; applying with it does exactly this, or refuses."""

    rows: tuple[PreviewRow, ...]
    hash: str


class Follow(msgspec.Struct, frozen=True):
    """A price follows its cost by a template; a move beyond `limit_bp` of the old price waits for a person. `scope_id` 0:
    the mall. The narrowest scope holds, also when it is not `active`."""

    id: int
    book_id: int
    scope: FollowScope
    scope_id: int
    template_id: int
    limit_bp: int
    active: bool


class Proposal(msgspec.Struct, frozen=True):
    id: int
    book_id: int
    sku_id: int
    template_id: int
    ladder: Ladder
    old_unit_price_e4: int
    cost_e4: int
    why: Literal["over_limit", "below_floor"]
    state: Literal["waiting", "approved", "refused", "replaced"]
    change_id: int | None
    at: datetime
    decided_by: str | None


class QuoteLine(msgspec.Struct, frozen=True):
    sku_id: int
    quantity: int
    unit_price_e4: int
    source: str


class Quote(msgspec.Struct, frozen=True):
    """Binds us until it expires, up to the quantities."""

    id: int
    buyer_id: int
    currency: str
    lines: tuple[QuoteLine, ...]
    made_at: datetime
    expires_at: datetime


class Subscription(msgspec.Struct, frozen=True):
    """A buyer who is told when his own prices move by `threshold_bp` or more from what he was told last, and, with
    `availability`, when goods can be bought or cannot. `every`: all that he may buy. `skus`: of how many he knows."""

    id: int
    buyer_id: int
    name: str
    every: bool
    threshold_bp: int
    availability: bool
    window_ms: int
    created_at: datetime
    changed_at: datetime
    skus: int


class PricingRefusal(Refusal):
    no_such_book = (404, "There is no such price book", "价格本不存在")
    no_such_change = (404, "There is no such price change", "调价记录不存在")
    no_such_template = (404, "There is no such template", "调价模板不存在")
    no_such_scope = (404, "There is no such SKU, product or brand", "商品规格、商品或品牌不存在")
    no_such_price = (404, "This source names no price", "该价格来源不存在")
    book_exists = (409, "That book exists already", "该价格本已存在")
    unknown_sku = (404, "There is no such SKU", "商品规格不存在")
    not_for_sale = (409, "This SKU is not for sale", "该商品未上架")
    quantity_over_limit = (422, "More pieces than one order may have of this SKU", "超过该商品单笔限购数量")
    starts_in_the_past = (422, "A price cannot begin in the past", "价格生效时间不能早于当前时间")
    already_undone = (409, "This change was undone before", "该次调价已撤销")
    overtaken = (
        409,
        "Prices were changed again since; force the undo to replace those too",
        "价格此后又有变动，如需覆盖请强制撤销",
    )
    preview_stale = (
        409,
        "Costs or prices moved since the preview; look again",
        "成本或价格已变动，请重新预览",
    )
    not_priced = (409, "There is no price for this buyer", "该客户暂无此商品价格", False, "operator")
    no_such_proposal = (404, "There is no such price proposal", "调价建议不存在")
    proposal_decided = (
        409,
        "The proposal was decided otherwise or replaced",
        "该调价建议已有其他处理结果或已被替换",
    )
    no_such_subscription = (404, "There is no such price subscription", "价格订阅不存在")
    too_many_subscriptions = (409, "You have as many subscriptions as are allowed", "价格订阅数量已达上限")
    below_floor = (409, "The price is below the floor over cost", "价格低于保护底价", True, "operator")
