"""The guarded client against hostile URLs, name servers and servers. Everything stays on loopback."""

import asyncio
import gzip
import socket
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp.connector import AddrInfoType
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from commissary.base import outgoing
from commissary.base.outgoing import (
    Blocked,
    Failure,
    Limits,
    Outgoing,
    OutgoingRefusal,
    Unreachable,
    check_url,
)

PUBLIC = "93.184.216.34"
OTHER_PUBLIC = "93.184.216.35"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A TCP server on loopback that counts connections and keeps the heads of requests."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.connections = 0
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                length = [x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")]
                self.bodies.append(await reader.readexactly(int(length[0][15:])) if length else b"")
                await self.handler(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    made = Server(handler)
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()


def says(raw: bytes, then_close: bool = False) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        if then_close:
            raise asyncio.IncompleteReadError(b"", 1)

    return handler


def ok(body: bytes = b"ok", extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), extra, body)


class Dial:
    """Sockets that lead public addresses to a local server, and note every address that was dialled."""

    def __init__(self, routes: dict[str, int] | None = None) -> None:
        self.routes = routes or {}
        self.dialled: list[str] = []

    def __call__(self, info: AddrInfoType) -> socket.socket:
        dial = self

        class Wire(socket.socket):
            def connect(self, address: Any) -> None:
                dial.dialled.append(address[0])
                if address[0] in dial.routes:
                    super().connect(("127.0.0.1", dial.routes[address[0]]))
                elif ip_address(address[0]).is_loopback:
                    super().connect(address)
                else:
                    raise ConnectionRefusedError(111, "no route in this test")

        return Wire(info[0], info[1], info[2])


def names(table: Mapping[str, Sequence[str]]) -> outgoing.Resolve:
    async def resolve(host: str) -> Sequence[str]:
        if host not in table:
            raise socket.gaierror(-2, "unknown name")
        return table[host]

    return resolve


def loopback(at: Server, **limits: Any) -> Outgoing:
    return Outgoing(production=False, allow={("127.0.0.1", at.port)}, limits=Limits(**limits))


def url(at: Server, path: str = "/hook") -> str:
    return f"http://127.0.0.1:{at.port}{path}"


# --- URLs ------------------------------------------------------------------------------------------------------------

R = OutgoingRefusal
CORPUS: list[tuple[str, OutgoingRefusal]] = [
    # Not https
    ("http://shop.example.com/", R.url_not_https),
    ("http://127.0.0.1:{port}/", R.url_not_https),
    ("ftp://shop.example.com/", R.url_not_https),
    ("file:///etc/passwd", R.url_not_https),
    ("gopher://127.0.0.1:{port}/_GET", R.url_not_https),
    ("javascript:alert(1)", R.url_malformed),
    ("//127.0.0.1:{port}/", R.url_malformed),
    ("127.0.0.1:{port}", R.url_malformed),
    ("", R.url_malformed),
    ("https:/127.0.0.1:{port}/", R.url_malformed),
    ("https:127.0.0.1:{port}", R.url_malformed),
    # Plain internal addresses
    ("https://127.0.0.1:{port}/", R.address_not_public),
    ("https://127.8.9.1:{port}/", R.address_not_public),
    ("https://0.0.0.0:{port}/", R.address_not_public),
    ("https://10.0.0.5:{port}/", R.address_not_public),
    ("https://172.16.0.1:{port}/", R.address_not_public),
    ("https://172.31.255.254:{port}/", R.address_not_public),
    ("https://192.168.1.1:{port}/", R.address_not_public),
    ("https://169.254.169.254/latest/meta-data/", R.address_not_public),
    ("https://169.254.170.2/v2/credentials", R.address_not_public),
    ("https://100.100.100.200/latest/meta-data/", R.address_not_public),
    ("https://100.64.0.1/", R.address_not_public),
    ("https://168.63.129.16/machine", R.address_not_public),
    ("https://192.0.0.192/opc/v2/", R.address_not_public),
    ("https://198.18.0.1/", R.address_not_public),
    ("https://198.19.255.254/", R.address_not_public),
    ("https://240.0.0.1/", R.address_not_public),
    ("https://255.255.255.255/", R.address_not_public),
    ("https://224.0.0.1/", R.address_not_public),
    ("https://192.0.2.7/", R.address_not_public),
    ("https://192.88.99.1/", R.address_not_public),
    # IPv6 and IPv4 inside IPv6
    ("https://[::1]:{port}/", R.address_not_public),
    ("https://[::]:{port}/", R.address_not_public),
    ("https://[::ffff:127.0.0.1]:{port}/", R.address_not_public),
    ("https://[::ffff:7f00:1]:{port}/", R.address_not_public),
    ("https://[::127.0.0.1]:{port}/", R.address_not_public),
    ("https://[::ffff:0:127.0.0.1]:{port}/", R.address_not_public),
    ("https://[64:ff9b::7f00:1]/", R.address_not_public),
    ("https://[64:ff9b:1::a00:1]/", R.address_not_public),
    ("https://[2002:7f00:1::]/", R.address_not_public),
    ("https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/", R.address_not_public),
    ("https://[fe80::1]/", R.address_not_public),
    ("https://[fe80::1%25lo]/", R.host_malformed),
    ("https://[fec0::1]/", R.address_not_public),
    ("https://[fd00:ec2::254]/latest/", R.address_not_public),
    ("https://[fd20:ce::254]/", R.address_not_public),
    ("https://[ff02::1]/", R.address_not_public),
    ("https://[2001:db8::1]/", R.address_not_public),
    ("https://[100::1]/", R.address_not_public),
    ("https://[2606:4700::5efe:a00:1]/", R.address_not_public),
    ("https://[::1/", R.host_malformed),
    ("https://[127.0.0.1]:{port}/", R.host_malformed),
    # Numbers in disguise
    ("https://2130706433:{port}/", R.host_malformed),
    ("https://0x7f000001:{port}/", R.host_malformed),
    ("https://0x7f.0x0.0x0.0x1:{port}/", R.host_malformed),
    ("https://017700000001:{port}/", R.host_malformed),
    ("https://0177.0.0.1:{port}/", R.host_malformed),
    ("https://127.0.0.01:{port}/", R.host_malformed),
    ("https://127.1:{port}/", R.host_malformed),
    ("https://127.0.1:{port}/", R.host_malformed),
    ("https://0:{port}/", R.host_malformed),
    ("https://127.0.0.1.:{port}/", R.host_malformed),
    ("https://256.256.256.256/", R.host_malformed),
    ("https://shop.0x7f/", R.host_malformed),
    ("https://１２７.0.0.1:{port}/", R.url_malformed),
    ("https://①②⑦.⓪.⓪.①:{port}/", R.url_malformed),
    ("https://127。0。0。1:{port}/", R.url_malformed),
    # Names
    ("https://localhost:{port}/", R.host_internal),
    ("https://LOCALHOST:{port}/", R.host_internal),
    ("https://localhost.:{port}/", R.host_malformed),
    ("https://a.localhost:{port}/", R.host_internal),
    ("https://redis:{port}/", R.host_internal),
    ("https://metadata.google.internal/", R.host_internal),
    ("https://printer.local/", R.host_internal),
    ("https://db.default.svc.cluster.local/", R.host_internal),
    ("https://1.0.0.127.in-addr.arpa/", R.host_internal),
    ("https://shop.example.com./", R.host_malformed),
    ("https://shop..example.com/", R.host_malformed),
    ("https://-shop.example.com/", R.host_malformed),
    ("https://shop_1.example.com/", R.host_malformed),
    ("https://localhoſt.example.com/", R.url_malformed),
    ("https:///path", R.host_malformed),
    # Parsers that disagree
    ("https://shop.example.com@127.0.0.1:{port}/", R.url_has_credentials),
    ("https://user:secret@shop.example.com/", R.url_has_credentials),
    ("https://127.0.0.1:{port}#@shop.example.com/", R.url_has_credentials),
    ("https://127.0.0.1:{port}#shop.example.com", R.url_has_fragment),
    ("https://shop.example.com/#x", R.url_has_fragment),
    ("https://shop.example.com\\@127.0.0.1:{port}/", R.url_malformed),
    ("https:\\\\127.0.0.1:{port}/", R.url_malformed),
    ("https://127.0.0.1:{port}\\.shop.example.com/", R.url_malformed),
    ("https://shop.example.com\t.127.0.0.1/", R.url_malformed),
    ("https://shop.example.com/\r\nHost: 127.0.0.1", R.url_malformed),
    (" https://127.0.0.1:{port}/", R.url_malformed),
    ("https://shop.example.com/%zz", R.url_malformed),
    ("https://127.0.0.1%2eshop.example.com/", R.host_malformed),
    ("https://shop.example.com:443:{port}/", R.host_malformed),
    ("https://shop.example.com:/", R.host_malformed),
    ("https://shop.example.com/" + "a" * 2048, R.url_too_long),
    # Ports
    ("https://shop.example.com:22/", R.port_not_allowed),
    ("https://shop.example.com:6379/", R.port_not_allowed),
    ("https://shop.example.com:0/", R.port_not_allowed),
    ("https://shop.example.com:99999/", R.port_not_allowed),
    # Honest-looking names with internal addresses
    ("https://loopback.example.com:{port}/", R.address_not_public),
    ("https://metadata.example.com/", R.address_not_public),
    ("https://mixed.example.com:{port}/", R.address_not_public),
    ("https://six.example.com:{port}/", R.address_not_public),
    ("https://mapped.example.com:{port}/", R.address_not_public),
    ("https://zone.example.com:{port}/", R.address_not_public),
    ("https://127.0.0.1.nip.example.com:{port}/", R.address_not_public),
]
NAMES: dict[str, Sequence[str]] = {
    "loopback.example.com": ["127.0.0.1"],
    "metadata.example.com": ["169.254.169.254"],
    "mixed.example.com": [PUBLIC, "127.0.0.1"],
    "six.example.com": [PUBLIC, "::1"],
    "mapped.example.com": ["::ffff:127.0.0.1"],
    "zone.example.com": ["fe80::1%lo"],
    "127.0.0.1.nip.example.com": ["127.0.0.1"],
    "shop.example.com": [PUBLIC],
}


async def test_no_url_of_the_corpus_reaches_an_internal_listener() -> None:
    dial = Dial()
    async with server(says(ok())) as internal:
        ports = {443, 8443, internal.port}
        async with Outgoing(production=True, ports=ports, resolve=names(NAMES), open_socket=dial) as out:
            for text, reason in CORPUS:
                written = text.replace("{port}", str(internal.port))
                with pytest.raises(Blocked) as blocked:
                    await out.post(written, {}, b"{}")
                assert blocked.value.reason is reason, written
                by_dns_alone = (
                    any(f"//{name}" in written for name in NAMES) and reason is R.address_not_public
                )
                assert check_url(written, ports=ports) is (None if by_dns_alone else reason), written
        assert (internal.connections, dial.dialled) == (0, [])
        async with loopback(internal) as allowed:  # the listener would have counted
            assert (await allowed.post(url(internal), {}, b"{}")).status == 200
        assert internal.connections == 1
    assert len(CORPUS) >= 60


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example.com",
        "https://shop.example.com:8443/hook?x=1&y=%E5%88%B8",
        "https://SHOP.Example.com/a/../b//c?",
        "https://xn--fiqs8s.xn--fiqs8s/",
        "https://8.8.8.8/hook",
        "https://[2606:4700::1111]/hook",
        "https://100.63.255.255/",
        "https://100.128.0.0/",
        "https://172.32.0.1/",
        "https://1a.example.com?q=1",
    ],
)
def test_public_addresses_pass(text: str) -> None:
    assert check_url(text) is None


@given(st.integers(0, 2**32 - 1))
def test_what_wraps_an_ipv4_address_is_never_public(number: int) -> None:
    for prefix, shift in [
        ("::ffff:0:0", 0),
        ("::", 0),
        ("64:ff9b::", 0),
        ("2002::", 80),
        ("2001::", 64),
        ("2606::5efe:0:0", 0),
        ("2606::200:5efe:0:0", 0),
    ]:
        assert not outgoing.is_public(str(IPv6Address(int(IPv6Address(prefix)) | number << shift)))


@given(st.ip_addresses())
def test_never_more_open_than_the_standard_library(address: Any) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not outgoing.is_public(str(address))


@given(st.text(max_size=60))
def test_any_text_is_judged_not_crashed_on(text: str) -> None:
    check_url(text)
    check_url("https://" + text)
    check_url("https://shop.example.com" + text)


async def test_headers_cannot_reroute_or_split_a_request() -> None:
    async with server(says(ok())) as target, loopback(target) as out:
        for bad in [
            {"Host": "10.0.0.1"},
            {"X": "a\r\nHost: b"},
            {"X\r\nY": "a"},
            {"Transfer-Encoding": "chunked"},
            {"content-length": "1"},
            {"Proxy-Authorization": "x"},
            {"X": "券"},
        ]:
            with pytest.raises(Blocked) as blocked:
                await out.post(url(target), bad, b"{}")
            assert blocked.value.reason is R.header_not_allowed
        assert target.connections == 0


# --- the development allowance ---------------------------------------------------------------------------------------


def test_allowance_is_refused_in_production_and_beyond_loopback() -> None:
    with pytest.raises(ValueError, match="production"):
        Outgoing(production=True, allow={("127.0.0.1", 9000)})
    for host in ("10.0.0.1", "shop.example.com", "0.0.0.0", PUBLIC):  # noqa: S104
        with pytest.raises(ValueError, match="loopback"):
            Outgoing(production=False, allow={(host, 9000)})
    careless = ssl.create_default_context()
    careless.check_hostname = False
    with pytest.raises(ValueError, match="verify"):
        Outgoing(production=False, tls=careless)


async def test_only_the_named_pair_is_allowed() -> None:
    async with server(says(ok())) as named, server(says(ok())) as neighbour:
        async with loopback(named) as out:
            assert (await out.request("GET", url(named))).body == b"ok"
            for text in (
                url(neighbour),
                f"http://localhost:{named.port}/",
                f"http://127.0.0.2:{named.port}/",
                f"http://127.0.0.1:{named.port}@127.0.0.1:{neighbour.port}/",
            ):
                with pytest.raises(Blocked):
                    await out.request("GET", text)
        assert neighbour.connections == 0


# --- DNS -------------------------------------------------------------------------------------------------------------


class Rebinding:
    """A name server that answers with a public address first and with internal ones from then on."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize("second", ["127.0.0.1", "169.254.169.254"])
async def test_rebinding_name_server_never_leads_inside(second: str, tls: "Tls") -> None:
    async with (
        server(says(ok(b"internal")), tls.server) as internal,
        server(says(ok(b"public"), then_close=True), tls.server) as public,
    ):
        dns = Rebinding([PUBLIC], [second])
        dial = Dial({PUBLIC: public.port})
        async with Outgoing(
            production=True,
            ports={internal.port},
            resolve=dns,
            open_socket=dial,
            tls=tls.client,
            limits=Limits(remember_seconds=0),
        ) as out:
            text = f"https://shop.example.com:{internal.port}/hook"
            assert (await out.post(text, {}, b"{}")).body == b"public"
            assert dns.asked == 1  # one look-up per request: nothing to rebind
            for _ in range(5):
                with pytest.raises(Blocked) as blocked:
                    await out.post(text, {}, b"{}")
                assert blocked.value.reason is R.address_not_public
        assert internal.connections == 0
        assert dial.dialled == [PUBLIC]


async def test_remembered_address_is_the_judged_one(tls: "Tls") -> None:
    async with server(says(ok(), then_close=True), tls.server) as public:
        dns = Rebinding([PUBLIC], ["127.0.0.1"])
        dial = Dial({PUBLIC: public.port})
        async with Outgoing(production=True, resolve=dns, open_socket=dial, tls=tls.client) as out:
            for _ in range(3):
                assert (await out.post("https://shop.example.com/", {}, b"")).status == 200
        assert (dns.asked, dial.dialled) == (1, [PUBLIC] * 3)


async def test_parallel_requests_share_one_question(tls: "Tls") -> None:
    asked = 0

    async def slow(host: str) -> Sequence[str]:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        return [PUBLIC]

    async with server(says(ok()), tls.server) as public:
        async with Outgoing(
            production=True, resolve=slow, open_socket=Dial({PUBLIC: public.port}), tls=tls.client
        ) as out:
            replies = await asyncio.gather(
                *(out.post("https://shop.example.com/", {}, b"") for _ in range(20))
            )
        assert ([r.status for r in replies], asked) == ([200] * 20, 1)


async def test_one_caller_giving_up_does_not_take_the_answer_from_others(tls: "Tls") -> None:
    async def slow(host: str) -> Sequence[str]:
        await asyncio.sleep(0.1)
        return [PUBLIC]

    async with (
        server(says(ok()), tls.server) as public,
        Outgoing(
            production=True, resolve=slow, open_socket=Dial({PUBLIC: public.port}), tls=tls.client
        ) as out,
    ):
        first = asyncio.create_task(out.post("https://shop.example.com/", {}, b""))
        second = asyncio.create_task(out.post("https://shop.example.com/", {}, b""))
        await asyncio.sleep(0.02)
        first.cancel()
        assert (await second).status == 200


async def test_a_name_server_that_hangs_or_knows_nothing_is_bounded() -> None:
    async def never(host: str) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    async with Outgoing(production=True, resolve=never, limits=Limits(total_seconds=0.2)) as out:
        assert await fails(out, "https://shop.example.com/") == (Failure.timeout, False)
    async with Outgoing(production=True, resolve=names({})) as out:
        assert await fails(out, "https://shop.example.com/") == (Failure.dns, False)


async def test_the_next_judged_address_is_tried_when_the_first_refuses(tls: "Tls") -> None:
    async with server(says(ok()), tls.server) as public:
        dial = Dial({OTHER_PUBLIC: public.port})
        async with Outgoing(
            production=True,
            resolve=names({"shop.example.com": ["2606:4700::1", PUBLIC, OTHER_PUBLIC]}),
            open_socket=dial,
            tls=tls.client,
        ) as out:
            assert (await out.post("https://shop.example.com/", {}, b"")).status == 200
            assert dial.dialled[-2:] == [PUBLIC, OTHER_PUBLIC]
            dial.routes.clear()
            with pytest.raises(Unreachable):
                async with Outgoing(
                    production=True, resolve=names(NAMES), open_socket=dial, tls=tls.client
                ) as fresh:
                    await fresh.post("https://shop.example.com/", {}, b"")


# --- names and TLS ---------------------------------------------------------------------------------------------------


class Tls:
    """A private authority, and a server certificate for the names the tests use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        authority = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None))
        self.client = ssl.create_default_context(
            cadata=authority.public_bytes(serialization.Encoding.PEM).decode()
        )
        self.server = self.context("shop.example.com", "other.example.com", "localhost")
        self.seen: list[str | None] = []
        self.server.sni_callback = lambda _socket, name, _context: self.seen.append(name)

    def context(self, *hosts: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])]),
            key,
            x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]),
        )
        path = self.folder / f"{hosts[0]}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(path)
        return made

    def _sign(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=False)
            .sign(self._key, hashes.SHA256())
        )


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls(tmp_path_factory.mktemp("tls"))


async def test_host_header_and_tls_name_are_those_of_the_url(tls: Tls) -> None:
    async with server(says(ok()), tls.server) as public:
        tls.seen.clear()
        async with Outgoing(
            production=True, resolve=names(NAMES), open_socket=Dial({PUBLIC: public.port}), tls=tls.client
        ) as out:
            await out.post("https://Shop.example.com:8443/a/../b//%7e?q=%2F&&z", {}, b'{"a":1}')
        assert tls.seen == ["shop.example.com"]
        lines = public.heads[0].split(b"\r\n")
        assert lines[0] == b"POST /a/../b//%7e?q=%2F&&z HTTP/1.1"  # as signed, byte for byte
        assert b"Host: shop.example.com:8443" in lines
        assert public.bodies == [b'{"a":1}']


async def test_two_names_on_one_address_never_share_a_connection(tls: Tls) -> None:
    table = {"shop.example.com": [PUBLIC], "other.example.com": [PUBLIC]}
    async with server(says(ok()), tls.server) as public:
        tls.seen.clear()
        async with Outgoing(
            production=True, resolve=names(table), open_socket=Dial({PUBLIC: public.port}), tls=tls.client
        ) as out:
            for _ in range(3):
                for host in table:
                    await out.post(f"https://{host}/", {}, b"")
        assert public.connections == 2  # kept alive per name, shared by none
        assert sorted(map(str, tls.seen)) == ["other.example.com", "shop.example.com"]


async def test_wrong_certificate_and_plain_server_are_tls_failures(tls: Tls) -> None:
    for context in (tls.context("elsewhere.example.com"), None):
        async with server(says(ok()), context) as public:
            async with Outgoing(
                production=True,
                resolve=names(NAMES),
                open_socket=Dial({PUBLIC: public.port}),
                tls=tls.client,
                limits=Limits(total_seconds=2, connect_seconds=1),
            ) as out:
                kind, sent = await fails(out, "https://shop.example.com/")
                assert not sent
                if context:
                    assert kind is Failure.tls
            assert public.heads == []


# --- servers that misbehave ------------------------------------------------------------------------------------------


async def fails(out: Outgoing, text: str, within_s: float = 3.0) -> tuple[Failure, bool]:
    started = time.perf_counter()
    with pytest.raises(Unreachable) as failure:
        await out.post(text, {}, b"{}")
    assert time.perf_counter() - started < within_s
    return failure.value.kind, failure.value.sent


async def test_redirects_are_answers_and_are_not_followed() -> None:
    async with server(says(ok(b"secret"))) as inside:
        for status in (301, 302, 303, 307, 308):
            location = f"http://127.0.0.1:{inside.port}/".encode()
            moved = b"HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, location)
            async with server(says(moved)) as target, loopback(target) as out:
                reply = await out.post(url(target), {}, b"{}")
                assert (reply.status, reply.headers["location"]) == (status, location.decode())
        assert inside.connections == 0


async def test_a_server_that_says_nothing_is_bounded() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with server(silent) as target, loopback(target, total_seconds=0.3) as out:
        assert await fails(out, url(target), 1.0) == (Failure.timeout, True)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b""]
)
async def test_a_server_that_drips_is_bounded(head: bytes) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b"X" if head.endswith(b"\r\n\r\n") else b"HTTP/1.1 100 Continue\r\n\r\n"[:1])
            await writer.drain()
            await asyncio.sleep(0.02)

    async with server(drip) as target, loopback(target, total_seconds=0.4) as out:
        kind, sent = await fails(out, url(target), 1.0)
        assert sent
        assert kind in (Failure.timeout, Failure.broken)
        if head.endswith(b"\r\n\r\n"):
            assert kind is Failure.timeout


async def test_endless_interim_answers_are_bounded() -> None:
    async def interim(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.001)

    async with server(interim) as target, loopback(target, total_seconds=0.4) as out:
        kind, sent = await fails(out, url(target), 1.5)
        assert sent
        assert kind in (Failure.timeout, Failure.broken)


async def test_a_huge_body_is_cut_or_refused() -> None:
    written = 0

    async def huge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            written += 65536

    async with server(huge) as target:
        async with loopback(target) as out:
            assert await fails(out, url(target)) == (Failure.too_long, True)
        async with loopback(target, cut_long_answers=True) as out:
            reply = await out.post(url(target), {}, b"{}")
            assert (reply.status, reply.cut, reply.body) == (200, True, b"x" * 65536)
    assert written < 32 * 1024 * 1024  # what sits in socket buffers, not what it would like to send


@pytest.mark.parametrize(("size", "cut"), [(1000, False), (1001, True)])
async def test_the_limit_is_exact(size: int, cut: bool) -> None:
    limits = {"answer_bytes": 1000, "cut_long_answers": True}
    async with server(says(ok(b"y" * size))) as target, loopback(target, **limits) as out:
        reply = await out.post(url(target), {}, b"")
        assert (len(reply.body), reply.cut) == (1000, cut)


async def test_compressed_answers_are_unpacked_within_the_limit() -> None:
    encoded = b"Content-Encoding: gzip\r\n"
    async with server(says(ok(gzip.compress(b"hello " * 100), encoded))) as target, loopback(target) as out:
        assert (await out.post(url(target), {}, b"")).body == b"hello " * 100
    bomb = gzip.compress(b"\0" * 60_000_000, 9)
    assert len(bomb) < 64 * 1024
    async with server(says(ok(bomb, encoded))) as target, loopback(target) as out:
        tracemalloc.start()
        try:
            assert await fails(out, url(target)) == (Failure.too_long, True)
            assert tracemalloc.get_traced_memory()[1] < 4_000_000
        finally:
            tracemalloc.stop()
    for spoilt in (b"not gzip at all", gzip.compress(b"hello" * 100)[:-9]):
        async with server(says(ok(spoilt, encoded))) as target, loopback(target) as out:
            assert await fails(out, url(target)) == (Failure.broken, True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_garbage_is_a_named_failure(raw: bytes) -> None:
    async with server(says(raw, then_close=True)) as target, loopback(target, total_seconds=1) as out:
        if b" 101 " in raw:
            assert (await out.post(url(target), {}, b"{}")).status == 101
            return
        kind, sent = await fails(out, url(target))
        assert sent
        assert kind in (Failure.broken, Failure.timeout)


async def test_unprintable_header_bytes_become_text_a_database_takes() -> None:
    async with (
        server(says(ok(b"", b"X-A: \xff\xfe\r\nX-B: 1\r\nx-b: 2\r\n"))) as target,
        loopback(target) as out,
    ):
        headers = (await out.post(url(target), {}, b"")).headers
        headers["x-a"].encode()
        assert headers["x-b"] == "1, 2"


async def test_refused_connection_is_known_not_to_have_been_sent() -> None:
    async with server(says(ok())) as target:
        pass
    async with loopback(target) as out:
        assert await fails(out, url(target)) == (Failure.connect, False)


async def test_a_kept_connection_that_died_is_not_tried_again_by_itself() -> None:
    """Some suppliers sell by GET: only the caller may decide to repeat one."""
    seen = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise asyncio.IncompleteReadError(b"", 1)
        writer.write(ok())
        await writer.drain()

    async with server(once) as target, loopback(target) as out:
        assert (await out.request("GET", url(target))).status == 200
        with pytest.raises(Unreachable) as failure:
            await out.request("GET", url(target))
        assert (failure.value.kind, failure.value.sent, seen) == (Failure.broken, True, 2)


async def test_nothing_is_taken_from_the_environment_and_no_cookie_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with server(says(ok())) as proxy, server(says(ok(b"", b"Set-Cookie: a=b\r\n"))) as target:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with loopback(target) as out:
            for _ in range(2):
                await out.post(url(target), {}, b"{}")
        assert (proxy.connections, target.connections) == (0, 1)  # and the connection was kept
        assert b"cookie" not in target.heads[1].lower()
