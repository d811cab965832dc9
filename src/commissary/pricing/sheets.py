"""What a sheet of prices needs: books side by side, and several changed at one instant."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.pricing import change, floors, store
from commissary.pricing.types import Book, Change, Entry, Ladder, PricingRefusal
from commissary.tenancy.types import Actor

MOST_BOOKS = 100_000


async def every_book(tx: db.Tx, mall: int) -> list[Book]:
    """By id, in the mall's currency and others."""
    return await store.list_books(tx, mall, None, MOST_BOOKS)


async def held(
    tx: db.Tx, mall: int, books: Sequence[int], skus: Sequence[int] | None, at: datetime
) -> dict[tuple[int, int], Ladder]:
    """(book, SKU) → what holds at that instant; what left its book has an empty ladder or is absent."""
    found: dict[tuple[int, int], Ladder] = {}
    for book in books:
        ladders = await store.ladders(tx, mall, book, skus, at)
        found |= {(book, sku): ladder for sku, ladder in ladders.items()}
    return found


async def last_entry(tx: db.Tx, mall: int, book: int, sku: int) -> Entry | None:
    """Who wrote the price that was written last, and when."""
    found = await store.history(tx, mall, sku, book_id=book, size=1)
    return found[0] if found else None


async def lock_books(tx: db.Tx, mall: int, books: Sequence[int]) -> None:
    """Nobody else writes into them until the end of the transaction. In id order. Refuses `no_such_book`."""
    for book in sorted(books):
        await store.book(tx, mall, book, lock=True)


async def set_in_books(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    ladders: Mapping[int, Mapping[int, Ladder]],
    valid_from: datetime | None,
    reason: str,
    *,
    override_floor: bool = False,
) -> list[Change]:
    """Book → SKU → ladder, in the caller's transaction, which holds the books: one change a book, all from one instant on.
    Refuses what `set_prices` refuses."""
    tenancy.require(actor, "pricing.write")
    made, now = [], env.now(actor.mall_id)
    for book in sorted(ladders):
        made.append(
            await change.write(
                tx,
                env,
                actor,
                book,
                "sheet",
                ladders[book],
                valid_from,
                reason,
                override_floor=override_floor,
                now=now,
            )
        )
    return made


class Undoing(msgspec.Struct, frozen=True):
    """What undoing one change would write into its book, beside what holds by then."""

    book: Book
    old: dict[int, Ladder]
    new: dict[int, Ladder]


async def look_undo_all(tx: db.Tx, mall: int, changes: Sequence[int], now: datetime) -> list[Undoing]:
    """`undo_all` before it is done; the books stay locked. Refuses no_such_change, already_undone, overtaken, below_floor."""
    await _lock_books_of(tx, mall, changes)
    seen = []
    for id_ in changes:
        undone = await store.change(tx, mall, id_)
        book_id = await store.book_of_change(tx, mall, id_)
        assert book_id is not None
        book = await store.book(tx, mall, book_id)
        if await store.is_undone(tx, mall, id_):
            raise Refused(PricingRefusal.already_undone)
        at = max(now, undone.valid_from)
        before = await store.before_change(tx, mall, id_, at)
        overtaken = [b.sku_id for b in before if not b.still_holds]
        if overtaken:
            raise Refused(PricingRefusal.overtaken, skus=len(overtaken), sku_id=str(overtaken[0]))
        new = {b.sku_id: b.ladder for b in before}
        asked = [(sku, price) for sku, ladder in new.items() for price in ladder.prices_e4]
        floors.judge(await floors.floors_of(tx, mall, sorted(new), now), asked)
        seen.append(Undoing(book, await store.ladders(tx, mall, book_id, sorted(new), at), new))
    return seen


async def undo_all(tx: db.Tx, env: Env, actor: Actor, changes: Sequence[int], *, force: bool) -> list[Change]:
    """Each of these changes undone, or none. Refuses what `undo` refuses."""
    tenancy.require(actor, "pricing.write")
    await _lock_books_of(tx, actor.mall_id, changes)
    now = env.now(actor.mall_id)
    return [await change.undo_in(tx, env, actor, id_, force=force, now=now) for id_ in changes]


async def _lock_books_of(tx: db.Tx, mall: int, changes: Sequence[int]) -> None:
    books = [await store.book_of_change(tx, mall, id_) for id_ in changes]
    if any(book is None for book in books):
        raise Refused(PricingRefusal.no_such_change)
    await lock_books(tx, mall, sorted({book for book in books if book is not None}))
