"""A connection's orders of a span, asked of its supplier: all pages, as he lists them."""

from datetime import datetime
from typing import cast

from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.supply.connections import held_of
from commissary.supply.market import at_ms
from commissary.supply.purchasing import Purchasing
from commissary.supply.talk import hold
from commissary.supply.types import StatementLine, SupplyRefusal, Telling, Unreadable

MOST_LINES = 500_000


async def read_statement(
    env: Env, purchasing: Purchasing, mall: int, connection_id: int, start: datetime, end: datetime
) -> list[StatementLine]:
    """In the order of their time. A line that stands on two pages, because the list moved while it was read, is one.

    Refuses connection_not_found, statement_not_told. Raises Silence, Unreadable, Fault.
    """
    market = await purchasing.reload(mall)
    held = held_of(market, connection_id)
    if not held.connector.facts.statements:
        raise Refused(SupplyRefusal.statement_not_told, protocol=held.kept.protocol)
    telling = cast(Telling, held.connector)
    lines: dict[StatementLine, None] = {}
    cursor, seen = "", {""}
    while True:
        talk = telling.statement(at_ms(env.now(mall)), at_ms(start), at_ms(end), cursor)
        page = await hold(talk, held.send)
        lines |= dict.fromkeys(page.lines)
        if not (cursor := page.next):
            return sorted(lines, key=lambda line: (line.at_ms, line.supplier_ref, line.ref))
        if cursor in seen or len(lines) > MOST_LINES:
            raise Unreadable("pages without an end")
        seen.add(cursor)
