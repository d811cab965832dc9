"""Conversations held: whoever has a socket passes requests on; whoever has none plays the other side."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

import msgspec

from commissary.supply.reading import reading
from commissary.supply.types import (
    Conversation,
    Fault,
    Outcome,
    Request,
    Response,
    Result,
    Silence,
    Unreadable,
)

T = TypeVar("T")
Send = Callable[[Request], Awaitable[Response]]


async def hold(conversation: Conversation[T], send: Send) -> T:
    """To its end. `send` raises Silence when no answer came; a connector may say something else before it passes on."""
    try:
        request = next(conversation)
        while True:
            try:
                response = await send(request)
            except Silence as silence:
                request = conversation.throw(silence)
            else:
                request = conversation.send(response)
    except StopIteration as end:
        result: T = end.value
        return result


async def outcome(
    conversation: Conversation[Result],
    send: Send,
    *,
    placing: bool = False,
    passed_over: Collection[str] = (),
) -> Result:
    """Of a purchase, a query or a cancellation. Nothing is ever taken for a failure but the supplier's explicit word; and,
    when `placing`, that the very first request did not leave this machine: behind one that did, silence is silence. With
    what nobody looked at, but for the names that are known and `passed_over`."""
    left = False

    with reading() as heard:

        async def watched(request: Request) -> Response:
            nonlocal left
            try:
                response = await send(request)
            except Silence as silence:
                left = left or silence.sent
                raise
            left = True
            heard.heard = response.body
            return response

        try:
            result = await hold(conversation, watched)
        except Silence as silence:
            said = Result(Outcome.failed if placing and not left else Outcome.unknown, reason=str(silence))
        except Unreadable as error:
            return Result(Outcome.unknown, reason="unreadable", said=str(error)[:200], unread=heard.whole())
        except Fault as error:
            said = Result(Outcome.unknown, reason="fault", said=str(error)[:200])
        else:
            said = result
        return msgspec.structs.replace(said, unread=heard.unread(passed_over))
