"""stock: batches, lots and codes in the vault.

Owns: schema `stock`. Relies on: tenancy, catalog, provenance, base.
"""

from commissary.stock.import_codes import import_codes
from commissary.stock.vault import Vault

__all__ = ["Vault", "import_codes"]
