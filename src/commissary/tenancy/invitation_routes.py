"""Invitations over HTTP: made and taken back by whoever keeps people; looked at and accepted by who has the link."""

from typing import Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.tenancy import invitations, wire
from commissary.tenancy.types import Actor, TenancyRefusal


@get(
    "/console/v1/invitations",
    operation_id="listInvitations",
    tags=["People"],
    summary="Invitations, newest first; never their links",
    opt=said("邀请记录（按时间倒序，不含链接）", "", RequestRefusal.not_found),
)
async def list_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[wire.InvitationOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    found = await invitations.list_invitations(
        env, actor, organisation_id=wanted, before=after(cursor) or None, size=sized(size)
    )
    now = env.now(actor.mall_id)
    return page(found, size, lambda i: wire.invitation_out(i, now), lambda i: i.id)


@post(
    "/console/v1/invitations",
    operation_id="invite",
    tags=["People"],
    summary="Invite somebody to a role, by a link that is shown once",
    description="Whoever has the link sets his own password. It works once, for three days, and an older one stops working.",
    opt=said(
        "邀请人员加入（链接仅显示一次）",
        "对方通过链接自行设置密码；链接三天内有效、仅可使用一次，旧链接随即失效。",
        RequestRefusal.not_found,
        TenancyRefusal.role_does_not_fit,
        TenancyRefusal.already_member,
    ),
)
async def invite_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[wire.InviteIn]
) -> wire.InvitationOut:
    made, token = await invitations.invite(
        env, actor, organisation_id=number(data.organisation_id), email=data.email, role=data.role
    )
    return wire.invitation_out(made, env.now(actor.mall_id), token)


@delete(
    "/console/v1/invitations/{invitation_id:str}",
    operation_id="revokeInvitation",
    tags=["People"],
    summary="Take an invitation back",
    opt=said("撤回邀请", "", RequestRefusal.not_found),
    status_code=204,
)
async def revoke_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], invitation_id: FromPath[str]
) -> None:
    await invitations.revoke_invitation(env, actor, number(invitation_id))


@post(
    "/console/v1/join/look",
    operation_id="lookAtInvitation",
    tags=["People"],
    summary="What a link is for",
    opt=said("查看邀请内容", "", TenancyRefusal.invitation_void) | {"public": True},
    status_code=200,
)
async def look_route(env: NamedDependency[Env], data: JSONBody[wire.JoinLookIn]) -> wire.InvitedOut:
    return _out(await invitations.look_at_invitation(env, data.token))


@post(
    "/console/v1/join",
    operation_id="join",
    tags=["People"],
    summary="Accept an invitation; then sign in as always",
    opt=said(
        "接受邀请（随后照常登录）",
        "",
        TenancyRefusal.wrong_credentials,
        TenancyRefusal.too_many_attempts,
        TenancyRefusal.invitation_void,
    )
    | {"public": True},
    status_code=200,
)
async def join_route(
    env: NamedDependency[Env], data: JSONBody[wire.JoinIn], request: Request[Any, Any, Any]
) -> wire.InvitedOut:
    ip = request.client.host if request.client else ""
    return _out(await invitations.accept_invitation(env, data.token, data.name, data.password, ip))


def _out(i: invitations.Invited) -> wire.InvitedOut:
    return wire.InvitedOut(
        i.email, i.role, i.role_zh, i.role_en, i.organisation, i.kind, i.mall, i.slug, i.known
    )


ROUTES = [list_route, invite_route, revoke_route, look_route, join_route]
