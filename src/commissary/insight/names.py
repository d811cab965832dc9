"""What the ids in lists are called: a page asks for those that it shows, however many there are in the mall."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.insight.types import Thing
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "names.sql")

# The right that its list asks for, the query and what it is asked with.
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sku": ("catalog.read", Q.skus, {}),
    "product": ("catalog.read", Q.products, {}),
    "buyer": ("partners.read", Q.companies, {"kinds": ["buyer"]}),
    "supplier": ("partners.read", Q.companies, {"kinds": ["supplier"]}),
    "connection": ("supply.read", Q.connections, {}),
}


class Name(msgspec.Struct, frozen=True):
    """`name`: in Chinese where there are two. `code`: an article number."""

    kind: Thing
    id: int
    name: str
    name_en: str | None = None
    code: str | None = None
    status: str | None = None


async def names_of(env: Env, actor: Actor, asked: Mapping[Thing, Collection[int]]) -> list[Name]:
    """Of those things whose names the actor may know; the others are left out."""
    found = [
        Name("person", person, name)
        for person, name in sorted((await tenancy.names_for(env, actor, asked.get("person", ()))).items())
    ]
    wanted = {kind: ids for kind, ids in asked.items() if ids and kind in KINDS}
    if not any(tenancy.allows(actor, KINDS[kind][0]) for kind in wanted):
        return found
    async with env.db.transaction(actor.mall_id) as tx:
        for kind, ids in wanted.items():
            right, query, more = KINDS[kind]
            if tenancy.allows(actor, right):
                facts = {"mall": actor.mall_id, "ids": Bigints(sorted(set(ids))), **more}
                found += [Name(kind, *row) for row in await db.rows(tx, query, facts)]
    return found
