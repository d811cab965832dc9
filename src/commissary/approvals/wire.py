"""Approvals over HTTP: requests and answers."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from commissary.approvals import rules
from commissary.approvals.acts import Acts
from commissary.approvals.read import Shown
from commissary.approvals.types import ActName, Comment, Delegate, Mode, Request, Rule, State, Unit
from commissary.base import money
from commissary.base.errors import invalid
from commissary.base.form import form
from commissary.base.money import Money
from commissary.base.wire import Id

# How a route of another domain names what asks.
Doing = NamedDependency[SkipValidation[Acts]]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class ApprovalAsked(msgspec.Struct, frozen=True):
    """Nothing was done yet: a second person is asked. Look at `GET /console/v1/approvals/{approval_id}`."""

    approval_id: str
    act: ActName
    status: State
    due_at: datetime


class PersonRef(msgspec.Struct, frozen=True):
    id: str
    name: str


class DecisionOut(msgspec.Struct, frozen=True):
    """`by` null: time ran out. `failure`: the code of the refusal that the act met; nothing of it was done."""

    by: PersonRef | None
    instead_of: PersonRef | None
    comment: str
    failure: str | None
    at: datetime


class ApprovalOut(msgspec.Struct, frozen=True):
    """`before` and `after` by field; money is `{amount, currency}`. `count` is of `unit`; `move_bp` how far the price goes that goes
    farthest. `lines`: how many there are to look through. `may_decide`: the caller may, by his own right or `instead_of` a colleague. `seal` is given back with the decision. `mentioned_at`: when a comment last called upon the caller; in the view `mentioned`
    alone."""

    id: str
    act: ActName
    subject: str
    status: State
    maker: PersonRef
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    amount: Money | None
    count: int | None
    unit: Unit | None
    move_bp: int | None
    lines: int
    role: str
    seal: str
    asked_at: datetime
    due_at: datetime
    expires_at: datetime
    may_decide: bool
    instead_of: PersonRef | None
    decision: DecisionOut | None
    mentioned_at: datetime | None


class ApprovalList(msgspec.Struct, frozen=True):
    items: list[ApprovalOut]
    next: str | None


class ApprovalLineOut(msgspec.Struct, frozen=True):
    """One thing that would change: `sku:…` in `book:…`. `move_bp` null: it comes new, or goes. `warning` `below_floor`: under its floor."""

    n: int
    subject: str
    place: str
    before: str
    after: str
    currency: str
    move_bp: int | None
    warning: str


class CommentOut(msgspec.Struct, frozen=True):
    """`mentions`: people whom it calls upon."""

    id: str
    person: PersonRef
    words: str
    at: datetime
    mentions: list[PersonRef]


class ApprovalFile(msgspec.Struct, frozen=True):
    """`payload`: exactly what will be done, or was. `people`: whom a comment may call upon."""

    approval: ApprovalOut
    payload: Any
    comments: list[CommentOut]
    people: list[PersonRef]


class DecideIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seal`: the one of the request that you saw."""

    approve: bool
    seal: Annotated[str, form(r"[0-9a-f]{64}")]
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class ManyDecisionsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each of them as by itself: one that is refused holds up no other."""

    items: Annotated[list["OneOfManyIn"], msgspec.Meta(min_length=1, max_length=100)]
    approve: bool
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class OneOfManyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Id
    seal: Annotated[str, form(r"[0-9a-f]{64}")]


class OneDecided(msgspec.Struct, frozen=True):
    """`refusal`: why this one was not decided; its `status` is null then."""

    id: str
    status: State | None
    failure: str | None
    refusal: str | None


class ManyDecided(msgspec.Struct, frozen=True):
    items: list[OneDecided]


class CommentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mentions`: people whom it calls upon, of those who may see the request; it stands in their inbox then."""

    words: Words
    mentions: Annotated[list[Id], msgspec.Meta(max_length=20)] = []


class CommentList(msgspec.Struct, frozen=True):
    items: list[CommentOut]


class WithdrawRequestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    comment: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class ApprovalRuleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`above_amount` in the mall's currency. `version`: the one you saw, 0 for a rule never set."""

    mode: Mode
    above_amount: Money | None = None
    above_count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    above_bp: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    role: Annotated[str, msgspec.Meta(max_length=40)] = ""
    due_minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)] = 1440
    version: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)] = 0


class ApprovalRuleOut(msgspec.Struct, frozen=True):
    """`limits`: which of `amount`, `count` and `move` this act can exceed. `in_force`: false for a default while nobody but one could
    decide."""

    act: ActName
    mode: Mode
    above_amount: Money | None
    above_count: int | None
    above_bp: int | None
    role: str
    due_minutes: int
    version: int
    is_default: bool
    in_force: bool
    limits: list[str]
    set_by: str
    set_at: datetime | None


class ApprovalRuleList(msgspec.Struct, frozen=True):
    """`deciders`: how many people may decide at all."""

    items: list[ApprovalRuleOut]
    deciders: int
    currency: str


class DelegateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person_id: Id
    until_at: Instant
    from_at: Instant | None = None


class DelegateOut(msgspec.Struct, frozen=True):
    person: PersonRef
    delegate: PersonRef
    from_at: datetime
    until_at: datetime


class DelegateList(msgspec.Struct, frozen=True):
    """`colleagues`: who could decide in the caller's stead."""

    items: list[DelegateOut]
    colleagues: list[PersonRef]


def waits(asked: Request) -> Response[Any]:
    """The answer of an operation that asks a second person instead of doing what it was told."""
    return Response(
        ApprovalAsked(str(asked.id), asked.act, asked.state, asked.due_at),
        status_code=202,
        headers={"location": f"/console/v1/approvals/{asked.id}"},
    )


def people_of(some: list[Shown]) -> set[int]:
    """Whoever is named in them."""
    found: set[int] = set()
    for one in some:
        r, d = one.request, one.request.decision
        found |= {r.maker_id, one.stead or 0}
        found |= {d.by or 0, d.instead_of or 0} if d else set()
    return found - {0}


def approval_out(one: Shown, names: dict[int, str]) -> ApprovalOut:
    r = one.request
    return ApprovalOut(
        id=str(r.id),
        act=r.act,
        subject=r.subject,
        status=r.state,
        maker=ref(r.maker_id, names),
        reason=r.reason,
        before=r.before,
        after=r.after,
        amount=None if r.amount_e4 is None or r.currency is None else money.of(r.amount_e4, r.currency),
        count=r.count,
        unit=r.unit,
        move_bp=r.move_bp,
        lines=r.lines,
        role=r.role,
        seal=r.seal.hex(),
        asked_at=r.asked_at,
        due_at=r.due_at,
        expires_at=r.expires_at,
        may_decide=one.stead is not None,
        instead_of=ref(one.stead, names) if one.stead else None,
        decision=_decision_out(r, names),
        mentioned_at=one.mentioned_at,
    )


def _decision_out(r: Request, names: dict[int, str]) -> DecisionOut | None:
    d = r.decision
    if d is None:
        return None
    by = None if d.by is None else ref(d.by, names)
    instead_of = None if d.instead_of is None else ref(d.instead_of, names)
    return DecisionOut(by, instead_of, d.comment, d.failure, d.at)


def comment_out(c: Comment, names: dict[int, str]) -> CommentOut:
    called = [ref(person, names) for person in c.mentions]
    return CommentOut(str(c.id), ref(c.person_id, names), c.words, c.at, called)


def people_in(comments: list[Comment]) -> set[int]:
    return {person for c in comments for person in (c.person_id, *c.mentions)}


def rule_out(rule: Rule, currency: str, deciders: int) -> ApprovalRuleOut:
    return ApprovalRuleOut(
        act=rule.act,
        mode=rule.mode,
        above_amount=None if rule.above_e4 is None else money.of(rule.above_e4, currency),
        above_count=rule.above_count,
        above_bp=rule.above_bp,
        role=rule.role,
        due_minutes=rule.due_minutes,
        version=rule.version,
        is_default=rule.version == 0,
        in_force=rule.mode != "off" and (rule.version > 0 or deciders > 1),
        limits=list(rules.LIMITS[rule.act]),
        set_by=rule.set_by,
        set_at=rule.set_at,
    )


def rule_in(act: ActName, data: ApprovalRuleIn, currency: str) -> Rule:
    """Limits that are not of this act, or not of this mode, are refused by name."""
    given = {"amount": data.above_amount, "count": data.above_count, "move": data.above_bp}
    fields = {"amount": "above_amount", "count": "above_count", "move": "above_bp"}
    for limit, value in given.items():
        if value is not None and (limit not in rules.LIMITS[act] or data.mode != "above"):
            raise invalid(fields[limit], "this rule has no such limit / 该规则没有此项限额")
    above_e4 = None
    if data.above_amount is not None:
        if data.above_amount.currency != currency:
            raise invalid("above_amount.currency", f"must be {currency} / 须为 {currency}")
        above_e4 = money.parse(data.above_amount.amount)
        if above_e4 < 0:
            raise invalid("above_amount", "must not be negative / 不能为负")
    return Rule(act, data.mode, above_e4, data.above_count, data.above_bp, data.role, data.due_minutes)


def delegate_out(d: Delegate, names: dict[int, str]) -> DelegateOut:
    return DelegateOut(ref(d.person_id, names), ref(d.delegate_id, names), d.from_at, d.until_at)


def ref(person_id: int, names: dict[int, str]) -> PersonRef:
    return PersonRef(str(person_id), names.get(person_id, ""))
