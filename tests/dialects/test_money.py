"""Others' money in and out, to the last part of a fen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.dialects import money


@pytest.mark.parametrize(
    ("written", "amount_e4"),
    [
        ("9.5", 95_000),
        ("88.8", 888_000),
        ("0.0001", 1),
        (" 1 ", 10_000),
        (3, 30_000),
        ("-2.50", -25_000),
        ("1e2", 1_000_000),
    ],
)
def test_amounts_in_main_units(written: str | int, amount_e4: int) -> None:
    assert money.of_yuan(written) == amount_e4


@pytest.mark.parametrize(
    "written", ["", "x", "1,5", "0.00001", "NaN", "Infinity", "1e40", "９.５.", Decimal("-1e20")]
)
def test_what_is_no_amount(written: str | Decimal) -> None:
    with pytest.raises(ValueError):
        money.of_yuan(written)


@given(st.integers(-(10**15), 10**15))
def test_there_and_back(amount_e4: int) -> None:
    assert money.of_yuan(money.yuan(amount_e4)) == amount_e4
    assert 0 <= amount_e4 - money.of_yuan(money.yuan_down(amount_e4)) < 100
    assert 0 <= amount_e4 - money.of_fen(money.fen_down(amount_e4)) < 100
    if amount_e4 % 100 == 0:
        assert money.of_fen(money.fen(amount_e4)) == amount_e4
    else:
        with pytest.raises(ValueError):
            money.fen(amount_e4)
        with pytest.raises(ValueError):
            money.yuan(amount_e4, 2)
