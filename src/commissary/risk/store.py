"""Rows ↔ types. The only file here that knows column names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.home import home
from commissary.risk.types import PARAMS, Action, Decision, Entry, Hit, ListName, Rule

Q = sql.load(__package__)
NEWEST = 2**63 - 1


async def rules_of(tx: db.Tx, mall: int) -> list[Rule]:
    return [_rule(r) for r in await db.rows(tx, Q.rules_of, {"mall": mall})]


async def lock_rule(tx: db.Tx, mall: int, rule_id: int) -> Rule | None:
    found = await db.row(tx, Q.lock_rule, {"mall": mall, "id": rule_id})
    return _rule(found) if found else None


async def lock_book(tx: db.Tx, mall: int) -> None:
    await db.run(tx, Q.lock_book, {"mall": mall})


async def add_rule(tx: db.Tx, mall: int, rule: Rule) -> None:
    await db.run(tx, Q.add_rule, {"kind": rule.kind, **_columns(mall, rule)})


async def set_rule(tx: db.Tx, mall: int, rule: Rule) -> None:
    await db.run(tx, Q.set_rule, _columns(mall, rule))


async def entries_of(tx: db.Tx, mall: int, at: datetime) -> list[Entry]:
    """Those that hold at that time."""
    return [Entry(*r) for r in await db.rows(tx, Q.entries_of, {"mall": mall, "at": at})]


async def list_entries(
    tx: db.Tx, mall: int, name: ListName | None, before: int | None, size: int
) -> list[Entry]:
    facts = {"mall": mall, "list": name, "before": before or NEWEST, "size": size}
    return [Entry(*r) for r in await db.rows(tx, Q.list_entries, facts)]


async def put_entry(tx: db.Tx, mall: int, entry: Entry) -> Entry:
    facts = {"mall": mall, **msgspec.structs.asdict(entry), "at": entry.created_at}
    found = await db.row(tx, Q.put_entry, facts)
    assert found is not None
    return Entry(*found)


async def drop_entry(tx: db.Tx, mall: int, entry_id: int) -> Entry | None:
    found = await db.row(tx, Q.drop_entry, {"mall": mall, "id": entry_id})
    return Entry(*found) if found else None


async def record(tx: db.Tx, home_id: int, decisions: Sequence[Decision]) -> int:
    """Write decisions of one home in one statement; how many were new."""
    text = msgspec.json.encode(decisions).decode()
    return await db.run(tx, Q.record, {"home": home_id, "decisions": text})


async def list_decisions(
    tx: db.Tx,
    mall: int,
    *,
    verdict: Action | None,
    buyer_id: int | None,
    order_id: int | None,
    before: int | None,
    size: int,
) -> list[Decision]:
    facts = {
        **_homes(mall),
        "verdict": verdict,
        "buyer": buyer_id,
        "order": order_id,
        "before": before or NEWEST,
        "size": size,
    }
    return [_decision(r) for r in await db.rows(tx, Q.list_decisions, facts)]


async def decision(tx: db.Tx, mall: int, decision_id: int) -> Decision | None:
    found = await db.row(tx, Q.decision, {**_homes(mall), "id": decision_id})
    return _decision(found) if found else None


def _homes(mall: int) -> dict[str, int]:
    return {"first_home": home(mall), "last_home": home(mall, 1023)}


def _columns(mall: int, rule: Rule) -> dict[str, Any]:
    return {
        "mall": mall,
        "id": rule.id,
        "name_zh": rule.name_zh,
        "name_en": rule.name_en,
        "params": Jsonb(rule.params, dumps=msgspec.json.encode),
        "action": rule.action,
        "enabled": rule.enabled,
        "at": rule.updated_at,
        "version": rule.version,
    }


def _rule(r: Sequence[Any]) -> Rule:
    id_, name_zh, name_en, kind, params, action, enabled, updated_at, version = r
    typed: Any = msgspec.convert(params, PARAMS[kind])
    return Rule(id_, name_zh, name_en, kind, typed, action, enabled, updated_at, version)


def _decision(r: Sequence[Any]) -> Decision:
    id_, order_id, client_order_no, buyer_id, verdict, evidence, at = r
    hits = msgspec.convert(evidence, tuple[Hit, ...])
    return Decision(id_, order_id, client_order_no, buyer_id, verdict, hits, at)
