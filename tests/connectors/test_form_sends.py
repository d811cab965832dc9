"""What is sent by a form."""

import json
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, Rig, form_of
from tests.connectors.written import BASE, PURCHASE, asked, changed, connector, example, parameters

from commissary import supply
from commissary.dialects import SPECS, sign
from commissary.supply.connectors.form import Form
from commissary.supply.types import Connection, Conversation, Outcome, Purchase


@pytest.mark.parametrize("protocol", ["kasushou", "kakayun"])
def test_a_form_says_the_same_as_the_connector(protocol: str) -> None:
    to = Connection(BASE, "buyer-1", "secret-1", settings=form_of(f"form:{protocol}"))
    written, programmed = Form(to), supply.TABLE[protocol](to)
    purchase = Purchase("R/1", "101", 3, 95_099, {"1": "138", "2": "a&b/ü"}, "https://mall.example/c")

    def talks(one: Any) -> list[Conversation[Any]]:
        return [
            one.balance(AT_MS),
            one.goods(AT_MS, "2"),
            one.good(AT_MS, "101"),
            one.template(AT_MS, "101"),
            one.place(AT_MS, purchase),
            one.query(AT_MS, "R/1"),
            one.cancel(AT_MS, "R/1", "S1"),
        ]

    for ours, theirs in zip(talks(written), talks(programmed), strict=True):
        said, expected = next(ours), next(theirs)
        assert (said.method, said.url, json.loads(said.body)) == (
            expected.method,
            expected.url,
            json.loads(expected.body),
        )
        if protocol == "kasushou":  # signed are the bytes
            assert (said.body, dict(said.headers)) == (
                expected.body,
                {"Accept": "application/json", **expected.headers},
            )


def test_an_order_as_a_form() -> None:
    request = asked(connector(example()).place(AT_MS, PURCHASE))
    assert (request.method, request.url) == ("POST", f"{BASE}/api/order")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
    told = parameters(request)
    signed = {name: value for name, value in told.items() if name != "sign"}
    assert signed == {
        "order_no": "R1",
        "goods_id": "101",
        "number": "3",
        "max_price": "950",  # rounded down
        "account": "13800138000",
        "notify_url": "https://mall.example/c",
        "time": "20251126145320",
        "app_id": "buyer-1",
    }
    assert told["sign"] == sign(SPECS["lansexiongdi"], signed, "secret-1")


@pytest.mark.parametrize(
    ("of", "unit", "limit"),
    [
        ("unit", "yuan", "9.50"),
        ("total", "yuan", "28.52"),
        ("total", "yuan4", "28.5297"),
        ("total", "fen", 2852),
    ],
)
def test_a_price_limit_is_never_rounded_up(of: str, unit: str, limit: object) -> None:
    settings = changed(example(), "place.guard", {"name": "most", "of": of, "unit": unit})
    request = asked(connector(changed(settings, "encoding", "json")).place(AT_MS, PURCHASE))
    assert json.loads(request.body)["most"] == limit


@pytest.mark.parametrize(
    ("shape", "sent"),
    [
        ({"shape": "object", "name": "attach"}, {"attach": {"account": "13800138000"}}),
        ({"shape": "text", "name": "attach"}, {"attach": "13800138000"}),
        ({"shape": "flat"}, {"account": "13800138000"}),
        (
            {"shape": "pairs", "name": "attach", "key": "n", "value": "v"},
            {"attach": [{"n": "account", "v": "13800138000"}]},
        ),
    ],
)
def test_how_the_account_of_a_topup_is_sent(shape: object, sent: dict[str, object]) -> None:
    settings = changed(changed(example(), "place.fields", shape), "encoding", "json")
    told = json.loads(asked(connector(settings).place(AT_MS, PURCHASE)).body)
    assert {name: told.get(name) for name in sent} == sent
    # In a form, what is no text is written as it is signed.
    form = parameters(asked(connector(changed(settings, "encoding", "form")).place(AT_MS, PURCHASE)))
    for name, value in sent.items():
        assert form[name] == (value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))


def test_parts_of_a_line_and_a_query() -> None:
    """卡易信's way of signing, over GET and with everything in its own place."""
    settings = example() | {
        "encoding": "json",
        "headers": {"X-Version": "3.0"},
        "sign": {
            "spec": "kayixin",
            "also": {"version": "3.0"},
            "put": {"in": "query", "name": "sign"},
            "timestamp": {"in": "query", "name": "at"},
            "account": {"in": "header", "name": "X-APP-ID"},
        },
        "callback": ...,
    }
    del settings["callback"], settings["place"]["send"]["callback_url"]
    parts = {"app_id": "buyer-1", "version": "3.0", "timestamp": "1764140000"}
    request = asked(connector(settings).query(AT_MS, "R/1"))
    right = sign(SPECS["kayixin"], parts | {"body": request.body}, "secret-1")
    assert request.url == f"{BASE}/api/order/query?at=1764140000&sign={right}"
    assert request.body == b'{"order_no":"R/1"}'
    assert request.headers == {
        "Accept": "application/json",
        "Content-Type": "application/json; charset=utf-8",
        "X-Version": "3.0",
        "X-APP-ID": "buyer-1",
    }
    settings["query"]["method"] = "GET"
    request = asked(connector(settings).query(AT_MS, "R/1"))
    right = sign(SPECS["kayixin"], parts | {"body": b""}, "secret-1")
    assert (request.method, request.body) == ("GET", b"")
    assert request.url == f"{BASE}/api/order/query?at=1764140000&sign={right}&order_no=R%2F1"
    assert "Content-Type" not in request.headers


@pytest.mark.parametrize(
    ("clock", "kind", "written"),
    [
        ("s", "text", "1764140000"),
        ("s", "int", 1764140000),
        ("ms", "int", 1764140000000),
        ("text", "text", "2025-11-26 14:53:20"),
        ("digits", "text", "20251126145320"),
    ],
)
def test_the_time(clock: str, kind: str, written: object) -> None:
    stamp = {"in": "parameter", "name": "time", "clock": clock, "as": kind}
    settings = changed(changed(example(), "sign.timestamp", stamp), "encoding", "json")
    assert json.loads(asked(connector(settings).balance(AT_MS)).body)["time"] == written


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quantity": 2, "good_id": "9" * 19}, "good"),
        ({"good_id": "1.5"}, "good"),
        ({"good_id": "１"}, "good"),
        ({"fields": {"sign": "x"}}, "fields"),
        ({"fields": {"app_id": "somebody"}}, "fields"),
        ({"fields": {"max_price": "999999"}}, "fields"),
        ({"fields": {"goods_id": "7"}}, "fields"),
    ],
)
async def test_what_cannot_be_said_is_not_sent(change: dict[str, Any], reason: str) -> None:
    """A buyer's field never takes the place of one of ours."""
    settings = changed(example(), "place.send.good", {"name": "goods_id", "as": "int"})
    rig = Rig.of("form")
    rig.connector = Form(Connection(BASE, rig.shop.account, rig.shop.key, settings=settings))
    wanted = {"ref": "R1", "good_id": str(CARD), "quantity": 1, "most_unit_e4": 10**6} | change
    found = await supply.outcome(rig.connector.place(AT_MS, Purchase(**wanted)), rig.send, placing=True)
    assert (found.outcome, found.reason, rig.liar.purchases) == (Outcome.failed, reason, 0)
