"""ledger"""

from commissary.ledger.store import revenue_account

__all__ = ["revenue_account"]
