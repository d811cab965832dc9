"""The short way of `POST /v1/orders` speaks HTTP as uvicorn's own way does: the same bytes for the same bytes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from commissary import web
from commissary.base.http import answer
from commissary.web import short

BODY = b'{"client_order_no":"1"}'


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Says what it was asked; `x-fault: raise` breaks before it answers."""
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    headers = dict(scope["headers"])
    if headers.get(b"x-fault") == b"raise":
        raise RuntimeError("planted")
    if headers.get(b"x-fault") == b"slow":
        await asyncio.sleep(0.2)
    if headers.get(b"x-fault") == b"until it stops":
        await scope["state"]["stopping"].wait()
    told = b"%s %s ? %s # %s %d" % (
        scope["method"].encode(),
        scope["raw_path"],
        scope["query_string"],
        body[:100],
        len(body),
    )
    given = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(told))]
    await send({"type": "http.response.start", "status": 200, "headers": given})
    await send({"type": "http.response.body", "body": told})


class AtOnce:
    """What it says through ASGI, it also says at once; `x-way` chooses."""

    def at_once(self, scope: Any, body: bytes, reply: Any) -> bool:
        way = dict(scope["headers"]).get(b"x-way")
        if way == b"later":
            reply.later(answer(reply.send, 200, b'{"you":"%b"}' % body.hex().encode(), "r-1"))
        elif way == b"fault":
            reply.later(self.fault())
        elif way == b"soon":
            asyncio.get_running_loop().call_later(
                0.05, reply.ok, b'{"you":"%b"}' % body.hex().encode(), "r-1"
            )
        elif way == b"broken":
            raise RuntimeError("planted")
        elif way == b"no":
            return False
        else:
            reply.ok(b'{"you":"%b"}' % body.hex().encode(), "r-1")
        return True

    async def fault(self) -> None:
        raise RuntimeError("planted")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await answer(send, 200, b'{"you":"%b"}' % body.hex().encode(), "r-1")


class Server(uvicorn.Server):
    """Says when it listens and, to the application too, when it stops."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening, self.stopping = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        self.lifespan.state["stopping"] = self.stopping
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: Any = None) -> None:
        asyncio.get_running_loop().call_soon(self.stopping.set)  # when every connection has been told
        await super().shutdown(sockets)


@asynccontextmanager
async def served(
    http: Any, app: Any = app, keep_alive_s: int = 5
) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    config = uvicorn.Config(
        app,
        interface="asgi3",
        port=0,
        http=http,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=keep_alive_s,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve())
    await server.listening.wait()
    try:
        yield server, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


def request(
    *headers: bytes, path: bytes = b"/v1/orders", method: bytes = b"POST", body: bytes = BODY
) -> bytes:
    given = [b"host: here", *headers]
    if not any(h.lower().startswith((b"transfer-encoding", b"content-length")) for h in headers):
        given.append(b"Content-Length: %d" % len(body))
    return method + b" " + path + b" HTTP/1.1\r\n" + b"\r\n".join(given) + b"\r\n\r\n" + body


async def exchange(port: int, *pieces: bytes, quiet_s: float = 0.5) -> bytes:
    """Everything that comes back until the server closes or is quiet; dates aside."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.01)
    got = b""
    try:
        while part := await asyncio.wait_for(reader.read(65536), quiet_s):
            got += part
    except TimeoutError:
        got += b"<still open>"
    except ConnectionResetError:
        got += b"<reset>"
    writer.close()
    return re.sub(rb"date: [^\r]*", b"date: ...", got)


CONVERSATIONS: dict[str, tuple[bytes, ...]] = {
    "one order": (request(),),
    "byte by byte": tuple(bytes([b]) for b in request(body=b"{}")),
    "head, then body": (request()[: -len(BODY)], BODY),
    "three on one connection": (request(), request(), request()),
    "pipelined": (request() + request(b"x-n: 2") + request(),),
    "pipelined, of both kinds": (
        request(b"x-fault: slow")
        + request(path=b"/v1/orders?x=1")
        + request(b"x-fault: slow")
        + request(method=b"PUT", path=b"/elsewhere"),
    ),
    "close": (request(b"Connection: close"),),
    "chunked": (request(b"Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"),),
    "large": (request(body=b"x" * 200_000),),
    "empty": (request(body=b""),),
    "no length": (b"POST /v1/orders HTTP/1.1\r\nhost: here\r\n\r\n",),
    "expects to be asked": (request(b"Expect: 100-continue")[: -len(BODY)], BODY),
    "of HTTP/1.0": (request().replace(b"HTTP/1.1", b"HTTP/1.0", 1),),
    "query": (request(path=b"/v1/orders?page=1"),),
    "another method": (request(method=b"GET", body=b""),),
    "no HTTP": (b"hello there\r\n\r\n",),
    "two lengths": (request(b"Content-Length: 3", b"Content-Length: 23"),),
    "no number": (request(b"Content-Length: 2x"),),
}


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_the_same_bytes_as_uvicorns_own_way(name: str) -> None:
    answers = []
    for http in ("httptools", web.OrderProtocol):
        async with served(http) as (_, port):
            answers.append(await exchange(port, *CONVERSATIONS[name]))
    assert answers[0] == answers[1]
    assert answers[0]


OFFER = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAEAAEAAAAIAAAAB")


@pytest.mark.parametrize("path", [b"/v1/orders", b"/v1/quotes"])
async def test_an_offer_of_another_protocol_is_declined_and_the_body_is_read(path: bytes) -> None:
    """As Java's client makes it: head and body in one piece or in two, and again on the same connection."""
    offered = request(*OFFER, path=path)
    tricky = b"\r\nUpgrade: h2c\r\n\r\n"
    async with served(web.OrderProtocol) as (_, port):
        got = await exchange(port, offered[: -len(BODY)], BODY, offered, request(path=path, body=tricky))
    assert got.count(b"200 OK") == 3
    assert got.count(b"# %b 23" % BODY) == 2
    assert b"# %b %d" % (tricky, len(tricky)) in got


@pytest.mark.parametrize("way", [b"now", b"soon", b"later", b"no"])
@pytest.mark.parametrize("close", [False, True])
async def test_at_once_the_same_bytes(way: bytes, close: bool) -> None:
    more = (b"Connection: close",) if close else ()
    said = (request(b"x-way: " + way, *more), request(b"x-way: " + way, body=b'{"n":2}'))
    answers = []
    for http in ("httptools", web.OrderProtocol):
        async with served(http, AtOnce()) as (_, port):
            answers.append(await exchange(port, *said))
    assert answers[0] == answers[1]
    assert answers[0].count(b"200 OK") == (1 if close else 2)


@pytest.mark.parametrize("way", [b"broken", b"fault"])
async def test_at_once_a_fault_closes_the_connection_and_harms_no_other(way: bytes) -> None:
    async with served(web.OrderProtocol, AtOnce()) as (_, port):
        assert await exchange(port, request(b"x-way: " + way)) == b""
        assert b"200 OK" in await exchange(port, request())


async def test_who_left_gets_nothing_at_once() -> None:
    async with served(web.OrderProtocol, AtOnce()) as (server, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(b"x-way: soon"))
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.close()
        await asyncio.sleep(0.1)
        assert not server.server_state.connections
        assert b"200 OK" in await exchange(port, request())


@pytest.mark.parametrize("http", ["httptools", web.OrderProtocol])
async def test_an_idle_connection_is_closed_and_a_busy_one_is_not(http: Any) -> None:
    async with served(http, keep_alive_s=1) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(5):
            writer.write(request())
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.4)
        began = asyncio.get_running_loop().time()
        await asyncio.wait_for(reader.read(), 10)
        assert 0.3 < asyncio.get_running_loop().time() - began < 5
        writer.close()


async def test_a_broken_application_closes_the_connection_and_harms_no_other() -> None:
    async with served(web.OrderProtocol) as (_, port):
        assert await exchange(port, request(b"x-fault: raise")) == b""
        assert b"200 OK" in await exchange(port, request())


async def test_who_leaves_early_leaves_nothing_behind() -> None:
    async with served(web.OrderProtocol) as (server, port):
        for cut in (10, -len(BODY), -3):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request()[:cut])
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.close()
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(b"x-fault: slow"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        await asyncio.sleep(0.4)
        assert not server.server_state.tasks
        assert not server.server_state.connections
        assert b"200 OK" in await exchange(port, request())


async def test_a_stopping_server_answers_what_it_took() -> None:
    async with served(web.OrderProtocol) as (server, port):
        waiting = exchange(port, request(b"x-fault: until it stops"), quiet_s=30)
        under_way = asyncio.create_task(waiting)
        while not server.server_state.tasks:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)
        server.should_exit = True
        answer = await under_way
    assert b"200 OK" in answer
    assert b"connection: close" in answer
    assert b"<still open>" not in answer


async def test_many_that_come_together_are_begun_a_few_in_a_turn() -> None:
    """So that who waits for the database is heard between them."""
    asked = 40

    class Counting(AtOnce):
        begun = 0

        def at_once(self, scope: Any, body: bytes, reply: Any) -> bool:
            self.begun += 1
            return super().at_once(scope, body, reply)

    app = Counting()
    async with served(web.OrderProtocol, app) as (_, port):
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(asked)]
        await asyncio.sleep(0.1)
        for _, writer in lines:
            writer.write(request())
        in_a_turn, before = 0, 0
        while app.begun < asked:
            await asyncio.sleep(0)
            in_a_turn, before = max(in_a_turn, app.begun - before), app.begun
        answers = [await reader.readuntil(b"}") for reader, _ in lines]
        for _, writer in lines:
            writer.close()
    assert in_a_turn == short.IN_ONE_TURN
    assert all(b"200 OK" in answer for answer in answers)
