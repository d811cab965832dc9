"""Goods over HTTP."""

from commissary.catalog.routes import ROUTES
from make.console import console
from make.tenancy import House


async def test_a_buyer_of_goods_lists_a_voucher(house: House) -> None:
    async with console(house, ROUTES, house.actor) as client:
        brand = (await client.post("/console/v1/brands", json={"name_zh": "茶", "name_en": "Tea"})).json()
        goods = {"brand_id": brand["id"], "name_zh": "茶券", "name_en": "Tea voucher", "regions": ["CN"]}
        product = (await client.post("/console/v1/products", json=goods)).json()
        assert product["regions"] == ["CN"]
        draft = {
            "product_id": product["id"],
            "code": "T-1",
            "name_zh": "一杯",
            "name_en": "A cup",
            "kind": "voucher",
        }
        made = (await client.post("/console/v1/skus", json=draft)).json()
        at = f"/console/v1/skus/{made['id']}"
        refused = await client.post(f"{at}/list", json={"version": 1})
        assert (refused.status_code, refused.json()["code"]) == (409, "listing_incomplete")
        facts = {
            "version": 1,
            "face_value": {"amount": "18.5", "currency": "CNY"},
            "instrument_class": "specific_item_voucher",
            "issuer": "Tea Ltd",
            "redeem_scope": "brand",
            "registered": False,
            "tax_category": "catering",
            "issuer_licence_sha256": "ab" * 32,
        }
        edited = (await client.patch(at, json=facts)).json()
        assert edited["face_value"] == {"amount": "18.5000", "currency": "CNY"}
        assert edited["issuer_licence_sha256"] == "ab" * 32
        assert (await client.patch(at, json=facts)).json()["code"] == "conflict"
        cleared = (await client.patch(at, json={"version": 2, "face_value": None})).json()
        assert (cleared["face_value"], cleared["issuer"]) == (None, "Tea Ltd")
        assert (await client.post(f"{at}/list", json={"version": 3})).json()["status"] == "listed"
        assert [s["id"] for s in (await client.get("/console/v1/skus?status=listed")).json()["items"]] == [
            made["id"]
        ]
        assert (await client.delete(at)).json()["code"] == "sku_is_listed"
        assert (await client.post(f"{at}/delist")).json()["status"] == "delisted"
        assert (await client.delete(at)).status_code == 204
        assert (await client.get("/console/v1/skus")).json()["items"] == []

        bundle = draft | {"code": "B", "kind": "bundle", "components": [{"sku_id": made["id"]}]}
        assert (await client.post("/console/v1/skus", json=bundle)).status_code == 404  # the part is deleted
        assert (await client.post("/console/v1/skus", json=draft | {"colour": "red"})).status_code == 422
        new = {"name_zh": "新茶", "name_en": "New tea"}
        changed = await client.patch(f"/console/v1/brands/{brand['id']}", json=new | {"version": 1})
        assert changed.json()["version"] == 2
        p = await client.patch(
            f"/console/v1/products/{product['id']}", json={"version": 1, "guide_zh": "出示"}
        )
        assert (p.json()["guide_zh"], p.json()["name_en"]) == ("出示", "Tea voucher")


async def test_pages_follow_each_other(house: House) -> None:
    async with console(house, ROUTES, house.actor) as client:
        for n in range(5):
            await client.post("/console/v1/brands", json={"name_zh": f"牌{n}", "name_en": f"B{n}"})
        names, cursor = [], None
        while True:
            query = {"size": 2} | ({"cursor": cursor} if cursor else {})
            found = (await client.get("/console/v1/brands", params=query)).json()
            names += [b["name_en"] for b in found["items"]]
            if (cursor := found["next"]) is None:
                break
        assert names == ["B0", "B1", "B2", "B3", "B4"]


async def test_tax_rules_over_http(house: House) -> None:
    async with console(house, ROUTES, house.actor) as client:
        rule = {
            "category": "catering",
            "instrument_class": "coupon_promo",
            "fund_mode": "principal",
            "rate_bp": 600,
            "tax_code": "3070401000000000000",
            "invoice_types": ["general"],
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_to": None,
            "source": "accountant",
        }
        assert (await client.post("/console/v1/tax-rules", json=rule)).status_code == 201
        assert (await client.post("/console/v1/tax-rules", json=rule)).json()["code"] == "tax_rule_overlaps"
        assert len((await client.get("/console/v1/tax-rules")).json()) == 1
