"""What a refusal is worth."""

from commissary.supply.types import NOT_FOUND, Conversation, Fault, Outcome, Result, Silence, Unreadable


def unless_bought(query: Conversation[Result], no: Result) -> Conversation[Result]:
    """`no`, unless an order stands under this number: one placed before may be what was refused now. While that question
    has no clear answer, nothing is: even if it never left, the order did."""
    try:
        found = yield from query
    except (Silence, Unreadable, Fault):
        return Result(Outcome.unknown, reason=no.reason, said=no.said)
    return no if found.outcome is Outcome.failed and found.reason == NOT_FOUND else found
