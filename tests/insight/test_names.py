"""What people are called: staff may know everybody's name, a partner's people those of their own company."""

from typing import Any

import pytest

from commissary.catalog.routes import ROUTES as CATALOG
from commissary.insight.name_routes import ROUTES
from commissary.partners.routes import ROUTES as PARTNERS
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


@pytest.mark.parametrize("bad", ["0", "x", "1,", "1,,2", "1;2", "-1", ",".join(["1"] * 201), "9" * 20])
async def test_bad_lists_are_refused(house: House, bad: str) -> None:
    async with console(house, ROUTES, house.actor) as client:
        got: Any = await client.get("/console/v1/names", params={"people": bad})
    assert got.status_code == 422, got.text


async def things(house: House) -> dict[str, str]:
    """One of each kind, by the parameter that asks for it."""
    async with console(house, [*CATALOG, *PARTNERS], house.actor) as client:

        async def post(path: str, body: Any) -> str:
            answer = await client.post(f"/console/v1{path}", json=body)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        brand = await post("/brands", {"name_zh": "茶", "name_en": "Tea"})
        product = await post("/products", {"brand_id": brand, "name_zh": "茶礼", "name_en": "Tea gift"})
        draft = {
            "product_id": product,
            "code": "T-1",
            "name_zh": "茶券",
            "name_en": "Voucher",
            "kind": "code",
        }
        return {
            "products": product,
            "skus": await post("/skus", draft),
            "suppliers": await post("/suppliers", {"name": "晨露"}),
            "buyers": str(await house.buyer("蓝鲸")),
        }


async def asked(house: House, actor: Actor, **ids: str) -> dict[str, tuple[str, str | None, str | None]]:
    async with console(house, ROUTES, actor) as client:
        got = await client.get("/console/v1/names", params=ids)
    assert got.status_code == 200, got.text
    return {one["kind"]: (one["name"], one["name_en"], one["code"]) for one in got.json()["items"]}


async def test_things_are_named_to_whoever_may_read_their_list_and_in_their_own_mall(house: House) -> None:
    ids = await things(house)
    goods = {"sku": ("茶券", "Voucher", "T-1"), "product": ("茶礼", "Tea gift", None)}
    companies = {"buyer": ("蓝鲸", None, None), "supplier": ("晨露", None, None)}
    assert await asked(house, house.actor, **ids) == goods | companies
    distributor = await person(house, int(ids["buyers"]), "wu@example.com", "distributor")
    assert await asked(house, distributor, **ids) == {}
    other = await house.ground.mall()
    assert await asked(other, other.actor, **ids) == {}
    # A supplier asked for as a buyer is none.
    assert await asked(house, house.actor, buyers=ids["suppliers"], suppliers=ids["buyers"]) == {}


async def test_of_all_kinds_together_as_many_as_fit_a_page(house: House) -> None:
    many = ",".join(str(n) for n in range(1, 121))
    async with console(house, ROUTES, house.actor) as client:
        assert (await client.get("/console/v1/names", params={"skus": many})).status_code == 200
        both = await client.get("/console/v1/names", params={"skus": many, "buyers": many})
        assert both.status_code == 422, both.text


async def test_products_are_found_by_part_of_a_name(house: House) -> None:
    await things(house)
    async with console(house, CATALOG, house.actor) as client:
        for q, found in (("tea G", 1), ("礼", 1), ("coffee", 0), ("%", 0), ("", 1)):
            got = await client.get("/console/v1/products", params={"q": q})
            assert len(got.json()["items"]) == found, (q, got.text)
