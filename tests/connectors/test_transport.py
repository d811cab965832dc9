"""A connector and its supplier over a socket: what the transport adds, and what it must not hide."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from tests.connectors.rig import AT_MS, CALLBACK, FORMS, TOPUP, Rig, form_of

from commissary import simulators, supply
from commissary.base.outgoing import Limits, Outgoing
from commissary.simulators import Article, Liar, Lie, Shop
from commissary.supply.types import Connection, Outcome, Purchase, Result, Silence

KASUSHOU = "kasushou"


def outgoing_to(*urls: str, **limits: Any) -> Outgoing:
    allow = {(urlsplit(url).hostname or "", urlsplit(url).port or 0) for url in urls}
    return Outgoing(production=False, allow=allow, limits=Limits(**limits))


async def buy(url: str, shop: Shop, outgoing: Outgoing, callback_url: str = "") -> tuple[Result, supply.Wire]:
    wire = supply.Wire(outgoing)
    connector = supply.TABLE[KASUSHOU](Connection(url, shop.account, shop.key))
    purchase = Purchase("R1", "101", 2, 95_000, callback_url=callback_url)
    return await supply.outcome(connector.place(AT_MS, purchase), wire.send, placing=True), wire


def shop() -> Shop:
    return Shop(articles={101: Article(101, "视频会员", "code", 95_000, 20)})


async def test_bought_over_a_socket_and_called_back() -> None:
    ours, heard = shop(), asyncio.get_running_loop().create_future()

    async def listen(request: web.Request) -> web.Response:
        heard.set_result((dict(request.headers), await request.read()))
        return web.Response(body=b"ok")

    listener = web.Application()
    listener.router.add_post("/heard", listen)
    runner = web.AppRunner(listener)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    callback_url = f"http://127.0.0.1:{runner.addresses[0][1]}/heard"
    async with (
        simulators.serving(Liar(simulators.TABLE[KASUSHOU](ours))) as url,
        outgoing_to(url) as outgoing,
    ):
        placed, wire = await buy(url, ours, outgoing, callback_url)
        assert (placed.outcome, placed.cost_e4) == (Outcome.accepted, 190_000)
        connector = supply.TABLE[KASUSHOU](Connection(url, ours.account, ours.key))
        done = await supply.outcome(connector.query(AT_MS, "R1"), wire.send)
        assert (done.outcome, len(done.codes)) == (Outcome.succeeded, 2)
        headers, body = await asyncio.wait_for(heard, 10)
        notice = connector.notice(headers, {}, body)
        assert (notice.ref, notice.trusted.outcome) == ("R1", Outcome.succeeded)
        assert json.loads(body)["card_list"]  # they are there, unsigned, and not taken
        assert notice.trusted.codes == ()
    await runner.cleanup()


@pytest.mark.parametrize("protocol", sorted([*supply.TABLE, *FORMS]))
async def test_every_supplier_is_one_over_a_socket(protocol: str) -> None:
    rig = Rig.of(protocol)
    fields = {rig.field: rig.account} if rig.good == TOPUP else {}
    async with simulators.serving(rig.liar) as url, outgoing_to(url) as outgoing:
        to = Connection(url, rig.shop.account, rig.shop.key, settings=form_of(protocol))
        connector, wire = type(rig.connector)(to), supply.Wire(outgoing)
        good = await supply.hold(connector.good(AT_MS, rig.id_of(rig.good)), wire.send)
        listed = (await supply.hold(connector.goods(AT_MS), wire.send)).goods
        assert good.id in [each.id for each in listed]
        purchase = Purchase("R1", good.id, 1, good.price_e4, fields, CALLBACK)
        placed = await supply.outcome(connector.place(AT_MS, purchase), wire.send, placing=True)
        assert placed.outcome in (Outcome.accepted, Outcome.succeeded)
        if connector.facts.queries:
            placed = await supply.outcome(connector.query(AT_MS, "R1", placed.supplier_ref), wire.send)
        assert (placed.outcome, list(rig.shop.orders)) == (Outcome.succeeded, ["R1"])


async def test_silence_on_a_socket_is_unknown() -> None:
    ours = shop()
    liar = Liar(simulators.TABLE[KASUSHOU](ours), lies=[Lie.silent_after])
    async with simulators.serving(liar) as url, outgoing_to(url, total_seconds=0.5) as outgoing:
        placed, _ = await buy(url, ours, outgoing)
    assert (placed.outcome, len(ours.orders)) == (Outcome.unknown, 1)


async def test_what_never_left_is_a_failure() -> None:
    """Nobody listens, or the address may not be called: nothing was bought, and that is certain."""
    ours = shop()
    async with simulators.serving(Liar(simulators.TABLE[KASUSHOU](ours))) as url:
        pass
    async with outgoing_to(url) as outgoing:
        assert (await buy(url, ours, outgoing))[0].outcome is Outcome.failed
    async with Outgoing(production=True) as outgoing:
        assert (await buy("https://10.0.0.8", ours, outgoing))[0].outcome is Outcome.failed
        with pytest.raises(Silence) as said:
            await supply.hold(
                supply.TABLE[KASUSHOU](Connection("http://example.com", "a", "b")).balance(AT_MS),
                supply.Wire(outgoing).send,
            )
        assert not said.value.sent


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def whole(body: bytes, head: bytes = HEAD) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


ANSWERS: dict[str, tuple[bytes, str]] = {
    "a redirect": (whole(b"", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"), "unreadable"),
    "another type": (whole(b'{"code": 200, "data": [7]}'), "unreadable"),
    "a huge body": (whole(b'{"code": 200, "data": "' + b"x" * 3_000_000 + b'"}'), "no answer: too_long"),
    "half an answer": (HEAD + b"Content-Length: 900\r\n\r\n{", "no answer: broken"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", "no answer: broken"),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_what_is_no_answer_says_what_it_was(answer: str) -> None:
    """And is never taken for a word of the supplier's."""
    raw, reason = ANSWERS[answer]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()

    assert await told_by(talk) == (Outcome.unknown, reason)


async def test_a_supplier_who_drips_is_left() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 900\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)

    assert await told_by(talk) == (Outcome.unknown, "no answer: timeout")


async def told_by(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> tuple[Outcome, str]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        async with outgoing_to(url, total_seconds=1.0) as outgoing:
            placed, _ = await buy(url, shop(), outgoing)
    finally:
        server.close()
    return placed.outcome, placed.reason


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://10.0.0.8", "address_not_public"),
        ("https://[::1]", "address_not_public"),
        ("https://169.254.169.254", "address_not_public"),
        ("http://example.com", "url_not_https"),
    ],
)
async def test_an_address_that_may_not_be_called_is_named(url: str, why: str) -> None:
    async with Outgoing(production=True) as outgoing:
        placed, _ = await buy(url, shop(), outgoing)
    assert (placed.outcome, placed.reason) == (Outcome.failed, f"not sent: {why}")


async def test_what_an_answer_has_beside_is_ignored() -> None:
    """Fields that no document names, of any type and depth."""
    ours = shop()

    class Talkative(Liar):
        def answer(self, asked: simulators.Asked) -> simulators.Said | None:
            said = super().answer(asked)
            if said is None:
                return None
            told = json.loads(said.body) | {"zz": [{"a": 7}], "status_v2": "failed", "card": None}
            if isinstance(told.get("data"), dict):
                told["data"] |= {"outcome": "failed", "refund": "999999", "nested": {"status": 4}}
            return replace(said, body=json.dumps(told).encode())

    async with (
        simulators.serving(Talkative(simulators.TABLE[KASUSHOU](ours))) as url,
        outgoing_to(url) as outgoing,
    ):
        placed, wire = await buy(url, ours, outgoing)
        connector = supply.TABLE[KASUSHOU](Connection(url, ours.account, ours.key))
        asked = await supply.outcome(connector.query(AT_MS, "R1", placed.supplier_ref), wire.send)
    assert (placed.outcome, asked.outcome) == (Outcome.accepted, Outcome.succeeded)
    assert asked.refunded_e4 == 0


async def test_an_answer_longer_than_allowed_is_unknown() -> None:
    ours = shop()
    liar = Liar(simulators.TABLE[KASUSHOU](ours))
    async with (
        simulators.serving(liar) as url,
        outgoing_to(url, answer_bytes=20, cut_long_answers=True) as outgoing,
    ):
        placed, _ = await buy(url, ours, outgoing)
    assert (placed.outcome, len(ours.orders)) == (Outcome.unknown, 1)


def test_the_command_is_a_supplier_until_it_is_stopped() -> None:
    command = [sys.executable, "-c", "from commissary.cli import main; main()", "simulate", KASUSHOU]
    with subprocess.Popen([*command, "--lie", "page_after"], stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdout is not None
        url = child.stdout.readline().split()[-1]
        _, account, _, key = child.stdout.readline().split()
        ours = Shop(account=account, key=key)

        async def try_it() -> tuple[Outcome, Outcome]:
            async with outgoing_to(url) as outgoing:
                placed, wire = await buy(url, ours, outgoing)
                connector = supply.TABLE[KASUSHOU](Connection(url, account, key))
                return placed.outcome, (await supply.outcome(connector.query(AT_MS, "R1"), wire.send)).outcome

        assert asyncio.run(try_it()) == (Outcome.unknown, Outcome.accepted)
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 0
