"""What placing orders must know of a mall, read once per epoch: goods, prices, the revenue account, the clock."""

from dataclasses import dataclass, field

from commissary import catalog, ledger, pricing, supply
from commissary.base import db, home
from commissary.catalog.types import SkuCard
from commissary.pricing.types import Snapshot


@dataclass(frozen=True)
class Book:
    """One mall at one epoch. A batch decided on an older epoch than the database's is decided again."""

    mall_id: int
    epoch: int
    currency: str
    offset_s: int
    revenue_id: int
    cards: dict[int, SkuCard]
    prices: Snapshot
    costs: dict[int, int | None]  # of what suppliers sell us, per piece; None: none can serve it now
    people: dict[int, tuple[int, ...]] = field(default_factory=dict)  # SKU → offers, where only people supply
    checked: frozenset[int] = frozenset()  # SKUs whose accounts are looked at before an order queues
    test: bool = False  # nothing there is real
    stamp: tuple[int, int] = (-1, -1)  # of the goods: they are read again when it is another


async def load(database: db.Database, mall_id: int, known: Book | None = None) -> Book:
    """The epoch is read first: what changes meanwhile raises it, and the first batch notices. Of goods and
    prices only what is different from `known`: suppliers move costs, and so the epoch, all day long."""
    async with database.transaction(mall_id) as tx:
        found = await db.row(
            tx,
            """select m.currency, m.clock_offset_s, e.value, m.shadow_of is not null from tenancy.mall m
               join tenancy.epoch e on e.mall_id = m.id where m.id = %s""",
            (mall_id,),
        )
        if found is None:
            raise LookupError(f"there is no mall {mall_id}")
        currency, offset_s, epoch, test = found
        stamp = await catalog.stamp(tx, mall_id)
        if known is not None and known.stamp == stamp:
            cards, checked = known.cards, known.checked
        else:
            cards = await catalog.load_cards(tx, mall_id)
            checked = frozenset(c.id for c in cards.values() if any(f.asks for f in c.fields))
        if known is not None and known.currency == currency:
            prices = await pricing.refresh_snapshot(tx, mall_id, known.prices, epoch)
        else:
            prices = await pricing.load_snapshot(tx, mall_id, currency, epoch)
        return Book(
            mall_id=mall_id,
            epoch=epoch,
            currency=currency,
            offset_s=offset_s,
            revenue_id=await ledger.revenue_account(tx, home.home(mall_id), currency),
            cards=cards,
            prices=prices,
            costs=await supply.load_costs(tx, mall_id),
            people=await supply.load_people(tx, mall_id),
            checked=checked,
            test=test,
            stamp=stamp,
        )
