"""Roles of a mall's own over HTTP: here, and not with `tenancy`'s other routes, because wider rights may need a second person."""

from typing import Annotated

import msgspec
from litestar import Response, delete, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary import tenancy
from commissary.approvals import wire
from commissary.approvals.guarded import EditRole, MakeRole
from commissary.approvals.types import Request
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.tenancy.types import Actor, OrganisationKind, TenancyRefusal

Label = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Permissions = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(min_length=1, max_length=200)
]
Reason = Annotated[str, msgspec.Meta(max_length=500)]


class OwnRoleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kind`: of organisations in which it can be held; of its permissions alone it is made. `reason`: for whoever has to approve it."""

    kind: OrganisationKind
    zh: Label
    en: Label
    permissions: Permissions
    reason: Reason = ""


class OwnRoleEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: OrganisationKind
    zh: Label
    en: Label
    permissions: Permissions
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    reason: Reason = ""


class OwnRoleOut(msgspec.Struct, frozen=True):
    """`name` is what people are given it by; `held` by how many."""

    id: str
    name: str
    kind: OrganisationKind
    zh: str
    en: str
    permissions: list[str]
    version: int
    held: int


@post(
    "/console/v1/roles",
    operation_id="makeRole",
    tags=["People"],
    summary="Make a role of the mall's own, out of what one may oneself",
    opt=said("新增自定义角色（不得超出本人权限）", asks=True),
)
async def make_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: wire.Doing,
    data: JSONBody[OwnRoleIn],
) -> Response[OwnRoleOut]:
    tenancy.require(actor, "people.write")
    draft = tenancy.RoleDraft(data.kind, data.zh, data.en, data.permissions)
    return _answer(await acts.ask(env, actor, MakeRole(draft), data.reason))


@put(
    "/console/v1/roles/{role_id:str}",
    operation_id="editRole",
    tags=["People"],
    summary="Change a role of the mall's own; it holds for the very next call of whoever has it",
    opt=said(
        "修改自定义角色（持有者的下一次请求即生效）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        TenancyRefusal.own_role,
        asks=True,
    ),
)
async def edit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: wire.Doing,
    role_id: FromPath[str],
    data: JSONBody[OwnRoleEdit],
) -> Response[OwnRoleOut]:
    tenancy.require(actor, "people.write")
    draft = tenancy.RoleDraft(data.kind, data.zh, data.en, data.permissions)
    return _answer(await acts.ask(env, actor, EditRole(number(role_id), draft, data.version), data.reason))


@delete(
    "/console/v1/roles/{role_id:str}",
    operation_id="deleteRole",
    tags=["People"],
    summary="Delete a role that nobody holds",
    opt=said("删除无人持有的自定义角色", "", RequestRefusal.not_found, TenancyRefusal.role_held),
    status_code=204,
)
async def delete_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], role_id: FromPath[str]
) -> None:
    await tenancy.delete_role(env, actor, number(role_id))


def _answer(done: tenancy.OwnRole | Request) -> Response[OwnRoleOut]:
    if isinstance(done, Request):
        return wire.waits(done)
    r = done
    return Response(OwnRoleOut(str(r.id), r.name, r.kind, r.zh, r.en, r.permissions, r.version, r.held))


ROUTES = [make_route, edit_route, delete_route]
