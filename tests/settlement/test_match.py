"""The match is a partition, and its sums agree, whatever the two sides say."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from commissary.settlement.match import frames, match

OURS = ("attempt_id", "refund", "offset", "supplier_ref", "quantity", "booked_e4", "cost_e4", "counts")
THEIRS = ("statement_id", "line_no", "offset", "ref_id", "supplier_ref", "quantity", "amount_e4", "status")

few = st.integers(1, 6)
amounts = st.sampled_from([0, 1, 10_000, 10_001, 95_000, 2**50 + 1])


@st.composite
def purchases(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for id_, refund in draw(st.sets(st.tuples(few, st.booleans()), max_size=10)):
        counts, booked = draw(st.booleans()) or refund, draw(amounts)
        booked = booked if counts else 0
        cost = draw(st.sampled_from([booked, booked, booked + 1]))
        sign = -1 if refund else 1
        found.append(
            dict(zip(OURS, (id_, refund, draw(st.integers(-1, 1)), f"S{id_ % 4}" if id_ > 1 else "", draw(few), sign * booked,
                            sign * cost, counts), strict=True))
        )  # fmt: skip
    return found


@st.composite
def statements(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for n in range(draw(st.integers(0, 14))):
        status, amount = draw(st.sampled_from(["bought", "failed", "refunded"])), draw(amounts)
        amount = {"bought": amount, "failed": 0, "refunded": -amount}[status]
        offset = draw(st.integers(-1, 1))
        ref = draw(st.one_of(st.none(), st.integers(1, 8)))
        theirs = draw(st.sampled_from(["", "S1", "S2", "x"]))
        found.append(
            dict(zip(THEIRS, (50 + offset, n, offset, ref, theirs, draw(few), amount, status), strict=True))
        )
    return found


def frame(rows: list[dict[str, Any]], like: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=like.schema)


@given(purchases(), statements())
@settings(max_examples=300, deadline=None)
def test_every_item_has_one_class_and_the_sums_agree(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    empty = frames(b"", b"")
    got = match(frame(ours, empty[0]), frame(theirs, empty[1]))
    here_ours = [o for o in ours if o["offset"] == 0 and o["counts"]]
    here_theirs = [t for t in theirs if t["offset"] == 0]
    assert got.ours_e4 == sum(o["booked_e4"] for o in here_ours)
    assert got.theirs_e4 == sum(t["amount_e4"] for t in here_theirs)
    # To the unit: what differs is the sum of the differences.
    assert sum(f.theirs_e4 - f.ours_e4 for f in got.found) == got.theirs_e4 - got.ours_e4
    assert len({f.key for f in got.found}) == len(got.found)
    assert sum(got.counts.values()) == len(got.found) + got.counts.get("matched", 0)
    # No line of the day is told twice; with those that matched, all of them are there.
    named = [(f.statement_id, f.line_no) for f in got.found if f.statement_id == 50 and f.line_no is not None]
    assert len(set(named)) == len(named)
    assert len(named) + got.counts.get("matched", 0) == len(here_theirs)
    # Nor is a purchase of ours.
    keys = {f.key for f in got.found}
    silent = [o for o in here_ours if f"a{o['attempt_id']}:{'r' if o['refund'] else 'p'}" not in keys]
    assert len(silent) <= got.counts.get("matched", 0)


@given(purchases())
@settings(max_examples=50, deadline=None)
def test_the_same_on_both_sides_is_matched(ours: list[dict[str, Any]]) -> None:
    sound = [o | {"counts": True, "cost_e4": o["booked_e4"]} for o in ours]
    lines = [
        dict(zip(THEIRS, (50 + o["offset"], n, o["offset"], o["attempt_id"], "", o["quantity"], o["booked_e4"],
                          "refunded" if o["refund"] else "bought"), strict=True))
        for n, o in enumerate(sound)
    ]  # fmt: skip
    empty = frames(b"", b"")
    got = match(frame(sound, empty[0]), frame(lines, empty[1]))
    assert got.found == []
    assert got.matched_e4 == got.ours_e4 == got.theirs_e4


def test_nothing_on_either_side_is_nothing() -> None:
    assert match(*frames(b"", b"")).counts == {}
