"""What one process knows of a mall's suppliers: who offers which SKU, how each does now, and how he is spoken to.

Read from the database when the mall's epoch rises, offers by what changed since; choosing costs no query.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from commissary import catalog, ledger
from commissary.base import db
from commissary.base.env import Env
from commissary.ledger.types import Rates
from commissary.supply import rules, shelf, store
from commissary.supply.connectors import WITH_PEOPLE
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
ALL_FIT: Mapping[int, str] = {}
ANY_NUMBER = 1 << 30
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

    # How it does now (`rules.Condition`), read where it is judged: a choice among ten looks at little of each.

    @property
    def state(self) -> str:
        return self.kept.state

    @property
    def by_people(self) -> bool:
        return self.connector.facts.within_s is not None

    @property
    def free(self) -> int:
        """Nothing is on its way to people, ever."""
        return ANY_NUMBER if self.by_people else self.kept.at_once - self.health.in_flight

    @property
    def balance_e4(self) -> int | None:
        return self.kept.balance_e4

    @property
    def success_bp(self) -> int:
        return int(self.health.success_bp)

    @property
    def latency_ms(self) -> int:
        return int(self.health.latency_ms)


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
    unfit: dict[shelf.Goods, dict[int, str]] = field(default_factory=dict)  # per goods: supplier → why not
    resting: dict[int, float] = field(default_factory=dict)
    rates: Rates = field(init=False)
    _by_sku: dict[int, dict[int, Offer]] = field(default_factory=dict)
    _goods: dict[int, shelf.Goods] = field(default_factory=dict)  # of each SKU that has an offer
    _stamp: tuple[int, int] = (-1, -1)  # the mall's goods that `_goods` was read of
    _claims: set[shelf.Claim] = field(default_factory=set)
    _people: frozenset[int] = frozenset()  # connections that are people

    def __post_init__(self) -> None:
        self.rates = Rates(self.currency)

    def choose(
        self,
        wish: Wish,
        tried: Collection[int],
        chance: int,
        now_s: float,
        free: Mapping[int, int] | None = None,
    ) -> Choice:
        """`chance`: 0 to 9,999; `now_s` monotonic. What was refused a moment ago is left alone. `free`: what people's
        offers have, as `people.free_of` saw it; without, nothing is bought from people."""
        offers = self._by_sku.get(wish.sku_id)
        if not offers:
            return Choice(None, ())
        resting = {id_ for id_ in offers if self.resting.get(id_, 0.0) > now_s} if self.resting else ()
        asked: Collection[Offer] = offers.values()
        if self._people:
            asked = [self._with_free(o, free or {}) if o.connection_id in self._people else o for o in asked]
        return rules.route(
            asked,
            self.connections,
            self.suppliers,
            self.unfit.get(self._goods[wish.sku_id], ALL_FIT),
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

    def by_people(self, connection_id: int) -> bool:
        """Is it people, who are sent nothing?"""
        return connection_id in self._people

    @staticmethod
    def _with_free(offer: Offer, free: Mapping[int, int]) -> Offer:
        return msgspec.structs.replace(offer, stock=free.get(offer.id, 0))

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
        self._people = frozenset([id_ for id_, held in self.connections.items() if held.by_people])
        self.accounts, self.purchases = await store.accounts(tx, self.mall)
        self.rates = await ledger.rates_of(tx, self.mall, env.now(self.mall))
        changed = await store.offers_since(tx, self.mall, self.epoch)
        for offer in changed:
            self.offers[offer.id] = offer
            self._by_sku.setdefault(offer.sku_id, {})[offer.id] = offer
        await self._refresh_unfit(tx, env, changed)
        self.policies |= await store.policies_since(tx, self.mall, self.epoch)
        self.epoch = epoch

    async def _refresh_unfit(self, tx: db.Tx, env: Env, changed: Sequence[Offer]) -> None:
        """Papers may have changed at any time; what they are asked by changes with the goods, or with a new offer."""
        stamp = await catalog.stamp(tx, self.mall)
        if stamp != self._stamp:
            self._goods = await shelf.goods_of(tx, self.mall, sorted(self._by_sku))
            self._claims = {self._claim(offer) for offer in self.offers.values()}
            self._stamp = stamp
        elif changed:
            new = sorted({offer.sku_id for offer in changed} - self._goods.keys())
            self._goods |= await shelf.goods_of(tx, self.mall, new) if new else {}
            self._claims |= {self._claim(offer) for offer in changed}
        unfit: dict[shelf.Goods, dict[int, str]] = {}
        for (supplier, brand, of), why in (await shelf.unfit(tx, env, self.mall, self._claims)).items():
            unfit.setdefault((brand, of), {})[supplier] = why
        self.unfit = unfit

    def _claim(self, offer: Offer) -> shelf.Claim:
        return (self.suppliers[offer.connection_id], *self._goods[offer.sku_id])


def connector(env: Env, mall: int, kept: KeptConnection, sealed: bytes) -> Connector:
    """How that supplier is spoken to. Its secret is opened here and nowhere else."""
    secret = env.keys.open_field(mall, PURPOSE, sealed, b"%d" % kept.id).decode()
    return WITH_PEOPLE[kept.protocol](spoken(kept, secret))


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
