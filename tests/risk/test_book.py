"""Rules, lists and decisions in the database, by verbs and over HTTP; and how the engine learns of them."""

import asyncio
from datetime import UTC, timedelta
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from commissary import risk, tenancy
from commissary.base import db
from commissary.base.errors import Refused
from commissary.base.home import home
from commissary.risk.explain import explain_rule
from commissary.risk.routes import ROUTES
from commissary.risk.rules import DEFAULT_RULES
from commissary.risk.types import PARAMS, Cap, Decision, Entry, Facts, Hit, Line, Listed, Rule, Velocity
from make.tenancy import House

HIT = Hit(6, "risk_velocity", {"dimension": "device", "count": 11, "limit": 10, "window_s": 60})


async def engine_of(house: House) -> risk.Engine:
    engine = risk.Engine()
    await engine.reload(house.env, house.mall, await house.epoch())
    return engine


def facts(house: House, second: float = 0, **more: Any) -> Facts:
    at_s = house.clock.now.timestamp() + second
    made = Facts(house.mall, 5, "k5", "192.0.2.1", at_s, (Line(1, 1),))
    return msgspec.structs.replace(made, **more)


async def velocity(house: House, **more: Any) -> Rule:
    wanted: dict[str, Any] = {
        "name_zh": "设备",
        "name_en": "Device",
        "kind": "velocity",
        "params": {"by": "device", "limit": 1, "window_s": 60},
        "action": "refuse",
    }
    return await risk.create_rule(house.env, house.actor, **(wanted | more))


# Rules -------------------------------------------------------------------------------------------------------------


async def test_seeding_writes_the_defaults_once(house: House) -> None:
    before = await house.epoch()
    first, second = await asyncio.gather(
        risk.seed_rules(house.env, house.actor), risk.seed_rules(house.env, house.actor)
    )
    assert [r.params for r in first] == [r.params for r in second] == [r.params for r in DEFAULT_RULES]
    assert (await house.audited()).count("risk.rule.seed") == 1
    assert await house.epoch() == before + 1
    assert len(await risk.list_rules(house.env, house.actor)) == len(DEFAULT_RULES)


async def test_a_first_own_rule_does_not_take_the_defaults_away(house: House) -> None:
    rule = await velocity(house)
    listed = await risk.list_rules(house.env, house.actor)
    assert [r.id for r in listed] == [*(r.id for r in DEFAULT_RULES), rule.id]
    assert (await house.audited())[-2:] == ["risk.rule.seed", "risk.rule.create"]


async def test_a_rule_is_judged_by_after_reload_and_not_after_it_is_disabled(house: House) -> None:
    rule = await velocity(house)
    engine = await engine_of(house)
    assert engine.judge(facts(house, device_id="d")).action == "allow"
    [hit] = engine.judge(facts(house, 1, device_id="d")).hits
    assert (hit.rule_id, hit.code) == (rule.id, "risk_velocity")

    epoch = await house.epoch()
    await risk.enable_rule(house.env, house.actor, rule.id, False)
    assert await house.epoch() == epoch + 1
    await engine.reload(house.env, house.mall, epoch + 1)
    assert engine.judge(facts(house, 2, device_id="d")).action == "allow"
    await engine.reload(house.env, house.mall, epoch)  # late news of the past
    assert engine.judge(facts(house, 3, device_id="d")).action == "allow"


async def test_judging_goes_on_over_reloads(house: House) -> None:
    rule = await velocity(house, params={"by": "device", "limit": 500, "window_s": 60})
    engine = await engine_of(house)
    epoch = await house.epoch()

    async def judge_all() -> list[str]:
        actions = []
        for i in range(501):
            actions.append(engine.judge(facts(house, i / 100, device_id=f"d{i % 1}", key_id=f"k{i}")).hits)
            if i % 10 == 0:
                await asyncio.sleep(0)
        return ["hit" if any(h.rule_id == rule.id for h in hits) else "" for hits in actions]

    async def reload_often() -> None:
        for i in range(20):
            await engine.reload(house.env, house.mall, epoch + i)

    judged, _ = await asyncio.gather(judge_all(), reload_often())
    assert judged == [""] * 500 + ["hit"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_zh": ""}, "name_zh"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"params": {"by": "device", "limit": 0, "window_s": 60}}, "params.limit"),
        ({"params": {"by": "device", "limit": 1, "window_s": 86_401}}, "params.window_s"),
        ({"params": {"by": "colour", "limit": 1, "window_s": 60}}, "params.by"),
        ({"params": {"by": "device", "limit": 1}}, "params.window_s"),
        ({"params": {"by": "device", "limit": 1, "window_s": 60, "extra": 1}}, "params.extra"),
        ({"kind": "cap", "params": {"per": "buyer", "quantity": 0, "window_s": 0}}, "params.quantity"),
        ({"kind": "cap", "params": {"per": "everybody", "quantity": 1, "window_s": 0}}, "params.per"),
        (
            {"kind": "cap", "params": {"per": "buyer", "quantity": 1, "window_s": 0, "sku_ids": ["x"]}},
            "params.sku_ids",
        ),
        ({"kind": "list", "params": {"list": "deny"}}, "params.list"),
        ({"kind": "list", "params": {"list": "watch"}}, "kind"),
    ],
)
async def test_a_wrong_rule_is_refused_by_its_field(house: House, wrong: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        await velocity(house, **wrong)
    assert [f.path for f in refused.value.fields] == [field]
    assert "risk.rule.create" not in await house.audited()


async def test_editing_keeps_what_is_not_named(house: House) -> None:
    rule = await velocity(house)
    edited = await risk.edit_rule(house.env, house.actor, rule.id, action="review")
    assert edited == msgspec.structs.replace(rule, action="review", version=2)
    epoch = await house.epoch()
    assert await risk.edit_rule(house.env, house.actor, rule.id, action="review") == edited
    assert await house.epoch() == epoch, "nothing changed, nobody reloads"
    with pytest.raises(Refused, match="not_found"):
        await risk.edit_rule(house.env, house.actor, 999, action="review")


async def test_two_editors_do_not_overwrite_each_other(house: House) -> None:
    shown = (await risk.list_rules(house.env, house.actor))[3]  # a default, not written yet
    await risk.edit_rule(house.env, house.actor, shown.id, action="observe", version=shown.version)
    with pytest.raises(Refused, match="conflict") as late:
        await risk.edit_rule(house.env, house.actor, shown.id, enabled=False, version=shown.version)
    assert late.value.facts["version"] == 2
    [now] = [r for r in await risk.list_rules(house.env, house.actor) if r.id == shown.id]
    assert (now.action, now.enabled, now.version) == ("observe", True, 2)


@pytest.mark.parametrize(
    ("params", "text_zh", "text_en"),
    [
        (
            Velocity("device", 10, 60),
            "同一设备在 1 分钟内超过 10 笔订单",
            "More than 10 orders within a minute by one device",
        ),
        (
            Velocity("sku_buyer", 20_000, 10),
            "同一客户对同一商品在 10 秒内超过 20,000 行",
            "More than 20,000 order lines within 10 seconds by one buyer for one SKU",
        ),
        (
            Cap("buyer", 5, 0, (1, 2)),
            "同一客户单笔订单指定的 2 个商品超过 5 件",
            "More than 5 pieces of 2 chosen SKUs in one order by one buyer",
        ),
        (
            Cap("everybody", 100, 3600, (), each_sku=True),
            "全部客户在 1 小时内每个商品超过 100 件",
            "More than 100 pieces of any SKU, each for itself, within an hour by all buyers",
        ),
        (Listed("watch"), "下单方在关注名单中", "Whoever orders is on the watch list"),
    ],
)
def test_a_rule_says_what_it_fires_at(params: Any, text_zh: str, text_en: str) -> None:
    kind: Any = next(name for name, of in PARAMS.items() if isinstance(params, of))
    assert explain_rule(Rule(1, "", "", kind, params, "refuse", True)) == (text_zh, text_en)


async def test_only_those_who_may(house: House) -> None:
    support = house.actor_of("support")
    await risk.list_rules(house.env, support)
    with pytest.raises(Refused, match="forbidden"):
        await risk.seed_rules(house.env, support)
    with pytest.raises(Refused, match="forbidden"):
        await risk.add_entry(house.env, support, list="deny", subject="buyer", value="5")
    with pytest.raises(Refused, match="forbidden"):
        await risk.list_decisions(house.env, house.actor_of("distributor"))


# Lists -------------------------------------------------------------------------------------------------------------


async def put(house: House, subject: str, value: str, name: str = "deny", **more: Any) -> Entry:
    return await risk.add_entry(house.env, house.actor, list=name, subject=subject, value=value, **more)  # type: ignore[arg-type]


async def test_a_denied_party_is_refused_until_it_is_taken_off(house: House) -> None:
    entry = await put(house, "ip", " 198.51.100.0/24 ", reason="bots")
    engine = await engine_of(house)
    assert engine.judge(facts(house, ip="198.51.100.7")).action == "refuse"
    await risk.remove_entry(house.env, house.actor, entry.id, "误列")
    await engine.reload(house.env, house.mall, await house.epoch())
    assert engine.judge(facts(house, ip="198.51.100.7")).action == "allow"
    with pytest.raises(Refused, match="not_found"):
        await risk.remove_entry(house.env, house.actor, entry.id, "误列")
    assert (await house.audited())[-2:] == ["risk.list.add", "risk.list.remove"]


async def test_an_entry_ends_without_a_reload(house: House) -> None:
    await put(house, "buyer", "5", expires_at=house.clock.now + timedelta(seconds=30))
    engine = await engine_of(house)
    assert engine.judge(facts(house, 29)).action == "refuse"
    assert engine.judge(facts(house, 30)).action == "allow"


async def test_the_clock_of_a_test_mall_ends_entries_too(house: House) -> None:
    await put(house, "buyer", "5", expires_at=house.clock.now + timedelta(hours=2))
    house.env.offsets[house.mall] = 3600
    engine = await engine_of(house)
    assert engine.judge(facts(house, 3599)).action == "refuse"
    assert engine.judge(facts(house, 3600)).action == "allow"


async def test_a_target_is_kept_as_its_blind_index_alone(house: House) -> None:
    entry = await put(house, "target", "13800138000")
    index = house.env.keys.blind(f"target|{house.mall}", "13800138000")[:16]
    assert entry.value == index.hex()
    engine = await engine_of(house)
    assert engine.judge(facts(house, lines=(Line(1, 1, index),))).action == "refuse"
    log = await tenancy.list_audit(house.env, house.actor)
    assert "13800138000" not in msgspec.json.encode(log).decode()
    again = await put(house, "target", f"index:{index.hex()}", reason="seen again")
    assert (again.id, again.reason) == (entry.id, "seen again")


@pytest.mark.parametrize(
    ("subject", "value", "field"),
    [
        ("ip", "198.51.100.1/24", "value"),
        ("ip", "nowhere", "value"),
        ("buyer", "five", "value"),
        ("target", "index:zz", "value"),
        ("device", " ", "value"),
        ("device", "x" * 129, "value"),
    ],
)
async def test_a_wrong_entry_is_refused_by_its_field(
    house: House, subject: str, value: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await put(house, subject, value)
    assert [f.path for f in refused.value.fields] == [field]


async def test_an_entry_that_ended_already_is_refused(house: House) -> None:
    with pytest.raises(Refused) as refused:
        await put(house, "buyer", "5", expires_at=house.clock.now)
    assert refused.value.fields[0].path == "expires_at"


async def test_another_malls_lists_and_rules_are_not_seen(house: House, other: House) -> None:
    entry = await put(house, "buyer", "5")
    rule = await velocity(house)
    with pytest.raises(Refused, match="not_found"):
        await risk.remove_entry(other.env, other.actor, entry.id, "误列")
    with pytest.raises(Refused, match="not_found"):
        await risk.edit_rule(other.env, other.actor, rule.id, enabled=False)
    assert await risk.list_entries(other.env, other.actor) == []
    assert (await engine_of(other)).judge(facts(other)).action == "allow"


# Decisions ---------------------------------------------------------------------------------------------------------


def decision(house: House, **more: Any) -> Decision:
    now = house.clock.now.astimezone(UTC)
    made = Decision(house.env.ids.new(), None, "PO-1", 5, "review", (HIT,), now)
    return msgspec.structs.replace(made, **more)


async def test_noted_decisions_are_written_in_one_go(house: House, other: House) -> None:
    log = risk.DecisionLog()
    mine = [decision(house, client_order_no=f"PO-{i}", order_id=i or None) for i in range(3)]
    for made in mine:
        log.note(home(house.mall), made)
    log.note(home(other.mall), decision(other))
    log.note(home(house.mall), decision(house, hits=(), verdict="allow"))
    assert await log.flush(house.env) == 4
    assert (log.waiting, log.dropped, log.written) == (0, 0, 4)
    assert await risk.list_decisions(house.env, house.actor) == mine[::-1]
    assert len(await risk.list_decisions(other.env, other.actor)) == 1
    assert await risk.list_decisions(house.env, house.actor, order_id=2) == [mine[2]]
    assert await risk.list_decisions(house.env, house.actor, verdict="refuse") == []
    assert await risk.list_decisions(house.env, house.actor, before=mine[1].id) == [mine[0]]
    with pytest.raises(Refused, match="not_found"):
        await risk.get_decision(other.env, other.actor, mine[0].id)


async def test_a_decision_flushed_twice_is_there_once(house: House) -> None:
    made = decision(house)
    async with house.env.db.transaction(house.mall, "vault") as tx:
        assert await risk.record(tx, home(house.mall), [made]) == 1
        assert await risk.record(tx, home(house.mall), [made]) == 0
    assert await risk.get_decision(house.env, house.actor, made.id) == made


async def test_a_full_log_drops_the_oldest(house: House) -> None:
    log = risk.DecisionLog(capacity=3)
    made = [decision(house) for _ in range(5)]
    for one in made:
        log.note(home(house.mall), one)
    assert (log.waiting, log.dropped) == (3, 2)
    await log.flush(house.env)
    assert await risk.list_decisions(house.env, house.actor) == made[:1:-1]


async def test_a_failed_flush_loses_nothing(house: House) -> None:
    log = risk.DecisionLog()
    good = decision(house)
    bad = decision(house, verdict="maybe")  # the table forbids it
    log.note(home(house.mall), good)
    log.note(home(house.mall), bad)
    with pytest.raises(Exception, match="check"):
        await log.flush(house.env)
    assert log.waiting == 2


# HTTP --------------------------------------------------------------------------------------------------------------


def console(house: House, role: str = "owner") -> AsyncTestClient[Litestar]:
    def refuse(_: Request[Any, Any, Any], refused: Refused) -> Response[Any]:
        body = {"code": refused.refusal.code, "fields": [f.path for f in refused.fields]}
        return Response(body, status_code=refused.refusal.status)

    return AsyncTestClient(
        Litestar(
            ROUTES,
            dependencies={
                "env": Provide(lambda: house.env, sync_to_thread=False),
                "actor": Provide(lambda: house.actor_of(role), sync_to_thread=False),
            },
            exception_handlers={Refused: refuse},
        )
    )


async def test_the_console_edits_rules(house: House) -> None:
    async with console(house) as client:
        assert len((await client.get("/console/v1/risk/rules")).json()["items"]) == len(DEFAULT_RULES)
        rule = {
            "name_zh": "限购",
            "name_en": "Cap",
            "kind": "cap",
            "params": {"per": "device", "quantity": 2, "window_s": 3600, "sku_ids": ["9007199254740993"]},
            "action": "refuse",
        }
        made = (await client.post("/console/v1/risk/rules", json=rule)).json()
        assert made["params"]["sku_ids"] == ["9007199254740993"]
        path = f"/console/v1/risk/rules/{made['id']}"
        changed = await client.patch(path, json={"enabled": False, "params": made["params"]})
        assert (changed.json()["enabled"], changed.json()["name_en"]) == (False, "Cap")
        bad = await client.patch(path, json={"params": {"per": "device"}})
        assert (bad.status_code, bad.json()["fields"]) == (422, ["params.quantity"])
        assert (await client.patch("/console/v1/risk/rules/x", json={})).status_code == 422
    stored = await risk.list_rules(house.env, house.actor)
    assert Cap("device", 2, 3600, (9007199254740993,)) in [r.params for r in stored]
    assert Velocity("device", 10, 60) in [r.params for r in stored]


async def test_the_console_edits_lists(house: House) -> None:
    async with console(house) as client:
        for i in range(3):
            entry = {"list": "deny", "subject": "device", "value": f"d{i}", "reason": "bots"}
            assert (await client.post("/console/v1/risk/lists", json=entry)).status_code == 201
        first = (await client.get("/console/v1/risk/lists?size=2&list=deny")).json()
        rest = (await client.get(f"/console/v1/risk/lists?size=2&cursor={first['next']}")).json()
        assert [e["value"] for e in first["items"] + rest["items"]] == ["d2", "d1", "d0"]
        assert rest["next"] is None
        assert (await client.get("/console/v1/risk/lists?list=allow")).json()["items"] == []
        one = rest["items"][0]["id"]
        at = f"/console/v1/risk/lists/{one}/remove"
        for without in ({"reason": None}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 201}):
            assert (await client.post(at, json=without)).status_code in (400, 422), without
        assert len((await client.get("/console/v1/risk/lists")).json()["items"]) == 3
        assert (await client.post(at, json={"reason": "a colleague's telephone"})).status_code == 204
        told, *_ = await tenancy.list_audit(house.env, house.actor, subject=f"risk_entry:{one}")
        assert told.before is not None
        assert (told.before["reason"], told.after) == ("bots", {"removed_for": "a colleague's telephone"})
        assert len((await client.get("/console/v1/risk/lists")).json()["items"]) == 2


async def test_the_console_shows_why(house: House) -> None:
    made = decision(house, order_id=77)
    async with house.env.db.transaction(house.mall) as tx:
        await risk.record(tx, home(house.mall), [made])
    async with console(house, "support") as client:
        [shown] = (await client.get("/console/v1/risk/decisions?order_id=77")).json()["items"]
        assert shown == (await client.get(f"/console/v1/risk/decisions/{made.id}")).json()
    [hit] = shown["hits"]
    assert hit["saw"] == HIT.saw
    assert hit["text_en"] == "At least 11 orders within a minute by this device; 10 are allowed"
    assert hit["text_zh"] == "该设备在 1 分钟内至少 11 笔订单，上限 10"


async def test_the_order_path_may_not_change_the_book(house: House) -> None:
    async with house.env.db.transaction(house.mall, "vault") as tx:
        with pytest.raises(Exception, match="permission denied"):
            await db.run(tx, "delete from risk.entry")
