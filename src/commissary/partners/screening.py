"""Names with whom nobody may trade: lists as uploaded, and every supplier's names looked up in them.

Names are compared in their normal form by a keyed hash, so that the owners of a company are found without their names
lying in the database. A hit opens a quarantine that only a person closes; once looked at, the same name of the same list
is not raised again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import psycopg

from commissary import tenancy
from commissary.base import db, outbox, sql
from commissary.base.arrays import Byteas, Texts
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.partners import quarantines, standing
from commissary.partners.rules import normal_name
from commissary.partners.types import NameList
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")

NAMES_MAX = 50_000


async def upload_names(
    env: Env, actor: Actor, *, title: str, source: str, dated: date, names: Sequence[str]
) -> tuple[NameList, int]:
    """A whole list; it takes the place of the older edition of that title, and every supplier is looked up at once. Returns
    it with how many were found."""
    tenancy.require(actor, "partners.write")
    if not 1 <= len(title.strip()) <= 200 or not 1 <= len(source.strip()) <= 500:
        raise invalid("title", "a title and a source are needed / 须填写名单名称与来源")
    mall, at, id_ = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    listed = {blind: name for name in names if (blind := _blind(env, mall, name)) is not None}
    if not 1 <= len(listed) <= NAMES_MAX:
        raise invalid("names", f"1 to {NAMES_MAX} names / 名单须含 1–{NAMES_MAX} 个名称")
    digest = hashlib.sha256("\n".join(sorted(listed.values())).encode()).digest()
    made = NameList(
        id_, title.strip(), source.strip(), dated, len(listed), digest, f"{actor.kind}:{actor.id}", at, None
    )
    row = {"mall": mall, "id": id_, "title": made.title, "source": made.source, "dated": dated, "at": at}
    row |= {"names": made.names, "sha256": digest, "by": made.uploaded_by}
    async with env.db.transaction(mall) as tx:
        await db.run(tx, Q.replace_list, row)
        try:
            await db.run(tx, Q.add_list, row)
        except psycopg.errors.UniqueViolation:  # two editions at the same moment
            raise Refused(RequestRefusal.conflict) from None
        blinds = sorted(listed)
        texts = [listed[b][:300] for b in blinds]
        await db.run(
            tx, Q.add_listed, {"mall": mall, "id": id_, "blinds": Byteas(blinds), "texts": Texts(texts)}
        )
        told = {"title": made.title, "source": made.source, "dated": dated.isoformat(), "names": made.names}
        await tenancy.audit(tx, env, actor, "name_list.upload", f"name_list:{id_}", None, told)
    return made, await screen(env, mall, at)


async def list_name_lists(
    env: Env, actor: Actor, *, before: int | None = None, size: int = 50
) -> list[NameList]:
    """Newest first, without their names."""
    tenancy.require(actor, "partners.read")
    asked = {"mall": actor.mall_id, "before": before, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.lists, asked)
    return [NameList(*(*r[:5], bytes(r[5]), *r[6:])) for r in found]


async def set_names(tx: db.Tx, env: Env, mall: int, supplier_id: int, names: Iterable[str]) -> None:
    """The names a supplier is looked up by, in place of those before."""
    blinds = sorted({b for name in names if (b := _blind(env, mall, name)) is not None})
    of = {"mall": mall, "supplier": supplier_id}
    await db.run(tx, Q.drop_names, of)
    await db.run(tx, Q.set_names, of | {"blinds": Byteas(blinds)})


async def screen(env: Env, mall: int, now: datetime) -> int:
    """Open a quarantine for every hit that nobody has looked at yet; how many. Again finds nothing new."""
    async with env.db.transaction(mall) as tx:
        return await screen_in(tx, env, mall, now)


async def screen_in(tx: db.Tx, env: Env, mall: int, now: datetime) -> int:
    """The same in the caller's transaction, as its last act."""
    actor = Actor(mall, "system", "partners.screen")
    events = []
    for supplier, title, list_id, dated, name, blind in await db.rows(tx, Q.hits, {"mall": mall}):
        await standing.hold(tx, mall, supplier)
        evidence = {"list_id": str(list_id), "title": title, "dated": dated.isoformat(), "name": name}
        reason = quarantines.REASONS["name_list"]
        subject = f"{title}|{bytes(blind).hex()}"
        made = await quarantines.open_one(
            tx, env, actor, supplier, "name_list", reason, evidence, None, subject
        )
        if made is not None:
            own_id = (await standing.mall_facts(tx, mall)).own_id
            events.append(quarantines.quarantined(made, own_id, now))
    await outbox.publish(tx, home(mall), events, now)
    return len(events)


def _blind(env: Env, mall: int, name: str) -> bytes | None:
    """None: nothing is left of it to compare."""
    normal = normal_name(name)
    return env.keys.blind(f"names|{mall}", normal) if normal else None
