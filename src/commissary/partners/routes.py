"""Buyers, suppliers, tiers and contacts in the console. A buyer is made where its wallet is opened: in the ledger's
routes, which call `partners.add_buyer` in the same transaction."""

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.wire import Size, number, said, sized
from commissary.partners import (
    buyers,
    contacts,
    listing,
    own_routes,
    own_supply_routes,
    paper_routes,
    suppliers,
    tiers,
)
from commissary.partners.listing import CompanyQuery
from commissary.partners.mirror import Mirror
from commissary.partners.types import PartnerRefusal
from commissary.partners.wire import (
    BuyerEdit,
    BuyerKeyIn,
    BuyerOut,
    ContactClearOut,
    ContactIn,
    ContactOut,
    KeyIn,
    NewKeyOut,
    RevealIn,
    SupplierEdit,
    SupplierIn,
    SupplierOut,
    TierIn,
    TierOfIn,
    TierOut,
    buyer_out,
    contact_clear_out,
    contact_out,
    new_key_out,
    supplier_out,
    tier_out,
)
from commissary.tenancy.types import Actor, OrganisationStatus, TenancyRefusal


@get(
    "/console/v1/tiers",
    operation_id="listTiers",
    tags=["Partners"],
    summary="Tiers of buyers, best first",
    opt=said("客户等级（由高到低）"),
)
async def tiers_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[TierOut]:
    return [tier_out(t) for t in await tiers.list_tiers(env, actor)]


@post(
    "/console/v1/tiers",
    operation_id="addTier",
    tags=["Partners"],
    summary="Add a tier",
    opt=said("新增等级", "", PartnerRefusal.tier_name_taken),
)
async def add_tier_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[TierIn]
) -> TierOut:
    return tier_out(await tiers.add_tier(env, actor, name=data.name, rank=data.rank))


@put(
    "/console/v1/tiers/{tier_id:str}",
    operation_id="editTier",
    tags=["Partners"],
    summary="Change a tier",
    opt=said("修改等级", "", RequestRefusal.not_found, PartnerRefusal.tier_name_taken),
)
async def edit_tier_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], tier_id: FromPath[str], data: JSONBody[TierIn]
) -> TierOut:
    return tier_out(await tiers.edit_tier(env, actor, number(tier_id), name=data.name, rank=data.rank))


@delete(
    "/console/v1/tiers/{tier_id:str}",
    operation_id="dropTier",
    tags=["Partners"],
    summary="Remove a tier that no buyer has",
    opt=said("删除无客户使用的等级", "", RequestRefusal.not_found, PartnerRefusal.tier_in_use),
    status_code=204,
)
async def drop_tier_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], tier_id: FromPath[str]
) -> None:
    await tiers.drop_tier(env, actor, number(tier_id))


def buyer_query(
    q: Typed = None,
    search: Typed = None,
    status: FromQuery[list[OrganisationStatus] | None] = None,
    tier_id: FromQuery[str | None] = None,
    status_not: FromQuery[list[OrganisationStatus] | None] = None,
    tier_id_not: FromQuery[str | None] = None,
) -> CompanyQuery:
    """The filters, the same for the list and its totals."""
    return CompanyQuery(
        q=q or search or "",
        status=tuple(dict.fromkeys(status or ())),
        tier_id=number(tier_id) if tier_id else None,
        status_not=tuple(dict.fromkeys(status_not or ())),
        tier_id_not=number(tier_id_not) if tier_id_not else None,
    )


def supplier_query(
    q: Typed = None,
    status: FromQuery[list[OrganisationStatus] | None] = None,
    status_not: FromQuery[list[OrganisationStatus] | None] = None,
) -> CompanyQuery:
    """The same of suppliers."""
    unlike = tuple(dict.fromkeys(status_not or ()))
    return CompanyQuery(q or "", tuple(dict.fromkeys(status or ())), status_not=unlike)


BUYERS_FILTERED = {"wanted": Provide(buyer_query, sync_to_thread=False)}
SUPPLIERS_FILTERED = {"wanted": Provide(supplier_query, sync_to_thread=False)}


@get(
    "/console/v1/buyers",
    operation_id="listBuyers",
    tags=["Partners"],
    summary="Buyers, by any of their filters",
    description="`q` (also `search`) is part of the name. Sorted by `created_at`, `name` or `updated_at`; the oldest first if nothing is said.",
    opt=said(
        "客户列表（按条件筛选）",
        "`q`（或 `search`）为名称的一部分；可按 `created_at`、`name`、`updated_at` 排序，默认最早的在前。",
        RequestRefusal.not_found,
    ),
    dependencies=BUYERS_FILTERED,
)
async def buyers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[CompanyQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[BuyerOut]:
    sized(size)
    found, expected = await listing.look_buyers(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, buyer_out, lambda b: listing.cursor_of(b, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/buyers/totals",
    operation_id="totalBuyers",
    tags=["Partners"],
    summary="How many buyers match",
    opt=said("符合条件的客户数", "", RequestRefusal.not_found),
    dependencies=BUYERS_FILTERED,
)
async def buyer_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[CompanyQuery]
) -> Totals:
    return Totals(await listing.count_buyers(env, actor, wanted), {})


@get(
    "/console/v1/buyers/{buyer_id:str}",
    operation_id="getBuyer",
    tags=["Partners"],
    summary="One buyer",
    opt=said("查询客户", "", RequestRefusal.not_found),
)
async def buyer_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], buyer_id: FromPath[str]
) -> BuyerOut:
    return buyer_out(await buyers.get_buyer(env, actor, number(buyer_id)))


@patch(
    "/console/v1/buyers/{buyer_id:str}",
    operation_id="editBuyer",
    tags=["Partners"],
    summary="Change a buyer",
    opt=said(
        "修改客户", "", RequestRefusal.not_found, RequestRefusal.conflict, TenancyRefusal.mall_organisation
    ),
)
async def edit_buyer_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buyer_id: FromPath[str],
    data: JSONBody[BuyerEdit],
) -> BuyerOut:
    low = data.low_balance
    low_e4 = money.parse(low) if isinstance(low, str) else low
    return buyer_out(
        await buyers.edit_buyer(
            env,
            actor,
            number(buyer_id),
            name=data.name,
            low_balance_e4=low_e4,
            notes=data.notes,
            business=data.business,
            version=data.version,
        )
    )


@put(
    "/console/v1/buyers/{buyer_id:str}/tier",
    operation_id="setTier",
    tags=["Partners"],
    summary="Put a buyer into a tier; his next order has its prices",
    opt=said("调整客户等级（下一单起按新价）", "", RequestRefusal.not_found),
)
async def set_tier_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buyer_id: FromPath[str],
    data: JSONBody[TierOfIn],
) -> BuyerOut:
    tier = None if data.tier_id is None else number(data.tier_id)
    return buyer_out(await buyers.set_tier(env, actor, number(buyer_id), tier))


@post(
    "/console/v1/buyers/{buyer_id:str}/suspend",
    operation_id="suspendBuyer",
    tags=["Partners"],
    summary="Suspend a buyer: keys and sessions are refused within a second",
    opt=said(
        "停用客户（一秒内拒绝其密钥与会话）", "", RequestRefusal.not_found, TenancyRefusal.mall_organisation
    ),
)
async def suspend_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], buyer_id: FromPath[str]
) -> BuyerOut:
    return buyer_out(await buyers.suspend(env, actor, number(buyer_id)))


@post(
    "/console/v1/buyers/{buyer_id:str}/resume",
    operation_id="resumeBuyer",
    tags=["Partners"],
    summary="Let a suspended buyer in again",
    opt=said("恢复客户", "", RequestRefusal.not_found, TenancyRefusal.mall_organisation),
)
async def resume_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], buyer_id: FromPath[str]
) -> BuyerOut:
    return buyer_out(await buyers.resume(env, actor, number(buyer_id)))


@post(
    "/console/v1/buyers/{buyer_id:str}/keys",
    operation_id="issueKey",
    tags=["Keys"],
    summary="An API key that spends from the buyer's wallet; its secret is shown once",
    description=(
        "`mode` `test`: a key of the mall's sandbox, where the same goods are bought with play money. The buyer is brought there if "
        "he is not there yet."
    ),
    opt=said(
        "签发 API 密钥（从客户钱包扣款，密钥仅显示一次）",
        "`mode` 为 `test` 时签发沙箱密钥：以模拟资金购买同样的商品；客户尚不在沙箱中时自动带入。",
        RequestRefusal.not_found,
        TenancyRefusal.no_sandbox,
    ),
)
async def issue_key_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    mirror: NamedDependency[SkipValidation[Mirror]],
    buyer_id: FromPath[str],
    data: JSONBody[BuyerKeyIn],
) -> NewKeyOut:
    if data.mode == "test" and not env.is_test(actor.mall_id):
        tenancy.require_for(actor, "keys.write", number(buyer_id))
        actor = await mirror.buyer(actor, number(buyer_id))
    return new_key_out(
        *await buyers.issue_key(
            env,
            actor,
            number(buyer_id),
            name=data.name,
            scopes=data.scopes,
            ip_allow=data.ip_allow,
            expires_at=data.expires_at,
        )
    )


@get(
    "/console/v1/suppliers",
    operation_id="listSuppliers",
    tags=["Partners"],
    summary="Suppliers, by any of their filters",
    description="`q` is part of the name. Sorted by `created_at`, `name` or `updated_at`; the oldest first if nothing is said.",
    opt=said(
        "供应商列表（按条件筛选）",
        "`q` 为名称的一部分；可按 `created_at`、`name`、`updated_at` 排序，默认最早的在前。",
    ),
    dependencies=SUPPLIERS_FILTERED,
)
async def suppliers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[CompanyQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[SupplierOut]:
    sized(size)
    found, expected = await listing.look_suppliers(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, supplier_out, lambda s: listing.cursor_of(s, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/suppliers/totals",
    operation_id="totalSuppliers",
    tags=["Partners"],
    summary="How many suppliers match",
    opt=said("符合条件的供应商数"),
    dependencies=SUPPLIERS_FILTERED,
)
async def supplier_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[CompanyQuery]
) -> Totals:
    return Totals(await listing.count_suppliers(env, actor, wanted), {})


@post(
    "/console/v1/suppliers",
    operation_id="addSupplier",
    tags=["Partners"],
    summary="Add a supplier",
    opt=said("新增供应商", "", RequestRefusal.not_found),
)
async def add_supplier_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[SupplierIn]
) -> SupplierOut:
    return supplier_out(await suppliers.add_supplier(env, actor, **msgspec.structs.asdict(data)))


@patch(
    "/console/v1/suppliers/{supplier_id:str}",
    operation_id="editSupplier",
    tags=["Partners"],
    summary="Change a supplier",
    opt=said("修改供应商", "", RequestRefusal.not_found, TenancyRefusal.mall_organisation),
)
async def edit_supplier_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[SupplierEdit],
) -> SupplierOut:
    changes = msgspec.structs.asdict(data)
    return supplier_out(await suppliers.edit_supplier(env, actor, number(supplier_id), **changes))


@post(
    "/console/v1/suppliers/{supplier_id:str}/keys",
    operation_id="issueSupplierKey",
    tags=["Keys"],
    summary="An API key of a supplier's programs; its secret is shown once",
    opt=said("签发供应商 API 密钥（密钥仅显示一次）", "", RequestRefusal.not_found),
)
async def issue_supplier_key_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[KeyIn],
) -> NewKeyOut:
    told = msgspec.structs.asdict(data)
    return new_key_out(*await suppliers.issue_supplier_key(env, actor, number(supplier_id), **told))


@get(
    "/console/v1/organisations/{organisation_id:str}/contacts",
    operation_id="listContacts",
    tags=["Partners"],
    summary="People behind a partner, masked",
    opt=said("合作方联系人（脱敏）", "", RequestRefusal.not_found),
)
async def contacts_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], organisation_id: FromPath[str]
) -> list[ContactOut]:
    return [contact_out(c) for c in await contacts.list_contacts(env, actor, number(organisation_id))]


@post(
    "/console/v1/organisations/{organisation_id:str}/contacts",
    operation_id="addContact",
    tags=["Partners"],
    summary="Add a contact",
    opt=said("新增联系人", "", RequestRefusal.not_found),
)
async def add_contact_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromPath[str],
    data: JSONBody[ContactIn],
) -> ContactOut:
    made = await contacts.add_contact(env, actor, number(organisation_id), **msgspec.structs.asdict(data))
    return contact_out(made)


@post(
    "/console/v1/contacts/{contact_id:str}/reveal",
    operation_id="revealContact",
    tags=["Partners"],
    summary="A contact in clear; the look is recorded",
    opt=said(
        "查看联系人明文（有记录）",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
        RequestRefusal.not_found,
    ),
)
async def reveal_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    contact_id: FromPath[str],
    data: JSONBody[RevealIn],
) -> Response[ContactClearOut]:
    found = await contacts.reveal_contact(env, actor, number(contact_id), data.reason)
    return Response(contact_clear_out(found), headers={"cache-control": "no-store"})


@delete(
    "/console/v1/contacts/{contact_id:str}",
    operation_id="dropContact",
    tags=["Partners"],
    summary="Delete a contact for good",
    opt=said("永久删除联系人", "", RequestRefusal.not_found),
    status_code=204,
)
async def drop_contact_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], contact_id: FromPath[str]
) -> None:
    await contacts.drop_contact(env, actor, number(contact_id))


ROUTES = [
    tiers_route,
    add_tier_route,
    edit_tier_route,
    drop_tier_route,
    buyers_route,
    buyer_totals_route,
    buyer_route,
    edit_buyer_route,
    set_tier_route,
    suspend_route,
    resume_route,
    issue_key_route,
    suppliers_route,
    supplier_totals_route,
    add_supplier_route,
    edit_supplier_route,
    issue_supplier_key_route,
    contacts_route,
    add_contact_route,
    reveal_route,
    drop_contact_route,
    *paper_routes.ROUTES,
    *own_routes.ROUTES,
    *own_supply_routes.ROUTES,
]
