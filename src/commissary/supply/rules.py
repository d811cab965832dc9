"""What an answer means for a purchase, and whom to buy from. Pure: times, chance and health are arguments.

Nothing is ever taken for a failure but the supplier's explicit word, and behind a silence not even that at once: an
order that was not found, or failed, may still turn up while the supplier's quiet time lasts. People are sent nothing: of
theirs the end of their time is a failure too.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from commissary.ledger.rules import at_home_up
from commissary.ledger.types import Rate, Rates
from commissary.supply.types import (
    NOT_FOUND,
    OPEN_ATTEMPTS,
    Attempt,
    Choice,
    Facts,
    Heard,
    Next,
    Offer,
    Outcome,
    Policy,
    Result,
    Weighed,
)

replace = msgspec.structs.replace

FIRST_ASK_S = 5
SLOW_ASK_S = 120
SLOWEST_ASK_S = 1800  # once it waits for people too
ACCEPTED_ASK_S = 2
SLOWEST_ACCEPTED_S = 60
PEOPLE_AFTER = timedelta(
    minutes=30
)  # an unknown that is older waits for a person too; it is still asked about
ACCEPTED_PEOPLE_AFTER = timedelta(hours=24)
CALL_LIMIT_S = 40  # longer than any call may take: a purchase that still "calls" then lost its process


# What an answer means --------------------------------------------------------------------------------------------


def after(attempt: Attempt, facts: Facts, quiet_s: int, result: Result, heard: Heard, now: datetime) -> Next:
    """The attempt as it is from now on. An ended one changes only from `failed` to `surplus`, when it was bought after
    all, and from `succeeded` to `failed`, when the supplier takes it back."""
    if attempt.state not in OPEN_ATTEMPTS:
        return _after_the_end(attempt, result, heard, now)
    told = replace(
        attempt,
        said=result.said[:200] or attempt.said,
        supplier_ref=result.supplier_ref or attempt.supplier_ref,
        cost_e4=attempt.cost_e4 if result.cost_e4 is None else result.cost_e4,
        refunded_e4=max(attempt.refunded_e4, result.refunded_e4),
        asked=attempt.asked + (heard == "asking"),
        answered_at=now,
    )
    if facts.within_s is not None and heard in ("placing", "asking"):
        return Next(_waits_for_his_people(told, facts.within_s, now))
    match result.outcome:
        case Outcome.succeeded:
            return _succeeded(told, facts, result, heard, now)
        case Outcome.failed:
            return Next(_failed(told, facts, quiet_s, result, heard, now))
        case Outcome.accepted:
            return Next(
                _again(
                    replace(told, state="accepted", reason=result.reason, missing_since=None),
                    facts,
                    _accepted_pause(told, now),
                    now,
                    ACCEPTED_PEOPLE_AFTER,
                )
            )
        case Outcome.unknown:
            if result.reason == NOT_FOUND:
                return Next(_missing(told, facts, quiet_s, now))
            if heard == "asking" and _in_part(told, result):
                return _succeeded(told, facts, result, heard, now)
            return Next(_unknown(replace(told, missing_since=None), facts, result.reason, now))


def _waits_for_his_people(told: Attempt, within_s: int, now: datetime) -> Attempt:
    """Nothing was sent, so nothing was bought as long as nobody provides: when their time is over, it has failed."""
    over = told.called_at + timedelta(seconds=within_s)
    if now < over:
        return replace(told, state="accepted", reason="", next_at=over)
    return replace(told, state="failed", reason="not_provided", next_at=None, people_at=None, ended_at=now)


def lost(attempt: Attempt, facts: Facts, now: datetime) -> Attempt:
    """Its process ended between sending and saving: it may have been made."""
    return _unknown(attempt, facts, "process_lost", now)


def _succeeded(told: Attempt, facts: Facts, result: Result, heard: Heard, now: datetime) -> Next:
    """Bought. A line is never settled on an answer that does not fit: the supplier is asked, and if he says the same it
    waits for a person with all that came, who may take it as it is."""
    wrong = "" if heard == "person" else _wrong(told, result)
    if heard == "callback" and not wrong and facts.queries and _unlike_the_offer(told, result):
        wrong = "unlike_the_offer"
    if wrong and wrong != "no_codes" and heard != "asking" and facts.queries:
        # The cost that was told is not kept either: what is asked for now decides.
        return Next(replace(told, state="unknown", reason=wrong, cost_e4=None, next_at=now))
    if wrong == "no_codes":  # a word without goods: they may still come
        if told.asked < 5:
            pause = timedelta(seconds=FIRST_ASK_S * 2**told.asked)
            return Next(replace(told, state="accepted", reason=wrong, next_at=now + pause))
        return Next(_for_people(replace(told, state="accepted", reason=wrong), now))
    if wrong:
        return Next(_for_people(replace(told, state="unknown", reason=wrong), now), result.codes)
    if heard != "person" or result.cost_e4 is None:
        told = _less_what_came_back(told)
    done = replace(told, state="succeeded", reason="", next_at=None, people_at=None, ended_at=now)
    return Next(done, result.codes)


def _in_part(told: Attempt, result: Result) -> bool:
    """Asked, he shows some of the codes and has given back the money of exactly the others, to the last 1/10 000: that much was
    bought, whatever his word for it is. Of a top-up nobody can tell so."""
    pieces, came = told.quantity, len(result.codes)
    if told.kind != "code" or told.cost_e4 is None or not 0 < came < pieces or not result.refunded_e4:
        return False
    kept_e4 = told.cost_e4 - result.refunded_e4
    return abs(kept_e4 * pieces - told.cost_e4 * came) < pieces


def _less_what_came_back(told: Attempt) -> Attempt:
    """What it cost in the end is what is booked, and what could still come back."""
    if told.cost_e4 is None or not 0 < told.refunded_e4 < told.cost_e4:
        return told
    return replace(told, cost_e4=told.cost_e4 - told.refunded_e4, refunded_e4=0)


def _wrong(told: Attempt, result: Result) -> str:
    if told.cost_e4 is not None and told.cost_e4 > told.most_unit_e4 * told.quantity:
        return "wrong_amount"
    if told.kind == "topup":
        return ""
    if not result.codes:
        return "no_codes"
    if len(result.codes) > told.quantity:
        return "wrong_count"
    if len({(c.number, c.secret) for c in result.codes}) != len(result.codes):
        return "repeated_codes"
    return ""


def _unlike_the_offer(told: Attempt, result: Result) -> bool:
    """Another sum or another number of codes than was ordered, though none that is out of the question."""
    if result.cost_e4 is not None and result.cost_e4 != told.unit_cost_e4 * told.quantity:
        return True
    return told.kind == "code" and len(result.codes) != told.quantity


def _failed(
    told: Attempt, facts: Facts, quiet_s: int, result: Result, heard: Heard, now: datetime
) -> Attempt:
    """At once when it was refused in the very answer to the purchase, or a person says so; else after the quiet time."""
    over = told.called_at + timedelta(seconds=quiet_s)
    if heard in ("placing", "supplier", "person") or now >= over:
        return replace(told, state="failed", reason=result.reason, next_at=None, people_at=None, ended_at=now)
    if not facts.queries:
        return _for_people(replace(told, state="unknown", reason=result.reason), now)
    return replace(told, state="unknown", reason=result.reason or "said_failed", next_at=over)


def _missing(told: Attempt, facts: Facts, quiet_s: int, now: datetime) -> Attempt:
    """The supplier knows no such order. It counts as failed when it was so from the first to the last moment of a
    whole quiet time; a single other answer begins it anew."""
    since = told.missing_since or now
    if facts.says_missing and now >= max(since, told.called_at) + timedelta(seconds=quiet_s):
        return replace(
            told,
            state="failed",
            reason=NOT_FOUND,
            missing_since=since,
            next_at=None,
            people_at=None,
            ended_at=now,
        )
    again = _unknown(replace(told, missing_since=since), facts, NOT_FOUND, now)
    over = max(since, told.called_at) + timedelta(seconds=quiet_s)
    if facts.says_missing and again.next_at is not None and now < over < again.next_at:
        return replace(again, next_at=over)
    return again


def _unknown(told: Attempt, facts: Facts, reason: str, now: datetime) -> Attempt:
    slowest_s = SLOW_ASK_S if now - told.called_at < PEOPLE_AFTER else SLOWEST_ASK_S
    pause = timedelta(seconds=min(slowest_s, FIRST_ASK_S * 2 ** min(told.asked, 10)))
    return _again(replace(told, state="unknown", reason=reason), facts, pause, now, PEOPLE_AFTER)


def _again(told: Attempt, facts: Facts, pause: timedelta, now: datetime, people_after: timedelta) -> Attempt:
    """Ask later. A supplier that cannot be asked is a matter for people at once, unless it will tell by itself."""
    if not facts.queries:
        if told.state == "accepted" and facts.callbacks and now < told.called_at + people_after:
            return replace(told, next_at=told.called_at + people_after)
        return _for_people(told, now)
    if now - told.called_at >= people_after:
        told = replace(told, people_at=told.people_at or now)
    return replace(told, next_at=now + pause)


def _accepted_pause(told: Attempt, now: datetime) -> timedelta:
    """As long again as a fifth of what it has taken: quick orders are seen quickly, slow ones are not pestered."""
    waited_s = (now - told.called_at).total_seconds() / 5
    return timedelta(seconds=min(max(ACCEPTED_ASK_S, waited_s), SLOWEST_ACCEPTED_S))


def _for_people(told: Attempt, now: datetime) -> Attempt:
    return replace(told, people_at=told.people_at or now, next_at=None)


def _after_the_end(attempt: Attempt, result: Result, heard: Heard, now: datetime) -> Next:
    if heard == "supplier":  # he is told that it is over, and keeps what he has
        return Next(attempt)
    if attempt.state == "failed" and result.outcome is Outcome.succeeded:
        cost_e4 = attempt.cost_e4 if result.cost_e4 is None else result.cost_e4
        surplus = replace(
            attempt,
            state="surplus",
            reason="late_success",
            cost_e4=cost_e4,
            supplier_ref=result.supplier_ref or attempt.supplier_ref,
            answered_at=now,
            people_at=now if attempt.kind == "topup" else None,
        )
        return Next(surplus, result.codes)
    if attempt.state == "succeeded" and result.outcome is Outcome.failed and heard != "placing":
        reversed_ = replace(
            attempt,
            state="failed",
            reason="reversed",
            refunded_e4=max(attempt.refunded_e4, result.refunded_e4),
            said=result.said[:200],
            answered_at=now,
        )
        return Next(reversed_)
    return Next(attempt)


# Whom to buy from ------------------------------------------------------------------------------------------------


class Condition(Protocol):
    """How a connection does now. `free`: purchases that may still be begun; `balance_e4` None: not told."""

    @property
    def state(self) -> str: ...
    @property
    def free(self) -> int: ...
    @property
    def balance_e4(self) -> int | None: ...
    @property
    def success_bp(self) -> int: ...
    @property
    def latency_ms(self) -> int: ...


PASSES = frozenset({"paused", "busy", "no_balance", "no_stock"})
"""What may pass by itself: a line waits for it within its patience."""


def route(
    offers: Collection[Offer],
    conditions: Mapping[int, Condition],
    suppliers: Mapping[int, int],
    unfit: Mapping[int, str],
    policy: Policy,
    *,
    quantity: int,
    most_unit_e4: int,
    rates: Rates,
    now: datetime,
    tried: Collection[int],
    resting: Collection[int] = (),
    last_good: int,
    chance: int,
    split: bool = False,
) -> Choice:
    """Of the offers for one SKU. `rates`: of the mall's currency, in which every cost is compared. `suppliers`: connection
    → supplier. `unfit`: supplier → why he may not be bought from. `split`: an offer that has fewer, or gives fewer at
    once, will do. `tried`: connections that failed for this line; `resting`: offers that were refused a moment ago.
    `last_good`: the connection that served this SKU last; `chance`: 0 to 9,999, for canaries and weights."""
    why: list[Weighed] = []
    fit: list[tuple[int, int, Offer]] = []  # by score, then id
    rested: list[tuple[int, int, Offer]] = []
    wait = False
    for offer in offers:
        condition, supplier = conditions.get(offer.connection_id), suppliers.get(offer.connection_id, 0)
        pieces = min(quantity, offer.most or quantity, offer.stock or quantity) if split else quantity
        cost_e4, rate = cost_at_home(offer, rates, now)
        by = None if rate is None else rate.id
        excluded = unfit.get(supplier) or _excluded(offer, cost_e4, condition, pieces, most_unit_e4, tried)
        if excluded:
            wait = wait or excluded in PASSES
            told = _why_no_rate(offer, rates, now) if excluded == "no_rate" else ""
            shown_e4 = offer.unit_cost_e4 if cost_e4 is None else cost_e4
            why.append(Weighed(offer.id, supplier, shown_e4, 0, excluded, told, by))
            continue
        assert condition is not None
        assert cost_e4 is not None
        score = _score(offer, cost_e4, condition, policy, last_good)
        if offer.canary_bp:  # its share comes first; beyond it, only when nobody else is left
            score = -1 if chance < offer.canary_bp else score + CANARY_LAST
        if offer.id in resting:  # refused a moment ago: only when nobody else is left
            rested.append((score, offer.id, offer))
            why.append(Weighed(offer.id, supplier, cost_e4, score, "resting", "", by))
            continue
        fit.append((score, offer.id, offer))
        why.append(Weighed(offer.id, supplier, cost_e4, score, "", "", by))
    fit = fit or rested
    if not fit:
        return Choice(None, tuple(why), wait)
    taken: Offer | None = min(fit)[2]
    if policy.strategy == "weighted" and not any(score < 0 for score, _, _ in fit):
        taken = _drawn([offer for _, _, offer in fit if not offer.canary_bp], chance)
    if taken is None:
        return Choice(None, tuple(why))
    cost_e4, rate = cost_at_home(taken, rates, now)
    return Choice(taken, tuple(why), False, cost_e4 or 0, rate)


def cost_at_home(offer: Offer, rates: Rates, now: datetime) -> tuple[int | None, Rate | None]:
    """(what a piece costs in the mall's currency, rounded up, by which rate); no cost without a rate that is not stale."""
    if offer.currency == rates.currency:
        return offer.unit_cost_e4, None
    rate = rates.fresh(offer.currency, now)
    return (None, None) if rate is None else (at_home_up(offer.unit_cost_e4, rate.rate_e8), rate)


def _why_no_rate(offer: Offer, rates: Rates, now: datetime) -> str:
    return "missing" if rates.at(offer.currency, now) is None else "stale"


CANARY_LAST = 1 << 50


def plain(weighed: Weighed) -> Weighed:
    """As it is shown: a canary beyond its share stands last by a score that no money is."""
    if weighed.score < CANARY_LAST:
        return weighed
    return replace(weighed, score=weighed.score - CANARY_LAST)


def _excluded(
    offer: Offer,
    cost_e4: int | None,
    condition: Condition | None,
    quantity: int,
    most_unit_e4: int,
    tried: Collection[int],
) -> str:
    """The first reason not to buy here; '' is none. Lasting ones stand before those that pass."""
    if condition is None or (state := condition.state) == "off":
        return "off"
    if offer.state != "on":
        return "offer_off"
    if not offer.on_sale:
        return "off_sale"
    if offer.connection_id in tried:
        return "tried"
    if offer.held_cost_e4 is not None:
        return "cost_held"
    if cost_e4 is None:
        return "no_rate"
    if cost_e4 > most_unit_e4:
        return "too_dear"
    if quantity < offer.least or (offer.most is not None and quantity > offer.most):
        return "quantity"
    if offer.stock is not None and offer.stock < quantity:
        return "no_stock"
    if state == "paused":
        return "paused"
    balance_e4 = condition.balance_e4
    if balance_e4 is not None and balance_e4 < offer.unit_cost_e4 * quantity:
        return "no_balance"
    if condition.free <= 0:
        return "busy"
    return ""


def _score(offer: Offer, cost_e4: int, condition: Condition, policy: Policy, last_good: int) -> int:
    """In `_e4` of a piece: what it will have cost, failures and waiting included; lower is better."""
    match policy.strategy:
        case "cheapest" | "weighted":
            return cost_e4
        case "quality":
            # A failure costs a try, a second of waiting a thousandth of the price.
            costs = cost_e4 * 10_000 // max(condition.success_bp, 500)
            costs += cost_e4 * condition.latency_ms // 1_000_000
            return costs - min(offer.warranty_hours, 720) * cost_e4 // 100_000
        case "sticky":
            return 0 if offer.connection_id == last_good else 1 + cost_e4


def _drawn(offers: Sequence[Offer], chance: int) -> Offer | None:
    total = sum(offer.weight for offer in offers)
    if not offers or not total:
        return offers[0] if offers else None
    at = chance * total // 10_000
    for offer in offers:
        at -= offer.weight
        if at < 0:
            return offer
    return offers[-1]


def most_unit_cost_e4(unit_price_e4: int, margin_bp: int) -> int:
    """The dearest cost of a piece at which the price still has its margin: cost + margin of it ≤ price."""
    cost_e4 = (
        unit_price_e4 * 10_000 // (10_000 + margin_bp) if margin_bp > -10_000 else unit_price_e4 * 10_000
    )
    return max(cost_e4, 0)
