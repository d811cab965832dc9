"""The protocols that are spoken, by name. A new one is a file and a row; `tests/connectors` then exercises it.

How to write one: docs/extending/add-a-supplier.md.
"""

from collections.abc import Callable

from commissary.supply.connectors import (
    acg_faka,
    commissary,
    dt_one,
    form,
    fulu,
    kakayun,
    kasushou,
    kayixin,
    kinguin,
    lansexiongdi,
    people,
    reloadly,
    reloadly_airtime,
)
from commissary.supply.types import Connection, Connector

TABLE: dict[str, Callable[[Connection], Connector]] = {
    "acg_faka": acg_faka.AcgFaka,
    "commissary": commissary.Commissary,
    "dt_one": dt_one.DtOne,
    "form": form.Form,
    "fulu": fulu.Fulu,
    "kakayun": kakayun.Kakayun,
    "kasushou": kasushou.Kasushou,
    "kayixin": kayixin.Kayixin,
    "kinguin": kinguin.Kinguin,
    "lansexiongdi": lansexiongdi.Lansexiongdi,
    "reloadly": reloadly.Reloadly,
    "reloadly_airtime": reloadly_airtime.ReloadlyAirtime,
}

PEOPLE = "people"

WITH_PEOPLE: dict[str, Callable[[Connection], Connector]] = TABLE | {PEOPLE: people.People}
"""What a connection may be: a protocol, or people, who are sent nothing."""
