"""A conversation's requests over the guarded transport of `base.outgoing`."""

from dataclasses import dataclass

from commissary.base.outgoing import Blocked, Outgoing, Unreachable
from commissary.supply.types import Request, Response, Silence, Unreadable


@dataclass(frozen=True)
class Wire:
    """Give each supplier's protocol its own `Outgoing`: one that hangs takes no other's connections."""

    outgoing: Outgoing

    async def send(self, request: Request) -> Response:
        """Raises Silence when no answer came, and Unreadable for one longer than allowed: half of it is none of it."""
        try:
            reply = await self.outgoing.request(
                request.method, request.url, headers=request.headers, body=request.body
            )
        except Unreachable as error:
            raise Silence(error.sent, error.kind.code) from error
        except Blocked as error:  # an address that we may not call: nothing was sent
            raise Silence(False, error.reason.code) from error
        if reply.cut:
            raise Unreadable("the answer is longer than allowed")
        return Response(reply.status, reply.body, reply.headers)
