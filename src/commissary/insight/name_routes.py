"""What people and things are called, for pages that know their ids."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.wire import MAX_SIZE, number, said
from commissary.insight.names import Name, names_of
from commissary.insight.types import Thing
from commissary.tenancy.types import Actor

Ids = Annotated[
    str | None,
    QueryParameter(
        description=f"Ids with commas between them, {MAX_SIZE} of all kinds together at most",
        pattern=r"^[1-9]\d{0,18}(,[1-9]\d{0,18})*$",
        max_length=20 * MAX_SIZE,
    ),
]


class NameOut(msgspec.Struct, frozen=True):
    """`name`: in Chinese where there are two. `code`: of a SKU. `status`: null of people and products."""

    id: str
    name: str
    kind: Thing
    name_en: str | None
    code: str | None
    status: str | None


class NameList(msgspec.Struct, frozen=True):
    items: list[NameOut]


@get(
    "/console/v1/names",
    operation_id="namesOf",
    tags=["Sessions"],
    summary="What people and things are called, of those whose names one may know",
    description="The mall's staff may know anybody's name, a partner's people those of their own company. Goods need `catalog.read`, "
    "companies `partners.read`, connections `supply.read`. Others are left out.",
    opt=said(
        "人员与对象名称（仅限可见者）",
        "平台人员可见所有人；供应商、客户、企业人员仅可见本企业的人。商品需 `catalog.read`，客户与供应商需 `partners.read`，"
        "供应商连接需 `supply.read`。不可见者不在结果中。",
    ),
)
async def names_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    people: Ids = None,
    skus: Ids = None,
    products: Ids = None,
    buyers: Ids = None,
    suppliers: Ids = None,
    connections: Ids = None,
) -> NameList:
    texts: dict[Thing, str | None] = {
        "person": people,
        "sku": skus,
        "product": products,
        "buyer": buyers,
        "supplier": suppliers,
        "connection": connections,
    }
    asked = {kind: text.split(",") for kind, text in texts.items() if text}
    if sum(map(len, asked.values())) > MAX_SIZE:
        raise invalid(next(iter(asked)), f"{MAX_SIZE} at most / 最多 {MAX_SIZE} 个")
    found = await names_of(env, actor, {kind: {number(one) for one in ids} for kind, ids in asked.items()})
    return NameList([_out(one) for one in found])


def _out(name: Name) -> NameOut:
    return NameOut(str(name.id), name.name, name.kind, name.name_en, name.code, name.status)


ROUTES = [names_route]
