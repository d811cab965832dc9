"""A mall with books, and wallets in it."""

from dataclasses import dataclass
from datetime import datetime

from commissary import ledger
from commissary.base import db, home, outbox
from commissary.ledger.types import Account, Books, Transfer, TransferKind
from make.tenancy import House


@dataclass
class Till:
    """The books of one mall, in its currency."""

    house: House
    books: Books
    currency: str = "CNY"

    @property
    def home(self) -> int:
        return home.home(self.house.mall)

    @property
    def now(self) -> datetime:
        return self.house.env.now(self.house.mall)

    async def wallet(
        self, credit: int = 0, *, money: int = 0, owner: int | None = None, sub: str = ""
    ) -> int:
        """In whole yuan, like every amount of these builders."""
        owner = owner or self.house.env.ids.new()
        async with self.house.env.db.transaction(self.house.mall) as tx:
            made = await ledger.open_account(
                tx, self.house.env, self.home, owner, "wallet", self.currency, sub, credit * 10_000
            )
        if money:
            await self.pay(self.books.cash_id, made, money, TransferKind.recharge)
        return made

    def transfer(
        self, dr: int, cr: int, yuan: int, kind: TransferKind = TransferKind.sale, order: int | None = None
    ) -> Transfer:
        return Transfer(self.house.env.ids.new(), dr, cr, yuan * 10_000, kind, order)

    async def pay(self, dr: int, cr: int, yuan: int, kind: TransferKind = TransferKind.sale) -> Transfer:
        made = self.transfer(dr, cr, yuan, kind)
        async with self.house.env.db.transaction(self.house.mall) as tx:
            await ledger.post(tx, self.house.env, self.home, [made], self.now)
        return made

    async def account(self, account_id: int) -> Account:
        async with self.house.env.db.transaction(self.house.mall) as tx:
            return await ledger.balance(tx, self.home, account_id)

    async def free(self, account_id: int) -> float:
        """Balance and what is not held, in yuan."""
        found = await self.account(account_id)
        return (found.balance_e4 - found.held_e4) / 10_000

    async def transfers(self) -> int:
        async with self.house.env.db.transaction(self.house.mall) as tx:
            found = await db.row(tx, "select count(*) from ledger.transfer")
        assert found
        return int(found[0])


async def till(house: House) -> Till:
    async with house.env.db.transaction(house.mall) as tx:
        books = await ledger.found_books(
            tx, house.env, home.home(house.mall), house.founded.organisation_id, "CNY"
        )
    return Till(house, books)


async def events(house: House) -> list[outbox.Event]:
    """Everything published in the mall's home, oldest first."""
    async with house.env.db.transaction(house.mall) as tx:
        found = await outbox.read(tx, home.home(house.mall), 0, 10_000)
    return [event for _, packed in found for event in packed]
