"""notify: telling buyers what happened, by signed webhooks (Standard Webhooks 1.0.0), and people what calls for them, by notices.

Owns: endpoints, their signing secrets and health; deliveries; the delivery log; notices, kept for 90 days, and who has seen them. Promises: at least once per event and
endpoint, with one webhook-id for ever; in order per subject (an order, a SKU) and endpoint; at least a day of tries
before a dead letter; no code and no personal data in a body, because its shapes have no place for them; an endpoint that
fails neither slows nor reorders another. Publishes: `endpoint.paused`, `.resumed`, `.disabled`. Relies on: base.outgoing for
addresses that tenants choose. Sources: Standard Webhooks 1.0.0 (specification).

    delivery  waiting ─> sending ─> delivered          endpoint  active <─> paused ─> disabled
                 ^  <─ retry ─┘ └──> dead                           └── 410, owner ────^
                 └── replay: delivered, dead
"""

from commissary.notify.deliveries import (
    AttemptView,
    DeliveryView,
    Ended,
    get_delivery,
    list_deliveries,
    prune,
    replay,
)
from commissary.notify.endpoints import (
    ENDPOINTS_MAX,
    EndpointView,
    add_endpoint,
    change_endpoint,
    count_endpoints,
    disable_endpoint,
    list_endpoints,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
    send_test,
)
from commissary.notify.enqueue import Seen, enqueue
from commissary.notify.notices import KINDS as NOTICE_KINDS
from commissary.notify.notices import RIGHTS as NOTICE_RIGHTS
from commissary.notify.notices import (
    Notice,
    list_notices,
    may_hear,
    note,
    prune_notices,
    see_notices,
)
from commissary.notify.resend import JOB as RESEND_JOB
from commissary.notify.resend import begin_resend, cancel_resend, get_resend, run_resend
from commissary.notify.send import LIMITS, Sender
from commissary.notify.sign import Fault as SignatureFault

__all__ = [
    "ENDPOINTS_MAX",
    "LIMITS",
    "NOTICE_KINDS",
    "NOTICE_RIGHTS",
    "RESEND_JOB",
    "begin_resend",
    "cancel_resend",
    "get_resend",
    "run_resend",
    "AttemptView",
    "DeliveryView",
    "Ended",
    "EndpointView",
    "Notice",
    "Seen",
    "Sender",
    "SignatureFault",
    "add_endpoint",
    "change_endpoint",
    "count_endpoints",
    "disable_endpoint",
    "enqueue",
    "get_delivery",
    "list_deliveries",
    "list_endpoints",
    "list_notices",
    "may_hear",
    "note",
    "pause_endpoint",
    "prune",
    "prune_notices",
    "replay",
    "resume_endpoint",
    "rotate_secret",
    "see_notices",
    "send_test",
]
