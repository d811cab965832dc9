"""SAA01 tenant isolation 商城隔离. The owner of mall A, signed in, tries every operation of the console with the ids of
mall B, in paths, filters and bodies, and a buyer of A does so with every operation of the partner API: no row of B is
shown, and not one byte of B's rows changes. (Raw SQL as the application's role: tests/attack/test_tenants.py.)

    make test T=tests/journeys/test_saa01_isolation.py
"""

import asyncio
import itertools
import json
import re

from make.journey import Installation, cards, console_operations
from make.neighbour import MARK, bodies, rows_of, settled, traded


async def test_nothing_of_another_mall_is_seen_or_touched(installation: Installation) -> None:
    ours, theirs = await installation.mall("Ours"), await installation.mall("Theirs")
    ids = await traded(theirs)
    ours_sku = await ours.sku()
    await ours.price(ours_sku, "1")
    await ours.upload(ours_sku, cards(5), cost="0.1")
    buyer = await ours.buyer("100", name="Ours")
    before = await settled(theirs)
    assert MARK in json.dumps(await theirs.owner.get("/audit"))

    tried = {"GET": 0, "write": 0}
    for method, path, handler in console_operations():
        if path.endswith("/sessions/current"):  # signing out is our own affair
            continue
        if path.endswith("/events"):  # it does not end: tests/journeys/test_live.py
            continue
        place = path.removeprefix("/console/v1")
        names = re.findall(r"\{(\w+):\w+\}", place)
        assert set(names) <= set(ids), f"{method} {path}: an id that this story does not know"
        filled = re.sub(r"\{(\w+):\w+\}", lambda m: ids[m[1]], place)
        if method == "GET":
            queries = [""] + [f"?{name}={ids[name]}" for name in handler.query if name in ids]
            queries += [
                f"?{name}={ids['buyer_id']}" for name in ("owner_id", "cursor", "search", "subject_id")
            ]
            queries += [
                f"?search={MARK}",
                "?kind=prices",
                f"?q={MARK}",
                f"?q={ids['order_id']}",
                f"?subject=sku:{ids['sku_id']}",
            ]
            queries += [f"?source=quote:{ids['quote_id']}"] if "source" in handler.query else []
            places = {filled, filled.replace(ids["day"], ids["closed_day"])}
            for at, query in itertools.product(places, queries):
                answer = await ours.owner.call("GET", at + query)
                assert answer.status < 500, (path, query, answer.body)
                assert MARK.lower() not in answer.body.decode().lower(), (path, query, answer.body)
                assert b"9.8765" not in answer.body, (path, query, answer.body)
                assert not answer.body.startswith(b"PK"), (path, query)  # packed evidence
                tried["GET"] += 1
            continue
        sent = bodies(ids)
        key = {"Idempotency-Key": "steal"}
        answers = await asyncio.gather(*(ours.owner.call(method, filled, b, headers=key) for b in sent))
        for body, answer in zip(sent, answers, strict=True):
            assert answer.status < 500, (method, path, body, answer.body)
            assert MARK.lower() not in answer.body.decode().lower().replace("https://example.com/", ""), path
            if names:
                assert answer.status >= 400, (method, path, body, answer.body)
            tried["write"] += 1
    assert await rows_of(theirs) == before

    for path in ("/v1/orders/{}", "/v1/orders/{}/snapshot", "/v1/orders/{}/log", "/v1/order-files/{}"):
        for name in ("order_id", "waiting_id", "sheet_id"):
            answer = await ours.server.call(buyer, "GET", path.format(ids[name]))
            assert answer.status == 404, (path, answer.body)
    for line in ({"sku_id": ids["sku_id"]}, {"sku_id": ours_sku, "quote_id": ids["quote_id"]}):
        answer = await ours.server.call(buyer, "POST", "/v1/orders", {"client_order_no": MARK} | line)
        assert answer.status == 404, answer.body
    for path in ("/v1/products", "/v1/orders", "/v1/statements", "/v1/webhook-endpoints"):
        for query in ("", f"?cursor={int(ids['sku_id']) - 1}", f"?client_order_no={MARK}"):
            assert MARK.encode() not in (await ours.server.call(buyer, "GET", path + query)).body
    assert await rows_of(theirs) == before
    assert tried["GET"] > 150
    assert tried["write"] > 150
