"""Rows ↔ types of sandboxes. Reads connections, SKUs, brands, wallets and the mall's own organisation, and writes none of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.sandbox.types import Article, Bought

Q = sql.load(__package__)
_ACCOUNT = "sandbox-account"


async def articles(tx: db.Tx, mall: int, skus: Iterable[int] | None = None) -> dict[int, Article]:
    """Those of these SKUs; None: all."""
    asked = {"mall": mall, "skus": None if skus is None else sorted(skus)}
    return {r[0]: Article(*r) for r in await db.rows(tx, Q.articles, asked)}


async def put_article(tx: db.Tx, mall: int, article: Article) -> None:
    await db.run(tx, Q.put_article, msgspec.structs.asdict(article) | {"mall": mall})


async def purchases(tx: db.Tx, env: Env, mall: int, refs: Iterable[str]) -> list[Bought]:
    """Held until the end of the transaction."""
    found = await db.rows(tx, Q.purchases, {"home": home_of(mall), "refs": sorted(refs)})
    return [_bought(env, mall, r) for r in found]


async def due(tx: db.Tx, env: Env, mall: int, now: datetime) -> list[Bought]:
    """Held until the end of the transaction; what another process holds is left to it."""
    found = await db.rows(tx, Q.due, {"home": home_of(mall), "now": now})
    return [_bought(env, mall, r) for r in found]


async def next_due(tx: db.Tx, mall: int) -> datetime | None:
    found = await db.row(tx, Q.next_due, {"home": home_of(mall)})
    return found[0] if found else None


async def add_purchase(tx: db.Tx, env: Env, mall: int, bought: Bought) -> None:
    row = msgspec.structs.asdict(bought) | {"home": home_of(mall), "account": None}
    if bought.account:
        row["account"] = env.keys.seal_field(mall, _ACCOUNT, bought.account.encode(), bought.ref.encode())
    await db.run(tx, Q.add_purchase, row)


async def set_purchase(tx: db.Tx, mall: int, was: Bought, now: Bought) -> bool:
    """False: it has moved on meanwhile."""
    row = {"home": home_of(mall), "ref": now.ref, "state": now.state, "seen": was.state}
    row |= {"refunded_e4": now.refunded_e4, "due_at": now.due_at}
    return bool(await db.run(tx, Q.set_purchase, row))


def _bought(env: Env, mall: int, row: Sequence[Any]) -> Bought:
    *plain, sealed = row
    bought = Bought(*plain)
    if sealed is None:
        return bought
    account = env.keys.open_field(mall, _ACCOUNT, bytes(sealed), bought.ref.encode())
    return msgspec.structs.replace(bought, account=account.decode())
