"""Tiers, buyers, suppliers, contacts: through the door, on a real database."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from commissary import partners, tenancy
from commissary.base.errors import Refused
from commissary.partners.types import Buyer
from make.tenancy import PASSWORD, Ground, House


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def buyer(house: House, name: str = "Buyer", **more: object) -> Buyer:
    async with house.env.db.transaction(house.mall) as tx:
        return await partners.add_buyer(
            tx,
            house.env,
            house.actor,
            name=name,
            account_id=house.env.ids.new(),
            **more,  # type: ignore[arg-type]
        )


async def test_a_buyer_is_an_organisation_with_a_wallet(house: House) -> None:
    tier = await partners.add_tier(house.env, house.actor, name="Gold", rank=3)
    made = await buyer(house, "Card shop", tier_id=tier.id, low_balance_e4=1_000_000)
    assert await partners.get_buyer(house.env, house.actor, made.id) == made
    async with house.env.db.transaction(house.mall) as tx:
        company = await tenancy.get_organisation(tx, house.mall, made.id)
    assert (company.kind, company.name, company.home_id) == ("buyer", "Card shop", made.home_id)
    assert [b.id for b in await partners.list_buyers(house.env, house.actor, search="card")] == [made.id]
    assert await partners.list_buyers(house.env, house.actor, search="%") == []
    assert {"organisation.add", "buyer.add", "tier.add"} <= set(await house.audited())


async def test_nothing_of_a_buyer_stays_when_its_wallet_fails(house: House) -> None:
    async def fail() -> None:
        async with house.env.db.transaction(house.mall) as tx:
            await partners.add_buyer(tx, house.env, house.actor, name="Ghost", account_id=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await partners.list_buyers(house.env, house.actor) == []
    assert "buyer.add" not in await house.audited()


async def test_changes_raise_the_epoch_and_keep_what_is_not_given(house: House) -> None:
    made = await buyer(house, notes="old friend", low_balance_e4=5)
    silver = await partners.add_tier(house.env, house.actor, name="Silver")
    before = await house.epoch()
    moved = await partners.set_tier(house.env, house.actor, made.id, silver.id)
    assert (moved.tier_id, moved.notes) == (silver.id, "old friend")
    assert await house.epoch() == before + 1
    renamed = await partners.edit_buyer(house.env, house.actor, made.id, name="New name", low_balance_e4=None)
    assert renamed == await partners.get_buyer(house.env, house.actor, made.id)
    assert (renamed.name, renamed.notes, renamed.low_balance_e4) == ("New name", "old friend", None)


async def test_suspended_buyer_key_and_people_are_out(house: House) -> None:
    made = await buyer(house)
    view, _ = await partners.issue_key(house.env, house.actor, made.id, name="shop", scopes=["orders:write"])
    assert view.account_id == made.account_id
    await house.person("distributor", "boss@shop.cn", made.id)
    token = await tenancy.sign_in(house.env, house.slug, "boss@shop.cn", PASSWORD, "192.0.2.5")
    assert (await partners.suspend(house.env, house.actor, made.id)).status == "suspended"
    key = await tenancy.KeyCache(house.env).load(view.id)
    assert key is not None
    assert not key.buyer_active
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, token)
    await partners.resume(house.env, house.actor, made.id)
    await tenancy.actor_of_token(house.env, token)


async def test_a_buyer_issues_keys_for_itself_only(house: House) -> None:
    mine, theirs = await buyer(house, "Mine"), await buyer(house, "Theirs")
    boss = house.actor_of("distributor", 9, mine.id)
    view, _ = await partners.issue_key(house.env, boss, mine.id, name="own", scopes=["orders:read"])
    assert view.account_id == mine.account_id
    with refused("forbidden"):
        await partners.issue_key(house.env, boss, theirs.id, name="x", scopes=["orders:read"])
    for verb in (partners.get_buyer(house.env, boss, mine.id), partners.suspend(house.env, boss, mine.id)):
        with refused("forbidden"):
            await verb


async def test_tier_names_are_unique_and_used_tiers_stay(house: House) -> None:
    tries = [partners.add_tier(house.env, house.actor, name="Gold") for _ in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(r) for r in results if isinstance(r, Refused)) == ["tier_name_taken"] * 2
    gold = next(r for r in results if not isinstance(r, BaseException))
    other = await partners.add_tier(house.env, house.actor, name="Iron", rank=-1)
    with refused("tier_name_taken"):
        await partners.edit_tier(house.env, house.actor, other.id, name="Gold")
    made = await buyer(house, tier_id=gold.id)
    with refused("tier_in_use"):
        await partners.drop_tier(house.env, house.actor, gold.id)
    await partners.set_tier(house.env, house.actor, made.id, other.id)
    await partners.drop_tier(house.env, house.actor, gold.id)
    assert [t.name for t in await partners.list_tiers(house.env, house.actor)] == ["Iron"]


async def test_contacts_are_sealed_masked_and_looks_recorded(house: House, ground: Ground) -> None:
    made = await buyer(house)
    contact = await partners.add_contact(
        house.env,
        house.actor,
        made.id,
        name="王经理",
        phone="138 0013 8000",
        email="wang@shop.cn",
        purpose="finance",
    )
    assert (contact.phone_last, contact.has_email) == ("8000", True)
    assert await partners.list_contacts(house.env, house.actor, made.id) == [contact]
    with psycopg.connect(ground.admin_dsn) as connection:
        dump = str(connection.execute("select c.* from partners.contact c").fetchall())
        dump += str(connection.execute("select a.* from tenancy.audit a").fetchall())
    # Not four digits of it: among ids and hashes those are found by chance.
    assert [text for text in ("138 0013", "13800138", "0013 8000", "00138000") if text in dump] == []
    assert "wang@" not in dump
    clear = await partners.reveal_contact(house.env, house.actor, contact.id, "call back")
    assert (clear.phone, clear.email) == ("138 0013 8000", "wang@shop.cn")
    assert "8000" not in repr(clear)
    assert clear.seen.mark.isdigit()
    assert (await house.audited())[-1] == "reveal.contact"
    await partners.drop_contact(house.env, house.actor, contact.id)
    assert await partners.list_contacts(house.env, house.actor, made.id) == []


async def test_suppliers(house: House) -> None:
    made = await partners.add_supplier(house.env, house.actor, name="Wholesaler", settlement_days=30)
    assert made.grade == "X"
    edited = await partners.edit_supplier(house.env, house.actor, made.id, status="suspended", name="W2")
    assert (edited.grade, edited.status, edited.settlement_days, edited.name) == ("X", "suspended", 30, "W2")
    assert await partners.list_suppliers(house.env, house.actor) == [edited]
    with refused("invalid_request"):
        await partners.edit_supplier(house.env, house.actor, made.id, settlement_days=181)


async def test_another_malls_ids_are_not_found(house: House, other: House) -> None:
    theirs = await buyer(other)
    supplier = await partners.add_supplier(other.env, other.actor, name="S")
    tier = await partners.add_tier(other.env, other.actor, name="T")
    contact = await partners.add_contact(other.env, other.actor, theirs.id, name="C")
    mine = await buyer(house)
    env, me = house.env, house.actor
    verbs: dict[str, Callable[[], Awaitable[object]]] = {
        "get_buyer": lambda: partners.get_buyer(env, me, theirs.id),
        "edit_buyer": lambda: partners.edit_buyer(env, me, theirs.id, notes="x"),
        "set_tier of theirs": lambda: partners.set_tier(env, me, theirs.id, None),
        "set_tier to theirs": lambda: partners.set_tier(env, me, mine.id, tier.id),
        "suspend": lambda: partners.suspend(env, me, theirs.id),
        "resume": lambda: partners.resume(env, me, theirs.id),
        "issue_key": lambda: partners.issue_key(env, me, theirs.id, name="k", scopes=["orders:read"]),
        "edit_tier": lambda: partners.edit_tier(env, me, tier.id, rank=1),
        "drop_tier": lambda: partners.drop_tier(env, me, tier.id),
        "edit_supplier": lambda: partners.edit_supplier(env, me, supplier.id, name="A"),
        "add_contact": lambda: partners.add_contact(env, me, theirs.id, name="x"),
        "list_contacts": lambda: partners.list_contacts(env, me, theirs.id),
        "reveal_contact": lambda: partners.reveal_contact(env, me, contact.id, "x"),
        "drop_contact": lambda: partners.drop_contact(env, me, contact.id),
        "add_buyer in their tier": lambda: buyer(house, tier_id=tier.id),
        "add_buyer below theirs": lambda: buyer(house, parent_id=theirs.id),
    }
    for name, verb in verbs.items():
        with pytest.raises(Refused) as caught:
            await verb()
        assert str(caught.value) == "not_found", name
    assert [b.id for b in await partners.list_buyers(env, me)] == [mine.id]
    assert await partners.list_suppliers(env, me) == []
    assert await partners.list_tiers(env, me) == []


async def test_roles_without_the_right_are_forbidden(house: House) -> None:
    made = await buyer(house)
    for role in ("readonly", "support", "purchasing"):
        actor = house.actor_of(role)
        with refused("forbidden"):
            await partners.suspend(house.env, actor, made.id)
        with refused("forbidden"):
            await partners.add_tier(house.env, actor, name="x")
        assert await partners.list_buyers(house.env, actor)
