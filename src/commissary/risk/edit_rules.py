"""A mall's book of rules: written by its staff, judged by every process within a second."""

from collections.abc import Mapping
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.risk import rules, store
from commissary.risk.types import Listed, Rule, RuleAction, RuleKind
from commissary.tenancy.types import Actor

MOST_RULES = 200


async def seed_rules(env: Env, actor: Actor) -> list[Rule]:
    """Write the default rules into a mall that has none, so that its staff can change them. Again is no error."""
    tenancy.require(actor, "risk.write")
    async with env.db.transaction(actor.mall_id) as tx:
        written, seeded = await _book(tx, env, actor)
        if seeded:
            await tenancy.raise_epoch(tx, actor.mall_id)
    return written


async def create_rule(
    env: Env,
    actor: Actor,
    *,
    name_zh: str,
    name_en: str,
    kind: RuleKind,
    params: Mapping[str, Any],
    action: RuleAction,
    enabled: bool = True,
) -> Rule:
    """A new rule stands after the older ones. Refuses `invalid_request` with the field."""
    tenancy.require(actor, "risk.write")
    mall = actor.mall_id
    rule = Rule(
        env.ids.new(),
        rules.name_of("name_zh", name_zh),
        rules.name_of("name_en", name_en),
        kind,
        rules.params_of(kind, params),
        action,
        enabled,
        env.now(mall),
    )
    async with env.db.transaction(mall) as tx:
        written, _ = await _book(tx, env, actor)
        if len(written) >= MOST_RULES:
            raise invalid("kind", f"a mall has at most {MOST_RULES} rules / 每个商城最多 {MOST_RULES} 条规则")
        if isinstance(rule.params, Listed) and any(r.kind == "list" for r in written):
            raise invalid("kind", "there is a rule for the watch list already / 关注名单规则已存在")
        await store.add_rule(tx, mall, rule)
        await tenancy.audit(tx, env, actor, "risk.rule.create", f"risk_rule:{rule.id}", None, _facts(rule))
        await tenancy.raise_epoch(tx, mall)
    return rule


async def edit_rule(
    env: Env,
    actor: Actor,
    rule_id: int,
    *,
    name_zh: str | None = None,
    name_en: str | None = None,
    params: Mapping[str, Any] | None = None,
    action: RuleAction | None = None,
    enabled: bool | None = None,
    version: int | None = None,
) -> Rule:
    """Change what is given; the kind stays. Counts go on unless the rule now counts something else. Refuses `conflict` when
    `version` is given and not the present one."""
    tenancy.require(actor, "risk.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await _book(tx, env, actor)
        before = await store.lock_rule(tx, mall, rule_id)
        if before is None:
            raise Refused(RequestRefusal.not_found)
        if version is not None and version != before.version:
            raise Refused(RequestRefusal.conflict, version=before.version)
        after = msgspec.structs.replace(
            before,
            name_zh=before.name_zh if name_zh is None else rules.name_of("name_zh", name_zh),
            name_en=before.name_en if name_en is None else rules.name_of("name_en", name_en),
            params=before.params if params is None else rules.params_of(before.kind, params),
            action=before.action if action is None else action,
            enabled=before.enabled if enabled is None else enabled,
        )
        if after == before:
            return before
        after = msgspec.structs.replace(after, updated_at=env.now(mall), version=before.version + 1)
        await store.set_rule(tx, mall, after)
        await tenancy.audit(
            tx, env, actor, "risk.rule.edit", f"risk_rule:{rule_id}", _facts(before), _facts(after)
        )
        await tenancy.raise_epoch(tx, mall)
    return after


async def enable_rule(env: Env, actor: Actor, rule_id: int, enabled: bool = True) -> Rule:
    return await edit_rule(env, actor, rule_id, enabled=enabled)


async def list_rules(env: Env, actor: Actor) -> list[Rule]:
    """In the order in which they are asked; for a mall that has none written, the defaults it is judged by."""
    tenancy.require(actor, "risk.read")
    async with env.db.transaction(actor.mall_id) as tx:
        written = await store.rules_of(tx, actor.mall_id)
    return sorted(written or rules.DEFAULT_RULES, key=lambda r: (r.kind != "list", r.id))


async def _book(tx: db.Tx, env: Env, actor: Actor) -> tuple[list[Rule], bool]:
    """The rules, locked against other writers; and whether the defaults were written just now. A mall's first own rule
    must not take the defaults away, so they become rows before it."""
    mall = actor.mall_id
    await store.lock_book(tx, mall)
    written = await store.rules_of(tx, mall)
    if written:
        return written, False
    seeded = [msgspec.structs.replace(r, updated_at=env.now(mall)) for r in rules.DEFAULT_RULES]
    for rule in seeded:
        await store.add_rule(tx, mall, rule)
    names = [r.name_en for r in seeded]
    await tenancy.audit(tx, env, actor, "risk.rule.seed", "risk_rules", None, {"rules": names})
    return seeded, True


def _facts(rule: Rule) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(rule)
    del facts["id"], facts["updated_at"], facts["version"]
    return facts
