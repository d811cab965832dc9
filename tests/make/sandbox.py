"""A mall with its sandbox, as `commissary found` makes both, and a developer's test key."""

from dataclasses import dataclass
from typing import Any

from commissary import tenancy
from make.journey import Installation, Mall
from world import Buyer

SCOPES = ["orders:write", "orders:read", "codes:read", "catalog:read", "balance:read", "webhooks:write"]


@dataclass
class Pair:
    """`live` is the mall, `shadow` the number of its sandbox."""

    live: Mall
    shadow: int

    async def test_key(self, buyer: Buyer) -> Buyer:
        """A key of the sandbox for a buyer of the live mall."""
        asked = {"name": "dev", "scopes": SCOPES, "mode": "test"}
        key = await self.live.owner.post(f"/buyers/{buyer.organisation}/keys", asked)
        assert key["mode"] == "test"
        return Buyer(key["id"], key["secret"], buyer.organisation, 0, None)  # type: ignore[arg-type]

    async def goods(self, key: Buyer) -> dict[str, Any]:
        """The magic goods by what comes of them."""
        answer = await self.live.server.call(key, "GET", "/v1/sandbox")
        assert answer.status == 200, answer.body
        return {g["how"]: g for g in answer.json["goods"]} | {"": answer.json}


async def pair(installation: Installation, name: str = "Kitchen") -> Pair:
    live = await installation.mall(name)
    world = live.world
    made = await tenancy.found_shadow(world.admin_dsn, world.env.ids, world.mall, world.env.clock())
    return Pair(live, made.mall_id)
