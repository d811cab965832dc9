"""How long calls took, in slots: a count per half as long again, so that any percentile is known within that."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

FIRST_MS = 0.5
GROWTH = 1.5
SLOTS = 26  # the last one: twelve seconds and more
_LOG = math.log(GROWTH)


def slot_of(elapsed_s: float) -> int:
    ms = elapsed_s * 1000
    if ms <= FIRST_MS:
        return 0
    return min(SLOTS - 1, 1 + int(math.log(ms / FIRST_MS) / _LOG))


def percentile_ms(slots: Sequence[int], share: float) -> int | None:
    """The upper bound of the slot in which that share of the calls has ended, in whole milliseconds; None: no calls."""
    total = sum(slots)
    if not total:
        return None
    seen, wanted = 0, share * total
    for place, count in enumerate(slots):
        seen += count
        if seen >= wanted:
            return max(1, math.ceil(FIRST_MS * GROWTH**place))
    raise AssertionError("the slots are fewer than their sum")


# What a request may show to people of its own company: how it was built, never whose account or code stood in it.
_SHOWN = frozenset(
    {
        "client_order_no", "lines", "orders", "sku_id", "quantity", "max_unit_price", "amount", "currency", "quote_id",
        "wait_ms", "ttl_s", "overlap_s", "events", "endpoint_id", "threshold_bp", "availability", "window_s", "sku_ids", "name",
    }
)  # fmt: skip
HIDDEN = "•••"
_DEEPEST = 6
_LONGEST = 20


def redacted(node: Any, depth: int = 0) -> Any:
    """The same shape; every value whose name is not known to be harmless is hidden."""
    if not depth and not isinstance(node, Mapping):
        return HIDDEN
    if isinstance(node, Mapping) and depth < _DEEPEST:
        shown = {
            str(name)[:40]: redacted(value, depth + 1) if name in _SHOWN else _hidden(value)
            for name, value in list(node.items())[:_LONGEST]
        }
        return shown | {HIDDEN: HIDDEN} if len(node) > _LONGEST else shown
    if isinstance(node, list) and depth < _DEEPEST:
        listed = [redacted(value, depth + 1) for value in node[:_LONGEST]]
        return [*listed, HIDDEN] if len(node) > _LONGEST else listed
    if isinstance(node, str):
        return node if len(node) <= 64 else node[:64] + HIDDEN
    return node if isinstance(node, int | float | bool) or node is None else HIDDEN


def hidden_in(node: Any, path: str = "") -> list[str]:
    """Where something stands that was hidden or cut."""
    if isinstance(node, Mapping):
        inner = [hidden_in(value, f"{path}.{name}" if path else str(name)) for name, value in node.items()]
        return [place for some in inner for place in some]
    if isinstance(node, list):
        return [place for n, value in enumerate(node) for place in hidden_in(value, f"{path}[{n}]")]
    return [path or "body"] if isinstance(node, str) and HIDDEN in node else []


def _hidden(value: Any) -> Any:
    """The names of fields are told, their values are not."""
    if isinstance(value, Mapping):
        return {str(name)[:40]: HIDDEN for name in list(value)[:_LONGEST]}
    return HIDDEN
