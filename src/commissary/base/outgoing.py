"""Outgoing HTTP to addresses that other people choose: webhook receivers, suppliers, payment providers.

A URL given by a tenant is an instruction to our network, so every request passes one gate:

    text ── strict grammar ──> host, port, path ── resolve once ──> every address public? ── pin ──> connect there
             │ Blocked               (no DNS here)                       │ Blocked                │ Unreachable

The name is resolved once, all of its addresses are judged, and the connection goes to the judged address itself; Host
header and TLS name stay those of the URL. There is no second look-up that a rebinding name server could answer
differently. No redirects, no proxies or credentials from the environment, no cookies, no retries of its own.

`Blocked` means that nothing was sent and the address is at fault. `Unreachable.sent` is False only when not one byte of
the request can have left; a caller who buys something must treat True as unknown.

Give tenants' webhooks, each supplier protocol and catalogue pulls their own `Outgoing`: connections, DNS threads and
limits are per instance, so one crowd cannot starve another.

Source: IANA special-purpose address registries (IPv4, IPv6); RFC 6890, 6598, 6052, 4380, 3056, 5214.
"""

import asyncio
import re
import socket
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from types import SimpleNamespace, TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import msgspec
import yarl
from aiohttp.connector import AddrInfoType

from commissary import __version__
from commissary.base.errors import Refusal, Refused

HostPort = tuple[str, int]
Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""A host name to the text of its addresses, best first; raises OSError when there are none."""

STANDARD_PORTS = frozenset({443, 8443})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
ADDRESSES_TRIED = 3
HOSTS_REMEMBERED = 4096


class OutgoingRefusal(Refusal):
    """Why an address may not be called, in order of precedence."""

    url_malformed = (422, "The address is not a plain URL in ASCII", "地址不是合法的 URL（仅限 ASCII）")
    url_too_long = (422, "The address is longer than 2,048 characters", "地址超过 2048 个字符")
    url_has_credentials = (
        422,
        "The address must not carry a user name or password",
        "地址不得包含用户名或密码",
    )
    url_has_fragment = (422, "The address must not have a part after #", "地址不得包含 # 片段")
    url_not_https = (422, "The address must begin with https://", "地址必须以 https:// 开头")
    host_malformed = (
        422,
        "The host must be a full domain name or a public IP address written in the usual way",
        "主机必须是完整域名，或以通常写法书写的公网 IP",
    )
    host_internal = (422, "The host name belongs to an internal network", "主机名属于内部网络")
    port_not_allowed = (422, "This port is not allowed", "不允许使用该端口")
    address_not_public = (
        422,
        "The host leads to an address that is not on the public internet",
        "该主机指向非公网地址",
    )
    header_not_allowed = (422, "This header is not allowed here", "不允许设置该请求头")


class Failure(Enum):
    """How an allowed call failed: (English, 中文)."""

    dns = ("The host name has no address", "域名无法解析")
    connect = ("The connection was refused or lost", "无法建立连接")
    tls = ("The certificate or encryption is not acceptable", "证书或加密协商失败")
    timeout = ("No complete answer in time", "未在时限内收到完整应答")
    broken = ("The answer broke off or is not HTTP", "应答中断或不是 HTTP")
    too_long = ("The answer is longer than allowed", "应答超过长度上限")

    def __init__(self, en: str, zh: str) -> None:
        self.en = en
        self.zh = zh

    @property
    def code(self) -> str:
        return self.name


class Blocked(Refused):
    """The address is not to be called; nothing was sent."""

    def __init__(self, reason: OutgoingRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(Exception):
    """No usable answer. `sent` is False only when no byte of the request can have left this machine."""

    def __init__(self, kind: Failure, *, sent: bool) -> None:
        super().__init__(f"{kind.code}, {'maybe sent' if sent else 'not sent'}")
        self.kind = kind
        self.sent = sent


class Reply(msgspec.Struct, frozen=True):
    """Header names are in lower case, repeated ones joined by a comma. `cut`: the body was longer than the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    cut: bool = False


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The defaults suit addresses chosen by tenants; a supplier's catalogue needs a larger `answer_bytes`."""

    total_seconds: float = 10.0  # everything: DNS, connection, TLS, sending, waiting, reading
    connect_seconds: float = 4.0  # one address, so that there is time for the next one
    answer_bytes: int = 64 * 1024  # as received and as unpacked
    cut_long_answers: bool = False  # True: hand over what fits (a webhook's status is what matters)
    connections: int = 100
    connections_per_host: int = 10
    remember_seconds: float = 30.0  # how long a judged address is used without asking DNS again


class Outgoing:
    """One guarded client with its own connections. Use `async with`, or call `close()`.

    `allow` names loopback host and port pairs for simulators and tests; they may use plain http and any port. It is
    refused in production. `resolve` and `open_socket` let a deployment use its own DNS or bind its egress interface.
    """

    def __init__(
        self,
        *,
        production: bool,
        allow: Collection[HostPort] = (),
        ports: Collection[int] = STANDARD_PORTS,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        open_socket: Callable[[AddrInfoType], socket.socket] | None = None,
    ) -> None:
        if production and allow:
            raise ValueError("loopback addresses are a development setting; production mode refuses them")
        for host, _ in allow:
            if host != "localhost" and not _is_loopback(host):
                raise ValueError(f"only loopback addresses can be allowed, not {host!r}")
        if tls is not None and (tls.verify_mode != ssl.CERT_REQUIRED or not tls.check_hostname):
            raise ValueError("the TLS context must verify certificates and host names")
        self._allow = frozenset(allow)
        self._ports = frozenset(ports)
        self._limits = limits or Limits()
        self._tls = tls or ssl.create_default_context()
        # Threads of our own: a name server that never answers must not hold the threads of the rest of the process.
        self._dns_threads = ThreadPoolExecutor(16, "outgoing-dns")
        self._resolve = resolve or self._ask_system
        self._open_socket = open_socket
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._asking: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        self._http: aiohttp.ClientSession | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return await self.request("POST", url, headers=headers, body=body)

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """Any status is an answer, 3xx too. Raises `Blocked` or `Unreachable`, nothing else that a peer can cause."""
        if method not in METHODS:
            raise ValueError(f"unknown method {method!r}")
        target = _read(url, self._allow, self._ports)
        if isinstance(target, OutgoingRefusal):
            raise Blocked(target)
        sending = _headers(headers or {}, target)
        progress = SimpleNamespace(connected=False)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                addresses = await self._addresses(target)
                status, got, answer, cut = await self._exchange(
                    method, target, addresses, sending, body, progress
                )
        except TimeoutError:
            raise Unreachable(Failure.timeout, sent=progress.connected) from None
        return Reply(status, got, answer, round((time.perf_counter() - started) * 1000), cut)

    def check_url(self, url: str) -> OutgoingRefusal | None:
        """`check_url` with this client's own settings."""
        return check_url(url, allow=self._allow, ports=self._ports)

    def require(self, url: str) -> None:
        """Whoever enters an address is told at once what stands against it. Raises `Blocked`."""
        if fault := self.check_url(url):
            raise Blocked(fault)

    async def close(self) -> None:
        for task in list(self._asking.values()):
            task.cancel()
        if self._http is not None:
            await self._http.close()
            self._http = None
        self._dns_threads.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _addresses(self, target: "Target") -> tuple[str, ...]:
        """Judged addresses. Callers that want the same name at the same time share one question."""
        if target.address:
            return (target.address,)
        host = target.host
        until, known = self._known.get(host, (0.0, ()))
        if known and time.monotonic() < until:
            return known
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._ask(host))
            task.add_done_callback(lambda done: self._answered(host, done))
        return await asyncio.shield(task)

    async def _ask(self, host: str) -> tuple[str, ...]:
        try:
            found = tuple(dict.fromkeys(await self._resolve(host)))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise Unreachable(Failure.dns, sent=False)
        if any(not is_public(address) for address in found):
            raise Blocked(OutgoingRefusal.address_not_public)
        return found

    def _answered(self, host: str, task: "asyncio.Task[tuple[str, ...]]") -> None:
        self._asking.pop(host, None)
        self._known.pop(host, None)
        if task.cancelled() or task.exception() is not None:
            return
        while len(self._known) >= HOSTS_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[host] = (time.monotonic() + self._limits.remember_seconds, task.result())

    async def _ask_system(self, host: str) -> Sequence[str]:
        def ask() -> list[str]:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            return [str(entry[4][0]) for entry in found]

        return await asyncio.get_running_loop().run_in_executor(self._dns_threads, ask)

    async def _exchange(
        self,
        method: str,
        target: "Target",
        addresses: Sequence[str],
        headers: dict[str, str],
        body: bytes,
        progress: SimpleNamespace,
    ) -> tuple[int, dict[str, str], bytes, bool]:
        last = Failure.connect
        for address in addresses[:ADDRESSES_TRIED]:
            place = f"[{address}]" if ":" in address else address
            url = yarl.URL(f"{target.scheme}://{place}:{target.port}{target.path}", encoded=True)
            try:
                async with self._session().request(
                    method,
                    url,
                    headers=headers,
                    data=body or None,
                    allow_redirects=False,
                    # Part of the pool's key: two names on one address never share an encrypted connection.
                    server_hostname=target.host if target.scheme == "https" else None,
                    trace_request_ctx=progress,
                ) as response:
                    return await _take(response, self._limits)
            except (
                aiohttp.ClientConnectorSSLError,
                aiohttp.ClientConnectorCertificateError,
            ):
                raise Unreachable(Failure.tls, sent=False) from None
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                if progress.connected:
                    raise Unreachable(Failure.broken, sent=True) from None
                last = Failure.timeout if isinstance(error, TimeoutError) else Failure.connect
            except (aiohttp.ClientError, OSError, zlib.error) as error:
                if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
                    raise  # ETIMEDOUT; `request` names it
                raise Unreachable(Failure.broken, sent=progress.connected) from None
        raise Unreachable(last, sent=False)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_end.append(_connected)
            trace.on_connection_reuseconn.append(_connected)
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=_NoResolver(),
                    use_dns_cache=False,
                    ssl=self._tls,
                    limit=self._limits.connections,
                    limit_per_host=self._limits.connections_per_host,
                    socket_factory=self._open_socket,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect_seconds),
                trust_env=False,
                auto_decompress=False,  # unpacking is bounded in _take
                trace_configs=[trace],
            )
            # aiohttp repeats a GET whose kept connection was closed; some suppliers sell by GET.
            self._http._retry_connection = False
        return self._http


def is_loopback(url: str) -> bool:
    """An address of this machine; not a name, which may stand for any."""
    try:
        return ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False


def check_url(
    url: str, *, allow: Collection[HostPort] = (), ports: Collection[int] = STANDARD_PORTS
) -> OutgoingRefusal | None:
    """What can be said without DNS, for the moment a URL is saved. None: no objection so far."""
    target = _read(url, frozenset(allow), frozenset(ports))
    return target if isinstance(target, OutgoingRefusal) else None


class Target(msgspec.Struct, frozen=True):
    """What is left of a URL: exactly what will be sent, so that no second parser can read it differently."""

    scheme: str
    host: str  # lower case, without brackets
    port: int
    path: str  # with the query, as given
    address: str  # already an address: no DNS


# Stricter than RFC 3986 on purpose: only what every parser reads alike.
_URL = re.compile(
    r"""(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://
        (?P<authority>[^/?]*)
        (?P<path>(?:/[^?]*)?(?:\?.*)?)""",
    re.ASCII | re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~#]+", re.ASCII)
_ESCAPES = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*", re.ASCII)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}", re.ASCII)

INTERNAL_NAMES = frozenset(
    {
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "arpa",
        "onion",
    }
)


@lru_cache(4096)  # suppliers are called at few addresses, over and over
def _read(url: str, allow: frozenset[HostPort], ports: frozenset[int]) -> Target | OutgoingRefusal:
    if len(url) > 2048:
        return OutgoingRefusal.url_too_long
    if not _PLAIN.fullmatch(url):
        return OutgoingRefusal.url_malformed
    parts = _URL.fullmatch(url)
    if not parts:
        return OutgoingRefusal.url_malformed
    if "@" in parts["authority"]:
        return OutgoingRefusal.url_has_credentials
    if "#" in url:
        return OutgoingRefusal.url_has_fragment
    if "[" in parts["path"] or "]" in parts["path"] or not _ESCAPES.fullmatch(parts["path"]):
        return OutgoingRefusal.url_malformed
    scheme = parts["scheme"].lower()
    if scheme not in ("https", "http"):
        return OutgoingRefusal.url_not_https
    place = _AUTHORITY.fullmatch(parts["authority"])
    port = (
        0
        if not place
        else int(place["port"])
        if place["port"] is not None
        else 443
        if scheme == "https"
        else 80
    )
    host = place["host"].lower().strip("[]") if place else ""
    path = parts["path"] if parts["path"].startswith("/") else "/" + parts["path"]
    if (host, port) in allow:
        return Target(scheme, host, port, path, "127.0.0.1" if host == "localhost" else host)
    if scheme != "https":
        return OutgoingRefusal.url_not_https
    if not place:
        return OutgoingRefusal.host_malformed
    address = _literal(place["host"].lower())
    if address is None:
        return OutgoingRefusal.host_malformed
    if not address:
        labels = host.split(".")
        if labels[-1] in INTERNAL_NAMES or len(labels) < 2:
            return OutgoingRefusal.host_internal
        if (
            len(host) > 253
            or not all(_LABEL.fullmatch(label) for label in labels)
            or not _TOP_LABEL.fullmatch(labels[-1])
        ):
            return OutgoingRefusal.host_malformed
    if port not in ports:
        return OutgoingRefusal.port_not_allowed
    if address and not is_public(address):
        return OutgoingRefusal.address_not_public
    return Target(scheme, host, port, path, address)


def _literal(host: str) -> str | None:
    """The address itself, '' for a name, None for a number in disguise (octal, hex, short, padded)."""
    if host.startswith("["):
        try:
            return IPv6Address(host[1:-1]).compressed
        except AddressValueError:
            return None
    last = host.rsplit(".", 1)[-1]
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last, re.ASCII):
        return ""
    try:
        return host if str(IPv4Address(host)) == host else None
    except AddressValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# Everything in the registry that is not for a stranger's server, plus hosts' control addresses outside those ranges.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT; cloud metadata at 100.100.100.200
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent on a public-looking address
        "169.254.0.0/16",  # link-local; cloud metadata at 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; cloud metadata at 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only global unicast is open, which leaves out ::, ::1, IPv4-mapped and -compatible, NAT64, ULA, link- and site-local,
# multicast, discard. Within it, what embeds IPv4 or is set aside stays closed.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether a stranger's server may live there. Anything unreadable, or with a zone, is not public."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _CLOSED_V4)
    if parsed.scope_id is not None or parsed not in _OPEN_V6:
        return False
    isatap = int(parsed) >> 32 & 0xFDFF_FFFF == 0x5EFE  # an interface id that tunnels to an IPv4 address
    return not isatap and not any(parsed in network for network in _CLOSED_V6)


_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII)
OUR_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"}
    | {"te", "trailer", "transfer-encoding", "upgrade"}
)


def _headers(given: Mapping[str, str], target: Target) -> dict[str, str]:
    """The caller's headers plus ours. Framing, routing and proxy headers are ours alone."""
    for name, value in given.items():
        lower = name.lower()
        if (
            lower in OUR_HEADERS
            or lower.startswith("proxy-")
            or not _TOKEN.fullmatch(name)
            or not _VALUE.fullmatch(value)
        ):
            raise Blocked(OutgoingRefusal.header_not_allowed)
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port != (443 if target.scheme == "https" else 80):
        host = f"{host}:{target.port}"
    return {
        "User-Agent": f"Commissary/{__version__}",
        "Accept": "*/*",
        **given,
        "Accept-Encoding": "gzip",
        "Host": host,
    }


async def _take(response: aiohttp.ClientResponse, limits: Limits) -> tuple[int, dict[str, str], bytes, bool]:
    """Status, headers and at most `answer_bytes`, counted both as received and as unpacked."""
    headers: dict[str, str] = {}
    for name, raw in response.headers.items():
        lower = name.lower()
        # Bytes that are not UTF-8 arrive as lone surrogates, which no database takes.
        value = raw if raw.isascii() else raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        headers[lower] = f"{headers[lower]}, {value}" if lower in headers else value
    packed = headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
    pieces: list[bytes] = []
    received = size = 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        piece = unpack.decompress(chunk, limits.answer_bytes + 1 - size) if unpack else chunk
        size += len(piece)
        pieces.append(piece)
        if max(received, size) > limits.answer_bytes:
            response.close()  # the rest is not worth reading, so the connection is not worth keeping
            if not limits.cut_long_answers:
                raise Unreachable(Failure.too_long, sent=True)
            return response.status, headers, b"".join(pieces)[: limits.answer_bytes], True
    if unpack and received and not unpack.eof:
        raise Unreachable(Failure.broken, sent=True)
    return response.status, headers, b"".join(pieces), False


async def _connected(session: aiohttp.ClientSession, context: SimpleNamespace, params: Any) -> None:
    context.trace_request_ctx.connected = True


class _NoResolver(aiohttp.abc.AbstractResolver):
    """The connector only ever sees addresses. If a name reaches it, that is a bug, not a look-up."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> Any:
        raise AssertionError(f"an unpinned host reached the connector: {host!r}")

    async def close(self) -> None:
        return None
