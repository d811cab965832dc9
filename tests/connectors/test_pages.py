"""Every protocol has its page, and what it can and cannot do stands there as the connector says it."""

from pathlib import Path

import pytest
from tests.connectors.rig import form_of

from commissary import supply
from commissary.supply.types import Connection, Facts

PAGES = Path(__file__).parents[2] / "docs" / "suppliers"
GUARDS = {
    "unit": "per piece, in the order 单件限价随单提交",
    "total": "of the whole order, in the order 整单限价随单提交",
    None: "none: the price is looked at before 无，下单前先核价",
}


def facts_of(protocol: str) -> Facts:
    to = Connection("https://supplier.example", "buyer-1", "k" * 32, settings=form_of(protocol))
    return supply.TABLE[protocol](to).facts


def table(facts: Facts) -> str:
    sells = {"code": "codes 卡密", "topup": "top-ups 直充"}
    heard = "signed 有签名" if facts.signs_callbacks else "a reason to ask, no more 仅触发查单"
    rows = {
        "sells 可售": ", ".join(sells[kind] for kind in sorted(facts.kinds)),
        "price limit 限价": GUARDS[facts.guard],
        "asked by our number 按单号查询": "yes 可"
        if facts.queries
        else "no: an unknown order is for people 否，转人工",
        "the same number again 同号重发": "never buys again 不重复"
        if facts.idempotent
        else "not promised, so never sent 无保证，不重发",
        "cancels 撤单": "yes 可" if facts.cancels else "no 否",
        "callbacks 回调": heard if facts.callbacks else "none 无",
        "quiet time 静默期": f"{facts.quiet_s} s",
    }
    return "\n".join(["| | |", "| --- | --- |", *[f"| {name} | {what} |" for name, what in rows.items()]])


@pytest.mark.parametrize("protocol", sorted(supply.TABLE))
def test_a_protocol_has_a_page_that_says_what_the_connector_says(protocol: str) -> None:
    page = (PAGES / f"{protocol}.md").read_text("utf-8")
    assert table(facts_of(protocol)) in page
    assert f"({protocol}.md)" in (PAGES / "README.md").read_text("utf-8")
