"""What the example mall keeps an eye on, so that its pages show at work what they are for: a rule that holds a large order, and goods that
are bought again before they run out. Its alarm lines stand with its goods."""

from commissary import fulfilment, risk
from commissary.base import money
from commissary.base.env import Env
from commissary.fulfilment.types import RestockTerms
from commissary.tenancy.types import Actor

SEATS = "FNM-Y"
SEATS_MOST = 10
RESTOCKED = "BHM-100"


async def arrange(env: Env, actor: Actor, skus: dict[str, int]) -> None:
    """`skus`: by code. The first order of seats is one of more than is let through by itself."""
    await risk.create_rule(
        env,
        actor,
        name_zh="企业席位大单人工复核",
        name_en="Large orders of seats are looked at",
        kind="cap",
        params={"per": "buyer", "quantity": SEATS_MOST, "window_s": 0, "sku_ids": [skus[SEATS]]},
        action="review",
    )
    terms = RestockTerms(
        reorder_at=300,
        cover_days=30,
        most_pieces=500,
        most_unit_e4=money.parse("96.5"),
        monthly_budget_e4=money.parse("60000"),
        approval_e4=money.parse("10000"),
    )
    await fulfilment.set_restock_policy(env, actor, skus[RESTOCKED], terms, 0)
