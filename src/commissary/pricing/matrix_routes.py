"""The price matrix, and a change before it is made, for the console."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.pricing import matrix, store, wire
from commissary.pricing.matrix_wire import MatrixOut, PriceLookOut, PricesLookIn, look_out, row_out
from commissary.pricing.types import PricingRefusal
from commissary.tenancy.types import Actor

Skus = Annotated[
    list[str],
    QueryParameter(name="sku_id", description="Given again for each SKU", min_items=1, max_items=200),
]


@get(
    "/console/v1/price-matrix",
    operation_id="getPriceMatrix",
    tags=["Prices"],
    summary="What some SKUs cost, their floors, and their prices in the list's and the tiers' books",
    description="In the order of the question; what is no SKU of the mall is left out.",
    opt=said(
        "价格矩阵：成本、底价、标价与各等级价", "按请求顺序返回；不存在的商品略去", RequestRefusal.not_found
    ),
)
async def matrix_route(env: NamedDependency[Env], actor: NamedDependency[Actor], skus: Skus) -> MatrixOut:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        currency = await store.currency_of(tx, actor.mall_id)
    books, rows = await matrix.matrix(env, actor, [number(sku) for sku in skus])
    return MatrixOut([wire.book_out(book) for book in books], [row_out(row, currency) for row in rows])


@post(
    "/console/v1/prices/preview",
    operation_id="previewPrices",
    tags=["Prices"],
    summary="What `setPrices` would write: beside what holds, with cost, floor and margin",
    opt=said(
        "预览改价：新旧价、成本、底价与毛利",
        "",
        RequestRefusal.not_found,
        PricingRefusal.no_such_book,
        PricingRefusal.unknown_sku,
    ),
    status_code=200,
)
async def look_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[PricesLookIn]
) -> list[PriceLookOut]:
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        currency = (await store.book(tx, actor.mall_id, number(data.book_id))).currency
    ladders = {
        int(p.sku_id): wire.ladder_in(p.rungs, currency, f"prices[{n}]") for n, p in enumerate(data.prices)
    }
    book, seen = await matrix.look(env, actor, int(data.book_id), ladders)
    return [look_out(one, book.currency) for one in seen]


ROUTES = [matrix_route, look_route]
