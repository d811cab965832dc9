"""What this domain asks of whoever keeps sandboxes, which stands above it."""

from typing import Protocol

from commissary.tenancy.types import Actor


class Mirror(Protocol):
    """Brings what is in a live mall into its sandbox; offered by whoever keeps sandboxes."""

    async def buyer(self, actor: Actor, buyer_id: int) -> Actor:
        """He is there from now on, under the same id and with play money; `actor`, as he acts there. Refuses `no_sandbox`."""
