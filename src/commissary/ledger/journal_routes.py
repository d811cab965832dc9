"""The mall's books for whoever keeps them: owners and their accounts, the journal, credit by age, the trial balance."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter

from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.listing import MOST_VALUES, Listed, Place, Sorted, Typed, When, listed, time_of
from commissary.base.money import Money
from commissary.base.wire import Size, number, said, sized
from commissary.ledger import ageing, journal, wire
from commissary.ledger.ageing import DebtorQuery
from commissary.ledger.journal import JournalQuery, OwnerQuery
from commissary.ledger.types import (
    AccountKind,
    AccountState,
    Aged,
    CreditLine,
    Debtor,
    Difference,
    LedgerRefusal,
    LockReason,
    Named,
    Owner,
    OwnerAccount,
    TransferKind,
    TrialLine,
    Written,
)
from commissary.tenancy.types import Actor, OrganisationKind, OrganisationStatus

AccountId = Annotated[int, PathParameter(ge=1 - 2**63, le=2**63 - 1)]
OfAccount = Annotated[int | None, QueryParameter(ge=1 - 2**63, le=2**63 - 1)]
At = Annotated[
    str | None,
    QueryParameter(
        description="As everything posted until then left it; absent: now",
        max_length=40,
        schema_extra={"format": "date-time"},
    ),
]


class SideOut(msgspec.Struct, frozen=True):
    """One side of a transfer: `amount` is negative of who gave. `sub`: the department or the purpose of the account."""

    account_id: str
    owner_id: str
    owner: str
    owner_kind: OrganisationKind
    kind: AccountKind
    sub: str
    department: str | None
    amount: Money


class JournalOut(msgspec.Struct, frozen=True):
    """`entries`: who gave, then who got; together they are zero. `reversed`: how much of it was turned back."""

    id: str
    at: datetime
    kind: wire.KindOfTransfer
    amount: Money
    order_id: str | None
    reference: str | None
    memo: str | None
    reversed: Money | None
    entries: list[SideOut]


class OwnerAccountOut(msgspec.Struct, frozen=True):
    """`used` of the credit line: what the balance is below zero."""

    account: wire.AccountOut
    department: str | None
    used: Money


class OwnerOut(msgspec.Struct, frozen=True):
    id: str
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    accounts: list[OwnerAccountOut]


class SumsOut(msgspec.Struct, frozen=True):
    """Exact, over everything that matches; one amount per currency."""

    total: int
    sums: dict[str, list[Money]]


class DebtorOut(msgspec.Struct, frozen=True):
    """What a wallet owes, each part once: not billed, billed and not due, and by the days it is past due. Together they are
    `owed`."""

    account_id: str
    owner_id: str
    owner: str
    department: str | None
    state: AccountState
    lock_reasons: list[LockReason]
    credit_limit: Money
    owed: Money
    unbilled: Money
    not_due: Money
    days_30: Money
    days_60: Money
    days_90: Money
    older: Money
    oldest_due_at: datetime | None


class TrialLineOut(msgspec.Struct, frozen=True):
    """`debit`: what accounts of that kind below zero come to; `credit`: those above."""

    kind: AccountKind
    accounts: int
    debit: Money
    credit: Money


class TrialBookOut(msgspec.Struct, frozen=True):
    """`agent`: money of principals for whom a payment provider splits. `difference` = `credit` - `debit`; anything but zero
    is a fault of the books."""

    currency: str
    agent: bool
    balanced: bool
    debit: Money
    credit: Money
    difference: Money
    lines: list[TrialLineOut]


class OffOut(msgspec.Struct, frozen=True):
    """An account that does not hold what its transfers and holds say."""

    account_id: str
    owner: str
    kind: AccountKind
    balance: Money
    by_transfers: Money
    held: Money
    by_holds: Money


class TrialOut(msgspec.Struct, frozen=True):
    """`off` is null when nothing was counted again."""

    at: datetime
    balanced: bool
    books: list[TrialBookOut]
    off: list[OffOut] | None


class BalanceAtOut(msgspec.Struct, frozen=True):
    account_id: str
    at: datetime
    balance: Money


def journal_query(
    q: Typed = None,
    account_id: OfAccount = None,
    order_id: FromQuery[str | None] = None,
    kind: FromQuery[list[wire.KindOfTransfer] | None] = None,
    at_from: When = None,
    at_to: When = None,
) -> JournalQuery:
    """The filters, the same for the list and its totals."""
    if kind is not None and len(kind) > MOST_VALUES:
        raise invalid("kind", f"at most {MOST_VALUES} / 最多 {MOST_VALUES} 个")
    return JournalQuery(
        q=q or "",
        account_id=account_id,
        order_id=number(order_id) if order_id else None,
        kind=tuple(TransferKind[k] for k in dict.fromkeys(kind or ())),
        at_from=time_of("at_from", at_from),
        at_to=time_of("at_to", at_to),
    )


def owner_query(
    q: Typed = None,
    kind: FromQuery[list[OrganisationKind] | None] = None,
    locked: FromQuery[bool] = False,
    owes: FromQuery[bool] = False,
) -> OwnerQuery:
    return OwnerQuery(q or "", tuple(dict.fromkeys(kind or ())), locked, owes)


def debtor_query(
    q: Typed = None, overdue: FromQuery[bool] = False, locked: FromQuery[bool] = False
) -> DebtorQuery:
    return DebtorQuery(q or "", overdue, locked)


JOURNAL = {"wanted": Provide(journal_query, sync_to_thread=False)}
OWNERS = {"wanted": Provide(owner_query, sync_to_thread=False)}
DEBTORS = {"wanted": Provide(debtor_query, sync_to_thread=False)}


@get(
    "/console/v1/journal",
    operation_id="listJournal",
    tags=["Accounts"],
    summary="Transfers with both their sides, by any of their filters",
    description="`q` is a reference, whole, or the number of a transfer or of an order. `at_from` is within, `at_to` without. Sorted by `at`; the "
    "latest first if nothing is said.",
    opt=said(
        "总账流水：每笔转账及其借贷双方（按条件筛选）",
        "`q` 为完整凭证号，或流水号、订单 ID；`at_from` 含、`at_to` 不含；可按 `at` 排序，默认最新在前。",
        RequestRefusal.not_found,
    ),
    dependencies=JOURNAL,
)
async def journal_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[JournalQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[JournalOut]:
    sized(size)
    found, expected = await journal.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found,
        size,
        written_out,
        lambda w: journal.cursor_of(w, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/journal/totals",
    operation_id="totalJournal",
    tags=["Accounts"],
    summary="How many transfers match, and what they moved",
    opt=said("符合条件的转账笔数与金额", "", RequestRefusal.not_found),
    dependencies=JOURNAL,
)
async def journal_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[JournalQuery]
) -> SumsOut:
    found = await journal.totals(env, actor, wanted)
    moved = [money.of(amount_e4, currency) for currency, _, amount_e4 in found]
    return SumsOut(sum(count for _, count, _ in found), {"moved": moved})


@get(
    "/console/v1/journal/{transfer_id:str}",
    operation_id="getTransfer",
    tags=["Accounts"],
    summary="One transfer with both its sides",
    opt=said("查询单笔转账及其借贷双方", "", RequestRefusal.not_found, LedgerRefusal.no_such_transfer),
)
async def transfer_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], transfer_id: FromPath[str]
) -> JournalOut:
    return written_out(await journal.one(env, actor, number(transfer_id)))


@get(
    "/console/v1/account-owners",
    operation_id="listAccountOwners",
    tags=["Accounts"],
    summary="Companies with their accounts, by any of their filters",
    description="`q` is part of the name. Sorted by `created_at` or `name`; the oldest first if nothing is said.",
    opt=said(
        "企业及其账户（按条件筛选）", "`q` 为名称的一部分；可按 `created_at`、`name` 排序，默认最早在前。"
    ),
    dependencies=OWNERS,
)
async def owners_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[OwnerQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[OwnerOut]:
    sized(size)
    found, expected = await journal.look_owners(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, _owner, lambda o: journal.owner_cursor(o, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/account-owners/totals",
    operation_id="totalAccountOwners",
    tags=["Accounts"],
    summary="How many companies match, and what their wallets come to",
    opt=said("符合条件的企业数与钱包合计"),
    dependencies=OWNERS,
)
async def owner_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[OwnerQuery]
) -> SumsOut:
    total, found = await journal.owner_totals(env, actor, wanted)
    return SumsOut(
        total,
        {
            "balance": [money.of(w.balance_e4, w.currency) for w in found],
            "held": [money.of(w.held_e4, w.currency) for w in found],
            "credit_limit": [money.of(w.limit_e4, w.currency) for w in found],
            "used": [money.of(w.used_e4, w.currency) for w in found],
        },
    )


@get(
    "/console/v1/credit-ageing",
    operation_id="listCreditAgeing",
    tags=["Accounts"],
    summary="Wallets that owe, by how long their statements have been waiting",
    description="`q` is part of the owner's name. Sorted by `owed` or `name`; who owes most first if nothing is said.",
    opt=said(
        "账龄：欠款钱包及其逾期分段",
        "`q` 为名称的一部分；可按 `owed`、`name` 排序，默认欠款最多在前。",
    ),
    dependencies=DEBTORS,
)
async def ageing_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[DebtorQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[DebtorOut]:
    sized(size)
    found, expected = await ageing.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found,
        size,
        lambda one: _debtor(*one),
        lambda one: ageing.cursor_of(one[0], sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/credit-ageing/totals",
    operation_id="totalCreditAgeing",
    tags=["Accounts"],
    summary="How many wallets owe, and how much by age",
    opt=said("欠款钱包数与各账龄合计"),
    dependencies=DEBTORS,
)
async def ageing_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[DebtorQuery]
) -> SumsOut:
    total, found = await ageing.totals(env, actor, wanted)
    by_currency = [_parts(aged, currency) for currency, aged in sorted(found.items())]
    names = by_currency[0] if by_currency else {}
    return SumsOut(total, {name: [parts[name] for parts in by_currency] for name in names})


@get(
    "/console/v1/trial-balance",
    operation_id="getTrialBalance",
    tags=["Accounts"],
    summary="Whether the books come to nothing",
    description="Per currency, and for the agent books by themselves. `recount`: every account is also counted again from its transfers and holds, "
    "as they are now; that reads all of them.",
    opt=said(
        "试算平衡：各币种借贷合计必须相等",
        "代收代付账套单独平衡。`recount` 为真时按流水与冻结记录重新核算每个账户（读取全部流水）。",
    ),
)
async def trial_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    at: At = None,
    recount: FromQuery[bool] = False,
) -> TrialOut:
    until = time_of("at", at)
    lines = await journal.trial(env, actor, until)
    books = [_book(name, lines) for name in sorted({(line.currency, line.agent) for line in lines})]
    off = [_off(*one) for one in await journal.recount(env, actor)] if recount else None
    return TrialOut(until or env.now(actor.mall_id), all(b.balanced for b in books) and not off, books, off)


@get(
    "/console/v1/accounts/{account_id:int}/balance",
    operation_id="getBalanceAt",
    tags=["Accounts"],
    summary="What an account held at an instant",
    opt=said("账户在某一时刻的余额", "", LedgerRefusal.no_such_account),
)
async def balance_at_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], account_id: AccountId, at: At = None
) -> BalanceAtOut:
    until = time_of("at", at) or env.now(actor.mall_id)
    account, balance_e4 = await journal.balance_at(env, actor, account_id, until)
    return BalanceAtOut(str(account_id), until, money.of(balance_e4, account.currency))


def written_out(w: Written) -> JournalOut:
    t = w.posted
    return JournalOut(
        id=str(t.id),
        at=t.at,
        kind=t.kind.name,  # type: ignore[arg-type]  # a test keeps the two alike
        amount=money.of(t.amount_e4, t.currency),
        order_id=str(t.order_id) if t.order_id is not None else None,
        reference=w.reference,
        memo=t.memo,
        reversed=money.of(w.reversed_e4, t.currency) if w.reversed_e4 else None,
        entries=[_side(w.giver, -t.amount_e4), _side(w.getter, t.amount_e4)],
    )


def _side(a: Named, amount_e4: int) -> SideOut:
    return SideOut(
        account_id=str(a.id),
        owner_id=str(a.owner_id),
        owner=a.owner or "",
        owner_kind=a.owner_kind or "mall",  # type: ignore[arg-type]  # the column's CHECK has these
        kind=a.kind,
        sub=a.sub,
        department=a.department,
        amount=money.of(amount_e4, a.currency),
    )


def _owner(o: Owner) -> OwnerOut:
    return OwnerOut(str(o.id), o.name, o.kind, o.status, [_owned(a) for a in o.accounts])  # type: ignore[arg-type]


def _owned(o: OwnerAccount) -> OwnerAccountOut:
    a = o.account
    line = None
    if o.terms_days is not None:
        line = CreditLine(a.id, a.limit_e4, o.terms_days, o.grace_days or 0, o.credit_version or 0)
    used_e4 = max(0, -a.balance_e4) if a.kind == "wallet" else 0
    return OwnerAccountOut(wire.account_out(a, line), o.department, money.of(used_e4, a.currency))


def _debtor(d: Debtor, aged: Aged) -> DebtorOut:
    return DebtorOut(
        account_id=str(d.account_id),
        owner_id=str(d.owner_id),
        owner=d.owner,
        department=d.department,
        state=d.state,
        lock_reasons=d.lock_reason.split(),  # type: ignore[arg-type]
        credit_limit=money.of(d.limit_e4, d.currency),
        oldest_due_at=aged.oldest_due_at,
        **_parts(aged, d.currency),
    )


def _parts(aged: Aged, currency: str) -> dict[str, Money]:
    parts = {name: getattr(aged, f"{name}_e4") for name in _AGES}
    return {name: money.of(e4, currency) for name, e4 in ({"owed": sum(parts.values())} | parts).items()}


_AGES = ("unbilled", "not_due", "days_30", "days_60", "days_90", "older")


def _off(d: Difference, a: Named) -> OffOut:
    return OffOut(
        account_id=str(a.id),
        owner=a.owner or "",
        kind=a.kind,
        balance=money.of(d.balance_e4, a.currency),
        by_transfers=money.of(d.balance_by_transfers_e4, a.currency),
        held=money.of(d.held_e4, a.currency),
        by_holds=money.of(d.held_by_holds_e4, a.currency),
    )


def _book(name: tuple[str, bool], every: list[TrialLine]) -> TrialBookOut:
    currency, agent = name
    lines = [line for line in every if (line.currency, line.agent) == name]
    debit_e4, credit_e4 = sum(line.debit_e4 for line in lines), sum(line.credit_e4 for line in lines)
    return TrialBookOut(
        currency=currency,
        agent=agent,
        balanced=debit_e4 == credit_e4,
        debit=money.of(debit_e4, currency),
        credit=money.of(credit_e4, currency),
        difference=money.of(credit_e4 - debit_e4, currency),
        lines=[
            TrialLineOut(
                line.kind,
                line.accounts,
                money.of(line.debit_e4, currency),
                money.of(line.credit_e4, currency),
            )
            for line in lines
        ],
    )


ROUTES = [
    journal_route,
    journal_totals_route,
    transfer_route,
    owners_route,
    owner_totals_route,
    ageing_route,
    ageing_totals_route,
    trial_route,
    balance_at_route,
]
