"""What a supplier's papers add up to: computed from its file, never typed in; asked by whoever buys.

Every change of the file computes it anew, under the lock of the supplier's row. Each result says until when it holds, so
that a licence that ends tonight ends at midnight for every question, whether or not a worker has looked since.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from commissary import tenancy
from commissary.base import db, outbox, sql
from commissary.base.arrays import Bigints, Texts
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.partners import rules
from commissary.partners.types import Assessed, Company, Fitness, Grade, Paper, PaperRule, Quarantine, Unfit
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")

ALL = 10_000  # papers of one supplier


class MallFacts(msgspec.Struct, frozen=True):
    """`own_id`: the mall's own organisation, which hears of its suppliers."""

    zone: ZoneInfo
    currency: str
    own_id: int


class Held(msgspec.Struct, frozen=True):
    """A supplier whose row is locked until commit."""

    name: str
    legal_name: str
    country: str


class Standing(msgspec.Struct, frozen=True):
    """The whole picture of one supplier, for a person."""

    company: Company
    fitness: Fitness
    parts: tuple[Assessed, ...]
    quarantines: tuple[Quarantine, ...]


async def qualified(
    tx: db.Tx,
    mall: int,
    supplier_ids: Sequence[int],
    brand_ids: Sequence[int] | None = None,
    *,
    at: datetime,
    instrument_classes: Sequence[str | None] | None = None,
) -> list[Fitness]:
    """From which of them may be bought now, in the order asked; one query. `brand_ids` and `instrument_classes` stand
    beside `supplier_ids`; without a brand its chain is not asked for."""
    count = len(supplier_ids)
    brands = list(brand_ids) if brand_ids is not None else [0] * count
    classes = [c or "" for c in instrument_classes] if instrument_classes is not None else [""] * count
    assert len(brands) == len(classes) == count, "columns of different lengths"
    asked = {"suppliers": Bigints(list(supplier_ids)), "brands": Bigints(brands), "classes": Texts(classes)}
    found = await db.rows(tx, Q.qualified, asked | {"mall": mall, "at": at})
    answers = []
    for n, exists, status, blocked, company, classed, grade in found:
        supplier, brand = supplier_ids[n - 1], brands[n - 1] or None
        why: Unfit | None = None
        if not exists:
            why = "unknown_supplier"
        elif status != "active":
            why = "suspended"
        elif blocked:
            why = "quarantined"
        elif not company:
            why = "papers_missing"
        elif not classed:
            why = "class_not_licensed"
        elif brand is not None and grade == "X":
            why = "origin_unknown"
        answers.append(Fitness(supplier, brand, why, grade if brand is not None else None))
    return answers


async def grade_of(tx: db.Tx, mall: int, supplier_id: int, brand_id: int, *, at: datetime) -> Grade:
    """By its letters alone; X for whoever has none."""
    [found] = await qualified(tx, mall, [supplier_id], [brand_id], at=at)
    return found.grade or "X"


async def lapsed(tx: db.Tx, mall: int, at: datetime) -> list[tuple[int, int]]:
    """(supplier, brand or 0 for all) that might be bought from once and not now; who never might is not among them."""
    return [(s, b) for s, b in await db.rows(tx, Q.lapsed, {"mall": mall, "at": at})]


async def standing_of(env: Env, actor: Actor, supplier_id: int) -> Standing:
    """Refuses `not_found`."""
    tenancy.require(actor, "partners.read")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    of = {"mall": mall, "supplier": supplier_id}
    async with env.db.transaction(mall) as tx:
        company = await db.row(tx, Q.company, of)
        if company is None:
            raise Refused(RequestRefusal.not_found)
        [fitness] = await qualified(tx, mall, [supplier_id], at=at)
        papers = await load_papers(tx, mall, supplier_id, ("accepted",))
        known = [r[0] for r in await db.rows(tx, Q.standings, of) if r[0]]
        asked = await load_rules(tx, mall)
        facts = await mall_facts(tx, mall)
        closed = {"id": None, "before": None, "state": None, "size": 100}
        quarantines = await db.rows(tx, Q.quarantines, of | closed)
    found = Company(*company)
    parts, _ = rules.assess(found.legal_name, found.country, papers, asked, known, facts.zone, at)
    return Standing(found, fitness, tuple(parts), tuple(Quarantine(*r) for r in quarantines))


async def hold(tx: db.Tx, mall: int, supplier_id: int) -> Held:
    """Lock the supplier's file until commit. Refuses `not_found`."""
    found = await db.row(tx, Q.lock_file, {"mall": mall, "supplier": supplier_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Held(*found)


async def compute(tx: db.Tx, mall: int, supplier_id: int, now: datetime) -> list[outbox.Event]:
    """Its standing anew, in the transaction of whatever changed; what others must hear, for the caller to publish."""
    held = await hold(tx, mall, supplier_id)
    facts = await mall_facts(tx, mall)
    of = {"mall": mall, "supplier": supplier_id}
    before = {(r[0], r[1]): r[2] for r in await db.rows(tx, Q.standings, of)}
    papers = await load_papers(tx, mall, supplier_id, ("accepted",))
    asked = await load_rules(tx, mall)
    known = {brand for brand, _ in before if brand}
    found, again = rules.assess(held.legal_name, held.country, papers, asked, known, facts.zone, now)
    # A class that nothing is asked for any more.
    gone = before.keys() - {(a.brand_id, a.instrument_class) for a in found}
    found += [Assessed(0, class_, True, None, None) for brand, class_ in sorted(gone) if not brand]
    events = []
    for new in found:
        row: dict[str, object] = of | {
            "brand": new.brand_id,
            "class": new.instrument_class,
            "ok": new.ok,
            "grade": new.grade,
        }
        row |= {"until": new.until, "missing": list(new.missing), "hops": list(new.hops), "at": now}
        await db.run(tx, Q.set_standings, row)
        was = before.get((new.brand_id, new.instrument_class), False)
        if was != new.ok:
            events.append(_changed(supplier_id, new, facts.own_id, now))
    await db.run(tx, Q.look_again, of | {"at": again})
    return events


async def load_papers(
    tx: db.Tx, mall: int, supplier_id: int, states: Sequence[str] | None = None
) -> list[Paper]:
    asked = {"mall": mall, "id": None, "supplier": supplier_id, "after": 0, "size": ALL}
    return [paper_of(r) for r in await db.rows(tx, Q.papers, asked | {"states": states and list(states)})]


def paper_of(row: Sequence[object]) -> Paper:
    told = dict(zip(_PAPER, row, strict=True))
    told |= {"sha256": bytes(told["sha256"]), "brand_ids": tuple(told["brand_ids"])}  # type: ignore[call-overload,arg-type]
    return Paper(**told)  # type: ignore[arg-type]


_PAPER = (
    *(
        "kind",
        "sha256",
        "size_bytes",
        "valid_from",
        "valid_to",
        "number",
        "issuer",
        "holder",
        "file_name",
        "brand_ids",
    ),
    *(
        "replaces",
        "id",
        "supplier_id",
        "state",
        "has_file",
        "submitted_by",
        "submitted_at",
        "decided_by",
        "decided_at",
    ),
    "reason",
)


async def load_rules(tx: db.Tx, mall: int) -> list[PaperRule]:
    """The product's and the mall's own."""
    return [*rules.LAW, *(PaperRule(*r) for r in await db.rows(tx, Q.paper_rules, {"mall": mall}))]


async def mall_facts(tx: db.Tx, mall: int) -> MallFacts:
    found = await db.row(tx, Q.mall_facts, {"mall": mall})
    assert found is not None, f"mall {mall} has no organisation of its own"
    return MallFacts(ZoneInfo(found[0]), found[1], found[2])


def _changed(supplier_id: int, new: Assessed, own_id: int, now: datetime) -> outbox.Event:
    reason = (
        "origin_unknown"
        if new.brand_id
        else "class_not_licensed"
        if new.instrument_class
        else "papers_missing"
    )
    data: dict[str, object] = {"supplier_id": str(supplier_id)}
    if new.brand_id:
        data |= {"brand_id": str(new.brand_id), "grade": new.grade}
    if new.instrument_class:
        data["instrument_class"] = new.instrument_class
    if not new.ok:
        data |= {"reason": reason, "missing": list(new.missing)}
    kind = "supplier.qualified" if new.ok else "supplier.lapsed"
    return outbox.Event(kind, supplier_id, outbox.moment(now), own_id, now, data)
