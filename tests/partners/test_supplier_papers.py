"""Suppliers' papers: what they add up to, when they end, and what an altered one is worth."""

import asyncio
import hashlib
from datetime import date, timedelta

import psycopg
import pytest
import pytest_asyncio

from commissary import partners, tenancy
from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.base.home import home
from commissary.partners.types import PaperDraft, PaperRule
from make.papers import COMPANY, Desk
from make.tenancy import Ground, House


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> Desk:
    return Desk(house)


async def events(house: House, kind: str) -> list[outbox.Event]:
    async with house.env.db.transaction(house.mall) as tx:
        rows = await outbox.read(tx, home(house.mall), 0, 1_000)
    return [event for _, told in rows for event in told if event.kind == kind]


async def test_nothing_is_bought_from_a_supplier_until_every_paper_is_accepted(desk: Desk) -> None:
    mill = await desk.supplier()
    assert (await desk.fit(mill.id)).why == "papers_missing"
    for kind in COMPANY:
        assert (await desk.fit(mill.id)).why == "papers_missing"
        holder = "Mill Ltd" if kind in ("business_licence", "bank_account") else ""
        await desk.accepted(mill.id, kind, holder=holder)
    assert (await desk.fit(mill.id)).ok
    standing = await partners.standing_of(desk.house.env, desk.house.actor, mill.id)
    assert standing.fitness.ok
    assert standing.parts[0].missing == ()


async def test_a_submitted_paper_counts_for_nothing_and_a_refused_one_neither(desk: Desk) -> None:
    mill = await desk.supplier()
    await desk.company(mill.id, skip=["business_licence"])
    licence = await desk.hand_in(mill.id, "business_licence", holder="Mill Ltd")
    assert not (await desk.fit(mill.id)).ok
    house = desk.house
    gone = await partners.refuse_paper(house.env, house.actor, licence.id, "illegible")
    assert (gone.state, gone.reason, gone.decided_by) == ("refused", "illegible", f"person:{house.actor.id}")
    with refused("paper_decided"):
        await partners.accept_paper(house.env, house.actor, licence.id, licence.sha256)
    assert not (await desk.fit(mill.id)).ok


async def test_a_company_paper_of_another_company_counts_for_nothing(desk: Desk) -> None:
    mill = await desk.supplier()
    await desk.company(mill.id, "Quite another Ltd")
    assert (await desk.fit(mill.id)).why == "papers_missing"
    house = desk.house
    await partners.set_company(
        house.env, house.actor, mill.id, legal_name="ＱＵＩＴＥ　another, LTD.", country="CN"
    )
    assert (await desk.fit(mill.id)).ok, "the same name in another width and case"


@pytest.mark.parametrize(
    ("links", "grade"),
    [
        (["Mill Ltd"], "A"),
        (["Bean Co", "Mill Ltd"], "B"),
        (["Bean Co", "East", "Mill Ltd"], "C"),
        (["Bean Co", "East", "West", "Mill Ltd"], "C"),
        (["Bean Co", "East"], "X"),
    ],
)
async def test_the_grade_follows_the_hops(desk: Desk, links: list[str], grade: str) -> None:
    mill, brand = await desk.supplier(), await desk.brand()
    await desk.company(mill.id)
    await desk.letters(mill.id, brand, *links)
    found = await desk.fit(mill.id, brand)
    assert (found.grade, found.why) == (grade, None if grade != "X" else "origin_unknown")
    assert (await desk.fit(mill.id)).ok, "the company itself is in order"
    [listed] = await partners.list_suppliers(desk.house.env, desk.house.actor)
    assert listed.grade == grade


async def test_a_letter_for_another_brand_or_without_its_beginning_proves_nothing(desk: Desk) -> None:
    mill, brand, other = await desk.supplier(), await desk.brand(), await desk.brand("Tea")
    await desk.company(mill.id)
    await desk.letters(mill.id, other, "Bean Co", "Mill Ltd")
    assert (await desk.fit(mill.id, brand)).grade == "X"
    await desk.accepted(
        mill.id, "brand_authorisation", issuer="Nobody", holder="Mill Ltd", brand_ids=(brand,)
    )
    assert (await desk.fit(mill.id, brand)).grade == "X", "nobody proved to be the issuer"
    await desk.accepted(mill.id, "brand_ownership", holder="Nobody", brand_ids=(brand,))
    assert (await desk.fit(mill.id, brand)).grade == "B"


async def test_withdrawing_one_letter_breaks_the_chain_at_once(desk: Desk) -> None:
    mill, brand = await desk.supplier(), await desk.brand()
    await desk.company(mill.id)
    _, _, last = await desk.letters(mill.id, brand, "Bean Co", "East", "Mill Ltd")
    assert (await desk.fit(mill.id, brand)).grade == "C"
    house = desk.house
    await partners.withdraw_paper(house.env, house.actor, last.id, "the brand called: it is not theirs")
    assert (await desk.fit(mill.id, brand)).why == "origin_unknown"
    [told] = await events(house, "supplier.lapsed")
    assert told.data["brand_id"] == str(brand)
    assert told.owner == house.founded.organisation_id
    assert "paper.withdraw" in await house.audited()


async def test_an_altered_letter_is_refused(desk: Desk) -> None:
    mill, brand = await desk.supplier(), await desk.brand()
    house, at = desk.house, {"issuer": "Bean Co", "holder": "Mill Ltd", "brand_ids": (brand,)}
    true = b"Bean Co authorises Mill Ltd until July"
    letter = await desk.hand_in(mill.id, "brand_authorisation", content=true, number="L-7", **at)
    # Its document was exchanged …
    with refused("paper_altered"):
        await partners.keep_file(house.env, house.actor, letter.id, true.replace(b"July", b"ever"))
    # … or the checker saw another one …
    with refused("paper_altered"):
        await partners.accept_paper(house.env, house.actor, letter.id, hashlib.sha256(b"ever").digest())
    await partners.accept_paper(house.env, house.actor, letter.id, letter.sha256)
    # … or the same letter comes again with another text.
    with refused("paper_altered"):
        await desk.hand_in(mill.id, "brand_authorisation", content=b"until ever", number="L-7", **at)
    again = await desk.hand_in(mill.id, "brand_authorisation", content=true, number="L-7", **at)
    assert again.id == letter.id
    with refused("paper_on_file"):
        await desk.hand_in(mill.id, "brand_authorisation", content=true, number="L-8", **at)
    renewed = await desk.hand_in(
        mill.id, "brand_authorisation", content=b"renewed", number="L-7", replaces=letter.id, **at
    )
    assert renewed.id != letter.id


async def test_a_document_changed_in_the_database_is_seen(desk: Desk, ground: Ground) -> None:
    mill = await desk.supplier()
    house = desk.house
    paper = await desk.hand_in(mill.id, "other", content=b"the true document")
    assert (await partners.read_file(house.env, house.actor, paper.id))[1] == b"the true document"
    assert (await house.audited())[-1] == "paper.read_file"
    with psycopg.connect(ground.admin_dsn) as connection:
        dump = str(connection.execute("select f.* from partners.paper_file f").fetchall())
        assert "true document" not in dump
        connection.execute(
            "update partners.paper_file set sealed = sealed || '\\x00' where paper_id = %s", (paper.id,)
        )
    with refused("paper_altered"):
        await partners.read_file(house.env, house.actor, paper.id)
    with refused("paper_altered"):
        await partners.accept_paper(house.env, house.actor, paper.id, paper.sha256)


async def test_a_large_document_is_held_by_its_hash_alone(desk: Desk) -> None:
    mill = await desk.supplier()
    house, large = desk.house, 5 * 1024 * 1024
    digest = hashlib.sha256(b"a scan of many pages").digest()
    draft = PaperDraft(kind="other", sha256=digest, size_bytes=large, valid_from=desk.today)
    paper = await partners.submit_paper(house.env, house.actor, mill.id, draft)
    with refused("paper_file_too_large"):
        await partners.keep_file(house.env, house.actor, paper.id, b"x" * large)
    assert (await partners.accept_paper(house.env, house.actor, paper.id, digest)).state == "accepted"
    small = PaperDraft(kind="other", sha256=bytes(32), size_bytes=10, valid_from=desk.today)
    unseen = await partners.submit_paper(house.env, house.actor, mill.id, small)
    with refused("paper_without_file"):
        await partners.accept_paper(house.env, house.actor, unseen.id, bytes(32))


async def test_a_licence_ends_with_its_last_day_in_the_malls_zone(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier()
    await desk.company(mill.id, business_licence=40)
    last = desk.today + timedelta(days=40)
    house.clock.now = house.clock.now.replace(
        year=last.year, month=last.month, day=last.day, hour=15, minute=59
    )
    assert (await desk.fit(mill.id)).ok, "a minute before midnight in Shanghai"
    house.clock.move(minutes=1)
    assert (await desk.fit(mill.id)).why == "papers_missing", "no worker has looked, and yet"
    assert await events(house, "supplier.lapsed") == []
    done = await desk.watch()
    assert done.expired == 1
    [told] = await events(house, "supplier.lapsed")
    assert (told.data["reason"], told.data["missing"]) == ("papers_missing", ["business_licence"])
    assert {"paper.expire", "supplier.lapsed"} <= set(await house.audited())
    assert (await desk.watch()).expired == 0
    assert len(await events(house, "supplier.lapsed")) == 1
    await desk.accepted(mill.id, "business_licence", holder="Mill Ltd", days=400)
    assert (await desk.fit(mill.id)).ok
    assert len(await events(house, "supplier.qualified")) == 2


async def test_an_end_is_told_at_60_30_7_and_1_days_once_each(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier()
    await desk.company(mill.id, bank_account=90)
    told = []
    for day in range(92):
        await asyncio.gather(desk.watch(), desk.watch())
        new = [e.data["days"] for e in await events(house, "supplier.paper_expiring")]
        told += [(90 - day, left) for left in new[len(told) :]]
        house.clock.move(days=1)
    assert told == [(60, 60), (30, 30), (7, 7), (1, 1)]


async def test_a_renewed_paper_is_not_warned_of_and_takes_over(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier()
    await desk.company(mill.id, skip=["bank_account"])
    old = await desk.accepted(mill.id, "bank_account", holder="Mill Ltd", number="6222", days=65)
    await desk.accepted(
        mill.id, "bank_account", holder="Mill Ltd", number="6222", days=700, replaces=old.id, content=b"new"
    )
    house.clock.move(days=10)
    await desk.watch()
    assert await events(house, "supplier.paper_expiring") == []
    house.clock.move(days=60)
    await desk.watch()
    assert (await desk.fit(mill.id)).ok
    assert await events(house, "supplier.lapsed") == []


async def test_a_letter_that_begins_later_counts_from_then(desk: Desk) -> None:
    house = desk.house
    mill, brand = await desk.supplier(), await desk.brand()
    await desk.company(mill.id)
    begin = desk.today + timedelta(days=10)
    await desk.accepted(
        mill.id, "brand_ownership", holder="Mill Ltd", brand_ids=(brand,), valid_from=begin, days=100
    )
    assert (await desk.fit(mill.id, brand)).grade == "X"
    house.clock.move(days=10)
    await desk.watch()
    assert (await desk.fit(mill.id, brand)).grade == "A"


async def test_a_class_of_instruments_asks_for_a_licence_of_its_own(desk: Desk) -> None:
    mill = await desk.supplier()
    await desk.company(mill.id)
    assert (await desk.fit(mill.id, class_="coupon_promo")).ok
    assert (await desk.fit(mill.id, class_="stored_value_multi")).why == "class_not_licensed"
    await desk.accepted(mill.id, "payment_licence", holder="Mill Ltd", days=10)
    assert (await desk.fit(mill.id, class_="stored_value_multi")).ok
    desk.house.clock.move(days=12)
    assert (await desk.fit(mill.id, class_="stored_value_multi")).why == "class_not_licensed"
    assert (await desk.fit(mill.id, class_="coupon_promo")).ok


async def test_a_malls_own_rule_goes_before_the_products_from_its_day_on(desk: Desk) -> None:
    house = desk.house
    mill, foreign = await desk.supplier(), await desk.supplier("Far Ltd")
    await partners.set_company(house.env, house.actor, foreign.id, legal_name="Far Ltd", country="DE")
    await desk.company(mill.id)
    await desk.company(foreign.id, "Far Ltd", skip=["legal_person_id"])
    assert (await desk.fit(foreign.id)).ok, "what China asks for is not asked elsewhere"
    soon = desk.today + timedelta(days=5)
    rule = PaperRule("CN", "", "icp_filing", True, soon, None, "the mall's counsel, 2026-07")
    await partners.add_paper_rule(house.env, house.actor, rule)
    with refused("paper_rule_taken"):
        await partners.add_paper_rule(house.env, house.actor, rule)
    assert (await desk.fit(mill.id)).ok
    house.clock.move(days=5)
    await desk.watch()
    assert (await desk.fit(mill.id)).why == "papers_missing"
    assert (await desk.fit(foreign.id)).ok
    off = PaperRule("CN", "", "icp_filing", False, soon + timedelta(days=1), None, "not after all")
    await partners.add_paper_rule(house.env, house.actor, off)
    house.clock.move(days=1)
    await desk.watch()
    assert (await desk.fit(mill.id)).ok


async def test_personal_data_stays_in_the_sealed_document(desk: Desk, ground: Ground) -> None:
    mill = await desk.supplier()
    house = desk.house
    with refused("invalid_request"):
        await desk.hand_in(mill.id, "legal_person_id", holder="张三丰")
    with refused("invalid_request"):
        await desk.hand_in(mill.id, "legal_person_id", number="110101199001011234")
    made = await partners.set_company(
        house.env, house.actor, mill.id, legal_name="Mill Ltd", country="CN", owners=["张三丰", "Ada Li"]
    )
    assert made.owners_count == 2
    with psycopg.connect(ground.admin_dsn) as connection:
        dump = str(connection.execute("select c.* from partners.company c").fetchall())
        dump += str(connection.execute("select a.* from tenancy.audit a").fetchall())
        dump += str(connection.execute("select n.* from partners.screened_name n").fetchall())
    assert "张三丰" not in dump
    assert "Ada Li" not in dump


async def test_who_hands_in_and_who_accepts_are_written_down_and_need_different_rights(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier()
    paper = await desk.hand_in(mill.id, "other", content=b"x")
    finance = house.actor_of("finance", 77)
    done = await partners.accept_paper(house.env, finance, paper.id, paper.sha256)
    assert (done.submitted_by, done.decided_by) == (f"person:{house.actor.id}", "person:77")
    for role in ("readonly", "purchasing", "support"):
        with refused("forbidden"):
            await partners.accept_paper(house.env, house.actor_of(role), paper.id, paper.sha256)
    with refused("forbidden"):
        await partners.withdraw_paper(house.env, finance, paper.id, "x")


async def test_two_decisions_at_once_end_in_one(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier()
    paper = await desk.hand_in(mill.id, "other", content=b"x")
    tries = [
        partners.accept_paper(house.env, house.actor, paper.id, paper.sha256),
        partners.refuse_paper(house.env, house.actor, paper.id, "no"),
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [str(r) for r in results if isinstance(r, Refused)] == ["paper_decided"]
    [kept] = await partners.list_papers(house.env, house.actor, mill.id)
    assert kept.state in ("accepted", "refused")


async def test_the_same_paper_handed_in_twice_at_once_is_one(desk: Desk) -> None:
    mill = await desk.supplier()
    twins = await asyncio.gather(*(desk.hand_in(mill.id, "other", content=b"x") for _ in range(3)))
    assert len({p.id for p in twins}) == 1


async def test_many_questions_are_answered_in_their_order(desk: Desk) -> None:
    house = desk.house
    brand = await desk.brand()
    good, bare = await desk.supplier("Good Ltd"), await desk.supplier("Bare Ltd")
    await desk.company(good.id, "Good Ltd")
    await desk.letters(good.id, brand, "Good Ltd")
    asked = [bare.id, good.id, 12345, good.id]
    async with house.env.db.transaction(house.mall) as tx:
        found = await partners.qualified(
            tx, house.mall, asked, [brand, brand, brand, brand + 1], at=house.env.now(house.mall)
        )
        assert await partners.grade_of(tx, house.mall, good.id, brand, at=house.env.now(house.mall)) == "A"
    assert [f.why for f in found] == ["papers_missing", None, "unknown_supplier", "origin_unknown"]
    await partners.edit_supplier(house.env, house.actor, good.id, status="suspended")
    assert (await desk.fit(good.id, brand)).why == "suspended"


async def test_terms_are_dated_and_the_past_keeps_its_own(desk: Desk) -> None:
    house = desk.house
    mill = await desk.supplier(settlement_days=30)
    soon = desk.today + timedelta(days=10)
    new = await partners.set_terms(
        house.env,
        house.actor,
        mill.id,
        valid_from=soon,
        settlement_days=7,
        hold_days=3,
        deposit_e4=50_000_0000,
    )
    assert new.currency == "CNY"
    [listed] = await partners.list_suppliers(house.env, house.actor)
    assert listed.settlement_days == 30
    start = house.env.now(house.mall)
    house.clock.move(days=10)
    [listed] = await partners.list_suppliers(house.env, house.actor)
    assert listed.settlement_days == 7
    async with house.env.db.transaction(house.mall) as tx:
        now = await partners.terms_at(tx, house.mall, mill.id, house.env.now(house.mall))
        then = await partners.terms_at(tx, house.mall, mill.id, start)
    assert now == new
    assert then is not None
    assert (then.settlement_days, then.deposit_e4) == (30, 0)
    with refused("terms_in_the_past"):
        await partners.set_terms(
            house.env, house.actor, mill.id, valid_from=date(2026, 1, 1), settlement_days=0
        )
    assert len(await partners.list_terms(house.env, house.actor, mill.id)) == 2


async def test_another_malls_papers_are_not_found(house: House, other: House) -> None:
    theirs, mine = Desk(other), Desk(house)
    mill, brand = await theirs.supplier(), await theirs.brand()
    paper = await theirs.hand_in(mill.id, "other", content=b"x")
    out = await partners.quarantine(other.env, other.actor, mill.id, "why")
    env, me = house.env, house.actor
    own = await mine.supplier()
    verbs = {
        "submit": lambda: mine.hand_in(mill.id, "other"),
        "submit for their brand": lambda: mine.hand_in(
            own.id, "brand_ownership", holder="x", brand_ids=(brand,)
        ),
        "keep": lambda: partners.keep_file(env, me, paper.id, b"x"),
        "read": lambda: partners.read_file(env, me, paper.id),
        "accept": lambda: partners.accept_paper(env, me, paper.id, paper.sha256),
        "refuse": lambda: partners.refuse_paper(env, me, paper.id, "x"),
        "withdraw": lambda: partners.withdraw_paper(env, me, paper.id, "x"),
        "standing": lambda: partners.standing_of(env, me, mill.id),
        "company": lambda: partners.set_company(env, me, mill.id, legal_name="x", country="CN"),
        "quarantine": lambda: partners.quarantine(env, me, mill.id, "x"),
        "release": lambda: partners.release(env, me, out.id, "x"),
        "terms": lambda: partners.list_terms(env, me, mill.id),
        "set terms": lambda: partners.set_terms(env, me, mill.id, valid_from=mine.today, settlement_days=1),
    }
    for name, verb in verbs.items():
        with pytest.raises(Refused) as caught:
            await verb()
        assert str(caught.value) == "not_found", name
    assert await partners.list_papers(env, me) == []
    assert await partners.list_quarantines(env, me) == []
    assert (await mine.fit(mill.id)).why == "unknown_supplier"
    assert await tenancy.list_audit(env, me, subject=f"paper:{paper.id}") == []
