"""A connector and its supplier, mouth to mouth: no socket, no clock."""

import json
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from commissary import simulators, supply
from commissary.simulators import Article, Asked, Call, Liar, Lie, Shop
from commissary.supply.types import (
    Connection,
    Connector,
    Conversation,
    Notice,
    Purchase,
    Request,
    Response,
    Result,
    Silence,
)

T = TypeVar("T")
AT_MS = 1_764_140_000_000
CARD, TOPUP = 101, 102
ANY_FIELD = "1"  # some protocols number their fields
PATIENCE_S = 30.0
CALLBACK, ACCOUNT_CALLBACK = "https://mall.example/callback?of=1", "https://mall.example/account"
"""In the order, and entered for the account where an order has no place for it."""
FACES = {"reloadly": "10 USD", "reloadly_airtime": "49.8 CNY"}
"""Who sells a product at many face values. One of them is an article here, and its name ends in it."""
IDS: dict[str, Callable[[Article], str]] = {
    "reloadly": lambda article: f"{article.id}:10",
    "reloadly_airtime": lambda article: f"{article.id}:{article.price_e4 / 10_000:g}",
}
FIELDS = {"dt_one": "mobile_number"}
"""Who names a field for itself in each of its articles, and not as it likes."""
ACCOUNTS = {"dt_one": "+8613800138000"}
"""Who wants a number to be written in one way."""
GUIDE = Path(__file__).parents[2] / "docs/extending/add-a-supplier.md"
EXAMPLE = GUIDE.with_name("example_supplier.py")
FORMS = ("form:kakayun", "form:kasushou", "example:form")
"""Protocols that have a connector of their own, spoken by configuration alone; and the guide's example of a connector, which
speaks to the supplier of the guide's form."""


def form_of(protocol: str) -> Mapping[str, object]:
    """A `form`'s settings: the guide's own example, or a file beside this one. Of others, none."""
    form, _, spoken = protocol.partition(":")
    if form != "form":
        return {}
    if spoken:
        written = (Path(__file__).parent / "forms" / f"{spoken}.json").read_text("utf-8")
    else:
        written = GUIDE.read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    settings: Mapping[str, object] = json.loads(written)
    return settings


def speaker_of(protocol: str) -> Callable[[Connection], Connector]:
    name = protocol.partition(":")[0]
    if name != "example":
        return supply.TABLE[name]
    speaker: Callable[[Connection], Connector] = runpy.run_path(str(EXAMPLE))["ExampleSupplier"]
    return speaker


def supplier_of(protocol: str) -> str:
    """Whose simulator answers."""
    return protocol.rpartition(":")[2]


@dataclass
class Rig:
    """`lies` befall the purchases to come, one each, and `calls` their callbacks, which are `heard` when time goes by."""

    connector: Connector
    shop: Shop
    liar: Liar
    good: int
    field: str
    heard: list[Asked]
    answer: Callable[[Asked], simulators.Said | None] = field(init=False)
    """Who answers: the liar, or whoever a test puts in its place."""

    def __post_init__(self) -> None:
        self.answer = self.liar.answer

    id: Callable[[Article], str] = lambda article: str(article.id)
    account: str = "13800138000"

    @classmethod
    def of(
        cls,
        protocol: str,
        *lies: Lie,
        calls: tuple[Call, ...] = (),
        looks: int = 1,
        key: str = "",
        sells_again: bool = False,
        **liar: Any,
    ) -> "Rig":
        """`good` is a code where the protocol knows codes, else a top-up."""
        shop = Shop(looks=looks, sells_again=sells_again, callback_url=ACCOUNT_CALLBACK)
        to = Connection("https://supplier.example", shop.account, key or shop.key, settings=form_of(protocol))
        connector = speaker_of(protocol)(to)
        facts, face = connector.facts, FACES.get(protocol, "")
        field = facts.field or FIELDS.get(protocol, ANY_FIELD)
        if "code" in facts.kinds:
            shop.articles[CARD] = Article(CARD, f"视频会员 1 个月 {face}".rstrip(), "code", 95_000, 20)
        if "topup" in facts.kinds:
            name = f"话费 50 {face}".rstrip()
            shop.articles[TOPUP] = Article(TOPUP, name, "topup", 498_000, 9, fields={field: "充值账号"})
        heard: list[Asked] = []
        supplier = simulators.TABLE[supplier_of(protocol)](shop)
        lying = Liar(supplier, lies, calls, heard.append, **liar)
        rig = cls(connector, shop, lying, min(shop.articles), field, heard)
        rig.id, rig.account = IDS.get(protocol, rig.id), ACCOUNTS.get(protocol, rig.account)
        return rig

    def id_of(self, article: int) -> str:
        """Of the good that the article is."""
        return self.id(self.shop.articles[article])

    async def send(self, request: Request) -> Response:
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        said = self.answer(Asked(request.method, url.path, headers, request.body, url.query))
        if said is None or said.after_s > PATIENCE_S:
            raise Silence
        return Response(said.status, said.body, dict(said.headers))

    async def ask(self, conversation: Conversation[T]) -> T:
        return await supply.hold(conversation, self.send)

    async def outcome(self, conversation: Conversation[Result]) -> Result:
        return await supply.outcome(conversation, self.send, passed_over=self.connector.facts.passes_over)

    async def buy(
        self, ref: str, good: int | None = None, quantity: int = 1, most_unit_e4: int = 1_000_000
    ) -> Result:
        good = good or self.good
        fields = {self.field: self.account} if good == TOPUP else {}
        purchase = Purchase(ref, self.id_of(good), quantity, most_unit_e4, fields, CALLBACK)
        placing = self.connector.place(AT_MS, purchase)
        passed_over = self.connector.facts.passes_over
        return await supply.outcome(placing, self.send, placing=True, passed_over=passed_over)

    def notice(self, told: Asked) -> Notice:
        return self.connector.notice(told.headers, dict(parse_qsl(told.query)), told.body)

    async def called_back(self) -> Asked | None:
        """About R1, bought here and done; None: the protocol has no callbacks."""
        await self.buy("R1")
        order = self.shop.orders["R1"]
        self.shop.finish(order)
        sent = self.liar.supplier.callback(order)
        assert (sent is not None) is self.connector.facts.callbacks
        return sent

    def called(self) -> list[Notice]:
        """What has been heard by now."""
        return [self.notice(told) for told in self.heard]

    async def ended(self, ref: str, supplier_ref: str = "") -> Result:
        """Asked until it is over, at most five times."""
        for _ in range(5):
            result = await self.outcome(self.connector.query(AT_MS, ref, supplier_ref))
            if result.outcome.value in ("succeeded", "failed"):
                return result
        return result
