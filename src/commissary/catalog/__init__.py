"""catalog"""

from commissary.catalog.rules import check_fields
from commissary.catalog.store import load_cards

__all__ = ["check_fields", "load_cards"]
