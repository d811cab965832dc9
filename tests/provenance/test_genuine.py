"""The public page of a code: what everybody may know, in both languages, and no more than a guesser can carry away."""

import re
import secrets
from html.parser import HTMLParser
from typing import Any

import pytest

from commissary import insight, orders, provenance, web
from commissary.orders.types import Reverse
from commissary.provenance import page_token, read_page_token
from commissary.web.genuine.door import render
from commissary.web.genuine.throttle import Throttle
from commissary.web.genuine.words import SIGNS, WORDS
from make.provenance import keeper
from world import Buyer, World

VOID = {"meta", "link", "br", "img"}


async def asked(
    door: Any, path: str, query: str = "", method: str = "GET"
) -> tuple[int, str, dict[bytes, bytes]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    await door(scope, None, send)
    return sent[0]["status"], sent[1]["body"].decode(), dict(sent[0]["headers"])


def door_of(world: World, throttle: Throttle | None = None) -> Any:
    return web.GenuineDoor(world.env, lambda _: "192.0.2.9", throttle or Throttle())


async def test_a_code_is_genuine_until_it_is_not(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    placed = await world.place(buyer, sku, 3)
    await keeper(world).round()
    found = await insight.order_proof(world.env, world.home, int(placed.id))
    assert [(p.line_no, p.n) for p in found.pieces] == [(1, 1), (1, 2), (1, 3)]
    door, path = door_of(world), f"/verify/{found.pieces[1].token}"
    status, page, headers = await asked(door, path)
    assert status == 200
    for shown in ("正品", "Gift card", "Kitchen", 'lang="zh-CN"'):
        assert shown in page
    status, english, _ = await asked(door, path, "lang=en")
    assert "Genuine" in english
    assert 'lang="en"' in english
    for secret in (placed.id, str(buyer.organisation), buyer.key_id, "CODE-", placed.client_order_no):
        assert secret not in page + english
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    assert headers[b"cache-control"] == b"no-store"
    assert (await asked(door, path, method="HEAD"))[1] == ""
    assert (await asked(door, path, method="POST"))[0] == 405
    assert (await asked(door, "/verify/page.css"))[0] == 200

    async with world.env.db.transaction(world.mall, "vault") as tx:
        await orders.settle(tx, world.env, world.home, [Reverse(int(placed.id), 1, "mistake")], world.now)
    assert "已撤销" in (await asked(door, path))[1]


async def test_a_proofs_pieces_come_in_pages(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku, 25)).id)
    await keeper(world).round()
    seen, after = [], (0, 0)
    while True:
        found = await insight.order_proof(world.env, world.home, order, after=after, size=10)
        seen += found.pieces
        if found.following is None:
            break
        after = found.following
    assert [p.n for p in seen] == list(range(1, 26))
    assert len({p.token for p in seen}) == 25


async def test_a_token_cannot_be_made_or_changed(world: World) -> None:
    keys, place = world.env.keys, (world.home, 2**62, 32_767, 2**31 - 1)
    token = page_token(keys, *place)
    assert len(token) == 48
    assert read_page_token(keys, token) == place
    assert page_token(keys, *place) == token, "the same code, the same token"
    for i in range(48):
        for other in "AB_-z":
            if other != token[i]:
                assert read_page_token(keys, token[:i] + other + token[i + 1 :]) is None
    for bad in ("", "x", token + "A", token[:-1], token + "=", "中" * 48, secrets.token_urlsafe(36)):
        assert read_page_token(keys, bad) is None
    assert await insight.authenticity(world.env, page_token(keys, world.home, 1, 1, 1)) is None


async def test_what_was_never_sold_has_no_page(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku, 2)).id)
    keys = world.env.keys
    for line, n in ((1, 3), (2, 1), (1, 0)):
        assert await insight.authenticity(world.env, page_token(keys, world.home, order, line, n)) is None
    status, page, _ = await asked(door_of(world), f"/verify/{secrets.token_urlsafe(36)}")
    assert status == 404
    assert "无法确认" in page


async def test_a_guesser_is_stopped_and_a_shop_is_not(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku)).id)
    door = door_of(world)
    good = f"/verify/{page_token(world.env.keys, world.home, order, 1, 1)}"
    statuses = [(await asked(door, good))[0] for _ in range(30)]
    assert set(statuses) == {200}
    wrong = [(await asked(door, f"/verify/{secrets.token_urlsafe(36)}"))[0] for _ in range(50)]
    assert wrong.count(404) <= 6
    status, page, headers = await asked(door, good)
    assert (status, headers[b"retry-after"]) == (429, b"60")
    assert "正品" not in page


def test_the_bucket_fills_again_and_neighbours_share_it() -> None:
    throttle = Throttle(burst=2, per_minute=60)
    assert [throttle.take("192.0.2.1", 0.0) for _ in range(3)] == [True, True, False]
    assert throttle.take("192.0.2.2", 0.0), "another address"
    assert throttle.take("192.0.2.1", 1.0)
    assert [throttle.take(f"2001:db8::{i}", 0.0) for i in (1, 2, 3)] == [True, True, False], "one /64"
    assert throttle.take("2001:db8:0:1::1", 0.0)


class Page(HTMLParser):
    """What an assistive program stumbles over: unclosed or repeated things, inline code, a heading that is missing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert tag not in ("script", "style")
        assert not [name for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("standing", SIGNS)
def test_every_page_is_whole_and_in_its_language(standing: str, lang: Any) -> None:
    text = render(lang, standing, "/verify/x")
    page = Page(text)
    for one in ("main", "h1", "title", "header", "footer"):
        assert page.seen.count(one) == 1
    body = re.sub(r"<a .*?</a>", "", text.partition("<body>")[2])
    assert bool(re.search(r"[\u4e00-\u9fff]", body)) == (lang == "zh-CN")


def test_every_word_stands_in_both_languages() -> None:
    assert {name for name, (zh, _) in WORDS.items() if zh.isascii()} == {"other", "other_name", "other_query"}
    assert {f"{standing}_told" for standing in SIGNS} <= set(WORDS)
    assert provenance.VERIFIER.exists()
