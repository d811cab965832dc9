"""What people are called: staff may know everybody's name, a partner's people those of their own company."""

from typing import Any

import pytest

from commissary.tenancy.name_routes import ROUTES
from commissary.tenancy.types import Actor
from make.console import console
from make.tenancy import House


async def person(house: House, organisation: int, name: str, role: str) -> Actor:
    return house.actor_of(role, await house.person(role, name, organisation), organisation)


async def names(house: House, actor: Actor, *people: Actor) -> dict[str, str]:
    async with console(house, ROUTES, actor) as client:
        got = await client.get("/console/v1/names", params={"people": ",".join(one.id for one in people)})
    assert got.status_code == 200, got.text
    return {one["id"]: one["name"] for one in got.json()["items"]}


async def test_staff_know_everybody_and_partners_their_own(house: House) -> None:
    east, west = await house.buyer("华东"), await house.buyer("华西")
    lin = await person(house, house.founded.organisation_id, "lin@example.com", "support")
    wu, bai = (
        await person(house, east, "wu@example.com", "distributor"),
        await person(house, east, "bai@example.com", "distributor"),
    )
    xu = await person(house, west, "xu@example.com", "distributor")
    everybody = {
        lin.id: "lin@example.com",
        wu.id: "wu@example.com",
        bai.id: "bai@example.com",
        xu.id: "xu@example.com",
    }
    assert await names(house, lin, lin, wu, bai, xu) == everybody
    assert await names(house, wu, lin, wu, bai, xu) == {wu.id: "wu@example.com", bai.id: "bai@example.com"}
    assert await names(house, xu, lin, wu) == {}
    assert await names(house, lin, wu, house.actor_of("support", 2**62)) == {wu.id: "wu@example.com"}


async def test_another_malls_people_have_no_name(house: House) -> None:
    mine = await person(house, house.founded.organisation_id, "lin@example.com", "support")
    other = await house.ground.mall()
    assert await names(other, other.actor, mine) == {}
    assert mine.id in await names(house, house.actor, mine)


@pytest.mark.parametrize("bad", ["", "0", "x", "1,", "1,,2", "1;2", "-1", ",".join(["1"] * 201), "9" * 20])
async def test_bad_lists_are_refused(house: House, bad: str) -> None:
    async with console(house, ROUTES, house.actor) as client:
        got: Any = await client.get("/console/v1/names", params={"people": bad})
    assert got.status_code == 422, got.text
