"""catalog"""

from commissary.catalog.store import load_cards

__all__ = ["load_cards"]
