"""What is true of every face: one number is one order, whoever is not its holder is refused, nothing is 5xx."""

import asyncio
import json
import random
import secrets
from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.partnerapi.conftest import House, ShopOf, connected
from tests.partnerapi.shops import SHOPS, Ask, Bought, Kky, Shop

from commissary import risk, tenancy
from world import Answer, Buyer, Ground, World

FACES = sorted(SHOPS)
MUTATIONS = 1_000

every_face = pytest.mark.parametrize("face", FACES)


async def stocked(world: World, n: int = 10, **more: Any) -> str:
    """The name of a good at 9.50, of which there are `n`."""
    name = f"视频会员 {secrets.token_hex(4)}"
    sku = await world.sku(name=name, **more)
    await world.price(sku, "9.50")
    await world.stock(sku, n)
    return name


async def placed(world: World, *buyers: Buyer) -> int:
    query = "select count(*) from orders.orders where home_id = %s and buyer_id = any(%s)"
    [(n,)] = await world.rows(query, [world.home, [b.organisation for b in buyers]])
    return int(n)


@every_face
async def test_a_shop_connects_lists_and_buys(face: str, shop_of: ShopOf, world: World, house: House) -> None:
    name = await stocked(world)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, buyer)
    goods = await shop.learn()
    bought = await shop.buy("2026112600000000001", goods[name], 2)
    assert bought.ok, bought
    assert len(set(bought.cards)) == 2
    assert all(card.startswith("CODE-") for card in bought.cards)
    assert await world.balance(buyer.account) == 1_000_000 - 190_000
    assert await shop.look("2026112600000000001", bought.order) is None
    assert await world.rows(
        "select channel, key_id, client_order_no from orders.orders where buyer_id = %s", [buyer.organisation]
    ) == [(face, buyer.key_id, "2026112600000000001")]
    log = house.log.read_text()
    assert not any(card in log for card in bought.cards)
    assert buyer.secret not in log


@every_face
async def test_fifty_copies_at_once_are_one_order(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world, 60)
    buyer = await world.buyer(balance_e4=10_000_000)
    shop = await shop_of(face, buyer)
    goods = await shop.learn()
    ask = shop.order("1900000000000000001", goods[name], 1)
    answers = await asyncio.gather(*(shop.send(ask) for _ in range(50)))
    told = [await shop.bought(answer, "1900000000000000001") for answer in answers]
    assert {(one.ok, one.order, one.cards) for one in told} == {(True, told[0].order, told[0].cards)}
    assert len(told[0].cards) == 1
    assert await placed(world, shop.buyer) == 1
    assert await world.balance(buyer.account) == 10_000_000 - 95_000


@every_face
async def test_other_contents_under_a_number_are_a_conflict(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, buyer)
    good = (await shop.learn())[name]
    first = await shop.buy("1900000000000000002", good, 1)
    other = await shop.buy("1900000000000000002", good, 2)
    assert (first.ok, other.ok, other.code) == (True, False, shop.conflict)
    again = await shop.buy("1900000000000000002", good, 1)
    assert (again.order, again.cards) == (first.order, first.cards)
    assert await placed(world, shop.buyer) == 1


@every_face
async def test_two_shops_of_a_buyer_never_share_a_card(face: str, shop_of: ShopOf, world: World) -> None:
    """Each counts its orders by itself; what looks like the other's repetition is not one."""
    name = await stocked(world)
    buyer = await world.buyer(balance_e4=1_000_000)
    key, secret = await world.issue_key(buyer.organisation)
    one = await shop_of(face, buyer)
    two = await shop_of(face, Buyer(key.id, secret, buyer.organisation, buyer.account, key))
    good = (await one.learn())[name]
    first, second = await one.buy("1", good), await two.buy("1", good)
    assert (first.ok, second.ok, second.code) == (True, False, two.conflict)


@every_face
async def test_no_money_and_no_stock(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world, 3)
    poor, rich = await world.buyer(balance_e4=90_000), await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, poor)
    good = (await shop.learn())[name]
    assert await shop.buy("1", good) == Bought(False, shop.no_money)
    shop = await shop_of(face, rich)
    assert await shop.buy("1", good, 4) == Bought(False, shop.no_stock)
    assert await placed(world, poor, rich) == 0
    # A refusal frees the number.
    assert (await shop.buy("1", good, 3)).ok


@every_face
async def test_another_buyers_order_is_not_found(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world)
    ours, theirs = await world.buyer(balance_e4=1_000_000), await world.buyer(balance_e4=1_000_000)
    shop, other = await shop_of(face, ours), await shop_of(face, theirs)
    good = (await shop.learn())[name]
    bought = await shop.buy("2026000000000000001", good)
    assert await shop.look("2026000000000000001", bought.order) is None
    assert await other.look("2026000000000000001", bought.order) == other.unknown_order
    assert await other.look("nothing", str(int(bought.order) + 1)) == other.unknown_order


@every_face
async def test_each_buyer_sees_his_own_prices(face: str, shop_of: ShopOf, world: World) -> None:
    name, hidden_name = await stocked(world), f"仅协议客户 {secrets.token_hex(4)}"
    hidden = await world.sku(name=hidden_name)
    buyer, other = await world.buyer(balance_e4=1_000_000), await world.buyer(balance_e4=1_000_000)
    await world.price(hidden, "5", buyer=other)
    [(sku,)] = await world.rows("select id from catalog.sku where name_zh = %s", [name])
    await world.price(sku, "8.80", buyer=buyer)
    shop, theirs = await shop_of(face, buyer), await shop_of(face, other)
    goods = await shop.learn()
    assert hidden_name not in goods
    assert {name, hidden_name} <= set(await theirs.learn())
    assert (await shop.buy("1", goods[name])).ok
    assert (await theirs.buy("1", goods[name])).ok
    assert await world.balance(buyer.account) == 1_000_000 - 88_000
    assert await world.balance(other.account) == 1_000_000 - 95_000
    other_good = (await theirs.learn())[hidden_name]
    refused = await shop.buy("2", other_good)
    assert not refused.ok


@every_face
async def test_a_good_that_is_not_there(face: str, shop_of: ShopOf, world: World) -> None:
    await stocked(world)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    await shop.learn()
    assert await shop.buy("1", "999999") == Bought(False, shop.unknown_good)
    assert await shop.buy("1", "1") == Bought(False, shop.unknown_good)


@every_face
async def test_signatures_that_are_not_ours(face: str, shop_of: ShopOf, world: World) -> None:
    """A thousand of them, in the signature, in the body, and with a key that nobody has."""
    name = await stocked(world, 60)
    shop = await shop_of(face, await world.buyer(balance_e4=10_000_000))
    good = (await shop.learn())[name]
    chance, before = random.Random(7), await bound(world)
    asks = [mutated(shop, shop.order(str(n), good, 1), chance) for n in range(MUTATIONS)]
    few = asyncio.Semaphore(40)

    async def sent(ask: Ask) -> Answer:
        async with few:
            return await shop.send(ask)

    answers = await asyncio.gather(*(sent(ask) for ask in asks))
    told = Counter([(await shop.bought(answer, "")).code for answer in answers])
    assert sum(told.values()) == MUTATIONS
    assert None not in told
    assert told[shop.bad_signature] > MUTATIONS * 0.6, told
    assert all(answer.status < 500 for answer in answers)
    assert await placed(world, shop.buyer) == 0
    assert await bound(world) == before


async def bound(world: World) -> list[Any]:
    return await world.rows("select count(*) from orders.idempotency where home_id = %s", [world.home])


def mutated(shop: Shop, ask: Ask, chance: random.Random) -> Ask:
    """One thing in it is different; the signature stays what it was for, or is the thing."""
    sign = ask.signature
    other = list(sign)
    at = chance.randrange(len(sign))
    other[at] = chance.choice([c for c in "0123456789abcdef" if c != sign[at]])
    wrong = chance.choice(["".join(other), sign[:-1], sign + "0", sign[::-1] + "x", "0" * len(sign)])
    if chance.random() < 0.8:
        headers = {k: v.replace(sign, wrong) for k, v in ask.headers.items()}
        body = ask.body.replace(sign.encode(), wrong.encode())
        return Ask(ask.method, ask.path.replace(sign, wrong), headers, body, wrong)
    # A digit of the contents: how many, which good, which number.
    digits = [i for i, b in enumerate(ask.body) if chr(b).isdigit()]
    digits = [i for i in digits if not ask.body.find(sign.encode()) <= i < ask.body.find(sign.encode()) + 64]
    at = chance.choice(digits)
    old = chr(ask.body[at])
    new = chance.choice([c for c in "123456789" if c != old])
    return Ask(ask.method, ask.path, ask.headers, ask.body[:at] + new.encode() + ask.body[at + 1 :], sign)


@every_face
async def test_keys_that_may_not(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, buyer)
    good = (await shop.learn())[name]

    async def key(**more: Any) -> Shop:
        made, secret = await world.issue_key(buyer.organisation, **more)
        return await shop_of(face, Buyer(made.id, secret, buyer.organisation, buyer.account, made))

    far = await key(ip_allow=["198.51.100.0/24"])
    assert await far.buy("1", good) == Bought(False, far.bad_ip)
    near = await key(ip_allow=["127.0.0.1/32"])
    assert (await near.buy("2", good)).ok
    for scopes in (["catalog:read", "orders:read"], ["orders:write", "orders:read"]):
        # The second could buy, but would not be shown what.
        poor = await key(scopes=scopes)
        assert await poor.buy("3", good) == Bought(False, poor.no_scope)
    nobody = await shop_of(face, Buyer("ck_1_aaaaaaaaaaaa", "sk_x", 1, 1, buyer.key))
    assert (await nobody.buy("4", good)).code in (nobody.unknown_key, 401)
    assert await placed(world, shop.buyer) == 1


@every_face
async def test_a_revoked_key_and_a_rotated_secret(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, buyer)
    good = (await shop.learn())[name]
    _, fresh = await tenancy.rotate_key(world.env, world.actor, buyer.key_id, 60)
    await asyncio.sleep(1)
    renewed = await shop_of(face, Buyer(buyer.key_id, fresh, buyer.organisation, buyer.account, buyer.key))
    assert (await shop.buy("1", good)).ok  # while both live
    assert (await renewed.buy("2", good)).ok
    await tenancy.revoke_key(world.env, world.actor, buyer.key_id)
    await asyncio.sleep(1)
    for one in (shop, renewed):
        refused = await one.buy("3", good)
        assert not refused.ok
        assert (await one.buy("1", good)).ok is False
    assert await placed(world, shop.buyer) == 2


@every_face
async def test_the_malls_risk_rules_hold(face: str, house: House, world_ground: Ground) -> None:
    world = await world_ground.world()
    name = await stocked(world)
    await connected(world)
    shop = SHOPS[face](house.served, await world.buyer(balance_e4=1_000_000))
    good = (await shop.learn())[name]
    await risk.create_rule(
        world.env,
        world.actor,
        name_zh="每分钟三单",
        name_en="Three a minute",
        kind="velocity",
        params={"by": "buyer", "limit": 3, "window_s": 60},
        action="refuse",
    )
    await asyncio.sleep(1)
    told = [await shop.buy(str(n), good) for n in range(5)]
    assert [one.ok for one in told] == [True, True, True, False, False]
    assert await placed(world, shop.buyer) == 3


@every_face
async def test_bodies_that_are_no_requests(face: str, shop_of: ShopOf, world: World, house: House) -> None:
    """Garbage, ten megabytes, unknown paths, wrong methods: the protocol's own no, never a 5xx, nothing written."""
    name = await stocked(world)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    good = (await shop.learn())[name]
    ask = shop.order("1", good, 1)
    garbage = [
        b"",
        b"\0",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe\xfd",
        b"[" * 5000,
        b'{"a":' * 3000,
        b'{"userid":{},"timestamp":[],"sign":true}',
        b'{"userid":"ck_1_aaaaaaaaaaaa","timestamp":1e400,"sign":"x"}',
        b"app_id=%ff%fe&sign=%00",
        b"a=b&" * 5000,
        b"x" * (300 * 1024),
        b"x" * (10 * 1024 * 1024),
    ]
    for body in garbage:
        for path in (ask.path, f"/faces/{face}/", f"/faces/{face}/nothing/here", f"/faces/{face}"):
            answer = await house.served.raw("POST", path, body, ask.headers)
            assert answer.status < 500, (path, body[:20], answer.body)
            assert not (await shop.bought(answer, "")).ok
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = await house.served.raw(method, ask.path, ask.body, ask.headers)
        assert answer.status < 500
        if not (face == "kakayun" and method == "GET"):
            assert not (await shop.bought(answer, "")).ok
    unknown = shop.ask("no/such/thing", {"a": "b"})
    assert (await shop.bought(await shop.send(unknown), "")).code == shop.unknown_path
    assert await placed(world, shop.buyer) <= 1
    nobody = await house.served.raw("POST", "/faces/nobody/x", b"{}", {})
    assert (nobody.status, nobody.json["code"]) == (404, "not_found")


@every_face
async def test_values_out_of_bounds(face: str, shop_of: ShopOf, world: World) -> None:
    """Signed as they must be, and still no order."""
    name = await stocked(world)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    good = (await shop.learn())[name]
    quantities: list[Any] = [0, -1, 1_000_001, 10**30, "x", "1.5", ""]
    numbers = ["号码", "a b", "x" * 65, "a\x00b", "a\nb"]
    for n, quantity in enumerate(quantities):
        if quantity == "" and face == "xianguanjia":
            continue  # not said: one
        answer = await shop.send(shop.order(f"q{n}", good, quantity))
        assert answer.status < 500, (quantity, answer.body)
        assert not (await shop.bought(answer, "")).ok, quantity
    for number in numbers:
        answer = await shop.send(shop.order(number, good, 1))
        assert answer.status < 500, (number, answer.body)
        assert not (await shop.bought(answer, "")).ok, number
    assert await placed(world, shop.buyer) == 0


@every_face
async def test_a_query_parameter_given_twice_buys_nothing(face: str, shop_of: ShopOf, world: World) -> None:
    name = await stocked(world)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    good = (await shop.learn())[name]
    ask = shop.order("1", good, 1)
    for query, times in (("a=1&%61=2", 0), ("", 1)):
        path = f"{ask.path}{'&' if '?' in ask.path else '?'}{query}" if query else ask.path
        answer = await shop.send(replace(ask, path=path))
        assert answer.status < 500
        assert (await shop.bought(answer, "1")).ok == bool(times), answer.body
        assert await placed(world, shop.buyer) == times


@pytest.mark.parametrize("face", ["acg_faka", "kakayun"])
async def test_a_field_of_a_form_given_twice_buys_nothing(face: str, shop_of: ShopOf, world: World) -> None:
    """Whichever of the two was signed, and also where both are the same; said in the face's own words."""
    name = await stocked(world)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    good = (await shop.learn())[name]
    ask, count = shop.order("1", good, 1), "num" if face == "acg_faka" else "buynum"
    if face == "kakayun":  # which takes both; a form's values are texts, and signed as such
        told = {k: str(v) for k, v in json.loads(ask.body).items() if k != "sign"}
        body = urlencode(told | {"sign": Kky.sign(told, shop.buyer.secret)}).encode()
        ask = replace(ask, body=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    more = f"{count}=1".encode()
    for body, twice in (
        (ask.body + b"&" + more, count),
        (more + b"&" + ask.body, count),
        (ask.body + b"&sign=x", "sign"),
        (ask.body + b"&a=1&%61=1", "a"),
    ):
        answer = await shop.send(replace(ask, body=body))
        said = shop.read(answer)
        assert answer.status == 200
        assert said["code"] == (0 if face == "acg_faka" else {"sign": 1200, "buynum": 1204}.get(twice, -1)), (
            said
        )
        assert f"（{twice}）" in said["msg"], said
        assert await placed(world, shop.buyer) == 0
    assert (await shop.bought(await shop.send(ask), "1")).ok
    assert await placed(world, shop.buyer) == 1
