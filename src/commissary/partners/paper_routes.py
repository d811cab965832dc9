"""A supplier's file in the console: who it is, its papers, its standing, quarantines, lists of names, terms."""

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import BINARY, Cursor, Page, Size, after, number, page, said, sized
from commissary.partners import papers, quarantines, rules, screening, standing, suppliers, terms
from commissary.partners.paper_wire import (
    AcceptIn,
    CompanyIn,
    CompanyOut,
    NameListIn,
    NameListOut,
    NamesUploadedOut,
    PaperIn,
    PaperKindOut,
    PaperOut,
    PaperRuleIn,
    QuarantineIn,
    QuarantineOut,
    StandingOut,
    TermsIn,
    TermsOut,
    WhyIn,
    company_out,
    name_list_out,
    paper_kinds,
    paper_out,
    quarantine_out,
    standing_out,
    terms_out,
)
from commissary.partners.types import PaperRule, PaperState, PartnerRefusal, QuarantineState
from commissary.tenancy.types import Actor

OCTETS = "application/octet-stream"


@put(
    "/console/v1/suppliers/{supplier_id:str}/company",
    operation_id="setSupplierCompany",
    tags=["Supplier papers"],
    summary="Say who a supplier is in law; its names are looked up in the lists at once",
    opt=said("登记供应商法定主体（立即比对名单）", "", RequestRefusal.not_found, RequestRefusal.conflict),
)
async def company_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[CompanyIn],
) -> CompanyOut:
    return company_out(
        await suppliers.set_company(
            env,
            actor,
            number(supplier_id),
            legal_name=data.legal_name,
            country=data.country,
            registration_no=data.registration_no,
            owners=data.owners,
            version=data.version,
        )
    )


@get(
    "/console/v1/suppliers/{supplier_id:str}/standing",
    operation_id="getSupplierStanding",
    tags=["Supplier papers"],
    summary="Whether a supplier may be bought from, why not, what is missing, and its grade per brand",
    opt=said("供应商资质：是否可采购、原因、缺失材料与各品牌等级", "", RequestRefusal.not_found),
)
async def standing_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], supplier_id: FromPath[str]
) -> StandingOut:
    return standing_out(await standing.standing_of(env, actor, number(supplier_id)))


@get(
    "/console/v1/paper-kinds",
    operation_id="listPaperKinds",
    tags=["Supplier papers"],
    summary="Kinds of papers",
    opt=said("材料类型"),
)
async def kinds_route(actor: NamedDependency[Actor]) -> list[PaperKindOut]:
    tenancy.require(actor, "partners.read")
    return paper_kinds()


@get(
    "/console/v1/paper-rules",
    operation_id="listPaperRules",
    tags=["Supplier papers"],
    summary="Which papers are asked for: the product's rules and the mall's own",
    opt=said("必备材料规则（内置与商城自定）"),
)
async def rules_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[PaperRule]:
    return await papers.list_paper_rules(env, actor)


@post(
    "/console/v1/paper-rules",
    operation_id="addPaperRule",
    tags=["Supplier papers"],
    summary="Ask for a paper, or stop asking, from a day on; every supplier is judged anew",
    opt=said("新增必备材料规则（自某日起，重新评估全部供应商）", "", PartnerRefusal.paper_rule_taken),
)
async def add_rule_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[PaperRuleIn]
) -> PaperRule:
    return await papers.add_paper_rule(env, actor, data.rule())


@get(
    "/console/v1/papers",
    operation_id="listPapers",
    tags=["Supplier papers"],
    summary="Papers of all suppliers, or of one",
    opt=said("供应商材料列表", "", RequestRefusal.not_found),
)
async def papers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromQuery[str | None] = None,
    status: FromQuery[PaperState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[PaperOut]:
    supplier = None if supplier_id is None else number(supplier_id)
    found = await papers.list_papers(
        env, actor, supplier, state=status, after=after(cursor), size=sized(size)
    )
    return page(found, size, paper_out, lambda p: p.id)


@post(
    "/console/v1/suppliers/{supplier_id:str}/papers",
    operation_id="submitPaper",
    tags=["Supplier papers"],
    summary="Hand in a paper by its hash; the same again is the same paper",
    opt=said(
        "提交供应商材料（以哈希登记，重复提交为同一份）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.paper_altered,
        PartnerRefusal.paper_on_file,
    ),
)
async def submit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[PaperIn],
) -> PaperOut:
    return paper_out(await papers.submit_paper(env, actor, number(supplier_id), data.draft()))


@put(
    "/console/v1/papers/{paper_id:str}/file",
    operation_id="keepPaperFile",
    tags=["Supplier papers"],
    summary="The document itself, at most 4 MiB, kept sealed; refused when it is not the one whose hash was handed in",
    opt=said(
        "上传材料原件（不超过 4 MiB，加密保存；与登记哈希不符则拒绝）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.paper_altered,
        PartnerRefusal.paper_file_too_large,
        takes={OCTETS: BINARY},
    ),
    request_max_body_size=rules.FILE_MAX + 65_536,
)
async def keep_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    paper_id: FromPath[str],
    request: Request[Any, Any, Any],
) -> PaperOut:
    tenancy.require(actor, "partners.write")  # before a large body is taken in
    return paper_out(await papers.keep_file(env, actor, number(paper_id), await request.body()))


@get(
    "/console/v1/papers/{paper_id:str}/file",
    operation_id="readPaperFile",
    tags=["Supplier papers"],
    summary="The document in clear; the look is recorded",
    opt=said(
        "查看材料原件（有记录）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.paper_altered,
        PartnerRefusal.paper_without_file,
        gives=OCTETS,
    ),
    media_type=OCTETS,
)
async def read_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], paper_id: FromPath[str]
) -> Response[bytes]:
    paper, content = await papers.read_file(env, actor, number(paper_id))
    name = f'attachment; filename="paper-{paper.id}"'
    return Response(content, media_type=OCTETS, headers={"content-disposition": name})


@post(
    "/console/v1/papers/{paper_id:str}/accept",
    operation_id="acceptPaper",
    tags=["Supplier papers"],
    summary="Accept a paper, naming the hash of the document that was looked at",
    opt=said(
        "通过材料（须填写所查看文件的哈希）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.paper_altered,
        PartnerRefusal.paper_decided,
        PartnerRefusal.paper_ended,
        PartnerRefusal.paper_without_file,
    ),
    status_code=200,
)
async def accept_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    paper_id: FromPath[str],
    data: JSONBody[AcceptIn],
) -> PaperOut:
    return paper_out(await papers.accept_paper(env, actor, number(paper_id), bytes.fromhex(data.sha256)))


@post(
    "/console/v1/papers/{paper_id:str}/refuse",
    operation_id="refusePaper",
    tags=["Supplier papers"],
    summary="Refuse a paper",
    opt=said("驳回材料", "", RequestRefusal.not_found, PartnerRefusal.paper_decided),
    status_code=200,
)
async def refuse_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], paper_id: FromPath[str], data: JSONBody[WhyIn]
) -> PaperOut:
    return paper_out(await papers.refuse_paper(env, actor, number(paper_id), data.reason))


@post(
    "/console/v1/papers/{paper_id:str}/withdraw",
    operation_id="withdrawPaper",
    tags=["Supplier papers"],
    summary="Take a paper back; what hung on it ends at once",
    opt=said("撤回材料（立即失效）", "", RequestRefusal.not_found, PartnerRefusal.paper_decided),
    status_code=200,
)
async def withdraw_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], paper_id: FromPath[str], data: JSONBody[WhyIn]
) -> PaperOut:
    return paper_out(await papers.withdraw_paper(env, actor, number(paper_id), data.reason))


@get(
    "/console/v1/quarantines",
    operation_id="listQuarantines",
    tags=["Supplier papers"],
    summary="Quarantines of suppliers, newest first",
    opt=said("供应商隔离记录（按时间倒序）", "", RequestRefusal.not_found),
)
async def quarantines_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromQuery[str | None] = None,
    status: FromQuery[QuarantineState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[QuarantineOut]:
    supplier = None if supplier_id is None else number(supplier_id)
    found = await quarantines.list_quarantines(
        env, actor, supplier_id=supplier, state=status, before=after(cursor) or None, size=sized(size)
    )
    return page(found, size, quarantine_out, lambda q: q.id)


@post(
    "/console/v1/suppliers/{supplier_id:str}/quarantines",
    operation_id="quarantineSupplier",
    tags=["Supplier papers"],
    summary="Stop buying from a supplier, at once",
    opt=said("隔离供应商（立即停止采购）", "", RequestRefusal.not_found, PartnerRefusal.already_quarantined),
)
async def quarantine_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[QuarantineIn],
) -> QuarantineOut:
    made = await quarantines.quarantine(env, actor, number(supplier_id), data.reason, data.until)
    return quarantine_out(made)


@post(
    "/console/v1/quarantines/{quarantine_id:str}/release",
    operation_id="releaseQuarantine",
    tags=["Supplier papers"],
    summary="End a quarantine",
    opt=said("解除隔离", "", RequestRefusal.not_found, PartnerRefusal.quarantine_closed),
    status_code=200,
)
async def release_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    quarantine_id: FromPath[str],
    data: JSONBody[WhyIn],
) -> QuarantineOut:
    return quarantine_out(await quarantines.release(env, actor, number(quarantine_id), data.reason))


@post(
    "/console/v1/quarantines/{quarantine_id:str}/confirm",
    operation_id="confirmQuarantine",
    tags=["Supplier papers"],
    summary="The name on the list is the supplier's: it stays out",
    opt=said(
        "确认名单命中（持续隔离）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.quarantine_closed,
        PartnerRefusal.not_a_name_hit,
    ),
    status_code=200,
)
async def confirm_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    quarantine_id: FromPath[str],
    data: JSONBody[WhyIn],
) -> QuarantineOut:
    return quarantine_out(await quarantines.confirm(env, actor, number(quarantine_id), data.reason))


@get(
    "/console/v1/name-lists",
    operation_id="listNameLists",
    tags=["Supplier papers"],
    summary="Lists of names with whom nobody may trade, newest first",
    opt=said("禁止交易名单（按时间倒序）"),
)
async def lists_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[NameListOut]:
    found = await screening.list_name_lists(env, actor, before=after(cursor) or None, size=sized(size))
    return page(found, size, name_list_out, lambda n: n.id)


@post(
    "/console/v1/name-lists",
    operation_id="uploadNameList",
    tags=["Supplier papers"],
    summary="Upload a list; every supplier is looked up at once",
    opt=said("上传名单（立即比对全部供应商）", "", RequestRefusal.conflict),
)
async def upload_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[NameListIn]
) -> NamesUploadedOut:
    made, hits = await screening.upload_names(
        env, actor, title=data.title, source=data.source, dated=data.dated, names=data.names
    )
    return NamesUploadedOut(name_list_out(made), hits)


@get(
    "/console/v1/suppliers/{supplier_id:str}/terms",
    operation_id="listSupplierTerms",
    tags=["Supplier papers"],
    summary="Terms of a supplier, newest first, future ones too",
    opt=said("供应商结算条款（含未来生效）", "", RequestRefusal.not_found),
)
async def terms_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], supplier_id: FromPath[str]
) -> list[TermsOut]:
    return [terms_out(t) for t in await terms.list_terms(env, actor, number(supplier_id))]


@post(
    "/console/v1/suppliers/{supplier_id:str}/terms",
    operation_id="setSupplierTerms",
    tags=["Supplier papers"],
    summary="Agree on terms from a day on: days to payment, days held back, deposit",
    opt=said(
        "约定结算条款（账期、留存期与保证金，自某日起）",
        "",
        RequestRefusal.not_found,
        PartnerRefusal.terms_in_the_past,
    ),
)
async def set_terms_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[TermsIn],
) -> TermsOut:
    return terms_out(
        await terms.set_terms(
            env,
            actor,
            number(supplier_id),
            valid_from=data.valid_from,
            valid_to=data.valid_to,
            settlement_days=data.settlement_days,
            hold_days=data.hold_days,
            deposit_e4=money.parse(data.deposit),
        )
    )


ROUTES = [
    company_route,
    standing_route,
    kinds_route,
    rules_route,
    add_rule_route,
    papers_route,
    submit_route,
    keep_route,
    read_route,
    accept_route,
    refuse_route,
    withdraw_route,
    quarantines_route,
    quarantine_route,
    release_route,
    confirm_route,
    lists_route,
    upload_route,
    terms_route,
    set_terms_route,
]
