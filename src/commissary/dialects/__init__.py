"""Other systems' dialects: how they sign, and how they write money and texts.

Takes nothing, keeps nothing, knows no clock and no socket. Used by whoever speaks to suppliers, payment channels and shop
systems, and by the faces that speak as they do.

    SPECS, sign, verify   one table of signature rules; a new protocol is a row
    money                 yuan as text, fen and cents as integers ↔ `_e4`
    text                  values as PHP or JSON write them
"""

from commissary.dialects import money
from commissary.dialects.signing import SPECS, Characters, Parts, Sorted, Spec, sign, verify
from commissary.dialects.text import compact, flattened

__all__ = [
    "SPECS",
    "Characters",
    "Parts",
    "Sorted",
    "Spec",
    "compact",
    "flattened",
    "money",
    "sign",
    "verify",
]
