"""The truth behind a simulated supplier, whatever protocol it speaks. Money is `_e4`.

What an order says of itself may be a lie (`total_e4`); what was taken, given back and handed out never is, and `books` tells it
to whoever compares.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

BEGAN_S = 1_764_140_000.0  # it has no clock of its own; behind a socket it has the machine's
State = Literal["doing", "done", "partial", "failed"]


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
    """`total_e4` is what it is said to cost, `paid_e4` what it did. It will give `gives` codes and end as `ends`: in a
    `partial` `returns_e4` of the money comes back, or one half. `codes` are shown, `handed` are all that ever were."""

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
    paid_e4: int = 0
    gives: int = 0
    ends: Literal["done", "partial"] = "done"
    returns_e4: int | None = None
    handed: list[tuple[str, str]] = field(default_factory=list)
    at_s: float = 0.0


@dataclass(frozen=True)
class Books:
    """For an auditor: orders sold and codes handed out, each by the buyer's number."""

    taken_e4: int
    returned_e4: int
    sold: Mapping[str, int]
    codes: Mapping[str, list[str]]

    @property
    def doubles(self) -> list[str]:
        """Numbers under which more than one order was sold."""
        return [ref for ref, orders in self.sold.items() if orders > 1]


Misstated = int | Literal["hidden", "twice"]
"""What a statement does with an order: charges so much more (`_e4`), leaves it out, lists it a second time."""


@dataclass
class Shop:
    """`key` is the one buyer's secret, `account` its name. An order is done when it was looked at `looks` times; 0: at once.

    `sells_again`: a number used before buys once more, where the protocol does not promise better. `callback_url` is entered
    for the account, where the protocol has no place for one in the order. `wrong_accounts`: none of them can be topped up.
    `mint` begins its codes, so that two shops sell none alike, behind `marks`; `number_of` makes an order's number from the buyer's. `placed` and `moved` hear of every order at once. Its
    statements are its books, but for what is `misstated`, by the buyer's number, and for orders that are `invented`.
    """

    account: str = "buyer-1"
    key: str = "0123456789abcdef0123456789abcdef"
    balance_e4: int = 100_000_000
    looks: int = 1
    sells_again: bool = False
    callback_url: str = ""
    mint: str = ""
    marks: tuple[str, str] = ("N", "P")
    number_of: Callable[[str], str] | None = None
    articles: dict[int, Article] = field(default_factory=dict)
    wrong_accounts: set[str] = field(default_factory=set)
    orders: dict[str, Order] = field(default_factory=dict)
    numbers: dict[str, Order] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    misstated: dict[str, Misstated] = field(default_factory=dict)
    invented: list[Order] = field(default_factory=list)
    clock: Callable[[], float] = field(default=lambda: BEGAN_S, repr=False)
    placed: Callable[[Order], None] = field(default=lambda _order: None, repr=False)
    moved: Callable[[Order], None] = field(default=lambda _order: None, repr=False)
    _looked: dict[str, int] = field(default_factory=dict)
    _again: dict[str, list[Order]] = field(default_factory=dict)

    def buy(
        self,
        ref: str,
        article_id: int,
        quantity: int,
        fields: Mapping[str, str],
        most_e4: int | None = None,
        callback_url: str = "",
        *,
        once: bool = True,
    ) -> Order | str:
        """The order, or why not. `most_e4`: for all pieces together. `once`: the protocol promises that a number buys once."""
        article = self.articles.get(article_id)
        again = ref in self.orders
        why = (
            "repeated"
            if again and (once or not self.sells_again)
            else self._why_not(article, quantity, fields, most_e4)
        )
        if why:
            self.refused.append(why)
            return why
        assert article is not None
        total_e4 = article.price_e4 * quantity
        number = self.number_of(ref) if self.number_of else f"S{len(self.numbers) + 1:010d}"
        order = Order(ref, number, article, quantity, total_e4, dict(fields), callback_url)
        order.paid_e4, order.gives, order.at_s = total_e4, quantity, self.clock()
        self.balance_e4 -= total_e4
        article.stock -= quantity
        self.numbers[number] = order
        if again:
            self._again.setdefault(ref, []).append(order)
        else:
            self.orders[ref] = order
        self.placed(order)
        if not self.looks:
            self.finish(order)
        return order

    def under(self, ref: str) -> list[Order]:
        """More than one only if a number bought again."""
        first = self.orders.get(ref)
        return [] if first is None else [first, *self._again.get(ref, ())]

    def look(self, order: Order) -> Order:
        """Somebody asks; time goes by."""
        if order.state == "doing":
            looked = self._looked[order.number] = self._looked.get(order.number, 0) + 1
            if looked >= self.looks:
                self.finish(order)
        return order

    def finish(self, order: Order) -> None:
        """As it ends, if it has not."""
        if order.state != "doing":
            return
        if order.article.kind == "code":
            first, second = (f"{mark}{self.mint}{order.number}" for mark in self.marks)
            order.codes = [(f"{first}-{n}", f"{second}-{n}") for n in range(1, order.gives + 1)]
            order.handed = list(order.codes)
        if order.ends == "partial":
            self._give_back(order, order.paid_e4 // 2 if order.returns_e4 is None else order.returns_e4)
        order.state = order.ends
        self.moved(order)

    def fail(self, order: Order, *, refund: bool = True) -> None:
        """It comes to nothing, even if it was done; the money comes back, or has not yet."""
        order.state, order.codes = "failed", []
        if refund:
            self._give_back(order, order.paid_e4 - order.refunded_e4)
        self.moved(order)

    def books(self) -> Books:
        sold: dict[str, int] = {}
        codes: dict[str, list[str]] = {}
        taken_e4 = returned_e4 = 0
        for order in self.numbers.values():
            taken_e4 += order.paid_e4
            returned_e4 += order.refunded_e4
            sold[order.ref] = sold.get(order.ref, 0) + 1
            codes.setdefault(order.ref, []).extend([secret for _number, secret in order.handed])
        return Books(taken_e4, returned_e4, sold, codes)

    def invent(self, amount_e4: int, at_s: float) -> None:
        """An order that nobody placed, for its statements."""
        number = f"S{8_000_000_000 + len(self.invented)}"
        article = next(iter(self.articles.values()))
        self.invented.append(
            Order(number, number, article, 1, amount_e4, {}, state="done", paid_e4=amount_e4, at_s=at_s)
        )

    def listed(self, from_s: float, to_s: float) -> list[Order]:
        """The statement of that span, oldest first; `total_e4` is what it says was taken."""
        found: list[Order] = []
        for order in [*self.numbers.values(), *self.invented]:
            how = self.misstated.get(order.ref, 0)
            if how == "hidden" or not from_s <= order.at_s < to_s:
                continue
            more = how if isinstance(how, int) else 0
            found.append(replace(order, total_e4=order.paid_e4 + more))
            if how == "twice":
                again = f"S{9_000_000_000 + int(order.number[1:])}"
                found.append(replace(order, total_e4=order.paid_e4, number=again))
        return sorted(found, key=lambda order: order.at_s)

    def _give_back(self, order: Order, amount_e4: int) -> None:
        order.refunded_e4 += amount_e4
        self.balance_e4 += amount_e4

    def _why_not(
        self, article: Article | None, quantity: int, fields: Mapping[str, str], most_e4: int | None
    ) -> str:
        if article is None or not article.on_sale:
            return "off_sale"
        if quantity < 1 or article.stock < quantity:
            return "no_stock"
        if any(not fields.get(name) for name in article.fields):
            return "field_missing"
        if self.wrong_accounts.intersection(fields.values()):
            return "wrong_account"
        if most_e4 is not None and article.price_e4 * quantity > most_e4:
            return "too_dear"
        if self.balance_e4 < article.price_e4 * quantity:
            return "no_balance"
        return ""
