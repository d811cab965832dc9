"""Partners over HTTP."""

from commissary import partners
from commissary.partners.routes import ROUTES
from make.console import console
from make.tenancy import House


async def test_a_partner_managers_day(house: House) -> None:
    async with house.env.db.transaction(house.mall) as tx:
        buyer = await partners.add_buyer(
            tx, house.env, house.actor, name="Shop", account_id=house.env.ids.new()
        )
    at = f"/console/v1/buyers/{buyer.id}"
    async with console(house, ROUTES, house.actor) as client:
        tier = (await client.post("/console/v1/tiers", json={"name": "Gold", "rank": 2})).json()
        assert (await client.put(f"{at}/tier", json={"tier_id": tier["id"]})).json()["tier_id"] == tier["id"]
        assert (await client.delete(f"/console/v1/tiers/{tier['id']}")).json()["code"] == "tier_in_use"
        edited = (await client.patch(at, json={"low_balance": "500.5"})).json()
        assert (edited["low_balance"], edited["name"]) == ("500.5000", "Shop")
        assert (await client.patch(at, json={"low_balance": None})).json()["low_balance"] is None
        key = (await client.post(f"{at}/keys", json={"name": "api", "scopes": ["orders:write"]})).json()
        assert key["secret"].startswith("sk_")
        bad = await client.post(f"{at}/keys", json={"name": "api", "scopes": ["root"]})
        assert (bad.status_code, bad.json()["fields"]) == (422, ["scopes"])
        assert (await client.post(f"{at}/suspend")).json()["status"] == "suspended"
        assert (await client.post(f"{at}/resume")).json()["status"] == "active"
        assert (await client.get("/console/v1/buyers?search=sho")).json()["items"][0]["id"] == str(buyer.id)

        people = f"/console/v1/organisations/{buyer.id}/contacts"
        contact = (await client.post(people, json={"name": "王", "phone": "13800138000"})).json()
        assert (await client.get(people)).json()[0]["phone"] == "****8000"
        clear = await client.post(
            f"/console/v1/contacts/{contact['id']}/reveal", json={"reason": "call back"}
        )
        assert clear.json()["phone"] == "13800138000"
        assert (await client.delete(f"/console/v1/contacts/{contact['id']}")).status_code == 204

        supplier = (
            await client.post("/console/v1/suppliers", json={"name": "W", "settlement_days": 7})
        ).json()
        at = f"/console/v1/suppliers/{supplier['id']}"
        assert (await client.patch(at, json={"grade": "A"})).status_code >= 400, "a grade follows from papers"
        await client.patch(at, json={"settlement_days": 9})
        [shown] = (await client.get("/console/v1/suppliers")).json()["items"]
        assert (shown["grade"], shown["settlement_days"]) == ("X", 9)
        for path in ("/console/v1/buyers/1", "/console/v1/buyers/x", f"/console/v1/buyers/{'9' * 25}"):
            assert (await client.get(path)).status_code == 404
