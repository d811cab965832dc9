"""The papers of a supplier: handed in, with their hash; accepted or refused by somebody who saw exactly that document.

    submitted ─accept→ accepted ─its last day passes→ expired
    submitted ─refuse→ refused        submitted|accepted ─withdraw→ withdrawn

The document is kept sealed beside its hash up to `rules.FILE_MAX`: a hash proves nothing to an inspector when nobody can
show what it is of. A larger one stays with the mall, and its hash holds the mall to its word.
"""

import hashlib
from datetime import date

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import crypto, db, outbox, sql
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.partners import rules, standing
from commissary.partners.standing import paper_of
from commissary.partners.types import (
    PAPER_KINDS,
    PAPER_MOVES,
    Paper,
    PaperDraft,
    PaperRule,
    PaperState,
    PartnerRefusal,
)
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")

PURPOSE = "supplier-paper"
_YEARS = (date(1970, 1, 1), date(2200, 12, 31))


async def submit_paper(env: Env, actor: Actor, supplier_id: int, draft: PaperDraft) -> Paper:
    """Hand a paper in; the same again is the same paper.

    Refuses `paper_altered` when a live paper of that kind and number has another hash (a renewed one says which it
    `replaces`), `paper_on_file` when the very document is on file with other particulars, `not_found` for a supplier or a
    brand that is not here.
    """
    tenancy.require(actor, "partners.write")
    _check(draft)
    draft = msgspec.structs.replace(draft, brand_ids=tuple(sorted(draft.brand_ids)))
    mall, at, id_ = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        live = await standing.load_papers(tx, mall, supplier_id, ("submitted", "accepted"))
        for known in live:
            if known.kind == draft.kind and known.sha256 == draft.sha256:
                if _particulars(known) != _particulars(draft):
                    raise Refused(PartnerRefusal.paper_on_file, paper_id=str(known.id))
                return known
        if draft.replaces is None:
            for known in live:
                if draft.number and (known.kind, known.number) == (draft.kind, draft.number):
                    raise Refused(PartnerRefusal.paper_altered, paper_id=str(known.id))
        elif not any(
            p.id == draft.replaces and p.kind == draft.kind
            for p in await standing.load_papers(tx, mall, supplier_id)
        ):
            raise Refused(RequestRefusal.not_found, replaces=str(draft.replaces))
        row = msgspec.structs.asdict(draft) | {"mall": mall, "id": id_, "supplier": supplier_id, "at": at}
        await db.run(tx, Q.add_paper, row | {"by": _who(actor)})
        try:
            await db.run(tx, Q.add_paper_brands, {"mall": mall, "id": id_, "brands": list(draft.brand_ids)})
        except psycopg.errors.ForeignKeyViolation:
            raise Refused(RequestRefusal.not_found, brand_ids=[str(b) for b in draft.brand_ids]) from None
        await tenancy.audit(tx, env, actor, "paper.submit", f"paper:{id_}", None, _shown(supplier_id, draft))
        return await _paper(tx, mall, id_)


async def keep_file(env: Env, actor: Actor, paper_id: int, content: bytes) -> Paper:
    """The document itself. Refuses `paper_altered` when it is not the one whose hash was handed in,
    `paper_file_too_large`."""
    tenancy.require(actor, "partners.write")
    if len(content) > rules.FILE_MAX:
        raise Refused(PartnerRefusal.paper_file_too_large, limit_bytes=rules.FILE_MAX)
    if not content:
        raise invalid("body", "the document is empty / 文件为空")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        paper = await _held(tx, mall, paper_id)
        if hashlib.sha256(content).digest() != paper.sha256:
            raise Refused(PartnerRefusal.paper_altered, paper_id=str(paper_id))
        sealed = env.keys.seal_field(mall, PURPOSE, content, str(paper_id).encode())
        row = {"mall": mall, "id": paper_id, "sealed": sealed, "at": env.now(mall)}
        if await db.run(tx, Q.keep_file, row):
            told = {"bytes": len(content), "sha256": paper.sha256.hex()}
            await tenancy.audit(tx, env, actor, "paper.keep_file", f"paper:{paper_id}", None, told)
        return await _paper(tx, mall, paper_id)


async def read_file(env: Env, actor: Actor, paper_id: int) -> tuple[Paper, bytes]:
    """The document in clear; who looked is in the audit log. Refuses `paper_altered` when it does not fit its hash,
    `paper_without_file`."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        paper = await _paper(tx, mall, paper_id)
        content = await _content(tx, env, mall, paper)
        if content is None:
            raise Refused(PartnerRefusal.paper_without_file)
        await tenancy.audit(tx, env, actor, "paper.read_file", f"paper:{paper_id}")
    return paper, content


async def accept_paper(env: Env, actor: Actor, paper_id: int, sha256: bytes) -> Paper:
    """From now on it counts. Whoever accepts names the hash of the document he saw, and the kept one is hashed again.

    Refuses `paper_altered`, `paper_decided`, `paper_ended`, `paper_without_file`.
    """
    tenancy.require(actor, "approvals.decide")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        paper = await _held(tx, mall, paper_id)
        content = await _content(tx, env, mall, paper)
        if sha256 != paper.sha256:
            raise Refused(PartnerRefusal.paper_altered, paper_id=str(paper_id))
        if paper.state == "accepted":
            return paper
        if content is None and paper.size_bytes <= rules.FILE_MAX:
            raise Refused(PartnerRefusal.paper_without_file)
        zone = (await standing.mall_facts(tx, mall)).zone
        if rules.ends_at(paper.valid_to, zone) <= at:
            raise Refused(PartnerRefusal.paper_ended)
        return await _decide(tx, env, actor, paper, "accepted", "")


async def refuse_paper(env: Env, actor: Actor, paper_id: int, reason: str) -> Paper:
    """Refuses `paper_decided`."""
    tenancy.require(actor, "approvals.decide")
    return await _close(env, actor, paper_id, "refused", reason)


async def withdraw_paper(env: Env, actor: Actor, paper_id: int, reason: str) -> Paper:
    """Taken back by its supplier, or found worthless later; what hung on it ends at once. Refuses `paper_decided`."""
    tenancy.require(actor, "partners.write")
    return await _close(env, actor, paper_id, "withdrawn", reason)


async def list_papers(
    env: Env,
    actor: Actor,
    supplier_id: int | None = None,
    *,
    state: PaperState | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Paper]:
    """By id; of one supplier, or of all: what waits to be looked at."""
    tenancy.require(actor, "partners.read")
    asked = {"mall": actor.mall_id, "id": None, "supplier": supplier_id, "after": after, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.papers, asked | {"states": [state] if state else None})
    return [paper_of(r) for r in found]


async def list_paper_rules(env: Env, actor: Actor) -> list[PaperRule]:
    """The product's and the mall's own, past and future."""
    tenancy.require(actor, "partners.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await standing.load_rules(tx, actor.mall_id)


async def add_paper_rule(env: Env, actor: Actor, rule: PaperRule) -> PaperRule:
    """Ask for a paper, or stop asking, from a day on; every supplier is judged anew. Refuses `paper_rule_taken`."""
    tenancy.require(actor, "partners.write")
    _check_days(rule.valid_from, rule.valid_to)
    if not rule.source.strip():
        raise invalid("source", "say where it comes from / 请注明依据")
    mall, at, id_ = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    new = msgspec.structs.replace(rule, own=True)
    async with env.db.transaction(mall) as tx:
        row = msgspec.structs.asdict(new) | {"mall": mall, "id": id_, "by": _who(actor), "at": at}
        if await db.row(tx, Q.later_paper_rule, row) is not None:
            raise Refused(PartnerRefusal.paper_rule_taken)
        await db.run(tx, Q.end_paper_rule, row)
        try:
            await db.run(tx, Q.add_paper_rule, row)
        except psycopg.errors.UniqueViolation:
            raise Refused(PartnerRefusal.paper_rule_taken) from None
        shown = msgspec.to_builtins(new)
        await tenancy.audit(tx, env, actor, "paper_rule.add", f"paper_rule:{id_}", None, shown)
        events: list[outbox.Event] = []
        for (supplier_id,) in await db.rows(tx, Q.supplier_ids, {"mall": mall}):
            events += await standing.compute(tx, mall, supplier_id, at)
        await outbox.publish(tx, home(mall), events, at)
    return new


async def _close(env: Env, actor: Actor, paper_id: int, state: PaperState, reason: str) -> Paper:
    if not 1 <= len(reason.strip()) <= 500:
        raise invalid("reason", "say why, in at most 500 characters / 请说明原因（不超过 500 字）")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        paper = await _held(tx, mall, paper_id)
        return paper if paper.state == state else await _decide(tx, env, actor, paper, state, reason.strip())


async def _decide(tx: db.Tx, env: Env, actor: Actor, paper: Paper, state: PaperState, reason: str) -> Paper:
    """The file is held."""
    mall, at = actor.mall_id, env.now(actor.mall_id)
    if state not in PAPER_MOVES[paper.state]:
        raise Refused(PartnerRefusal.paper_decided, state=paper.state)
    row = {"mall": mall, "id": paper.id, "state": state, "by": _who(actor), "at": at, "reason": reason}
    await db.run(tx, Q.decide_paper, row | {"from": [paper.state]})
    verb = {"accepted": "accept", "refused": "refuse", "withdrawn": "withdraw"}[state]
    told = {
        "state": state,
        "reason": reason,
        "sha256": paper.sha256.hex(),
        "submitted_by": paper.submitted_by,
    }
    await tenancy.audit(tx, env, actor, f"paper.{verb}", f"paper:{paper.id}", {"state": paper.state}, told)
    events = await standing.compute(tx, mall, paper.supplier_id, at)
    await outbox.publish(tx, home(mall), events, at)
    return await _paper(tx, mall, paper.id)


async def _content(tx: db.Tx, env: Env, mall: int, paper: Paper) -> bytes | None:
    found = await db.row(tx, Q.file, {"mall": mall, "id": paper.id})
    if found is None:
        return None
    try:
        content = env.keys.open_field(mall, PURPOSE, bytes(found[0]), str(paper.id).encode())
    except crypto.KeyFault:
        raise Refused(PartnerRefusal.paper_altered, paper_id=str(paper.id)) from None
    if hashlib.sha256(content).digest() != paper.sha256:
        raise Refused(PartnerRefusal.paper_altered, paper_id=str(paper.id))
    return content


async def _held(tx: db.Tx, mall: int, paper_id: int) -> Paper:
    """With its supplier's file locked: two decisions on one paper take their turn."""
    found = await db.row(tx, Q.paper_supplier, {"mall": mall, "id": paper_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    await standing.hold(tx, mall, found[0])
    return await _paper(tx, mall, paper_id)


async def _paper(tx: db.Tx, mall: int, paper_id: int) -> Paper:
    asked = {"mall": mall, "id": paper_id, "supplier": None, "states": None, "after": 0, "size": 1}
    found = await db.row(tx, Q.papers, asked)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return paper_of(found)


def _check(draft: PaperDraft) -> None:
    sort, faults = PAPER_KINDS[draft.kind], []

    def fault(wrong: bool, path: str, message: str) -> None:
        if wrong:
            faults.append(FieldFault(path, message))

    fault(len(draft.sha256) != 32, "sha256", "32 bytes of SHA-256 / 须为 SHA-256 摘要")
    fault(draft.size_bytes <= 0, "size_bytes", "must be positive / 必须为正数")
    about_brand = sort.of == "brand"
    fault(about_brand and not draft.brand_ids, "brand_ids", "say which brands / 请指明品牌")
    fault(
        sort.of in ("company", "person") and bool(draft.brand_ids),
        "brand_ids",
        "is not about brands / 与品牌无关",
    )
    fault(len(set(draft.brand_ids)) < len(draft.brand_ids), "brand_ids", "a brand stands twice / 品牌重复")
    fault(
        sort.of == "person" and bool(draft.holder or draft.number),
        "holder",
        "a person's name and number stay in the document / 个人姓名与证件号仅保留在文件内",
    )
    fault(
        (about_brand or sort.own) and not draft.holder.strip(),
        "holder",
        "say to whom it was given / 请填写持有人",
    )
    letter = draft.kind == "brand_authorisation"
    fault(letter and not draft.issuer.strip(), "issuer", "say who gave it / 请填写授权方")
    if faults:
        raise Refused(RequestRefusal.invalid_request, fields=faults)
    _check_days(draft.valid_from, draft.valid_to)


def _check_days(first: date, last: date | None) -> None:
    for path, day in (("valid_from", first), ("valid_to", last)):
        if day is not None and not _YEARS[0] <= day <= _YEARS[1]:
            raise invalid(path, "a day from 1970 to 2200 / 日期须在 1970–2200 年间")
    if last is not None and last < first:
        raise invalid("valid_to", "not before it begins / 不得早于起始日")


def _particulars(draft: PaperDraft) -> tuple[object, ...]:
    return tuple(getattr(draft, name) for name in PaperDraft.__struct_fields__ if name != "file_name")


def _shown(supplier_id: int, draft: PaperDraft) -> dict[str, object]:
    told = {name: getattr(draft, name) for name in PaperDraft.__struct_fields__ if name != "sha256"}
    told |= {"brand_ids": [str(b) for b in draft.brand_ids], "supplier_id": str(supplier_id)}
    told |= {"replaces": str(draft.replaces) if draft.replaces else None, "sha256": draft.sha256.hex()}
    return dict(msgspec.to_builtins(told))


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"
