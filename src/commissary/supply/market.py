"""What one process knows of a mall's suppliers: who offers which SKU, how each does now, and how he is spoken to.

Read from the database when the mall's epoch rises, offers by what changed since; choosing costs no query.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from commissary import ledger
from commissary.base import db
from commissary.base.env import Env
from commissary.ledger.types import Rates
from commissary.supply import rules, shelf, store
from commissary.supply.connectors import TABLE
from commissary.supply.health import Health
from commissary.supply.talk import Send
from commissary.supply.types import (
    Attempt,
    Choice,
    Connection,
    Connector,
    KeptConnection,
    Offer,
    Policy,
    Wish,
)

PURPOSE = "supplier-key"
DEFAULT = Policy()
RESTS_S = (
    30.0  # how long an offer is left alone after it was refused, so that the next line asks elsewhere first
)


@dataclass
class Held:
    """A connection that can be talked to. `quiet_s`: how long an order that was not found may still turn up."""

    kept: KeptConnection
    connector: Connector
    send: Send
    secret: bytes = field(repr=False)
    health: Health = field(default_factory=Health)

    @property
    def quiet_s(self) -> int:
        return self.connector.facts.quiet_s if self.kept.quiet_s is None else self.kept.quiet_s

    @property
    def condition(self) -> rules.Condition:
        kept, health = self.kept, self.health
        return rules.Condition(
            kept.state,
            kept.at_once - health.in_flight,
            kept.balance_e4,
            int(health.success_bp),
            int(health.latency_ms),
        )


@dataclass
class Market:
    """One mall's. `currency` is what it sells in; `clock` its time. A SKU without a policy has the default."""

    mall: int
    currency: str
    transport: Callable[[KeptConnection], Send]
    clock: Callable[[], datetime]
    epoch: int = -1
    connections: dict[int, Held] = field(default_factory=dict)
    suppliers: dict[int, int] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)  # connection → prepaid or owed
    purchases: dict[str, int] = field(default_factory=dict)  # currency → the goods bought
    last_good: dict[int, int] = field(default_factory=dict)
    unfit: dict[int, str] = field(
        default_factory=dict
    )  # offers whose supplier may not be bought from, and why
    resting: dict[int, float] = field(default_factory=dict)
    rates: Rates = field(init=False)
    _by_sku: dict[int, dict[int, Offer]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rates = Rates(self.currency)

    def choose(self, wish: Wish, tried: Collection[int], chance: int, now_s: float) -> Choice:
        """`chance`: 0 to 9,999; `now_s` monotonic. What was refused a moment ago is left alone."""
        offers = self._by_sku.get(wish.sku_id)
        if not offers:
            return Choice(None, ())
        fit = list(offers.values())
        resting = {o.id for o in fit if self.resting.get(o.id, 0.0) > now_s} if self.resting else ()
        conditions = {
            o.connection_id: self.connections[o.connection_id].condition
            for o in fit
            if o.connection_id in self.connections
        }
        return rules.route(
            fit,
            conditions,
            self.suppliers,
            self.unfit,
            self.policy(wish.sku_id),
            quantity=wish.quantity,
            most_unit_e4=wish.most_unit_e4,
            rates=self.rates,
            now=self.clock(),
            tried=tried,
            resting=resting,
            last_good=self.last_good.get(wish.sku_id, 0),
            chance=chance,
            split=wish.split,
        )

    def policy(self, sku_id: int) -> Policy:
        return self.policies.get(sku_id, DEFAULT)

    def offers_of(self, sku_id: int) -> list[Offer]:
        return list(self._by_sku.get(sku_id, {}).values())

    def sent_to(self, attempt: Attempt) -> Held:
        """Connections are never removed, so an attempt's is always here."""
        return self.connections[attempt.connection_id]

    async def refresh(self, tx: db.Tx, env: Env) -> None:
        """The epoch is read first: what changes meanwhile raises it again."""
        epoch = await store.epoch(tx, self.mall)
        if epoch == self.epoch:
            return
        secrets = await store.secrets(tx, self.mall)
        for kept in await store.connections(tx, self.mall):
            held = self.connections.get(kept.id)
            if held is None or _speaks_otherwise(held, kept, secrets[kept.id]):
                health = held.health if held else Health()
                self.connections[kept.id] = Held(
                    kept,
                    connector(env, self.mall, kept, secrets[kept.id]),
                    self.transport(kept),
                    secrets[kept.id],
                    health,
                )
            else:
                held.kept = kept
            self.suppliers[kept.id] = kept.supplier_id
        self.accounts, self.purchases = await store.accounts(tx, self.mall)
        self.rates = await ledger.rates_of(tx, self.mall, env.now(self.mall))
        for offer in await store.offers_since(tx, self.mall, self.epoch):
            self.offers[offer.id] = offer
            self._by_sku.setdefault(offer.sku_id, {})[offer.id] = offer
        self.unfit = await shelf.unfit_offers(tx, env, self.mall, self.offers.values(), self.suppliers)
        self.policies |= await store.policies_since(tx, self.mall, self.epoch)
        self.epoch = epoch


def connector(env: Env, mall: int, kept: KeptConnection, sealed: bytes) -> Connector:
    """How that supplier is spoken to. Its secret is opened here and nowhere else."""
    secret = env.keys.open_field(mall, PURPOSE, sealed, b"%d" % kept.id).decode()
    return TABLE[kept.protocol](spoken(kept, secret))


def spoken(kept: KeptConnection, secret: str) -> Connection:
    return Connection(kept.base_url, kept.account, secret, kept.currency, kept.settings)


def _speaks_otherwise(held: Held, kept: KeptConnection, secret: bytes) -> bool:
    was = held.kept
    return (was.protocol, was.base_url, was.account, was.settings, held.secret) != (
        kept.protocol,
        kept.base_url,
        kept.account,
        kept.settings,
        secret,
    )


def fields_for(held: Held, offer: Offer, fields: Mapping[str, str]) -> dict[str, str]:
    """Our field names → the supplier's: by the offer's map, else by the one name that the protocol has for all."""
    theirs = {offer.field_map.get(name, name): value for name, value in fields.items()}
    only = held.connector.facts.field
    if only and only not in theirs and len(theirs) == 1:
        return {only: next(iter(theirs.values()))}
    return theirs


def at_ms(now: datetime) -> int:
    return int(now.timestamp() * 1000)
