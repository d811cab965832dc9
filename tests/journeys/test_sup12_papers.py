"""SUP12 suppliers' papers 供应商资质. In a test mall with its own clock a supplier's business licence runs out: the mall hears of
it 60, 30, 7 and 1 days before, once each; when the day has passed its goods leave the sale by themselves, with an audit
line and a notice, and nothing new of it can be imported; a renewed licence lets a person list them again. The grade follows the hops
to the issuer: C has no badge 正品, X cannot bring goods in; an altered letter is refused. A name on a list stops a supplier at once.

    make test T=tests/journeys/test_sup12_papers.py
"""

import hashlib
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from make.company import colleague
from make.journey import Installation, Mall, cards, yuan
from make.trade import listen, travel, turn, twin, until

OCTETS = {"Content-Type": "application/octet-stream"}


class File:
    """A supplier's file, as the mall's people keep it."""

    def __init__(self, mall: Mall, supplier: str, name: str, today: date) -> None:
        self.mall, self.id, self.name, self.today = mall, supplier, name, today

    async def hand_in(self, kind: str, *, days: int | None = None, **more: Any) -> tuple[Any, bytes]:
        document = f"{kind} {self.id} {days} {sorted(more.items())}".encode()
        told = {"kind": kind, "valid_from": (self.today - timedelta(days=90)).isoformat()} | more
        told["valid_to"] = None if days is None else (self.today + timedelta(days=days)).isoformat()
        told |= {"sha256": hashlib.sha256(document).hexdigest(), "size_bytes": len(document)}
        paper = await self.mall.owner.post(f"/suppliers/{self.id}/papers", told)
        kept = await self.mall.owner.call("PUT", f"/papers/{paper['id']}/file", document, headers=OCTETS)
        assert kept.status == 200, kept.body
        return paper, document

    async def accept(self, kind: str, **more: Any) -> Any:
        paper, _ = await self.hand_in(kind, **more)
        at = f"/papers/{paper['id']}"
        return await self.mall.owner.post(f"{at}/accept", {"sha256": paper["sha256"]})

    async def company(self, *, licence_days: int | None = None) -> None:
        await self.accept("business_licence", holder=self.name, number="91310000", days=licence_days)
        await self.accept("bank_account", holder=self.name)
        await self.accept("legal_person_id")
        await self.accept("beneficial_owner")

    async def letters(self, brand: str, *names: str) -> None:
        await self.accept("brand_ownership", holder=names[0], brand_ids=[brand])
        for giver, getter in pairwise(names):
            await self.accept("brand_authorisation", issuer=giver, holder=getter, brand_ids=[brand])

    async def standing(self) -> Any:
        return await self.mall.owner.get(f"/suppliers/{self.id}/standing")


async def opened(mall: Mall, name: str) -> File:
    made = await mall.owner.post("/suppliers", {"name": name})
    now = datetime.fromisoformat((await mall.owner.get("/clock"))["now"])
    return File(mall, made["id"], name, (now + timedelta(hours=8)).date())


async def brand_of(mall: Mall) -> str:
    await mall.product()
    [brand] = (await mall.owner.get("/brands"))["items"]
    return str(brand["id"])


async def test_a_licence_that_ends_takes_its_goods_off_sale(installation: Installation) -> None:
    mall = await twin(installation)
    brand, file = await brand_of(mall), await opened(mall, "Mill Ltd")
    await file.company(licence_days=61)
    await file.letters(brand, "Bean Co", "Mill Ltd")
    standing = await file.standing()
    assert (standing["qualified"], standing["brands"][0]["grade"]) == (True, "B")
    sku = await mall.sku()
    await mall.price(sku, "10")
    await mall.upload(sku, cards(5), supplier_id=file.id)
    assert (await mall.owner.get(f"/skus/{sku}/sources"))["genuine"]
    buyer = await mall.buyer("100")
    await mall.order(buyer, sku)

    kinds = ("supplier.paper_expiring", "supplier.lapsed", "sku.delisted")
    ear = await listen(mall, mall.world.founded.organisation_id, *kinds)
    try:
        for days in (1, 30, 23, 6, 1):  # 60, 30, 7, 1, 0 are left
            await travel(mall, days=days)
            await turn(mall, "partners.papers")
            await turn(mall, "partners.papers")
        warned = await until(lambda: _heard(ear, "supplier.paper_expiring", 4))
        assert [w.data["days"] for w in warned] == [60, 30, 7, 1]
        assert {w.data["kind"] for w in warned} == {"business_licence"}
        assert (await mall.owner.get(f"/skus/{sku}"))["status"] == "listed", "its last day is a good day"

        await travel(mall, days=1)
        await turn(mall, "partners.papers")
        await turn(mall, "stock.sources")
        assert (await mall.owner.get(f"/skus/{sku}"))["status"] == "delisted"
        [told] = await until(lambda: _heard(ear, "sku.delisted", 1))
        assert told.data == {"sku_id": sku, "reason": "no_qualified_source"}
        [told] = await until(lambda: _heard(ear, "supplier.lapsed", 1))
        assert told.data == {"supplier_id": file.id, "reason": "papers_missing"}
    finally:
        await ear.receiver.close()
    [line] = (await mall.owner.get("/audit", subject=f"sku:{sku}", size=1))["items"]
    assert (line["action"], line["actor_kind"]) == ("sku.delist", "system")
    assert line["after"]["suppliers"] == {file.id: "papers_missing"}
    refusal = await mall.owner.upload(sku, b"\n".join(c.encode() for c in cards(2)), supplier_id=file.id)
    assert (refusal.status, refusal.json["code"]) == (409, "supplier_not_qualified")
    answer = await mall.ask(buyer, (sku, 1))
    assert answer.status == 409, answer.body

    file.today += timedelta(days=62)
    await file.accept("business_licence", holder="Mill Ltd", number="91310001", days=700)
    assert (await file.standing())["qualified"]
    assert (await mall.owner.get(f"/skus/{sku}"))["status"] == "delisted", "nothing lists by itself"
    version = (await mall.owner.get(f"/skus/{sku}"))["version"]
    await mall.owner.post(f"/skus/{sku}/list", {"version": version})
    await turn(mall, "stock.sources")
    await mall.order(buyer, sku)


async def _heard(ear: Any, kind: str, count: int) -> Any:
    found = ear.heard(kind)
    return found if len(found) >= count else None


async def test_grades_follow_the_hops_and_decide_what_may_be_sold(mall: Mall) -> None:
    brand = await brand_of(mall)
    chains = {
        "A": ["Bean Co"],
        "B": ["Bean Co", "Two"],
        "C": ["Bean Co", "Far", "Three"],
        "X": ["Bean Co", "Far"],
    }
    for grade, names in chains.items():
        name = names[-1] if grade != "X" else "Nobody knows"
        file = await opened(mall, name)
        await file.company()
        await file.letters(brand, *names)
        standing = await file.standing()
        assert standing["qualified"]
        [shown] = standing["brands"]
        assert (shown["grade"], shown["genuine"]) == (grade, grade in "AB")
        assert len(shown["hops"]) == (0 if grade == "X" else len(names))
        sku = await mall.sku()
        answer = await mall.owner.upload(sku, "\n".join(cards(3, grade)).encode(), supplier_id=file.id)
        if grade == "X":
            assert (answer.status, answer.json["code"]) == (409, "supplier_not_qualified")
            continue
        assert answer.status < 300, answer.body
        assert (await mall.owner.get(f"/skus/{sku}/sources"))["genuine"] is (grade in "AB")


async def test_an_altered_letter_is_refused(mall: Mall) -> None:
    brand, file = await brand_of(mall), await opened(mall, "Mill Ltd")
    at = {"issuer": "Bean Co", "holder": "Mill Ltd", "brand_ids": [brand], "number": "L-1"}
    letter, document = await file.hand_in("brand_authorisation", **at)
    place = f"/papers/{letter['id']}"
    altered = await mall.owner.call("PUT", f"{place}/file", document + b" and for ever", headers=OCTETS)
    assert (altered.status, altered.json["code"]) == (409, "paper_altered")
    wrong = {"sha256": hashlib.sha256(document + b" and for ever").hexdigest()}
    assert await mall.owner.refused("POST", f"{place}/accept", wrong) == (409, "paper_altered")
    await mall.owner.post(f"{place}/accept", {"sha256": letter["sha256"]})
    assert await mall.owner.get(f"{place}/file") == document
    again = at | {"kind": "brand_authorisation", "valid_from": "2026-01-01", **wrong, "size_bytes": 60}
    refusal = await mall.owner.refused("POST", f"/suppliers/{file.id}/papers", again)
    assert refusal == (409, "paper_altered")


async def test_a_listed_name_stops_a_supplier_and_a_deposit_is_counted(mall: Mall) -> None:
    file = await opened(mall, "东海卡券有限公司")
    await file.company()
    assert (await file.standing())["qualified"]
    names = {
        "title": "涉恐名单",
        "source": "公安部",
        "dated": "2026-06-01",
        "names": ["东海卡券（有限公司）", "别人"],
    }
    assert (await mall.owner.post("/name-lists", names))["hits"] == 1
    standing = await file.standing()
    assert (standing["qualified"], standing["why"]["code"]) == (False, "quarantined")
    [hit] = (await mall.owner.get("/quarantines", supplier_id=file.id))["items"]
    await mall.owner.post(f"/quarantines/{hit['id']}/release", {"reason": "同名不同主体"})
    assert (await file.standing())["qualified"]

    terms = {"valid_from": file.today.isoformat(), "settlement_days": 7, "deposit": "500"}
    await mall.owner.post(f"/suppliers/{file.id}/terms", terms)
    place = f"/suppliers/{file.id}/deposit"
    assert (await mall.owner.get(place))["missing"] == yuan("500.0000")
    paid = {"amount": yuan("300"), "reference": "bank-1"}
    for _ in "twice":
        now = await mall.owner.post(place, paid)
    assert (now["held"], now["missing"], now["covered"]) == (yuan("300.0000"), yuan("200.0000"), False)
    now = await mall.owner.post(place, paid | {"amount": yuan("200"), "reference": "bank-2"})
    assert now["covered"]


async def test_the_badge_that_a_buyer_sees_goes_when_the_grade_falls_to_c(mall: Mall) -> None:
    brand, file = await brand_of(mall), await opened(mall, "Mill Ltd")
    await file.company()
    await file.letters(brand, "Bean Co", "Far", "Mill Ltd")
    direct = {"issuer": "Bean Co", "holder": "Mill Ltd", "brand_ids": [brand]}
    letter = await file.accept("brand_authorisation", **direct)
    sku, own = await mall.sku(), await mall.sku()
    await mall.price([sku, own], "10")
    await mall.upload(sku, cards(5), supplier_id=file.id)
    await mall.upload(own, cards(5, "own"))  # whence it came nobody wrote down
    buyer = await colleague(mall, await mall.buyer("100"), "distributor")

    async def seen() -> tuple[str, bool, dict[str, bool]]:
        goods = await buyer.at.every("/own/goods")
        told = await mall.owner.get(f"/skus/{sku}/sources")
        [source] = told["sources"]
        return source["grade"], told["genuine"], {g["sku_id"]: g["genuine"] for g in goods}

    assert await seen() == ("B", True, {sku: True, own: False})
    await mall.owner.post(f"/papers/{letter['id']}/withdraw", {"reason": "授权终止"})
    assert await seen() == ("C", False, {sku: False, own: False}), "still sold, without the badge"
