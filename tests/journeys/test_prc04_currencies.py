"""PRC04 multi-currency 多币种与汇兑损益: sold in yuan, bought in dollars, the rate moves in between. The order's margin is at
the rate it was bought at, what the rate lost until the supplier was paid stands by itself, margin and rate together are the
money that moved to the last fen, and every currency of the ledger is zero. The next sale is at the new rate: its price
follows the cost, or it is refused.

    make test T=tests/journeys/test_prc04_currencies.py
"""

from decimal import Decimal
from typing import Any

from make.journey import Mall, yuan
from make.sellers import Seller, seller
from make.trade import until
from world import Buyer


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


async def rate(mall: Mall, value: str, **more: Any) -> Any:
    told = {"rates": [{"currency": "USD", "rate": value}], "source": "中国银行折算价"}
    [made] = await mall.owner.post("/rates", told | more)
    return made


async def costs(mall: Mall, sku: str, unit_e4: int | None) -> None:
    """The shelf has heard of it, and so has every process a second later."""

    async def laid_out() -> bool:
        found = await mall.rows("select unit_cost_e4 from supply.shelf where sku_id = %s", (int(sku),))
        return found == [(unit_e4,)]

    await until(laid_out, 20)


async def bought(mall: Mall, buyer: Buyer, sku: str, pieces: int) -> Any:
    """Asked again for as long as the seller's process has not heard of the new cost."""

    async def taken() -> Any:
        answer = await mall.ask(buyer, (sku, pieces))
        return answer.json if answer.status == 200 else None

    order = await until(taken, 10)

    async def over() -> Any:
        now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        return now if now["status"] not in ("processing", "review", "scheduled") else None

    done = await until(over, 60)
    assert done["status"] == "delivered", done
    return done


async def stands(mall: Mall) -> dict[str, Decimal]:
    """What every account of the mall's own holds, and its suppliers', where it is not zero."""
    found = await mall.owner.every("/accounts")
    names = {a["id"]: f"{a['kind']} {a['sub']}".strip() for a in found}
    amounts = {
        names[a["id"]] + " " + a["balance"]["currency"]: Decimal(a["balance"]["amount"]) for a in found
    }
    return {name: amount for name, amount in amounts.items() if amount}


async def pay(mall: Mall, at: Seller, dollars: str, spent: str | None, reference: str) -> Any:
    told: dict[str, Any] = {"amount": usd(dollars), "reference": reference}
    told |= {} if spent is None else {"spent": yuan(spent)}
    return await mall.owner.post(f"/connections/{at.connection['id']}/payments", told)


async def test_sold_in_yuan_bought_in_dollars_paid_when_the_rate_had_moved(mall: Mall) -> None:
    owner, sku = mall.owner, await mall.sku()
    await mall.price(sku, "80")
    buyer = await mall.buyer("1000")
    async with seller(mall, "kinguin", currency="USD", price_e4=100_000) as abroad:
        offer = await abroad.offer(sku)
        assert offer["unit_cost"] == usd("10.0000")
        await abroad.read()
        # Without a rate nobody knows what it costs: nothing is sold.
        refused = await mall.ask(buyer, (sku, 1))
        assert refused.status == 409
        await rate(mall, "7.10")
        await costs(mall, sku, 710_000)

        order = await bought(mall, buyer, sku, 2)
        [purchase] = await owner.get(f"/orders/{order['id']}/purchases")
        assert (purchase["status"], purchase["cost"], purchase["rate"]) == (
            "succeeded",
            usd("20.0000"),
            "7.10000000",
        )
        # At most 80.00 yuan a piece, said to him in his currency and rounded down.
        assert purchase["most_unit"] == usd("11.2676")
        [[cost, amount]] = await mall.rows(
            "select cost_e4, amount_e4 from orders.line where order_id = %s", (int(order["id"]),)
        )
        assert (cost, amount, amount - cost) == (1_420_000, 1_600_000, 180_000)

        # The rate moves. What was bought keeps its own; what is owed is worth more.
        await rate(mall, "7.30")
        await costs(mall, sku, 730_000)
        [[again]] = await mall.rows(
            "select cost_e4 from orders.line where order_id = %s", (int(order["id"]),)
        )
        assert again == cost
        [position] = await owner.get("/exchange/positions")
        assert (position["open"], position["book"]) == (usd("20.0000"), yuan("142.0000"))
        assert (position["value"], position["unrealised"]) == (yuan("146.0000"), yuan("-4.0000"))
        assert (await owner.get("/exchange/result"))["total"] == yuan("0.0000")

        # His statement says dollars, and agrees with our books to the cent.
        [[day]] = await mall.rows(
            """select (t.at at time zone m.zone)::date::text from ledger.transfer t, tenancy.mall m
               where m.id = %s and t.id = %s""",
            (mall.world.mall, int(purchase["id"])),
        )
        connection = abroad.connection["id"]
        file = f"ref,quantity,amount\n{purchase['id']},2,20.00\n".encode()
        answer = await owner.call(
            "POST",
            f"/connections/{connection}/days/{day}/statement",
            file,
            headers={"Content-Type": "text/csv"},
        )
        assert answer.status == 200, answer.body

        async def matched() -> Any:
            found = await owner.get(f"/connections/{connection}/days/{day}")
            return found if found["matched_at"] else None

        found = await until(matched, 30)
        assert (found["counts"], found["matched"]) == ({"matched": 1}, usd("20.0000"))

        # Paid: twenty dollars, for which the bank took 146 yuan.
        paid = await pay(mall, abroad, "20", "146", "bank-1")
        assert (paid["amount"], paid["spent"]) == (usd("20.0000"), yuan("146.0000"))
        assert (await pay(mall, abroad, "20", None, "bank-1"))["repeated"]
        assert await owner.refused(
            "POST",
            f"/connections/{connection}/payments",
            {"amount": usd("20"), "reference": "bank-1", "spent": yuan("147")},
        ) == (409, "payment_differs")

        now = await stands(mall)
        revenue, goods, lost = (
            now[name] for name in ("revenue CNY", "clearing purchases CNY", "adjustment fx CNY")
        )
        assert (revenue, goods, lost) == (160, 142, 4)
        assert not any(name.endswith("USD") or "fx:" in name for name in now), (
            now
        )  # all is paid, all is closed
        in_e4 = Decimal(await _cash(mall, "recharge"))
        assert in_e4 == 1000
        assert Decimal(await _cash(mall, "exchange")) == 146
        assert revenue - goods - lost == 160 - 146  # margin and rate together are the money that moved
        result = await owner.get("/exchange/result")
        assert result == {
            "items": [{"currency": "USD", "movements": 1, "result": yuan("-4.0000")}],
            "total": yuan("-4.0000"),
        }
        assert (await owner.get("/exchange/positions"))[0]["open"] == usd("0.0000")
        await mall.commissary("check")  # ends with 1 when an invariant is broken

        # The next sale is at 7.30.
        order = await bought(mall, buyer, sku, 1)
        [purchase] = await owner.get(f"/orders/{order['id']}/purchases")
        assert purchase["rate"] == "7.30000000"
        [[cost]] = await mall.rows("select cost_e4 from orders.line where order_id = %s", (int(order["id"]),))
        assert cost == 730_000
        # Paid by the rate of the day, nothing is gained or lost.
        assert (await pay(mall, abroad, "10", None, "bank-2"))["spent"] == yuan("73.0000")
        assert (await owner.get("/exchange/result"))["total"] == yuan("-4.0000")
        await mall.commissary("check")


async def test_the_price_follows_the_rate_or_the_sale_is_refused(mall: Mall) -> None:
    owner = mall.owner
    follows, stays = await mall.sku(), await mall.sku()
    await mall.price([follows, stays], "78.1")
    template = await owner.put("/price-templates", {"name": "十个点", "base": "cost", "percent_bp": 1000})
    follow = {"book_id": await mall.book(), "scope": "sku", "scope_id": follows}
    await owner.put("/price-follows", follow | {"template_id": template["id"], "limit_bp": 2000})
    await rate(mall, "7.10")
    buyer = await mall.buyer("1000")
    async with seller(mall, "kinguin", place=1, currency="USD", price_e4=100_000) as abroad:
        for sku in (follows, stays):
            await abroad.offer(sku)
        await abroad.read()
        await bought(mall, buyer, stays, 1)
        await rate(mall, "7.90")
        await costs(mall, stays, 790_000)

        async def repriced() -> bool:
            found = (await owner.get(f"/skus/{follows}/prices"))["items"]
            return bool(found[0]["rungs"][0]["unit_price"] == yuan("86.9000"))

        await until(repriced, 20)

        async def refused() -> Any:
            answer = await mall.ask(buyer, (stays, 1))
            return answer if answer.status == 409 else None

        assert (await until(refused, 10)).json["code"] == "below_floor"
        order = await bought(mall, buyer, follows, 1)
        assert order["lines"][0]["unit_price"] == yuan("86.9000")


async def test_rates_are_data_with_a_history_and_guards(mall: Mall) -> None:
    owner = mall.owner
    await rate(mall, "7.10")
    wrong = {"rates": [{"currency": "USD", "rate": "71"}], "source": "手工"}
    assert await owner.refused("POST", "/rates", wrong) == (409, "rate_jumped")
    file = "币种,汇率,生效时间\nEUR,8.2345,\nUSD,7.2,2030-01-01T00:00:00Z\n".encode()
    sent = {"headers": {"Content-Type": "text/csv"}}
    answer = await owner.call("POST", "/rates/file?source=%E9%93%B6%E8%A1%8C", file, **sent)  # type: ignore[arg-type]
    assert answer.status == 200, answer.body
    faulty = "币种,汇率\nEUR,8.3\nUSD,七\n".encode()
    answer = await owner.call("POST", "/rates/file?source=x", faulty, **sent)  # type: ignore[arg-type]
    assert (answer.status, answer.json["facts"]["lines"]) == (422, [{"line": 3, "code": "rate_unreadable"}])

    now = {c["currency"]: c for c in await owner.get("/rates/current")}
    assert (now["USD"]["rate"]["rate"], now["EUR"]["rate"]["rate"]) == ("7.10000000", "8.23450000")
    assert [later["rate"] for later in now["USD"]["later"]] == ["7.20000000"]
    assert {(r["rate"], r["source"]) for r in await owner.every("/rates", currency="USD")} == {
        ("7.20000000", "银行"),
        ("7.10000000", "中国银行折算价"),
    }
    clerk = await mall.sign_in("finance")
    assert await clerk.refused("POST", "/rates", wrong) == (403, "forbidden")
    assert (await clerk.get("/rates/current"))[0]["currency"] == "EUR"
    assert await owner.put("/rates/limits", {"stale_after_s": 3600, "jump_bp": 100_000}) == {
        "stale_after_s": 3600,
        "jump_bp": 100_000,
    }
    await owner.post("/rates", wrong)
    [line] = (await owner.get("/audit", size=1))["items"]
    assert (line["action"], line["subject"]) == ("ledger.set_rate", "rate:USD")
    assert (line["before"]["rate_e8"], line["after"]["rate_e8"]) == (710_000_000, 7_100_000_000)


async def _cash(mall: Mall, kind: str) -> str:
    """How much went through the till by transfers of that kind."""
    [till] = [a for a in await mall.owner.every("/accounts") if a["kind"] == "cash"]
    moved = await mall.owner.every(f"/accounts/{till['id']}/transfers")
    return str(sum(abs(Decimal(t["amount"]["amount"])) for t in moved if t["kind"] == kind))
