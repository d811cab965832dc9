"""Decisions about suppliers: which papers are asked for, what they add up to, where goods come from, when to warn, whose
conduct is suspicious. Pure.

Promises of the grade, each a property test: it follows from the letters and from nothing else; another letter never makes it
worse; without any one letter of its chain it holds no better; it ends with the first letter of its chain that ends.
"""

import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from commissary.partners.types import PAPER_KINDS, Assessed, Cause, Grade, Paper, PaperKind, PaperRule

FOREVER = datetime.max.replace(tzinfo=UTC)
ALARM_DAYS = (60, 30, 7, 1)
FILE_MAX = 4 * 1024 * 1024  # bytes of a document that is kept here; of a larger one only its hash

# Names -------------------------------------------------------------------------------------------------------------


def normal_name(name: str) -> str:
    """A name as it is compared: width, case, spaces and punctuation make no difference."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", folded) if c.isalnum())


# Dates -------------------------------------------------------------------------------------------------------------


def begins_at(day: date, zone: tzinfo) -> datetime:
    """The day's first instant in the mall's zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def ends_at(last_day: date | None, zone: tzinfo) -> datetime:
    """The first instant after the last good day."""
    return FOREVER if last_day is None else begins_at(last_day + timedelta(days=1), zone)


def alarm_of(valid_to: date, today: date) -> int | None:
    """Which warning is due: the tightest that `valid_to` is within. None: none yet, or it is over."""
    left = (valid_to - today).days
    return min((d for d in ALARM_DAYS if 0 <= left <= d), default=None)


# Which papers are asked for ------------------------------------------------------------------------------------------

_SINCE = date(2019, 1, 1)
_MARKETS = "《电子商务法》第二十七条：平台内经营者身份须核验 E-Commerce Law art. 27: who sells on a platform is verified"
_FILE = (
    "产品规则：供应商档案须有企业、受益所有人及同名账户 "
    "Rule of the product: a supplier's file names the company, its owners and an account in its name"
)
_PAYMENT = (
    "《非银行支付机构监督管理条例》：多家企业兑付的储值须有支付业务许可 "
    "Regulations on Non-bank Payment Institutions: value that several companies redeem needs a payment licence"
)

# As known when this was written. A mall's own rules (`partners.paper_rule`) go before them.
LAW: tuple[PaperRule, ...] = (
    PaperRule("*", "", "business_licence", True, _SINCE, None, _FILE),
    PaperRule("*", "", "beneficial_owner", True, _SINCE, None, _FILE),
    PaperRule("*", "", "bank_account", True, _SINCE, None, _FILE),
    PaperRule("CN", "", "legal_person_id", True, _SINCE, None, _MARKETS),
    PaperRule("CN", "stored_value_multi", "payment_licence", True, _SINCE, None, _PAYMENT),
)


def needed(rules: Iterable[PaperRule], country: str, instrument_class: str, day: date) -> set[PaperKind]:
    """What is asked of a company of that country for that class (empty: for any) on that day. The mall's rule goes before
    the product's, a country's before one for all, a class's before one for all, a later one before an earlier."""
    said: dict[PaperKind, tuple[tuple[bool, bool, bool, date], bool]] = {}
    for rule in rules:
        if rule.country not in ("*", country) or rule.instrument_class not in ("", instrument_class):
            continue
        if day < rule.valid_from or (rule.valid_to is not None and day > rule.valid_to):
            continue
        rank = (rule.own, rule.country != "*", rule.instrument_class != "", rule.valid_from)
        if rule.kind not in said or said[rule.kind][0] < rank:
            said[rule.kind] = (rank, rule.needed)
    return {kind for kind, (_, asked) in said.items() if asked}


# Where goods come from -----------------------------------------------------------------------------------------------


class Hop(msgspec.Struct, frozen=True):
    """A letter that holds: from `giver` to `holder` (normal names), until `ends_at`. A proof of who issues the goods is
    one without a giver."""

    paper_id: int
    giver: str
    holder: str
    ends_at: datetime


class Chain(msgspec.Struct, frozen=True):
    """`hops`: the papers, from the issuer's proof down to the letter that names the supplier."""

    grade: Grade
    hops: tuple[int, ...] = ()
    ends_at: datetime | None = None


def chain(hops: Sequence[Hop], supplier: str) -> Chain:
    """The shortest unbroken way from an issuer to the supplier; of several, the one that holds longest."""
    reached = _best((h.holder, h.ends_at, (h.paper_id,)) for h in hops if not h.giver)
    for length in range(len(hops) + 1):
        if supplier in reached:
            ends, papers = reached[supplier]
            return Chain("A" if length == 0 else "B" if length == 1 else "C", papers, ends)
        reached = _best(
            (h.holder, min(reached[h.giver][0], h.ends_at), (*reached[h.giver][1], h.paper_id))
            for h in hops
            if h.giver in reached
        )
    return Chain("X")


def _best(
    ways: Iterable[tuple[str, datetime, tuple[int, ...]]],
) -> dict[str, tuple[datetime, tuple[int, ...]]]:
    best: dict[str, tuple[datetime, tuple[int, ...]]] = {}
    for holder, ends, papers in ways:
        known = best.get(holder)
        if holder and (known is None or (ends, [-p for p in papers]) > (known[0], [-p for p in known[1]])):
            best[holder] = (ends, papers)
    return best


def may_promise_genuine(grade: Grade | None) -> bool:
    """Whether goods may carry the badge 正品."""
    return grade in ("A", "B")


# What the file adds up to --------------------------------------------------------------------------------------------


def assess(
    legal_name: str,
    country: str,
    papers: Sequence[Paper],
    rules: Sequence[PaperRule],
    known_brands: Iterable[int],
    zone: tzinfo,
    now: datetime,
) -> tuple[list[Assessed], datetime | None]:
    """Every standing of a supplier by its accepted papers, and when something of it begins or ends next."""
    accepted = [p for p in papers if p.state == "accepted"]
    spans = {p.id: (begins_at(p.valid_from, zone), ends_at(p.valid_to, zone)) for p in accepted}
    holding = [p for p in accepted if spans[p.id][0] <= now < spans[p.id][1]]
    ends = {p.id: spans[p.id][1] for p in holding}
    name, day = normal_name(legal_name), now.astimezone(zone).date()

    general = needed(rules, country, "", day)
    found = [_of_company(general, "", holding, ends, name)]
    for class_ in sorted({r.instrument_class for r in rules} - {""}):
        if more := needed(rules, country, class_, day) - general:
            found.append(_of_company(more, class_, holding, ends, name))
    for brand in sorted({b for p in accepted for b in p.brand_ids} | set(known_brands)):
        found.append(_of_brand(brand, holding, ends, name))

    turns = [at for span in spans.values() for at in span]
    turns += [begins_at(r.valid_from, zone) for r in rules] + [ends_at(r.valid_to, zone) for r in rules]
    return found, min((at for at in turns if now < at < FOREVER), default=None)


def _of_company(
    asked: set[PaperKind], class_: str, holding: Sequence[Paper], ends: Mapping[int, datetime], name: str
) -> Assessed:
    until: dict[PaperKind, datetime] = {}
    for paper in holding:
        if paper.kind in asked and (not PAPER_KINDS[paper.kind].own or normal_name(paper.holder) == name):
            until[paper.kind] = max(ends[paper.id], until.get(paper.kind, ends[paper.id]))
    missing = tuple(sorted(asked - set(until)))
    return Assessed(0, class_, not missing, None, _until(until.values()), missing)


def _of_brand(brand: int, holding: Sequence[Paper], ends: Mapping[int, datetime], name: str) -> Assessed:
    hops = [
        Hop(
            p.id,
            normal_name(p.issuer) if p.kind == "brand_authorisation" else "",
            normal_name(p.holder),
            ends[p.id],
        )
        for p in holding
        if PAPER_KINDS[p.kind].of == "brand" and brand in p.brand_ids
    ]
    way = chain(hops, name)
    return Assessed(brand, "", way.grade != "X", way.grade, _until([way.ends_at or FOREVER]), (), way.hops)


def _until(ends: Iterable[datetime]) -> datetime | None:
    soonest = min(ends, default=FOREVER)
    return None if soonest == FOREVER else soonest


def unsupplied(sources: Mapping[int, Iterable[int | None]], unfit: Container[tuple[int, int]]) -> list[int]:
    """SKUs none of whose sources may be bought from; `unfit` holds (SKU, supplier). None is the mall's own goods, which
    are fit; a SKU without any source is not judged."""
    return [
        sku
        for sku, suppliers in sources.items()
        if (known := list(suppliers)) and all(s is not None and (sku, s) in unfit for s in known)
    ]


# Conduct -------------------------------------------------------------------------------------------------------------


class Limits(msgspec.Struct, frozen=True):
    """Beyond these a supplier goes into quarantine. A rate is judged over at least `least_orders`, so that one complaint
    of ten is not ten per cent."""

    offer_below_bp: int = 9_700  # of face value
    offer_slower_s: int = 3_600
    slow_s: int = 3_600  # a top-up that took longer was slow
    slow_norm_times: int = (
        20  # … as was one that took so many times the norm of these goods, and over `slow_least_s`
    )
    slow_least_s: int = 600
    slow_over_bp: int = 1_000
    slow_least_topups: int = 20
    complaints_over_bp: int = 10
    redeemed_over_bp: int = 5
    least_orders: int = 1_000


class Conduct(msgspec.Struct, frozen=True):
    """What was measured of one supplier over a stretch of time. `took_s`: seconds from the purchase of each top-up to its
    end, unfinished ones as long as they run; `norm_s`: what such top-ups take elsewhere, the median, if known."""

    took_s: Sequence[int] = ()
    norm_s: int | None = None
    orders: int = 0
    suspended_after: int = 0  # recipients whose number or account was suspended after the top-up
    redeemed_early: int = 0  # codes found used before anybody had seen them


def suspicious_offer(price_e4: int, face_e4: int, promised_s: int, limits: Limits = Limits()) -> bool:  # noqa: B008
    """慢充: cheaper than the trade can be, in return for time: money of others goes through such top-ups."""
    return price_e4 * 10_000 < face_e4 * limits.offer_below_bp and promised_s > limits.offer_slower_s


def suspicious(conduct: Conduct, limits: Limits = Limits()) -> tuple[Cause, dict[str, int]] | None:  # noqa: B008
    """The gravest cause to stop buying, with what was counted."""
    orders = max(conduct.orders, limits.least_orders)
    if conduct.redeemed_early * 10_000 > orders * limits.redeemed_over_bp:
        return "redeemed_early", {"redeemed_early": conduct.redeemed_early, "orders": conduct.orders}
    if conduct.suspended_after * 10_000 > orders * limits.complaints_over_bp:
        return "complaints", {"suspended_after": conduct.suspended_after, "orders": conduct.orders}
    slow_s = limits.slow_s
    if conduct.norm_s is not None:
        slow_s = min(slow_s, max(limits.slow_least_s, conduct.norm_s * limits.slow_norm_times))
    slow, count = sum(t > slow_s for t in conduct.took_s), len(conduct.took_s)
    if count >= limits.slow_least_topups and slow * 10_000 > count * limits.slow_over_bp:
        return "slow_topup", {"slow": slow, "topups": count, "slower_than_s": slow_s}
    return None
