"""What people are called, for pages that name those who did something."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.wire import MAX_SIZE, number, said
from commissary.tenancy.standing import names_for
from commissary.tenancy.types import Actor

Ids = Annotated[
    str,
    QueryParameter(
        description=f"Ids with commas between them, {MAX_SIZE} at most",
        pattern=r"^[1-9]\d{0,18}(,[1-9]\d{0,18})*$",
        max_length=20 * MAX_SIZE,
    ),
]


class NameOut(msgspec.Struct, frozen=True):
    id: str
    name: str


class NameList(msgspec.Struct, frozen=True):
    items: list[NameOut]


@get(
    "/console/v1/names",
    operation_id="namesOf",
    tags=["Sessions"],
    summary="What people are called, of those whose names one may know",
    description="The mall's staff may know anybody's, a partner's people those of their own company. Others are left out.",
    opt=said(
        "人员姓名（仅限可见者）",
        "平台人员可见所有人；供应商、客户、企业人员仅可见本企业的人。不可见者不在结果中。",
    ),
)
async def names_route(env: NamedDependency[Env], actor: NamedDependency[Actor], people: Ids) -> NameList:
    asked = people.split(",")
    if len(asked) > MAX_SIZE:
        raise invalid("people", f"{MAX_SIZE} at most / 最多 {MAX_SIZE} 个")
    found = await names_for(env, actor, {number(one) for one in asked})
    return NameList([NameOut(str(person), name) for person, name in sorted(found.items())])


ROUTES = [names_route]
