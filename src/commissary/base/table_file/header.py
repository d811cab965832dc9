"""Which column plays which role, by the names in the first row."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

import msgspec


class Columns(msgspec.Struct, frozen=True):
    """`found`: role -> column; `unknown`: named columns with no role; `repeated`: roles that two columns claim."""

    found: dict[str, int]
    unknown: tuple[int, ...]
    repeated: tuple[str, ...]


def columns_by_header(header: Sequence[str], aliases: Mapping[str, Collection[str]]) -> Columns:
    """Which column plays which role. Case, width, spaces and punctuation of the names do not matter."""
    roles = {plain_name(alias): role for role, names in aliases.items() for alias in names}
    found: dict[str, int] = {}
    unknown: list[int] = []
    repeated: list[str] = []
    for column, name in enumerate(header):
        role = roles.get(plain_name(name))
        if role is None:
            if name:
                unknown.append(column)
        elif role in found:
            repeated.append(role)
        else:
            found[role] = column
    return Columns(found, tuple(unknown), tuple(repeated))


def plain_name(name: str) -> str:
    """A header as people mean it: `Card No.` and `card_no` are one name; a bracketed unit is left out."""
    name = unicodedata.normalize("NFKC", name).casefold()
    name = re.sub(r"[(\[【（].*?[)\]】）]", "", name)
    return re.sub(r"[\W_]+", "", name)
