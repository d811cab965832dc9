"""Asking a supplier to tell of changes by himself, where his protocol has a way to be asked."""

from typing import cast

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.supply import store
from commissary.supply.connections import held_of
from commissary.supply.market import PURPOSE, at_ms
from commissary.supply.purchasing import Purchasing
from commissary.supply.talk import hold
from commissary.supply.types import Fault, Silence, Subscriber, SupplyRefusal, Unreadable
from commissary.tenancy.types import Actor


async def subscribe(env: Env, purchasing: Purchasing, actor: Actor, connection_id: int) -> None:
    """He tells of changes at the connection's callback address from now on; the secret by which he signs is kept, sealed,
    behind our own. Again: with a new one. Refuses connection_not_found, cannot_subscribe, supplier_unreachable,
    supplier_said_no."""
    tenancy.require(actor, "supply.write")
    mall = actor.mall_id
    held = held_of(await purchasing.reload(mall), connection_id)
    if not held.connector.facts.subscribes:
        raise Refused(SupplyRefusal.cannot_subscribe)
    url = f"{purchasing.public_url}/callbacks/{held.kept.callback_token}"
    talk = cast(Subscriber, held.connector).subscribe(at_ms(env.now(mall)), url)
    try:
        hook = await hold(talk, held.send)
    except (Silence, Unreadable) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault
    place = b"%d" % connection_id
    async with env.db.transaction(mall) as tx:
        await db.row(tx, store.Q.lock_connection, {"mall": mall, "id": connection_id})
        sealed = (await store.secrets(tx, mall, [connection_id]))[connection_id]
        own = env.keys.open_field(mall, PURPOSE, sealed, place).decode().split()[0]
        new = env.keys.seal_field(mall, PURPOSE, f"{own} {hook}".encode(), place)
        await db.run(tx, store.Q.set_secret, {"mall": mall, "id": connection_id, "secret": new})
        subject = f"connection:{connection_id}"
        await tenancy.audit(tx, env, actor, "supply.subscribe", subject, None, {"url": purchasing.public_url})
        await tenancy.raise_epoch(tx, mall)
