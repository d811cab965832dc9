"""Forms to change, and talks by them without a supplier."""

import copy
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.connectors.rig import form_of

from commissary.supply.connectors.form import Form
from commissary.supply.types import Connection, Conversation, Purchase, Request, Response

Settings = dict[str, Any]
BASE = "https://supplier.example"
PURCHASE = Purchase("R1", "101", 3, 95_099, {"account": "13800138000"}, "https://mall.example/c")


def example(spoken: str = "form") -> Settings:
    return copy.deepcopy(dict(form_of(spoken)))


def changed(settings: Settings, path: str, value: object) -> Settings:
    """`...` takes it away."""
    *above, last = path.split(".")
    node = settings
    for step in above:
        node = node.setdefault(step, {})
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return settings


def connector(settings: Settings, key: str = "secret-1") -> Form:
    return Form(Connection(BASE, "buyer-1", key, settings=settings))


def asked(conversation: Conversation[Any]) -> Request:
    return next(conversation)


def parameters(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode() or urlsplit(request.url).query, keep_blank_values=True))


def answered(conversation: Conversation[Any], *answers: object) -> Any:
    next(conversation)
    for answer in answers:
        try:
            conversation.send(Response(200, json.dumps(answer).encode()))
        except StopIteration as end:
            return end.value
    raise AssertionError("it asks on")
