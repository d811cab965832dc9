"""Callbacks that say an article changed: heard with the supplier's signature and without it not; only what is signed is
believed, so the rest is asked."""

import base64
import hashlib
import json
from typing import Any

import pytest

from commissary import supply
from commissary.notify import sign
from commissary.supply.connectors.kinguin import event_secret
from commissary.supply.types import Connection, Connector, Forged, GoodsNotice

KEY = "0123456789abcdef0123456789abcdef"
HOOKS = ["whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]


def connector(protocol: str, secret: str = KEY) -> Connector:
    return supply.TABLE[protocol](Connection("https://x.example", "a", secret))


def kasushou(**more: Any) -> bytes:
    """As the document's PHP signs it: the article and the time."""
    at = "1695073529531"
    signed = at + '{"id":"1","time":"' + at + '"}' + KEY
    sign_ = hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
    return json.dumps({"id": "1", "time": at, "goods_price": "8.88", "sign": sign_} | more).encode()


def test_kasushou_signs_the_article_and_not_its_price() -> None:
    to = connector("kasushou")
    assert to.notice({}, {}, kasushou()) == GoodsNotice(("1",))
    assert to.notice({}, {}, kasushou(goods_price="0.01")) == GoodsNotice(("1",)), "no price is taken"
    for lie in ({"id": "2"}, {"time": "1695073529532"}, {"sign": "0" * 40}):
        with pytest.raises(Forged):
            to.notice({}, {}, kasushou(**lie))


def test_kinguin_by_its_secret() -> None:
    to = connector("kinguin")
    body = json.dumps({"kinguinId": 1949, "productId": "5c9b5f6b2539a4e8f172916a", "qty": 845}).encode()
    told = {"x-event-name": "product.update", "x-event-secret": event_secret(KEY)}
    assert to.notice(told, {}, body) == GoodsNotice(("5c9b5f6b2539a4e8f172916a",))
    with pytest.raises(Forged):
        to.notice(told | {"x-event-secret": "0" * 64}, {}, body)


def test_another_mall_by_what_our_own_sender_signs() -> None:
    changes = [{"sku_id": "7"}, {"sku_id": "8"}]
    body = json.dumps({"type": "price.changed", "data": {"changes": changes}}).encode()
    told = sign.headers(HOOKS[::-1], "evt_1", 1_764_140_000, body)
    to = connector("commissary", f"{KEY} {HOOKS[0]}")
    assert to.notice(told, {}, body) == GoodsNotice(("7", "8"))
    other = json.dumps({"type": "order.delivered", "data": {}}).encode()
    said = sign.headers(HOOKS[:1], "evt_2", 1_764_140_000, other)
    assert to.notice(said, {}, other) == GoodsNotice(()), "other news is none of this"
    for headers, sent in ((told, other), (told | {"webhook-id": "evt_9"}, body), ({}, body)):
        with pytest.raises(Forged):
            to.notice(headers, {}, sent)
    with pytest.raises(Forged):
        connector("commissary").notice(told, {}, body)
    with pytest.raises(ValueError, match="whsec"):
        connector("commissary", f"{KEY} whsec_short")
