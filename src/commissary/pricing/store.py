"""Rows ↔ types of prices. Reads `partners.buyer` for tiers, `stock.lot` for costs, `catalog` for what SKUs are."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Texts
from commissary.base.errors import Refused, RequestRefusal
from commissary.pricing.types import (
    Asked,
    Book,
    Change,
    Entry,
    Floor,
    Follow,
    FollowScope,
    Ladder,
    PricingRefusal,
    Proposal,
    Quote,
    SavedTemplate,
    Snapshot,
    Template,
    Version,
)

Q = sql.load(__package__)

Versions = dict[tuple[int, int], tuple[Version, ...]]

# The snapshot -------------------------------------------------------------------------------------------------------


async def load_snapshot(tx: db.Tx, mall_id: int, currency: str, epoch: int) -> Snapshot:
    """Everything `rules.price_of` needs; the caller read the epoch before, so a later change is noticed."""
    at = {"mall": mall_id, "currency": currency}
    newest = {int(b): int(i) for b, i in await db.rows(tx, Q.newest, at)}
    versions: Versions = {}
    for book, *columns in await db.rows(tx, Q.versions, at):
        _read_book(versions, book, *columns)
    return await _snapshot(tx, at, epoch, versions, newest)


def _read_book(
    versions: Versions,
    book: int,
    skus: list[int],
    begun_us: list[int],
    ids: list[int],
    minimums: str,
    prices: str,
) -> None:
    """The columns of one book, each SKU's newest version first. Most quantities and instants occur many times, so each
    is read and kept once."""
    quantities: dict[str, tuple[int, ...]] = {}
    instants: dict[int, datetime] = {}
    columns = zip(skus, begun_us, ids, minimums.split(","), prices.split(","), strict=True)
    for sku, us, id_, steps, each in columns:
        from_ = quantities.get(steps)
        if from_ is None:
            from_ = quantities[steps] = tuple(map(int, steps.split()))
        at = instants.get(us)
        if at is None:
            at = instants[us] = _EPOCH + timedelta(microseconds=us)
        version = Version(at, id_, Ladder(from_, tuple(map(int, each.split()))))
        newer = versions.get((book, sku))
        versions[book, sku] = (version,) if newer is None else (*newer, version)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def refresh_snapshot(
    tx: db.Tx, mall_id: int, known: Snapshot, epoch: int, written: set[tuple[int, int]] | None = None
) -> Snapshot:
    """`known` with what was written since: reads only entries behind the last known one of each book, which is safe
    because a book's ids grow in the order of commits. `known` itself is not touched: a batch may be reading it.
    `written` gains the (book, SKU) that have entries since."""
    at = {"mall": mall_id, "currency": known.currency}
    books = [int(r[0]) for r in await db.rows(tx, Q.books, at)]
    since = {
        "mall": mall_id,
        "books": Bigints(books),
        "newest": Bigints([known.newest.get(b, 0) for b in books]),
    }
    cut = await db.row(tx, Q.history_before, at)
    assert cut is not None
    versions, newest = dict(known.versions), dict(known.newest)
    found = await db.rows(tx, Q.versions_since, since)
    for (book, sku), group in groupby(found, key=lambda r: (int(r[0]), int(r[1]))):
        new = [Version(r[2], r[3], _ladder(r[4], r[5])) for r in group]
        together = sorted([*versions.get((book, sku), ()), *new], key=_age, reverse=True)
        versions[book, sku] = _without_history(together, cut[0])
        if written is not None:
            written.add((book, sku))
        newest[book] = max(newest.get(book, 0), *(v.id for v in new))
    return await _snapshot(tx, at, epoch, versions, newest)


def _age(version: Version) -> tuple[datetime, int]:
    return version.valid_from, version.id


def _without_history(versions: list[Version], cut: datetime) -> tuple[Version, ...]:
    """Newest first, up to the one that held at `cut`: a process that runs for months does not collect history."""
    for n, version in enumerate(versions):
        if version.valid_from <= cut:
            return tuple(versions[: n + 1])
    return tuple(versions)


async def _snapshot(
    tx: db.Tx, at: dict[str, object], epoch: int, versions: Versions, newest: dict[int, int]
) -> Snapshot:
    list_book = None
    tiers: dict[int, int] = {}
    contracts: dict[int, int] = {}
    for book_id, kind, tier_id, buyer_id in await db.rows(tx, Q.books, at):
        if kind == "list":
            list_book = book_id
        elif kind == "tier":
            tiers[tier_id] = book_id
        else:
            contracts[buyer_id] = book_id
    return Snapshot(
        epoch=epoch,
        currency=str(at["currency"]),
        list_book=list_book,
        tier_books=tiers,
        contract_books=contracts,
        tier_of={int(buyer): int(tier) for buyer, tier in await db.rows(tx, Q.tiers_of_buyers, at)},
        versions=versions,
        floors_bp={int(sku): int(bp) for sku, bp in await db.rows(tx, Q.floors, at)},
        newest=newest,
    )


async def snapshot_of(
    tx: db.Tx, mall_id: int, currency: str, buyer_id: int, skus: Sequence[int] | None, at: datetime
) -> Snapshot:
    """A snapshot of one buyer's books alone, for some SKUs or all, as of one instant: the same rules decide on it, and
    no other buyer's price is in it."""
    given = {"mall": mall_id, "currency": currency, "buyer": buyer_id}
    found = Snapshot(0, currency, None, {}, {}, {}, {}, {})
    books = []
    for book_id, kind, tier_id, _, tier_of_buyer in await db.rows(tx, Q.books_of_buyer, given):
        books.append(book_id)
        if kind == "list":
            found.list_book = book_id
        elif kind == "tier":
            found.tier_books[tier_id] = book_id
        else:
            found.contract_books[buyer_id] = book_id
        if tier_of_buyer is not None:
            found.tier_of[buyer_id] = tier_of_buyer
    found.versions = await _versions(tx, mall_id, books, skus, at)
    found.floors_bp = {int(s): int(bp) for s, bp in await db.rows(tx, Q.floors, given)}
    return found


async def ladders(
    tx: db.Tx, mall_id: int, book_id: int, skus: Sequence[int] | None, at: datetime
) -> dict[int, Ladder]:
    """What holds in one book at that instant."""
    found = await _versions(tx, mall_id, [book_id], skus, at)
    return {sku: versions[0].ladder for (_, sku), versions in found.items()}


async def ladders_page(
    tx: db.Tx, mall_id: int, book_id: int, at: datetime, after: int, size: int
) -> list[tuple[int, Ladder]]:
    """By SKU, after that one; SKUs that left the book are left out."""
    given = {"mall": mall_id, "book": book_id, "at": at, "after": after, "size": size}
    return [(r[0], _ladder(r[1], r[2])) for r in await db.rows(tx, Q.ladders_page, given)]


async def _versions(
    tx: db.Tx, mall_id: int, books: Sequence[int], skus: Sequence[int] | None, at: datetime
) -> Versions:
    given = {"mall": mall_id, "books": Bigints(books), "at": at}
    if skus is None:
        found = await db.rows(tx, Q.versions_in_books, given)
    else:
        found = await db.rows(tx, Q.versions_of, given | {"skus": Bigints(skus)})
    return {(r[0], r[1]): (Version(r[2], r[3], _ladder(r[4], r[5])),) for r in found}


def _ladder(minimums: Iterable[int], prices: Iterable[int]) -> Ladder:
    return Ladder(tuple(minimums), tuple(prices))


# Books and changes --------------------------------------------------------------------------------------------------


async def currency_of(tx: db.Tx, mall_id: int) -> str:
    found = await db.row(tx, Q.currency, {"mall": mall_id})
    assert found is not None
    return str(found[0])


async def add_book(tx: db.Tx, mall_id: int, book: Book, at: datetime) -> None:
    given = {
        "mall": mall_id,
        "id": book.id,
        "kind": book.kind,
        "tier": book.tier_id,
        "buyer": book.buyer_id,
        "name": book.name,
        "currency": book.currency,
        "at": at,
    }
    if not await db.run(tx, Q.add_book, given):
        raise Refused(PricingRefusal.book_exists)


async def list_books(tx: db.Tx, mall_id: int, after: int | None, size: int) -> list[Book]:
    return [
        Book(*r) for r in await db.rows(tx, Q.list_books, {"mall": mall_id, "after": after, "size": size})
    ]


async def book(tx: db.Tx, mall_id: int, book_id: int, *, lock: bool = False) -> Book:
    found = await db.row(tx, Q.lock_book if lock else Q.book, {"mall": mall_id, "id": book_id})
    if found is None:
        raise Refused(PricingRefusal.no_such_book)
    return Book(*found)


async def newest_of(tx: db.Tx, mall_id: int, book_id: int) -> int:
    found = await db.row(tx, Q.newest_of, {"mall": mall_id, "book": book_id})
    assert found is not None
    return int(found[0])


async def add_change(
    tx: db.Tx, mall_id: int, book_id: int, change: Change, entries: Sequence[tuple[int, int, Ladder]]
) -> None:
    """`entries`: (id, SKU, ladder)."""
    await db.run(
        tx,
        Q.add_change,
        {
            "mall": mall_id,
            "id": change.id,
            "kind": change.kind,
            "author": change.author,
            "reason": change.reason,
            "entries": change.entries,
            "template": change.template_id,
            "undoes": change.undoes,
            "valid_from": change.valid_from,
            "at": change.at,
        },
    )
    rows = [
        {"sku": sku, "id": id_, "minimums": ladder.minimums, "prices": ladder.prices_e4}
        for id_, sku, ladder in entries
    ]
    await db.run(
        tx,
        Q.add_entries,
        {
            "mall": mall_id,
            "book": book_id,
            "valid_from": change.valid_from,
            "change": change.id,
            "entries": Jsonb(rows, dumps=msgspec.json.encode),
        },
    )


async def change(tx: db.Tx, mall_id: int, change_id: int) -> Change:
    found = await db.row(tx, Q.change, {"mall": mall_id, "id": change_id})
    if found is None:
        raise Refused(PricingRefusal.no_such_change)
    return Change(*found)


async def list_changes(tx: db.Tx, mall_id: int, before: int | None, size: int) -> list[Change]:
    given = {"mall": mall_id, "before": before, "size": size}
    return [Change(*r) for r in await db.rows(tx, Q.list_changes, given)]


async def is_undone(tx: db.Tx, mall_id: int, change_id: int) -> bool:
    found = await db.row(tx, Q.is_undone, {"mall": mall_id, "id": change_id})
    return bool(found and found[0])


async def book_of_change(tx: db.Tx, mall_id: int, change_id: int) -> int | None:
    found = await db.row(tx, Q.book_of_change, {"mall": mall_id, "id": change_id})
    return int(found[0]) if found else None


class Before(msgspec.Struct, frozen=True):
    """A SKU of a change: what held before it, and whether the change still holds when going back."""

    sku_id: int
    ladder: Ladder
    still_holds: bool


async def before_change(tx: db.Tx, mall_id: int, change_id: int, at: datetime) -> list[Before]:
    found = await db.rows(tx, Q.before_change, {"mall": mall_id, "id": change_id, "at": at})
    return [Before(r[0], _ladder(r[2] or (), r[3] or ()), r[4] == r[1]) for r in found]


async def history(
    tx: db.Tx,
    mall_id: int,
    sku_id: int,
    *,
    book_id: int | None = None,
    entry_id: int | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Entry]:
    given = {
        "mall": mall_id,
        "sku": sku_id,
        "book": book_id,
        "entry": entry_id,
        "before": before,
        "size": size,
    }
    return [_entry(r) for r in await db.rows(tx, Q.history, given)]


async def asked_at(
    tx: db.Tx,
    mall_id: int,
    currency: str,
    sku_id: int,
    buyer_id: int | None,
    tier_id: int | None,
    at: datetime,
) -> list[Asked]:
    given = {
        "mall": mall_id,
        "currency": currency,
        "sku": sku_id,
        "buyer": buyer_id,
        "tier": tier_id,
        "at": at,
    }
    return [
        Asked(r[0], r[1], r[2], r[3], r[4], None if r[3] is None else _ladder(r[5], r[6]))
        for r in await db.rows(tx, Q.asked_at, given)
    ]


def _entry(r: TupleRow) -> Entry:
    return Entry(r[0], r[1], r[2], r[3], r[4], r[5], _ladder(r[6], r[7]), r[8], r[9], r[10], r[11], r[12])


# Floors, costs, goods -----------------------------------------------------------------------------------------------


class Goods(msgspec.Struct, frozen=True):
    id: int
    status: str
    max_quantity: int
    kind: str
    brand_id: int
    name_zh: str
    name_en: str


async def goods(tx: db.Tx, mall_id: int, skus: Sequence[int]) -> dict[int, Goods]:
    given = {"mall": mall_id, "skus": Bigints(skus)}
    return {r[0]: Goods(*r) for r in await db.rows(tx, Q.goods, given)}


class Costs(msgspec.Struct, frozen=True):
    """Current unit costs, and what bundles are made of; a SKU without open stock has no cost."""

    of: dict[int, int]
    parts: dict[int, tuple[tuple[int, int], ...]]  # bundle → (SKU, pieces)


async def costs(tx: db.Tx, mall_id: int, skus: Sequence[int], at: datetime) -> Costs:
    parts: dict[int, tuple[tuple[int, int], ...]] = {}
    for bundle, sku, quantity in await db.rows(tx, Q.components, {"mall": mall_id, "skus": Bigints(skus)}):
        parts[bundle] = (*parts.get(bundle, ()), (sku, quantity))
    wanted = sorted({*skus, *(sku for pieces in parts.values() for sku, _ in pieces)})
    found = await db.rows(tx, Q.costs, {"mall": mall_id, "skus": Bigints(wanted), "at": at})
    return Costs({r[0]: r[1] for r in found}, parts)


async def floors(tx: db.Tx, mall_id: int) -> dict[int, int]:
    return {int(s): int(bp) for s, bp in await db.rows(tx, Q.floors, {"mall": mall_id})}


async def list_floors(tx: db.Tx, mall_id: int) -> list[Floor]:
    return [Floor(*r) for r in await db.rows(tx, Q.list_floors, {"mall": mall_id})]


async def set_floor(
    tx: db.Tx, mall_id: int, sku_id: int, margin_bp: int, author: str, at: datetime
) -> int | None:
    """The margin before."""
    old = await db.row(tx, Q.floor, {"mall": mall_id, "sku": sku_id})
    given = {"mall": mall_id, "sku": sku_id, "margin": margin_bp, "author": author, "at": at}
    await db.run(tx, Q.set_floor, given)
    return int(old[0]) if old else None


# What follows its cost ------------------------------------------------------------------------------------------------


async def check_scope(tx: db.Tx, mall_id: int, scope: FollowScope, scope_id: int) -> None:
    """Refuses no_such_scope, also for what is another mall's."""
    given = {"mall": mall_id, "scope": scope, "id": scope_id}
    if scope != "mall" and await db.row(tx, Q.scope_is_there, given) is None:
        raise Refused(PricingRefusal.no_such_scope)


async def follow_of(
    tx: db.Tx, mall_id: int, book_id: int, scope: FollowScope, scope_id: int
) -> Follow | None:
    given = {"mall": mall_id, "book": book_id, "scope": scope, "scope_id": scope_id}
    found = await db.row(tx, Q.follow_of, given)
    return None if found is None else Follow(*found)


async def put_follow(tx: db.Tx, mall_id: int, follow: Follow, author: str, at: datetime) -> Follow:
    """With the id under which it is kept."""
    given = {"mall": mall_id, "id": follow.id, "book": follow.book_id, "scope": follow.scope, "at": at}
    given |= {"scope_id": follow.scope_id, "template": follow.template_id, "limit": follow.limit_bp}
    found = await db.row(tx, Q.put_follow, given | {"active": follow.active, "author": author})
    assert found is not None
    return msgspec.structs.replace(follow, id=found[0])


async def follows(tx: db.Tx, mall_id: int) -> list[Follow]:
    return [Follow(*r) for r in await db.rows(tx, Q.follows, {"mall": mall_id})]


async def follows_of(tx: db.Tx, mall_id: int, skus: Sequence[int]) -> list[tuple[int, int, int, int, bool]]:
    """(book, SKU, template, limit, whether it is active)"""
    found = await db.rows(tx, Q.follows_of, {"mall": mall_id, "skus": Bigints(skus)})
    return [(r[0], r[1], r[2], r[3], r[4]) for r in found]


async def replace_proposals(tx: db.Tx, mall_id: int, book_id: int, skus: Sequence[int], at: datetime) -> None:
    given = {"mall": mall_id, "book": book_id, "skus": Bigints(skus), "at": at}
    await db.run(tx, Q.replace_proposals, given)


async def add_proposal(tx: db.Tx, mall_id: int, p: Proposal) -> None:
    given = {
        "mall": mall_id,
        "id": p.id,
        "book": p.book_id,
        "sku": p.sku_id,
        "template": p.template_id,
        "minimums": Ints(p.ladder.minimums),
        "prices": Bigints(p.ladder.prices_e4),
        "old": p.old_unit_price_e4,
        "cost": p.cost_e4,
        "why": p.why,
        "at": p.at,
    }
    await db.run(tx, Q.add_proposal, given)


async def proposals(tx: db.Tx, mall_id: int, state: str | None, after: int, size: int) -> list[Proposal]:
    given = {"mall": mall_id, "state": state, "after": after, "size": size}
    return [_proposal(r) for r in await db.rows(tx, Q.proposals, given)]


async def proposal(tx: db.Tx, mall_id: int, id_: int) -> Proposal | None:
    found = await db.row(tx, Q.proposal, {"mall": mall_id, "id": id_})
    return _proposal(found) if found else None


async def decide_proposal(
    tx: db.Tx, mall_id: int, id_: int, state: str, change_id: int | None, by: str, at: datetime
) -> None:
    given = {"mall": mall_id, "id": id_, "state": state, "change": change_id, "by": by, "at": at}
    await db.run(tx, Q.decide_proposal, given)


def _proposal(r: TupleRow) -> Proposal:
    return Proposal(r[0], r[1], r[2], r[3], _ladder(r[4], r[5]), r[6], r[7], r[8], r[9], r[10], r[11], r[12])


# Templates and quotes -----------------------------------------------------------------------------------------------


async def save_template(
    tx: db.Tx, mall_id: int, id_: int, name: str, rules: Template, at: datetime, since: int | None
) -> tuple[int, int]:
    """(id, version). Refuses `conflict` when there is one of that name, of another version than `since`."""
    packed = Jsonb(msgspec.to_builtins(rules), dumps=msgspec.json.encode)
    given = {"mall": mall_id, "id": id_, "name": name, "rules": packed, "at": at, "since": since}
    found = await db.row(tx, Q.save_template, given)
    if found is None:
        raise Refused(RequestRefusal.conflict)
    return found[0], found[1]


async def list_templates(tx: db.Tx, mall_id: int) -> list[SavedTemplate]:
    return [_template(r) for r in await db.rows(tx, Q.list_templates, {"mall": mall_id})]


async def template(tx: db.Tx, mall_id: int, template_id: int) -> SavedTemplate:
    found = await db.row(tx, Q.template, {"mall": mall_id, "id": template_id})
    if found is None:
        raise Refused(PricingRefusal.no_such_template)
    return _template(found)


def _template(r: TupleRow) -> SavedTemplate:
    return SavedTemplate(r[0], r[1], msgspec.convert(r[2], Template), r[3])


async def add_quote(tx: db.Tx, home: int, quote: Quote) -> None:
    given = {
        "home": home,
        "id": quote.id,
        "buyer": quote.buyer_id,
        "expires_at": quote.expires_at,
        "at": quote.made_at,
    }
    await db.run(tx, Q.add_quote, given)
    await db.run(
        tx,
        Q.add_quote_lines,
        {
            "home": home,
            "id": quote.id,
            "currency": quote.currency,
            "skus": Bigints([x.sku_id for x in quote.lines]),
            "quantities": Ints([x.quantity for x in quote.lines]),
            "prices": Bigints([x.unit_price_e4 for x in quote.lines]),
            "sources": Texts([x.source for x in quote.lines]),
        },
    )


async def quote_line(tx: db.Tx, home: int, quote_id: int, sku_id: int) -> tuple[int, str] | None:
    """Its unit price and where that came from."""
    found = await db.row(tx, Q.quote_line, {"home": home, "id": quote_id, "sku": sku_id})
    return (int(found[0]), str(found[1])) if found else None
