"""Who buys alone, and who decides. Pure."""

from collections.abc import Iterable

from commissary.partners.types import Department, DepartmentMember
from commissary.requests.types import RequestLine


def amount_e4(lines: Iterable[RequestLine]) -> int:
    return sum(line.unit_price_e4 * line.quantity for line in lines)


def buys_alone(department: Department, member: DepartmentMember, asked_e4: int, this_month_e4: int) -> bool:
    """Within what the department or, where it says so, his own membership lets him buy without asking: the order, and all that
    he bought alone in this month with it."""
    order_e4 = department.order_limit_e4 if member.order_limit_e4 is None else member.order_limit_e4
    month_e4 = department.month_limit_e4 if member.month_limit_e4 is None else member.month_limit_e4
    return asked_e4 <= order_e4 and this_month_e4 + asked_e4 <= month_e4


def may_decide(decider: int, asked_by: int, head: bool, approver: bool) -> bool:
    """Never who asked."""
    return decider != asked_by and (head or approver)
