"""What suppliers' people say against lines of their days, before the mall's."""

from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.settlement import objections, store
from commissary.settlement.own_wire import AnswerIn, ObjectionOut, objection_out
from commissary.settlement.types import Objection, ObjectionState, SettlementRefusal
from commissary.tenancy.types import Actor

ROOT = "/console/v1/objections"
TAGS = ["Settlement"]


@get(
    ROOT,
    operation_id="listObjections",
    tags=TAGS,
    summary="What suppliers object to, newest first",
    opt=said("供应商对账异议（按时间倒序）", "", RequestRefusal.not_found),
)
async def objections_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: FromQuery[ObjectionState | None] = None,
    connection_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ObjectionOut]:
    tenancy.require(actor, "settlement.read")
    found = await objections.list_objections(
        env,
        actor,
        connection_id=number(connection_id) if connection_id else None,
        state=status,
        before=after(cursor) or store.LAST,
        size=sized(size),
    )
    return page(found, size, objection_out, lambda o: o.id)


@get(
    f"{ROOT}/{{objection_id:str}}/file",
    operation_id="getObjectionFile",
    tags=TAGS,
    summary="The document that came with an objection",
    opt=said(
        "下载异议凭证",
        "",
        RequestRefusal.not_found,
        SettlementRefusal.objection_not_found,
        SettlementRefusal.objection_without_file,
        gives="application/octet-stream",
    ),
    media_type="application/octet-stream",
)
async def file_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], objection_id: FromPath[str]
) -> Response[bytes]:
    tenancy.require(actor, "settlement.read")
    return file_answer(*await objections.read_file(env, actor, number(objection_id)))


@post(
    f"{ROOT}/{{objection_id:str}}/answer",
    operation_id="answerObjection",
    tags=TAGS,
    summary="Answer a supplier's objection; it moves no money",
    opt=said(
        "答复供应商异议（不产生记账）",
        "",
        RequestRefusal.not_found,
        SettlementRefusal.objection_not_found,
        SettlementRefusal.objection_answered,
    ),
    status_code=200,
)
async def answer_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    objection_id: FromPath[str],
    data: JSONBody[AnswerIn],
) -> ObjectionOut:
    return objection_out(await objections.answer(env, actor, number(objection_id), data.outcome, data.reply))


def file_answer(objection: Objection, content: bytes) -> Response[bytes]:
    """To be kept, never shown: it is a stranger's file."""
    name = quote(objection.file_name or f"objection-{objection.id}", safe="")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


ROUTES = [objections_route, file_route, answer_route]
