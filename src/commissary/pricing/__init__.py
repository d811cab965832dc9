"""pricing"""

from commissary.pricing.store import load_snapshot

__all__ = ["load_snapshot"]
