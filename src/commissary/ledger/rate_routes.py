"""Rates of other currencies, and what they gained or lost, for the console."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, XLSX, Cursor, Page, Size, after, page, said, sized
from commissary.ledger import rate_file, rates, rules
from commissary.ledger.positions import positions, realised
from commissary.ledger.types import LedgerRefusal, Position, Rate, RateDraft, RateLimits
from commissary.tenancy.types import Actor

TAGS = ["Currencies"]
RateText = Annotated[str, form(r"[0-9]{1,6}(\.[0-9]{1,8})?")]
Source = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
CurrencyQuery = Annotated[str | None, QueryParameter(description="Of this currency", pattern=r"^[A-Z]{3}$")]
FileName = Annotated[str, QueryParameter(description="The file's name, for people", max_length=200)]
FileSource = Annotated[
    str, QueryParameter(description="Where the rates are from", min_length=1, max_length=200)
]
Confirm = Annotated[bool, QueryParameter(description="Take rates that are far from the last ones")]
At = Annotated[str | None, QueryParameter(description="An instant, as 2026-07-01T00:00:00Z", max_length=40)]
JUDGED = (LedgerRefusal.rate_unneeded, LedgerRefusal.rate_in_the_past, LedgerRefusal.rate_jumped)


class RateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the mall's currency one of `currency` is worth. Without `valid_from`: from now on."""

    currency: money.Currency
    rate: RateText
    valid_from: Instant | None = None


class RatesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them or none. `confirm`: take rates that are far from the last ones."""

    rates: Annotated[list[RateIn], msgspec.Meta(min_length=1, max_length=rates.MOST_RATES)]
    source: Source
    confirm: bool = False


class RateOut(msgspec.Struct, frozen=True, kw_only=True):
    """`against` is the mall's currency."""

    id: str
    currency: str
    against: str
    rate: str
    valid_from: datetime
    source: str
    set_by: str
    set_at: datetime


class CurrentOut(msgspec.Struct, frozen=True, kw_only=True):
    """`rate` is in force, null before the first; `stale`: too old to buy by; `later`: set, and not in force yet."""

    currency: str
    rate: RateOut | None
    stale: bool
    later: list[RateOut]


class LimitsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stale_after_s`: an older rate buys nothing; `jump_bp`: a greater move wants to be confirmed."""

    stale_after_s: Annotated[int, msgspec.Meta(ge=60, le=31_536_000)] = RateLimits().stale_after_s
    jump_bp: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = RateLimits().jump_bp


class ResultRow(msgspec.Struct, frozen=True):
    """`result` above zero was gained, below zero lost; `movements`: how many of them realised something."""

    currency: str
    movements: int
    result: Money


class ResultOut(msgspec.Struct, frozen=True):
    items: list[ResultRow]
    total: Money


class PositionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`open` above zero is owed in that currency, below zero held. `book`: what it stands at in the books; `value`: by the
    rate of the instant; `unrealised`: what closing it then would have gained, or lost: below zero."""

    open: Money
    book: Money
    rate: RateOut | None
    value: Money | None
    unrealised: Money | None


@get(
    "/console/v1/rates/current",
    operation_id="listCurrentRates",
    tags=TAGS,
    summary="The rate of each currency that is in force, and what follows it",
    opt=said("各币种现行汇率、是否过期及待生效汇率"),
)
async def current_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[CurrentOut]:
    known, now = await rates.current_rates(env, actor)
    found = []
    for currency, some in sorted(known.known.items()):
        rate = known.at(currency, now)
        later = [rate_out(r, known.currency) for r in reversed(some) if r.valid_from > now]
        shown = None if rate is None else rate_out(rate, known.currency)
        stale = rate is not None and known.is_stale(rate, now)
        found.append(CurrentOut(currency=currency, rate=shown, stale=stale, later=later))
    return found


@get(
    "/console/v1/rates",
    operation_id="listRates",
    tags=TAGS,
    summary="Every rate that was ever set, newest first",
    opt=said("汇率历史"),
)
async def rates_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    currency: CurrencyQuery = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[RateOut]:
    before = after(cursor) or rates.LAST
    found, own = await rates.list_rates(env, actor, currency=currency, before=before, size=sized(size))
    return page(found, size, lambda r: rate_out(r, own), lambda r: r.id)


@post(
    "/console/v1/rates",
    operation_id="setRates",
    tags=TAGS,
    summary="Set rates, from now or from an instant on",
    description="A rate is never changed: a newer one follows it. A great move wants `confirm`.",
    opt=said("设置汇率（即时或定时生效）", "汇率只增不改；变动超过限额须确认", *JUDGED),
    status_code=200,
)
async def set_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[RatesIn]
) -> list[RateOut]:
    drafts = [RateDraft(r.currency, _rate(n, r.rate), r.valid_from) for n, r in enumerate(data.rates)]
    return await _set(env, actor, drafts, data.source, data.confirm)


@post(
    "/console/v1/rates/file",
    operation_id="importRates",
    tags=TAGS,
    summary="Set the rates of a file",
    description="The body is the file, CSV, text or .xlsx, with the columns currency, rate, valid_from. All or none.",
    opt=said(
        "按文件导入汇率",
        "请求体即文件：CSV、文本或 .xlsx，列为币种、汇率、生效时间；有误则逐行指出，整份不保存。",
        *JUDGED,
        LedgerRefusal.rates_faulty,
        *TableRefusal,
        takes={"text/csv": BINARY, XLSX: BINARY},
    ),
    request_max_body_size=rate_file.BYTES_MAX,
    status_code=200,
)
async def file_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: Request[Any, Any, Any],
    source: FileSource,
    file_name: FileName = "",
    confirm: Confirm = False,
) -> list[RateOut]:
    tenancy.require(actor, "pricing.write")  # before a body is taken in
    drafts = rate_file.read(await request.body(), file_name)
    return await _set(env, actor, drafts, source, confirm)


@get(
    "/console/v1/rates/limits",
    operation_id="getRateLimits",
    tags=TAGS,
    summary="When a rate is stale, and which move wants to be confirmed",
    opt=said("汇率有效时长与变动限额"),
)
async def limits_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> RateLimits:
    return (await rates.current_rates(env, actor))[0].limits


@put(
    "/console/v1/rates/limits",
    operation_id="setRateLimits",
    tags=TAGS,
    summary="Say when a rate is stale, and which move wants to be confirmed",
    opt=said("设置汇率有效时长与变动限额"),
)
async def set_limits_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[LimitsIn]
) -> RateLimits:
    return await rates.set_limits(env, actor, RateLimits(data.stale_after_s, data.jump_bp))


@get(
    "/console/v1/exchange/result",
    operation_id="getExchangeResult",
    tags=TAGS,
    summary="What rates gained or lost in a period, as it was posted",
    opt=said("已实现汇兑损益（按期间）", "含起始时刻，不含结束时刻；不填则为全部期间"),
)
async def result_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    from_at: At = None,
    to_at: At = None,
) -> ResultOut:
    """From included, to not; without them: ever."""
    from_ = _instant(from_at, "from_at") or datetime.fromisoformat("2000-01-01T00:00:00Z")
    to = _instant(to_at, "to_at") or datetime.fromisoformat("9000-01-01T00:00:00Z")
    found, own = await realised(env, actor, from_, to)
    rows = [ResultRow(r.currency, r.movements, money.of(r.result_e4, own)) for r in found]
    return ResultOut(rows, money.of(sum(r.result_e4 for r in found), own))


@get(
    "/console/v1/exchange/positions",
    operation_id="listExchangePositions",
    tags=TAGS,
    summary="What stands open in other currencies, and what it is worth at an instant",
    description="A report: it posts nothing.",
    opt=said("外币敞口与未实现汇兑损益", "仅为报表，不入账"),
)
async def positions_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], at: At = None
) -> list[PositionOut]:
    found, own = await positions(env, actor, _instant(at, "at"))
    return [position_out(p, own) for p in found]


async def _set(env: Env, actor: Actor, drafts: list[RateDraft], source: str, confirm: bool) -> list[RateOut]:
    made = await rates.set_rates(env, actor, drafts, source, confirm=confirm)
    own = (await rates.current_rates(env, actor))[0].currency
    return [rate_out(r, own) for r in made]


def rate_out(r: Rate, against: str) -> RateOut:
    return RateOut(
        id=str(r.id),
        currency=r.currency,
        against=against,
        rate=rules.rate_text(r.rate_e8),
        valid_from=r.valid_from,
        source=r.source,
        set_by=r.set_by,
        set_at=r.set_at,
    )


def position_out(p: Position, own: str) -> PositionOut:
    return PositionOut(
        open=money.of(p.foreign_e4, p.currency),
        book=money.of(p.book_e4, own),
        rate=None if p.rate is None else rate_out(p.rate, own),
        value=None if p.value_e4 is None else money.of(p.value_e4, own),
        unrealised=None if p.unrealised_e4 is None else money.of(p.unrealised_e4, own),
    )


def _rate(n: int, text: str) -> int:
    found = rate_file.parse(text)
    if found is None:
        raise invalid(f"rates[{n}].rate", "above zero, at most 100,000 / 须大于零且不超过 100000")
    return found


def _instant(text: str | None, name: str) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise invalid(name, "an instant is written 2026-07-01T00:00:00Z / 时间格式为 2026-07-01T00:00:00Z")
    return found


ROUTES = [
    current_route,
    rates_route,
    set_route,
    file_route,
    limits_route,
    set_limits_route,
    result_route,
    positions_route,
]
