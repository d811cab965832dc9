"""Founding, signing in, roles, the audit log."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from commissary import tenancy
from commissary.base import db
from commissary.base.errors import Refused
from commissary.tenancy import attempts
from commissary.tenancy.types import Actor
from make.tenancy import PASSWORD, Ground, House


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def sign_in(
    house: House, email: str = "owner@example.com", password: str = PASSWORD, ip: str = "192.0.2.7"
):
    return await tenancy.sign_in(house.env, house.slug, email, password, ip)


async def test_founder_signs_in_and_may_everything_of_staff(house: House) -> None:
    token = await sign_in(house)
    actor = await tenancy.actor_of_token(house.env, token, "192.0.2.7")
    assert (actor.mall_id, actor.organisation_id) == (house.mall, house.founded.organisation_id)
    tenancy.require(actor, "catalog.write")
    assert not any(p.startswith("own.") for p in actor.permissions)
    who = await tenancy.me(house.env, actor)
    assert (who.mall.slug, who.person.role) == (house.slug, "owner")
    assert "session.sign_in" in await house.audited()


async def test_slug_is_taken_once_even_at_the_same_moment(ground: Ground) -> None:
    at = ground.clock.now
    facts = {"name": "x", "owner_email": "a@b.cn", "owner_name": "A", "owner_password": PASSWORD, "at": at}
    tries = [tenancy.found_mall(ground.admin_dsn, ground.ids, slug="same", **facts) for _ in range(4)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert (
        sorted(str(r) if isinstance(r, Refused) else "made" for r in results) == ["made"] + ["slug_taken"] * 3
    )


async def test_shadow_has_its_own_clock_and_the_same_staff(ground: Ground, house: House) -> None:
    await house.person("finance", "fin@example.com")
    shadow = await tenancy.found_shadow(ground.admin_dsn, ground.ids, house.mall, ground.clock.now)
    again = await tenancy.found_shadow(ground.admin_dsn, ground.ids, house.mall, ground.clock.now)
    assert again.mall_id == shadow.mall_id != house.mall
    token = await tenancy.sign_in(house.env, f"{house.slug}-test", "fin@example.com", PASSWORD, "192.0.2.7")
    actor = await tenancy.actor_of_token(house.env, token)
    assert actor.mall_id == shadow.mall_id
    assert "ledger.adjust" in actor.permissions
    owner = Actor(shadow.mall_id, "cli", "cli", permissions=frozenset({"*"}))
    before = house.env.now(shadow.mall_id)
    await tenancy.move_clock(house.env, owner, 3600)
    assert house.env.now(shadow.mall_id) - before == timedelta(hours=1)
    assert house.env.now(house.mall) == before
    with refused("not_a_shadow"):
        await tenancy.move_clock(house.env, house.actor, 60)


@pytest.mark.parametrize(
    ("slug", "email", "password"),
    [
        ("", "owner@example.com", "wrong password"),
        ("", "nobody@example.com", PASSWORD),
        ("no-mall", "a@b.cn", PASSWORD),
    ],
)
async def test_wrong_credentials_all_look_alike(house: House, slug: str, email: str, password: str) -> None:
    with refused("wrong_credentials"):
        await tenancy.sign_in(house.env, slug or house.slug, email, password, "192.0.2.8")


async def test_guessing_stops_and_the_window_passes(house: House) -> None:
    for _ in range(attempts.PER_ACCOUNT_AND_ADDRESS):
        with refused("wrong_credentials"):
            await sign_in(house, password="wrong", ip="198.51.100.1")  # noqa: S106
    with refused("too_many_attempts"):
        await sign_in(house, ip="198.51.100.1")
    await sign_in(house, ip="198.51.100.2")  # elsewhere the colleague still gets in
    house.clock.move(minutes=16)
    await sign_in(house, ip="198.51.100.1")


def test_attempts_keep_bounded_memory() -> None:
    kept = attempts.Attempts(capacity=100)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for n in range(1000):
        assert kept.allow({("account", str(n)): 5}, now)
    assert len(kept._counts) == 100


async def test_session_dies_idle_and_absolute(house: House) -> None:
    token = await sign_in(house)
    house.clock.move(minutes=29)
    await tenancy.actor_of_token(house.env, token)
    house.clock.move(minutes=29)
    await tenancy.actor_of_token(house.env, token)
    house.clock.move(minutes=31)
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, token)
    busy = await sign_in(house)
    for _ in range(35):
        house.clock.move(minutes=20)
        await tenancy.actor_of_token(house.env, busy)
    house.clock.move(minutes=25)
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, busy)


async def test_sign_out_and_foreign_or_broken_tokens(house: House, other: House) -> None:
    token = await sign_in(house)
    moved = token.replace(f"cs_{house.mall}_", f"cs_{other.mall}_")
    for bad in (
        moved,
        token[:-1],
        "",
        "cs_",
        "cs_0_x",
        "cs_99999999999_x",
        "cs_٣_x",
        "ck_1_aaaaaaaaaaaa",
        "cs_1_" + "x" * 500,
    ):
        with refused("not_signed_in"):
            await tenancy.actor_of_token(house.env, bad)
    await tenancy.sign_out(house.env, token)
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, token)


async def test_token_is_not_in_the_database(house: House, ground: Ground) -> None:
    token = await sign_in(house)
    with psycopg.connect(ground.admin_dsn) as connection:
        text = str(
            connection.execute(
                "select s.* from tenancy.session s where mall_id = %s", (house.mall,)
            ).fetchall()
        )
    assert token.split("_", 2)[2] not in text


async def test_role_taken_away_is_denied_at_the_next_call(house: House) -> None:
    person = await house.person("finance", "fin@example.com")
    token = await sign_in(house, "fin@example.com")
    tenancy.require(await tenancy.actor_of_token(house.env, token), "ledger.adjust")
    at = {"organisation_id": house.founded.organisation_id, "person_id": person}
    await tenancy.set_role(house.env, house.actor, **at, role="support")
    with refused("forbidden"):
        tenancy.require(await tenancy.actor_of_token(house.env, token), "ledger.adjust")
    await tenancy.set_role(house.env, house.actor, **at, role=None)
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, token)


async def test_suspending_and_changing_password_end_sessions(house: House) -> None:
    person = await house.person("support", "sup@example.com")
    kept, lost = await sign_in(house, "sup@example.com"), await sign_in(house, "sup@example.com")
    actor = await tenancy.actor_of_token(house.env, kept)
    with refused("wrong_credentials"):
        await tenancy.change_password(house.env, actor, "not the old one", "a new long password")
    await tenancy.change_password(house.env, actor, PASSWORD, "a new long password", keep_token=kept)
    await tenancy.actor_of_token(house.env, kept)
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, lost)
    at = {"organisation_id": house.founded.organisation_id, "person_id": person}
    await tenancy.set_person_status(house.env, house.actor, **at, status="suspended")
    with refused("not_signed_in"):
        await tenancy.actor_of_token(house.env, kept)
    with refused("wrong_credentials"):
        await sign_in(house, "sup@example.com", "a new long password")


async def test_nobody_gives_what_he_has_not(house: House) -> None:
    """A manager of people without the owner's rights can neither make an owner nor touch one."""
    manager = Actor(
        house.mall, "person", "5", house.founded.organisation_id, frozenset({"people.write", "mall.read"})
    )
    at = {"organisation_id": house.founded.organisation_id}
    with refused("forbidden"):
        await tenancy.add_person(
            house.env, manager, **at, email="x@y.cn", name="X", password=PASSWORD, role="owner"
        )
    with refused("forbidden"):
        await tenancy.set_role(house.env, manager, **at, person_id=house.founded.person_id, role=None)
    for role, facts in tenancy.ROLES.items():
        if role != "owner" and facts.kinds == ("mall",):
            with refused("forbidden"):
                await tenancy.add_person(
                    house.env,
                    house.actor_of(role),
                    **at,
                    email="x@y.cn",
                    name="X",
                    password=PASSWORD,
                    role=role,
                )


async def test_partner_people_manage_their_own_only(house: House) -> None:
    mine, theirs = await house.buyer("Mine"), await house.buyer("Theirs")
    boss = house.actor_of("distributor", 9, mine)
    facts = {"name": "P", "password": PASSWORD, "role": "distributor"}
    await tenancy.add_person(house.env, boss, organisation_id=mine, email="a@m.cn", **facts)
    with refused("forbidden"):
        await tenancy.add_person(house.env, boss, organisation_id=theirs, email="b@m.cn", **facts)
    with refused("role_does_not_fit"):
        await tenancy.add_person(
            house.env, boss, organisation_id=mine, email="c@m.cn", **(facts | {"role": "owner"})
        )
    with refused("role_does_not_fit"):
        await tenancy.add_person(
            house.env, house.actor, organisation_id=mine, email="c@m.cn", **(facts | {"role": "owner"})
        )
    assert [p.email for p in await tenancy.list_people(house.env, boss)] == ["a@m.cn"]
    assert [o.id for o in await tenancy.list_organisations(house.env, boss)] == [mine]


async def test_two_owners_cannot_demote_each_other_at_once(house: House) -> None:
    second = await house.person("owner", "two@example.com")
    at = house.founded.organisation_id
    first_actor, second_actor = house.actor, house.actor_of("owner", second)
    results = await asyncio.gather(
        tenancy.set_role(house.env, first_actor, organisation_id=at, person_id=second, role="readonly"),
        tenancy.set_role(
            house.env, second_actor, organisation_id=at, person_id=house.founded.person_id, role="readonly"
        ),
        return_exceptions=True,
    )
    assert sorted(str(r) for r in results) == ["None", "last_owner"]


async def test_email_is_taken_once(house: House) -> None:
    tries = [house.person("support", "Same@Example.com") for _ in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(r) for r in results if isinstance(r, Refused)) == ["email_taken"] * 2


async def test_another_malls_people_and_organisations_are_not_found(house: House, other: House) -> None:
    theirs = await other.buyer()
    person = await other.person("support", "sup@example.com")
    with refused("not_found"):
        await tenancy.add_person(
            house.env,
            house.actor,
            organisation_id=theirs,
            email="x@y.cn",
            name="x",
            password=PASSWORD,
            role="distributor",
        )
    for verb in (
        tenancy.set_role(
            house.env, house.actor, organisation_id=other.founded.organisation_id, person_id=person, role=None
        ),
        tenancy.set_person_status(
            house.env,
            house.actor,
            organisation_id=other.founded.organisation_id,
            person_id=person,
            status="suspended",
        ),
    ):
        with refused("not_found"):
            await verb
    async with house.env.db.transaction(house.mall) as tx:
        with refused("not_found"):
            await tenancy.set_organisation(tx, house.env, house.actor, theirs, status="suspended")
    assert theirs not in [o.id for o in await tenancy.list_organisations(house.env, house.actor)]
    assert person not in [p.id for p in await tenancy.list_people(house.env, house.actor)]


async def test_audit_strikes_secrets_and_cannot_be_changed(house: House) -> None:
    async with house.env.db.transaction(house.mall) as tx:
        after = {"name": "n", "api_secret": "sk_x", "deep": [{"Password": "p"}]}
        await tenancy.audit(tx, house.env, house.actor, "test.act", "thing:1", None, after)
    entry = (await tenancy.list_audit(house.env, house.actor, subject="thing:1"))[0]
    assert entry.after == {"name": "n", "api_secret": "[struck]", "deep": [{"Password": "[struck]"}]}
    for role in ("app", "vault"):
        for attempt in ("update tenancy.audit set action = 'x'", "delete from tenancy.audit"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                async with house.env.db.transaction(house.mall, role) as tx:
                    await db.run(tx, attempt)
    with refused("forbidden"):
        await tenancy.list_audit(house.env, house.actor_of("readonly"))


async def test_password_hash_has_owasp_parameters() -> None:
    stored = await tenancy.hash_password("ten letters")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await tenancy.verify(stored, "ten letters")
    assert not await tenancy.verify(stored, "ten letterz")
    assert not await tenancy.verify(None, "ten letters")
    assert not await tenancy.verify("garbage", "ten letters")
