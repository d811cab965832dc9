"""The truth behind a simulated supplier, whatever protocol it speaks. Money is `_e4`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["doing", "done", "failed"]


@dataclass
class Article:
    """`kind` topup asks for `fields`, by name and label."""

    id: int
    name: str
    kind: Literal["code", "topup"]
    price_e4: int
    stock: int
    on_sale: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Order:
    ref: str
    number: str
    article: Article
    quantity: int
    total_e4: int
    fields: Mapping[str, str]
    callback_url: str = ""
    state: State = "doing"
    refunded_e4: int = 0
    codes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Shop:
    """`key` is the one buyer's secret, `account` its name. An order is done when it was looked at `looks` times."""

    account: str = "buyer-1"
    key: str = "0123456789abcdef0123456789abcdef"
    balance_e4: int = 100_000_000
    looks: int = 1
    articles: dict[int, Article] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _looked: dict[str, int] = field(default_factory=dict)

    def buy(
        self,
        ref: str,
        article_id: int,
        quantity: int,
        fields: Mapping[str, str],
        most_e4: int | None = None,
        callback_url: str = "",
    ) -> Order | str:
        """The order, or why not. `most_e4`: for all pieces together."""
        article = self.articles.get(article_id)
        why = self._why_not(ref, article, quantity, fields, most_e4)
        if why:
            self.refused.append(why)
            return why
        assert article is not None
        total_e4 = article.price_e4 * quantity
        order = Order(
            ref, f"S{len(self.orders) + 1:010d}", article, quantity, total_e4, dict(fields), callback_url
        )
        self.balance_e4 -= total_e4
        article.stock -= quantity
        self.orders[ref] = order
        return order

    def look(self, order: Order) -> Order:
        """Somebody asks; time goes by."""
        if order.state == "doing":
            self._looked[order.ref] = self._looked.get(order.ref, 0) + 1
            if self._looked[order.ref] >= self.looks:
                self.finish(order)
        return order

    def finish(self, order: Order) -> None:
        order.state = "done"
        if order.article.kind == "code":
            order.codes = [
                (f"N{order.number}-{n}", f"P{order.number}-{n}") for n in range(1, order.quantity + 1)
            ]

    def fail(self, order: Order, *, refund: bool = True) -> None:
        """It comes to nothing; the money comes back, or has not yet."""
        order.state = "failed"
        if refund and not order.refunded_e4:
            order.refunded_e4 = order.total_e4
            self.balance_e4 += order.total_e4

    def _why_not(
        self, ref: str, article: Article | None, quantity: int, fields: Mapping[str, str], most_e4: int | None
    ) -> str:
        if ref in self.orders:
            return "repeated"
        if article is None or not article.on_sale:
            return "off_sale"
        if quantity < 1 or article.stock < quantity:
            return "no_stock"
        if any(not fields.get(name) for name in article.fields):
            return "field_missing"
        if most_e4 is not None and article.price_e4 * quantity > most_e4:
            return "too_dear"
        if self.balance_e4 < article.price_e4 * quantity:
            return "no_balance"
        return ""
