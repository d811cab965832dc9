"""The supplier's console 供应商后台. One of a supplier's people declares, fulfils what is asked of him, brings codes that are not
for sale before the mall says so, and objects to a line of his settlement; nothing of another supplier is there for him.

    make test T=tests/journeys/test_supplier_console.py
"""

import asyncio
import hashlib
import io
import json
import re
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from make.friends import Friend, colleague, friend
from make.journey import (
    CONSOLE,
    Installation,
    Mall,
    Person,
    cards,
    console_operations,
    shopper,
    sign_in,
    yuan,
)
from make.sellers import seller
from make.tenancy import PASSWORD
from make.trade import travel, twin, until
from world import Answer

OWN = "/own"
CSV = {"Content-Type": "text/csv"}
MARK = "ZQNEIGHBOUR"


async def sheet(person: Person, path: str, text: str, **query: object) -> Any:
    query_ = httpx.QueryParams({"file_name": "list.csv"} | query)
    answer = await person.call("POST", f"{OWN}{path}?{query_}", text.encode(), headers=CSV)
    assert answer.status == 200, answer.body
    return answer.json


async def bring(person: Person, sku: str, content: bytes, **options: object) -> Answer:
    """A file of codes, as a form."""
    told = json.dumps({"sku_id": sku, **options})
    parts = {"options": (None, told, "application/json"), "file": ("codes.txt", content)}
    form = httpx.Request("POST", person.server.url, files=parts)
    body = form.read()
    headers = {"content-type": form.headers["content-type"]}
    return await person.call("POST", f"{OWN}/intakes", body, headers=headers)


async def over(mall: Mall, buyer: Any, order: Any) -> Any:
    async def ended() -> Any:
        now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        return now if now["status"] != "processing" else None

    return await until(ended, 30)


async def test_no_formula_leaves_in_his_files(mall: Mall) -> None:
    """Nor one behind a blank; and a sheet that goes out comes back as it was."""
    sku, him = await mall.sku(), await friend(mall)
    await him.offer(sku, 3, good=" =1+1")
    text = (await him.person.get(f"{OWN}/offers/sheet")).decode("utf-8-sig")
    assert "' =1+1" in text
    assert ", =1+1" not in text
    again = await sheet(him.person, "/offers/sheet", text)
    assert [x["status"] for x in again["items"]] == ["same"]


async def test_he_declares_and_fulfils_what_is_asked_of_him(mall: Mall) -> None:
    sku, other = await mall.sku(), await mall.sku()
    await mall.price([sku, other], "9.8750")
    buyer, him = await mall.buyer("1000"), await friend(mall)
    tea, rice = await him.offer(sku, 3), await him.offer(other, 0, good="米卡")
    me = him.person
    assert (await me.get("/me"))["organisation"]["kind"] == "supplier"

    # His offers, in the grammar of all lists; one cost moves a little, the other so far that the mall is asked.
    found = await me.get(f"{OWN}/offers", q="米", sort="-unit_cost")
    assert [o["id"] for o in found["items"]] == [rice["id"]]
    assert (await me.get(f"{OWN}/offers/totals", status="on"))["total"] == 2
    told = "货号,库存,成本\n茶卡,5,8.2\n米卡,7,40\n"
    foreseen = await sheet(me, "/offers/sheet", told, dry_run=True)
    assert [(x["status"], x["stock_before"]) for x in foreseen["items"]] == [("changed", 3), ("held", 0)]
    assert (await me.get(f"{OWN}/offers", q="茶"))["items"][0]["stock"] == 3
    faulty = await sheet(me, "/offers/sheet", "货号,库存\n茶卡,5\n糖卡,1\n")
    assert (faulty["declared"], [x["fault"] for x in faulty["items"]]) == (False, ["", "offer_unknown"])
    done = await sheet(me, "/offers/sheet", told)
    assert (done["declared"], [x["status"] for x in done["items"]]) == (True, ["changed", "held"])
    again = await sheet(me, "/offers/sheet", (await me.get(f"{OWN}/offers/sheet")).decode("utf-8-sig"))
    assert {x["status"] for x in again["items"]} == {"same"}
    by_good = {o["good_id"]: o for o in (await me.get(f"{OWN}/offers"))["items"]}
    assert (by_good["茶卡"]["unit_cost"], by_good["茶卡"]["free"]) == (yuan("8.2000"), 5)
    assert (by_good["米卡"]["status"], by_good["米卡"]["held_cost"]) == ("held", yuan("40.0000"))
    await mall.owner.patch(f"/offers/{rice['id']}", {"accept_held": False})
    assert (await me.get(f"{OWN}/offers", status="held"))["items"] == []

    # Two orders: one he provides by a sheet, after giving it back once; the other he cannot.
    await asyncio.sleep(1)  # every process has read it within a second
    first, second = await mall.order(buyer, sku, 2), await mall.order(buyer, sku, 1)
    wanted = {w["quantity"]: w["id"] for w in await him.wanted(2)}
    home = await me.get(f"{OWN}/supply")
    assert (home["requests"], home["pieces"]) == (2, 3)
    assert home["oldest_at"] is not None
    friend_of_his = await colleague(him)
    await me.post(f"/supply-requests/{wanted[2]}/take")
    assert (await friend_of_his.refused("POST", f"/supply-requests/{wanted[2]}/take"))[
        1
    ] == "claimed_by_other"
    taken = await me.post(f"/supply-requests/{wanted[2]}/give-back")
    assert (taken["holder"], taken["held_until"]) == ("", None)
    await friend_of_his.post(f"/supply-requests/{wanted[2]}/take")
    await friend_of_his.post(f"/supply-requests/{wanted[2]}/give-back")
    one, two = cards(2, "SUP")
    results = f"我方单号,卡密\n{wanted[2]},{one}\n{wanted[2]},{two}\n{wanted[1]},{one}\n{wanted[1]},X\n1,Y\n"
    foreseen = await sheet(me, "/supply-requests/results", results, dry_run=True)
    assert [(x["status"], x["code"]) for x in foreseen["items"]] == [
        ("ready", ""),
        ("refused", "wrong_quantity"),
        ("refused", "attempt_not_found"),
    ]
    for _ in range(2):  # an answer that was lost
        came = await sheet(me, "/supply-requests/results", results)
        assert [x["status"] for x in came["items"]] == ["provided", "refused", "refused"]
    assert one not in json.dumps(came)
    got = await over(mall, buyer, first)
    assert {c["secret"] for c in got["lines"][0]["codes"]} == {one, two}
    await me.post(f"/supply-requests/{wanted[1]}/refuse", {"reason": "上家没货了"})
    assert (await over(mall, buyer, second))["status"] == "failed"
    assert (await mall.balance(buyer))["balance"] == yuan("980.2500")

    home = await me.get(f"{OWN}/supply")
    assert (home["requests"], home["due"][0]["due"]) == (0, yuan("16.4000"))
    assert (home["compared"]["success_bp"], home["compared"]["peers_bp"]) == (5_000, None)
    assert [(c["good_id"], c["sold"]) for c in home["cover"]] == [("茶卡", 2)]
    [line] = (await me.get(f"{OWN}/connections"))["items"]
    assert (line["by_people"], line["state"], line["purchases"]) == (True, "on", 2)
    [trouble] = (await me.get(f"{OWN}/connections/{line['id']}/troubles"))["items"]
    assert (trouble["status"], trouble["said"]) == ("failed", "上家没货了")
    assert await me.refused("POST", f"{OWN}/connections/{line['id']}/try") == (409, "by_people")
    made = await me.post(f"{OWN}/supply-keys", {"name": "p", "scopes": ["supply:provide"]})
    assert made["secret"]
    assert made["id"] in {k["id"] for k in (await me.get(f"{OWN}/keys"))["items"]}
    wrong = {"name": "p", "scopes": ["orders:write"]}
    assert (await me.refused("POST", f"{OWN}/supply-keys", wrong))[0] == 422
    assert tea["id"] in {o["id"] for o in by_good.values()}


async def test_a_program_is_tried_by_its_own_people(mall: Mall) -> None:
    async with seller(mall) as made:
        email = f"prog-{made.connection['id']}@example.com"
        him = await _person_of(mall, made.connection["supplier_id"], email)
        asked = f"{OWN}/connections/{made.connection['id']}/try"
        assert (await him.post(asked))["balance"]["currency"] == "CNY"
        [line] = (await him.get(f"{OWN}/connections"))["items"]
        assert line["balance"] is not None
        stranger = await friend(mall)
        assert await stranger.person.refused("POST", asked) == (404, "connection_not_found")


async def test_what_he_brings_is_for_sale_when_it_is_released(mall: Mall) -> None:
    sku, bare = await mall.sku(), await mall.sku()
    await mall.price([sku, bare], "9.8750")
    buyer, him = await mall.buyer("1000"), await friend(mall)
    await him.offer(sku, 0)
    me = him.person
    good = cards(3, "INT")
    file = "\n".join([*good, good[0]]).encode()
    tried = (await bring(me, sku, file, dry_run=True)).json
    assert (tried["id"], tried["imported"], tried["repeated_in_file"]) == (None, 3, 1)
    assert not any(code in json.dumps(tried) for code in good)
    assert (await me.get(f"{OWN}/intakes"))["items"] == []

    answer = await bring(me, sku, file)
    assert answer.status == 201, answer.body
    kept = answer.json
    assert kept["sha256"] == hashlib.sha256(file).hexdigest()
    assert (kept["imported"], kept["unit_cost"]) == (3, yuan("8.0000"))
    assert (await bring(me, sku, file)).json["already_brought"]
    refused = await bring(me, bare, file)
    assert (refused.status, refused.json["code"]) == (409, "not_supplied")
    [seen] = (await me.get(f"{OWN}/intakes"))["items"]
    assert (seen["id"], seen["status"], seen["sha256"]) == (kept["id"], "waiting", kept["sha256"])

    # In the vault, and for sale to nobody, whatever is tried.
    stock = await mall.owner.get(f"/skus/{sku}/stock")
    assert (stock["available"], stock["frozen"]) == (0, 3)
    out = await mall.ask(buyer, (sku, 1))
    assert (out.status, out.json["code"]) == (409, "out_of_stock")
    [batch] = seen["batches"]
    thaw = {"reason": "误操作"}
    assert await mall.owner.refused("POST", f"/batches/{batch}/unfreeze", thaw) == (409, "batch_of_intake")
    with pytest.raises(psycopg.errors.CheckViolation):
        await mall.rows("update stock.lot set state = 'open' where batch_id = %s returning id", (int(batch),))
    assert (await me.refused("POST", f"/intakes/{kept['id']}/release", {}))[0] == 403
    support = await mall.sign_in("support")
    assert (await support.refused("POST", f"/intakes/{kept['id']}/release", {}))[0] == 403

    done = await mall.owner.post(f"/intakes/{kept['id']}/release", {"reason": "已抽验"})
    assert done["status"] == "released"
    assert (await mall.owner.post(f"/intakes/{kept['id']}/release", {}))["status"] == "released"
    back = {"reason": "反悔"}
    assert await mall.owner.refused("POST", f"/intakes/{kept['id']}/refuse", back) == (409, "intake_decided")
    order = await mall.order(buyer, sku, 3)
    assert {c["secret"] for c in order["lines"][0]["codes"]} == set(good)
    assert (await me.get(f"{OWN}/intakes/{kept['id']}"))["sold"] == 3

    other = (await bring(me, sku, "\n".join(cards(2, "BAD")).encode())).json
    gone = await mall.owner.post(f"/intakes/{other['id']}/refuse", {"reason": "无法兑换"})
    assert gone["status"] == "refused"
    shown = await me.get(f"{OWN}/intakes", status="refused")
    assert [(i["id"], i["reason"]) for i in shown["items"]] == [(other["id"], "无法兑换")]
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["returned"] == 2

    # A file that the mall itself brought is not his to see.
    ours = "\n".join(cards(2, "OUR")).encode()
    await mall.upload(sku, ours.decode().split("\n"), cost="5")
    stolen = await bring(me, sku, ours)
    assert stolen.json.get("code") == "import_options_differ" or stolen.json["known_elsewhere"] == 2
    await mall.commissary("check")


async def test_an_objection_is_seen_at_the_desk_and_answered(installation: Installation) -> None:
    mall = await twin(installation)
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer, him = await mall.buyer("100"), await friend(mall)
    await him.offer(sku, 9)
    await asyncio.sleep(1)  # every process has read it within a second
    orders = [await mall.order(buyer, sku) for _ in range(2)]
    ids = [w["id"] for w in await him.wanted(2)]
    for id_, code in zip(ids, cards(2, "SET"), strict=True):
        await him.person.post(f"/supply-requests/{id_}/provide", {"codes": [{"secret": code}]})
    for order in orders:
        assert (await over(mall, buyer, order))["status"] == "delivered"
    [[zone]] = await mall.rows("select zone from tenancy.mall where id = %s", (mall.world.mall,))
    day = mall.world.env.now(mall.world.mall).astimezone(ZoneInfo(zone)).date().isoformat()
    await travel(mall, days=1)
    await him.come_again()

    at, me = f"/connections/{him.connection['id']}", him.person
    file = f"我方单号,金额,状态\n{ids[0]},8.5000,成功\n".encode()
    told = await mall.owner.call("POST", f"{at}/days/{day}/statement?file_name=s.csv", file, headers=CSV)
    assert told.status == 200, told.body

    async def matched() -> Any:
        found = (await mall.owner.get("/differences", status="open"))["items"]
        return found if len(found) == 2 else None

    await until(matched, 60)
    [known] = (await me.get(f"{OWN}{at}/days"))["items"]
    assert (known["day"], known["theirs"], known["open"]) == (day, yuan("8.5000"), 2)
    [line] = (await me.get(f"{OWN}{at}/days/{day}/lines"))["items"]
    assert (line["yours"], line["ours"], line["difference"]) == (
        yuan("8.5000"),
        yuan("8.0000"),
        yuan("0.5000"),
    )
    lacking = [d for d in (await me.get(f"{OWN}{at}/days/{day}/differences"))["items"] if d["line"] is None]
    assert [(d["kind"], d["purchase_id"]) for d in lacking] == [("missing", ids[1])]
    [brought] = (await me.get(f"{OWN}{at}/statements"))["items"]
    assert brought["file_name"] == "s.csv"

    # He objects to one line, with a document, and to what his statement has not.
    against = f"{OWN}{at}/days/{day}/objections"
    words = {"line": line["line"], "note": "双方约定 8.50，见附件"}
    made = await me.post(against, words)
    assert (await me.post(against, words))["id"] == made["id"]
    assert await me.refused("POST", against, words | {"note": "别的"}) == (409, "objection_open")
    assert await me.refused("POST", against, words | {"line": 77}) == (404, "line_not_found")
    document = b"%PDF-1.4 agreed 8.50"
    octets = {"Content-Type": "application/octet-stream"}
    kept = await me.call(
        "PUT", f"{OWN}/objections/{made['id']}/file?file_name=agreed.pdf", document, headers=octets
    )
    assert kept.json["file_sha256"] == hashlib.sha256(document).hexdigest()
    second = await me.post(against, {"purchase_id": ids[1], "note": "漏列，应计入"})
    [[sealed]] = await mall.rows("select file from settlement.objection where id = %s", (int(made["id"]),))
    assert document not in bytes(sealed)

    # The desk sees them beside what differs; the day waits for an answer.
    found = {o["id"]: o for o in (await mall.owner.get("/objections", status="open"))["items"]}
    assert found.keys() == {made["id"], second["id"]}
    seen = found[made["id"]]
    assert (seen["kind"], seen["theirs"], seen["note"]) == ("amount", yuan("8.5000"), words["note"])
    assert await mall.owner.get(f"/objections/{made['id']}/file") == document
    decisions = {"amount": "accepted", "missing": "late"}
    for difference in await matched():
        told_ = {"resolution": decisions[difference["kind"]], "note": "内部备注"}
        await mall.owner.post(f"/differences/{difference['id']}/resolve", told_)
    assert await mall.owner.refused("POST", f"{at}/days/{day}/close") == (409, "day_has_objections")
    for objection, outcome in ((made, "accepted"), (second, "refused")):
        words_ = {"outcome": outcome, "reply": f"已核对 {outcome}"}
        await mall.owner.post(f"/objections/{objection['id']}/answer", words_)
        await mall.owner.post(f"/objections/{objection['id']}/answer", words_)
    late = await me.call("PUT", f"{OWN}/objections/{made['id']}/file", document, headers=octets)
    assert (late.status, late.json["code"]) == (409, "objection_answered")
    answered = (await me.get(f"{OWN}/objections"))["items"]
    assert {(o["status"], o["reply"]) for o in answered} == {
        ("accepted", "已核对 accepted"),
        ("refused", "已核对 refused"),
    }

    async def closed() -> Any:
        await mall.owner.post(f"{at}/days/{day}/reconcile")
        answer = await mall.owner.call("POST", f"{at}/days/{day}/close")
        return answer.json if answer.status == 200 else None

    pack = (await until(closed, 60, 1))["pack_sha256"]
    papers = zipfile.ZipFile(io.BytesIO(await me.get(f"{OWN}{at}/days/{day}/papers")))
    assert json.loads(papers.read("day.json"))["pack_sha256"] == pack
    assert "0.5000" in papers.read("lines.csv").decode("utf-8-sig")
    assert "内部备注" not in papers.read("lines.csv").decode("utf-8-sig")
    assert await me.refused("POST", against, words) == (409, "day_closed")
    await mall.commissary("check")
    await mall.world.close()


async def test_nothing_of_another_supplier_is_there_for_him(mall: Mall) -> None:
    sku = await mall.sku(name_en="thing")
    await mall.price(sku, "9.8750")
    buyer, them = await mall.buyer("100"), await friend(mall)
    offer = await them.offer(sku, 3, good=MARK)
    kept = (await bring(them.person, sku, "\n".join(cards(2, MARK)).encode())).json
    await asyncio.sleep(1)  # every process has read it within a second
    await mall.order(buyer, sku)
    [request] = await them.wanted(1)
    ids = {
        "connection_id": them.connection["id"],
        "intake_id": kept["id"],
        "objection_id": await _objection(mall, them),
        "day": "2026-01-01",
        "purchase_id": request["id"],
        "offer_id": offer["id"],
    }
    before = await _held(mall, them)
    stranger, distributor = (await friend(mall)).person, await shopper(mall, buyer)
    tried = 0
    for method, path, _ in console_operations():
        place = path.removeprefix(CONSOLE)
        names = set(re.findall(r"\{(\w+):\w+\}", place))
        own = place.startswith(f"{OWN}/") and names & {"connection_id", "intake_id", "objection_id"}
        if not own and not place.startswith(("/supply-requests/{", "/declared/{")):
            continue
        filled = re.sub(r"\{(\w+):\w+\}", lambda m: ids[m[1]], place)
        bodies = BODIES if method != "GET" else [None]
        answers = [await stranger.call(method, filled, body) for body in bodies]
        assert {a.status for a in answers} <= {404, 422}, (method, path, [a.body for a in answers])
        assert 404 in {a.status for a in answers}, (method, path, [a.body for a in answers])
        assert all(MARK not in a.body.decode() for a in answers), path
        assert (await distributor.call(method, filled, bodies[0])).status >= 400, path
        tried += 1
    assert tried >= 15
    for place in ("/offers", "/intakes", "/objections"):
        assert (await stranger.get(f"{OWN}{place}"))["items"] == []
    mine = {c["id"] for c in (await stranger.get(f"{OWN}/connections"))["items"]}
    assert them.connection["id"] not in mine
    told = await sheet(stranger, "/offers/sheet", f"offer_id,stock\n{offer['id']},9\n")
    assert [x["fault"] for x in told["items"]] == ["offer_unknown"]
    came = await sheet(stranger, "/supply-requests/results", f"purchase_id,secret\n{request['id']},Q\n")
    assert [x["code"] for x in came["items"]] == ["attempt_not_found"]
    assert await _held(mall, them) == before


BODIES: list[Any] = [
    {},
    {"reason": MARK},
    {"stock": 3},
    {"codes": [{"secret": "STOLEN-0001"}]},
    {"line": 1, "note": MARK},
    {"outcome": "accepted"},
]


async def _objection(mall: Mall, them: Friend) -> str:
    """An objection of theirs, about a purchase that nobody else has."""
    [[made]] = await mall.rows(
        """insert into settlement.objection (home_id, id, connection_id, supplier_id, day, attempt_id, note, opened_by, opened_at)
           values (%s, %s, %s, %s, '2026-01-01', 1, %s, 'person:1', now()) returning id""",
        (mall.world.home, mall.world.env.ids.new(), int(them.connection["id"]), int(them.id), MARK),
    )
    return str(made)


async def _held(mall: Mall, them: Friend) -> Any:
    """What a stranger might have changed of theirs."""
    one = (int(them.id),)
    return [
        await mall.rows(text, one)
        for text in (
            "select id, state, decided_at from stock.intake where supplier_id = %s",
            "select id, state, file, reply from settlement.objection where supplier_id = %s",
            "select id, state, reason from supply.attempt where supplier_id = %s",
            "select o.id, o.unit_cost_e4, o.stock, d.n from supply.offer o join supply.declared d on d.offer_id = o.id "
            "join supply.connection c on c.id = o.connection_id where c.supplier_id = %s",
        )
    ]


async def _person_of(mall: Mall, company: str, email: str) -> Person:
    him = {"organisation_id": company, "email": email, "name": "老郑", "role": "supplier"}
    await mall.owner.post("/people", him | {"password": PASSWORD})
    return await sign_in(mall.server, mall.world.slug, email)
