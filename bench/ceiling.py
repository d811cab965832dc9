"""The generator's own ceiling: a raw ASGI handler that accepts every order at once, with two fresh codes."""

import itertools
from typing import Any

numbers = itertools.count()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    size = 0
    while True:
        message = await receive()
        size += message.get("body", b"").count(b"client_order_no")
        if not message.get("more_body"):
            break
    if scope["path"].endswith("/batch"):
        body = b'{"results":[' + b",".join(accepted() for _ in range(size)) + b"]}"
    else:
        body = accepted()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def accepted() -> bytes:
    n = next(numbers)
    return (
        b'{"id":"%d","status":"delivered","lines":[{"sku_id":"1","quantity":2,"codes":["A%011d","B%011d"]}]}'
        % (n, n, n)
    )
