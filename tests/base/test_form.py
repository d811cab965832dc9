"""What a text on the wire may look like, to its very end."""

from typing import Any

import msgspec
import pytest

from commissary.base.form import Id
from commissary.base.money import Money


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Id, "1"), (Id, "9219999999999999999"), (Money, {"amount": "-1.5", "currency": "CNY"})],
)
def test_fits(kind: Any, value: Any) -> None:
    msgspec.convert(value, kind)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Id, ""),
        (Id, "0"),
        (Id, "01"),
        (Id, "12\n"),  # what Python's `$` alone lets pass
        (Id, "9223372036854775808"),
        (Id, "9999999999999999999"),
        (Money, {"amount": "1.5\n", "currency": "CNY"}),
        (Money, {"amount": "1.5", "currency": "CNY\n"}),
        (Money, {"amount": "1.5", "currency": "CNY", "tax": "0"}),
    ],
)
def test_does_not_fit(kind: Any, value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, kind)
