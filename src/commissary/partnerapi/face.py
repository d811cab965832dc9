"""What a face is. Each file beside this one that is named after a protocol holds one."""

from typing import Protocol

from commissary import orders
from commissary.base.errors import Refused
from commissary.base.outgoing import Reply
from commissary.partnerapi.types import Call, Notice, Said
from commissary.tenancy.types import ApiKey


class Face(Protocol):
    """One protocol. `name` is its place under /faces/ and the channel of its orders."""

    name: str
    retries_s: tuple[int, ...]
    """Pauses before a callback that was not heard is sent again; then it is given up. Empty: it has no callbacks."""

    async def answer(self, call: Call) -> Said | orders.Answered:
        """Raises Refused."""
        ...

    def refused(self, call: Call, no: Refused) -> Said:
        """The protocol's own words for it, for every refusal there is or will be."""
        ...

    async def notice(self, key: ApiKey, secret: str, order: orders.OrderOut, url: str) -> Notice:
        """What to post about the order as it is now."""
        ...

    def heard(self, reply: Reply) -> bool: ...
