"""The states of orders and lines against their table."""

from itertools import permutations
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.orders.rules import may_follow, order_state, pro_rata, share_out
from commissary.orders.types import LineState

TABLE = (Path(__file__).parent.parent / "tables" / "order_states.txt").read_text("utf-8").splitlines()
ORDERS = [line.split("->") for line in TABLE if "->" in line]
FOLLOWS = {
    a: set(b.split())
    for a, _, b in (line.partition(":") for line in TABLE if line.split(" ")[0].endswith(":"))
}


@pytest.mark.parametrize(("lines", "state"), ORDERS)
def test_an_orders_state_is_its_lines(lines: str, state: str) -> None:
    for order in permutations(lines.split()):
        assert order_state(order) == state.strip()  # type: ignore[arg-type]


def test_the_table_of_transitions_is_the_products() -> None:
    states = get_args(LineState)
    assert set(FOLLOWS) == set(states)
    for now in states:
        assert {then for then in states if may_follow(now, then)} == FOLLOWS[now]


@given(st.integers(0, 10**15), st.integers(1, 10**6), st.data())
def test_a_part_never_costs_more_than_its_share(amount_e4: int, of: int, data: st.DataObject) -> None:
    pieces = data.draw(st.integers(0, of))
    paid = pro_rata(amount_e4, pieces, of)
    assert paid * of <= amount_e4 * pieces < (paid + 1) * of


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_shares_sum_to_the_whole(total_e4: int, weights: list[int]) -> None:
    parts = share_out(total_e4, weights)
    assert sum(parts) == total_e4
    assert min(parts) >= 0
