"""A bad line between the SDK and a real mall: it passes every request on and fails on demand.

`mishaps` are taken one per request of the kind they are set for, so that a test can say "the first order's answer is
lost, the second is refused". What the line says by itself it says in the mall's own words (`base.http.problem_of`).
"""

import http.client
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

import msgspec

from commissary.base.errors import Refusal, Refused, RequestRefusal
from commissary.base.http import problem_of
from commissary.tenancy.types import AuthRefusal

MISHAPS = (
    "lose_before",  # the connection breaks and nothing was done
    "lose_after",  # the mall did it, its answer is lost
    "cut_after",  # the mall did it, half of its answer arrives
    "slow_after",  # the mall did it, the answer comes after the caller's patience
    "fault_before",  # 503 that says nothing was done
    "fault_after",  # 502 from something in between, after the mall did it
    "page_after",  # 200 with a proxy's page, after the mall did it
    "limit",  # 429 with Retry-After: 0
    "resend",  # the line sends the request twice; the caller gets the second answer: 401 nonce_used
)
SAID_BEFORE: dict[str, Refusal] = {
    "fault_before": RequestRefusal.draining,
    "limit": RequestRefusal.overloaded,
    "expired": AuthRefusal.key_expired,  # as if the bearer token had died
}


@dataclass(frozen=True)
class Passed:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return f"{self.method} {urlsplit(self.target).path}"


@dataclass
class BadLine:
    port: int  # of the mall
    slow_s: float = 1.4
    mishaps: dict[str, list[str]] = field(
        default_factory=dict
    )  # "POST /v1/orders" → what befalls the next ones
    passed: list[Passed] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Self:
        line = self

        class Bound(_Handler):
            pass

        Bound.line = line
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def kinds(self) -> list[str]:
        return [request.kind for request in self.passed]

    def bodies(self, kind: str) -> list[bytes]:
        return [request.body for request in self.passed if request.kind == kind]

    def headers(self, kind: str, name: str) -> list[str]:
        return [request.headers.get(name.lower(), "") for request in self.passed if request.kind == kind]

    def mishap(self, request: Passed) -> str:
        with self._lock:
            self.passed.append(request)
            waiting = self.mishaps.get(request.kind)
            return waiting.pop(0) if waiting else ""


class _Handler(BaseHTTPRequestHandler):
    line: BadLine
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a header and its body are two writes

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def log_message(self, *_: object) -> None:
        pass

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Passed(self.command, self.path, headers, body)
        mishap = self.line.mishap(request)
        if mishap == "lose_before":
            self._hang_up()
            return
        if mishap in SAID_BEFORE:
            refusal = SAID_BEFORE[mishap]
            problem = msgspec.json.encode(problem_of(Refused(refusal), "line-1"))
            self._answer(
                refusal.status, {"Content-Type": "application/problem+json", "Retry-After": "0"}, problem
            )
            return
        status, told, content = self._ask(request)
        if mishap == "resend":
            status, told, content = self._ask(request)
        match mishap:
            case "lose_after":
                self._hang_up()
            case "cut_after":
                self.send_response_only(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2])
                self._hang_up()
            case "slow_after":
                time.sleep(self.line.slow_s)
                self._hang_up()
            case "fault_after":
                self._answer(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>")
            case "page_after":
                self._answer(200, {"Content-Type": "text/html"}, b"<h1>Welcome to the hotel network</h1>")
            case _:
                self._answer(status, told, content)

    def _ask(self, request: Passed) -> tuple[int, dict[str, str], bytes]:
        """The mall's answer to these very bytes."""
        mall = http.client.HTTPConnection("127.0.0.1", self.line.port, timeout=30)
        try:
            mall.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                mall.putheader(name, value)
            mall.endheaders(request.body or None)
            answer = mall.getresponse()
            kept = {n: v for n, v in answer.getheaders() if n.lower() not in ("content-length", "connection")}
            return answer.status, kept, answer.read()
        finally:
            mall.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
