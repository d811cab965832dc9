"""Ids are ordered in time, unique over nodes, and never go backwards."""

from hypothesis import given
from hypothesis import strategies as st

from commissary.base.ids import EPOCH_MS, Ids, at_ms, first_at


@given(st.lists(st.integers(EPOCH_MS, EPOCH_MS + 10_000), min_size=1, max_size=200))
def test_they_grow_whatever_the_clock_does(clock: list[int]) -> None:
    times = iter(clock)
    ids = Ids(3, lambda: next(times))
    made = [ids.new() for _ in clock]
    assert made == sorted(set(made))


def test_more_than_a_millisecond_holds_borrow_from_the_next() -> None:
    ids = Ids(0, lambda: EPOCH_MS + 5)
    made = ids.many(5_000)
    assert len(set(made)) == 5_000
    assert at_ms(made[-1]) == EPOCH_MS + 6


def test_nodes_never_meet() -> None:
    one, other = Ids(1, lambda: EPOCH_MS + 5), Ids(2, lambda: EPOCH_MS + 5)
    assert not set(one.many(9_000)) & set(other.many(9_000))


def test_a_restart_goes_on_above_the_high_water_though_the_clock_went_back() -> None:
    before = Ids(7, lambda: EPOCH_MS + 60_000).many(10)
    assert min(Ids(7, lambda: EPOCH_MS + 1, before[-1]).many(10)) > before[-1]


def test_moving_to_another_node_keeps_the_order_and_leaves_the_old_number() -> None:
    ids = Ids(1, lambda: EPOCH_MS + 5)
    before = ids.many(10)
    ids.move(2, first_at(EPOCH_MS + 90))
    after = ids.many(10)
    assert min(after) > max(before)
    assert not set(after) & set(Ids(1, lambda: EPOCH_MS + 90).many(10))
