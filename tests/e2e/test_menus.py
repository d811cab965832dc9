"""Every preset role's menu is what docs/roles.md says that it may reach, and every page of it opens without being turned away.

make e2e T=tests/e2e/test_menus.py
"""

import re

import pytest
from browser import ROOT, Mall, quiet, sign_in
from playwright.sync_api import BrowserContext

WHO = {
    "owner": "owner@example.com",
    "purchasing": "purchasing@example.com",
    "fulfilment": "fulfilment@example.com",
    "finance": "finance@example.com",
    "support": "support@example.com",
    "developer": "developer@example.com",
    "readonly": "readonly@example.com",
    "supplier": "supplier@example.com",
    "distributor": "bluewhale@example.com",
    "enterprise": "faraway@example.com",
    "employee": "member@example.com",
}
STAFF, PARTNERS = list(WHO)[:7], list(WHO)[7:]
# Which of these lets somebody look at a page; nothing: anybody. Not read from the console's own table.
NEEDS: dict[str, tuple[str, ...]] = {
    "workbench": (),
    "security": (),
    "inbox": ("mall.read",),
    "orders": ("orders.read",),
    "work": ("fulfilment.read",),
    "purchases": ("fulfilment.read",),
    "goods": ("catalog.read",),
    "vault": ("stock.read",),
    "restock": ("supply.read", "approvals.decide"),
    "prices": ("pricing.read",),
    "suppliers": ("partners.read",),
    "connections": ("supply.read",),
    "customers": ("partners.read",),
    "risk": ("risk.read",),
    "money": ("ledger.read",),
    "reconcile": ("settlement.read",),
    "sandbox": ("sandbox.read", "own.keys.write"),
    "jobs": ("jobs.read",),
    "people": ("people.read",),
    "roles": ("people.read",),
    "approval-rules": ("approvals.read",),
    "dev": ("keys.read", "own.keys.write"),
    "platform": ("keys.read",),
    "system": ("jobs.read",),
    "audit": ("audit.read",),
    "reveals": ("audit.read", "own.codes.read"),
    "asked": ("own.supply.read",),
    "my-offers": ("own.supply.read",),
    "my-intakes": ("own.supply.read",),
    "my-links": ("own.supply.read",),
    "my-settlement": ("own.supply.read",),
    "market": ("own.catalog.read",),
    "buy": ("own.orders.write",),
    "my-orders": ("own.orders.read",),
    "funds": ("own.balance.read",),
    "reports": ("own.orders.read",),
    "team": ("own.people.write",),
    "company": ("own.requests.write", "own.requests.decide"),
    "requests": ("own.requests.write", "own.requests.decide"),
    "departments": ("own.departments.write",),
    "statements": ("own.departments.write",),
}


def told() -> dict[str, set[str]]:
    """By role, the permissions that the published sheet marks."""
    found: dict[str, set[str]] = {role: set() for role in WHO}
    for line in (ROOT / "docs" / "roles.md").read_text("utf-8").splitlines():
        if row := re.match(r"\| `([a-z.]+)` \|", line):
            marks = [cell.strip() for cell in line.strip("|").split("|")[3:]]
            roles = PARTNERS if row[1].startswith("own.") else STAFF
            assert len(marks) == len(roles), line
            for role, mark in zip(roles, marks, strict=True):
                if mark:
                    found[role].add(row[1])
    return found


@pytest.mark.parametrize("role", WHO)
def test_the_menu_is_what_the_role_may_reach(context: BrowserContext, mall: Mall, role: str) -> None:
    may = told()[role]
    page = sign_in(context, mall, WHO[role])
    shown = [str(one.get_attribute("data-page")) for one in page.locator(".side a").all()]
    assert sorted(shown) == sorted(name for name, any_of in NEEDS.items() if not any_of or may & set(any_of))
    refused: list[str] = []
    page.on("response", lambda said: refused.append(said.url) if said.status == 403 else None)
    for name in shown:
        page.goto(f"{mall.url}/console/c/example{'' if name == 'workbench' else f'/{name}'}")
        page.wait_for_selector(".screen h1")
        quiet(page)
    assert refused == []
