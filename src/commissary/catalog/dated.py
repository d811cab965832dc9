"""Tax rules and instrument limits as dated data: a change of the law is a new row, and the past keeps its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.catalog.rules import STORED_VALUE
from commissary.catalog.store import Q, load_tax_rules
from commissary.catalog.types import CatalogRefusal, Limit, TaxRule
from commissary.tenancy.types import Actor

_CHINA = timezone(timedelta(hours=8))
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_LAW_2026 = datetime(2026, 1, 1, tzinfo=_CHINA).astimezone(UTC)

GENERAL, SPECIAL = "general", "special"  # 普通发票, 专用发票
BOTH = (GENERAL, SPECIAL)
_WORK = ("specific_item_voucher", "direct_topup", "subscription", "coupon_promo")

_LAW = "增值税法 art. 10–11"
_TELECOM = f"{_LAW}; 财政部/税务总局公告: data, SMS and broadband as basic telecom from 2026-01-01"
_UNCONFIRMED = "19-digit code not confirmed: the mall's accountant sets it before invoicing"


async def seed_rules(tx: db.Tx, env: Env, actor: Actor) -> None:
    """China's rules as known when this was written, into a new mall; what is there already stays. Sold as principal:
    an agent's fee has other rules, which its accountant adds."""
    mall = actor.mall_id
    for rule in _tax_rules():
        await db.run(tx, Q.add_tax_rule, _row(env, mall, rule))
    for limit in _limits():
        await db.run(tx, Q.add_limit, _row(env, mall, limit))
    await tenancy.audit(tx, env, actor, "catalog.seed_rules", f"mall:{mall}")
    await tenancy.raise_epoch(tx, mall)


async def add_tax_rule(env: Env, actor: Actor, rule: TaxRule) -> TaxRule:
    """From `valid_from` on; the open rule before it ends there. Refuses `tax_rule_overlaps`."""
    tenancy.require(actor, "settlement.write")
    if rule.instrument_class in STORED_VALUE and SPECIAL in rule.invoice_types:
        raise invalid("invoice_types", "a prepaid card gets a general invoice only / 预付卡只能开具普通发票")
    if not 0 <= rule.rate_bp <= 10_000:
        raise invalid("rate_bp", "0 to 10,000 basis points / 税率为 0–10000 基点")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await tenancy.raise_epoch(tx, mall)  # first here: two rules at once take their turn
        facts = _row(env, mall, rule)
        if await db.row(tx, Q.later_tax_rule, facts) is not None:
            raise Refused(CatalogRefusal.tax_rule_overlaps)
        await db.run(tx, Q.end_tax_rule, facts)
        await db.run(tx, Q.add_tax_rule, facts)
        shown = msgspec.to_builtins(rule)
        await tenancy.audit(tx, env, actor, "tax_rule.add", f"tax_rule:{facts['id']}", None, shown)
    return rule


async def list_tax_rules(env: Env, actor: Actor) -> list[TaxRule]:
    """All of them, past and future."""
    tenancy.require(actor, "catalog.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await load_tax_rules(tx, actor.mall_id)


def _tax_rules() -> Iterator[TaxRule]:
    for stored in sorted(STORED_VALUE):
        source = "公告2016年第53号 art. 3, 4, 9: no VAT on sale or recharge, item 601; under the 2026 law not confirmed"
        yield TaxRule(
            "prepaid_card", stored, "principal", 0, "6010000000000000000", (GENERAL,), _LONG_AGO, None, source
        )
    for kind in _WORK:
        for category, rate_bp, code, begin, end, source in (
            ("telecom_basic", 900, "3030000000000000000", _LONG_AGO, None, _LAW),
            ("telecom_data", 600, "3030000000000000000", _LONG_AGO, _LAW_2026, _TELECOM),
            ("telecom_data", 900, "3030000000000000000", _LAW_2026, None, _TELECOM),
            ("catering", 600, "3070401000000000000", _LONG_AGO, None, _LAW),
            ("lodging", 600, "3070402000000000000", _LONG_AGO, None, _LAW),
            ("modern_service", 600, "3049900000000000000", _LONG_AGO, None, _LAW),
            ("video_membership", 600, "", _LONG_AGO, None, f"VAT item 060205; {_UNCONFIRMED}"),
            ("e_publication", 900, "", _LONG_AGO, None, f"{_LAW}; {_UNCONFIRMED}"),
            ("goods", 1300, "", _LONG_AGO, None, f"{_LAW}; {_UNCONFIRMED}"),
        ):
            yield TaxRule(category, kind, "principal", rate_bp, code, BOTH, begin, end, source)


def _limits() -> Iterator[Limit]:
    source = "七部委 2011 关于规范商业预付卡管理的意见; 商务部令2012第9号"
    single = ("CN", "stored_value_single")
    yield Limit(*single, False, 1_000 * 10_000, "CNY", True, 36, _LONG_AGO, None, source)
    yield Limit(*single, True, 5_000 * 10_000, "CNY", False, 0, _LONG_AGO, None, source)


def _row(env: Env, mall: int, rule: TaxRule | Limit) -> dict[str, Any]:
    row = msgspec.structs.asdict(rule) | {"mall": mall, "id": env.ids.new()}
    return row | ({"invoice_types": list(rule.invoice_types)} if isinstance(rule, TaxRule) else {})
