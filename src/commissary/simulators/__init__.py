"""Suppliers that speak the real protocols and lie on demand. They import `base` alone, so that they share no fault with
the code that they test.

    TABLE        protocol → supplier
    Liar         a supplier whose purchases and callbacks go wrong, by script or by chance
    Lie, Call    what befalls a purchase, and what its callback
    Shop         the truth behind it: articles, money, orders; `books` for an auditor
    serving      a liar behind a socket
    Tsa          an authority that stamps time, and lies about it
"""

from commissary.simulators.acg_faka import AcgFaka
from commissary.simulators.calls import Call
from commissary.simulators.commissary import Commissary
from commissary.simulators.dt_one import DtOne
from commissary.simulators.form import Form
from commissary.simulators.fulu import Fulu
from commissary.simulators.hooks import hearing
from commissary.simulators.kakayun import Kakayun
from commissary.simulators.kasushou import Kasushou
from commissary.simulators.kayixin import Kayixin
from commissary.simulators.kinguin import Kinguin
from commissary.simulators.lansexiongdi import Lansexiongdi
from commissary.simulators.liar import Liar, Lie
from commissary.simulators.reloadly import Reloadly
from commissary.simulators.reloadly_airtime import ReloadlyAirtime
from commissary.simulators.serve import SILENCE_S, is_loopback, serving
from commissary.simulators.shop import Article, Books, Order, Shop
from commissary.simulators.tsa import Tsa, serving_tsa
from commissary.simulators.types import Asked, Said, Supplier

TABLE: dict[str, type[Supplier]] = {
    "acg_faka": AcgFaka,
    "commissary": Commissary,
    "dt_one": DtOne,
    "form": Form,
    "fulu": Fulu,
    "kakayun": Kakayun,
    "kasushou": Kasushou,
    "kayixin": Kayixin,
    "kinguin": Kinguin,
    "lansexiongdi": Lansexiongdi,
    "reloadly": Reloadly,
    "reloadly_airtime": ReloadlyAirtime,
}

__all__ = [
    "SILENCE_S",
    "TABLE",
    "Article",
    "Asked",
    "Books",
    "Call",
    "Liar",
    "Lie",
    "Order",
    "Said",
    "Shop",
    "Supplier",
    "Tsa",
    "hearing",
    "is_loopback",
    "serving",
    "serving_tsa",
]
