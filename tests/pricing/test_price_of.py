"""Which price holds: read `tests/tables/prices.txt`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.base import money
from commissary.pricing import rules
from commissary.pricing.types import Ladder, Rounding, Snapshot, Template, Version

TABLES = Path(__file__).parents[1] / "tables"
NOW = datetime(2026, 6, 18, tzinfo=UTC)
BUYER, SKU, TIER, BOOKS = 7, 1, 3, {"list": 100, "tier": 200, "contract": 300}


def rows(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def versions(text: str, book: int) -> tuple[Version, ...]:
    if text == "-":
        return ()
    old = Version(NOW - timedelta(days=1), book + 1, Ladder((1,), (1,)))
    if text == "gone":
        return (Version(NOW, book + 2, Ladder((), ())), old)
    pairs = [rung.split("=") for rung in text.split()]
    ladder = Ladder(tuple(int(n) for n, _ in pairs), tuple(money.parse(p) for _, p in pairs))
    return (Version(NOW, book + 2, ladder), old)


def snapshot(**books: str) -> Snapshot:
    return Snapshot(
        1,
        "CNY",
        BOOKS["list"],
        {TIER: BOOKS["tier"]},
        {BUYER: BOOKS["contract"]},
        {BUYER: TIER},
        {(BOOKS[kind], SKU): versions(text, BOOKS[kind]) for kind, text in books.items()},
        {},
    )


@pytest.mark.parametrize("row", rows("prices.txt"), ids=lambda row: " ".join(row))
def test_the_table_of_prices(row: list[str]) -> None:
    listed, tier, contract, quantity, expected, source = row
    shown = snapshot(list=listed, tier=tier, contract=contract)
    price = rules.price_of(shown, BUYER, SKU, int(quantity), NOW)
    if expected == "none":
        assert price is None
        return
    assert price is not None
    kind, minimum = source.split()
    assert money.text(price.unit_price_e4) == expected
    assert price.source == f"{kind}:{BOOKS[kind]}:{BOOKS[kind] + 2}:{minimum}"


@pytest.mark.parametrize("row", rows("prices_templates.txt"), ids=lambda row: " ".join(row))
def test_the_table_of_templates(row: list[str]) -> None:
    base, percent, fixed, rounding, least, most, expected = row
    template = Template(
        base="cost",
        percent_bp=round(float(percent) * 100),
        fixed_e4=money.parse(fixed),
        rounding=rounding,  # type: ignore[arg-type]
        least_e4=None if least == "-" else money.parse(least),
        most_e4=None if most == "-" else money.parse(most),
    )
    assert money.text(rules.marked_up(template, money.parse(base))) == expected


@given(st.integers(1, 10**12), st.sampled_from(["none", "00", "90", "99", "tenth"]))
def test_rounding_goes_up_by_less_than_a_step_and_is_done_once(price: int, rounding: Rounding) -> None:
    rounded = rules.rounded_up(price, rounding)
    assert price <= rounded < price + 10_000
    assert rules.rounded_up(rounded, rounding) == rounded


ladders = st.lists(
    st.tuples(st.integers(2, 10_000), st.integers(1, 10**9)), max_size=8, unique_by=lambda r: r[0]
).map(lambda r: Ladder((1, *sorted(n for n, _ in r)), (5, *[p for _, p in r])))


@given(ladders, st.integers(1, 20_000))
def test_the_rung_is_the_last_that_begins_at_or_below_the_quantity(ladder: Ladder, quantity: int) -> None:
    below = [n for n in ladder.minimums if n <= quantity]
    assert ladder.minimums[rules.rung_of(ladder, quantity)] == max(below)
    assert rules.ladder_fault(ladder) == ""


@given(st.lists(st.integers(-3, 3), max_size=5), st.integers(-4, 4))
def test_the_version_that_holds_is_the_last_begun_and_of_those_the_last_written(
    begun: list[int], at: int
) -> None:
    given_ = sorted(((NOW + timedelta(hours=h), n) for n, h in enumerate(begun)), reverse=True)
    versions_ = tuple(Version(when, n, Ladder((1,), (n + 1,))) for when, n in given_)
    found = rules.version_at(versions_, NOW + timedelta(hours=at))
    possible = [(h, n) for n, h in enumerate(begun) if h <= at]
    assert (found.id if found else None) == (max(possible)[1] if possible else None)


@pytest.mark.parametrize(
    ("minimums", "prices", "word"),
    [
        ((1,), (), "as many"),
        ((2,), (1,), "first"),
        ((1, 1), (1, 1), "above"),
        ((1, 9, 5), (1, 1, 1), "above"),
        ((1,), (0,), "more than zero"),
        ((1,), (10**15 + 1,), "more than zero"),
        (tuple(range(1, 23)), (1,) * 22, "at most"),
    ],
)
def test_a_faulty_ladder_is_named(minimums: tuple[int, ...], prices: tuple[int, ...], word: str) -> None:
    assert word in rules.ladder_fault(Ladder(minimums, prices))


@pytest.mark.parametrize(
    "text", ["", "list", "list:1:2", "list:1:2:x", "quote:5", "list:-1:2:1", "tier:1:2:²", "x:1:2:3"]
)
def test_what_is_no_source(text: str) -> None:
    assert rules.parse_source(text) is None
