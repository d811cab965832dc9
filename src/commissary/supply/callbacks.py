"""Callbacks of suppliers, as far as they are words: whose they are, whether they are signed. Hearing
one twice changes nothing: see `rules.after`."""

from collections.abc import Mapping

import msgspec

from commissary.base import db
from commissary.base.errors import Refused
from commissary.supply import store
from commissary.supply.market import Held
from commissary.supply.purchasing import Purchasing
from commissary.supply.reading import reading
from commissary.supply.types import Forged, GoodsNotice, Notice, SupplyRefusal, Unreadable

replace = msgspec.structs.replace


async def hear(
    purchasing: Purchasing, token: str, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
) -> tuple[int, Held, Notice | GoodsNotice]:
    """(mall, connection, what it says). `headers` by their names in lower case.

    Refuses connection_not_found, callback_forged. Raises Unreadable.
    """
    async with purchasing.env.db.transaction(None) as tx:
        found = await db.row(tx, store.Q.connection_of_token, {"token": token})
    if found is None:
        raise Refused(SupplyRefusal.connection_not_found)
    mall, connection_id = found
    market = await purchasing.market(mall)
    held = market.connections.get(connection_id)
    if held is None:
        held = (await purchasing.reload(mall)).connections[connection_id]
    try:
        with reading() as heard:
            notice = held.connector.notice(headers, query, body)
    except Forged as error:
        raise Refused(SupplyRefusal.callback_forged) from error
    except (ValueError, KeyError, TypeError, UnicodeError) as error:
        raise Unreadable(type(error).__name__) from error
    if isinstance(notice, Notice):
        unread = heard.unread(held.connector.facts.passes_over)
        notice = replace(notice, trusted=replace(notice.trusted, unread=unread))
    return mall, held, notice
