"""A buyer's own money, for his people: what is there, what moved, what was billed."""

from datetime import datetime

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, SkipValidation

from commissary import partners, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.listing import MOST_VALUES, Listed, Place, Sorted, Totals, When, listed, time_of
from commissary.base.money import Money
from commissary.base.wire import Cursor, Size, after, number, page, said, sized
from commissary.ledger import accounts, export, journal, statement, store, wire
from commissary.ledger.journal import JournalQuery
from commissary.ledger.types import Posted, TransferKind
from commissary.tenancy.types import Caller

Signed = NamedDependency[SkipValidation[Caller]]
OWN = "/console/v1/own"


class OwnTransferOut(msgspec.Struct, frozen=True):
    """`amount` is negative when the wallet gave. `memo` is what the mall wrote to it."""

    id: str
    at: datetime
    kind: str
    amount: Money
    order_id: str | None
    memo: str | None


@get(
    f"{OWN}/balance",
    operation_id="getMyBalance",
    tags=["Own: funds"],
    summary="One's own company's wallet, with its credit line",
    opt=said("本企业钱包余额与授信"),
    dependencies=partners.OWN,
)
async def balance_route(env: NamedDependency[Env], caller: Signed) -> wire.AccountOut:
    tenancy.require_scope(caller, "balance:read")
    home, account = caller.key.home_id, caller.key.account_id
    async with env.db.transaction(caller.key.mall_id) as tx:
        found = await accounts.balance(tx, home, account)
        return wire.account_out(found, await store.credit_line(tx, home, account))


def own_query(
    kind: FromQuery[list[wire.KindOfTransfer] | None] = None, at_from: When = None, at_to: When = None
) -> JournalQuery:
    """The filters, the same for the list and its totals."""
    if kind is not None and len(kind) > MOST_VALUES:
        raise invalid("kind", f"at most {MOST_VALUES} / 最多 {MOST_VALUES} 个")
    return JournalQuery(
        kind=tuple(TransferKind[k] for k in dict.fromkeys(kind or ())),
        at_from=time_of("at_from", at_from),
        at_to=time_of("at_to", at_to),
    )


FILTERED = {**partners.OWN, "wanted": Provide(own_query, sync_to_thread=False)}


@get(
    f"{OWN}/transfers",
    operation_id="listMyTransfers",
    tags=["Own: funds"],
    summary="What moved on the wallet, by any of its filters",
    description="`at_from` is within, `at_to` without. Sorted by `at`; the latest first if nothing is said.",
    opt=said("钱包流水（按条件筛选）", "`at_from` 含、`at_to` 不含；可按 `at` 排序，默认最新在前。"),
    dependencies=FILTERED,
)
async def transfers_route(
    env: NamedDependency[Env],
    caller: Signed,
    wanted: NamedDependency[JournalQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[OwnTransferOut]:
    tenancy.require_scope(caller, "balance:read")
    home, account = caller.key.home_id, caller.key.account_id
    async with env.db.transaction(caller.key.mall_id) as tx:
        found, expected = await journal.look_own(
            tx, home, account, wanted, sort=sort, cursor=cursor, size=sized(size)
        )
    return listed(
        found,
        size,
        lambda t: _transfer(t, account),
        lambda t: journal.own_cursor(t, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    f"{OWN}/transfers/totals",
    operation_id="totalMyTransfers",
    tags=["Own: funds"],
    summary="How many transfers match, and what the wallet got and gave by them",
    opt=said("符合条件的流水笔数及收支合计"),
    dependencies=FILTERED,
)
async def transfer_totals_route(
    env: NamedDependency[Env], caller: Signed, wanted: NamedDependency[JournalQuery]
) -> Totals:
    tenancy.require_scope(caller, "balance:read")
    home, account = caller.key.home_id, caller.key.account_id
    async with env.db.transaction(caller.key.mall_id) as tx:
        currency = (await store.account(tx, home, account)).currency
        total, got_e4, gave_e4 = await journal.own_totals(tx, home, account, wanted)
    return Totals(total, {"got": money.of(got_e4, currency), "gave": money.of(-gave_e4, currency)})


@get(
    f"{OWN}/statements",
    operation_id="listMyStatements",
    tags=["Own: funds"],
    summary="One's own company's statements, newest first",
    opt=said("本企业对账单（按时间倒序）"),
    dependencies=partners.OWN,
)
async def statements_route(
    env: NamedDependency[Env], caller: Signed, cursor: Cursor = None, size: Size = 50
) -> wire.StatementList:
    tenancy.require_scope(caller, "balance:read")
    home, account = caller.key.home_id, caller.key.account_id
    async with env.db.transaction(caller.key.mall_id) as tx:
        currency = (await store.account(tx, home, account)).currency
        found = await statement.statements(tx, home, account, before=after(cursor) or None, size=sized(size))
    shown = page(found, size, lambda s: wire.statement_out(s, currency), lambda s: s.id)
    return wire.StatementList(shown.items, shown.next)


@get(
    f"{OWN}/statements/{{statement_id:str}}/export",
    operation_id="exportMyStatement",
    tags=["Own: funds"],
    summary="A statement with its transfers as CSV",
    opt=said("导出对账单及流水（CSV）", "", RequestRefusal.not_found, gives="text/csv"),
    media_type="text/csv",
    dependencies=partners.OWN,
)
async def export_route(
    env: NamedDependency[Env], caller: Signed, statement_id: FromPath[str]
) -> Response[bytes]:
    tenancy.require_scope(caller, "balance:read")
    home, wanted = caller.key.home_id, number(statement_id)
    async with env.db.transaction(caller.key.mall_id) as tx:
        found = await store.statement(tx, home, wanted)
        if found.account_id != caller.key.account_id:
            raise Refused(RequestRefusal.not_found)
        account = await store.account(tx, home, found.account_id)
        body = export.statement_csv(found, account, await statement.lines_of(tx, home, found))
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="statement-{found.id}.csv"'},
    )


def _transfer(t: Posted, account_id: int) -> OwnTransferOut:
    shown = wire.transfer_out(t, account_id)
    return OwnTransferOut(shown.id, shown.at, shown.kind, shown.amount, shown.order_id, shown.memo)


ROUTES = [balance_route, transfers_route, transfer_totals_route, statements_route, export_route]
