"""What a form may say, and which field is named when it may not."""

import re

import pytest
from tests.connectors.rig import AT_MS, GUIDE, form_of
from tests.connectors.written import BASE, asked, changed, connector, example

from commissary.base.errors import Refused
from commissary.supply.connectors import form_spec
from commissary.supply.connectors.form import Form
from commissary.supply.types import Connection


def test_the_guide_holds_one_whole_form() -> None:
    """Which the suite of all connectors is asked by, as `form`."""
    assert len(re.findall("```json", GUIDE.read_text("utf-8"))) == 1
    facts = connector(example()).facts
    assert (facts.guard, facts.kinds, facts.field) == ("unit", {"code", "topup"}, "account")
    assert (facts.queries, facts.cancels, facts.callbacks, facts.signs_callbacks) == (True, True, True, False)
    assert (facts.idempotent, facts.tells_money, facts.says_missing, facts.says_refunds) == (
        False,
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("place.path", "https://elsewhere.example/x", "place.path"),
        ("place.path", "//elsewhere.example/x", "place.path"),
        ("place.path", "/api/../../x", "place.path"),
        ("place.path", "/api/%2e%2e/x", "place.path"),
        ("place.path", "/api\\x", "place.path"),
        ("place.path", "@elsewhere.example", "place.path"),
        ("place.path", "/api?x=1", "place.path"),
        ("place.path", "/api/\r\nx", "place.path"),
        ("place.path", "/", "place.path"),
        ("place.path", "", "place.path"),
        ("base_url", "ftp://supplier.example", "base_url"),
        ("base_url", "https://user:pass@supplier.example", "base_url"),
        ("base_url", "https://supplier.example/", "base_url"),
        ("base_url", "https://supplier.example/a/../b", "base_url"),
        ("base_url", "https://supplier.example?x", "base_url"),
        ("base_url", "https://[", "base_url"),
        ("base_url", "https://supplier.example:x", "base_url"),
        ("base_url", "supplier.example", "base_url"),
        ("sign.spec", "nobody", "sign.spec"),
        ("sign.spec", "dujiao_next", "sign.timestamp"),  # not given, but signed
        ("sign.spec", {"kind": "sorted"}, "sign.spec"),  # without the key
        ("sign.spec", {"kind": "parts", "parts": ["body"]}, "sign.spec"),
        ("sign.spec", {"kind": "parts", "parts": ["nonce", "key"]}, "sign.spec.parts"),
        ("sign.spec", {"kind": "parts", "parts": ["body", "key"]}, "sign.put"),
        ("sign.spec", {"kind": "sorted", "tail": "{key}", "digest": "shake_128"}, "sign.spec.digest"),
        ("sign.spec", {"kind": "sorted", "tail": "{key}", "code": "1"}, "sign.spec.code"),
        ("sign.spec", {"kind": "python", "parts": []}, "sign.spec.kind"),
        ("sign.put.in", "cookie", "sign.put.in"),
        ("sign.put.name", "", "sign.put.name"),
        ("sign.put", {"in": "header", "name": "Host"}, "sign.put.name"),
        ("sign.put", {"in": "header", "name": "X\r\nY"}, "sign.put.name"),
        ("headers", {"Content-Length": "1"}, "headers.Content-Length.name"),
        ("headers", {"X-A": "a\r\nb"}, "headers.X-A"),
        ("place", ..., "place"),
        ("query", ..., "query"),
        ("query.send", {"supplier_ref": "trade_no"}, "query.send.ref"),
        ("place.send.ref", ..., "place.send.ref"),
        ("place.send.good", ..., "place.send.good"),
        ("place.send.callback_url", ..., "place.send.callback_url"),
        ("place.send.password", "x", "place.send.password"),
        ("place.send.ref", "goods_id", "place.send"),
        ("place.send.ref", "sign", "place.send"),
        ("place.fixed", {"app_id": "x"}, "place.send"),
        ("place.guard.name", "number", "place.send"),
        ("place.fixed", {"max_price": "1"}, "place.send"),
        ("place.fixed", {"": "1"}, "place.send"),
        ("place.guard.unit", "cents", "place.guard.unit"),
        ("place.guard.of", "both", "place.guard.of"),
        ("place.fields", ..., "place.fields"),
        ("place.fields.shape", "regex", "place.fields.shape"),
        ("place.eval", "1+1", "place.eval"),
        ("goods.send.page", ..., "goods.send.page"),
        ("goods.send.size", ..., "goods.send.size"),
        ("goods.size", 0, "goods.size"),
        ("cancel.send", {}, "cancel.send"),
        ("fields", [], "template"),
        ("balance.add", [], "balance.add"),
        ("answer.ok", [], "answer.ok"),
        ("answer.refused", ["0"], "answer"),
        ("order_reads.status.words", {"processing": "accepted"}, "order_reads.status.words"),
        ("order_reads.status.words", {"x": "lost"}, "order_reads.status.words[...]"),
        ("order_reads.codes", ..., "order_reads.codes"),
        ("order_reads.codes.between", "", "order_reads.codes.between"),
        ("order_reads.codes.shape", "regex", "order_reads.codes.shape"),
        ("callback.ref", "sign", "callback.ref"),
        ("callback.spec", "kasushou", "callback.timestamp"),
        ("callback.sign.name", "mac", "callback.sign"),
        ("callback.account.name", "", "callback.account.name"),
        ("callback.spec", {"kind": "parts", "parts": ["account", "key"]}, "callback.spec"),
        ("quiet_s", 0, "quiet_s"),
        ("surprise", 1, "surprise"),
    ],
)
def test_a_form_is_refused_with_the_name_of_the_field(path: str, value: object, field: str) -> None:
    settings = changed(example(), path, value)
    if path == "sign.spec" and value == "dujiao_next":
        del settings["sign"]["timestamp"]
    with pytest.raises(Refused) as refused:
        connector(settings)
    (fault,) = refused.value.fields
    assert fault.path == field
    assert re.search("[a-z]{3}", fault.message)
    assert re.search("[\\u4e00-\\u9fff]{2}", fault.message)


def test_a_callback_must_sign_the_number() -> None:
    settings = changed(example("form:kasushou"), "callback.body.without", ["sign", "external_orderno"])
    with pytest.raises(Refused) as refused:
        connector(settings)
    assert refused.value.fields[0].path == "callback.ref"


def test_refunds_are_not_believed_without_a_cost() -> None:
    settings = changed(example("form:kakayun"), "order_reads.cost", ...)
    with pytest.raises(Refused) as refused:
        connector(settings)
    assert refused.value.fields[0].path == "order_reads.cost"


def test_the_address_is_the_connection_s_or_the_form_s() -> None:
    settings = example()
    there = Form(Connection("https://other.example/site", "a", "s", settings=settings))
    assert asked(there.balance(AT_MS)).url == "https://other.example/site/api/balance"
    assert (
        asked(Form(Connection("", "a", "s", settings=settings)).balance(AT_MS)).url == f"{BASE}/api/balance"
    )
    for base in ("", "https://two.example https://hosts.example"):
        with pytest.raises(Refused):
            Form(Connection(base, "a", "s", settings=changed(example(), "base_url", "")))


def test_the_console_offers_the_guides_example() -> None:
    """One text in two places: what the guide explains is what the console puts into its editor."""
    assert form_spec.example() == {k: v for k, v in form_of("form").items() if k != "base_url"}
