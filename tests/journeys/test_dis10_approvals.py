"""DIS10 a second person 复核. What moves much money, or cannot be taken back, is asked for by one person and done by the word of
another: exactly what was asked, once, in the transaction of the decision, or not at all.

    make test T=tests/journeys/test_dis10_approvals.py
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from make.bulk import ended
from make.journey import Installation, Mall, Person, cards, rungs, yuan
from make.trade import travel, turn, twin, until
from world import Answer, Buyer

BIG, SMALL = yuan("10000.0001"), yuan("10000")


@dataclass
class Two:
    """A mall whose owner asks and whose finance decides; a buyer with 20,000.00."""

    mall: Mall
    owner: Person
    finance: Person
    buyer: Buyer

    @classmethod
    async def of(cls, mall: Mall) -> "Two":
        finance = await mall.sign_in("finance")
        return cls(mall, mall.owner, finance, await mall.buyer("20000"))

    async def ask(self, amount: Any = BIG, reference: str = "fix-1", by: Person | None = None) -> Any:
        """An adjustment that waits; the request as its decider sees it."""
        answer = await self.adjust(amount, reference, by)
        assert answer.status == 202, answer.body
        assert answer.headers["Location"].endswith(answer.json["approval_id"])
        return (await self.finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]

    async def adjust(self, amount: Any, reference: str, by: Person | None = None) -> Answer:
        told = {"amount": amount, "reason": "银行差错", "reference": reference}
        return await (by or self.owner).call("POST", f"/accounts/{self.buyer.account}/adjustments", told)

    async def balance(self) -> str:
        return str((await self.owner.get(f"/accounts/{self.buyer.account}"))["balance"]["amount"])

    async def decide(
        self, asked: Any, *, by: Person | None = None, approve: bool = True, **more: Any
    ) -> Answer:
        told = {"approve": approve, "seal": asked["seal"]} | more
        return await (by or self.finance).call("POST", f"/approvals/{asked['id']}/decide", told)


async def test_a_second_person_lets_it_happen(mall: Mall) -> None:
    two = await Two.of(mall)
    assert (await two.adjust(SMALL, "small")).status == 201
    assert await two.balance() == "30000.0000"

    asked = await two.ask()
    assert await two.balance() == "30000.0000"
    again = await two.adjust(BIG, "fix-1")
    assert again.json["approval_id"] == asked["id"]  # the same is asked once
    assert asked["before"] == {"balance": yuan("30000.0000")}
    assert asked["after"] == {"balance": yuan("40000.0001")}
    assert (asked["amount"], asked["act"], asked["status"]) == (BIG, "ledger.adjust", "open")
    assert asked["may_decide"]
    assert not (await two.owner.get(f"/approvals/{asked['id']}"))["approval"]["may_decide"]
    said = await two.finance.post(f"/approvals/{asked['id']}/comments", {"words": "凭证在哪里？"})
    assert [c["words"] for c in said["items"]] == ["凭证在哪里？"]

    refusal = await two.owner.refused(
        "POST", f"/approvals/{asked['id']}/decide", {"approve": True, "seal": asked["seal"]}
    )
    assert refusal == (403, "own_request")
    done = (await two.decide(asked, comment="已核对")).json
    assert (done["status"], done["decision"]["comment"]) == ("approved", "已核对")
    assert await two.balance() == "40000.0001"
    late = await two.decide(asked)
    assert (late.status, late.json["code"]) == (409, "already_decided")

    told = await mall.owner.get("/audit", size=10)
    acts = [(e["action"], e["actor_id"]) for e in told["items"][:4]]
    owner, finance = asked["maker"]["id"], done["decision"]["by"]["id"]
    assert acts[:2] == [("approval.approve", finance), ("ledger.adjust", owner)]
    [mine] = (await two.owner.get("/approvals", view="mine"))["items"]
    assert mine["status"] == "approved"
    assert (await two.finance.get("/approvals", view="to_decide"))["items"] == []


async def test_a_comment_calls_upon_a_colleague_and_only_on_who_may_see_it(mall: Mall) -> None:
    two = await Two.of(mall)
    asked, support = await two.ask(), await mall.sign_in("support")
    path = f"/approvals/{asked['id']}"
    about = await two.owner.get(path)
    people = {person["id"] for person in about["people"]}
    finance_id = (await two.finance.get("/me"))["person"]["id"]
    support_id = (await support.get("/me"))["person"]["id"]
    assert finance_id in people
    assert support_id not in people
    assert (await two.owner.get("/me"))["person"]["id"] not in people  # nobody calls upon himself

    said = await two.owner.post(f"{path}/comments", {"words": "@finance 请核对", "mentions": [finance_id]})
    assert [m["id"] for m in said["items"][-1]["mentions"]] == [finance_id]
    [mine] = (await two.finance.get("/approvals", view="mentioned"))["items"]
    assert (mine["id"], mine["mentioned_at"]) == (asked["id"], said["items"][-1]["at"])
    assert (await two.owner.get("/approvals", view="mentioned"))["items"] == []

    # One who may not see it is not called upon, and nothing of such a comment is kept.
    answer = await two.owner.call(
        "POST", f"{path}/comments", {"words": "@x", "mentions": [finance_id, support_id]}
    )
    assert (answer.status, answer.json["fields"][0]["path"]) == (422, "mentions[1]")
    assert len((await two.owner.get(path))["comments"]) == 1
    assert (await support.get("/approvals", view="mentioned"))["items"] == []


async def test_refused_or_taken_back_nothing_happens(mall: Mall) -> None:
    two = await Two.of(mall)
    first, second = await two.ask(reference="one"), await two.ask(reference="two")
    assert (await two.decide(first, approve=False)).json["status"] == "refused"
    taken = await two.finance.refused("POST", f"/approvals/{second['id']}/withdraw", {})
    assert taken == (403, "not_yours_to_withdraw")
    assert (await two.owner.post(f"/approvals/{second['id']}/withdraw", {}))["status"] == "withdrawn"
    assert (await two.decide(second)).json["code"] == "already_decided"
    assert await two.balance() == "20000.0000"
    # What was refused can be asked for again.
    third = await two.ask(reference="one")
    assert third["id"] != first["id"]
    inbox = await two.finance.get("/inbox")
    assert (inbox["waiting"], inbox["counts"]["approval"]) == (1, 1)
    assert (inbox["items"][0]["id"], inbox["items"][0]["amount"]) == (third["id"], BIG)
    assert (await two.owner.get("/inbox"))["waiting"] == 0
    support = await mall.sign_in("support")
    assert await support.refused("GET", f"/approvals/{third['id']}") == (404, "not_found")
    blind = {"approve": True, "seal": third["seal"]}
    assert await support.refused("POST", f"/approvals/{third['id']}/decide", blind) == (404, "not_found")
    wrong = {"approve": True, "seal": "0" * 64}
    otherwise = await two.finance.refused("POST", f"/approvals/{third['id']}/decide", wrong)
    assert otherwise == (409, "seen_otherwise")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", "replace(payload, '100000001', '100000009')"),
        ("after", "jsonb_set(after, '{balance,amount}', '\"30000.0002\"')"),
        ("amount_e4", "amount_e4 + 1"),
        ("reason", "reason || ' '"),
        ("holds", "replace(holds, 'open', 'Open')"),
    ],
)
async def test_one_byte_changed_makes_it_void(mall: Mall, column: str, value: str) -> None:
    two = await Two.of(mall)
    asked = await two.ask()
    async with await psycopg.AsyncConnection.connect(mall.world.admin_dsn) as tx:
        changed = await tx.execute(
            f"update approvals.request set {column} = {value} where id = %s".encode(), (int(asked["id"]),)
        )
        assert changed.rowcount == 1
    done = (await two.decide(asked)).json
    assert (done["status"], done["decision"]["failure"]) == ("failed", "payload_changed")
    assert await two.balance() == "20000.0000"


@pytest.mark.parametrize("role", ["app", "vault", "report"])
async def test_the_runtime_cannot_rewrite_what_was_asked(mall: Mall, role: str) -> None:
    two = await Two.of(mall)
    asked = await two.ask()
    await two.decide(asked, approve=False)
    for statement in (
        "update approvals.request set payload = payload",
        "update approvals.decision set state = 'approved'",
        "delete from approvals.decision",
        "delete from approvals.request",
    ):
        async with await psycopg.AsyncConnection.connect(getattr(mall.world.env.db.dsns, role)) as tx:
            await tx.execute(f"set app.mall = '{mall.world.mall}'".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await tx.execute(statement.encode())


async def test_the_database_knows_no_decision_about_ones_own(mall: Mall) -> None:
    two = await Two.of(mall)
    asked = await two.ask()
    maker = int(asked["maker"]["id"])
    given = (mall.world.mall, int(asked["id"]), maker)
    for columns, values in (
        ("decided_by", f"{maker}"),
        ("decided_by, instead_of", f"{maker + 1}, {maker}"),
        ("failure", "'x'"),
    ):
        async with await psycopg.AsyncConnection.connect(mall.world.env.db.dsns.app) as tx:
            await tx.execute(f"set app.mall = '{mall.world.mall}'".encode())
            with pytest.raises(psycopg.errors.CheckViolation):
                await tx.execute(
                    f"insert into approvals.decision (mall_id, request_id, maker_id, state, decided_at, {columns})"
                    f" values (%s, %s, %s, 'approved', now(), {values})".encode(),
                    given,
                )


async def test_what_has_changed_meanwhile_fails_and_leaves_nothing(mall: Mall) -> None:
    two = await Two.of(mall)
    path = f"/accounts/{two.buyer.account}/credit"
    big = {"limit": yuan("60000"), "terms_days": 30, "reason": "双十一"}
    answer = await two.owner.call("PUT", path, big)
    assert answer.status == 202, answer.body
    asked = (await two.finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]
    assert (asked["reason"], asked["amount"]) == ("双十一", yuan("60000.0000"))
    assert asked["after"]["credit_limit"] == yuan("60000.0000")
    await two.owner.put(path, {"limit": yuan("100"), "terms_days": 7})  # under the amount
    done = (await two.decide(asked)).json
    assert (done["status"], done["decision"]["failure"]) == ("failed", "subject_changed")
    account = await two.owner.get(f"/accounts/{two.buyer.account}")
    kept = {"limit": yuan("100.0000"), "terms_days": 7, "grace_days": 0, "version": 1}
    assert account["credit"] == kept

    # What the act itself refuses leaves nothing either: the wallet holds less than is taken.
    minus = await two.ask(yuan("-20000"), "all")
    await two.adjust(yuan("-5000"), "before")
    await two.owner.put(path, {"limit": yuan("0"), "terms_days": 0})
    done = (await two.decide(minus)).json
    assert (done["status"], done["decision"]["failure"]) == ("failed", "insufficient_balance")
    assert await two.balance() == "15000.0000"


async def test_two_at_once_decide_once(mall: Mall) -> None:
    two = await Two.of(mall)
    others = [two.finance, await mall.sign_in("finance"), await mall.sign_in("owner")]
    for n in range(4):
        asked = await two.ask(reference=f"race-{n}")
        before = await two.balance()
        answers = await asyncio.gather(
            *(two.decide(asked, by=by, approve=how) for by in others for how in (True, False))
        )
        good = [a.json["status"] for a in answers if a.status == 200]
        assert len(good) == 1, [a.body for a in answers]
        assert {a.json["code"] for a in answers if a.status != 200} == {"already_decided"}
        gained = float(await two.balance()) - float(before)
        assert round(gained, 4) == (10000.0001 if good == ["approved"] else 0)


async def test_who_lost_the_right_asked_in_vain(mall: Mall) -> None:
    two = await Two.of(mall)
    clerk = await mall.sign_in("finance")
    asked = await two.ask(by=clerk, reference="gone")
    own = mall.world.founded.organisation_id
    at = f"/organisations/{own}/people/{asked['maker']['id']}"
    await two.owner.put(f"{at}/role", {"role": "support"})
    done = (await two.decide(asked)).json
    assert (done["status"], done["decision"]["failure"]) == ("failed", "forbidden")
    assert await two.balance() == "20000.0000"


async def test_a_shop_of_one_is_not_locked_out_and_rules_say_otherwise(mall: Mall) -> None:
    buyer = await mall.buyer("1")
    two = Two(mall, mall.owner, mall.owner, buyer)
    assert (await two.adjust(yuan("50000"), "alone")).status == 201
    listed = await mall.owner.get("/approval-rules")
    rules = {r["act"]: r for r in listed["items"]}
    assert listed["deciders"] == 1
    assert (rules["ledger.adjust"]["mode"], rules["ledger.adjust"]["in_force"]) == ("above", False)
    # Whoever sets a rule means it, alone or not.
    rule = {"mode": "above", "above_amount": yuan("1"), "role": "finance", "due_minutes": 60}
    made = await mall.owner.put("/approval-rules/ledger.adjust", rule)
    assert (made["version"], made["in_force"]) == (1, True)
    assert (await two.adjust(yuan("2"), "mean it")).status == 202

    two.finance = await mall.sign_in("finance")
    [asked] = (await two.finance.get("/approvals", view="to_decide"))["items"]
    due = datetime.fromisoformat(asked["due_at"]) - datetime.fromisoformat(asked["asked_at"])
    assert (due, asked["role"]) == (timedelta(hours=1), "finance")
    # From now on there are two, and a weaker rule takes both; a stronger one does not.
    weaker = rule | {"above_amount": yuan("5"), "version": 1}
    answer = await mall.owner.call("PUT", "/approval-rules/ledger.adjust", weaker)
    assert answer.status == 202
    opened = (await two.finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]
    assert (opened["act"], opened["subject"]) == ("approvals.weaken", "rule:ledger.adjust")
    assert (opened["before"]["above_e4"], opened["after"]["above_e4"]) == (10_000, 50_000)
    stronger = rule | {"above_amount": yuan("0.5"), "version": 1}
    assert (await mall.owner.put("/approval-rules/ledger.adjust", stronger))["version"] == 2
    assert (await two.decide(opened)).json["decision"]["failure"] == "rule_changed"
    bad = rule | {"above_count": 3}
    assert await mall.owner.refused("PUT", "/approval-rules/ledger.adjust", bad) == (422, "invalid_request")
    assert await two.finance.refused("PUT", "/approval-rules/ledger.adjust", rule) == (403, "forbidden")


async def test_a_delegate_decides_but_not_what_his_principal_asked(mall: Mall) -> None:
    two = await Two.of(mall)
    helper = await mall.sign_in("support")
    who = (await helper.get("/me"))["person"]["id"]
    asked, own = await two.ask(reference="of owner"), await two.ask(by=two.finance, reference="of finance")
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    me = (await two.finance.get("/me"))["person"]["id"]
    unfit = await two.finance.refused("PUT", "/approval-delegates/mine", {"person_id": me, "until_at": until})
    assert unfit == (409, "delegate_unfit")
    await two.finance.put("/approval-delegates/mine", {"person_id": who, "until_at": until})
    [seen] = (await helper.get("/approvals", view="to_decide"))["items"]
    assert (seen["id"], seen["instead_of"]["id"]) == (asked["id"], me)
    told = {"approve": True, "seal": own["seal"]}
    assert await helper.refused("POST", f"/approvals/{own['id']}/decide", told) == (404, "not_found")
    done = (await two.decide(asked, by=helper)).json
    assert (done["status"], done["decision"]["instead_of"]["id"]) == ("approved", me)
    await two.finance.delete("/approval-delegates/mine")
    assert (await helper.get("/approvals", view="to_decide"))["items"] == []


async def test_several_at_once_each_by_itself(mall: Mall) -> None:
    two = await Two.of(mall)
    asked = [await two.ask(yuan("11000"), f"b-{n}") for n in range(3)]
    own = await two.ask(by=two.finance, reference="own")
    items = [{"id": a["id"], "seal": a["seal"]} for a in [*asked, own]]
    done = (await two.finance.post("/approvals/decide", {"items": items, "approve": True}))["items"]
    assert [(d["status"], d["refusal"]) for d in done] == [("approved", None)] * 3 + [(None, "own_request")]
    assert await two.balance() == "53000.0000"


async def test_nobody_decided_in_time(installation: Installation) -> None:
    test = await twin(installation)
    two = await Two.of(test)
    asked = await two.ask()
    seal = {"id": asked["id"], "seal": asked["seal"]}
    await travel(test, days=8)
    await turn(test, "approvals.expire")
    finance = await test.sign_in("finance")
    late = await two.decide(seal, by=finance)
    assert late.json["code"] == "already_decided"
    found = (await finance.get(f"/approvals/{asked['id']}"))["approval"]
    assert (found["status"], found["decision"]["by"]) == ("expired", None)
    [line] = (await test.owner.get("/audit", subject=f"approval:{asked['id']}"))["items"][:1]
    assert (line["action"], line["actor_kind"]) == ("approval.expire", "system")


async def test_codes_in_clear_leave_when_a_second_person_lets_them(mall: Mall) -> None:
    """Without any rule set; masked ones leave at once. What was let happen is the maker's own file, and nobody else's."""
    two = await Two.of(mall)
    owner = two.owner
    sku = await mall.sku()
    [batch] = (await mall.upload(sku, cards(12)))["batches"]
    codes = {"list": "codes", "filter": {"batch_id": [batch]}}
    assert (await owner.call("POST", "/exports", codes | {"format": "csv"})).status == 201
    waits = await owner.call("POST", "/exports", codes | {"format": "zip"})
    assert waits.status == 202
    assert (await owner.call("POST", "/exports", codes | {"format": "zip"})).json == waits.json
    asked = (await two.finance.get(f"/approvals/{waits.json['approval_id']}"))["approval"]
    assert (asked["act"], asked["subject"], asked["count"], asked["unit"]) == (
        "stock.export",
        f"batch:{batch}",
        12,
        "codes",
    )
    assert asked["after"] == {"batches": 1, "codes": 12}
    assert [e["format"] for e in (await owner.get("/exports"))["items"]] == ["csv"]
    assert (await two.decide(asked)).json["status"] == "approved"
    made = (await owner.get("/exports"))["items"][0]
    assert made["format"] == "zip"
    job = await ended(mall, made["job_id"])
    assert job["result"]["rows"] == 12
    await owner.post(f"/exports/{made['id']}/password")
    assert (await owner.call("POST", f"/exports/{made['id']}/fetch")).status == 200
    assert await two.finance.refused("POST", f"/exports/{made['id']}/fetch") == (404, "export_not_found")

    refused = await owner.call("POST", "/exports", codes | {"format": "zip"})
    other = (await two.finance.get(f"/approvals/{refused.json['approval_id']}"))["approval"]
    await two.finance.post(
        f"/approvals/{other['id']}/decide", {"approve": False, "seal": other["seal"], "comment": "无须导出"}
    )
    assert len((await owner.get("/exports"))["items"]) == 2
    nowhere = {"list": "codes", "format": "zip", "filter": {"batch_id": ["1"]}}
    assert await owner.refused("POST", "/exports", nowhere) == (404, "not_found")


async def test_prices_codes_and_recalls_wait_too(mall: Mall) -> None:
    two = await Two.of(mall)
    owner, finance = two.owner, two.finance
    for act, rule in {
        "pricing.change": {"mode": "above", "above_count": 2, "above_bp": 1_000},
        "pricing.floor": {"mode": "always"},
        "stock.void": {"mode": "above", "above_count": 3},
        "stock.shred": {"mode": "always"},
        "orders.recall_refund": {"mode": "above", "above_amount": yuan("5")},
    }.items():
        await owner.put(f"/approval-rules/{act}", rule)
    sku, other, third = [await mall.sku() for _ in range(3)]
    await mall.price(sku, "10")
    await mall.price([other, third], "10")
    await mall.upload(sku, cards(10), cost="5")

    async def sets(price: str, *skus: str, **more: Any) -> Answer:
        prices = [{"sku_id": s, "rungs": rungs({1: price})} for s in skus]
        told = {"book_id": await mall.book(), "prices": prices, "reason": "活动"} | more
        return await owner.call("POST", "/prices", told)

    assert (await sets("10.9", sku, other)).status == 201  # two SKUs, 9 %
    assert (await sets("10.8", sku, other, third)).status == 202  # three
    far = await sets("12", sku)
    asked = (await finance.get(f"/approvals/{far.json['approval_id']}"))["approval"]
    assert (asked["move_bp"], asked["count"], asked["unit"]) == (1_010, 1, "skus")
    assert asked["before"] == {f"sku:{sku}": yuan("10.9000")}
    assert (await two.decide(asked)).json["status"] == "approved"
    history = (await owner.get(f"/skus/{sku}/prices"))["items"][0]
    assert history["rungs"][0]["unit_price"] == yuan("12.0000")
    assert history["author"] == f"person:{asked['maker']['id']}"
    below = await sets("4", sku, override_floor=True)
    asked = (await finance.get(f"/approvals/{below.json['approval_id']}"))["approval"]
    assert asked["act"] == "pricing.floor"
    assert (await two.decide(asked)).json["status"] == "approved"
    await owner.put("/floors", {"margin_bp": 100})
    assert (await owner.call("PUT", "/floors", {"margin_bp": 50})).status == 202

    report = await mall.upload(other, cards(10), cost="5")
    batch = report["batches"][0]
    why = {"reason": "泄露"}
    assert (await owner.call("POST", f"/batches/{batch}/void", why | {"first": 8, "last": 10})).status == 200
    gone = await owner.call("POST", f"/batches/{batch}/void", why | {"first": 1, "last": 5})
    assert gone.status == 202
    asked = (await finance.get(f"/approvals/{gone.json['approval_id']}"))["approval"]
    assert (asked["count"], asked["after"]["written_off"]) == (5, yuan("25.0000"))
    await mall.order(two.buyer, other, 2)  # two of them are sold meanwhile
    done = (await two.decide(asked)).json
    assert done["decision"]["failure"] == "subject_changed"

    recall = await owner.call("POST", f"/batches/{batch}/recall", why | {"refund": True})
    assert recall.status == 202
    assert (await owner.get(f"/batches/{batch}"))["state"] == "recalled"  # the sale stops at once
    asked = (await finance.get(f"/approvals/{recall.json['approval_id']}"))["approval"]
    assert (asked["amount"], asked["count"]) == (yuan("21.8000"), 2)
    look = await owner.get(f"/batches/{batch}/recall")
    assert asked["before"] == {"orders": look["orders"], "codes": look["pieces"]}
    assert asked["after"] == {"refund": look["refund"]}
    assert (await two.decide(asked)).json["status"] == "approved"

    async def paid_back() -> bool:
        return await two.balance() == "20000.0000"

    await until(paid_back)
    shred = await owner.call("POST", f"/batches/{batch}/shred", why | {"confirmation": batch})
    assert shred.status == 202
    asked = (await finance.get(f"/approvals/{shred.json['approval_id']}"))["approval"]
    # Its unsold codes are frozen, not gone: the act itself refuses.
    assert (await two.decide(asked)).json["decision"]["failure"] == "batch_has_unsold"


async def test_a_new_buyers_credit_waits_as_a_whole(mall: Mall) -> None:
    two = await Two.of(mall)
    credit = {"limit": yuan("80000"), "terms_days": 30}
    answer = await two.owner.call("POST", "/buyers", {"name": "蓝鲸", "credit": credit})
    assert answer.status == 202
    assert "蓝鲸" not in str(await two.owner.every("/organisations"))
    asked = (await two.finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]
    assert (await two.decide(asked)).json["status"] == "approved"
    assert "蓝鲸" in str(await two.owner.every("/organisations"))
