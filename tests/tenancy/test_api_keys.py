"""Keys, their cache in two processes, bearer tokens, node leases."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from commissary import tenancy
from commissary.base import db, node
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.ids import Ids, first_at
from commissary.tenancy.types import AuthRefusal
from make.pace import Pace
from make.tenancy import Ground, House


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def test_issue_shows_the_secret_once_and_stores_it_sealed(house: House, ground: Ground) -> None:
    buyer = await house.buyer()
    key_id, secret = await house.key(buyer, ip_allow=["203.0.113.0/24", "2001:db8::/32"])
    assert key_id.startswith(f"ck_{house.mall}_")
    assert len(key_id.rsplit("_", 1)[1]) == 12
    assert secret.startswith("sk_")
    assert len(secret) >= 35
    key = await tenancy.KeyCache(house.env).load(key_id)
    assert key is not None
    assert key.secrets == (secret.encode(),)
    assert [str(n) for n in key.ip_allow] == ["203.0.113.0/24", "2001:db8::/32"]
    assert (key.organisation_id, key.home_id, key.account_id) == (buyer, house.mall << 10, 77)
    with psycopg.connect(ground.admin_dsn) as connection:
        found = connection.execute(
            "select secret, a.after::text from tenancy.api_key k join tenancy.audit a on a.subject = 'key:' || k.id "
            "where k.id = %s",
            (key_id,),
        ).fetchone()
    assert found is not None
    assert secret.encode() not in found[0]
    assert secret not in found[1]


@pytest.mark.parametrize(
    "bad",
    [
        {"scopes": []},
        {"scopes": ["admin"]},
        {"ip_allow": ["nonsense"]},
        {"ip_allow": ["10.0.0.1/8"]},
        {"ip_allow": ["fe80::1%eth0"]},
        {"name": ""},
    ],
)
async def test_bad_fields_are_named(house: House, bad: dict[str, object]) -> None:
    with refused("invalid_request") as caught:
        await house.key(await house.buyer(), **bad)
    assert [f.path for f in caught.value.fields] == list(bad)


async def test_rotation_keeps_two_secrets_for_the_overlap(house: House) -> None:
    key_id, first = await house.key(await house.buyer())
    cache = tenancy.KeyCache(house.env)
    view, second = await tenancy.rotate_key(house.env, house.actor, key_id, overlap_s=60)
    key = await cache.load(key_id)
    assert key is not None
    now = house.clock.now
    assert tenancy.live_secrets(key, now) == (second.encode(), first.encode())
    assert tenancy.live_secrets(key, now + timedelta(seconds=60)) == (second.encode(),)
    assert view.old_secret_until == now + timedelta(seconds=60)
    await tenancy.revoke_key(house.env, house.actor, key_id)
    with refused("key_is_revoked"):
        await tenancy.rotate_key(house.env, house.actor, key_id)


async def test_another_malls_or_buyers_key_is_not_found(house: House, other: House) -> None:
    mine, theirs = await house.buyer(), await house.buyer()
    key_id, _ = await house.key(theirs)
    for actor, env in ((other.actor, other.env), (house.actor_of("distributor", 3, mine), house.env)):
        with refused("not_found"):
            await tenancy.rotate_key(env, actor, key_id)
        with refused("not_found"):
            await tenancy.revoke_key(env, actor, key_id)
        assert key_id not in [k.id for k in await tenancy.list_keys(env, actor)]
    with refused("not_found"):
        await other.key(theirs)
    assert [k.id for k in await tenancy.list_keys(house.env, house.actor)] == [key_id]


async def test_addresses_are_changed_by_whoever_saw_them_last(house: House, ground: Ground) -> None:
    buyer = await house.buyer()
    key_id, _ = await house.key(buyer, ip_allow=["203.0.113.0/24"])
    env, mine = house.env, house.actor_of("distributor", 3, buyer)
    view = await tenancy.set_addresses(env, mine, key_id, [" 198.51.100.7", "198.51.100.7/32"], 1)
    assert (view.ip_allow, view.version) == (["198.51.100.7/32"], 2)
    assert await tenancy.set_addresses(env, mine, key_id, ["198.51.100.7"], 2) == view, "as it was"
    with refused("conflict"):
        await tenancy.set_addresses(env, house.actor, key_id, [], 1)
    with refused("invalid_request") as caught:
        await tenancy.set_addresses(env, mine, key_id, ["10.0.0.0/8", "10.0.0.1/8", "here"], 2)
    [fault] = caught.value.fields
    assert fault.path == "ip_allow"
    assert "10.0.0.1/8, here" in fault.message
    assert "10.0.0.0/8" not in fault.message
    for stranger in (
        house.actor_of("distributor", 4, await house.buyer()),
        house.actor_of("employee", 5, buyer),
    ):
        with pytest.raises(Refused, match=r"^(not_found|forbidden)$"):
            await tenancy.set_addresses(env, stranger, key_id, [], 2)
    with psycopg.connect(ground.admin_dsn) as connection:
        lines = connection.execute(
            "select before, after from tenancy.audit where subject = %s and action = 'key.addresses'",
            (f"key:{key_id}",),
        ).fetchall()
    assert lines == [({"ip_allow": ["203.0.113.0/24"]}, {"ip_allow": ["198.51.100.7/32"]})]
    await tenancy.revoke_key(env, house.actor, key_id)
    with refused("key_is_revoked"):
        await tenancy.set_addresses(env, house.actor, key_id, [], 2)


async def test_of_two_who_change_addresses_at_once_one_is_told(house: House) -> None:
    key_id, _ = await house.key(await house.buyer())
    asked = [["203.0.113.1"], ["203.0.113.2"]]
    answers = await asyncio.gather(
        *(tenancy.set_addresses(house.env, house.actor, key_id, ips, 1) for ips in asked),
        return_exceptions=True,
    )
    assert sorted(type(a).__name__ for a in answers) == ["KeyView", "Refused"]


async def test_revocation_and_suspension_reach_another_process_within_a_second(
    house: House, ground: Ground, pace: Pace
) -> None:
    buyer = await house.buyer()
    keys = [await house.key(buyer) for _ in range(3)]
    database = db.Database(ground.dsns)
    elsewhere = Env(database, ground.ids, ground.keys, house.clock)
    cache, epochs = tenancy.KeyCache(elsewhere), tenancy.Epochs(database)
    epochs.watch(cache.reload)
    task = asyncio.create_task(epochs.run())
    try:
        for key_id, _ in keys:
            assert cache.get(key_id) is None
            assert (await cache.load(key_id)) is not None
            assert cache.get(key_id) is not None
        await asyncio.sleep(0.5)

        await tenancy.revoke_key(house.env, house.actor, keys[0][0])
        began = time.monotonic()
        while (key := cache.get(keys[0][0])) is None or key.revoked_at is None:
            assert time.monotonic() - began < pace.patience(1)
            await asyncio.sleep(0.01)
        key = cache.get(keys[1][0])
        assert key is not None
        assert key.revoked_at is None

        await tenancy.set_addresses(house.env, house.actor, keys[2][0], ["203.0.113.7"], 1)
        began = time.monotonic()
        while (key := cache.get(keys[2][0])) is None or not key.ip_allow:
            assert time.monotonic() - began < pace.patience(1)
            await asyncio.sleep(0.01)
        assert tenancy.unusable(key, "198.51.100.7", house.clock.now) is AuthRefusal.ip_not_allowed
        assert tenancy.unusable(key, "203.0.113.7", house.clock.now) is None
        key = cache.get(keys[1][0])
        assert key is not None

        async with house.env.db.transaction(house.mall) as tx:
            await tenancy.set_organisation(tx, house.env, house.actor, buyer, status="suspended")
        began = time.monotonic()
        while (key := cache.get(keys[1][0])) is None or key.buyer_active:
            assert time.monotonic() - began < pace.patience(1)
            await asyncio.sleep(0.01)
        assert tenancy.unusable(key, "", house.clock.now) is AuthRefusal.buyer_suspended
    finally:
        task.cancel()
        await database.close()


async def test_what_is_read_for_all_malls_is_read_once_in_a_poll(house: House, ground: Ground) -> None:
    await ground.mall()
    database = db.Database(ground.dsns)
    epochs, told = tenancy.Epochs(database), list[int]()

    async def all_of_them() -> None:
        told.append(0)

    async def one(mall: int, _epoch: int) -> None:
        told.append(mall)

    epochs.watch_any(all_of_them)
    epochs.watch(one)
    try:
        await epochs.poll()
        assert told[0] == 0
        assert told.count(0) == 1
        assert len(told) > 2
        told.clear()
        await epochs.poll()
        assert told == []
        await house.key(await house.buyer())
        await epochs.poll()
        assert told == [0, house.mall]
    finally:
        await database.close()


async def test_department_of_a_suspended_buyer_is_suspended(house: House) -> None:
    buyer = await house.buyer()
    async with house.env.db.transaction(house.mall) as tx:
        below = await tenancy.add_organisation(
            tx, house.env, house.actor, kind="buyer", name="Dept", parent_id=buyer
        )
        await tenancy.set_organisation(tx, house.env, house.actor, buyer, status="suspended")
    key_id, _ = await house.key(below.id)
    key = await tenancy.KeyCache(house.env).load(key_id)
    assert key is not None
    assert not key.buyer_active


async def test_unknown_keys_cost_bounded_memory_and_appear_when_made(house: House) -> None:
    cache = tenancy.KeyCache(house.env, absent_capacity=5)
    for letter in "abcdefghij":
        assert await cache.load(f"ck_{house.mall}_{letter * 12}") is None
    assert len(cache._absent) == 5
    for strange in ("", "ck_", "ck_0_aaaaaaaaaaaa", f"ck_{house.mall}_short", "ck_99999999999_aaaaaaaaaaaa"):
        assert await cache.load(strange) is None
    assert len(cache._absent) == 5
    await cache.reload(house.mall, await house.epoch())
    assert len(cache._absent) == 0


async def test_a_slow_load_never_puts_an_older_key_back(house: House) -> None:
    """The load reads before the revocation and stores after the reload that saw it."""
    key_id, _ = await house.key(await house.buyer())
    read, go = asyncio.Event(), asyncio.Event()

    class Slow(tenancy.KeyCache):
        async def _read(self, mall, ids):  # type: ignore[no-untyped-def]
            found = await super()._read(mall, ids)
            if not read.is_set():
                read.set()
                await go.wait()
            return found

    cache = Slow(house.env)
    loading = asyncio.create_task(cache.load(key_id))
    await read.wait()
    await tenancy.revoke_key(house.env, house.actor, key_id)
    await cache.reload(house.mall, await house.epoch())
    go.set()
    key = await loading
    assert key is not None
    assert key.revoked_at is not None


async def test_keys_asked_for_together_are_read_together(house: House) -> None:
    """As when a process begins and every buyer's program is there at once."""
    buyer = await house.buyer()
    ids = [(await house.key(buyer))[0] for _ in range(40)]
    strangers = [f"{key_id[:-4]}aaaa" for key_id in ids]
    reads: list[int] = []

    class Counted(tenancy.KeyCache):
        async def _read(self, mall, ids):  # type: ignore[no-untyped-def]
            reads.append(len(ids))
            return await super()._read(mall, ids)

    cache = Counted(house.env)
    keys = await asyncio.gather(*[cache.load(key_id) for key_id in [*ids, *strangers, *ids]])
    assert [key.id if key else None for key in keys] == [*ids, *[None] * len(strangers), *ids]
    assert reads == [len({*ids, *strangers})]


async def test_a_read_that_fails_is_told_to_all_and_tried_anew(house: House) -> None:
    key_id, _ = await house.key(await house.buyer())
    broken = True

    class Breaks(tenancy.KeyCache):
        async def _read(self, mall, ids):  # type: ignore[no-untyped-def]
            if broken:
                raise ConnectionError
            return await super()._read(mall, ids)

    cache = Breaks(house.env)
    told = await asyncio.gather(*[cache.load(key_id) for _ in range(3)], return_exceptions=True)
    assert [type(t) for t in told] == [ConnectionError] * 3
    broken = False
    assert await cache.load(key_id) is not None


async def test_client_credentials(house: House) -> None:
    key_id, secret = await house.key(
        await house.buyer(), scopes=["orders:read", "orders:write"], ip_allow=["192.0.2.0/24"]
    )
    cache, keys, now = tenancy.KeyCache(house.env), house.env.keys, house.clock.now
    token, scopes, life_s = await tenancy.grant(
        keys, cache, key_id, secret, ["orders:read"], "192.0.2.9", now
    )
    assert (scopes, life_s) == (["orders:read"], 720)
    assert tenancy.read_token(keys, token, now) == (key_id, frozenset({"orders:read"}))
    assert tenancy.read_token(keys, token, now + timedelta(minutes=12)) is AuthRefusal.key_expired
    for code, args in {
        "unknown_key": (f"ck_{house.mall}_aaaaaaaaaaaa", secret, [], "192.0.2.9"),
        "bad_signature": (key_id, secret + "x", [], "192.0.2.9"),
        "ip_not_allowed": (key_id, secret, [], "198.51.100.1"),
        "missing_scope": (key_id, secret, ["codes:read"], "192.0.2.9"),
    }.items():
        with refused(code):
            await tenancy.grant(keys, cache, *args, now)
    assert (await tenancy.grant(keys, cache, key_id, secret, [], "::ffff:192.0.2.9", now))[1] == [
        "orders:read",
        "orders:write",
    ]
    await tenancy.revoke_key(house.env, house.actor, key_id)
    await cache.reload(house.mall, await house.epoch())
    with refused("key_revoked"):
        await tenancy.grant(keys, cache, key_id, secret, [], "192.0.2.9", now)


async def test_changed_bearer_tokens_are_refused(house: House) -> None:
    key_id, _ = await house.key(await house.buyer())
    key = await tenancy.KeyCache(house.env).load(key_id)
    assert key is not None
    token = tenancy.issue_token(house.env.keys, key, ["orders:write"], house.clock.now)
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert isinstance(tenancy.read_token(house.env.keys, changed, house.clock.now), AuthRefusal), at
    for text in ("", "cb_", "cb_.", "cb_x.y", "cb_é.é", "cb_" + "a" * 5000 + ".b"):
        assert isinstance(tenancy.read_token(house.env.keys, text, house.clock.now), AuthRefusal)


# Nodes ------------------------------------------------------------------------------------------------------------


async def test_a_node_has_one_holder(ground: Ground) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    leases = await asyncio.gather(*(node.lease_node(ground.env.db, f"p{n}", now=now) for n in range(30)))
    assert len({lease.node for lease in leases}) == 30


async def test_a_number_passes_on_above_every_id_its_last_holder_made(ground: Ground) -> None:
    database, now = ground.env.db, datetime(2026, 8, 1, tzinfo=UTC)
    with psycopg.connect(ground.admin_dsn, autocommit=True) as connection:
        connection.execute("delete from base.node")
        connection.execute(
            "insert into base.node select n, 'x', '', 0, 'infinity' from generate_series(0, 1022) n"
        )
    first = await node.lease_node(database, "first", now=now)
    with pytest.raises(node.NoNode):
        await node.lease_node(database, "second", now=now + timedelta(seconds=59))
    renewed = await node.renew(database, first, now=now + timedelta(seconds=30))
    last_moment = renewed.expires_at - timedelta(milliseconds=1)
    made = Ids(first.node, lambda: int(last_moment.timestamp() * 1000), first.high_water).many(10_000)[-1]
    ran_out = renewed.expires_at
    second = await node.lease_node(database, "second", now=ran_out)
    assert second.node == first.node
    # Its clock is an hour behind, and still it makes greater ids.
    late = Ids(second.node, lambda: int((ran_out - timedelta(hours=1)).timestamp() * 1000), second.high_water)
    assert late.new() > made
    with pytest.raises(node.NoNode):
        await node.renew(database, first, now=ran_out)
    ahead = first_at(int((ran_out + timedelta(hours=2)).timestamp() * 1000))
    await node.renew(database, second, latest_id=ahead, now=ran_out)
    await node.release(database, second, now=ran_out)
    third = await node.lease_node(database, "third", now=ran_out)
    assert third.high_water > ahead
