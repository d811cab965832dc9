"""From the wire to the lane and back: what every way of ordering by program shares."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

import msgspec
import psycopg

from commissary import catalog, risk, stock, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal, invalid
from commissary.base.home import mall_of
from commissary.catalog.types import AccountRefusal, FieldSpec, SkuCard
from commissary.orders import store, view
from commissary.orders.book import Book
from commissary.orders.lane import Ahead, Elsewhere, Full, Lane, Ticket
from commissary.orders.place import Sold
from commissary.orders.types import Accepted, Declined, Known, OrderRefusal, Wanted, WantedLine
from commissary.orders.wire import LineIn, OrderIn, OrderOut
from commissary.risk.types import Decision, Facts, RiskRefusal, Verdict
from commissary.tenancy.types import AuthRefusal, Caller

_encode = msgspec.json.encode
# A refusal that may stand for a bought order, or that risk made itself, gives no pieces back to a cap.
KEEPS_COUNT = frozenset({AuthRefusal.nonce_used, OrderRefusal.idempotency_conflict, *RiskRefusal})
OPEN_STATES = ("review", "scheduled", "processing")
API = "api"  # the channel of our own API; the others are named after the protocol that was spoken
CONSOLE = "console"  # by hand: the buyer's own people, and order files
STAFF = "staff"  # by hand, by the mall's people for a buyer


@dataclass
class Desk:
    """One per process. `judge` is risk's verdict over an order's facts, counted once; `note` keeps what it said;
    `foresee` is the same without counting."""

    env: Env
    vault: stock.Vault
    holder: str
    address: str
    judge: Callable[[Facts], Verdict] = risk.allow
    give_back: Callable[[Facts], None] = lambda _facts: None
    foresee: Callable[[Sequence[Facts]], list[Verdict]] = lambda orders: [risk.allow(o) for o in orders]
    note: Callable[[int, Decision], None] = lambda _home, _decision: None
    on_batch: Callable[[int, float, bool], None] = lambda _n, _s, _waiting: None
    on_taken: Callable[[int], Awaitable[object]] | None = None
    accounts: catalog.Accounts | None = None
    lanes: dict[int, Lane] = field(default_factory=dict)

    def lane(self, home: int) -> Lane:
        lane = self.lanes.get(home)
        if lane is None:
            lane = self.lanes[home] = Lane(
                self.env.db, home, self.env.ids, self.holder, self.address, self.on_batch, self.on_taken
            )
        return lane

    async def place(self, caller: Caller, asked: OrderIn, channel: str = API) -> OrderOut:
        """One order. Raises Refused; a replay gets the order as it is now."""
        [answer] = await self.place_many(caller, [asked], channel)
        if isinstance(answer, Refused):
            raise answer
        if asked.wait_ms and answer.status in OPEN_STATES:
            return await self._wait(caller, int(answer.id), asked.wait_ms)
        return answer

    async def place_many(
        self, caller: Caller, asked: Sequence[OrderIn], channel: str = API
    ) -> list[OrderOut | Refused]:
        """Each order for itself, answers in the order of the question. Raises Elsewhere when another process places for
        this home: then nothing was done here."""
        if channel == API and tenancy.is_person(caller):
            channel = CONSOLE
        lane = self.lane(caller.key.home_id)
        await lane.ready()
        book = await self._book(lane, asked)
        answers: list[OrderOut | Refused | None] = [None] * len(asked)
        wanted: list[Wanted] = []
        places: list[int] = []
        for i, order in enumerate(asked):
            try:
                if book.checked:
                    await self._check_accounts(caller, order, book)
                wanted.append(self._prepare(caller, order, book, channel))
                places.append(i)
            except Refused as refused:
                answers[i] = refused
        if wanted:
            # The request's one nonce travels with its first order.
            wanted[0].nonce, wanted[0].signed_at = caller.nonce, caller.signed_at
            try:
                tickets = await lane.place(wanted)
            except Full:
                full = RequestRefusal.draining if lane.stopping else RequestRefusal.overloaded
                raise Refused(full) from None
            lost = tickets[0].outcome
            if isinstance(lost, Elsewhere) and all(
                isinstance(t.outcome, Elsewhere) and not t.tried for t in tickets
            ):
                raise lost  # the lane was taken from us while these queued
            placed = await self._answers(caller, tickets)
            for i, answer in zip(places, placed, strict=True):
                answers[i] = answer
        return [a for a in answers if a is not None]

    def queue_at_once(
        self, caller: Caller, asked: OrderIn, told: Callable[[], object], ahead: Ahead
    ) -> Ticket | None:
        """One order into the lane, if nothing has to be waited for before it may queue; `told` is called when its outcome
        is there, and `answer_at_once` or `answer` says it; `ahead`: see Group. None: nothing was done, `place` is to be
        asked. Raises Refused."""
        lane = self.lane(caller.key.home_id)
        book = lane.book_at_once()
        if book is None or asked.wait_ms or not lane.has_room(1):
            return None
        cards = book.cards
        for line in asked.lines or (asked,):
            if line.sku_id is None or int(line.sku_id) not in cards or int(line.sku_id) in book.checked:
                return None
        wanted = self._prepare(caller, asked, book)
        wanted.nonce, wanted.signed_at = caller.nonce, caller.signed_at
        [ticket] = lane.queue((wanted,), told, ahead)
        return ticket

    def answer_at_once(self, caller: Caller, outcome: object, sold: Sold | None) -> OrderOut | None:
        """The fresh order, if its codes' data keys are open. None: ask `answer`."""
        vault, home = self.vault, caller.key.home_id
        book = self.lane(home).book_at_once()
        if not isinstance(outcome, Accepted) or sold is None or book is None or outcome.wanted.verdict.hits:
            return None
        codes = "codes:read" in caller.key.scopes
        try:
            return view.fresh(outcome, sold, home, book.currency, vault, codes=codes, livemode=not book.test)
        except stock.Locked:
            return None

    async def answer(self, caller: Caller, ticket: Ticket) -> OrderOut:
        """What became of a queued order. Raises Refused; Elsewhere when the lane was taken before it was tried."""
        if isinstance(ticket.outcome, Elsewhere) and not ticket.tried:
            raise ticket.outcome
        [answer] = await self._answers(caller, [ticket])
        if isinstance(answer, Refused):
            raise answer
        return answer

    async def _book(self, lane: Lane, asked: Sequence[OrderIn]) -> Book:
        """What the lane knows of the mall; asked for goods it does not know, it looks whether they are new."""
        book = await lane.book()
        cards = book.cards
        for order in asked:
            for line in order.lines or (order,):
                if line.sku_id is not None and int(line.sku_id) not in cards:
                    return await self._newer_book(lane)
        return book

    async def _newer_book(self, lane: Lane) -> Book:
        async with self.env.db.transaction(mall_of(lane.home)) as tx:
            found = await db.row(tx, store.Q.epoch, {"mall": mall_of(lane.home)})
        if found is not None:
            await lane.reload(found[0])
        return await lane.book()

    async def card(self, caller: Caller, sku_id: int) -> SkuCard | None:
        """A SKU of the caller's mall as orders are checked against it, listed or not."""
        lane = self.lane(caller.key.home_id)
        found = (await lane.book()).cards.get(sku_id)
        return found if found is not None else (await self._newer_book(lane)).cards.get(sku_id)

    async def check_account(
        self, caller: Caller, sku_id: int, fields: dict[str, str]
    ) -> AccountRefusal | None:
        """Why an order for these fields would be refused. Refuses sku_unknown, and fields of the wrong form."""
        card = await self.card(caller, sku_id)
        if card is None or card.status != "listed":
            raise Refused(OrderRefusal.sku_unknown)
        clean, faults = catalog.check_fields(card.fields, fields)
        if faults:
            path = [FieldFault(f"fields.{f.path}", f.message) for f in faults]
            raise Refused(RequestRefusal.invalid_request, fields=path)
        if self.accounts is None:
            return None
        no = await self.accounts.check(caller.key.mall_id, sku_id, card.fields, clean)
        return no[0] if no else None

    async def order(self, caller: Caller, order_id: int) -> OrderOut:
        """The buyer's order as it is now; another's is not found."""
        found = await self._load(caller, [order_id])
        if order_id not in found:
            raise Refused(OrderRefusal.order_not_found)
        return found[order_id]

    async def by_client_no(self, caller: Caller, client_order_no: str) -> OrderOut:
        async with self.env.db.transaction(caller.key.mall_id) as tx:
            found = await db.row(
                tx,
                store.Q.order_by_key,
                {"home": caller.key.home_id, "key": key_of(caller.key.organisation_id, client_order_no)},
            )
        if found is None:
            raise Refused(OrderRefusal.order_not_found)
        return await self.order(caller, found[0])

    async def orders(
        self, caller: Caller, before: int | None, size: int
    ) -> tuple[list[OrderOut], str | None]:
        """Newest first, without codes; the cursor is the last id."""
        async with self.env.db.transaction(caller.key.mall_id) as tx:
            rows = await db.rows(
                tx,
                store.Q.orders_of_buyer,
                {
                    "home": caller.key.home_id,
                    "buyer": caller.key.organisation_id,
                    "before": before or 2**63 - 1,
                    "size": size,
                },
            )
            ids = [r[0] for r in rows]
            found = await view.load(
                tx,
                caller.key.home_id,
                ids,
                self.vault,
                self.env.keys,
                codes=False,
                livemode=not self.env.is_test(caller.key.mall_id),
            )
        return [found[i] for i in ids], (str(ids[-1]) if len(ids) == size else None)

    async def reload(self, mall: int, epoch: int) -> None:
        """Hang it on `Epochs.watch`: fields and kinds of goods are checked before the lane looks at the epoch."""
        for lane in self.lanes.values():
            if mall_of(lane.home) == mall:
                await lane.reload(epoch)

    async def keep(self) -> None:
        """Every second or so: hold on to the lanes in use."""
        for lane in list(self.lanes.values()):
            with contextlib.suppress(Elsewhere):
                await lane.keep()

    async def drain(self) -> None:
        """Finish what is queued and give every lane back; orders that come later are refused as `draining`."""
        await asyncio.gather(*(lane.drain() for lane in self.lanes.values()), return_exceptions=True)

    # From wire to lane

    async def _check_accounts(self, caller: Caller, asked: OrderIn, book: Book) -> None:
        """Before risk counts and the lane queues. What is wrong in form is refused later, and what was placed already is
        answered as it is, whatever became of the number since."""
        if self.accounts is None:
            return
        for i, line in enumerate(_lines_of(asked)):
            if int(line.sku_id) not in book.checked:
                continue
            specs = book.cards[int(line.sku_id)].fields
            clean, faults = catalog.check_fields(specs, line.fields or {})
            no = None if faults else await self.accounts.check(book.mall_id, int(line.sku_id), specs, clean)
            if no is not None and not await self._was_placed(caller, asked.client_order_no):
                refusal, name = no
                told = [FieldFault(f"lines[{i}].fields.{name}", f"{refusal.en} / {refusal.zh}")]
                raise Refused(refusal, fields=told)

    async def _was_placed(self, caller: Caller, client_order_no: str) -> bool:
        key = key_of(caller.key.organisation_id, client_order_no)
        async with self.env.db.transaction(caller.key.mall_id) as tx:
            found = await db.row(tx, store.Q.order_by_key, {"home": caller.key.home_id, "key": key})
        return found is not None

    def _prepare(self, caller: Caller, asked: OrderIn, book: Book, channel: str = API) -> Wanted:
        """Check what needs no lock, seal personal data, ask risk once."""
        asked_lines = _lines_of(asked)
        lines = tuple([self._line(i, line, book) for i, line in enumerate(asked_lines)])
        end_user = asked.end_user
        if end_user is not None and end_user.ip is not None:
            _valid_ip(end_user.ip)
        # Of another protocol's callback the guard of outgoing calls was asked before.
        if (
            channel == API
            and asked.callback_url is not None
            and not asked.callback_url.startswith("https://")
        ):
            raise invalid("callback_url", "must be an https:// URL")
        shop = "" if channel in (API, CONSOLE, STAFF) else f"{channel}|{caller.key.id}"
        key, body = (
            key_of(caller.key.organisation_id, asked.client_order_no),
            body_of(asked, asked_lines, shop),
        )
        facts = Facts(
            mall_id=caller.key.mall_id,
            buyer_id=caller.key.organisation_id,
            key_id=caller.key.id,
            ip=caller.ip,
            at_s=time.time(),
            lines=lines,
            end_user_ip=end_user.ip if end_user else None,
            device_id=end_user.device_id if end_user else None,
            order_key=key + body,
        )
        return Wanted(
            buyer=caller.key,
            client_order_no=asked.client_order_no,
            lines=lines,
            key=key,
            body=body,
            verdict=self.judge(facts),
            decision_id=self.env.ids.new(),
            quote_id=int(asked.quote_id) if asked.quote_id else None,
            ip=end_user.ip if end_user else None,
            device_id=end_user.device_id if end_user else None,
            callback_url=asked.callback_url,
            channel=channel,
            request_id=caller.request_id,
            facts=facts,
        )

    def _line(self, i: int, asked: LineIn, book: Book) -> WantedLine:
        sku_id = int(asked.sku_id)
        most = None
        if asked.max_unit_price is not None:
            if asked.max_unit_price.currency != book.currency:
                raise invalid(f"lines[{i}].max_unit_price.currency", f"this mall trades in {book.currency}")
            most = money.parse(asked.max_unit_price.amount)
        card = book.cards.get(sku_id)
        specs = card.fields if card is not None else ()
        if not specs and not asked.fields:
            return WantedLine(sku_id, asked.quantity, most)
        if card is None:
            # Were it known to a newer book only, the order would be placed without its fields.
            raise Refused(
                OrderRefusal.sku_unknown,
                fields=[FieldFault(f"lines[{i}].sku_id", OrderRefusal.sku_unknown.en)],
            )
        clean, faults = catalog.check_fields(specs, asked.fields or {})
        if faults:
            raise Refused(
                RequestRefusal.invalid_request,
                fields=[FieldFault(f"lines[{i}].fields.{f.path}", f.message) for f in faults],
            )
        return self.sealed(book.mall_id, WantedLine(sku_id, asked.quantity, most, clean), specs)

    def sealed(self, mall: int, line: WantedLine, specs: Sequence[FieldSpec]) -> WantedLine:
        """With its fields as they are kept: sealed, and the account they name as blind index and last digits."""
        clean = line.fields or {}
        target = next((clean[s.name] for s in specs if s.target and s.name in clean), None)
        return WantedLine(
            line.sku_id,
            line.quantity,
            line.max_unit_price_e4,
            clean,
            self.env.keys.seal_field(mall, "order-fields", _encode(clean)),
            self.env.keys.blind(f"target|{mall}", target)[:16] if target else None,
            target[-4:] if target else None,
        )

    # From lane to wire

    async def _answers(self, caller: Caller, tickets: Sequence[Ticket]) -> list[OrderOut | Refused]:
        codes = "codes:read" in caller.key.scopes
        home = caller.key.home_id
        if codes:
            batches = {
                r.batch_id
                for t in tickets
                if isinstance(t.outcome, Accepted)
                for line in t.outcome.lines
                for r in line.ranges
            }
            await self.vault.unlock(self.env.db, home, batches)
        known = [t.outcome.order_id for t in tickets if isinstance(t.outcome, Known)]
        replays = await self._load(caller, known) if known else {}
        book = await self.lane(home).book()
        answers: list[OrderOut | Refused] = []
        for ticket in tickets:
            outcome = ticket.outcome
            if ticket.wanted.verdict.hits:
                self.note(home, _decision(ticket, self.env.now(caller.key.mall_id)))
            if isinstance(outcome, Accepted):
                assert ticket.sold is not None
                answers.append(
                    view.fresh(
                        outcome,
                        ticket.sold,
                        home,
                        book.currency,
                        self.vault,
                        codes=codes,
                        livemode=not book.test,
                    )
                )
            elif isinstance(outcome, Known):
                answers.append(replays[outcome.order_id])
            elif isinstance(outcome, Declined):
                if ticket.wanted.facts is not None and outcome.refusal not in KEEPS_COUNT:
                    self.give_back(ticket.wanted.facts)
                fields = [FieldFault(outcome.path, outcome.refusal.en)] if outcome.path else []
                answers.append(Refused(outcome.refusal, fields=fields, **outcome.facts))
            else:
                lost = isinstance(outcome, psycopg.OperationalError | Elsewhere)
                answers.append(Refused(RequestRefusal.unavailable if lost else RequestRefusal.internal))
        return answers

    async def _load(self, caller: Caller, ids: Sequence[int]) -> dict[int, OrderOut]:
        codes = "codes:read" in caller.key.scopes
        async with self.env.db.transaction(caller.key.mall_id, "vault" if codes else "app") as tx:
            return await view.load(
                tx,
                caller.key.home_id,
                ids,
                self.vault,
                self.env.keys,
                codes=codes,
                buyer_id=caller.key.organisation_id,
                livemode=not self.env.is_test(caller.key.mall_id),
            )

    async def _wait(self, caller: Caller, order_id: int, wait_ms: int) -> OrderOut:
        """Until the order is no longer open, or the bound: then as it is."""
        deadline = time.monotonic() + wait_ms / 1000
        while True:
            await asyncio.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
            order = await self.order(caller, order_id)
            stopping = self.lane(caller.key.home_id).stopping
            if order.status not in OPEN_STATES or time.monotonic() >= deadline or stopping:
                return order


def _decision(ticket: Ticket, at: datetime) -> Decision:
    wanted, outcome = ticket.wanted, ticket.outcome
    return Decision(
        id=wanted.decision_id,
        order_id=outcome.id if isinstance(outcome, Accepted) else None,
        client_order_no=wanted.client_order_no,
        buyer_id=wanted.buyer.organisation_id,
        verdict=wanted.verdict.action,
        hits=wanted.verdict.hits,
        at=at,
    )


def key_of(buyer_id: int, client_order_no: str) -> bytes:
    """The idempotency key: a buyer's own order number, in 16 bytes."""
    return hashlib.blake2b(b"%d|%b" % (buyer_id, client_order_no.encode()), digest_size=16).digest()


def body_of(asked: OrderIn, lines: tuple[LineIn, ...], shop: str = "") -> bytes:
    """What must be equal for a replay: everything but how long the caller wants to wait. `shop`: which of a buyer's shops
    asks, where shops count their orders by themselves; equal numbers of two are two orders, and never one code for both.
    """
    content = (lines, asked.quote_id, asked.end_user, asked.callback_url, *([shop] if shop else []))
    return hashlib.blake2b(_encode(content), digest_size=16).digest()


def _lines_of(asked: OrderIn) -> tuple[LineIn, ...]:
    if asked.lines is not None:
        if asked.sku_id or asked.quantity or asked.max_unit_price or asked.fields:
            raise invalid("lines", "either lines or the short form of one line, not both")
        return asked.lines
    if asked.sku_id is None:
        raise invalid("sku_id", "is required, or lines")
    return (LineIn(asked.sku_id, asked.quantity or 1, asked.max_unit_price, asked.fields),)


def _valid_ip(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        raise invalid("end_user.ip", "is not an IP address") from None
