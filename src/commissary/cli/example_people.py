"""The example mall's supplier who is people: one of them can sign in, two requests wait for her, and a day is to be settled."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from commissary import app, settlement, supply, tenancy
from commissary.base import money
from commissary.cli import example_papers
from commissary.tenancy.types import Actor

COMPANY = "影城票务代理（示例）"
EMAIL, PERSON, ROLE = "supplier@example.com", "供货 骆冰", "supplier"
ARTICLE, CODE = "IMAX兑换券", "GYC-IMX"
WITHIN_S = 7 * 86_400  # so that her requests are still there when somebody looks
STATEMENT = (
    "订单号,商品,数量,金额,状态\nLB-1001,IMAX兑换券,1,46.0000,成功\nLB-1002,IMAX兑换券,1,46.5000,成功\n"
)


async def open_people(
    platform: app.Platform, actor: Actor, password: str, sku: int, brand: int, owner: str
) -> None:
    """The company with its papers, one of its people, and what she declared; and her statement of yesterday."""
    env, mall = platform.env, actor.mall_id
    company = await example_papers.open_supplier(env, actor, COMPANY)
    await example_papers.authorise(env, actor, company, brand, owner, COMPANY)
    await tenancy.add_person(
        env, actor, organisation_id=company, email=EMAIL, name=PERSON, password=password, role=ROLE
    )
    draft = supply.ConnectionDraft(name=COMPANY, settings={"provide_within_s": WITHIN_S})
    kept = await supply.add_connection(env, actor, draft, supplier_id=company, protocol="people")
    await supply.link_offer(
        env,
        platform.outward.purchasing,
        actor,
        connection_id=kept.id,
        good_id=ARTICLE,
        sku_id=sku,
        unit_cost_e4=money.parse("46"),
        stock=40,
    )
    async with env.db.transaction(mall) as tx:
        cursor = await tx.execute("select zone from tenancy.mall where id = %s", (mall,))
        row = await cursor.fetchone()
    assert row is not None
    yesterday = env.now(mall).astimezone(ZoneInfo(row[0])).date() - timedelta(days=1)
    await settlement.import_statement(
        env, actor, kept.id, yesterday, STATEMENT.encode(), file_name=f"{yesterday}.csv"
    )
    await settlement.begin(env, actor, kept.id, yesterday)
