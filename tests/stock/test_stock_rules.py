"""Cutting a lot: every code stays in exactly one piece, and sold codes stay sold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.stock.rules import Held, Piece, give_back, set_aside
from commissary.stock.types import LotState


def lot(start: int, next_: int, end: int, state: LotState = "open") -> Held:
    return Held(1, start, next_, end, "sold_out" if next_ > end else state, None, False)


@pytest.mark.parametrize(
    ("held", "wanted", "kept", "new"),
    [
        (lot(1, 1, 9), (1, 9), Piece(1, 1, 9, "void"), []),
        (lot(1, 1, 9), (4, 6), Piece(1, 1, 3, "open"), [Piece(4, 4, 6, "void"), Piece(7, 7, 9, "open")]),
        (lot(1, 5, 9), (1, 9), Piece(1, 5, 4, "sold_out"), [Piece(5, 5, 9, "void")]),
        (lot(1, 5, 9), (8, 20), Piece(1, 5, 7, "open"), [Piece(8, 8, 9, "void")]),
        (lot(1, 5, 9, "frozen"), (6, 6), Piece(1, 5, 5, "frozen"), [Piece(6, 6, 6, "void"), Piece(7, 7, 9, "frozen")]),
    ],
)  # fmt: skip
def test_unsold_codes_are_set_aside(
    held: Held, wanted: tuple[int, int], kept: Piece, new: list[Piece]
) -> None:
    cut = set_aside(held, *wanted, "void")
    assert cut is not None
    assert (cut.kept, cut.new) == (kept, new)


@pytest.mark.parametrize(
    ("held", "wanted", "kept", "new"),
    [
        (lot(1, 5, 9), (2, 3), Piece(4, 5, 9, "open"), [Piece(1, 2, 1, "sold_out"), Piece(2, 2, 3, "open")]),
        (lot(1, 5, 9), (1, 4), Piece(5, 5, 9, "open"), [Piece(1, 1, 4, "open")]),
        (lot(1, 10, 9), (1, 9), Piece(1, 1, 9, "open"), []),
        (lot(1, 10, 9), (7, 9), Piece(7, 7, 9, "open"), [Piece(1, 7, 6, "sold_out")]),
    ],
)  # fmt: skip
def test_sold_codes_come_back(held: Held, wanted: tuple[int, int], kept: Piece, new: list[Piece]) -> None:
    cut = give_back(held, *wanted, "open")
    assert cut is not None
    assert (cut.kept, cut.new) == (kept, new)


@pytest.mark.parametrize("state", ["void", "returned", "receiving", "sold_out"])
def test_what_cannot_be_sold_is_left_alone(state: LotState) -> None:
    held = Held(1, 1, 10 if state == "sold_out" else 1, 9, state, None, False)
    assert set_aside(held, 1, 9, "void") is None


@given(st.data())
def test_no_code_is_lost_or_doubled(data: st.DataObject) -> None:
    start = data.draw(st.integers(1, 20))
    end = data.draw(st.integers(start, 30))
    next_ = data.draw(st.integers(start, end + 1))
    first = data.draw(st.integers(1, 35))
    last = data.draw(st.integers(first, 35))
    held = lot(start, next_, end, data.draw(st.sampled_from(["open", "frozen", "expired"])))
    sold = set(range(start, next_))
    for back, cut in (
        (False, set_aside(held, first, last, "void")),
        (True, give_back(held, first, last, "open")),
    ):
        changed = set(range(first, last + 1)) & (sold if back else set(range(next_, end + 1)))
        if cut is None:
            assert not changed
            continue
        pieces = sorted([cut.kept, *cut.new], key=lambda piece: piece.start)
        assert [n for piece in pieces for n in range(piece.start, piece.end + 1)] == list(
            range(start, end + 1)
        )
        assert all(piece.start <= piece.next <= piece.end + 1 for piece in pieces)
        assert all((piece.state == "sold_out") == (piece.next > piece.end) for piece in pieces)
        assert {n for piece in pieces for n in range(piece.start, piece.next)} == sold - (
            changed if back else set()
        )
        assert set(range(cut.first, cut.last + 1)) == changed
