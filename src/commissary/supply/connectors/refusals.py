"""What a refusal is worth."""

from collections.abc import Collection

from commissary.supply.types import (
    NOT_FOUND,
    WRONG_ACCOUNT,
    Conversation,
    Fault,
    Outcome,
    Result,
    Silence,
    Unreadable,
)


def blamed(no: Result, accounts: Collection[str]) -> Result:
    """`accounts`: the supplier's codes for an account that cannot be topped up. What he said stays readable."""
    if no.outcome is not Outcome.failed or no.reason not in accounts:
        return no
    return Result(no.outcome, reason=WRONG_ACCOUNT, said=f"{no.reason} {no.said}"[:200])


def unless_bought(query: Conversation[Result], no: Result) -> Conversation[Result]:
    """`no`, unless an order stands under this number: one placed before may be what was refused now. While that question
    has no clear answer, nothing is: even if it never left, the order did."""
    try:
        found = yield from query
    except (Silence, Unreadable, Fault):
        return Result(Outcome.unknown, reason=no.reason, said=no.said)
    return no if found.outcome is Outcome.failed and found.reason == NOT_FOUND else found
