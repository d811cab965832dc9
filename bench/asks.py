"""What is asked: order bodies of a profile, signed and ready to be written to a socket.

Everything here runs before the clock starts. A signed request is good for 300 s, so sign right before the run.
"""

import hashlib
import hmac
import itertools
import os
import random
import time
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

Profile = Literal["zipf", "hot"]

# 0.8 one-line and 0.2 two-line orders with these quantities carry 1.95 codes per order on average. An order of the
# hot profile has one line only (it has one SKU) and carries the same 1.95.
QUANTITIES = (1, 2, 3, 4)
ZIPF_WEIGHTS = (0.60, 0.25, 0.075, 0.075)
HOT_WEIGHTS = (0.45, 0.30, 0.10, 0.15)
TWO_LINE_SHARE = 0.2
ZIPF_EXPONENT = 1.0


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests to prepare. `orders_per_request` > 1 asks the batch endpoint; a batch has one buyer.

    `max_unit_price` (an amount such as "9.8750") is signed into every line when given.
    """

    profile: Profile
    keys: list[tuple[str, str]]
    sku_ids: list[str]
    requests: int
    orders_per_request: int = 1
    host: str = "127.0.0.1"
    seed: int = 1
    max_unit_price: str | None = None
    currency: str = "CNY"


def prepare(ask: Ask) -> list[bytes]:
    """Complete HTTP/1.1 requests in the order in which to send them."""
    path = "/v1/orders" if ask.orders_per_request == 1 else "/v1/orders/batch"
    rng = random.Random(ask.seed)
    keys = ask.keys if ask.profile == "zipf" else ask.keys[:1]
    buyers = rng.choices(keys, zipf(len(keys)), k=ask.requests)
    orders = order_bodies(ask, rng)
    if ask.orders_per_request == 1:
        bodies = (next(orders).encode() for _ in range(ask.requests))
    else:
        bodies = (
            b'{"orders":[' + ",".join(itertools.islice(orders, ask.orders_per_request)).encode() + b"]}"
            for _ in range(ask.requests)
        )
    timestamp = str(int(time.time()))
    return [
        signed(ask.host, path, body, key_id, secret.encode(), timestamp)
        for body, (key_id, secret) in zip(bodies, buyers, strict=True)
    ]


def order_bodies(ask: Ask, rng: random.Random) -> Iterator[str]:
    """JSON of one order after another, without end; client numbers are unique across runs."""
    run = os.urandom(5).hex()
    skus = ask.sku_ids if ask.profile == "zipf" else ask.sku_ids[:1]
    cumulative = list(itertools.accumulate(zipf(len(skus))))
    weights = ZIPF_WEIGHTS if ask.profile == "zipf" else HOT_WEIGHTS
    two_line_share = TWO_LINE_SHARE if len(skus) > 1 else 0.0
    price = (
        f',"max_unit_price":{{"amount":"{ask.max_unit_price}","currency":"{ask.currency}"}}'
        if ask.max_unit_price
        else ""
    )
    for block in itertools.count():
        picked = iter(rng.choices(skus, cum_weights=cumulative, k=4096))
        quantities = iter(rng.choices(QUANTITIES, weights, k=4096))
        for n in range(2048):
            sku, quantity = next(picked), next(quantities)
            number = f"{run}-{block}-{n}"
            first = f'"sku_id":"{sku}","quantity":{quantity}{price}'
            other = next(picked)
            if other != sku and rng.random() < two_line_share:
                second = f'"sku_id":"{other}","quantity":{next(quantities)}{price}'
                yield f'{{"client_order_no":"{number}","lines":[{{{first}}},{{{second}}}]}}'
            else:
                yield f'{{"client_order_no":"{number}",{first}}}'


def signed(host: str, path: str, body: bytes, key_id: str, secret: bytes, timestamp: str) -> bytes:
    nonce = os.urandom(16).hex()
    signature = sign(secret, "POST", path, "", timestamp, nonce, body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nCommissary-Key: {key_id}\r\nCommissary-Timestamp: {timestamp}\r\n"
        f"Commissary-Nonce: {nonce}\r\nCommissary-Signature: {signature}\r\n\r\n"
    ).encode() + body


def sign(secret: bytes, method: str, path: str, query: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature of the partner API: hex HMAC-SHA-256 over six lines."""
    text = f"{method}\n{path}\n{query}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.digest(secret, text.encode(), "sha256").hex()


def zipf(n: int) -> list[float]:
    """Weights of n ranks, exponent 1: with 1000 ranks the first gets 13 % of the draws."""
    return [1 / rank**ZIPF_EXPONENT for rank in range(1, n + 1)]


def codes_needed(sku_count: int, orders: int, profile: Profile = "zipf") -> list[int]:
    """Codes to stock per SKU, by rank, so that `orders` orders do not run dry (a fifth and 200 to spare)."""
    codes = 1.95 * orders
    if profile == "hot":
        return [int(codes * 1.2) + 200] + [0] * (sku_count - 1)
    weights: Sequence[float] = zipf(sku_count)
    total = sum(weights)
    return [int(codes * weight / total * 1.2) + 200 for weight in weights]
