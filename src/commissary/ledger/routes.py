"""The ledger over HTTP: the console's accounts, and a buyer's own balance and statements."""

from typing import Annotated

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter, SkipValidation

from commissary import approvals, tenancy
from commissary.approvals.types import Request
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.home import home
from commissary.base.money import Money
from commissary.base.wire import Size, number, said
from commissary.ledger import (
    accounts,
    buyers,
    credit,
    department_routes,
    deposits,
    export,
    guarded,
    journal_routes,
    move,
    own_routes,
    rate_routes,
    statement,
    store,
    wire,
)
from commissary.ledger.types import Account, LedgerRefusal
from commissary.tenancy.types import Actor, Caller, TenancyRefusal

# Injected as it is: the signature model cannot convert a union of address classes.
Signed = NamedDependency[SkipValidation[Caller]]
# The mall's own accounts of kinds that stand for others have negative ids.
Cursor = Annotated[
    str | None, QueryParameter(pattern=r"^-?([0-9]{1,18}|[1-8][0-9]{18}|9[01][0-9]{17}|92[01][0-9]{16})$")
]
AccountId = Annotated[int, PathParameter(ge=1 - 2**63, le=2**63 - 1)]
StatementId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
OwnerId = Annotated[int | None, QueryParameter(ge=1 - 2**63, le=2**63 - 1)]


@get(
    "/console/v1/accounts",
    operation_id="listAccounts",
    tags=["Accounts"],
    summary="Accounts, by id",
    opt=said("账户列表（按 ID）"),
)
async def list_accounts(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    owner_id: OwnerId = None,
    kind: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> wire.AccountList:
    tenancy.require(actor, "ledger.read")
    async with env.db.transaction(actor.mall_id) as tx:
        after = int(cursor) if cursor else None
        found = await store.list_accounts(tx, home(actor.mall_id), owner_id, kind, after, size)
    last = str(found[-1].id) if len(found) == size else None
    return wire.AccountList([wire.account_out(a) for a in found], last)


@get(
    "/console/v1/accounts/{account_id:int}",
    operation_id="getAccount",
    tags=["Accounts"],
    summary="One account with its credit line",
    opt=said("查询账户及其授信", "", LedgerRefusal.no_such_account),
)
async def get_account(
    env: NamedDependency[Env], actor: NamedDependency[Actor], account_id: AccountId
) -> wire.AccountOut:
    tenancy.require(actor, "ledger.read")
    here = home(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await accounts.balance(tx, here, account_id)
        return wire.account_out(found, await store.credit_line(tx, here, account_id))


@get(
    "/console/v1/accounts/{account_id:int}/transfers",
    operation_id="listTransfers",
    tags=["Accounts"],
    summary="What moved on an account, newest first",
    opt=said("账户流水（按时间倒序）", "", LedgerRefusal.no_such_account),
)
async def list_transfers(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    cursor: Cursor = None,
    size: Size = 50,
) -> wire.TransferList:
    tenancy.require(actor, "ledger.read")
    before = int(cursor) if cursor else None
    here = home(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        await store.account(tx, here, account_id)
        found = await store.transfers(tx, here, account_id, before, size)
    last = str(found[-1].id) if len(found) == size else None
    return wire.TransferList([wire.transfer_out(t, account_id) for t in found], last)


@post(
    "/console/v1/accounts/{account_id:int}/recharges",
    operation_id="recharge",
    tags=["Accounts"],
    summary="Money has arrived: credit a wallet, once per reference",
    opt=said(
        "到账充值（同一凭证号仅入账一次）",
        "",
        LedgerRefusal.no_such_account,
        LedgerRefusal.currency_mismatch,
        LedgerRefusal.wallet_to_wallet,
        LedgerRefusal.account_locked,
        LedgerRefusal.account_closed,
        LedgerRefusal.insufficient_balance,
        LedgerRefusal.no_such_transfer,
        LedgerRefusal.reference_used,
        LedgerRefusal.not_a_wallet,
    ),
)
async def recharge(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    data: JSONBody[wire.RechargeIn],
) -> wire.MovedOut:
    amount_e4 = await _amount(env, actor, account_id, data.amount)
    moved = await move.recharge(env, actor, account_id, amount_e4, data.reference, data.memo)
    return wire.moved_out(moved, data.amount.currency)


@post(
    "/console/v1/accounts/{account_id:int}/withdrawals",
    operation_id="withdraw",
    tags=["Accounts"],
    summary="Give the payer of a recharge his money back",
    opt=said(
        "向充值付款方退款",
        "",
        TenancyRefusal.step_up_required,
        LedgerRefusal.no_such_account,
        LedgerRefusal.currency_mismatch,
        LedgerRefusal.wallet_to_wallet,
        LedgerRefusal.account_locked,
        LedgerRefusal.account_closed,
        LedgerRefusal.insufficient_balance,
        LedgerRefusal.no_such_transfer,
        LedgerRefusal.reference_used,
        LedgerRefusal.not_a_wallet,
        LedgerRefusal.not_the_payer,
        asks=True,
    ),
)
async def withdraw(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    account_id: AccountId,
    data: JSONBody[wire.WithdrawIn],
) -> Response[wire.MovedOut]:
    amount_e4 = await _amount(env, actor, account_id, data.amount)
    what = guarded.Withdraw(account_id, amount_e4, data.recharge_reference, data.reference, data.memo)
    done = await acts.ask(env, actor, what, data.memo or "")
    if isinstance(done, Request):
        return approvals.waits(done)
    return Response(wire.moved_out(done, data.amount.currency))


@post(
    "/console/v1/accounts/{account_id:int}/adjustments",
    operation_id="adjustBalance",
    tags=["Accounts"],
    summary="Correct a balance by hand, with a reason",
    opt=said(
        "人工调整余额（须说明原因）",
        "",
        TenancyRefusal.step_up_required,
        LedgerRefusal.no_such_account,
        LedgerRefusal.currency_mismatch,
        LedgerRefusal.wallet_to_wallet,
        LedgerRefusal.account_locked,
        LedgerRefusal.account_closed,
        LedgerRefusal.insufficient_balance,
        LedgerRefusal.no_such_transfer,
        LedgerRefusal.reference_used,
        asks=True,
    ),
)
async def adjust(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    account_id: AccountId,
    data: JSONBody[wire.AdjustIn],
) -> Response[wire.MovedOut]:
    amount_e4 = await _amount(env, actor, account_id, data.amount)
    what = guarded.Adjust(account_id, amount_e4, data.reason, data.reference)
    done = await acts.ask(env, actor, what, data.reason)
    if isinstance(done, Request):
        return approvals.waits(done)
    return Response(wire.moved_out(done, data.amount.currency))


@post(
    "/console/v1/accounts/{account_id:int}/allotments",
    operation_id="allot",
    tags=["Accounts"],
    summary="Move money between a company's wallet and its departments'",
    opt=said(
        "在公司钱包与部门钱包之间划拨",
        "",
        LedgerRefusal.no_such_account,
        LedgerRefusal.currency_mismatch,
        LedgerRefusal.wallet_to_wallet,
        LedgerRefusal.account_locked,
        LedgerRefusal.account_closed,
        LedgerRefusal.insufficient_balance,
        LedgerRefusal.not_a_wallet,
    ),
)
async def allot(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    data: JSONBody[wire.AllotIn],
) -> wire.MovedOut:
    amount_e4 = await _amount(env, actor, account_id, data.amount)
    moved = await move.allot(env, actor, account_id, int(data.to_account_id), amount_e4, data.memo)
    return wire.MovedOut(str(moved.id), str(account_id), data.amount, False)


@post(
    "/console/v1/buyers",
    operation_id="addBuyer",
    tags=["Partners"],
    summary="A buying company with a wallet of its own",
    opt=said("新增客户公司及其钱包", "", RequestRefusal.not_found, LedgerRefusal.no_such_account, asks=True),
)
async def add_buyer(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    data: JSONBody[wire.BuyerIn],
) -> Response[wire.BuyerMade]:
    tier_id = None if data.tier_id is None else number(data.tier_id)
    parent_id = None if data.parent_id is None else number(data.parent_id)
    if data.credit is None:
        done = await buyers.add_buyer(
            env,
            actor,
            name=data.name,
            tier_id=tier_id,
            parent_id=parent_id,
            currency=data.currency,
            notes=data.notes,
            business=data.business,
        )
    else:
        agreed = (data.credit.limit, data.credit.terms_days, data.credit.grace_days)
        what = guarded.AddBuyer(
            data.name, tier_id, parent_id, data.currency, *agreed, data.notes, data.business
        )
        done = await acts.ask(env, actor, what, data.credit.reason)
        if isinstance(done, Request):
            return approvals.waits(done)
    made, account, line = done
    tier = None if made.tier_id is None else str(made.tier_id)
    return Response(wire.BuyerMade(str(made.id), made.name, tier, wire.account_out(account, line)))


@put(
    "/console/v1/accounts/{account_id:int}/credit",
    operation_id="setCredit",
    tags=["Accounts"],
    summary="Agree a credit limit and its terms",
    opt=said(
        "设定授信额度与账期",
        "",
        RequestRefusal.conflict,
        LedgerRefusal.no_such_account,
        LedgerRefusal.not_a_wallet,
        asks=True,
    ),
)
async def set_credit(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    account_id: AccountId,
    data: JSONBody[wire.CreditIn],
) -> Response[wire.AccountOut]:
    limit_e4 = await _amount(env, actor, account_id, data.limit, "limit")
    what = guarded.SetCredit(account_id, limit_e4, data.terms_days, data.grace_days, data.version)
    done = await acts.ask(env, actor, what, data.reason)
    if isinstance(done, Request):
        return approvals.waits(done)
    return Response(wire.account_out(done))


@post(
    "/console/v1/accounts/{account_id:int}/lock",
    operation_id="lockAccount",
    tags=["Accounts"],
    summary="Keep an account from buying",
    opt=said(
        "锁定账户（不可下单）",
        "",
        LedgerRefusal.no_such_account,
        LedgerRefusal.account_closed,
        LedgerRefusal.not_a_wallet,
        LedgerRefusal.still_owing,
    ),
)
async def lock(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    data: JSONBody[wire.LockIn],
) -> wire.AccountOut:
    return wire.account_out(await credit.lock(env, actor, account_id, data.reason))


@post(
    "/console/v1/accounts/{account_id:int}/unlock",
    operation_id="unlockAccount",
    tags=["Accounts"],
    summary="Let an account buy again that was locked by hand",
    opt=said(
        "解除人工锁定",
        "",
        LedgerRefusal.no_such_account,
        LedgerRefusal.account_closed,
        LedgerRefusal.not_a_wallet,
        LedgerRefusal.still_owing,
    ),
)
async def unlock(
    env: NamedDependency[Env], actor: NamedDependency[Actor], account_id: AccountId
) -> wire.AccountOut:
    return wire.account_out(await credit.unlock(env, actor, account_id))


@post(
    "/console/v1/accounts/{account_id:int}/statements",
    operation_id="makeStatement",
    tags=["Accounts"],
    summary="Close a period",
    opt=said(
        "生成账单",
        "",
        RequestRefusal.not_found,
        LedgerRefusal.no_such_account,
        LedgerRefusal.period_open,
        LedgerRefusal.period_overlaps,
    ),
)
async def make_statement(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    data: JSONBody[wire.StatementIn],
) -> wire.StatementOut:
    account = await _account(env, actor, account_id)
    made = await statement.make_statement(env, actor, account_id, data.from_at, data.to_at)
    return wire.statement_out(made, account.currency)


@get(
    "/console/v1/accounts/{account_id:int}/statements",
    operation_id="listStatements",
    tags=["Accounts"],
    summary="Statements of an account, newest first",
    opt=said("账户对账单（按时间倒序）", "", LedgerRefusal.no_such_account),
)
async def list_statements(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    account_id: AccountId,
    cursor: Cursor = None,
    size: Size = 50,
) -> wire.StatementList:
    tenancy.require(actor, "ledger.read")
    return await _statements(env, actor.mall_id, home(actor.mall_id), account_id, cursor, size)


@get(
    "/console/v1/statements/{statement_id:int}/export",
    operation_id="exportStatement",
    tags=["Accounts"],
    summary="A statement with its transfers as CSV",
    opt=said(
        "导出对账单及流水（CSV）",
        "",
        RequestRefusal.not_found,
        LedgerRefusal.no_such_account,
        gives="text/csv",
    ),
    media_type="text/csv",
)
async def export_statement(
    env: NamedDependency[Env], actor: NamedDependency[Actor], statement_id: StatementId
) -> Response[bytes]:
    tenancy.require(actor, "ledger.read")
    here = home(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.statement(tx, here, statement_id)
        account = await store.account(tx, here, found.account_id)
        body = export.statement_csv(found, account, await statement.lines_of(tx, here, found))
    return Response(
        body,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="statement-{found.id}.csv"'},
    )


@get(
    "/v1/balance",
    operation_id="getBalance",
    tags=["Balance"],
    summary="What you may still spend",
    opt=said("可用余额", "密钥所用钱包的余额。"),
)
async def get_balance(env: NamedDependency[Env], caller: Signed) -> wire.BalanceOut:
    """Of the wallet that the key spends from."""
    tenancy.require_scope(caller, "balance:read")
    async with env.db.transaction(caller.key.mall_id) as tx:
        account = await accounts.balance(tx, caller.key.home_id, caller.key.account_id)
    return wire.balance_out(account, livemode=not env.is_test(caller.key.mall_id))


@get(
    "/v1/statements",
    operation_id="listOwnStatements",
    tags=["Balance"],
    summary="Your statements, newest first",
    opt=said("对账单列表（按时间倒序）"),
)
async def list_own_statements(
    env: NamedDependency[Env], caller: Signed, cursor: Cursor = None, size: Size = 50
) -> wire.StatementList:
    tenancy.require_scope(caller, "balance:read")
    key = caller.key
    return await _statements(env, key.mall_id, key.home_id, key.account_id, cursor, size)


@get(
    "/console/v1/suppliers/{supplier_id:str}/deposit",
    operation_id="getSupplierDeposit",
    tags=["Accounts"],
    summary="What deposit is asked of a supplier, and how much of it is there",
    opt=said("供应商保证金：应缴、已缴与差额", "", RequestRefusal.not_found),
)
async def get_deposit(
    env: NamedDependency[Env], actor: NamedDependency[Actor], supplier_id: FromPath[str]
) -> wire.DepositOut:
    return wire.deposit_out(await deposits.deposit_of(env, actor, number(supplier_id)))


@post(
    "/console/v1/suppliers/{supplier_id:str}/deposit",
    operation_id="receiveSupplierDeposit",
    tags=["Accounts"],
    summary="A supplier's deposit has arrived, once per reference",
    opt=said(
        "供应商保证金到账（同一凭证号仅入账一次）",
        "",
        RequestRefusal.not_found,
        LedgerRefusal.account_closed,
        LedgerRefusal.reference_used,
    ),
)
async def receive_deposit(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    supplier_id: FromPath[str],
    data: JSONBody[wire.RechargeIn],
) -> wire.DepositOut:
    return wire.deposit_out(
        await deposits.receive_deposit(
            env, actor, number(supplier_id), data.amount, data.reference, data.memo
        )
    )


async def _statements(
    env: Env, mall: int, here: int, account_id: int, cursor: str | None, size: int
) -> wire.StatementList:
    async with env.db.transaction(mall) as tx:
        account = await store.account(tx, here, account_id)
        found = await statement.statements(
            tx, here, account_id, before=int(cursor) if cursor else None, size=size
        )
    last = str(found[-1].id) if len(found) == size else None
    return wire.StatementList([wire.statement_out(s, account.currency) for s in found], last)


async def _account(env: Env, actor: Actor, account_id: int) -> Account:
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.account(tx, home(actor.mall_id), account_id)


async def _amount(env: Env, actor: Actor, account_id: int, given: Money, path: str = "amount") -> int:
    account = await _account(env, actor, account_id)
    return wire.amount_in(given, account.currency, path)


ROUTES = [
    list_accounts,
    get_account,
    list_transfers,
    recharge,
    withdraw,
    adjust,
    allot,
    add_buyer,
    set_credit,
    lock,
    unlock,
    make_statement,
    list_statements,
    export_statement,
    get_balance,
    list_own_statements,
    get_deposit,
    receive_deposit,
    *journal_routes.ROUTES,
    *rate_routes.ROUTES,
    *department_routes.ROUTES,
    *own_routes.ROUTES,
]
