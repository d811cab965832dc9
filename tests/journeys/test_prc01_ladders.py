"""PRC01 quantity tiers 阶梯价. A ladder of 1, 10 and 50 pieces; 9, 10, 49 and 50 pieces cost what the table says, to the
last unit, in the product list, in the quote, in the order and in the statement. (The shop shows them later.)

    make test T=tests/journeys/test_prc01_ladders.py
"""

from make.journey import Mall, cards, rungs, yuan

LADDER = {1: "9.9999", 10: "9.8765", 50: "9.1234"}
TABLE = {  # pieces → unit price, amount
    1: ("9.9999", "9.9999"),
    9: ("9.9999", "89.9991"),
    10: ("9.8765", "98.7650"),
    49: ("9.8765", "483.9485"),
    50: ("9.1234", "456.1700"),
    51: ("9.1234", "465.2934"),
}


async def test_the_price_of_a_quantity_is_the_tables(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(180))
    await mall.price(sku, LADDER)
    buyer = await mall.buyer("2000")

    [product] = (await mall.server.call(buyer, "GET", "/v1/products")).json["items"]
    assert product["prices"] == rungs(LADDER)
    assert product["unit_price"] == yuan("9.9999")

    for pieces, (unit, amount) in TABLE.items():
        lines = {"lines": [{"sku_id": sku, "quantity": pieces}]}
        quote = (await mall.server.call(buyer, "POST", "/v1/quotes", lines)).json
        assert (quote["lines"][0]["unit_price"], quote["amount"]) == (yuan(unit), yuan(amount)), pieces
        order = await mall.order(buyer, sku, pieces, no=f"p{pieces}")
        [line] = order["lines"]
        assert (line["unit_price"], line["amount"], order["total"]) == (
            yuan(unit),
            yuan(amount),
            yuan(amount),
        ), pieces
        again = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        assert (again["lines"][0]["unit_price"], again["total"]) == (yuan(unit), yuan(amount))

    assert (await mall.balance(buyer))["balance"] == yuan("395.8241")
    moved = (await mall.owner.get(f"/accounts/{buyer.account}/transfers"))["items"]
    sales = {t["amount"]["amount"] for t in moved if t["order_id"]}
    assert sales == {f"-{amount}" for _, amount in TABLE.values()}

    # Each line is priced by its own quantity.
    two = await mall.ask(buyer, (sku, 9), (sku, 1))
    assert [line["unit_price"] for line in two.json["lines"]] == [yuan("9.9999")] * 2
