"""stock"""

from commissary.stock.vault import Vault, new_batch

__all__ = ["Vault", "new_batch"]
