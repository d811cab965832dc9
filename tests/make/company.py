"""A buying company from inside: who manages its departments, who heads one, who works in it."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from make.journey import Mall, Person, sign_in, yuan
from make.tenancy import PASSWORD
from world import Buyer

DEPARTMENTS, REQUESTS = "/own/departments", "/own/requests"


@dataclass(frozen=True)
class Colleague:
    """Signed in at the console for the company."""

    id: str
    at: Person
    email: str


@dataclass(frozen=True)
class Company:
    """`manager` opens departments and approves everywhere; `head` heads the department `market`, in which `member` is."""

    mall: Mall
    buyer: Buyer
    manager: Colleague
    head: Colleague
    member: Colleague
    market: str

    async def open(self, name: str, budget: str = "0", **more: Any) -> str:
        """A department with so much on it; its id."""
        made = await self.manager.at.post(DEPARTMENTS, {"name": name} | more)
        if float(budget):
            await self.move(made["id"], budget)
        return str(made["id"])

    async def move(
        self, department: str, amount: str, direction: str = "to_department", key: str = ""
    ) -> Any:
        path, told = f"{DEPARTMENTS}/{department}/budget-moves", {"direction": direction}
        named = key or secrets.token_hex(6)
        return await self.manager.at.post(path, told | {"amount": yuan(amount)}, Idempotency_Key=named)

    async def put(self, department: str, colleague: Colleague, **more: Any) -> Any:
        return await self.manager.at.put(f"{DEPARTMENTS}/{department}/members/{colleague.id}", more)

    async def key(self, department: str) -> Buyer:
        """A program of the department, with its key."""
        scopes = ["orders:write", "orders:read", "codes:read", "balance:read"]
        asked = {"name": "dept", "scopes": scopes}
        made = await self.manager.at.post(f"{DEPARTMENTS}/{department}/keys", asked)
        return Buyer(made["id"], made["secret"], self.buyer.organisation, 0, None)  # type: ignore[arg-type]

    async def ask(self, who: Colleague, sku: str, quantity: int = 1, **more: Any) -> Any:
        told = {"request_no": secrets.token_hex(6), "lines": [{"sku_id": sku, "quantity": quantity}]}
        return await who.at.post(REQUESTS, told | {"department_id": self.market} | more)

    async def left(self, department: str) -> str:
        found = await self.manager.at.get(f"{DEPARTMENTS}/{department}")
        return str(found["available"]["amount"])


async def colleague(mall: Mall, buyer: Buyer, role: str) -> Colleague:
    email = f"{role}-{secrets.token_hex(4)}@example.com"
    person = {"email": email, "name": role, "password": PASSWORD, "role": role}
    made = await mall.owner.post("/people", person | {"organisation_id": str(buyer.organisation)})
    return Colleague(made["id"], await sign_in(mall.server, mall.world.slug, email), email)


async def company(mall: Mall, balance: str = "1000", market: str = "100", **more: Any) -> Company:
    """With money on its main wallet, and of it so much in the department `market`."""
    buyer = await mall.buyer(balance)
    manager = await colleague(mall, buyer, "distributor")
    head, member = await colleague(mall, buyer, "employee"), await colleague(mall, buyer, "employee")
    made = Company(mall, buyer, manager, head, member, "")
    department = await made.open("市场部", market, **more)
    made = Company(mall, buyer, manager, head, member, department)
    await made.put(department, head, head=True)
    await made.put(department, member)
    return made


async def anew(of: Company) -> Company:
    """Its manager signed in again: sessions run by the mall's clock."""
    at = await sign_in(of.mall.server, of.mall.world.slug, of.manager.email)
    return replace(of, manager=replace(of.manager, at=at))
