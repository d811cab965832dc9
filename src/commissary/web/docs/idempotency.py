"""What a call does when it is made twice, for each operation: read off its shape where the shape says it, else off one table."""

from typing import Literal

from .types import Operation

Kind = Literal["look", "same", "key", "number", "reference", "state", "again"]
"""`look`: changes nothing. `same`: says how things are to be. `key`: an `Idempotency-Key` makes it once. `number`: the buyer's own
order number does. `reference`: a reference in its body does. `state`: what it made it finds, and makes it no second time. `again`: each
call does it once more."""

POSTS: dict[str, Kind] = {
    "issueToken": "again",
    "createQuote": "again",
    "checkOrderFile": "look",
    "checkAccount": "look",
    "cancelOrderFile": "state",
    "takeOwnRequest": "state",
    "giveBackOwnRequest": "state",
    "provideOwnRequest": "state",
    "refuseOwnRequest": "state",
    "addOwnWebhookEndpoint": "again",
    "rotateOwnWebhookSecret": "again",
    "pauseOwnWebhookEndpoint": "state",
    "resumeOwnWebhookEndpoint": "state",
    "disableOwnWebhookEndpoint": "state",
    "testOwnWebhookEndpoint": "again",
    "replayOwnWebhookDeliveries": "state",
}


def kind_of(operation: Operation) -> Kind | None:
    """None: we call the reader, or nobody has said yet what a second call does."""
    if operation.incoming:
        return None
    if operation.method in ("GET", "HEAD"):
        return "look"
    if any(p.row.name == "Idempotency-Key" for p in operation.parameters):
        return "key"
    fields = {row.name for row in operation.request.rows} if operation.request else set()
    if "client_order_no" in fields:
        return "number"
    if "reference" in fields:
        return "reference"
    if operation.method in ("PUT", "PATCH", "DELETE"):
        return "same"
    return POSTS.get(operation.id)
