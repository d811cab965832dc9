"""Rules about suppliers, over many made-up files: grades, warnings, conduct."""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.partners import rules
from commissary.partners.rules import Conduct, Hop, Limits, chain
from commissary.partners.types import PAPER_KINDS, PAPER_MOVES, UNFIT, PaperRule, PartnerRefusal

T0 = datetime(2026, 7, 1, tzinfo=UTC)
NAMES = ["brand", "a", "b", "c", "d", "mill"]
ORDER = "ABCX"


@st.composite
def letters(draw: st.DrawFn) -> list[Hop]:
    """Two ways that begin with a proof and mostly lead to the mill, and letters that lead anywhere, circles too."""
    pairs: list[tuple[str, str]] = []
    for _ in range(2):
        between = draw(st.lists(st.sampled_from(NAMES[1:-1]), max_size=3, unique=True))
        way = ["", draw(st.sampled_from(NAMES[:2])), *between, "mill"]
        pairs += [pair for pair in itertools.pairwise(way) if draw(st.integers(0, 9))]
    pairs += draw(st.lists(st.tuples(st.sampled_from(["", *NAMES]), st.sampled_from(NAMES)), max_size=4))
    days = draw(st.lists(st.integers(1, 400), min_size=len(pairs), max_size=len(pairs)))
    return [
        Hop(n, giver, holder, T0 + timedelta(days=after))
        for n, ((giver, holder), after) in enumerate(zip(pairs, days, strict=True), 1)
    ]


def grade_by_walking(hops: list[Hop], at: str = "mill") -> str:
    """The same answer by brute force: every way from any issuer."""
    best: int | None = None

    def walk(name: str, length: int, seen: frozenset[str]) -> None:
        nonlocal best
        if name == at:
            best = length if best is None else min(best, length)
            return
        for hop in hops:
            if hop.giver == name and hop.holder not in seen:
                walk(hop.holder, length + 1, seen | {hop.holder})

    for hop in hops:
        if not hop.giver:
            walk(hop.holder, 0, frozenset({hop.holder}))
    return "X" if best is None else "A" if best == 0 else "B" if best == 1 else "C"


@given(letters())
def test_the_grade_is_the_length_of_the_shortest_way_from_an_issuer(hops: list[Hop]) -> None:
    assert chain(hops, "mill").grade == grade_by_walking(hops)


@given(letters(), letters())
def test_another_letter_never_makes_a_grade_worse(some: list[Hop], more: list[Hop]) -> None:
    more = [Hop(h.paper_id + 100, h.giver, h.holder, h.ends_at) for h in more]
    assert ORDER.index(chain(some + more, "mill").grade) <= ORDER.index(chain(some, "mill").grade)


@given(letters(), st.randoms())
def test_the_order_of_the_papers_means_nothing(hops: list[Hop], chance: random.Random) -> None:
    mixed = list(hops)
    chance.shuffle(mixed)
    assert chain(mixed, "mill") == chain(hops, "mill")


@given(letters())
def test_a_chain_holds_together_and_ends_with_its_first_end(hops: list[Hop]) -> None:
    found = chain(hops, "mill")
    if found.grade == "X":
        assert found.hops == ()
        return
    papers = [next(h for h in hops if h.paper_id == i) for i in found.hops]
    assert papers[0].giver == ""
    assert papers[-1].holder == "mill"
    for above, below in itertools.pairwise(papers):
        assert above.holder == below.giver
    assert found.ends_at == min(p.ends_at for p in papers)
    # No other way as short holds longer: of what ends later than this chain, none leads as directly.
    left = chain([h for h in hops if found.ends_at < h.ends_at], "mill")
    assert left.grade == "X" or len(left.hops) > len(found.hops)


@given(letters())
def test_without_a_letter_of_its_chain_a_supplier_stands_no_better(hops: list[Hop]) -> None:
    found = chain(hops, "mill")
    for gone in found.hops:
        left = [h for h in hops if h.paper_id != gone]
        assert ORDER.index(chain(left, "mill").grade) >= ORDER.index(found.grade)


def test_only_issuers_and_their_own_partners_may_promise_genuine_goods() -> None:
    assert [g for g in ORDER if rules.may_promise_genuine(g)] == ["A", "B"]  # type: ignore[arg-type]
    assert not rules.may_promise_genuine(None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mill Ltd.", "ＭＩＬＬ ＬＴＤ", True),
        ("上海（东海）卡券有限公司", "上海(东海)卡券有限公司", True),
        ("上海东海卡券", "上海 东海 卡券", True),
        ("Straße GmbH", "STRASSE GMBH", True),
        ("Mill Ltd", "Mills Ltd", False),
        ("东海", "西海", False),
    ],
)
def test_names_are_compared_as_people_mean_them(one: str, other: str, same: bool) -> None:
    assert (rules.normal_name(one) == rules.normal_name(other)) is same


@given(st.text(max_size=40))
def test_a_normal_name_is_its_own_normal_name(name: str) -> None:
    once = rules.normal_name(name)
    assert rules.normal_name(once) == once


@pytest.mark.parametrize(
    ("left", "due"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)],
)
def test_the_tightest_warning_is_due(left: int, due: int | None) -> None:
    today = date(2026, 7, 1)
    assert rules.alarm_of(today + timedelta(days=left), today) == due


def test_a_last_day_ends_at_the_malls_midnight() -> None:
    day = date(2026, 7, 1)
    assert rules.ends_at(day, ZoneInfo("Asia/Shanghai")) == datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert rules.ends_at(day, ZoneInfo("Europe/Berlin")) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert rules.ends_at(None, UTC) == rules.FOREVER


def test_rules_of_papers_go_from_the_special_to_the_general() -> None:
    def rule(country: str, class_: str, needed: bool, *, own: bool = False, year: int = 2020) -> PaperRule:
        return PaperRule(country, class_, "icp_filing", needed, date(year, 1, 1), None, "x", own)

    day = date(2026, 7, 1)
    assert rules.needed([rule("*", "", True)], "DE", "", day) == {"icp_filing"}
    assert rules.needed([rule("*", "", True), rule("DE", "", False)], "DE", "", day) == set()
    assert rules.needed([rule("*", "", True), rule("DE", "", False)], "FR", "", day) == {"icp_filing"}
    own = [rule("DE", "", False), rule("*", "", True, own=True)]
    assert rules.needed(own, "DE", "", day) == {"icp_filing"}, "the mall's own goes first"
    assert rules.needed([rule("*", "x", True)], "DE", "", day) == set()
    assert rules.needed([rule("*", "x", True)], "DE", "x", day) == {"icp_filing"}
    assert rules.needed([rule("*", "", True, year=2027)], "DE", "", day) == set(), "not yet"
    later = [rule("*", "", True), rule("*", "", False, year=2025)]
    assert rules.needed(later, "DE", "", day) == set()


def test_sources_that_are_all_unfit_leave_a_sku_unsupplied() -> None:
    sources = {1: [10], 2: [10, 20], 3: [None, 10], 4: [], 5: [20]}
    unfit = {(1, 10), (2, 10), (3, 10)}
    assert rules.unsupplied(sources, unfit) == [1]
    assert rules.unsupplied(sources, unfit | {(2, 20), (5, 20)}) == [1, 2, 5]


# 慢充 --------------------------------------------------------------------------------------------------------------


def test_a_cheap_and_slow_offer_is_suspicious_in_all_its_variants() -> None:
    """80 to 90 per cent of face value, credited within hours or days."""
    chance = random.Random(10)
    for _ in range(200):
        face_e4 = chance.choice([10, 50, 100, 500]) * 10_000
        price_e4 = face_e4 * chance.randint(8_000, 9_699) // 10_000
        assert rules.suspicious_offer(price_e4, face_e4, chance.randint(3_601, 72 * 3_600))


@pytest.mark.parametrize(
    ("price_bp", "promised_s", "suspicious"),
    [
        (9_700, 72 * 3600, False),  # a fair price may be slow
        (9_699, 3_600, False),  # a cheap one within the hour
        (9_699, 3_601, True),
        (8_000, 72 * 3600, True),
        (8_000, 60, False),
    ],
)
def test_an_offer_needs_both_to_be_suspicious(price_bp: int, promised_s: int, suspicious: bool) -> None:
    face_e4 = 100 * 10_000
    assert rules.suspicious_offer(face_e4 * price_bp // 10_000, face_e4, promised_s) is suspicious


@pytest.mark.parametrize(
    ("conduct", "cause"),
    [
        (Conduct(took_s=[30] * 100), None),
        (Conduct(took_s=[30] * 90 + [4_000] * 10), None),  # ten per cent, not more
        (Conduct(took_s=[30] * 89 + [4_000] * 11), "slow_topup"),
        (Conduct(took_s=[4_000] * 19), None),  # too few to tell
        (Conduct(took_s=[4_000] * 20), "slow_topup"),
        (Conduct(took_s=[700] * 50, norm_s=20), "slow_topup"),  # others need 20 s
        (Conduct(took_s=[700] * 50, norm_s=120), None),
        (Conduct(took_s=[500] * 50, norm_s=1), None),  # ten minutes are never slow
        (Conduct(orders=5_000, suspended_after=5), None),
        (Conduct(orders=5_000, suspended_after=6), "complaints"),
        (Conduct(orders=10, suspended_after=1), None),  # one of ten is not ten per cent
        (Conduct(orders=10, suspended_after=2), "complaints"),
        (Conduct(orders=10_000, redeemed_early=5), None),
        (Conduct(orders=10_000, redeemed_early=6), "redeemed_early"),
        (Conduct(took_s=[9_999] * 50, orders=10_000, redeemed_early=9, suspended_after=99), "redeemed_early"),
        (Conduct(), None),
    ],
)
def test_conduct_beyond_the_limits_names_its_cause(conduct: Conduct, cause: str | None) -> None:
    found = rules.suspicious(conduct)
    assert (found and found[0]) == cause


def test_limits_are_parameters() -> None:
    conduct = Conduct(took_s=[100] * 5)
    assert rules.suspicious(conduct) is None
    strict = Limits(slow_s=60, slow_least_topups=5)
    assert rules.suspicious(conduct, strict) == (
        "slow_topup",
        {"slow": 5, "topups": 5, "slower_than_s": 60},
    )


def test_every_word_is_there_in_both_languages() -> None:
    said = [(s.en, s.zh) for s in PAPER_KINDS.values()] + list(UNFIT.values())
    said += [(r.en, r.zh) for r in PartnerRefusal]
    for en, zh in said:
        assert en.isascii()
        assert not zh.isascii()
    assert set(PAPER_MOVES) == {"submitted", "accepted", "refused", "expired", "withdrawn"}
    assert {r.kind for r in rules.LAW} <= set(PAPER_KINDS)
