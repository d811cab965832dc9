"""What suppliers send by themselves, in every protocol that has callbacks: twice, late, old, forged, first; and over HTTP."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner
from tests.connectors.rig import AT_MS, CARD, Rig, form_of
from tests.connectors.test_transport import KASUSHOU, buy, outgoing_to, shop

from commissary import simulators, supply
from commissary.cli.simulate import simulate
from commissary.simulators import TABLE, Asked, Call, Liar, Lie
from commissary.supply.types import Connection, Forged, Outcome, Unreadable

CALLING = [
    name
    for name in sorted(supply.TABLE)
    if supply.TABLE[name](Connection("", "buyer-1", "k" * 32, settings=form_of(name))).facts.callbacks
]
SILENT = [name for name in sorted(supply.TABLE) if name not in CALLING]
BELIEVED_IN_NO_AMOUNT = {
    "dt_one": "nothing is signed",
    "form": "a reason to ask, whoever signed it",
    "kinguin": "nothing is signed",
    "lansexiongdi": "no amount in it",
}
SAYS_NOTHING_WRONG = {"kinguin": "a number and a state are all that it says"}
each = pytest.mark.parametrize("protocol", CALLING)


async def bought(protocol: str, *calls: Call, lie: Lie = Lie.none, **liar: Any) -> Rig:
    """One order, done by itself after ten seconds. It is the first second."""
    rig = Rig.of(protocol, lie, calls=calls, looks=99, takes_s=10, later_s=100, late_s=1000, **liar)
    await rig.buy("R1")
    rig.liar.pass_time(1)
    return rig


def outcomes(rig: Rig) -> list[Outcome]:
    """As they are told; who tells nothing is asked about the order as it stands now."""
    return [notice.trusted.outcome for notice in rig.called()]


def told(rig: Rig, *outcomes: Outcome) -> list[Outcome]:
    return list(outcomes) if rig.connector.facts.signs_callbacks else [Outcome.unknown] * len(outcomes)


@pytest.mark.parametrize("protocol", SILENT)
async def test_a_protocol_without_callbacks_sends_none(protocol: str) -> None:
    rig = Rig.of(protocol, calls=tuple(Call), takes_s=10)
    for n in range(len(Call)):
        await rig.buy(f"R{n}")
    rig.liar.rest()
    assert len(rig.shop.orders) == len(Call)
    assert rig.heard == []


@pytest.mark.parametrize("protocol", sorted(supply.TABLE))
async def test_a_callback_that_is_no_whole_one_of_ours(protocol: str) -> None:
    """Cut off anywhere, without its headers, or honest: to another account or in another protocol, with the same key."""
    rig = Rig.of(protocol)
    sent = await rig.called_back()
    foreign = [await Rig.of(other).called_back() for other in supply.TABLE if other != protocol]
    for told in foreign:
        if told is not None:
            with pytest.raises((Forged, Unreadable)):
                rig.notice(told)
    if sent is None:
        return
    neighbour = type(rig.liar.supplier)(simulators.Shop("buyer-2", rig.shop.key, callback_url=sent.to))
    theirs = neighbour.callback(rig.shop.orders["R1"])
    assert theirs is not None
    if (theirs.headers, theirs.body) != (sent.headers, sent.body):  # it says whose it is
        with pytest.raises(Forged):
            rig.notice(theirs)
    for length in range(len(sent.body)):
        with pytest.raises((Forged, Unreadable)):
            rig.notice(replace(sent, body=sent.body[:length]))
    if set(sent.headers) != {"content-type"}:  # something of the signature stands there
        with pytest.raises((Forged, Unreadable)):
            rig.connector.notice({}, {}, sent.body)


@each
@pytest.mark.parametrize("lie", [Lie.none, Lie.silent_after, Lie.error_after, Lie.slow])
async def test_one_when_it_is_over(protocol: str, lie: Lie) -> None:
    """Whatever the answer to the purchase was."""
    rig = await bought(protocol, lie=lie)
    assert rig.heard == []
    rig.liar.rest()
    assert outcomes(rig) == told(rig, Outcome.succeeded)
    assert [notice.ref for notice in rig.called()] == ["R1"]


@each
async def test_the_first_call_comes_before_the_answer(protocol: str) -> None:
    rig = Rig.of(protocol, calls=(Call.first,))
    honest, heard_by_then = rig.answer, []

    def answer(asked: Asked) -> simulators.Said | None:
        said = honest(asked)
        heard_by_then.append(len(rig.heard))
        return said

    rig.answer = answer
    placed = await rig.buy("R1")
    assert placed.outcome is Outcome.accepted  # as it was written before the order was done
    assert (heard_by_then[-1], outcomes(rig)) == (1, told(rig, Outcome.succeeded))
    rig.liar.rest()
    assert len(rig.heard) == 1


@each
async def test_two_to_five_and_each_the_same(protocol: str) -> None:
    counts = set()
    for seed in range(20):
        rig = await bought(protocol, Call.duplicated, seed=seed)
        rig.liar.rest()
        assert all(notice == rig.called()[0] for notice in rig.called())
        counts.add(len(rig.heard))
    assert counts == {2, 3, 4, 5}


@each
async def test_an_old_one_behind_the_new(protocol: str) -> None:
    rig = await bought(protocol, Call.out_of_order)
    rig.liar.rest()
    assert outcomes(rig) == told(rig, Outcome.succeeded, Outcome.accepted)


@each
async def test_late_and_lost(protocol: str) -> None:
    late, lost = await bought(protocol, Call.late), await bought(protocol, Call.lost)
    late.liar.pass_time(1000)
    assert late.heard == []
    late.liar.pass_time(1011)
    assert outcomes(late) == told(late, Outcome.succeeded)
    lost.liar.rest()
    assert lost.heard == []


@each
async def test_a_forged_one_says_that_it_is_done_while_it_is_not(protocol: str) -> None:
    rig = await bought(protocol, Call.forged)
    assert rig.shop.orders["R1"].state == "doing"
    (first,) = rig.heard
    with pytest.raises(Forged):
        rig.notice(first)
    rig.liar.rest()
    honest = rig.notice(rig.heard[1])
    assert (honest.ref, len(rig.heard)) == ("R1", 2)
    assert not any(code.secret.startswith("FORGED") for code in honest.trusted.codes)


@each
async def test_a_wrong_one_is_signed_and_not_true(protocol: str) -> None:
    """Whoever believes it pays twice as much; whoever asks is told what is true."""
    rig = await bought(protocol, Call.wrong)
    rig.liar.rest()
    (notice,) = rig.called()
    order = rig.shop.orders["R1"]
    believed = None if protocol in BELIEVED_IN_NO_AMOUNT else 2 * order.paid_e4
    assert notice.trusted.cost_e4 == believed
    assert (rig.heard[0] != rig.liar.supplier.callback(order)) is (protocol not in SAYS_NOTHING_WRONG)
    if protocol == "lansexiongdi":
        assert b"13900000000" in rig.heard[0].body
    true = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert true.cost_e4 == (order.paid_e4 if rig.connector.facts.tells_money else None)


@each
async def test_taken_back_after_it_was_done(protocol: str) -> None:
    rig = await bought(protocol, lie=Lie.reversed_after)
    rig.liar.pass_time(50)
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.succeeded
    rig.liar.rest()
    assert outcomes(rig) == told(rig, Outcome.succeeded, Outcome.failed)
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.failed
    books = rig.shop.books()
    assert books.taken_e4 == books.returned_e4 > 0
    assert len(books.codes["R1"]) == (1 if rig.good == CARD else 0)  # they are in the world


@each
async def test_a_part_is_never_called_a_failure(protocol: str) -> None:
    rig = await bought(protocol, lie=Lie.partial)
    rig.liar.rest()
    (notice,) = rig.called()
    assert (notice.trusted.outcome, rig.shop.orders["R1"].refunded_e4 > 0) == (Outcome.unknown, True)
    # Who tells nothing is asked.
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


@each
async def test_what_is_down_calls_when_it_is_up_again(protocol: str) -> None:
    rig = await bought(protocol, outages=[(5, 300)])
    rig.liar.pass_time(299)
    assert rig.heard == []
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    rig.liar.pass_time(301)
    assert (len(rig.heard), rig.shop.orders["R1"].state) == (1, "done")
    rig.liar.down = True
    assert (await rig.buy("R2")).outcome is Outcome.unknown
    assert (list(rig.shop.orders), rig.liar.purchases) == (["R1"], 1)
    rig.liar.down = False
    assert (await rig.buy("R2")).outcome is Outcome.accepted


# Over HTTP


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, asyncio.Queue[tuple[str, bytes]]]]:
    """The port, and what comes: path and body."""
    heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async def listen(request: web.Request) -> web.Response:
        heard.put_nowait((request.raw_path, await request.read()))
        return web.Response(body=b"ok")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", listen)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1], heard
    finally:
        await runner.cleanup()


async def test_over_http_the_first_call_comes_before_the_answer() -> None:
    ours = shop()
    liar = Liar(TABLE[KASUSHOU](ours), calls=[Call.first])
    async with listening() as (port, heard), simulators.serving(liar) as url, outgoing_to(url) as outgoing:
        placed, _ = await buy(url, ours, outgoing, f"http://127.0.0.1:{port}/of/kasushou?mall=7")
        assert placed.outcome is Outcome.accepted
        path, body = heard.get_nowait()
    assert (path, heard.empty()) == ("/of/kasushou?mall=7", True)
    notice = supply.TABLE[KASUSHOU](Connection(url, ours.account, ours.key)).notice({}, {"mall": "7"}, body)
    assert (notice.ref, notice.trusted.outcome) == ("R1", Outcome.succeeded)


async def test_over_http_an_order_is_done_by_itself_and_called_back_about() -> None:
    ours = shop()
    liar = Liar(TABLE[KASUSHOU](ours), calls=[Call.duplicated], takes_s=0.05)
    async with listening() as (port, heard), simulators.serving(liar) as url, outgoing_to(url) as outgoing:
        await buy(url, ours, outgoing, f"http://127.0.0.1:{port}/heard")
        once = await asyncio.wait_for(heard.get(), 10)
        assert await asyncio.wait_for(heard.get(), 10) == once
    assert ours.orders["R1"].state == "done"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1.example", "10.0.0.8", "[::ffff:10.0.0.8]"])
async def test_over_http_nobody_else_is_called(host: str) -> None:
    """An order may name any address; only loopback is ever called. `localhost` is a name, and stands for what a file says."""
    ours = shop()
    liar = Liar(TABLE[KASUSHOU](ours), calls=[Call.first])
    async with listening() as (port, heard), simulators.serving(liar) as url, outgoing_to(url) as outgoing:
        told: list[Asked] = []
        deliver = liar.deliver
        assert deliver is not None
        liar.deliver = lambda asked: (told.append(asked), deliver(asked))
        placed, _ = await buy(url, ours, outgoing, f"http://{host}:{port}/heard")
        assert (placed.outcome, len(told)) == (Outcome.accepted, 1)
        await asyncio.sleep(0.2)
        assert heard.empty()


async def test_over_http_silence_lasts_as_long_as_was_said() -> None:
    ours = shop()
    liar = Liar(TABLE[KASUSHOU](ours), lies=[Lie.silent_after, Lie.slow], slow_s=0.2)
    async with simulators.serving(liar, silence_s=0.2) as url, outgoing_to(url) as outgoing:
        loop = asyncio.get_running_loop()
        began = loop.time()
        assert (await buy(url, ours, outgoing))[0].outcome is Outcome.unknown
        assert 0.2 <= loop.time() - began < 5
        ours.orders.clear()
        began = loop.time()
        assert (await buy(url, ours, outgoing))[0].outcome is Outcome.accepted
        assert 0.2 <= loop.time() - began < 5


# The command


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--share", "nonsense=0.1"], "--share"),
        (["--share", "slow=much"], "--share"),
        (["--share", "slow=0.6", "--share", "partial=0.6"], "between 0 and 1"),
        (["--share", "slow=nan"], "between 0 and 1"),
        (["--share", "slow=0.1", "--lie", "slow"], "one of the two"),
        (["--callbacks", "slow"], "--callbacks"),
        (["--callback-url", "https://mall.example/"], "loopback"),
        (["--down", "60"], "--down"),
    ],
)
def test_the_command_says_what_is_wrong(options: list[str], why: str) -> None:
    said = CliRunner().invoke(simulate, [KASUSHOU, *options])
    assert (said.exit_code, why in said.output) == (2, True), said.output


def test_the_command_names_every_lie_and_opens_its_books() -> None:
    shown = CliRunner().invoke(simulate, ["--help"]).output
    assert all(f" {name}" in shown for name in (*Lie, *Call) if name is not Lie.none)
    command = [sys.executable, "-c", "from commissary.cli import main; main()", "simulate", KASUSHOU]
    options = ["--share", "silent_after=1", "--share", "lost=1", "--silence", "0", "--seed", "7"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdout is not None
        url = child.stdout.readline().split()[-1]
        _, account, _, key = child.stdout.readline().split()

        async def try_it() -> Outcome:
            async with outgoing_to(url) as outgoing:
                return (await buy(url, simulators.Shop(account=account, key=key), outgoing))[0].outcome

        assert asyncio.run(try_it()) is Outcome.unknown
        child.send_signal(signal.SIGINT)
        rest = child.stdout.read()
    assert "1 purchases asked for, 1 orders sold, 0 numbers twice" in rest
    assert [line.split() for line in rest.splitlines()[-2:]] == [["1", "lost"], ["1", "silent_after"]]
