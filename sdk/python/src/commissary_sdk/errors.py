"""What can go wrong, as exceptions.

    CommissaryError            .outcome failed|pending|unknown   .retryable
    ├─ NoAnswer                no answer came, although it was tried several times
    ├─ OutcomeUnknown          it may have happened: call again with the same number, never with a new one
    ├─ StillPending            wait_for ran out of time; .order is the order as last seen
    ├─ UnexpectedAnswer        an answer that is not ours, such as a proxy's page
    └─ ProblemError            the mall said no: .code .status .title .detail .fields .request_id .facts
       ├─ InvalidRequest       .fields name what to mend
       ├─ Unauthorized         ├─ TimestampOutOfWindow  └─ NonceUsed
       ├─ Forbidden
       ├─ NotFound
       ├─ Refused              a business no: stock, credit, price, risk, state; see .code
       │  └─ IdempotencyConflict   this number was used for a different purchase
       ├─ RateLimited
       └─ ServerFault

`code` is stable and meant for programs; `title` and `detail` are for people and may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .types import Order

Outcome = Literal["failed", "pending", "unknown"]


class CommissaryError(Exception):
    """Base of everything this package raises on purpose, bad arguments (ValueError) apart."""

    outcome: Outcome = "failed"
    retryable: bool = False
    retry_after_s: float | None = None


class NoAnswer(CommissaryError):
    """Nothing was changed by the call: it was a read, or no try reached the mall."""

    retryable = True

    def __init__(
        self, reason: str, *, outcome: Outcome = "failed", retry_after_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.retry_after_s = retry_after_s


class OutcomeUnknown(CommissaryError):
    """The call may have taken effect and asking did not settle it.

    Calling again with the same `client_order_no` (or `idempotency_key`) is safe; a new one may buy twice.
    """

    outcome: Outcome = "unknown"
    retryable = True

    def __init__(
        self, reason: str, *, client_order_no: str | None = None, idempotency_key: str | None = None
    ) -> None:
        super().__init__(reason)
        self.client_order_no = client_order_no
        self.idempotency_key = idempotency_key


class StillPending(CommissaryError):
    """The order is alive and not final yet."""

    outcome: Outcome = "pending"
    retryable = True

    def __init__(self, order: Order) -> None:
        super().__init__(f"order {order.id} is still {order.status}")
        self.order = order


class UnexpectedAnswer(CommissaryError):
    """Neither a result nor a problem document: check the base URL and what stands in between."""

    def __init__(self, reason: str, *, outcome: Outcome) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.retryable = outcome != "failed"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """`path` is a JSON path such as `lines[2].quantity`."""

    path: str
    message: str


class ProblemError(CommissaryError):
    """An RFC 9457 problem document. `retryable`: it may succeed later; new stock or a new price can take hours."""

    def __init__(
        self, status: int, problem: Mapping[str, Any], *, retry_after_s: float | None = None
    ) -> None:
        self.status = status
        self.code = str(problem.get("code") or f"http_{status}")
        self.title = str(problem.get("title") or "")
        self.detail = str(problem.get("detail") or "")
        self.outcome = _outcome(status, problem.get("outcome"))
        retryable = problem.get("retryable")
        self.retryable = retryable if isinstance(retryable, bool) else status in (408, 429) or status >= 500
        self.fields = _fields(problem.get("fields"))
        request_id = problem.get("request_id")
        self.request_id = None if request_id is None else str(request_id)
        self.retry_after_s = retry_after_s
        facts = problem.get("facts")
        self.facts: Mapping[str, Any] = facts if isinstance(facts, dict) else {}
        text = self.detail or self.title
        super().__init__(f"{self.code}: {text}" if text else self.code)


class InvalidRequest(ProblemError):
    pass


class Unauthorized(ProblemError):
    pass


class TimestampOutOfWindow(Unauthorized):
    """Raised only if correcting the clock by the mall's `Date` header did not help."""


class NonceUsed(Unauthorized):
    """The same signed request arrived twice, perhaps resent by a proxy: the first may have taken effect."""


class Forbidden(ProblemError):
    pass


class NotFound(ProblemError):
    pass


class Refused(ProblemError):
    pass


class IdempotencyConflict(Refused):
    pass


class RateLimited(ProblemError):
    pass


class ServerFault(ProblemError):
    pass


BY_CODE: dict[str, type[ProblemError]] = {
    "timestamp_out_of_window": TimestampOutOfWindow,
    "nonce_used": NonceUsed,
    "idempotency_conflict": IdempotencyConflict,
    "invalid_request": InvalidRequest,
    "malformed_json": InvalidRequest,
    "body_too_large": InvalidRequest,
    "not_found": NotFound,
    "overloaded": RateLimited,
    "draining": ServerFault,
    "internal": ServerFault,
    "unavailable": ServerFault,
    # A business no, although HTTP has a narrower word for its status.
    "sku_unknown": Refused,
    "quote_not_found": Refused,
    "quantity_over_limit": Refused,
    "amount_too_large": Refused,
    "risk_refused": Refused,
    "risk_listed": Refused,
    "mall_closed": Refused,
    "buyer_suspended": Refused,
}
BY_STATUS: dict[int, type[ProblemError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    413: InvalidRequest,
    429: RateLimited,
}


def from_problem(
    status: int, problem: Mapping[str, Any], *, retry_after_s: float | None = None
) -> ProblemError:
    """The exception for one problem document: by its code, else by its status."""
    kind = BY_CODE.get(str(problem.get("code")))
    if kind is None:
        # A 422 that names fields is about the form of the request; one without is a business no.
        form = status == 422 and bool(problem.get("fields"))
        kind = BY_STATUS.get(status, ServerFault if status >= 500 else InvalidRequest if form else Refused)
    return kind(status, problem, retry_after_s=retry_after_s)


def _outcome(status: int, said: object) -> Outcome:
    match said:
        case "failed" | "pending" | "unknown":
            return said
        case _:
            # Silence of a server in trouble is not a no: the work may have been done before it fell.
            return "unknown" if status >= 500 or status == 408 else "failed"


def _fields(said: object) -> tuple[FieldFault, ...]:
    if not isinstance(said, list):
        return ()
    return tuple(
        FieldFault(str(fault.get("path", "")), str(fault.get("message", "")))
        for fault in said
        if isinstance(fault, dict)
    )
