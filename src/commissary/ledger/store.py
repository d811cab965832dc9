"""Rows ↔ types of the ledger."""

from commissary.base import db, sql

Q = sql.load(__package__)


async def revenue_account(tx: db.Tx, home: int, currency: str) -> int:
    """The mall's own revenue account of that home and currency."""
    found = await db.row(tx, Q.revenue_account, {"home": home, "currency": currency})
    if found is None:
        raise LookupError(f"home {home} has no revenue account in {currency}")
    return int(found[0])
