"""Buying from suppliers: their protocols as conversations, each with the outcome that its words really have.

So far the protocols alone: `connectors` knows how each supplier is asked and what its answers mean; nothing is bought yet.

    connectors.TABLE      protocol → connector
    hold                  a conversation over a transport
    Wire                  that transport: guarded, with time-outs, without retries
    outcome               the same for a purchase, a query or a cancellation: silence and nonsense become `unknown`
"""

from commissary.supply.connectors import TABLE
from commissary.supply.talk import hold, outcome
from commissary.supply.wire import Wire

__all__ = ["TABLE", "Wire", "hold", "outcome"]
