"""Across domains: the console's search for an order by whatever number somebody has, proofs, custody, recalls."""

import asyncio
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from commissary import orders, partners, tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.base.wire import Cursor, Page, Size, number, page, said, sized
from commissary.insight import (
    call_routes,
    inbox_routes,
    key_routes,
    live_routes,
    low_routes,
    name_routes,
    notice_routes,
    pulse_routes,
    step_routes,
    system_routes,
)
from commissary.insight.cases import find_cases
from commissary.insight.custody import custody_of, trace
from commissary.insight.proof_wire import (
    ChainOut,
    HolderOut,
    PlaceOut,
    ProofOut,
    QrOfCodeOut,
    QrOut,
    RecallLookOut,
    TraceIn,
    chain_out,
    holder_out,
    proof_out,
    qr_of,
    qr_of_code,
    recall_look_out,
)
from commissary.insight.proofs import order_pages, order_proof
from commissary.insight.search import search
from commissary.insight.wire import CaseList, HitList, case_out
from commissary.orders.types import OrderRefusal
from commissary.provenance.types import ProvenanceRefusal
from commissary.tenancy.types import Actor, Caller

MOST_QR = 50
Buyer = NamedDependency[SkipValidation[Caller]]
Number = Annotated[
    str,
    QueryParameter(
        description="Of the order (id, order_no or the buyer's client_order_no), its request, its decision, a transfer, a hold, "
        "a purchase or a webhook",
        min_length=1,
        max_length=80,
    ),
]
Wanted = Annotated[str, QueryParameter(description="What somebody typed", min_length=1, max_length=80)]
Fingerprint = Annotated[
    str | None,
    QueryParameter(description="The code's fingerprint, 64 hex digits", min_length=64, max_length=64),
]
Seq = Annotated[int | None, QueryParameter(description="With batch_id: its number there", ge=1, le=2**31 - 1)]


@get(
    "/console/v1/cases",
    operation_id="findCases",
    tags=["Orders"],
    summary="The case file of an order, by any of its numbers",
    opt=said("按任一单号查询订单全档"),
)
async def cases_route(env: NamedDependency[Env], actor: NamedDependency[Actor], number: Number) -> CaseList:
    found = await find_cases(env, actor, number)
    return CaseList([case_out(home(actor.mall_id), case) for case in found])


@get(
    "/console/v1/search",
    operation_id="search",
    tags=["Orders"],
    summary="Whatever was typed or pasted: orders, goods, companies, codes",
    description=(
        "Any number of an order, an article number or part of a name, a company, the last four digits of a phone or all of a "
        "topped-up account, a code's fingerprint. A few hits of each kind, as far as one may read them."
    ),
    opt=said(
        "全局搜索",
        "订单的任一单号、货号或名称片段、公司名称、手机尾号四位或完整充值账号、卡密指纹；按权限返回各类少量结果。",
    ),
)
async def search_route(env: NamedDependency[Env], actor: NamedDependency[Actor], q: Wanted) -> HitList:
    return HitList(await search(env, actor, q))


@get(
    "/v1/orders/{order_id:str}/proof",
    operation_id="getOrderProof",
    tags=["Orders"],
    summary="The proof of an order's custody, verifiable offline",
    description=(
        "Every custody event of the order with its salt, its place in the mall's transparency log and the path to a signed "
        "checkpoint. Save the answer and check it with `verify.py`, without asking us. `pages` are the addresses at which "
        "anybody may see whether a code is genuine, without the code."
    ),
    opt=said(
        "订单存证证明（可离线验证）",
        "返回订单的每条流转事件、盐值、其在商城透明日志中的位置以及到签名检查点的路径。保存响应后可用 `verify.py` 离线验证。"
        "`pages` 为公开验真地址，任何人可据此核验真伪而无需卡密。",
        OrderRefusal.order_not_found,
        ProvenanceRefusal.not_in_log_yet,
    ),
)
async def proof_route(
    env: NamedDependency[Env],
    caller: Buyer,
    public_url: NamedDependency[str],
    order_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> ProofOut:
    tenancy.require_scope(caller, "orders:read")
    sized(size)
    found = await order_proof(
        env,
        caller.key.home_id,
        _order(order_id),
        caller.key.organisation_id,
        after=_two(cursor),
        size=size,
    )
    return proof_out(found, public_url)


@get(
    "/console/v1/orders/{order_id:str}/proof",
    operation_id="getOrderProofForConsole",
    tags=["Orders"],
    summary="The proof of an order's custody, verifiable offline",
    opt=said(
        "订单存证证明（可离线验证）",
        "",
        OrderRefusal.order_not_found,
        ProvenanceRefusal.not_in_log_yet,
    ),
)
async def console_proof_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    public_url: NamedDependency[str],
    order_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> ProofOut:
    tenancy.require(actor, "provenance.read")
    tenancy.require(actor, "orders.read")
    sized(size)
    found = await order_proof(env, home(actor.mall_id), _order(order_id), after=_two(cursor), size=size)
    return proof_out(found, public_url)


@get(
    "/console/v1/orders/{order_id:str}/pages",
    operation_id="listAuthenticityPages",
    tags=["Orders"],
    summary="The public page of each delivered code, as a QR code, and where the code lies",
    description=f"{MOST_QR} at a time at most.",
    opt=said(
        "每张已交付卡密的公开验真页（含二维码）及其所在位置",
        f"每页最多 {MOST_QR} 个。",
        OrderRefusal.order_not_found,
    ),
)
async def pages_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    public_url: NamedDependency[str],
    order_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 12,
) -> Page[QrOfCodeOut]:
    tenancy.require(actor, "provenance.read")
    tenancy.require(actor, "orders.read")
    sized(size)
    found, following = await order_pages(
        env, home(actor.mall_id), _order(order_id), after=_two(cursor), size=min(size, MOST_QR)
    )
    # A picture takes some milliseconds: other requests go on meanwhile.
    items = await asyncio.to_thread(lambda: [qr_of_code(p, public_url) for p in found])
    return Page(items, f"{following[0]}.{following[1]}" if following else None)


@get(
    "/console/v1/own/orders/{order_id:str}/pages",
    operation_id="listMyAuthenticityPages",
    tags=["Own: orders"],
    summary="The public page of each delivered code, as a QR code",
    description=f"{MOST_QR} at a time at most.",
    opt=said(
        "每张已交付卡密的公开验真页（含二维码）", f"每页最多 {MOST_QR} 个。", OrderRefusal.order_not_found
    ),
    dependencies=partners.OWN,
)
async def own_pages_route(
    env: NamedDependency[Env],
    caller: Buyer,
    public_url: NamedDependency[str],
    order_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 12,
) -> Page[QrOut]:
    tenancy.require_scope(caller, "orders:read")
    sized(size)
    key = caller.key
    found, following = await order_pages(
        env,
        key.home_id,
        _order(order_id),
        key.organisation_id,
        after=_two(cursor),
        size=min(size, MOST_QR),
    )
    items = await asyncio.to_thread(lambda: [qr_of(p, public_url) for p in found])
    return Page(items, f"{following[0]}.{following[1]}" if following else None)


@get(
    "/console/v1/custody",
    operation_id="getCustody",
    tags=["Stock"],
    summary="The custody chain of one code, by its fingerprint or its place in a batch",
    opt=said("单张卡密的流转链（按指纹或批次编号）", "", RequestRefusal.not_found),
)
async def custody_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    fingerprint: Fingerprint = None,
    batch_id: Annotated[
        str | None,
        QueryParameter(
            description="The batch's id, or, of a code that never lay there, that of the purchase or the order; with seq"
        ),
    ] = None,
    seq: Seq = None,
) -> ChainOut:
    if (fingerprint is None) == (batch_id is None) or (batch_id is None) != (seq is None):
        raise invalid(
            "fingerprint", "either fingerprint, or batch_id with seq / 指纹，或批次与编号，二者择一"
        )
    try:
        raw = None if fingerprint is None else bytes.fromhex(fingerprint)
    except ValueError:
        raise invalid("fingerprint", "64 hex digits / 64 位十六进制") from None
    if raw is not None and len(raw) != 32:
        raise invalid("fingerprint", "64 hex digits / 64 位十六进制")
    batch = None if batch_id is None else number(batch_id)
    return chain_out(await custody_of(env, actor, fingerprint=raw, batch=batch, seq=seq))


@post(
    "/console/v1/custody/trace",
    operation_id="traceCode",
    tags=["Stock"],
    summary="Where a code lies that somebody holds in his hand",
    description="The code is looked for by its keyed hash and kept nowhere; that it was asked for is in the audit log.",
    opt=said(
        "按卡密查其所在批次与编号",
        "以密钥哈希查找，不保存卡密；查询行为记入审计日志。",
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def trace_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[TraceIn]
) -> PlaceOut:
    batch, seq = await trace(env, actor, data.code, data.number)
    return PlaceOut(str(batch), seq)


@get(
    "/console/v1/batches/{batch_id:str}/holders",
    operation_id="listBatchHolders",
    tags=["Stock"],
    summary="Every order line that holds codes of a batch, and its buyer",
    opt=said("持有该批次卡密的全部订单行及客户", "", RequestRefusal.not_found),
)
async def holders_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    batch_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[HolderOut]:
    found = await orders.holders(env, actor, number(batch_id), after=_three(cursor), size=sized(size))
    return page(found, size, holder_out, lambda h: ".".join(map(str, h.place)))


@get(
    "/console/v1/batches/{batch_id:str}/recall",
    operation_id="lookAtRecall",
    tags=["Stock"],
    summary="Whom a recall of a batch would reach, and what they would get back; nothing is done",
    opt=said("召回预览：涉及的订单、客户与应退金额（不执行）", "", RequestRefusal.not_found),
)
async def recall_look_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], batch_id: FromPath[str]
) -> RecallLookOut:
    return recall_look_out(await orders.look_at_recall(env, actor, number(batch_id)))


def _order(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63:
        return int(text)
    raise Refused(OrderRefusal.order_not_found)


def _numbers(cursor: str, most: tuple[int, ...]) -> tuple[int, ...]:
    parts = cursor.split(".")
    if len(parts) != len(most) or not all(p.isascii() and p.isdigit() and len(p) <= 19 for p in parts):
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    found = tuple(map(int, parts))
    if any(n > limit for n, limit in zip(found, most, strict=True)):
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    return found


def _two(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    line_no, n = _numbers(cursor, (2**15 - 1, 2**31 - 1))
    return line_no, n


def _three(cursor: str | None) -> tuple[int, int, int]:
    if cursor is None:
        return 0, 0, 0
    first, order_id, line_no = _numbers(cursor, (2**31 - 1, 2**63 - 1, 2**15 - 1))
    return first, order_id, line_no


ROUTES = [
    *inbox_routes.ROUTES,
    *live_routes.ROUTES,
    *low_routes.ROUTES,
    *name_routes.ROUTES,
    *notice_routes.ROUTES,
    *pulse_routes.ROUTES,
    *step_routes.ROUTES,
    cases_route,
    search_route,
    proof_route,
    console_proof_route,
    pages_route,
    own_pages_route,
    custody_route,
    trace_route,
    holders_route,
    recall_look_route,
    *call_routes.ROUTES,
    *key_routes.ROUTES,
    *system_routes.ROUTES,
]
