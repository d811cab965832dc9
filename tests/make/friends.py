"""A supplier who is people, for journeys: his company, one of them signed in, and a program of theirs."""

import secrets
from dataclasses import dataclass
from typing import Any

from make.journey import Mall, Person, sign_in, yuan
from make.sellers import supplier
from make.tenancy import PASSWORD
from make.trade import until
from world import Buyer


@dataclass
class Friend:
    """A supplier who is people: his company, one of them in the console, and a program of theirs."""

    mall: Mall
    id: str
    connection: dict[str, Any]
    person: Person
    program: Buyer
    email: str

    async def come_again(self) -> None:
        """Signed in anew: a session does not outlive the days that pass."""
        self.person = await sign_in(self.mall.server, self.mall.world.slug, self.email)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.mall.server.call(self.program, method, path, body)
        assert answer.status < 300, (path, answer.body)
        return answer.json

    async def wanted(self, count: int) -> list[Any]:
        """What is asked of him, when it is so much."""

        async def asked() -> Any:
            found = (await self.call("GET", "/v1/supply/requests?size=100"))["items"]
            return found if len(found) == count else None

        return await until(asked, 30)

    async def offer(self, sku: str, stock: int, cost: str = "8", good: str = "茶卡") -> Any:
        wanted = {"connection_id": self.connection["id"], "good_id": good, "sku_id": sku, "stock": stock}
        return await self.mall.owner.post("/offers", wanted | {"unit_cost": yuan(cost)})


async def colleague(him: Friend) -> Person:
    """Another of his people."""
    email = f"wu-{secrets.token_hex(3)}@example.com"
    person = {"organisation_id": him.id, "email": email, "name": "老吴", "role": "supplier"}
    await him.mall.owner.post("/people", person | {"password": PASSWORD})
    return await sign_in(him.mall.server, him.mall.world.slug, email)


async def friend(mall: Mall, **settings: int) -> Friend:
    company = await supplier(mall)
    asked = {"supplier_id": company, "protocol": "people", "name": f"老周 {company}", "settings": settings}
    connection = await mall.owner.post("/connections", asked)
    email = f"zhou-{secrets.token_hex(3)}@example.com"
    him = {"organisation_id": company, "email": email, "name": "老周", "role": "supplier"}
    await mall.owner.post("/people", him | {"password": PASSWORD})
    scopes = {"name": "program", "scopes": ["supply:provide", "webhooks:write"]}
    key = await mall.owner.post(f"/suppliers/{company}/keys", scopes)
    person = await sign_in(mall.server, mall.world.slug, email)
    program = Buyer(key["id"], key["secret"], int(company), 0, None)  # type: ignore[arg-type]
    return Friend(mall, company, connection, person, program, email)
