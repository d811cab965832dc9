"""The generator's own ceiling: a raw ASGI handler that answers every request at once with an accepted order."""

BODY = (
    b'{"id":"1","status":"delivered","lines":[{"sku_id":"1","quantity":2,"codes":["0000-0000-0000","0000-0000-0001"]}]}'
)
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope, receive, send):  # type: ignore[no-untyped-def]
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 201, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
