"""What an account may give: read `tests/tables/ledger_post.txt`. And a hundred people at once on the same few accounts."""

import asyncio
import random
from collections import Counter as Tally
from pathlib import Path

import pytest

from commissary import ledger
from commissary.base.errors import Refused
from commissary.ledger import rules
from commissary.ledger.types import Account, Settlement, Transfer, TransferKind
from make.ledger import Till

YUAN = 10_000
TABLE = Path(__file__).parents[1] / "tables" / "ledger_post.txt"
ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row))
def test_the_table_of_postings(row: list[str]) -> None:
    balance, held, credit, state, asked, of_what, answer = row
    wallet = Account(
        1, int(balance) * YUAN, int(held) * YUAN, -int(credit) * YUAN, state, "CNY", 10, "", "wallet"
    )
    other = Account(2, 0, 0, None, "open", "CNY", 20, "", "revenue")
    amount_e4 = int(asked) * YUAN
    out = [Transfer(9, 1, 2, amount_e4, TransferKind.sale)]
    transfers, held_e4 = {
        "pay": (out, 0),
        "receive": ([Transfer(9, 2, 1, amount_e4, TransferKind.recharge)], 0),
        "hold": ([], amount_e4),
        "capture": (out, -amount_e4),
        "release": ([], -amount_e4),
        "correct": (out, 0),
    }[of_what]
    changes = rules.deltas_of(transfers)
    rules.add(changes, 1, held_e4=held_e4)
    found = "yes"
    try:
        rules.judge({1: wallet, 2: other}, transfers, changes, even_locked=of_what in ("correct", "capture"))
    except Refused as no:
        found = no.refusal.code
    assert found == answer


async def test_a_wild_hour_leaves_the_books_in_order(till: Till) -> None:
    """Seeded acts of every kind, twelve at a time, on few accounts; then the books are built anew from the rows."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    env, house, here = till.house.env, till.house, till.home
    owner = env.ids.new()
    wallets = [await till.wallet(credit=50, money=100) for _ in range(3)]
    wallets += [await till.wallet(money=100, owner=owner), await till.wallet(owner=owner, sub="d")]
    holds: list[int] = []
    posted: list[int] = []
    outcomes: Tally[str] = Tally()

    async def act(number: int, what: str, wallet: int, yuan: int, pick: float) -> None:
        try:
            if what == "recharge":
                await ledger.recharge(env, house.actor, wallet, yuan * YUAN, f"r{number // 2}")
            elif what == "allot":
                await ledger.allot(env, house.actor, wallets[3], wallets[4], yuan * YUAN)
            elif what == "credit":
                await ledger.set_credit(env, house.actor, wallet, yuan * YUAN, 10)
            else:
                async with env.db.transaction(house.mall) as tx:
                    if what == "buy":
                        sale = till.transfer(wallet, till.books.revenue_id, yuan)
                        await ledger.post(tx, env, here, [sale], till.now)
                        posted.append(sale.id)
                    elif what == "hold":
                        made = await ledger.hold(
                            tx, env, here, wallet, till.books.revenue_id, yuan * YUAN, till.now
                        )
                        holds.append(made)
                    elif what == "settle" and holds:
                        hold = holds[int(pick * len(holds))]
                        wanted = Settlement(hold, capture_e4=yuan * YUAN // 3, release_rest=pick < 0.3)
                        await ledger.settle(tx, env, here, [wanted], till.now)
                    elif what == "reverse" and posted:
                        await ledger.reverse(tx, env, here, posted[int(pick * len(posted))], till.now, YUAN)
            outcomes[what] += 1
        except Refused as no:
            outcomes[no.refusal.code] += 1

    kinds = ["recharge", "allot", "credit", "buy", "buy", "hold", "settle", "settle", "reverse"]
    for begin in range(0, 360, 12):
        await asyncio.gather(
            *[
                act(n, chance.choice(kinds), chance.choice(wallets), chance.randint(1, 60), chance.random())
                for n in range(begin, begin + 12)
            ]
        )
    async with env.db.transaction(house.mall) as tx:
        assert await ledger.rebuild(tx, here) == [], seed
        accounts = [await ledger.balance(tx, here, w) for w in wallets]
    for account in accounts:
        assert account.available_e4 is not None
        assert account.available_e4 >= 0, (seed, account)
    assert outcomes["buy"] > 5, (seed, outcomes)
    assert outcomes["settle"] > 5, (seed, outcomes)
    assert outcomes["insufficient_balance"] + outcomes["account_locked"] > 5, (seed, outcomes)
