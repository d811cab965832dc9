"""Faces on the console's wire."""

from typing import Annotated

import msgspec


class ApplicationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """AppKey and AppSecret, as the operator shows them."""

    app_id: Annotated[str, msgspec.Meta(max_length=20)]
    app_secret: Annotated[str, msgspec.Meta(max_length=200)]


class ApplicationOut(msgspec.Struct, frozen=True):
    """`app_id` is null while none was entered. The secret is never shown."""

    app_id: str | None
