"""One act on many: looked at first, then done by a job, one by one.

Whom it is about is resolved once, when it is asked for, and kept with the job: who comes to match later is not touched. `begun` is
noted before an item is tried and its outcome after; one that was begun when the process died is tried again, and what then says
that it was done already is believed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from commissary import catalog, fulfilment, jobs, orders, partners, stock, tenancy
from commissary.base import db, table_out
from commissary.base.arrays import Bigints, Ints
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import acts, filters
from commissary.bulk.acts import Effects, Subject
from commissary.bulk.store import Q, json_of
from commissary.bulk.types import Act, ActAction, ActList, BulkRefusal, Item, ItemState
from commissary.tenancy.types import Actor, TenancyRefusal

JOB = "bulk.act"
CHUNK = 20
READ: Mapping[ActList, str] = {
    "skus": "catalog.read",
    "batches": "stock.read",
    "buyers": "partners.read",
    "orders": "orders.read",
    "work": "fulfilment.read",
}


async def look(
    env: Env,
    actor: Actor,
    list_: ActList,
    action: ActAction,
    args: Mapping[str, str],
    *,
    subjects: Sequence[Subject] | None,
    given: filters.Given | None,
) -> tuple[list[Subject], Effects]:
    """Whom it would be about, and what it would do. Refuses nothing_matches, too_many_subjects."""
    act = acts.act_of(list_, action)
    acts.require(actor, act)
    acts.check_args(act, args)
    wanted = (
        list(dict.fromkeys(subjects))
        if subjects is not None
        else await _matching(env, actor, list_, given or {}, act.most)
    )
    if not wanted:
        raise Refused(BulkRefusal.nothing_matches)
    if len(wanted) > act.most:
        raise Refused(BulkRefusal.too_many_subjects, most=act.most)
    return wanted, await act.look(env, actor, wanted, args)


async def begin(
    env: Env,
    actor: Actor,
    list_: ActList,
    action: ActAction,
    args: Mapping[str, str],
    *,
    subjects: Sequence[Subject] | None,
    given: filters.Given | None,
    expected: int | None,
) -> tuple[Act, Effects]:
    """A job of it. Refuses what `look` refuses, step_up_required, and matched_otherwise when not as many match as were shown."""
    if acts.act_of(list_, action).proof:
        acts.require(actor, acts.act_of(list_, action))
        tenancy.require_proof(env, actor)
    wanted, effects = await look(env, actor, list_, action, args, subjects=subjects, given=given)
    if expected is not None and expected != len(wanted):
        raise Refused(BulkRefusal.matched_otherwise, matched=len(wanted))
    if not effects.acting:
        raise Refused(BulkRefusal.nothing_to_do)
    mall, id_ = actor.mall_id, env.ids.new()
    async with env.db.transaction(mall) as tx:
        payload = {"act_id": id_, "person": int(actor.id), "organisation": actor.organisation_id}
        job = await jobs.defer(
            tx, env, mall, JOB, payload, by=f"{actor.kind}:{actor.id}", unit=list_, total=len(wanted)
        )
        facts = {
            "mall": mall,
            "id": id_,
            "list": list_,
            "action": action,
            "args": json_of(args),
            "query": None if given is None else json_of(given),
            "total": len(wanted),
            "job": job,
            "by": int(actor.id),
            "organisation": actor.organisation_id,
            "at": env.now(mall),
        }
        await db.run(tx, Q.add_act, facts)
        ids = Bigints([s for s, _ in wanted])
        lines = Ints([line for _, line in wanted])
        await db.run(tx, Q.add_items, {"mall": mall, "id": id_, "subjects": ids, "lines": lines})
        after: dict[str, Any] = {
            "list": list_,
            "action": action,
            "total": len(wanted),
            "acting": effects.acting,
        }
        after |= {"args": dict(args), "filter": None if given is None else dict(given), "job": str(job)}
        await tenancy.audit(tx, env, actor, "bulk.act", f"act:{id_}", None, after)
        return await _get(tx, mall, id_), effects


async def run_act(job: jobs.Job) -> Any:
    """The handler of `bulk.act`."""
    env, mall, id_ = job.env, job.mall_id, int(job.payload["act_id"])
    person, organisation = int(job.payload["person"]), int(job.payload["organisation"])
    async with env.db.transaction(mall) as tx:
        actor = await tenancy.actor_now(tx, mall, person, organisation)
    if actor is None:
        raise Refused(TenancyRefusal.forbidden)
    async with env.db.transaction(mall) as tx:
        found = await _get(tx, mall, id_)
    act = acts.act_of(found.list, found.action)
    acts.require(actor, act)
    done = found.total - found.counts.get("open", 0) - found.counts.get("begun", 0)
    while items := await _some(env, mall, id_):
        for item in items:
            state, reason, detail = await _one(env, actor, act, found, item)
            async with env.db.transaction(mall) as tx:
                facts = {
                    "mall": mall,
                    "id": id_,
                    "n": item.n,
                    "state": state,
                    "reason": reason,
                    "detail": detail,
                }
                await db.run(tx, Q.end_item, facts)
        done += len(items)
        await job.progress(done, total=found.total)
    async with env.db.transaction(mall) as tx:
        found = await _get(tx, mall, id_)
    return {"act_id": str(id_), **found.counts}


async def _some(env: Env, mall: int, act_id: int) -> list[Item]:
    """The next ones, noted as begun; they come as they were before."""
    async with env.db.transaction(mall) as tx:
        found = await db.rows(tx, Q.open_items, {"mall": mall, "id": act_id, "size": CHUNK})
        items = [Item(*r) for r in found]
        await db.run(tx, Q.begin_items, {"mall": mall, "id": act_id, "ns": Ints([i.n for i in items])})
    return items


async def _one(env: Env, actor: Actor, act: acts.Act, found: Act, item: Item) -> tuple[ItemState, str, str]:
    try:
        changed = await act.one(
            env, actor, (item.subject_id, item.line_no), found.args, f"bulk:{found.id}:{item.n}"
        )
    except Refused as no:
        if item.state == "begun" and no.refusal.code in act.already:
            return "done", "", ""
        return "refused", no.refusal.code, "; ".join(f"{f.path}: {f.message}" for f in no.fields)[:500]
    return ("done" if changed or item.state == "begun" else "same"), "", ""


async def get_act(env: Env, actor: Actor, act_id: int) -> Act:
    """Refuses act_not_found."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await _get(tx, actor.mall_id, act_id)
    tenancy.require(actor, READ[found.list])
    return found


async def items_of(
    env: Env, actor: Actor, act_id: int, *, state: ItemState | None, after: int, size: int
) -> list[Item]:
    """In the order in which they are done."""
    found = await get_act(env, actor, act_id)
    async with env.db.transaction(actor.mall_id) as tx:
        facts = {"mall": actor.mall_id, "id": found.id, "state": state, "after": after, "size": size}
        return [Item(*r) for r in await db.rows(tx, Q.items, facts)]


async def result_csv(env: Env, actor: Actor, act_id: int) -> bytes:
    """What became of each."""
    rows: list[list[object]] = [["对象 id", "行 line", "结果 outcome", "原因 reason", "说明 detail"]]
    after = 0
    while some := await items_of(env, actor, act_id, state=None, after=after, size=5_000):
        rows += [[i.subject_id, i.line_no or "", i.state, i.reason, i.detail] for i in some]
        after = some[-1].n
    return table_out.table(rows, "csv")


async def _matching(env: Env, actor: Actor, list_: ActList, given: filters.Given, most: int) -> list[Subject]:
    query = filters.query_of(list_, given)
    if list_ == "work":
        return await fulfilment.work_ids(env, actor, query, most + 1)
    ids: list[int]
    if list_ == "skus":
        ids = await catalog.sku_ids(env, actor, query, most + 1)
    elif list_ == "batches":
        ids = await stock.batch_ids(env, actor, query, most + 1)
    elif list_ == "buyers":
        ids = await partners.buyer_ids(env, actor, query, most + 1)
    else:
        ids = await orders.order_ids(env, actor, query, most + 1)
    return [(id_, 0) for id_ in ids]


async def _get(tx: db.Tx, mall: int, act_id: int) -> Act:
    found = await db.row(tx, Q.act, {"mall": mall, "id": act_id})
    if found is None:
        raise Refused(BulkRefusal.act_not_found)
    return Act(*found)
