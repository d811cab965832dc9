"""Quarantine: by hand, by a rule, by a list of names."""

import asyncio
from datetime import date, timedelta

import psycopg
import pytest
import pytest_asyncio

from commissary import partners
from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.base.home import home
from commissary.partners.rules import Conduct
from make.papers import Desk
from make.tenancy import Ground, House

DAY = date(2026, 6, 30)


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> Desk:
    return Desk(house)


async def fit_supplier(desk: Desk, name: str = "Mill Ltd") -> int:
    made = await desk.supplier(name)
    await desk.company(made.id, name)
    assert (await desk.fit(made.id)).ok
    return made.id


async def told(house: House) -> list[dict[str, object]]:
    async with house.env.db.transaction(house.mall) as tx:
        rows = await outbox.read(tx, home(house.mall), 0, 1_000)
    return [e.data for _, events in rows for e in events if e.kind == "supplier.quarantined"]


async def upload(house: House, *names: str, title: str = "UN list") -> int:
    _, hits = await partners.upload_names(
        house.env, house.actor, title=title, source="https://example.org/list", dated=DAY, names=names
    )
    return hits


async def test_quarantine_by_hand_holds_until_it_is_released(desk: Desk) -> None:
    house = desk.house
    mill = await fit_supplier(desk)
    made = await partners.quarantine(house.env, house.actor, mill, "cards reported stolen")
    assert (await desk.fit(mill)).why == "quarantined"
    with refused("already_quarantined"):
        await partners.quarantine(house.env, house.actor, mill, "again")
    house.clock.move(days=300)
    assert (await desk.fit(mill)).why == "quarantined"
    with refused("forbidden"):
        await partners.release(house.env, house.actor_of("purchasing"), made.id, "please")
    gone = await partners.release(house.env, house.actor, made.id, "cleared by the brand")
    assert (gone.state, gone.closing) == ("released", "cleared by the brand")
    assert (await desk.fit(mill)).ok
    with refused("quarantine_closed"):
        await partners.release(house.env, house.actor, made.id, "again")
    assert {"quarantine.open", "quarantine.release"} <= set(await house.audited())
    assert await told(house) == [{"supplier_id": str(mill), "reason": "by_hand"}]


async def test_quarantine_with_an_end_lets_go_by_itself(desk: Desk) -> None:
    house = desk.house
    mill = await fit_supplier(desk)
    until = house.env.now(house.mall) + timedelta(hours=2)
    await partners.quarantine(house.env, house.actor, mill, "while we look", until)
    house.clock.move(hours=1, minutes=59)
    assert (await desk.fit(mill)).why == "quarantined"
    house.clock.move(minutes=1)
    assert (await desk.fit(mill)).ok
    await partners.quarantine(house.env, house.actor, mill, "once more")
    with refused("invalid_request"):
        await partners.quarantine(house.env, house.actor, mill, "x", until)


async def test_two_people_quarantine_once(desk: Desk) -> None:
    house = desk.house
    mill = await fit_supplier(desk)
    tries = [partners.quarantine(house.env, house.actor, mill, "x") for _ in range(3)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(str(r) for r in results if isinstance(r, Refused)) == ["already_quarantined"] * 2


async def test_slow_topups_quarantine_before_more_is_bought(desk: Desk) -> None:
    house = desk.house
    mill, fine = await fit_supplier(desk), await fit_supplier(desk, "Fine Ltd")
    fast, slow = Conduct(took_s=[20] * 50, norm_s=20), Conduct(took_s=[3 * 3600] * 50, norm_s=20)
    assert await partners.judge_conduct(house.env, house.mall, fine, fast) is None
    found = await partners.judge_conduct(house.env, house.mall, mill, slow)
    assert found is not None
    assert (found.cause, found.evidence["slow"]) == ("slow_topup", 50)
    assert found.opened_by == "system:partners.judge"
    assert (await desk.fit(mill)).why == "quarantined"
    assert (await desk.fit(fine)).ok
    assert await partners.judge_conduct(house.env, house.mall, mill, slow) is None, "once is enough"
    assert len(await told(house)) == 1
    with refused("not_a_name_hit"):
        await partners.confirm(house.env, house.actor, found.id, "x")


async def test_a_cheap_slow_offer_quarantines_before_the_first_order(desk: Desk) -> None:
    house = desk.house
    mill = await fit_supplier(desk)
    offer = {"price_e4": 80_0000, "face_e4": 100_0000, "promised_s": 72 * 3600}
    assert await partners.judge_offer(house.env, house.mall, mill, **(offer | {"promised_s": 60})) is None
    assert (await desk.fit(mill)).ok
    assert await partners.judge_offer(house.env, house.mall, mill, **offer) is not None
    assert (await desk.fit(mill)).why == "quarantined"


async def test_a_listed_name_stops_a_supplier_however_it_is_written(desk: Desk) -> None:
    house = desk.house
    mill, fine = await fit_supplier(desk), await fit_supplier(desk, "Fine Ltd")
    assert await upload(house, "Some Other Co", "ＭＩＬＬ，ＬＴＤ。") == 1
    assert (await desk.fit(mill)).why == "quarantined"
    assert (await desk.fit(fine)).ok
    [hit] = await partners.list_quarantines(house.env, house.actor)
    assert (hit.cause, hit.evidence["title"], hit.until) == ("name_list", "UN list", None)
    # False alarm: released, and not raised again by the next edition, nor by the turn.
    await partners.release(house.env, house.actor, hit.id, "another company of that name, see file")
    assert await upload(house, "Mill Ltd") == 0
    assert (await desk.watch()).hits == 0
    assert (await desk.fit(mill)).ok
    # Another authority's list is another matter.
    assert await upload(house, "mill ltd", title="OFAC list") == 1
    [hit, _] = await partners.list_quarantines(house.env, house.actor)
    stays = await partners.confirm(house.env, house.actor, hit.id, "it is them")
    assert stays.state == "confirmed"
    assert (await desk.fit(mill)).why == "quarantined"


async def test_new_names_are_looked_up_at_once(desk: Desk) -> None:
    house = desk.house
    await upload(house, "Dark Trading", "王黑子")
    dark = await desk.supplier("Dark Trading")
    assert (await desk.fit(dark.id)).why == "quarantined"
    mill = await fit_supplier(desk)
    await partners.set_company(
        house.env, house.actor, mill, legal_name="Mill Ltd", country="CN", owners=["李白", "王 黑子"]
    )
    assert (await desk.fit(mill)).why == "quarantined", "an owner of it is listed"
    renamed = await fit_supplier(desk, "Light Ltd")
    await partners.edit_supplier(house.env, house.actor, renamed, name="dark  trading")
    assert (await desk.fit(renamed)).why == "quarantined"


async def test_an_older_edition_stops_nobody_any_more(desk: Desk) -> None:
    house = desk.house
    await upload(house, "Mill Ltd", "Other")
    await upload(house, "Other")
    mill = await fit_supplier(desk)
    assert (await desk.fit(mill)).ok
    lists = await partners.list_name_lists(house.env, house.actor)
    assert [(n.names, n.replaced_at is None) for n in lists] == [(1, True), (2, False)]


async def test_a_supplier_and_a_list_that_come_at_the_same_moment_meet(desk: Desk) -> None:
    house = desk.house
    for n in range(5):
        made, _ = await asyncio.gather(
            desk.supplier(f"Race {n}"), upload(house, f"Race {n}", title=f"List {n}")
        )
        await desk.watch()
        assert (await desk.fit(made.id)).why == "quarantined"


async def test_names_of_owners_are_not_in_the_database(desk: Desk, ground: Ground) -> None:
    house = desk.house
    mill = await fit_supplier(desk)
    await partners.set_company(
        house.env, house.actor, mill, legal_name="Mill Ltd", country="CN", owners=["Zeta Quill"]
    )
    kept = await partners.set_company(house.env, house.actor, mill, legal_name="Mill Ltd", country="CN")
    assert kept.owners_count == 1
    assert await upload(house, "zeta quill") == 1, "owners that were kept are still looked up"
    with psycopg.connect(ground.admin_dsn) as connection:
        dump = str(connection.execute("select s.* from partners.screened_name s").fetchall())
        dump += str(connection.execute("select c.* from partners.company c").fetchall())
    assert "Quill" not in dump
