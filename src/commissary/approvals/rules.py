"""When a second person is asked, who that may be, and what a seal is over. Pure."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, get_args

import msgspec

from commissary.approvals.types import ActName, Delegate, Line, Look, Request, Rule

# A mall that never set a rule has these, and they hold only while two people may decide: a shop of one is not locked out of its
# own money. In the mall's currency.
DEFAULTS: dict[ActName, Rule] = {
    "ledger.adjust": Rule("ledger.adjust", "above", above_e4=10_000_0000),
    "ledger.withdraw": Rule("ledger.withdraw", "above", above_e4=10_000_0000),
    "ledger.set_credit": Rule("ledger.set_credit", "above", above_e4=50_000_0000),
    # In clear, in an encrypted file; masked ones go out freely.
    "stock.export": Rule("stock.export", "always"),
    # Once somebody set rules, making them weaker takes two.
    "approvals.weaken": Rule("approvals.weaken", "always"),
}
ACTS: tuple[ActName, ...] = get_args(ActName)
# What a limit can be about, by act; other limits of a rule would never be exceeded.
LIMITS: dict[ActName, tuple[str, ...]] = {
    "ledger.adjust": ("amount",),
    "ledger.withdraw": ("amount",),
    "ledger.set_credit": ("amount",),
    "pricing.change": ("count", "move"),
    "pricing.floor": ("count",),
    "stock.void": ("amount", "count"),
    "stock.shred": ("count",),
    "stock.export": ("count",),
    "orders.recall_refund": ("amount", "count"),
    "tenancy.widen_role": ("count",),
    "approvals.weaken": (),
}
_STRENGTH = {"off": 0, "above": 1, "always": 2}


def default(act: ActName) -> Rule:
    return DEFAULTS.get(act) or Rule(act, "off")


def asks(rule: Rule, look: Look) -> bool:
    """Does this need a second person? An amount of which nobody knows what it is worth does."""
    if rule.mode != "above":
        return rule.mode == "always"
    known = rule.above_e4 is not None and look.amount_e4 is not None
    if known and (look.weight_e4 is None or abs(look.weight_e4) > (rule.above_e4 or 0)):
        return True
    if rule.above_count is not None and look.count is not None and look.count > rule.above_count:
        return True
    return rule.above_bp is not None and look.move_bp is not None and look.move_bp > rule.above_bp


def is_weaker(old: Rule, new: Rule) -> bool:
    """Does the new rule ask for less, or somebody else?"""
    if old.mode == "off":
        return False
    if _STRENGTH[new.mode] < _STRENGTH[old.mode] or new.role != old.role:
        return True
    if new.mode == "always":
        return False
    limits = (
        (old.above_e4, new.above_e4),
        (old.above_count, new.above_count),
        (old.above_bp, new.above_bp),
    )
    return any(was is not None and (now is None or now > was) for was, now in limits)


def fits(role: str, holders: Mapping[int, str], person: int) -> bool:
    """`holders`: who may decide at all, with their roles. The role that the rule names, or an owner."""
    held = holders.get(person)
    return held is not None and (not role or held in (role, "owner"))


def in_whose_stead(
    request: Request, holders: Mapping[int, str], delegates: Collection[Delegate], person: int
) -> int | None:
    """0: he decides by his own right; else the colleague whose right it is; None: he may not. What somebody asked for is
    not decided by his own right through another."""
    if person == request.maker_id:
        return None
    if fits(request.role, holders, person):
        return 0
    return next(
        (
            d.person_id
            for d in delegates
            if d.delegate_id == person
            and d.person_id != request.maker_id
            and fits(request.role, holders, d.person_id)
        ),
        None,
    )


def canonical(value: Any) -> str:
    """JSON with sorted keys: equal values are equal text."""
    return msgspec.json.encode(msgspec.to_builtins(value, str_keys=True), order="sorted").decode()


def holds_of(look: Look) -> str:
    """What must still be so, with the digest of its lines, so that the seal is over them too."""
    if not look.lines:
        return canonical(look.holds)
    return canonical(look.holds | {"lines": len(look.lines), "lines_sha256": digest(look.lines)})


def digest(lines: Sequence[Line]) -> str:
    return sha256(msgspec.json.encode(lines)).hexdigest()


def sealed(mall: int, request: Request) -> str:
    """What the seal is over: whoever changes one byte of it makes the approval void."""
    r = request
    return canonical(
        [
            mall, r.id, r.act, r.kind, r.subject, r.maker_id, r.organisation_id, r.reason, r.payload, r.holds, r.before, r.after,
            r.amount_e4, r.currency, r.weight_e4, r.count, r.unit, r.move_bp, r.role,
        ]
    )  # fmt: skip
