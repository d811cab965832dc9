"""A buyer's trade over HTTP, for his own people."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, SkipValidation

from commissary import partners, pricing, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.listing import Typed
from commissary.base.money import Money
from commissary.base.wire import Cursor, Page, Size, after, number, said, sized
from commissary.insight import own
from commissary.insight.own import Fared, Sold
from commissary.insight.routes import proof_route
from commissary.ledger.types import AccountState
from commissary.orders.types import OrderRefusal
from commissary.pricing.types import Offer
from commissary.provenance.types import ProvenanceRefusal
from commissary.tenancy.types import Caller

Own = NamedDependency[SkipValidation[Caller]]
ROOT = "/console/v1/own"
Day = Annotated[str | None, QueryParameter(description="A day of the mall, 2026-01-31", max_length=10)]


class MyGoodOut(pricing.ProductOut, frozen=True, kw_only=True):
    """`unit_price` is what a piece costs oneself. `suggested`: its face value, where it has one in the same currency;
    `profit`: that, less the cost. `delivered` of `ended`: of the newest lines of the last 30 days that ended.
    `genuine`: the badge 正品: every source of it now is its issuer or authorised by the issuer itself, by papers that were looked at;
    it goes when a source farther away, or none proven, feeds it."""

    suggested: Money | None
    profit: Money | None
    tax_category: str | None
    delivered: int
    ended: int
    genuine: bool


class SoldOut(msgspec.Struct, frozen=True):
    """`margin`: delivered goods sold at their face value, less their cost; of goods without one nothing is said."""

    orders: int
    pieces: int
    delivered: int
    amount: Money
    returned: Money
    margin: Money


class DaySold(SoldOut, frozen=True):
    day: date


class SkuSold(SoldOut, frozen=True):
    sku_id: str
    code: str | None
    name_zh: str | None
    name_en: str | None


class SalesOut(msgspec.Struct, frozen=True):
    """The same sales three times: together, by day (days without any are left out), by SKU, the greatest amount first."""

    total: SoldOut
    days: list[DaySold]
    skus: list[SkuSold]


class MyStandingOut(msgspec.Struct, frozen=True):
    """`low`: less is available than the mall was asked to warn of. `waiting`: orders by state. `failed_orders`,
    `dead_messages`: of today."""

    available: Money
    balance: Money
    held: Money
    credit_limit: Money
    state: AccountState
    low: bool
    today: SoldOut
    waiting: dict[str, int]
    failed_orders: int
    to_fix: int
    failing_endpoints: int
    dead_messages: int


@get(
    f"{ROOT}/standing",
    operation_id="getMyStanding",
    tags=["Own: company"],
    summary="Money, today's orders, and what waits for somebody",
    opt=said("余额、今日订单与待办"),
    dependencies=partners.OWN,
)
async def standing_route(env: NamedDependency[Env], caller: Own) -> MyStandingOut:
    tenancy.require_scope(caller, "balance:read")
    tenancy.require_scope(caller, "orders:read")
    found = await own.standing(env, caller)
    account = found.account

    def of(amount_e4: int | None) -> Money:
        return money.of(amount_e4 or 0, account.currency)

    low = found.low_balance_e4
    return MyStandingOut(
        available=of(account.available_e4),
        balance=of(account.balance_e4),
        held=of(account.held_e4),
        credit_limit=of(account.limit_e4),
        state=account.state,  # type: ignore[arg-type]  # the column's CHECK has these
        low=low is not None and (account.available_e4 or 0) < low,
        today=_sum(found.today, account.currency),
        waiting=found.waiting,
        failed_orders=found.failed_orders,
        to_fix=found.to_fix,
        failing_endpoints=found.failing_endpoints,
        dead_messages=found.dead_messages,
    )


@get(
    f"{ROOT}/goods",
    operation_id="listMyGoods",
    tags=["Own: goods"],
    summary="What one's own company may buy, at its prices, and how it fares",
    opt=said("可采购商品：成本价、建议价、库存与成功率", "", RequestRefusal.not_found),
    dependencies=partners.OWN,
)
async def goods_route(
    env: NamedDependency[Env],
    caller: Own,
    q: Typed = None,
    brand_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[MyGoodOut]:
    tenancy.require_scope(caller, "catalog:read")
    sized(size)
    brand = number(brand_id) if brand_id else None
    found, following = await own.goods(env, caller, q=q or "", brand_id=brand, after=after(cursor), size=size)
    async with env.db.transaction(caller.key.mall_id) as tx:
        currency = await pricing.currency_of(tx, caller.key.mall_id)
    items = [_good(offer, fared, currency, genuine=genuine) for offer, fared, genuine in found]
    return Page(items, str(following) if following is not None else None)


@get(
    f"{ROOT}/sales",
    operation_id="getMySales",
    tags=["Own: orders"],
    summary="What was ordered, by day and by SKU",
    description=f"From the first to the last day of the mall, both within; {own.MOST_DAYS} days at most, the last seven if nothing is said.",
    opt=said("本企业采购汇总（按日、按商品）", f"首尾两日均含，最多 {own.MOST_DAYS} 天，默认最近七天。"),
    dependencies=partners.OWN,
)
async def sales_route(
    env: NamedDependency[Env],
    caller: Own,
    from_day: Day = None,
    to_day: Day = None,
) -> SalesOut:
    tenancy.require_scope(caller, "orders:read")
    last = _day("to_day", to_day) or await own.today(env, caller)
    first = _day("from_day", from_day) or last.fromordinal(last.toordinal() - 6)
    found, currency = await own.sales(env, caller, first, last)
    return SalesOut(_sum(found, currency), _by_day(found, currency), _by_sku(found, currency))


proof_twin = get(
    f"{ROOT}/orders/{{order_id:str}}/proof",
    operation_id="getMyOrderProof",
    tags=["Own: orders"],
    summary="The proof of an order's custody, verifiable offline",
    opt=said(
        "订单存证证明（可离线验证）", "", OrderRefusal.order_not_found, ProvenanceRefusal.not_in_log_yet
    ),
    dependencies=partners.OWN,
)(proof_route.fn)


def _good(offer: Offer, fared: Fared, currency: str, *, genuine: bool) -> MyGoodOut:
    product, good = pricing.product_out(offer, currency), offer.good
    face = good.face_value_e4 if good.face_currency == currency else None
    return MyGoodOut(
        **msgspec.structs.asdict(product),
        suggested=None if face is None else money.of(face, currency),
        profit=None if face is None else money.of(face - offer.ladder.prices_e4[0], currency),
        tax_category=good.tax_category,
        delivered=fared.delivered,
        ended=fared.ended,
        genuine=genuine,
    )


def _sum(found: list[Sold], currency: str) -> SoldOut:
    return SoldOut(**_added(found, currency))  # type: ignore[arg-type]


def _added(found: list[Sold], currency: str) -> dict[str, object]:
    return {
        # An order of several SKUs counts for each of them; a person counts orders in the list of orders.
        "orders": sum(s.orders for s in found),
        "pieces": sum(s.pieces for s in found),
        "delivered": sum(s.delivered for s in found),
        "amount": money.of(sum(s.amount_e4 for s in found), currency),
        "returned": money.of(sum(s.returned_e4 for s in found), currency),
        "margin": money.of(sum(s.margin_e4 for s in found), currency),
    }


def _by_day(found: list[Sold], currency: str) -> list[DaySold]:
    days = sorted({s.day for s in found})
    return [DaySold(**_added([s for s in found if s.day == d], currency), day=d) for d in days]  # type: ignore[arg-type]


def _by_sku(found: list[Sold], currency: str) -> list[SkuSold]:
    skus: dict[int, list[Sold]] = {}
    for one in found:
        skus.setdefault(one.sku_id, []).append(one)
    ranked = sorted(skus.values(), key=lambda some: -sum(s.amount_e4 for s in some))
    return [
        SkuSold(
            **_added(some, currency),  # type: ignore[arg-type]
            sku_id=str(some[0].sku_id),
            code=some[0].code,
            name_zh=some[0].name_zh,
            name_en=some[0].name_en,
        )
        for some in ranked
    ]


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(name, "is not a day such as 2026-01-31 / 日期格式应为 2026-01-31") from None


ROUTES = [standing_route, goods_route, sales_route, proof_twin]
