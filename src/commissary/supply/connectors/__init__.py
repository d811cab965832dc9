"""The protocols that are spoken, by name. A new one is a file and a row; `tests/connectors` then exercises it.

How to write one: docs/extending/add-a-supplier.md.
"""

from collections.abc import Callable

from commissary.supply.connectors import acg_faka, kasushou, kayixin
from commissary.supply.types import Connection, Connector

TABLE: dict[str, Callable[[Connection], Connector]] = {
    "acg_faka": acg_faka.AcgFaka,
    "kasushou": kasushou.Kasushou,
    "kayixin": kayixin.Kayixin,
}
