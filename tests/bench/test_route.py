"""The bench of routing, small: it measures what it says, and what it guards stays so on a machine of any speed."""

import time

import pytest

from bench import route
from commissary.supply.types import Weighed


def test_a_choice_costs_little_more_than_its_record_and_a_change_reads_what_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = route.run(2, as_json=True, suppliers=20, skus=1_000)
    assert result.offers == 10_000
    assert result.market_mb > 1
    assert '"choose_p50_us"' in capsys.readouterr().out
    record_us = ten_records_us()
    assert result.choose_p50_us < 40 * record_us
    assert result.place_adds_p50_us < 10 * record_us
    assert result.change_market_ms < result.start_market_ms / 3


def ten_records_us() -> float:
    """CPU, at best."""
    took = []
    for _ in range(200):
        began = time.thread_time_ns()
        for _ in range(10):
            tuple([Weighed(n, n, n, n) for n in range(10)])
        took.append((time.thread_time_ns() - began) / 10_000)
    return min(took)
