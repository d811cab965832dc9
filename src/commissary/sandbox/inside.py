"""The supplier inside the process: simulators of two protocols, spoken to without sockets, who do what their articles are named for.

    place, ask ──> simulator over what is kept ──> answer          purchases are kept before they are answered
    round      ──> what is due moves on ──> the supplier's own callback, by the door that all callbacks come through

They know the mall's own clock: time travel brings what is due. Killed in between, a round tells again; hearing it twice changes nothing.
"""

import json
import logging
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from msgspec.structs import replace

from commissary import fulfilment, simulators, supply
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.sandbox import magic, store
from commissary.sandbox.types import Article, Bought
from commissary.simulators import Asked, Liar, Lie, Order, Shop
from commissary.supply.types import KeptConnection, Request, Response, Silence, Unreadable

log = logging.getLogger("commissary.sandbox")

URL = "https://sandbox.invalid"  # RFC 6761: a name that no network knows
CARDS, TOPUPS = "kasushou", "lansexiongdi"
ACCOUNT, KEY = "sandbox", "play-money-buys-nothing-real-0000"
BALANCE_E4 = 10**12
LOOK_EVERY_S = 15.0  # for what another process took in and did not live to move on

_LIES = {"unknown": Lie.silent_after, "price_jump": Lie.price_jump}
_AFTER_S = {"slow": magic.SLOW_S, "unknown": magic.UNKNOWN_S}
_NEVER = 1 << 30  # nothing is done by being looked at


@dataclass
class Inside:
    """One per process."""

    env: Env
    _due: dict[int, datetime] = field(default_factory=dict)
    _looked_at: float = -LOOK_EVERY_S

    def send_for(self, mall: int, kept: KeptConnection) -> supply.Send | None:
        """How this connection of a test mall is spoken to; None: it is not to the supplier inside."""
        return partial(self._answer, mall, kept) if kept.base_url == URL else None

    async def _answer(self, mall: int, kept: KeptConnection, request: Request) -> Response:
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, url.path, headers, request.body, url.query)
        now, told = self.env.now(mall), _words(asked)
        async with self.env.db.transaction(mall) as tx:
            ids = [int(word) for word in told if word.isdigit() and len(word) < 19]
            known = await store.purchases(tx, self.env, mall, [word.removeprefix("S") for word in told])
            listed = url.path.endswith(("/list", "/product"))
            wanted = None if listed else [*ids, *(b.sku_id for b in known)]
            counter = Counter(kept.protocol, await store.articles(tx, mall, wanted), known)
            said = counter.answer(asked)
            for order in counter.placed:
                bought = _kept(order, counter.articles[order.article.id], kept.id, now)
                await store.add_purchase(tx, self.env, mall, bought)
                self._expect(mall, bought.due_at)
        if said is None:
            raise Silence
        return Response(said.status, said.body, dict(said.headers))

    async def round(self, buying: fulfilment.Buying) -> int:
        """Move on what is due in every sandbox; how many purchases."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY_S:
            async with self.env.db.transaction(None) as tx:
                found = await db.rows(tx, store.Q.homes_due)
            for home, due_at in found:
                self._expect(mall_of(home), due_at)
            self._looked_at = time.monotonic()
        due = [mall for mall, at in self._due.items() if at <= self.env.now(mall)]
        return sum([await self._move(buying, mall) for mall in due])

    async def _move(self, buying: fulfilment.Buying, mall: int) -> int:
        now = self.env.now(mall)
        async with self.env.db.transaction(mall) as tx:
            found = await store.due(tx, self.env, mall, now)
            sold = await store.articles(tx, mall, {b.sku_id for b in found})
            moved = [_moved(was, sold[was.sku_id]) for was in found]
            for was, new in zip(found, moved, strict=True):
                await store.set_purchase(tx, mall, was, new)
        for new in moved:
            await self._tell(buying, mall, new, sold[new.sku_id])
        async with self.env.db.transaction(mall) as tx:
            for new in moved:
                await store.set_purchase(
                    tx, mall, new, replace(new, due_at=_next(new, sold[new.sku_id], now))
                )
            due = await store.next_due(tx, mall)
        self._due.pop(mall, None)
        self._expect(mall, due)
        return len(moved)

    async def _tell(self, buying: fulfilment.Buying, mall: int, bought: Bought, article: Article) -> None:
        async with self.env.db.transaction(mall) as tx:
            found = await db.row(tx, store.Q.token, {"mall": mall, "id": bought.connection_id})
        assert found is not None, "connections are never removed"
        token, protocol = found
        counter = Counter(protocol, {article.sku_id: article}, [bought])
        told = counter.supplier.callback(counter.shop.orders[bought.ref])
        if told is None:
            return
        try:
            await buying.hear(token, told.headers, dict(parse_qsl(told.query)), told.body)
        except (Refused, Unreadable) as error:
            log.warning("a callback of the sandbox of mall %d: %s", mall, error)

    def _expect(self, mall: int, due: datetime | None) -> None:
        if due is not None and due < self._due.get(mall, due + timedelta(1)):
            self._due[mall] = due


class Counter:
    """A simulator as it stands for one request: over the articles and purchases that the request is about."""

    def __init__(self, protocol: str, articles: Mapping[int, Article], known: Iterable[Bought]) -> None:
        self.articles = articles
        self.shop = Shop(
            account=ACCOUNT,
            key=KEY,
            balance_e4=BALANCE_E4,
            looks=_NEVER,
            marks=("TEST-NO-", "TEST-"),
            number_of=lambda ref: f"S{ref}",
            articles={a.sku_id: _article(a) for a in articles.values()},
            wrong_accounts={magic.WRONG_ACCOUNT},
        )
        self.supplier = simulators.TABLE[protocol](self.shop)
        for bought in known:
            self._restore(bought)
        self._known = set(self.shop.orders)

    def answer(self, asked: Asked) -> simulators.Said | None:
        """None: silence."""
        lie = Lie.none
        if self.supplier.buys(asked):
            [how, *_] = [a.magic for a in self.articles.values()] or [""]
            lie = _LIES.get(how, Lie.none)
            for article in self.shop.articles.values():
                article.on_sale = how != "fail"
        return Liar(self.supplier, [lie]).answer(asked)

    @property
    def placed(self) -> list[Order]:
        """What was bought in this request."""
        return [order for ref, order in self.shop.orders.items() if ref not in self._known]

    def _restore(self, bought: Bought) -> None:
        article = self.shop.articles[bought.sku_id]
        fields = dict.fromkeys(article.fields, bought.account)
        order = Order(
            bought.ref, f"S{bought.ref}", article, bought.quantity, bought.total_e4, fields,
            paid_e4=bought.total_e4, gives=bought.gives, at_s=bought.placed_at.timestamp(),
        )  # fmt: skip
        self.shop.orders[order.ref] = self.shop.numbers[order.number] = order
        if bought.state == "done":
            self.shop.finish(order)
        elif bought.state == "failed":
            self.shop.fail(order)


def _article(a: Article) -> simulators.Article:
    fields = {a.field: "充值账号"} if a.field else {}
    return simulators.Article(a.sku_id, a.name, a.kind, a.cost_e4, 1_000_000, fields=fields)


def _kept(order: Order, article: Article, connection_id: int, now: datetime) -> Bought:
    """As it is kept before it is answered."""
    gives = max(1, order.quantity - 1) if article.magic == "partial" else order.quantity
    due = now + timedelta(seconds=_AFTER_S.get(article.magic, 0))
    account = order.fields.get(article.field, "")
    return Bought(
        order.ref, connection_id, article.sku_id, order.quantity, gives, order.paid_e4, 0, "doing", now, due, account
    )  # fmt: skip


def _moved(bought: Bought, article: Article) -> Bought:
    """It stays due until it has been told of."""
    if bought.state == "doing":
        return replace(bought, state="done")
    if bought.state == "done" and article.magic == "reversed":
        return replace(bought, state="failed", refunded_e4=bought.total_e4)
    return bought


def _next(bought: Bought, article: Article, now: datetime) -> datetime | None:
    if bought.state == "done" and article.magic == "reversed":
        return now + timedelta(seconds=magic.REVERSED_S)
    return None


def _words(asked: Asked) -> set[str]:
    """Every word of a request that may be the number of something."""
    text = asked.body.decode("utf-8", "replace")
    if text.startswith("{"):
        told = [str(value) for value in json.loads(text).values()]
    else:
        told = [value for _, value in parse_qsl(f"{text}&{asked.query}")]
    return {word for each in told for word in each.split(",") if re.fullmatch(r"S?[0-9]{1,30}", word)}
