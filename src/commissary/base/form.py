"""Texts of a fixed form on the wire.

Python's `$` also matches before a line feed at the very end, the `$` of JSON Schema does not: without the look ahead
"1.5" and a line feed is an amount here and none for whoever reads our OpenAPI document.
"""

from typing import Annotated

import msgspec

END = r"$(?!\n)"


def form(pattern: str, *, least: int | None = None, most: int | None = None, told: str = "") -> msgspec.Meta:
    """The whole text is like `pattern`, a regular expression without anchors; `told` is for the OpenAPI document."""
    return msgspec.Meta(
        pattern=f"^{pattern}{END}", min_length=least, max_length=most, description=told or None
    )


# No text passes that a bigint cannot hold.
Id = Annotated[
    str,
    form(
        "([1-9][0-9]{0,17}|[1-8][0-9]{18}|9[01][0-9]{17}|92[01][0-9]{16})",
        told="A 63-bit id as a decimal string",
    ),
]
