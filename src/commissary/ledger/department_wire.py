"""Departments before their company's own people, on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Version
from commissary.ledger.departments import Standing
from commissary.ledger.types import Direction, Posted
from commissary.ledger.wire import AccountOut, Memo, transfer_out
from commissary.partners.types import DepartmentMember, DepartmentState

Name80 = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Centre = Annotated[str, msgspec.Meta(max_length=40)]
Unset = msgspec.UnsetType


Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class DepartmentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`order_limit` and `month_limit` are what a member buys alone; above it, or with zero, he asks."""

    name: Name80
    cost_centre: Centre = ""
    month_budget: Money | None = None
    returns_rest: bool = False
    order_limit: Money | None = None
    month_limit: Money | None = None


class DepartmentEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is not given stays; `month_budget` null ends the budget. `version`, or If-Match: refused when somebody changed it
    since."""

    name: Name80 | Unset = msgspec.UNSET
    cost_centre: Centre | Unset = msgspec.UNSET
    month_budget: Money | Unset | None = msgspec.UNSET
    returns_rest: bool | Unset = msgspec.UNSET
    order_limit: Money | Unset = msgspec.UNSET
    month_limit: Money | Unset = msgspec.UNSET
    version: Version | None = None


class BudgetMoveIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    direction: Direction
    amount: Money
    memo: Memo | None = None


class BudgetMoved(msgspec.Struct, frozen=True):
    """`repeated`: it was done before under the same key, and only then."""

    transfer_id: str
    direction: Direction
    amount: Money
    repeated: bool


class MemberIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`head` decides about the requests of the others. Limits of null are the department's."""

    head: bool = False
    order_limit: Money | None = None
    month_limit: Money | None = None


class MemberOut(msgspec.Struct, frozen=True):
    person_id: str
    name: str
    head: bool
    order_limit: Money | None
    month_limit: Money | None
    joined_at: datetime


class DepartmentOut(msgspec.Struct, frozen=True):
    """`available` may be spent now; `held` is promised to lines that are not delivered yet; `spent` is this month's."""

    id: str
    name: str
    cost_centre: str
    status: DepartmentState
    available: Money
    held: Money
    spent: Money
    month_budget: Money | None
    returns_rest: bool
    order_limit: Money
    month_limit: Money
    members: list[MemberOut]
    version: int


class DepartmentsOut(msgspec.Struct, frozen=True):
    """`company` is the main wallet, for those who manage budgets."""

    items: list[DepartmentOut]
    company: AccountOut | None


class DepartmentTransferOut(msgspec.Struct, frozen=True):
    """`amount` is negative when the department gave."""

    id: str
    at: datetime
    kind: str
    amount: Money
    order_id: str | None
    memo: str | None


class DepartmentKeyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its orders are charged to the department, whatever they say."""

    name: Name80
    scopes: Annotated[list[Word], msgspec.Meta(min_length=1, max_length=20)]
    ip_allow: Annotated[list[Word], msgspec.Meta(max_length=100)] = []
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class DepartmentKeyOut(msgspec.Struct, frozen=True):
    """`secret` is shown this once."""

    id: str
    secret: str


def department_out(one: Standing, members: list[DepartmentMember]) -> DepartmentOut:
    of, account = one.department, one.account
    currency = account.currency

    def shown(amount_e4: int | None) -> Money | None:
        return None if amount_e4 is None else money.of(amount_e4, currency)

    return DepartmentOut(
        id=str(of.id),
        name=of.name,
        cost_centre=of.cost_centre,
        status=of.state,
        available=money.of(account.balance_e4 - account.held_e4, currency),
        held=money.of(account.held_e4, currency),
        spent=money.of(one.spent_e4, currency),
        month_budget=shown(of.month_budget_e4),
        returns_rest=of.returns_rest,
        order_limit=money.of(of.order_limit_e4, currency),
        month_limit=money.of(of.month_limit_e4, currency),
        members=[member_out(m, currency) for m in members],
        version=of.version,
    )


def member_out(one: DepartmentMember, currency: str) -> MemberOut:
    limits = [None if v is None else money.of(v, currency) for v in (one.order_limit_e4, one.month_limit_e4)]
    return MemberOut(str(one.person_id), one.name, one.head, limits[0], limits[1], one.joined_at)


def department_transfer_out(one: Posted, account_id: int) -> DepartmentTransferOut:
    shown = transfer_out(one, account_id)
    return DepartmentTransferOut(shown.id, shown.at, shown.kind, shown.amount, shown.order_id, shown.memo)
