"""China's mobile number segments by carrier, as data. Pure.

Source: the allocation of public mobile number segments by the Ministry of Industry and Information Technology (电信网编号
计划 and the Ministry's notices of assignment), as known on AS_OF. A segment names who was given it first: numbers are
ported since 2019, and a segment says nothing of a province; both are a mall's own data (`catalog.number_segment`,
`catalog.number_note`), which comes before this table.
"""

from collections.abc import Mapping
from datetime import date

from commissary.catalog.types import Carrier

AS_OF = date(2025, 1, 1)

_PREFIXES: Mapping[Carrier, str] = {
    "mobile": "134 135 136 137 138 139 147 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198",
    "unicom": "130 131 132 145 155 156 166 175 176 185 186 196",
    "telecom": "133 1349 149 153 173 174 177 180 181 189 190 191 193 199",
    "broadnet": "192",
    "virtual": "162 165 167 170 171",  # resellers' numbers: a carrier's own top-ups do not reach them
}
SEGMENTS: Mapping[str, Carrier] = {
    prefix: carrier for carrier, prefixes in _PREFIXES.items() for prefix in prefixes.split()
}


def carrier_of(number: str) -> Carrier | None:
    """By the longest prefix; None for a segment that the table does not know."""
    return SEGMENTS.get(number[:4]) or SEGMENTS.get(number[:3])
