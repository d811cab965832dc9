"""Brands, products and SKUs in the console."""

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.catalog import account_routes, brands, dated, listing, skus
from commissary.catalog.listing import SkuQuery
from commissary.catalog.types import CatalogRefusal, Kind, SkuDraft, Status, TaxRule
from commissary.catalog.wire import (
    BrandEdit,
    BrandIn,
    BrandOut,
    ProductEdit,
    ProductIn,
    ProductOut,
    SkuEdit,
    SkuIn,
    SkuOut,
    TaxRuleIn,
    VersionIn,
    brand_out,
    given,
    product_out,
    sku_out,
)
from commissary.tenancy.types import Actor


@get(
    "/console/v1/brands", operation_id="listBrands", tags=["Catalog"], summary="Brands", opt=said("品牌列表")
)
async def brands_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[BrandOut]:
    found = await brands.list_brands(env, actor, after=after(cursor), size=sized(size))
    return page(found, size, brand_out, lambda b: b.id)


@post(
    "/console/v1/brands",
    operation_id="addBrand",
    tags=["Catalog"],
    summary="Add a brand",
    opt=said("新增品牌", "", CatalogRefusal.brand_name_taken),
)
async def add_brand_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BrandIn]
) -> BrandOut:
    return brand_out(await brands.add_brand(env, actor, name_zh=data.name_zh, name_en=data.name_en))


@patch(
    "/console/v1/brands/{brand_id:str}",
    operation_id="editBrand",
    tags=["Catalog"],
    summary="Rename a brand",
    opt=said(
        "修改品牌名称", "", RequestRefusal.not_found, RequestRefusal.conflict, CatalogRefusal.brand_name_taken
    ),
)
async def edit_brand_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    brand_id: FromPath[str],
    data: JSONBody[BrandEdit],
) -> BrandOut:
    names = {"name_zh": data.name_zh, "name_en": data.name_en}
    return brand_out(await brands.edit_brand(env, actor, number(brand_id), data.version, **names))


@get(
    "/console/v1/products",
    operation_id="listProducts",
    tags=["Catalog"],
    summary="Products",
    description="`q` is part of a name.",
    opt=said("产品列表", "`q` 为名称的一部分。", RequestRefusal.not_found),
)
async def products_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    q: Typed = None,
    brand_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ProductOut]:
    brand = number(brand_id) if brand_id else None
    found = await brands.list_products(
        env, actor, brand_id=brand, search=(q or "").strip(), after=after(cursor), size=sized(size)
    )
    return page(found, size, product_out, lambda p: p.id)


@post(
    "/console/v1/products",
    operation_id="addProduct",
    tags=["Catalog"],
    summary="Add a product",
    opt=said("新增产品", "", RequestRefusal.not_found),
)
async def add_product_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ProductIn]
) -> ProductOut:
    return product_out(await brands.add_product(env, actor, **given(data)))


@patch(
    "/console/v1/products/{product_id:str}",
    operation_id="editProduct",
    tags=["Catalog"],
    summary="Change a product; its SKUs get a new version",
    opt=said("修改产品（其商品随之产生新版本）", "", RequestRefusal.not_found, RequestRefusal.conflict),
)
async def edit_product_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    product_id: FromPath[str],
    data: JSONBody[ProductEdit],
) -> ProductOut:
    return product_out(await brands.edit_product(env, actor, number(product_id), data.version, given(data)))


def sku_query(
    q: Typed = None,
    search: Typed = None,
    status: FromQuery[list[Status] | None] = None,
    kind: FromQuery[list[Kind] | None] = None,
    product_id: FromQuery[str | None] = None,
    brand_id: FromQuery[str | None] = None,
    status_not: FromQuery[list[Status] | None] = None,
    kind_not: FromQuery[list[Kind] | None] = None,
    product_id_not: FromQuery[str | None] = None,
    brand_id_not: FromQuery[str | None] = None,
) -> SkuQuery:
    """The filters, the same for the list and its totals."""
    return SkuQuery(
        q=q or search or "",
        status=tuple(dict.fromkeys(status or ())),
        kind=tuple(dict.fromkeys(kind or ())),
        product_id=number(product_id) if product_id else None,
        brand_id=number(brand_id) if brand_id else None,
        status_not=tuple(dict.fromkeys(status_not or ())),
        kind_not=tuple(dict.fromkeys(kind_not or ())),
        product_id_not=number(product_id_not) if product_id_not else None,
        brand_id_not=number(brand_id_not) if brand_id_not else None,
    )


FILTERED = {"wanted": Provide(sku_query, sync_to_thread=False)}


@get(
    "/console/v1/skus",
    operation_id="listSkus",
    tags=["Catalog"],
    summary="SKUs, by any of their filters; without deleted ones unless asked for",
    description="`q` (also `search`) is part of the article number or a name. Sorted by `created_at`, `code`, `name_zh`, `name_en` or "
    "`updated_at`; the oldest first if nothing is said.",
    opt=said(
        "商品列表（按条件筛选，默认不含已删除）",
        "`q`（或 `search`）为货号或名称的一部分；可按 `created_at`、`code`、`name_zh`、`name_en`、`updated_at` 排序，默认最早的在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def skus_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[SkuQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[SkuOut]:
    sized(size)
    found, expected = await listing.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, sku_out, lambda s: listing.cursor_of(s, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/skus/totals",
    operation_id="totalSkus",
    tags=["Catalog"],
    summary="How many SKUs match",
    opt=said("符合条件的商品数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def sku_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[SkuQuery]
) -> Totals:
    return Totals(await listing.count(env, actor, wanted), {})


@post(
    "/console/v1/skus",
    operation_id="createSku",
    tags=["Catalog"],
    summary="Create a SKU as a draft",
    opt=said(
        "新建商品草稿",
        "",
        RequestRefusal.not_found,
        CatalogRefusal.sku_code_taken,
        CatalogRefusal.bundle_is_nested,
    ),
)
async def create_sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[SkuIn]
) -> SkuOut:
    return sku_out(await skus.create_sku(env, actor, SkuDraft(**given(data))))


@get(
    "/console/v1/skus/{sku_id:str}",
    operation_id="getSku",
    tags=["Catalog"],
    summary="One SKU",
    opt=said("查询商品", "", RequestRefusal.not_found),
)
async def sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str]
) -> SkuOut:
    return sku_out(await skus.get_sku(env, actor, number(sku_id)))


@patch(
    "/console/v1/skus/{sku_id:str}",
    operation_id="editSku",
    tags=["Catalog"],
    summary="Change a SKU, from the version that was read",
    opt=said(
        "按已读取的版本修改商品",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        CatalogRefusal.sku_code_taken,
        CatalogRefusal.sku_is_deleted,
        CatalogRefusal.kind_is_fixed,
        CatalogRefusal.bundle_is_nested,
        CatalogRefusal.listing_incomplete,
        CatalogRefusal.listing_forbidden,
    ),
)
async def edit_sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str], data: JSONBody[SkuEdit]
) -> SkuOut:
    return sku_out(await skus.edit_sku(env, actor, number(sku_id), data.version, given(data)))


@post(
    "/console/v1/skus/{sku_id:str}/list",
    operation_id="listSku",
    tags=["Catalog"],
    summary="Put a SKU on sale; refused while its classification is incomplete or forbids it",
    opt=said(
        "上架商品（分类信息不完整或不允许销售时拒绝）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        CatalogRefusal.sku_code_taken,
        CatalogRefusal.sku_is_deleted,
        CatalogRefusal.listing_incomplete,
        CatalogRefusal.listing_forbidden,
    ),
)
async def list_sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str], data: JSONBody[VersionIn]
) -> SkuOut:
    return sku_out(await skus.list_sku(env, actor, number(sku_id), data.version))


@post(
    "/console/v1/skus/{sku_id:str}/delist",
    operation_id="delistSku",
    tags=["Catalog"],
    summary="Take off sale",
    opt=said(
        "下架商品",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        CatalogRefusal.sku_code_taken,
        CatalogRefusal.sku_is_deleted,
        CatalogRefusal.sku_is_listed,
        CatalogRefusal.part_of_bundle,
    ),
)
async def delist_sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str]
) -> SkuOut:
    return sku_out(await skus.delist_sku(env, actor, number(sku_id)))


@delete(
    "/console/v1/skus/{sku_id:str}",
    operation_id="deleteSku",
    tags=["Catalog"],
    summary="Delete a SKU; orders keep what they showed",
    opt=said(
        "删除商品（历史订单保留当时内容）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        CatalogRefusal.sku_code_taken,
        CatalogRefusal.sku_is_deleted,
        CatalogRefusal.sku_is_listed,
        CatalogRefusal.part_of_bundle,
    ),
    status_code=204,
)
async def delete_sku_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str]
) -> None:
    await skus.delete_sku(env, actor, number(sku_id))


@get(
    "/console/v1/tax-rules",
    operation_id="listTaxRules",
    tags=["Catalog"],
    summary="Tax rules, past and future",
    opt=said("税务规则（含历史与未来）"),
)
async def tax_rules_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[TaxRule]:
    return await dated.list_tax_rules(env, actor)


@post(
    "/console/v1/tax-rules",
    operation_id="addTaxRule",
    tags=["Catalog"],
    summary="A tax rule from an instant on; the one before ends there",
    opt=said("新增自某一时刻起生效的税务规则", "", CatalogRefusal.tax_rule_overlaps),
)
async def add_tax_rule_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[TaxRuleIn]
) -> TaxRule:
    return await dated.add_tax_rule(env, actor, TaxRule(**msgspec.structs.asdict(data)))


ROUTES = [
    brands_route,
    add_brand_route,
    edit_brand_route,
    products_route,
    add_product_route,
    edit_product_route,
    skus_route,
    sku_totals_route,
    create_sku_route,
    sku_route,
    edit_sku_route,
    list_sku_route,
    delist_sku_route,
    delete_sku_route,
    tax_rules_route,
    add_tax_rule_route,
]

ACCOUNT_ROUTES = account_routes.ROUTES  # they need a client for calls to outside
