"""For the journey of the audit log: what a supplier's own people do in their console, and what the mall answers them."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from make.day import Day
from make.friends import friend
from make.journey import Mall, cards
from make.trade import until
from world import Buyer


async def own_supply_of(day: Day, mall: Mall, shopper: Buyer, book: str, price: dict[str, Any]) -> list[str]:
    """He declares, provides, brings codes, objects to a line. The codes that he gave."""
    him, sku, owner = await friend(mall), await mall.sku(), mall.owner
    doer: dict[str, Any] = {"by": him.person, "person": int((await him.person.get("/me"))["person"]["id"])}
    await owner.post("/prices", {"book_id": book, "prices": [price | {"sku_id": sku}]})
    offer = await him.offer(sku, 1)
    csv, octets = {"Content_Type": "text/csv"}, {"Content_Type": "application/octet-stream"}
    told = f"offer_id,stock\n{offer['id']},2\n".encode()
    await day.act("changed", "POST", "/own/offers/sheet", told, **csv, **doer)
    key = {"name": "own program", "scopes": ["supply:provide"]}
    await day.act("made", "POST", "/own/supply-keys", key, **doer)

    await asyncio.sleep(1)  # every process has read it within a second
    await mall.order(shopper, sku)
    [asked] = await him.wanted(1)
    of, [secret, *brought] = "/supply-requests/{purchase_id:str}", cards(3, "OWNDAY")
    await day.act("made", "POST", f"{of}/take", None, asked["id"], **doer)
    await day.act("changed", "POST", f"{of}/give-back", None, asked["id"], **doer)
    results = f"purchase_id,secret\n{asked['id']},{secret}\n".encode()
    await day.act("changed", "POST", "/own/supply-requests/results", results, **csv, **doer)

    async def bring(code: str) -> str:
        parts = {
            "options": (None, f'{{"sku_id": "{sku}"}}', "application/json"),
            "file": ("c.txt", code.encode()),
        }
        form = httpx.Request("POST", him.person.server.url, files=parts)
        form_type = {"Content_Type": form.headers["content-type"]}
        kept = await day.act("made", "POST", "/own/intakes", form.read(), **form_type, **doer)
        return str(kept["id"])

    one, two = [await bring(code) for code in brought]
    await day.act("changed", "POST", "/intakes/{intake_id:str}/release", {}, one)
    await day.act("changed", "POST", "/intakes/{intake_id:str}/refuse", {"reason": "无法兑换"}, two)

    date = mall.world.env.now(mall.world.mall).date() - timedelta(days=3)
    at = f"/connections/{him.connection['id']}/days/{date}"
    file = b"ref,amount\n1,13\n"
    answer = await owner.call("POST", f"{at}/statement", file, headers={"Content-Type": "text/csv"})
    assert answer.status == 200, answer.body

    async def differs() -> Any:
        return (await him.person.get(f"/own{at}/differences"))["items"]

    [found] = await until(differs, 30)
    against = "/own/connections/{connection_id:str}/days/{day:str}/objections"
    words = {"line": found["line"], "note": "应计入"}
    made = await day.act("made", "POST", against, words, him.connection["id"], date, **doer)
    path = "/own/objections/{objection_id:str}/file"
    await day.act("changed", "PUT", path, b"paper", made["id"], **octets, **doer)
    answered = {"outcome": "refused", "reply": "不予认可"}
    await day.act("changed", "POST", "/objections/{objection_id:str}/answer", answered, made["id"])
    return [secret, *brought]
