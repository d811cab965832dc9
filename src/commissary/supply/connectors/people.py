"""Suppliers who are people: nothing is sent. A purchase waits until one of them provides, refuses, or lets its time pass.

They read what is asked of them here, or hear of it by webhook (`supplier.requested`). What they have is what they declare.
"""

from collections.abc import Mapping
from typing import Any

from commissary.supply.types import (
    Connection,
    Conversation,
    Facts,
    Fault,
    Good,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Result,
    Unreadable,
)

WITHIN_S = 1_800
LEAST_S, MOST_S = 60, 7 * 86_400


class People:
    """`provide_within_s` of the settings: how long they have for a purchase."""

    def __init__(self, connection: Connection) -> None:
        within_s = connection.settings.get("provide_within_s", WITHIN_S)
        if not isinstance(within_s, int) or isinstance(within_s, bool) or not LEAST_S <= within_s <= MOST_S:
            raise ValueError(f"settings.provide_within_s: {LEAST_S} to {MOST_S} seconds / 供货时限（秒）")
        if set(connection.settings) - {"provide_within_s"}:
            raise ValueError("settings: only provide_within_s / 仅支持 provide_within_s")
        self.facts = Facts(
            idempotent=True,
            queries=False,
            cancels=False,
            callbacks=False,
            guard="unit",
            quiet_s=0,
            within_s=within_s,
        )

    heard = b"ok"

    def balance(self, at_ms: int) -> Conversation[int]:
        return _nobody()

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        return _nobody()

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return _nobody()

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        return _nobody()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        return _said(Result(Outcome.accepted))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        return _said(Result(Outcome.unknown, reason="cannot_be_asked"))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        return _said(Result(Outcome.unknown, reason="cannot_be_cancelled"))

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Unreadable("people send no callbacks")


def _said(result: Result) -> Conversation[Result]:
    yield from ()
    return result


def _nobody() -> Conversation[Any]:
    yield from ()
    raise Fault("people", "there is no program to ask: what they have is what they declare")
