"""The two clients: the conversations of `talk`, carried by httpx with or without `await`.

httpx is the one dependency. It costs more per request than the standard library and repays it with connection
pools, proxies, HTTP timeouts per phase and one interface for both clients; who buys by the thousand uses
`place_batch`, where the client is a small part of the time.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx

from . import talk, wire
from .talk import Answer, ClientCredentials, Lost, Retry, Send, Session, SigningKey, Talk, Wait
from .types import Balance, EndUser, Line, Order, Placement, Product, Purchase, Quote

USER_AGENT = "commissary-sdk-python/0.1.0"
T = TypeVar("T")


class Commissary:
    """A buyer's connection to one mall. Safe to share between threads.

    `http` may be your own `httpx.Client` (proxy, client certificate); it is then yours to close.
    """

    def __init__(
        self,
        base_url: str,
        credentials: SigningKey | ClientCredentials,
        *,
        retry: Retry | None = None,
        timeout_s: float = 30.0,
        allow_plain_http: bool = False,
        http: httpx.Client | None = None,
    ) -> None:
        origin = _origin(base_url, allow_plain_http)
        self.session = Session(base_url, credentials, retry or Retry(), timeout_s)
        self._origin = origin
        self._own = http is None
        self._http = http or httpx.Client(limits=_LIMITS)

    @classmethod
    def from_env(cls) -> Self:
        """From `COMMISSARY_URL`, `COMMISSARY_KEY` and `COMMISSARY_SECRET`."""
        return cls(*_from_env())

    def place(
        self,
        client_order_no: str,
        lines: Line | Sequence[Line],
        *,
        quote_id: str | None = None,
        wait_ms: int | None = None,
        end_user: EndUser | None = None,
        callback_url: str | None = None,
    ) -> Order:
        """Buys. However the network behaves, and however often you call it, one number is at most one order.

        `wait_ms` asks the mall to answer with the codes if they come that soon. Raises OutcomeUnknown if the fate
        stays open: then call again with the same arguments.
        """
        purchase = Purchase(client_order_no, lines, quote_id, wait_ms, end_user, callback_url)
        return self._run(talk.place(self.session, purchase))

    def place_batch(self, purchases: Iterable[Purchase]) -> list[Placement]:
        """Any number of orders, a thousand to a request. Every order has its own answer; none is raised."""
        return [
            placement
            for chunk in _chunks(purchases)
            for placement in self._run(talk.place_batch(self.session, chunk))
        ]

    def cancel(self, order: Order | str, *, idempotency_key: str | None = None) -> Order:
        return self._run(talk.cancel(self.session, _id(order), idempotency_key))

    def correct(
        self,
        order: Order | str,
        line_no: int,
        fields: Mapping[str, str],
        *,
        idempotency_key: str | None = None,
    ) -> Order:
        """All fields of a line as they should be, once its `fix` says that one is wrong. The money that is held stays the
        line's; nothing is charged twice."""
        return self._run(talk.correct(self.session, _id(order), line_no, fields, idempotency_key))

    def order(self, order: Order | str) -> Order:
        """The order as it is now."""
        return self._run(talk.order_by_id(self.session, _id(order)))

    def find_order(self, client_order_no: str) -> Order | None:
        """The order placed under your number, if there is one."""
        return self._run(talk.find_order(self.session, client_order_no))

    def wait_for(self, order: Order, timeout_s: float = 60.0) -> Order:
        """The order once it is final; raises StillPending. For long waits use webhooks."""
        return self._run(talk.wait_for(self.session, order, timeout_s))

    def quote(self, lines: Line | Sequence[Line]) -> Quote:
        return self._run(talk.quote_lines(self.session, lines))

    def balance(self) -> Balance:
        return self._run(talk.balance(self.session))

    def iter_products(self, **filters: str) -> Iterator[Product]:
        """Everything you may buy, page by page. `filters` are those of the list in the API's documentation."""
        following: dict[str, str] | None = filters
        while following is not None:
            page = self._run(talk.product_page(self.session, following))
            yield from page.products
            following = None if page.following is None else dict(page.following)

    def close(self) -> None:
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, conversation: Talk[T]) -> T:
        reply: Answer | Lost | None = None
        while True:
            try:
                step = conversation.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Wait):
                time.sleep(step.seconds)
                reply = None
            else:
                reply = self._exchange(step)

    def _exchange(self, send: Send) -> Answer | Lost:
        try:
            answer = self._http.request(
                send.method,
                self._origin + send.target,
                content=send.body,
                headers={"User-Agent": USER_AGENT, **send.headers},
                timeout=send.timeout_s,
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            return _lost(error)
        return _answer(answer)


class AsyncCommissary:
    """`Commissary` with `await`, for one event loop. `http` may be your own `httpx.AsyncClient`."""

    def __init__(
        self,
        base_url: str,
        credentials: SigningKey | ClientCredentials,
        *,
        retry: Retry | None = None,
        timeout_s: float = 30.0,
        allow_plain_http: bool = False,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        origin = _origin(base_url, allow_plain_http)
        self.session = Session(base_url, credentials, retry or Retry(), timeout_s)
        self._origin = origin
        self._own = http is None
        self._http = http or httpx.AsyncClient(limits=_LIMITS)

    @classmethod
    def from_env(cls) -> Self:
        """From `COMMISSARY_URL`, `COMMISSARY_KEY` and `COMMISSARY_SECRET`."""
        return cls(*_from_env())

    async def place(
        self,
        client_order_no: str,
        lines: Line | Sequence[Line],
        *,
        quote_id: str | None = None,
        wait_ms: int | None = None,
        end_user: EndUser | None = None,
        callback_url: str | None = None,
    ) -> Order:
        """See `Commissary.place`. If the task is cancelled the order's fate is open: call again, same arguments."""
        purchase = Purchase(client_order_no, lines, quote_id, wait_ms, end_user, callback_url)
        return await self._run(talk.place(self.session, purchase))

    async def place_batch(self, purchases: Iterable[Purchase]) -> list[Placement]:
        """See `Commissary.place_batch`."""
        placements: list[Placement] = []
        for chunk in _chunks(purchases):
            placements += await self._run(talk.place_batch(self.session, chunk))
        return placements

    async def cancel(self, order: Order | str, *, idempotency_key: str | None = None) -> Order:
        return await self._run(talk.cancel(self.session, _id(order), idempotency_key))

    async def correct(
        self,
        order: Order | str,
        line_no: int,
        fields: Mapping[str, str],
        *,
        idempotency_key: str | None = None,
    ) -> Order:
        """See `Commissary.correct`."""
        return await self._run(talk.correct(self.session, _id(order), line_no, fields, idempotency_key))

    async def order(self, order: Order | str) -> Order:
        """The order as it is now."""
        return await self._run(talk.order_by_id(self.session, _id(order)))

    async def find_order(self, client_order_no: str) -> Order | None:
        """The order placed under your number, if there is one."""
        return await self._run(talk.find_order(self.session, client_order_no))

    async def wait_for(self, order: Order, timeout_s: float = 60.0) -> Order:
        """The order once it is final; raises StillPending. For long waits use webhooks."""
        return await self._run(talk.wait_for(self.session, order, timeout_s))

    async def quote(self, lines: Line | Sequence[Line]) -> Quote:
        return await self._run(talk.quote_lines(self.session, lines))

    async def balance(self) -> Balance:
        return await self._run(talk.balance(self.session))

    async def iter_products(self, **filters: str) -> AsyncIterator[Product]:
        """See `Commissary.iter_products`."""
        following: dict[str, str] | None = filters
        while following is not None:
            page = await self._run(talk.product_page(self.session, following))
            for product in page.products:
                yield product
            following = None if page.following is None else dict(page.following)

    async def close(self) -> None:
        if self._own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, conversation: Talk[T]) -> T:
        reply: Answer | Lost | None = None
        while True:
            try:
                step = conversation.send(reply)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                reply = None
            else:
                reply = await self._exchange(step)

    async def _exchange(self, send: Send) -> Answer | Lost:
        try:
            answer = await self._http.request(
                send.method,
                self._origin + send.target,
                content=send.body,
                headers={"User-Agent": USER_AGENT, **send.headers},
                timeout=send.timeout_s,
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            return _lost(error)
        return _answer(answer)


_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=15.0)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _origin(base_url: str, allow_plain_http: bool) -> str:
    url = urlsplit(base_url)
    if (
        url.scheme not in ("http", "https")
        or not url.hostname
        or url.query
        or url.fragment
        or "@" in url.netloc
    ):
        raise ValueError(f"not the base URL of a mall: {base_url!r}")
    if url.scheme == "http" and url.hostname not in _LOOPBACK and not allow_plain_http:
        raise ValueError(
            "codes would travel readable over http: use https, or allow_plain_http=True in a closed network"
        )
    return f"{url.scheme}://{url.netloc}"


def _from_env() -> tuple[str, SigningKey]:
    missing = [
        name for name in ("COMMISSARY_URL", "COMMISSARY_KEY", "COMMISSARY_SECRET") if name not in os.environ
    ]
    if missing:
        raise ValueError(f"not set: {', '.join(missing)}")
    return os.environ["COMMISSARY_URL"], SigningKey(
        os.environ["COMMISSARY_KEY"], os.environ["COMMISSARY_SECRET"]
    )


def _chunks(purchases: Iterable[Purchase]) -> list[list[Purchase]]:
    """All are looked at before the first is sent: a typing mistake in the last must not strike half-way."""
    checked = list(purchases)
    for purchase in checked:
        wire.purchase_json(purchase)
    return [checked[start : start + talk.BATCH_MAX] for start in range(0, len(checked), talk.BATCH_MAX)]


def _answer(answer: httpx.Response) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, headers, answer.content)


def _lost(error: httpx.HTTPError) -> Lost:
    unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return Lost(not unsent, f"{type(error).__name__}: {error}")


def _id(order: Order | str) -> str:
    return order if isinstance(order, str) else order.id
