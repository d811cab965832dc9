"""Saved views over HTTP."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.form import form
from commissary.base.wire import Id, number, said
from commissary.tenancy.types import Actor, TenancyRefusal
from commissary.tenancy.views import View, ViewDraft, delete_view, list_views, save_view

PageName = Annotated[str, form(r"[a-z0-9][a-z0-9/_-]*", least=1, most=60)]


class ViewIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With `id`: the new content of that one, which stays private or shared as it was made. `search`: the page's own parameters,
    as its address has them. `pinned`: a tab over the list. `is_default`: where the page opens without parameters."""

    page: PageName
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    search: Annotated[str, msgspec.Meta(max_length=2000)]
    shared: bool = False
    is_default: bool = False
    position: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    pinned: bool = True
    id: Id | None = None


class ViewOut(msgspec.Struct, frozen=True):
    id: str
    page: str
    name: str
    search: str
    shared: bool
    mine: bool
    is_default: bool
    position: int
    updated_at: datetime
    pinned: bool


class ViewList(msgspec.Struct, frozen=True):
    items: list[ViewOut]


@get(
    "/console/v1/views",
    operation_id="listViews",
    tags=["Sessions"],
    summary="Saved views: one's own and those shared in the organisation",
    opt=said("已保存的视图（本人的及组织内共享的）"),
)
async def views_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    page: Annotated[str | None, QueryParameter(max_length=60)] = None,
) -> ViewList:
    return ViewList([_out(actor, v) for v in await list_views(env, actor, page)])


@put(
    "/console/v1/views",
    operation_id="saveView",
    tags=["Sessions"],
    summary="Save a view, or change one",
    opt=said("保存或修改视图", "", RequestRefusal.not_found, TenancyRefusal.view_limit),
)
async def save_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ViewIn]
) -> ViewOut:
    draft = ViewDraft(
        data.page, data.name, data.search, data.shared, data.is_default, data.position, data.pinned
    )
    return _out(actor, await save_view(env, actor, draft, None if data.id is None else number(data.id)))


@delete(
    "/console/v1/views/{view_id:str}",
    operation_id="deleteView",
    tags=["Sessions"],
    summary="Delete a saved view",
    opt=said("删除视图", "", RequestRefusal.not_found),
    status_code=204,
)
async def delete_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], view_id: FromPath[str]
) -> None:
    await delete_view(env, actor, number(view_id))


def _out(actor: Actor, view: View) -> ViewOut:
    return ViewOut(
        id=str(view.id),
        page=view.page,
        name=view.name,
        search=view.search,
        shared=view.shared,
        mine=view.person_id == int(actor.id),
        is_default=view.is_default,
        position=view.position,
        updated_at=view.updated_at,
        pinned=view.pinned,
    )


ROUTES = [views_route, save_route, delete_route]
