"""Suppliers' statements beside our books: races, repeats, days that are closed, and what the daily proof names."""

import asyncio

import psycopg
import pytest

from commissary import settlement
from commissary.base.errors import Refused
from commissary.settlement import statements
from make.settlement import Counter

YUAN = 10_000


async def test_who_says_what_happened(counter: Counter) -> None:
    """Both sides may be wrong about whether anything was bought, and about what came back."""
    denied, unheard = await counter.buy(), await counter.buy(state="unknown")
    gone, back = await counter.buy(state="failed"), await counter.buy(state="failed", back_e4=100_000)
    twice, more = await counter.buy(), await counter.buy(quantity=2)
    counter.says(denied, 0, "失败").says(unheard, 100_000).says(gone, 0, "失败")
    counter.says(back, 100_000).says(back, 100_000, "退款")
    counter.says(twice, 100_000).says(twice, 100_000).says(more, 100_000)
    await counter.bring()
    day = await counter.match()
    # `gone` and both sides of `back` fit.
    assert day.counts == {"matched": 4, "status": 2, "duplicate": 1, "quantity": 1}
    assert day.theirs_e4 - day.ours_e4 == 100_000
    found = {(d.kind, d.attempt_id): d.difference_e4 for d in await counter.open()}
    assert found == {
        ("status", denied): -100_000,
        ("status", unheard): 100_000,
        ("duplicate", twice): 100_000,
        ("quantity", more): 0,
    }


async def test_a_line_without_our_reference_is_found_by_theirs(counter: Counter) -> None:
    id_ = await counter.buy(YUAN)
    counter.lines.append(f",S{id_},101,1,1.00,成功")
    await counter.bring()
    assert (await counter.match()).counts == {"matched": 1}


async def test_two_resolutions_at_once_post_once(counter: Counter) -> None:
    await counter.buy(3 * YUAN)
    await counter.says("77", 5 * YUAN).bring()
    await counter.match()
    before = await counter.balance()
    env, actor = counter.world.env, counter.world.actor
    for d in await counter.open():
        done = await asyncio.gather(
            *(
                settlement.resolve(env, actor, d.id, r)
                for r in ("accepted", "claimed", "accepted", "claimed")
            ),
            return_exceptions=True,
        )
        refused = [x for x in done if isinstance(x, Refused)]
        assert len(refused) == 2
        assert {x.refusal.code for x in refused} == {"difference_resolved"}
    assert await counter.balance() == before - 2 * YUAN
    assert await counter.proof() == {}


async def test_a_statement_imported_twice_at_once_is_one(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "AT_ONCE", 7)
    for n in range(50):
        counter.says(1000 + n, YUAN)
    data, env, actor = counter.file(), counter.world.env, counter.world.actor
    made = await asyncio.gather(
        *(settlement.import_statement(env, actor, counter.id, counter.day, data) for _ in range(3))
    )
    assert len({s.id for s in made}) == 1
    rows = await counter.world.rows(
        "select count(*) from settlement.line where statement_id = %s", made[0].id
    )
    assert rows == [(50,)]


async def test_an_import_that_was_killed_goes_on(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "AT_ONCE", 10)
    for n in range(25):
        counter.says(1000 + n, YUAN)
    data, env, actor = counter.file(), counter.world.env, counter.world.actor

    def kill(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await settlement.import_statement(env, actor, counter.id, counter.day, data, progress=kill)
    with pytest.raises(Refused, match="statement_missing"):
        await counter.match()
    done = await settlement.import_statement(env, actor, counter.id, counter.day, data)
    assert (done.state, done.stored, done.repeated) == ("imported", 25, False)
    assert (await counter.match()).counts == {"extra": 25}


async def test_a_closed_day_stays_as_it_is(counter: Counter) -> None:
    await counter.says(await counter.buy(YUAN), YUAN).bring()
    env, actor = counter.world.env, counter.world.actor
    with pytest.raises(Refused, match="day_stale"):
        await settlement.close(env, actor, counter.id, counter.day)
    await counter.match()
    first = await settlement.close(env, actor, counter.id, counter.day)
    assert await settlement.close(env, actor, counter.id, counter.day) == first
    async with env.db.transaction(counter.world.mall) as tx:
        changed = await tx.execute("update settlement.day set closing_e4 = 0, opening_e4 = 0")
        assert changed.rowcount == 0
    await counter.buy(2 * YUAN, days=1)
    await counter.says("1", YUAN).bring(1)  # of the next day
    assert await counter.proof() == {}


async def test_a_decided_difference_cannot_be_taken_back_by_the_runtime(counter: Counter) -> None:
    await counter.says("5", YUAN).bring()
    await counter.match()
    [d] = await counter.open()
    await settlement.resolve(counter.world.env, counter.world.actor, d.id, "accepted")
    async with counter.world.env.db.transaction(counter.world.mall) as tx:
        for text in ("update settlement.difference set note = 'x'", "delete from settlement.difference"):
            assert (await tx.execute(text)).rowcount == 0
    assert (await counter.match()).open == 0  # matched anew, it stays decided
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with counter.world.env.db.transaction(counter.world.mall) as tx:
            await tx.execute("update settlement.line set amount_e4 = 0")


async def test_days_are_closed_in_order_and_when_they_are_over(counter: Counter) -> None:
    env, actor = counter.world.env, counter.world.actor
    await counter.says("1", 0, "失败").bring()
    await counter.says("2", 0, "失败").bring(1)
    await counter.says("3", 0, "失败").bring(3)
    for days, code in ((1, "earlier_day_open"), (3, "day_not_over")):
        await counter.match(days)
        of = counter.noon(days).date()
        with pytest.raises(Refused, match=code):
            await settlement.close(env, actor, counter.id, of)


async def test_who_may_decide(counter: Counter) -> None:
    await counter.says("5", YUAN).bring()
    await counter.match()
    [d] = await counter.open()
    buyer = counter.world.staff(role="purchasing")
    for verb in ("accepted", "written_off"):
        with pytest.raises(Refused, match="forbidden"):
            await settlement.resolve(counter.world.env, buyer, d.id, verb)
    with pytest.raises(Refused, match="forbidden"):
        await settlement.pay(counter.world.env, buyer, counter.id, YUAN, "r")


FLIPS = {
    "update supply.attempt set cost_e4 = cost_e4 + 1 where id = %s": "purchases_are_paid",
    "update ledger.transfer set amount_e4 = amount_e4 + 1 where id = %s": "purchases_are_paid",
    "delete from ledger.transfer where id = %s": "purchases_are_paid",
    "update supply.attempt set state = 'unknown', ended_at = null where id = %s": "purchases_are_paid",
    "delete from supply.attempt where id = %s": "supplier_transfers_have_a_reason",
}


@pytest.mark.parametrize("flip", list(FLIPS))
async def test_the_daily_proof_names_a_flipped_row(counter: Counter, flip: str) -> None:
    world = counter.world
    before = await world.rows("select 1 from supply.attempt")
    id_ = await counter.buy(YUAN)
    assert before == []
    assert await counter.proof() == {}
    async with await psycopg.AsyncConnection.connect(world.house.ground.admin_dsn) as tx:
        await tx.execute("set session_replication_role = replica")
        await tx.execute(
            "create temporary table kept_a on commit drop as select * from supply.attempt where id = %s",
            (id_,),
        )
        await tx.execute(
            "create temporary table kept_t on commit drop as select * from ledger.transfer where id = %s",
            (id_,),
        )
        await tx.execute(flip.encode(), (id_,))
        await tx.execute("create table if not exists public.flip_a as select * from kept_a")
        await tx.execute("create table if not exists public.flip_t as select * from kept_t")
    try:
        rows = (await counter.proof())[FLIPS[flip]]
        assert [r.get("attempt_id", r.get("transfer_id")) for r in rows] == [id_]
    finally:  # the module's database goes on
        async with await psycopg.AsyncConnection.connect(world.house.ground.admin_dsn) as tx:
            await tx.execute("delete from supply.attempt where id = %s", (id_,))
            await tx.execute("delete from ledger.transfer where id = %s", (id_,))
            await tx.execute("insert into supply.attempt select * from public.flip_a")
            await tx.execute("insert into ledger.transfer select * from public.flip_t")
            await tx.execute("drop table public.flip_a, public.flip_t")
    assert await counter.proof() == {}


async def test_the_daily_proof_sees_a_payment_and_a_decision_that_were_flipped(counter: Counter) -> None:
    env, actor = counter.world.env, counter.world.actor
    paid = await settlement.pay(env, actor, counter.id, YUAN, "r")
    await counter.says("5", YUAN).bring()
    await counter.match()
    [d] = await counter.open()
    await settlement.resolve(env, actor, d.id, "claimed")
    assert await counter.proof() == {}
    for table, column, id_, check in (
        ("payment", "amount_e4", paid.id, "payments_to_suppliers_are_posted"),
        ("difference", "theirs_e4", d.id, "resolutions_are_posted"),
        ("claim", "amount_e4", d.id, "claims_are_posted"),
    ):
        await counter.sql(f"update settlement.{table} set {column} = {column} + 1 where id = %s", (id_,))
        assert list(await counter.proof()) == [check]
        await counter.sql(f"update settlement.{table} set {column} = {column} - 1 where id = %s", (id_,))
    assert await counter.proof() == {}
