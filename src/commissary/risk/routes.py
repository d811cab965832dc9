"""The console's risk pages."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.wire import Cursor, Size, said
from commissary.risk import decisions, edit_lists, edit_rules
from commissary.risk.explain import explain, explain_rule
from commissary.risk.types import Action, Decision, Entry, ListName, Rule
from commissary.risk.wire import (
    DecisionList,
    DecisionOut,
    EntryIn,
    EntryList,
    EntryOut,
    HitOut,
    RemovalIn,
    RuleChange,
    RuleIn,
    RuleList,
    RuleOut,
)
from commissary.tenancy.types import Actor


@get(
    "/console/v1/risk/rules",
    operation_id="listRiskRules",
    tags=["Risk"],
    summary="Rules in their order",
    opt=said("风控规则（按顺序）"),
)
async def list_rules(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> RuleList:
    return RuleList([_rule(r) for r in await edit_rules.list_rules(env, actor)])


@post(
    "/console/v1/risk/rules",
    operation_id="createRiskRule",
    tags=["Risk"],
    summary="Add a rule",
    opt=said("新增风控规则"),
)
async def create_rule(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[RuleIn]
) -> RuleOut:
    return _rule(
        await edit_rules.create_rule(
            env,
            actor,
            name_zh=data.name_zh,
            name_en=data.name_en,
            kind=data.kind,
            params=data.params,
            action=data.action,
            enabled=data.enabled,
        )
    )


@patch(
    "/console/v1/risk/rules/{rule_id:str}",
    operation_id="editRiskRule",
    tags=["Risk"],
    summary="Change, enable or disable a rule",
    opt=said("修改、启用或停用风控规则", "", RequestRefusal.not_found, RequestRefusal.conflict),
)
async def edit_rule(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    rule_id: FromPath[str],
    data: JSONBody[RuleChange],
) -> RuleOut:
    return _rule(
        await edit_rules.edit_rule(
            env,
            actor,
            _id("rule_id", rule_id),
            name_zh=data.name_zh,
            name_en=data.name_en,
            params=data.params,
            action=data.action,
            enabled=data.enabled,
            version=data.version,
        )
    )


@get(
    "/console/v1/risk/lists",
    operation_id="listRiskEntries",
    tags=["Risk"],
    summary="Entries of the deny, allow and watch lists",
    opt=said("黑名单、白名单与观察名单"),
)
async def list_entries(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    list_name: Annotated[ListName | None, QueryParameter(name="list")] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> EntryList:
    found = await edit_lists.list_entries(env, actor, list=list_name, before=_cursor(cursor), size=size)
    return EntryList([_entry(e) for e in found], _next(found, size))


@post(
    "/console/v1/risk/lists",
    operation_id="addRiskEntry",
    tags=["Risk"],
    summary="Put on a list",
    opt=said("加入名单"),
)
async def add_entry(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[EntryIn]
) -> EntryOut:
    return _entry(
        await edit_lists.add_entry(
            env,
            actor,
            list=data.list,
            subject=data.subject,
            value=data.value,
            reason=data.reason,
            expires_at=data.expires_at,
        )
    )


@post(
    "/console/v1/risk/lists/{entry_id:str}/remove",
    operation_id="removeRiskEntry",
    tags=["Risk"],
    summary="Take off a list",
    opt=said("移出名单", "", RequestRefusal.not_found),
    status_code=204,
)
async def remove_entry(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    entry_id: FromPath[str],
    data: JSONBody[RemovalIn],
) -> None:
    await edit_lists.remove_entry(env, actor, _id("entry_id", entry_id), data.reason)


@get(
    "/console/v1/risk/decisions",
    operation_id="listRiskDecisions",
    tags=["Risk"],
    summary="Verdicts that were not a plain yes",
    opt=said("未直接放行的风控判定"),
)
async def list_decisions(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    verdict: FromQuery[Action | None] = None,
    buyer_id: FromQuery[str | None] = None,
    order_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> DecisionList:
    found = await decisions.list_decisions(
        env,
        actor,
        verdict=verdict,
        buyer_id=_id("buyer_id", buyer_id) if buyer_id else None,
        order_id=_id("order_id", order_id) if order_id else None,
        before=_cursor(cursor),
        size=size,
    )
    return DecisionList([_decision(d) for d in found], _next(found, size))


@get(
    "/console/v1/risk/decisions/{decision_id:str}",
    operation_id="getRiskDecision",
    tags=["Risk"],
    summary="One verdict with its reasons",
    opt=said("单次风控判定及理由", "", RequestRefusal.not_found),
)
async def get_decision(
    env: NamedDependency[Env], actor: NamedDependency[Actor], decision_id: FromPath[str]
) -> DecisionOut:
    return _decision(await decisions.get_decision(env, actor, _id("decision_id", decision_id)))


ROUTES = [
    list_rules,
    create_rule,
    edit_rule,
    list_entries,
    add_entry,
    remove_entry,
    list_decisions,
    get_decision,
]


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


def _id(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) < 2**63):
        raise invalid(field, "not an id / 编号格式不正确")
    return int(text)


def _cursor(text: str | None) -> int | None:
    return _id("cursor", text) if text else None


def _next(found: Sequence[_Numbered], size: int) -> str | None:
    return str(found[-1].id) if len(found) == size else None


def _rule(rule: Rule) -> RuleOut:
    params: dict[str, Any] = msgspec.to_builtins(rule.params)
    if "sku_ids" in params:
        params["sku_ids"] = [str(i) for i in params["sku_ids"]]
    return RuleOut(
        str(rule.id),
        rule.name_zh,
        rule.name_en,
        rule.kind,
        params,
        rule.action,
        rule.enabled,
        rule.updated_at,
        rule.version,
        *explain_rule(rule),
    )


def _entry(e: Entry) -> EntryOut:
    return EntryOut(str(e.id), e.list, e.subject, e.value, e.reason, e.expires_at, e.created_at)


def _decision(d: Decision) -> DecisionOut:
    hits = [HitOut(str(h.rule_id), h.code, h.saw, *explain(h)) for h in d.hits]
    order_id = str(d.order_id) if d.order_id else None
    return DecisionOut(str(d.id), order_id, d.client_order_no, str(d.buyer_id), d.verdict, hits, d.at)
