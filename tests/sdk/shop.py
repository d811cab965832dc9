"""A buyer of the real mall behind a bad line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from bad_line import BadLine
from commissary_sdk import Commissary, Retry, SigningKey

from make.receivers import Receiver
from world import Buyer, Served, World

ROOT = Path(__file__).parents[2]
HASTY = Retry(tries=4, first_wait_s=0.001, longest_wait_s=0.01)


@dataclass
class Shop:
    """One buyer of the real mall behind a bad line. `sku` has plenty, `empty` has none, `topup` waits for a person."""

    world: World
    server: Served
    line: BadLine
    buyer: Buyer
    sku: str
    other: str
    empty: str
    topup: str
    _clients: list[Commissary] = field(default_factory=list)

    def client(self, **options: Any) -> Commissary:
        options = {"retry": HASTY, "timeout_s": 1.0, "credentials": self.key, **options}
        made = Commissary(self.line.url, http=httpx.Client(trust_env=False), **options)
        self._clients.append(made)
        return made

    @property
    def key(self) -> SigningKey:
        return SigningKey(self.buyer.key_id, self.buyer.secret)

    def bought(self, client_order_no: str | None = None) -> list[str]:
        """The truth: this buyer's orders in the database, in order of acceptance."""
        with psycopg.connect(self.world.admin_dsn) as connection:
            found = connection.execute(
                """select id::text from orders.orders where buyer_id = %s and (%s::text is null or client_order_no = %s)
                   order by orders.orders.id""",
                (self.buyer.organisation, client_order_no, client_order_no),
            ).fetchall()
        return [order_id for (order_id,) in found]

    def close(self) -> None:
        for client in self._clients:
            client._http.close()


@dataclass(frozen=True)
class Mall:
    world: World
    server: Served
    skus: dict[str, str]
    receiver: Receiver
