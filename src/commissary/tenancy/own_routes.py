"""A partner's own people and keys, for them alone: the organisation is the session's. Its list of keys is `insight`'s, which knows their use."""

from litestar import get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy.keys import revoke_key, rotate_key, set_addresses
from commissary.tenancy.people import add_person, list_people, set_person_status, set_role
from commissary.tenancy.roles import require
from commissary.tenancy.types import Actor, TenancyRefusal
from commissary.tenancy.wire import (
    KeyEdit,
    KeyOut,
    OwnPersonIn,
    PersonOut,
    RoleIn,
    RotateIn,
    StatusIn,
    key_out,
    person_out,
)

OWN = "/console/v1/own"
LAST = 2**63 - 1  # a person of whom a page has told stands in no other organisation of this list


@get(
    f"{OWN}/people",
    operation_id="listMyPeople",
    tags=["Own: company"],
    summary="One's own company's people",
    opt=said("本企业人员"),
)
async def people_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[PersonOut]:
    own = _own(actor, "own.people.write")
    found = await list_people(env, own, after=(after(cursor), LAST), size=sized(size))
    return page(found, size, person_out, lambda p: p.id)


@post(
    f"{OWN}/people",
    operation_id="addMyPerson",
    tags=["Own: company"],
    summary="Add a colleague with a role",
    opt=said("新增同事并指定角色", "", TenancyRefusal.role_does_not_fit, TenancyRefusal.email_taken),
)
async def add_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[OwnPersonIn]
) -> PersonOut:
    own = _own(actor, "own.people.write")
    made = await add_person(
        env,
        own,
        organisation_id=own.organisation_id,
        email=data.email,
        name=data.name,
        password=data.password,
        role=data.role,
    )
    return person_out(made)


@put(
    f"{OWN}/people/{{person_id:str}}/role",
    operation_id="setMyPersonRole",
    tags=["Own: company"],
    summary="Give a colleague another role, or take it",
    opt=said("调整或移除同事的角色", "", RequestRefusal.not_found, TenancyRefusal.role_does_not_fit),
    status_code=204,
)
async def role_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    person_id: FromPath[str],
    data: JSONBody[RoleIn],
) -> None:
    own = _own(actor, "own.people.write")
    await set_role(env, own, organisation_id=own.organisation_id, person_id=number(person_id), role=data.role)


@patch(
    f"{OWN}/people/{{person_id:str}}",
    operation_id="setMyPersonStatus",
    tags=["Own: company"],
    summary="Suspend a colleague, or let him in again",
    opt=said("停用或恢复同事", "", RequestRefusal.not_found),
    status_code=204,
)
async def status_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    person_id: FromPath[str],
    data: JSONBody[StatusIn],
) -> None:
    own = _own(actor, "own.people.write")
    await set_person_status(
        env, own, organisation_id=own.organisation_id, person_id=number(person_id), status=data.status
    )


@post(
    f"{OWN}/keys/{{key_id:str}}/rotate",
    operation_id="rotateMyKey",
    tags=["Own: developer"],
    summary="A new secret; the present one lives on for a while",
    opt=said(
        "轮换密钥（旧密钥在重叠期内仍可用）", "", RequestRefusal.not_found, TenancyRefusal.key_is_revoked
    ),
)
async def rotate_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    key_id: FromPath[str],
    data: JSONBody[RotateIn],
) -> KeyOut:
    view, secret = await rotate_key(env, _own(actor, "own.keys.write"), key_id, data.overlap_s)
    return key_out(view, secret)


@patch(
    f"{OWN}/keys/{{key_id:str}}",
    operation_id="changeMyKey",
    tags=["Own: developer"],
    summary="From which addresses a key may be used: within a second it is refused from others",
    opt=said(
        "修改密钥的 IP 白名单（一秒内生效）",
        "",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        TenancyRefusal.key_is_revoked,
    ),
)
async def change_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    key_id: FromPath[str],
    data: JSONBody[KeyEdit],
) -> KeyOut:
    own = _own(actor, "own.keys.write")
    return key_out(await set_addresses(env, own, key_id, data.ip_allow, data.version))


@post(
    f"{OWN}/keys/{{key_id:str}}/revoke",
    operation_id="revokeMyKey",
    tags=["Own: developer"],
    summary="Revoke a key for good: within a second nobody may use it",
    opt=said("吊销密钥（一秒内失效，不可恢复）", "", RequestRefusal.not_found),
)
async def revoke_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], key_id: FromPath[str]
) -> KeyOut:
    return key_out(await revoke_key(env, _own(actor, "own.keys.write"), key_id))


def _own(actor: Actor, permission: str) -> Actor:
    """With his rights over his own organisation and no other: staff of the mall have `/people` and `/keys`."""
    require(actor, permission)
    if actor.kind != "person":
        raise Refused(TenancyRefusal.forbidden, permission=permission)
    return actor


ROUTES = [people_route, add_route, role_route, status_route, change_route, rotate_route, revoke_route]
