"""The example's company from inside: 远山企业福利 has two departments with budgets, a head, a member,
and a request that waits for its head. As its own people do it."""

from commissary import app, ledger, partners, requests, tenancy
from commissary.base import money
from commissary.ledger.types import Opening
from commissary.requests.types import Recipient, RequestLine
from commissary.tenancy.types import Actor

NAME = "远山企业福利"
PEOPLE = (
    ("head@example.com", "市场部负责人 叶青", "employee"),
    ("member@example.com", "市场部 苏白", "employee"),
)


async def arrange(
    platform: app.Platform,
    actor: Actor,
    company_id: int,
    manager_id: int,
    password: str,
    skus: dict[str, int],
) -> None:
    """`actor` is the mall's owner, who lets the company's people in; `manager_id` keeps its departments."""
    env, mall, actors = platform.env, actor.mall_id, []
    may = tenancy.permissions_of("enterprise")
    manager = Actor(mall, "person", str(manager_id), company_id, may)
    for email, name, role in PEOPLE:
        person = await tenancy.add_person(
            env, actor, organisation_id=company_id, email=email, name=name, password=password, role=role
        )
        may = tenancy.permissions_of(role)
        actors.append(Actor(mall, "person", str(person.id), company_id, may))
    head, member = actors
    market = Opening(
        "市场部",
        cost_centre="CC-2100",
        month_budget_e4=money.parse("8000"),
        returns_rest=True,
        order_limit_e4=money.parse("500"),
        month_limit_e4=money.parse("1500"),
    )
    office = Opening("行政部", cost_centre="CC-1100")
    made, _ = await ledger.open_department(env, manager, market)
    other, _ = await ledger.open_department(env, manager, office)
    for department, budget, memo in ((made, "6000", "首月预算"), (other, "3000", "年度福利")):
        budget_e4 = money.parse(budget)
        await ledger.move_budget(env, manager, department.id, budget_e4, "to_department", "opening", memo)
    await partners.set_member(env, manager, made.id, int(head.id), head=True)
    await partners.set_member(env, manager, made.id, int(member.id), head=False)
    await partners.set_member(env, manager, other.id, int(member.id), head=False)
    asked = requests.Asked(
        "spring-1",
        [RequestLine(skus["XMF-15"], 120, 0)],
        "春季客户答谢会伴手礼",
        [Recipient("客户服务组", "13600136000")],
        made.id,
    )
    await requests.ask(env, platform.desk, member, asked)
