"""One box in the console: whatever is pasted or typed finds what it may mean, nothing that one may not read, and nothing of another
mall.

    make test T=tests/journeys/test_search.py
"""

from typing import Any
from urllib.parse import quote

from make.journey import Mall, Person, cards, sign_in
from make.tenancy import PASSWORD
from make.trade import PHONE


async def test_what_is_typed_is_found_by_whoever_may_read_it(mall: Mall) -> None:
    owner = mall.owner
    code = await mall.sku(name_en="Evergreen", name_zh="常青礼品卡")
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(20))
    await mall.price(code, "9")
    await mall.price(topup, "5")
    lin, wu = await mall.buyer("1000", name="Lin Trading"), await mall.buyer("1000", name="Wu Retail")
    contact = {"name": "陈默", "phone": "13912340042"}
    await owner.post(f"/organisations/{lin.organisation}/contacts", contact)
    supplier = await owner.post("/suppliers", {"name": "东海卡券"})
    answer = await mall.ask(lin, (code, 2), no="PO-77")
    mine, request = answer.json, answer.headers["Commissary-Request-Id"]
    lines = [{"sku_id": topup, "quantity": 1, "fields": {"account": "13800138765"}}]
    told = {"client_order_no": "PO-78", "lines": lines}
    phone = (await mall.server.call(lin, "POST", "/v1/orders", told)).json
    theirs = await mall.order(wu, code, no="PO-77")
    [case] = (await owner.get("/cases", number=mine["id"]))["items"]
    [(fingerprint,)] = await mall.rows(
        "select encode(fingerprint, 'hex') from stock.fingerprint where mall_id = %s order by seq limit 1",
        [mall.world.mall],
    )

    async def finds(text: str, *wanted: tuple[str, str], by: Person = owner) -> None:
        found = await hits(by, text)
        assert {(h["kind"], h["id"]) for h in found} == set(wanted), (text, found)

    ours, other = ("order", mine["id"]), ("order", theirs["id"])
    for number in (
        mine["id"], mine["order_no"], request, mine["decision_id"], case["transfers"][0]["id"],
    ):  # fmt: skip
        await finds(number, ours)
    await finds("PO-77", ours, other)
    begun = {h["id"] for h in await hits(owner, mine["order_no"][:-12])}
    assert begun == {mine["id"], theirs["id"], phone["id"]}, "made within the same minutes"
    await finds("8765", ("order", phone["id"]))
    await finds("13800138765", ("order", phone["id"]))
    await finds("常青", ("sku", code))
    await finds("evergreen", ("sku", code))
    await finds("lin tr", ("buyer", str(lin.organisation)))
    await finds("东海", ("supplier", supplier["id"]))
    await finds("0042", ("buyer", str(lin.organisation)))
    [hit] = await hits(owner, fingerprint)
    assert (hit["kind"], hit["seq"], hit["status"]) == ("code", 1, "delivered")
    for nothing in ("没有这个", "0000", "f" * 64, "%", "_", "' or 1=1 --", "\\"):
        await finds(nothing)
    assert (await owner.refused("GET", "/search"))[0] == 422
    assert (await owner.refused("GET", "/search?q="))[0] == 422
    assert (await owner.call("GET", f"/search?q={'x' * 81}")).status == 422

    # A buyer's people find their own orders only.
    person = {"organisation_id": str(lin.organisation), "email": "lin@example.com", "name": "Lin"}
    await owner.post("/people", person | {"password": PASSWORD, "role": "distributor"})
    clerk = await sign_in(mall.server, mall.world.slug, "lin@example.com")
    await finds("PO-77", ours, by=clerk)
    for text in (
        theirs["id"],
        "8765",
        "lin tr",
        "evergreen",
        fingerprint,
        request,
        case["transfers"][0]["id"],
    ):
        await finds(text, by=clerk)

    elsewhere = await mall.installation.mall("Elsewhere")
    for text in (mine["id"], "PO-77", request, "8765", "13800138765", "lin tr", "常青", "0042", fingerprint):
        await finds(text, by=elsewhere.owner)


async def hits(person: Person, text: str) -> list[dict[str, Any]]:
    return list((await person.get(f"/search?q={quote(text, safe='')}"))["items"])
