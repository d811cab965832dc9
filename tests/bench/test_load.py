"""The generator's arithmetic, and its two loops against small servers whose behaviour is known."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest

from bench import asks, load
from make.pace import Pace

ORDER = b'{"id":"1","status":"delivered","lines":[{"sku_id":"1","codes":["A","B"]}]}'
Reply = Callable[[bytes], Awaitable[tuple[int, bytes]]]


def ask(requests: int, **changes: object) -> asks.Ask:
    keys = [(f"key-{n}", f"secret-{n}") for n in range(50)]
    plain = asks.Ask(profile="zipf", keys=keys, sku_ids=[str(n) for n in range(50)], requests=requests)
    return msgspec.structs.replace(plain, **changes)


@contextmanager
def answering(reply: Reply, chunked: bool = False) -> Iterator[str]:
    """A keep-alive HTTP server in a thread; yields its base URL."""
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                status, body = await reply(head + await reader.readexactly(size))
                if status == 0:
                    break
                if chunked:
                    writer.write(b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n" % status)
                    await writer.drain()
                    await asyncio.sleep(0.005)  # so that head and body arrive apart
                    writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
                else:
                    writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body)))
                    await writer.drain()
                    writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def accept(_: bytes) -> tuple[int, bytes]:
    return 201, ORDER


@pytest.mark.parametrize(
    ("percent", "value"), [(1, 1), (50, 50), (95, 95), (99, 99), (99.1, 100), (100, 100)]
)
def test_percentile_is_the_smallest_value_not_exceeded_by_so_many(percent: float, value: float) -> None:
    assert load.percentile([float(n) for n in range(1, 101)], percent) == value


def test_percentile_of_few_and_of_none() -> None:
    assert load.percentile([7.0], 1) == 7.0
    assert load.percentile([], 99) == 0.0


def test_schedule_keeps_the_rate_and_is_repeatable() -> None:
    offsets = load.schedule(1000.0, 20_000, seed=3)
    assert offsets[-1] == pytest.approx(20.0, rel=0.03)
    assert list(offsets) == sorted(offsets)
    assert offsets == load.schedule(1000.0, 20_000, seed=3)
    assert offsets != load.schedule(1000.0, 20_000, seed=4)


def test_closed_loop_counts_every_answer() -> None:
    with answering(accept) as url:
        report, _ = load.measure(load.Job(base_url=url, ask=ask(500), connections=8, seconds=20))
    assert (report.sent, report.answered, report.accepted) == (500, 500, 500)
    assert report.statuses == {"201": 500}
    assert (report.codes, report.codes_duplicated) == (1000, 998)
    assert report.unfinished == report.broken == 0
    assert 0 < report.p50_ms <= report.p95_ms <= report.p99_ms <= report.max_ms


def test_closed_loop_has_one_request_per_connection_under_way() -> None:
    under_way = 0
    most = 0

    async def slow(_: bytes) -> tuple[int, bytes]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return 201, ORDER

    with answering(slow) as url:
        report, _ = load.measure(load.Job(base_url=url, ask=ask(10_000), connections=5, seconds=0.5))
    assert most == 5
    assert report.p50_ms >= 20
    assert report.answered <= 5 * 0.5 / 0.02 + 5
    assert report.answered == report.sent


def test_chunked_answers_are_understood() -> None:
    with answering(accept, chunked=True) as url:
        report, _ = load.measure(load.Job(base_url=url, ask=ask(50), connections=4, seconds=20))
    assert report.statuses == {"201": 50}


def test_refusals_are_counted_by_code() -> None:
    seen = 0

    async def picky(_: bytes) -> tuple[int, bytes]:
        nonlocal seen
        seen += 1
        return (201, ORDER) if seen % 4 else (402, b'{"code":"credit_insufficient","outcome":"failed"}')

    with answering(picky) as url:
        report, _ = load.measure(load.Job(base_url=url, ask=ask(100), connections=2, seconds=20))
    assert report.accepted == 75
    assert report.refusals == {"credit_insufficient": 25}
    assert report.statuses == {"201": 75, "402": 25}


def test_a_batch_counts_its_orders_one_by_one() -> None:
    results = b'{"results":[' + ORDER + b',{"code":"stock_insufficient"},{"order":' + ORDER + b"}]}"

    async def batch(request: bytes) -> tuple[int, bytes]:
        assert request.count(b"client_order_no") == 3
        return 200, results

    with answering(batch) as url:
        job = load.Job(base_url=url, ask=ask(10, orders_per_request=3), connections=2, seconds=20)
        report, _ = load.measure(job)
    assert report.accepted == 20
    assert report.refusals == {"stock_insufficient": 10}
    assert report.codes == 40


def test_a_lost_connection_is_counted_and_replaced() -> None:
    seen = 0

    async def moody(_: bytes) -> tuple[int, bytes]:
        nonlocal seen
        seen += 1
        return (201, ORDER) if seen % 10 else (0, b"")

    with answering(moody) as url:
        report, _ = load.measure(load.Job(base_url=url, ask=ask(100), connections=3, seconds=20))
    assert (report.broken, report.answered) == (10, 90)


def test_open_loop_sends_by_the_schedule(pace: Pace) -> None:
    with answering(accept) as url:
        job = load.Job(base_url=url, ask=ask(400), connections=50, seconds=1, rate_per_s=400.0)
        report, _ = load.measure(job)
    assert report.answered == 400
    assert 320 / pace.slowness < report.orders_per_s < 480


def test_open_loop_charges_a_stall_to_every_request_that_fell_due_in_it(pace: Pace) -> None:
    """A server that stops once for 0.5 s would look fine to a closed loop: one slow answer per connection."""

    def stalling() -> Reply:
        stall: asyncio.Event | None = None

        async def reply(_: bytes) -> tuple[int, bytes]:
            nonlocal stall
            if stall is None:
                stall = asyncio.Event()
                asyncio.get_running_loop().call_later(0.5, stall.set)
            await stall.wait()
            return 201, ORDER

        return reply

    with answering(stalling()) as url:
        job = load.Job(base_url=url, ask=ask(500), connections=4, seconds=1, rate_per_s=500.0)
        open_loop, _ = load.measure(job)
    with answering(stalling()) as url:
        closed, _ = load.measure(load.Job(base_url=url, ask=ask(500), connections=4, seconds=20))
    assert closed.p95_ms < pace.patience(200)
    assert open_loop.answered == 500
    assert open_loop.p95_ms > 350
    assert 400 < open_loop.max_ms < pace.patience(1500)


def test_requests_carry_a_right_signature_and_fresh_nonces() -> None:
    requests = asks.prepare(ask(200, max_unit_price="9.8750"))
    nonces = set()
    for request in requests:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in rest)
        assert first == "POST /v1/orders HTTP/1.1"
        assert int(headers["Content-Length"]) == len(body)
        secret = headers["Commissary-Key"].replace("key", "secret").encode()
        assert headers["Commissary-Signature"] == asks.sign(
            secret,
            "POST",
            "/v1/orders",
            "",
            headers["Commissary-Timestamp"],
            headers["Commissary-Nonce"],
            body,
        )
        nonces.add(headers["Commissary-Nonce"])
    assert len(nonces) == 200


def test_signature_of_a_known_message() -> None:
    # printf 'POST\n/v1/orders\n\n1700000000\nabc\n%s' "$(printf '{}' | sha256sum | cut -c1-64)" | openssl dgst -sha256 -hmac s3cret
    expected = "b8181a7d1391b309ff854c1d60db7782e906086e772696eeed45e594cbc6b6b2"
    assert asks.sign(b"s3cret", "POST", "/v1/orders", "", "1700000000", "abc", b"{}") == expected


def test_zipf_orders_have_two_lines_in_one_of_five_and_about_1_95_codes() -> None:
    orders = [msgspec.json.decode(request.partition(b"\r\n\r\n")[2]) for request in asks.prepare(ask(5000))]
    lines = [order.get("lines") or [order] for order in orders]
    assert sum(len(each) == 2 for each in lines) / 5000 == pytest.approx(0.19, abs=0.02)
    assert sum(line["quantity"] for each in lines for line in each) / 5000 == pytest.approx(1.95, abs=0.06)
    assert len({order["client_order_no"] for order in orders}) == 5000
    assert all(len({line["sku_id"] for line in each}) == len(each) for each in lines)
    picked = Counter(line["sku_id"] for each in lines for line in each)
    assert picked["0"] > 5 * picked["9"] * 0.7


def test_hot_orders_have_one_buyer_one_sku_and_the_same_codes() -> None:
    requests = asks.prepare(ask(5000, profile="hot"))
    orders = [msgspec.json.decode(request.partition(b"\r\n\r\n")[2]) for request in requests]
    assert {order["sku_id"] for order in orders} == {"0"}
    assert all(b"Commissary-Key: key-0\r\n" in request for request in requests)
    assert sum(order["quantity"] for order in orders) / 5000 == pytest.approx(1.95, abs=0.06)
