"""One supplier and purchases from it as the books have them, without the talks: what a statement is matched with."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
from psycopg.conninfo import make_conninfo

from commissary import insight, ledger, settlement
from commissary.base import money
from commissary.ledger.types import Transfer, TransferKind
from commissary.settlement.types import Day
from commissary.supply.types import KeptConnection
from make.orders import World
from make.supply import Trade
from make.tenancy import PASSWORDS

HEADER = "我方单号,供应商单号,商品编号,数量,金额,状态"


@dataclass
class Counter:
    """`day` is over; purchases are booked at its noon, or on the day before or after."""

    world: World
    kept: KeptConnection
    day: date
    zone: ZoneInfo
    prepaid: int
    goods: int
    offer: int
    lines: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.kept.id

    async def buy(
        self,
        cost_e4: int = 100_000,
        *,
        days: int = 0,
        state: str = "succeeded",
        quantity: int = 1,
        back_e4: int = 0,
    ) -> int:
        """A purchase; its id. `failed` with `back_e4`: it was turned back later that day. Else unpaid when it failed."""
        env, home = self.world.env, self.world.home
        at = self.noon(days)
        id_ = env.ids.new()
        paid = state in ("succeeded", "surplus") or back_e4
        await self.sql(
            """insert into supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id,
                 good_id, kind, quantity, most_unit_e4, unit_cost_e4, currency, why, state, supplier_ref, cost_e4, refunded_e4,
                 called_at, ended_at)
               values (%s, %s, %s, -1, 1, 1, 1, %s, %s, '101', 'code', %s, %s, %s, 'CNY', '', %s, %s, %s, %s, %s, %s)""",
            (home, id_, id_, self.id, self.kept.supplier_id, quantity, cost_e4, cost_e4, state, f"S{id_}", cost_e4, back_e4,
             at, None if state == "unknown" else at),
        )  # fmt: skip
        moved = []
        if paid:
            moved.append(Transfer(id_, self.prepaid, self.goods, cost_e4, TransferKind.purchase))
        if back_e4:
            moved.append(Transfer(env.ids.new(), self.goods, self.prepaid, back_e4, TransferKind.reversal))
        async with env.db.transaction(self.world.mall) as tx:
            await ledger.post(tx, env, home, moved, at, even_locked=True)
        return id_

    def noon(self, days: int = 0) -> datetime:
        return datetime.combine(self.day + timedelta(days=days), time(12), self.zone)

    def says(self, ref: int | str, amount_e4: int, status: str = "成功", quantity: int = 1) -> "Counter":
        """One line more of the statement."""
        amount = money.text(amount_e4)
        self.lines.append(f"{ref},S{ref},101,{quantity},{amount},{status}")
        return self

    def file(self) -> bytes:
        made = "\n".join([HEADER, *self.lines]).encode("gbk")
        self.lines.clear()
        return made

    async def bring(self, days: int = 0) -> None:
        """What was said so far is the statement of that day."""
        of = self.day + timedelta(days=days)
        await settlement.import_statement(self.world.env, self.world.actor, self.id, of, self.file())

    async def match(self, days: int = 0) -> Day:
        of = self.day + timedelta(days=days)
        return await settlement.reconcile(self.world.env, self.world.actor, self.id, of)

    async def open(self) -> list[settlement.types.Difference]:
        return await settlement.list_differences(
            self.world.env, self.world.actor, connection_id=self.id, state="open", size=200
        )

    async def balance(self) -> int:
        return (await settlement.account_of(self.world.env, self.world.actor, self.id)).balance_e4

    async def sql(self, text: str, given: tuple[object, ...] = ()) -> None:
        """As whoever owns the database."""
        async with await psycopg.AsyncConnection.connect(self.world.house.ground.admin_dsn) as tx:
            await tx.execute(text.encode(), given)

    async def proof(self) -> dict[str, list[dict[str, object]]]:
        """What the daily proof finds: check → rows."""
        dsn = make_conninfo(self.world.house.ground.dsns.report, password=PASSWORDS["commissary_report"])
        return {f.check: f.rows for f in insight.broken(await insight.audit(dsn))}


async def counter(world: World) -> Counter:
    supplier = await Trade(world).supplier()
    zone = ZoneInfo("Asia/Shanghai")
    [[found]] = await world.rows("select zone from tenancy.mall where id = %s", world.mall)
    zone = ZoneInfo(found)
    [[prepaid]] = await world.rows(
        "select id from ledger.account where kind = 'prepaid' and sub = %s", str(supplier.kept.id)
    )
    [[goods]] = await world.rows(
        "select id from ledger.account where kind = 'clearing' and sub = 'purchases'"
    )
    day = world.env.now(world.mall).astimezone(zone).date() - timedelta(days=3)
    return Counter(world, supplier.kept, day, zone, prepaid, goods, 1)
