"""The conversations with a mall, without sockets: a generator yields what to do and receives what came of it.

Both clients run the same conversations; a test can run one with recorded answers and a `for` loop. `place` is the
page to read: it is where one call must never become two orders.
"""

import base64
import email.utils
import json
import random
import secrets
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus, urlencode, urlsplit

from . import wire
from .errors import (
    CommissaryError,
    IdempotencyConflict,
    NoAnswer,
    NotFound,
    Outcome,
    OutcomeUnknown,
    ProblemError,
    StillPending,
    TimestampOutOfWindow,
    UnexpectedAnswer,
    from_problem,
)
from .signing import signed_headers
from .types import Balance, Line, Order, Placement, Product, Purchase, Quote

BATCH_MAX = 1000
PAGE_SIZE = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """Do this HTTP request; answer with `Answer` or `Lost`."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Sleep, then go on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer. `sent` is False only if it is certain that no byte of the request reached the mall."""

    sent: bool
    reason: str
    retry_after_s: float | None = None


Step = Send | Wait
Reply = Answer | Lost | None
Talk = Generator[Step, Reply, T]


@dataclass(frozen=True, slots=True)
class SigningKey:
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """`tries` in all; pauses grow from `first_wait_s` by doubling, with jitter, up to `longest_wait_s`.

    A `Retry-After` is obeyed; if it asks for more than `longest_wait_s`, the call gives up at once instead.
    """

    tries: int = 6
    first_wait_s: float = 0.25
    longest_wait_s: float = 30.0


@dataclass(slots=True)
class Session:
    """What one client remembers: who it is, how far its clock is off, its bearer token."""

    base_url: str
    credentials: SigningKey | ClientCredentials
    retry: Retry = field(default_factory=Retry)
    timeout_s: float = 30.0
    clock: Callable[[], float] = time.time
    nonce: Callable[[], str] = lambda: secrets.token_hex(16)
    chance: Callable[[], float] = random.random
    clock_offset_s: float = 0.0
    token: str | None = field(default=None, repr=False)
    token_until_s: float = 0.0

    def path(self, path: str) -> str:
        return urlsplit(self.base_url).path.rstrip("/") + path


def place(session: Session, purchase: Purchase) -> Talk[Order]:
    """One purchase, at most one order.

    Every try carries the same number and the same bytes, with a new nonce and timestamp. After a try whose fate is
    unknown, the mall is asked for the number before anything is sent again.
    """
    body = wire.dump(wire.purchase_json(purchase))
    timeout_s = _patience(session, purchase)
    doubt = False  # some try may have been accepted without our knowing
    ask_first = False
    seen: Order | None = None
    last: CommissaryError | None = None
    for attempt in range(session.retry.tries):
        if last is not None:
            wait = _pause(session, attempt, last)
            if wait is None:
                break
            yield wait
        try:
            if ask_first:
                seen = yield from _ask(session, purchase.client_order_no)
                ask_first = False
            # With `seen` this cannot buy: it is a replay, which proves that the order is ours and brings its codes.
            reply = yield from _exchange(session, "POST", "/v1/orders", body=body, timeout_s=timeout_s)
            return _read(wire.order, _result(reply))
        except CommissaryError as error:
            last = error
        if ask_first:
            continue  # the question itself went unanswered
        if last.outcome != "failed":
            doubt = ask_first = True
        elif not _passing(last):
            break

    assert last is not None  # noqa: S101
    if not doubt or isinstance(last, IdempotencyConflict):
        raise last
    # A later refusal says nothing about an earlier try that was perhaps accepted.
    answered = True
    try:
        seen = yield from _ask(session, purchase.client_order_no)
    except CommissaryError:
        answered = False
    if seen is not None and _same_goods(seen, purchase):
        return seen
    if answered and last.outcome == "failed" and not _passing(last):
        raise last
    raise _unknown(purchase, last) from last


def place_batch(session: Session, purchases: Sequence[Purchase]) -> Talk[list[Placement]]:
    """Up to `BATCH_MAX` purchases in one request; answers in the order of the questions.

    Only those without a final answer are sent again, with the same numbers and contents. A repeat returns the order
    that an unknown try has placed, so the questions are kept for what is still in doubt at the end.
    """
    contents = [wire.purchase_json(purchase) for purchase in purchases]
    timeout_s = max([session.timeout_s, *(_patience(session, purchase) for purchase in purchases)])
    placed: dict[int, Order] = {}
    errors: dict[int, CommissaryError] = {}
    doubtful: set[int] = set()
    open_ = list(range(len(purchases)))
    last: CommissaryError | None = None
    for attempt in range(session.retry.tries):
        if last is not None:
            wait = _pause(session, attempt, last)
            if wait is None:
                break
            yield wait
        body = wire.dump({"orders": [contents[index] for index in open_]})
        reply = yield from _exchange(session, "POST", "/v1/orders/batch", body=body, timeout_s=timeout_s)
        again: list[int] = []
        for index, outcome in zip(open_, _batch_outcomes(reply, len(open_)), strict=True):
            if isinstance(outcome, Order):
                placed[index] = outcome
                continue
            last = errors[index] = outcome
            if outcome.outcome != "failed":
                doubtful.add(index)
                again.append(index)
            elif _passing(outcome):
                again.append(index)
        open_ = again
        if not open_:
            break

    answered = True
    placements = []
    for index, purchase in enumerate(purchases):
        order = placed.get(index)
        error = errors.get(index)
        if order is None and index in doubtful and not isinstance(error, IdempotencyConflict):
            try:
                seen = (yield from _ask(session, purchase.client_order_no)) if answered else None
            except CommissaryError:
                answered, seen = False, None  # asking hundreds of times more would not help
            if seen is not None and _same_goods(seen, purchase):
                order = seen
            elif error is not None and not (answered and error.outcome == "failed" and not _passing(error)):
                error = _unknown(purchase, error)
        placements.append(Placement(purchase.client_order_no, order, error if order is None else None))
    return placements


def cancel(session: Session, order_id: str, idempotency_key: str | None) -> Talk[Order]:
    """Needs no question first: the key makes every repeat the same cancellation."""
    key = idempotency_key or session.nonce()
    path = f"/v1/orders/{_segment(order_id)}/cancel"
    return _read(wire.order, (yield from _call(session, "POST", path, idempotency_key=key)))


def correct(
    session: Session, order_id: str, line_no: int, fields: Mapping[str, str], idempotency_key: str | None
) -> Talk[Order]:
    """Needs no question first, as a cancellation does not."""
    key = idempotency_key or session.nonce()
    path = f"/v1/orders/{_segment(order_id)}/lines/{int(line_no)}/fields"
    body = wire.dump({"fields": dict(sorted(fields.items()))})
    return _read(wire.order, (yield from _call(session, "POST", path, body=body, idempotency_key=key)))


def order_by_id(session: Session, order_id: str) -> Talk[Order]:
    return _read(wire.order, (yield from _call(session, "GET", f"/v1/orders/{_segment(order_id)}")))


def find_order(session: Session, client_order_no: str) -> Talk[Order | None]:
    try:
        value = yield from _call(session, "GET", "/v1/orders", _query({"client_order_no": client_order_no}))
    except NotFound as error:
        _must_be_ours(error)
        return None
    return _only_order(value, client_order_no)


def wait_for(session: Session, order: Order, timeout_s: float) -> Talk[Order]:
    """Asks after 0.5 s, then ever more rarely, down to every 5 s. Raises StillPending."""
    until_s = session.clock() + timeout_s
    pause_s = 0.5
    while not order.final:
        left_s = until_s - session.clock()
        if left_s <= 0:
            raise StillPending(order)
        yield Wait(min(pause_s, left_s))
        pause_s = min(pause_s * 1.5, 5.0)
        order = yield from order_by_id(session, order.id)
    return order


def quote_lines(session: Session, lines: Line | Sequence[Line]) -> Talk[Quote]:
    """A repeat makes another quote, which costs nobody anything."""
    rows = [{"sku_id": row["sku_id"], "quantity": row["quantity"]} for row in wire.lines_json(lines)]
    value = yield from _call(session, "POST", "/v1/quotes", body=wire.dump({"lines": rows}))
    return _read(wire.quote, value)


def balance(session: Session) -> Talk[Balance]:
    return _read(wire.balance, (yield from _call(session, "GET", "/v1/balance")))


@dataclass(frozen=True, slots=True)
class Page:
    """`following` is the query of the next page, None on the last."""

    products: tuple[Product, ...]
    following: Mapping[str, str] | None


def product_page(session: Session, query: Mapping[str, str]) -> Talk[Page]:
    value = yield from _call(session, "GET", "/v1/products", _query({"size": str(PAGE_SIZE), **query}))
    return _read(lambda page: _page(page, query), value)


def _call(
    session: Session,
    method: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    idempotency_key: str | None = None,
) -> Talk[Any]:
    """A call that may be repeated as it is: one that changes nothing, or a change under an idempotency key."""
    doubt = False
    last: CommissaryError | None = None
    for attempt in range(session.retry.tries):
        if last is not None:
            wait = _pause(session, attempt, last)
            if wait is None:
                break
            yield wait
        reply = yield from _exchange(session, method, path, query, body, idempotency_key=idempotency_key)
        try:
            return _result(reply)
        except CommissaryError as error:
            last = error
        doubt |= last.outcome != "failed"
        if last.outcome == "failed" and not _passing(last):
            break
    assert last is not None  # noqa: S101
    if idempotency_key is None:
        last.outcome = "failed"
    elif doubt and (last.outcome != "failed" or _passing(last)):
        raise OutcomeUnknown(
            f"{method} {path} may have taken effect: {last}", idempotency_key=idempotency_key
        ) from last
    raise last


def _ask(session: Session, client_order_no: str) -> Talk[Order | None]:
    """One try; the loops around it repeat it."""
    reply = yield from _exchange(session, "GET", "/v1/orders", _query({"client_order_no": client_order_no}))
    try:
        return _only_order(_result(reply), client_order_no)
    except NotFound as error:
        _must_be_ours(error)
        return None


def _exchange(
    session: Session,
    method: str,
    path: str,
    query: str = "",
    body: bytes = b"",
    *,
    idempotency_key: str | None = None,
    timeout_s: float | None = None,
) -> Talk[Answer | Lost]:
    """One try: with fresh authentication, mended once if the mall refused it for a reason that we can mend."""
    headers = {"Accept": "application/json"}
    if body:
        headers["Content-Type"] = "application/json"
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    full_path = session.path(path)
    target = f"{full_path}?{query}" if query else full_path
    mended = False
    while True:
        match session.credentials:
            case SigningKey(key, secret):
                timestamp = int(session.clock() + session.clock_offset_s)
                proof = signed_headers(
                    key, secret, method, full_path, query, timestamp, session.nonce(), body
                )
            case ClientCredentials() as credentials:
                if session.token is None or session.clock() >= session.token_until_s:
                    failure = yield from _fetch_token(session, credentials)
                    if failure is not None:
                        return failure
                proof = {"Authorization": f"Bearer {session.token}"}
        reply = yield Send(method, target, {**headers, **proof}, body, timeout_s or session.timeout_s)
        assert reply is not None  # noqa: S101
        if mended or isinstance(reply, Lost) or reply.status != 401:
            return reply
        refusal = _problem(reply)
        if isinstance(refusal, TimestampOutOfWindow):
            # Refused before anything was looked at, so the same call may follow at once.
            session.clock_offset_s = _clock_offset(session, reply)
        elif refusal.outcome == "failed" and isinstance(session.credentials, ClientCredentials):
            session.token = None
        else:
            return reply
        mended = True


def _fetch_token(session: Session, credentials: ClientCredentials) -> Talk[Answer | Lost | None]:
    """None if there is a token now; otherwise what to say of the call that could not be made."""
    form = {"grant_type": "client_credentials"}
    if credentials.scope is not None:
        form["scope"] = credentials.scope
    pair = f"{quote_plus(credentials.client_id)}:{quote_plus(credentials.client_secret)}"
    headers = {
        "Accept": "application/json",
        "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    path = session.path("/oauth/token")
    reply = yield Send("POST", path, headers, urlencode(form).encode(), session.timeout_s)
    assert reply is not None  # noqa: S101
    if isinstance(reply, Lost):
        return Lost(False, reply.reason)
    if reply.status == 429 or reply.status >= 500:
        return Lost(False, f"{path} answered {reply.status}", _retry_after_s(reply))
    if reply.status != 200:
        return reply
    try:
        grant = json.loads(reply.body)
        session.token = str(grant["access_token"])
        session.token_until_s = session.clock() + max(float(grant.get("expires_in", 300)) - 30, 1)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return Lost(False, f"{path} gave no token: {error!r}")
    return None


def _result(reply: Answer | Lost) -> Any:
    """The JSON of a success; raises what the reply means otherwise."""
    if isinstance(reply, Lost):
        outcome: Outcome = "unknown" if reply.sent else "failed"
        raise NoAnswer(reply.reason, outcome=outcome, retry_after_s=reply.retry_after_s)
    if reply.status >= 400:
        raise _problem(reply)
    if not 200 <= reply.status < 300:
        raise UnexpectedAnswer(f"status {reply.status}: is the base URL right?", outcome="failed")
    try:
        return json.loads(reply.body)
    except ValueError:
        raise UnexpectedAnswer(f"status {reply.status}, not JSON", outcome="unknown") from None


def _read(parse: Callable[[Any], T], value: object) -> T:
    try:
        return parse(value)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnexpectedAnswer(f"not the JSON that was promised: {error!r}", outcome="unknown") from error


def _problem(reply: Answer) -> ProblemError:
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = None
    problem = dict(said) if isinstance(said, dict) else {}
    if isinstance(problem.get("error"), str) and "code" not in problem:  # RFC 6749 §5.2, from /oauth/token
        problem["code"] = problem["error"]
        problem.setdefault("detail", problem.get("error_description", ""))
    return from_problem(reply.status, problem, retry_after_s=_retry_after_s(reply))


def _batch_outcomes(reply: Answer | Lost, count: int) -> list[Order | CommissaryError]:
    """One per order asked for; a fault of the whole request is the answer to each of them."""
    try:
        results = _read(lambda value: list(value["results"]), _result(reply))
        if len(results) != count:
            raise UnexpectedAnswer(f"{len(results)} results for {count} orders", outcome="unknown")
    except CommissaryError as error:
        return [error] * count
    return [_batch_outcome(result) for result in results]


def _batch_outcome(result: Any) -> Order | CommissaryError:
    try:
        if isinstance(result, dict) and isinstance(result.get("error"), dict):
            problem = result["error"]
            return from_problem(_read(int, problem.get("status", 409)), problem)
        return _read(lambda value: wire.order(value["order"]), result)
    except UnexpectedAnswer as error:
        return error


def _only_order(value: object, client_order_no: str) -> Order | None:
    orders = _read(lambda page: [wire.order(row) for row in page["items"]], value)
    # A filter that a server ignored would otherwise hand us somebody's newest order.
    return next((order for order in orders if order.client_order_no == client_order_no), None)


def _must_be_ours(error: NotFound) -> None:
    """The mall's own "not found" is an answer; a 404 page of something in between is not."""
    if error.code.startswith("http_"):
        raise UnexpectedAnswer("a 404 that is not the mall's", outcome="unknown") from error


def _passing(error: CommissaryError) -> bool:
    """Whether a moment's patience may help: not for an empty shelf, which is `retryable` on another day."""
    if isinstance(error, ProblemError):
        return error.retryable and (error.status in (408, 425, 429) or error.status >= 500)
    return error.retryable


def _same_goods(order: Order, purchase: Purchase) -> bool:
    """A bundle comes back as its parts, so of bundles only their presence is compared."""
    wanted = [purchase.lines] if isinstance(purchase.lines, Line) else purchase.lines
    bundles = {line.bundle_id for line in order.lines if line.bundle_id is not None}
    plain = sorted((line.sku_id, line.quantity) for line in order.lines if line.bundle_id is None)
    return bundles <= {line.sku_id for line in wanted} and plain == sorted(
        (line.sku_id, line.quantity) for line in wanted if line.sku_id not in bundles
    )


def _unknown(purchase: Purchase, last: CommissaryError) -> OutcomeUnknown:
    number = purchase.client_order_no
    return OutcomeUnknown(f"whether order {number} was placed is not known: {last}", client_order_no=number)


def _page(value: Any, query: Mapping[str, str]) -> Page:
    products = tuple(wire.product(row) for row in value["items"])
    following = value["next"]
    return Page(products, None if following is None else {**query, "cursor": str(following)})


def _patience(session: Session, purchase: Purchase) -> float:
    """A mall that was told to wait must be given the time to answer."""
    return max(session.timeout_s, (purchase.wait_ms or 0) / 1000 + 10)


def _pause(session: Session, attempt: int, last: CommissaryError) -> Wait | None:
    """None: the mall asks for more patience than the caller has."""
    retry = session.retry
    if last.retry_after_s is not None:
        if last.retry_after_s > retry.longest_wait_s:
            return None
        # Jitter comes on top, so that clients told the same second do not return together.
        return Wait(last.retry_after_s + session.chance() * retry.first_wait_s)
    ceiling_s = min(retry.first_wait_s * 2.0 ** (attempt - 1), retry.longest_wait_s)
    return Wait(ceiling_s * (0.5 + session.chance() / 2))


def _retry_after_s(reply: Answer) -> float | None:
    """RFC 9110 §10.2.3: seconds, or a date, which is read against the mall's own clock."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until_s, now_s = _http_date(text), _http_date(reply.headers.get("date", ""))
    return None if until_s is None or now_s is None else max(until_s - now_s, 0.0)


def _clock_offset(session: Session, reply: Answer) -> float:
    theirs_s = _http_date(reply.headers.get("date", ""))
    # `Date` is cut to whole seconds: half a second more is the best guess.
    return session.clock_offset_s if theirs_s is None else theirs_s + 0.5 - session.clock()


def _http_date(text: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def _query(pairs: Mapping[str, str]) -> str:
    return urlencode(pairs, quote_via=quote, safe="")


def _segment(order_id: str) -> str:
    if order_id in ("", ".", ".."):
        raise ValueError(f"not an order id: {order_id!r}")
    return quote(order_id, safe="")
