"""Buyers with webhook endpoints, and events for them."""

from dataclasses import dataclass, field
from typing import Any

from commissary import notify
from commissary.base import db, outbox
from commissary.base.home import home
from make.receivers import Receiver, outgoing
from make.tenancy import House


@dataclass
class Post:
    """A house whose buyers have endpoints, and a sender."""

    house: House
    receivers: list[Receiver] = field(default_factory=list)
    seq: int = 0
    senders: list[notify.Sender] = field(default_factory=list)

    @property
    def home(self) -> int:
        return home(self.house.mall)

    async def receiver(self, **how: Any) -> Receiver:
        made = await Receiver(**how).open()
        self.receivers.append(made)
        return made

    async def endpoint(self, buyer: int, receiver: Receiver, *events: str) -> tuple[int, str]:
        view, secret = await notify.add_endpoint(
            self.house.env,
            outgoing(*self.receivers),
            self.house.actor,
            organisation_id=buyer,
            url=receiver.url,
            events=events,
        )
        return view.id, secret

    def sender(self, **more: Any) -> notify.Sender:
        made = notify.Sender(self.house.env, outgoing(*self.receivers), **more)
        self.senders.append(made)
        return made

    async def tell(self, *events: outbox.Event, seq: int | None = None) -> int:
        """As the relay does: events of one outbox row."""
        if seq is None:
            self.seq += 1
            seq = self.seq
        seen = [(seq, no, event) for no, event in enumerate(events)]
        async with self.house.env.db.transaction(self.house.mall) as tx:
            return await notify.enqueue(tx, self.house.env, self.home, seen)

    def order(self, buyer: int, order: int, n: int, status: str = "accepted", **data: Any) -> outbox.Event:
        data = {"client_order_no": f"PO-{order}", "status": status, "amount_e4": 5} | data
        return outbox.Event(f"order.{status}", order, n, buyer, self.house.clock.now, data)

    async def states(self) -> dict[str, int]:
        async with self.house.env.db.transaction(self.house.mall) as tx:
            found = await db.rows(
                tx, "select state, count(*) from notify.delivery where home_id = %s group by 1", (self.home,)
            )
        return dict(found)  # type: ignore[arg-type]
