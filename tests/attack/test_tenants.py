"""A runtime role inside mall A, with any SQL it likes: no row of mall B is seen, made, changed or removed."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from world import Ground, World

ROLES: tuple[Literal["app", "vault"], ...] = ("app", "vault")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def malls(world_ground: Ground) -> AsyncIterator[tuple[World, World]]:
    """Both have traded, so that there is something to steal."""
    made = []
    for name in ("Ours", "Theirs"):
        world = await world_ground.world(name)
        sku, topup = await world.sku(), await world.sku("topup")
        await world.sku("bundle", parts=[(sku, 2)])
        await world.price(sku, "9.0000")
        await world.price(topup, "9.0000")
        await world.floor(100)
        await world.stock(sku, 5)
        buyer = await world.buyer(balance_e4=100_0000)
        await world.place(buyer, sku, 2)
        await world.place(buyer, topup, 1)
        await world.close()
        made.append(world)
    yield made[0], made[1]


async def tables(world: World) -> list[tuple[str, str, str]]:
    """(schema, table, column that names the mall), partitions too: from the catalogue, so none can be forgotten."""
    found = await world.rows(
        """select n.nspname, c.relname, min(a.attname)
           from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
           where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'public')
             and (a.attname in ('home_id', 'mall_id') or (n.nspname, c.relname, a.attname) = ('tenancy', 'mall', 'id'))
             and not (a.attname = 'home_id' and exists (
               select from pg_attribute m where m.attrelid = c.oid and m.attname = 'mall_id'))
           group by 1, 2 order by 1, 2"""
    )
    return [(s, t, c) for s, t, c in found]


@pytest.mark.parametrize("role", ROLES)
async def test_no_row_of_another_mall_is_seen_or_touched(malls: tuple[World, World], role: Any) -> None:
    ours, theirs = malls
    tried = {"select": 0, "insert": 0, "update": 0, "delete": 0}
    for schema, table, column in await tables(theirs):
        name = sql.Identifier(schema, table)
        foreign = theirs.home if column == "home_id" else theirs.mall
        row = await theirs.rows(
            sql.SQL("select to_jsonb(t)::text from {} t where {} = %s limit 1").format(
                name, sql.Identifier(column)
            ),  # type: ignore[arg-type]
            (foreign,),
        )
        where = sql.SQL("{} = %s").format(sql.Identifier(column))
        counted = await _try(
            ours, role, sql.SQL("select count(*) from {} where {}").format(name, where), (foreign,)
        )
        assert counted in (0, None), f"{role} sees {counted} rows of {schema}.{table}"
        tried["select"] += counted is not None
        assert not await _try(ours, role, sql.SQL("delete from {} where {}").format(name, where), (foreign,))
        tried["delete"] += 1
        same = sql.SQL("update {} set {c} = {c} where {}").format(name, where, c=sql.Identifier(column))
        assert not await _try(ours, role, same, (foreign,))
        tried["update"] += 1
        if row:
            columns = await theirs.rows(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attgenerated = ''",
                (f"{schema}.{table}",),
            )
            insert = sql.SQL(
                "insert into {t} ({c}) select {c} from jsonb_populate_record(null::{t}, %s::jsonb)"
            ).format(t=name, c=sql.SQL(", ").join(sql.Identifier(c) for (c,) in columns))
            assert await _try(ours, role, insert, (row[0][0],)) is None, (
                f"{role} put a row into {schema}.{table}"
            )
            tried["insert"] += 1
    assert tried["select"] > 20
    assert tried["insert"] > 20


@pytest.mark.parametrize("role", ROLES)
async def test_outside_a_mall_nothing_is_seen(malls: tuple[World, World], role: Any) -> None:
    for schema, table, _ in await tables(malls[0]):
        name = sql.Identifier(schema, table)
        assert await _try(malls[0], role, sql.SQL("select count(*) from {}").format(name), (), mall=None) in (
            0,
            None,
        )


@pytest.mark.parametrize(
    "query",
    [
        "select cipher from stock.code",
        "select * from stock.code",
        "select dek from stock.batch",
        "select to_jsonb(b) from stock.batch b",
        "select max(cipher::text) from stock.code",
        "copy stock.code to stdout",
        "select * from stock.read_ranges(1024, array[1::bigint], array[1], array[9])",
        "select fingerprint from stock.fingerprint",
        "set role commissary_vault",
        "set role commissary_owner",
        "set row_security = off; select * from orders.orders",
        "alter table orders.orders disable row level security",
        "create table public.mine (x int)",
        "create function base.mall() returns bigint language sql as 'select 1::bigint'",
        "update ledger.transfer set amount_e4 = 1",
        "delete from ledger.transfer",
        "update tenancy.audit set action = 'x'",
        "delete from tenancy.audit",
        "delete from provenance.event",
        "select pg_read_file('PG_VERSION')",
        "copy (select 1) to program 'true'",
        "select passwd from pg_shadow",
    ],
)
async def test_the_web_role_may_not(malls: tuple[World, World], query: str) -> None:
    async with await psycopg.AsyncConnection.connect(malls[0].env.db.dsns.app) as tx:
        await tx.execute(f"set app.mall = '{malls[0].mall}'".encode())
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
            await tx.execute(query.encode())


async def _try(
    world: World, role: Any, query: sql.Composed, params: tuple[Any, ...], *, mall: int | None = -1
) -> int | None:
    """A count or the number of rows; None when the database refused."""
    inside = world.mall if mall == -1 else mall
    try:
        async with world.env.db.transaction(inside, role) as tx:
            cursor = await tx.execute(query, params)
            if cursor.description:
                found = await cursor.fetchone()
                return int(found[0]) if found else 0
            touched = cursor.rowcount
            raise Undo(touched)
    except Undo as undo:
        return undo.touched
    except psycopg.errors.InsufficientPrivilege:
        return None


class Undo(Exception):
    def __init__(self, touched: int) -> None:
        self.touched = touched
