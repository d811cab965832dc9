"""A mall that keeps the contract and misbehaves on demand: the other side of the SDK's tests, on a real socket.

It imports nothing of the SDK and checks signatures with its own few lines. `mishaps` are taken one per request of
the kind they are set for, so that a test can say "the first order's answer is lost, the second is refused".
"""

import base64
import email.utils
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

KEY, SECRET = "key-1", "example-secret-0123456789abcdefghijkl"
CLIENT_ID, CLIENT_SECRET = "shop 1", "s:cret/1"
MISHAPS = (
    "lose_before",  # the connection breaks and nothing was done
    "lose_after",  # the order is accepted, its answer is lost
    "cut_after",  # the order is accepted, half of its answer arrives
    "slow_after",  # the order is accepted, the answer comes after the caller's patience
    "fault_before",  # 503 that says nothing was done
    "fault_after",  # 500 from something in between, after the order was accepted
    "page_after",  # 200 with a proxy's page, after the order was accepted
    "limit",  # 429 with Retry-After: 0
    "resend",  # a proxy sends the request twice; the caller gets the second answer: 401 nonce_used
)


class ContractMall:
    """`orders` is the truth: every order ever made, in order of acceptance."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.by_number: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self.nonces: set[str] = set()
        self.requests: list[tuple[str, str]] = []  # (method, path)
        self.order_bodies: list[bytes] = []
        self.batch_sizes: list[int] = []
        self.idempotency_keys: list[str] = []
        self.mishaps: dict[str, list[str]] = {}  # "POST /v1/orders" → what befalls the next ones
        self.refusals: dict[str, dict[str, Any]] = {}  # sku_id → problem
        self.refuse_once: dict[str, dict[str, Any]] = {}
        self.clock_ahead_s = 0.0
        self.tokens: set[str] = set()
        self.slow_s = 0.5
        self.stock_units = 10**9
        self.lock = threading.Lock()
        self.unread_polls = 0  # GETs of an order until it is delivered

    def __enter__(self) -> Self:
        mall = self

        class Bound(_Handler):
            pass

        Bound.mall = mall
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paths(self, method: str) -> list[str]:
        return [path for asked, path in self.requests if asked == method]


class _Refuse(Exception):
    def __init__(
        self,
        status: int,
        code: str,
        outcome: str = "failed",
        retryable: bool = False,
        fields: list[dict[str, str]] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.problem = {
            "type": f"https://example.test/errors/{code}",
            "title": code.replace("_", " "),
            "status": status,
            "code": code,
            "outcome": outcome,
            "retryable": retryable,
            "request_id": "req-1",
            **({"fields": fields} if fields else {}),
            **({"facts": facts} if facts else {}),
        }


class _Handler(BaseHTTPRequestHandler):
    mall: ContractMall
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a header and its body are two writes

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return email.utils.formatdate(time.time() + self.mall.clock_ahead_s, usegmt=True)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        kind = f"{self.command} {url.path}"
        with self.mall.lock:
            self.mall.requests.append((self.command, self.path))
            waiting = self.mall.mishaps.get(kind, [])
            mishap = waiting.pop(0) if waiting else ""
        match mishap:
            case "lose_before":
                self._hang_up()
                return
            case "fault_before":
                self._problem(_Refuse(503, "draining", retryable=True))
                return
            case "limit":
                self._problem(_Refuse(429, "overloaded", retryable=True), {"Retry-After": "0"})
                return
        try:
            with self.mall.lock:
                if url.path == "/oauth/token":
                    answer = self._token(body)
                else:
                    self._authenticate(url.path, url.query, body)
                    answer = self._route(url.path, url.query, body)
                if mishap == "resend":
                    self._authenticate(url.path, url.query, body)
        except _Refuse as refused:
            if mishap == "lose_after":
                self._hang_up()
            else:
                self._problem(refused)
            return
        content = json.dumps(answer, ensure_ascii=False).encode()
        match mishap:
            case "lose_after":
                self._hang_up()
            case "cut_after":
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2])
                self._hang_up()
            case "slow_after":
                time.sleep(self.mall.slow_s)
                self._hang_up()
            case "fault_after":
                self._answer(502, b"<h1>Bad Gateway</h1>", {"Content-Type": "text/html"})
            case "page_after":
                self._answer(200, b"<h1>Welcome to the hotel network</h1>", {"Content-Type": "text/html"})
            case _:
                self._answer(200, content)

    def _authenticate(self, path: str, query: str, body: bytes) -> None:
        headers = self.headers
        if (headers.get("Authorization") or "").startswith("Bearer "):
            if headers["Authorization"].removeprefix("Bearer ") not in self.mall.tokens:
                raise _Refuse(401, "token_invalid")
            return
        timestamp = int(headers.get("Commissary-Timestamp") or 0)
        nonce = headers.get("Commissary-Nonce") or ""
        text = f"{self.command}\n{path}\n{query}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
        wanted = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        if headers.get("Commissary-Key") != KEY or headers.get("Commissary-Signature") != wanted:
            raise _Refuse(401, "signature_invalid")
        if abs(time.time() + self.mall.clock_ahead_s - timestamp) > 300:
            raise _Refuse(401, "timestamp_out_of_window")
        if nonce in self.mall.nonces:
            raise _Refuse(401, "nonce_used", outcome="unknown")
        self.mall.nonces.add(nonce)

    def _token(self, body: bytes) -> dict[str, Any]:
        pair = base64.b64decode((self.headers.get("Authorization") or "").removeprefix("Basic ")).decode()
        form = parse_qs(body.decode())
        if pair != "shop+1:s%3Acret%2F1" or form.get("grant_type") != ["client_credentials"]:
            raise _Refuse(401, "invalid_client")
        token = f"token-{len(self.mall.requests)}"
        self.mall.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 600}

    def _route(self, path: str, query: str, body: bytes) -> Any:
        parts = path.strip("/").split("/")[1:]
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        match (self.command, *parts):
            case ("POST", "orders"):
                self.mall.order_bodies.append(body)
                return self._place(body)
            case ("POST", "orders", "batch"):
                wanted = json.loads(body)["orders"]
                self.mall.batch_sizes.append(len(wanted))
                return {"results": [self._place_one(one) for one in wanted]}
            case ("POST", "orders", order_id, "cancel"):
                self.mall.idempotency_keys.append(self.headers["Idempotency-Key"] or "")
                order = self._order(order_id)
                order["status"] = "cancelled"
                return order
            case ("GET", "orders"):
                found = self.mall.by_number.get(asked["client_order_no"])
                return {"items": [found[1]] if found else [], "total_estimate": 1}
            case ("GET", "orders", order_id):
                order = self._order(order_id)
                if order["status"] == "placed":
                    self.mall.unread_polls -= 1
                    if self.mall.unread_polls <= 0:
                        _deliver(order)
                return order
            case ("GET", "balance"):
                return {
                    "available": _money("88.8000"),
                    "held": _money("1.2000"),
                    "updated_at": "2026-01-01T00:00:00Z",
                }
            case ("GET", "products"):
                start = int(asked.get("cursor", "0"))
                rows = [
                    {
                        "sku_id": str(n),
                        "name": {"zh": f"券{n}", "en": f"Voucher {n}"},
                        "unit_price": _money("9.8750"),
                    }
                    for n in range(start, min(start + 200, 450))
                ]
                return {"items": rows, "next": str(start + 200) if start + 200 < 450 else None}
            case ("POST", "quotes"):
                lines = [{**line, "unit_price": _money("9.8750")} for line in json.loads(body)["lines"]]
                return {
                    "id": "q-1",
                    "lines": lines,
                    "total": _money("19.7500"),
                    "expires_at": "2026-01-01T00:05:00Z",
                }
        raise _Refuse(404, "not_found")

    def _place_one(self, one: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"order": self._place(json.dumps(one, sort_keys=True).encode())}
        except _Refuse as refused:
            return {"error": refused.problem}

    def _place(self, body: bytes) -> dict[str, Any]:
        wanted = json.loads(body)
        number = wanted["client_order_no"]
        digest = hashlib.sha256(body).digest()
        if number in self.mall.by_number:
            first, order = self.mall.by_number[number]
            if first != digest:
                raise _Refuse(409, "idempotency_conflict")
            return order
        for line in wanted["lines"]:
            sku_id = line["sku_id"]
            problem = self.mall.refuse_once.pop(sku_id, None) or self.mall.refusals.get(sku_id)
            if problem:
                raise _Refuse(**problem)
        units = sum(line["quantity"] for line in wanted["lines"])
        if units > self.mall.stock_units:
            raise _Refuse(409, "out_of_stock", available=self.mall.stock_units)
        self.mall.stock_units -= units
        order = {
            "id": str(7_000_000_000_000_000_000 + len(self.mall.orders)),
            "client_order_no": number,
            "status": "placed",
            "total": _money("9.8750"),
            "lines": [
                {
                    "line_no": line_no,
                    "sku_id": line["sku_id"],
                    "quantity": line["quantity"],
                    "unit_price": _money("9.8750"),
                    "status": "placed",
                    "codes": [],
                }
                for line_no, line in enumerate(wanted["lines"], 1)
            ],
            "decision_id": "d-1",
            "created_at": "2026-01-01T00:00:00.123456Z",
        }
        if not self.mall.unread_polls:
            _deliver(order)
        self.mall.orders.append(order)
        self.mall.by_number[number] = (digest, order)
        return order

    def _order(self, order_id: str) -> dict[str, Any]:
        for order in self.mall.orders:
            if order["id"] == order_id:
                return order
        raise _Refuse(404, "not_found")

    def _problem(self, refused: _Refuse, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(refused.problem).encode()
        self._answer(refused.status, content, {"Content-Type": "application/problem+json", **(headers or {})})

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True


def _deliver(order: dict[str, Any]) -> None:
    order["status"] = "delivered"
    for line in order["lines"]:
        line["status"] = "delivered"
        line["codes"] = [
            {
                "number": f"N{n}",
                "secret": f"{order['id']}-{line['line_no']}-{n}",
                "expires_at": "2027-01-01T00:00:00Z",
            }
            for n in range(line["quantity"])
        ]


def _money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}
