"""requests: purchases inside a buying company that a second person approves.

Owns: schema `requests`. Promises: what was asked is never changed; nobody decides about his own request, and the database says so
too; one request is at most one order, charged to its department's wallet, never above what was approved: it may come to `most_e4`
and is asked again when prices moved above it; killed between approval and order, it is ordered once at the next look. What a member
buys alone is counted under his lock. Publishes: nothing; its orders do. Relies on: `orders` (the desk), `partners` (departments and
what their members buy alone), `pricing`, `catalog`, `tenancy`. Sources: decision 0025.

Approvals of the mall's own staff are another matter: there the act is done in the transaction of the decision, which an order, placed
by the lane, cannot be.
"""

from commissary.requests.ask import Asked, ask
from commissary.requests.decide import decide, withdraw
from commissary.requests.place import place_approved, place_request

__all__ = ["Asked", "ask", "decide", "place_approved", "place_request", "withdraw"]
