"""Pure decisions about orders that need no batch around them."""

from collections.abc import Iterable, Sequence

from commissary.orders.types import LINE_TRANSITIONS, OPEN_LINES, LineState, OrderState

_ALL_DELIVERED = {"delivered"}


def order_state(lines: Iterable[LineState]) -> OrderState:
    """An order's state is its lines', worst open one first."""
    states = set(lines)
    if states == _ALL_DELIVERED:
        return "delivered"
    if "review" in states:
        return "review"
    if states & {"waiting", "working"}:
        return "processing"
    if "scheduled" in states:
        return "scheduled"
    if "reversed" in states and states <= {"reversed", "failed", "cancelled"}:
        return "reversed"
    if states <= {"cancelled"}:
        return "cancelled"
    if states <= {"failed", "cancelled"}:
        return "failed"
    return "partially_delivered"


def may_follow(now: LineState, then: LineState) -> bool:
    return then in LINE_TRANSITIONS[now]


def is_open(state: LineState) -> bool:
    return state in OPEN_LINES


def share_out(total_e4: int, weights: Sequence[int]) -> list[int]:
    """Split by weight, largest remainder first, so that the parts sum to the whole to the last unit.

    Equal weights stand in when all are zero. Ties go to the earlier part.
    """
    scale = sum(weights)
    if scale == 0:
        weights = [1] * len(weights)
        scale = len(weights)
    parts = [total_e4 * w // scale for w in weights]
    rests = sorted(range(len(weights)), key=lambda i: (-(total_e4 * weights[i] % scale), i))
    for i in rests[: total_e4 - sum(parts)]:
        parts[i] += 1
    return parts


def recall_back_e4(amount_e4: int, quantity: int, delivered: int, returned_e4: int, bad: int) -> int:
    """What a line gets back for `bad` pieces of those delivered: all that is left of its price when they are all of them.
    Of another batch's recall some may be back already."""
    left_e4 = amount_e4 - returned_e4
    if bad >= delivered:
        return left_e4 if bad else 0
    return min(pro_rata(pro_rata(amount_e4, delivered, quantity), bad, delivered), left_e4)


def pro_rata(amount_e4: int, pieces: int, of: int) -> int:
    """What `pieces` of a line of `of` cost: rounded down, so that a partial delivery never charges more than its part."""
    return amount_e4 * pieces // of
