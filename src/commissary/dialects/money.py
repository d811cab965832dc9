"""Money at the edge. Inside it is an integer in 1/10 000 of the main unit (`_e4`); no float ever holds it.

What cannot be said exactly is refused, or rounded in the direction that the name says.
"""

from decimal import Decimal, InvalidOperation

from commissary.base.money import E4, MAX_E4

_FEN_E4 = E4 // 100


def of_yuan(amount: str | int | Decimal) -> int:
    """'9.5' → 95000; of any currency's main unit. Raises ValueError for what is no plain amount, or finer than 1/10 000."""
    try:
        exact = Decimal(amount.strip() if isinstance(amount, str) else amount)
        scaled = exact.scaleb(4)
    except InvalidOperation:
        raise ValueError(f"not an amount: {str(amount)[:40]!r}") from None
    if not scaled.is_finite() or scaled != int(scaled) or abs(scaled) > MAX_E4:
        raise ValueError(f"not an amount: {str(amount)[:40]!r}")
    return int(scaled)


def yuan(amount_e4: int, places: int = 4) -> str:
    """95000 → '9.5000'. Raises ValueError when so few places would lose something."""
    if amount_e4 % 10 ** (4 - places):
        raise ValueError(f"{amount_e4} has more than {places} places")
    return _written(amount_e4, places)


def yuan_down(amount_e4: int, places: int = 2) -> str:
    """For a cap: the most that may be paid, said with fewer places, and never more."""
    step = 10 ** (4 - places)
    return _written(amount_e4 // step * step, places)


def of_fen(fen: int) -> int:
    """Fen, or any hundredth of a main unit."""
    if isinstance(fen, bool) or abs(fen) * _FEN_E4 > MAX_E4:
        raise ValueError(f"not an amount: {fen}")
    return fen * _FEN_E4


def fen(amount_e4: int) -> int:
    """Raises ValueError for parts of a fen."""
    if amount_e4 % _FEN_E4:
        raise ValueError(f"{amount_e4} is no whole number of fen")
    return amount_e4 // _FEN_E4


def fen_down(amount_e4: int) -> int:
    """For a cap, as `yuan_down`."""
    return amount_e4 // _FEN_E4


def _written(amount_e4: int, places: int) -> str:
    text = f"{Decimal(amount_e4).scaleb(-4):.4f}"
    return text[: len(text) - 4 + places] if places else text.partition(".")[0]
