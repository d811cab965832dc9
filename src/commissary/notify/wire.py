"""Webhooks on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary import jobs
from commissary.base.wire import Id, Version
from commissary.jobs.types import JobState
from commissary.notify import sign
from commissary.notify.deliveries import AttemptView, DeliveryView
from commissary.notify.endpoints import EndpointView
from commissary.notify.types import DeliveryState, EndpointState

Address = Annotated[str, msgspec.Meta(min_length=1, max_length=2048, description="https, a public host")]
Words = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=80)]],
    msgspec.Meta(max_length=40, description="Names of events such as order.delivered; empty: all"),
]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class OwnEndpointIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: Address
    events: Words = []


class EndpointIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organisation_id: Id
    url: Address
    events: Words = []


class EndpointEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is not given stays. `version`, or If-Match: refused when somebody changed the endpoint since."""

    url: Address | None = None
    events: Words | None = None
    version: Version | None = None


class RotateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the present secret signs beside the new one; 0 when it leaked."""

    overlap_s: Annotated[int, msgspec.Meta(ge=0, le=604_800)] = 86_400


class SignatureIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request as a receiver got it: the three `webhook-` headers, and the body to the letter."""

    headers: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=80)], Annotated[str, msgspec.Meta(max_length=2_000)]],
        msgspec.Meta(max_length=40),
    ]
    body: Annotated[str, msgspec.Meta(max_length=200_000)]


class SignatureOut(msgspec.Struct, frozen=True):
    """`fault`: why the receiver should not believe it."""

    genuine: bool
    fault: sign.Fault | None


class EndpointOut(msgspec.Struct, frozen=True):
    """`state_reason` says why it is not active: `by_owner`, `gone` (it answered 410) or `not_answering`."""

    id: str
    organisation_id: str
    url: str
    events: list[str]
    state: EndpointState
    state_reason: str
    failures: int
    failing_since: datetime | None
    quiet_until: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    version: int


class NewEndpointOut(msgspec.Struct, frozen=True):
    """The secret is shown here and never again."""

    endpoint: EndpointOut
    secret: str


class DeliveryOut(msgspec.Struct, frozen=True):
    """`event_id` is the `webhook-id`; `subject_id` the order or SKU, within which `n` gives the order."""

    id: str
    endpoint_id: str
    event_id: str
    event: str
    subject_id: str
    n: int
    state: DeliveryState
    reason: str
    attempts: int
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None


class AttemptOut(msgspec.Struct, frozen=True):
    """`answer` is the beginning of what the receiver said; without `status` nothing came and `error` says why."""

    at: datetime
    status: int | None
    error: str
    elapsed_ms: int
    answer: str


class DeliveryFullOut(msgspec.Struct, frozen=True):
    """`body` as it was signed and sent."""

    delivery: DeliveryOut
    body: str
    attempts: list[AttemptOut]


class ReplayIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids, or a filter; at most 10,000 at once, oldest first, and `beyond` the last of the call before the next. `dry_run` only counts."""

    delivery_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=1000)] | None = None
    endpoint_id: Id | None = None
    subject_id: Id | None = None
    event: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    state: DeliveryState | None = None
    since: Moment | None = None
    until: Moment | None = None
    beyond: Id | None = None
    dry_run: bool = False


class ReplayOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`matching`: of a dry run, how many would be sent again in all. `last`: where it stopped, when there may be more."""

    replayed: int
    matching: int | None = None
    last: str | None = None


class ResendIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At least one of them. `since`, `until`: when the message was made."""

    endpoint_id: Id | None = None
    subject_id: Id | None = None
    event: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    state: DeliveryState | None = None
    since: Moment | None = None
    until: Moment | None = None


class ResendOut(msgspec.Struct, frozen=True):
    """The job that puts them back into the queue: `done` of `total` messages; what waits there is sent at its own pace."""

    id: str
    state: JobState
    done: int
    total: int | None
    error: str
    cancel_asked: bool
    created_at: datetime
    ended_at: datetime | None


class BegunOut(msgspec.Struct, frozen=True):
    job_id: str
    matching: int


class QueuedOut(msgspec.Struct, frozen=True):
    delivery_id: str


def endpoint_out(view: EndpointView) -> EndpointOut:
    ids = {"id": str(view.id), "organisation_id": str(view.organisation_id)}
    return EndpointOut(**msgspec.structs.asdict(view) | ids)


def resend_out(job: jobs.JobView) -> ResendOut:
    return ResendOut(
        id=str(job.id),
        state=job.state,
        done=job.done,
        total=job.total,
        error=job.error,
        cancel_asked=job.cancel_asked,
        created_at=job.created_at,
        ended_at=job.ended_at,
    )


def delivery_out(view: DeliveryView) -> DeliveryOut:
    plain = msgspec.structs.asdict(view)
    del plain["home_id"]
    ids = {name: str(plain[name]) for name in ("id", "endpoint_id", "subject_id")}
    return DeliveryOut(**plain | ids)


def full_out(view: DeliveryView, body: bytes, tries: list[AttemptView]) -> DeliveryFullOut:
    shown = [AttemptOut(**msgspec.structs.asdict(t)) for t in tries]
    return DeliveryFullOut(delivery_out(view), body.decode("utf-8", "replace"), shown)
