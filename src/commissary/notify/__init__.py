"""notify: telling buyers what happened, by signed webhooks (Standard Webhooks 1.0.0).

Owns: endpoints, their signing secrets and health; deliveries; the delivery log. Promises: at least once per event and
endpoint, with one webhook-id for ever; in order per subject (an order, a SKU) and endpoint; at least a day of tries
before a dead letter; no code and no personal data in a body, because its shapes have no place for them; an endpoint that
fails neither slows nor reorders another. Publishes: endpoint paused, resumed, disabled. Relies on: base.outgoing for
addresses that tenants choose. Sources: Standard Webhooks 1.0.0 (specification).

    delivery  waiting ─> sending ─> delivered          endpoint  active <─> paused ─> disabled
                 ^  <─ retry ─┘ └──> dead                           └── 410, owner ────^
                 └── replay: delivered, dead
"""

from commissary.notify.deliveries import (
    AttemptView,
    DeliveryView,
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
from commissary.notify.send import LIMITS, Sender
from commissary.notify.sign import Fault as SignatureFault

__all__ = [
    "ENDPOINTS_MAX",
    "LIMITS",
    "AttemptView",
    "DeliveryView",
    "EndpointView",
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
    "pause_endpoint",
    "prune",
    "replay",
    "resume_endpoint",
    "rotate_secret",
    "send_test",
]
