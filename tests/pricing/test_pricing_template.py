"""A template does what its preview showed, to whom it showed, or nothing."""

import pytest

from commissary import pricing
from commissary.base.errors import Refused
from commissary.pricing.types import Change, Preview, PricingRefusal, SavedTemplate, Template
from make.pricing import Counter, ladder


async def saved(counter: Counter, template: Template, name: str = "markup") -> SavedTemplate:
    return await pricing.save_template(counter.house.env, counter.house.actor, name, template)


async def preview(counter: Counter, template: SavedTemplate, book: int, skus: list[int]) -> Preview:
    return await pricing.preview(counter.house.env, counter.house.actor, template.id, book, skus)


async def apply(
    counter: Counter, template: SavedTemplate, book: int, skus: list[int], hash_: str
) -> Change | None:
    return await pricing.apply(counter.house.env, counter.house.actor, template.id, book, skus, hash_)


async def test_a_thousand_skus_get_what_the_preview_showed_and_undo_gives_all_back(counter: Counter) -> None:
    skus = counter.skus(1_000)
    for sku in skus[:300]:
        counter.stock(sku, 10 + sku % 7)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {s: ladder((1, 20 + s % 5), (10, 18)) for s in skus[:600]})
    before = await counter.seen(buyer)
    template = await saved(
        counter,
        Template(base="cost", percent_bp=1_500, rounding="99", exclude_skus=tuple(skus[:50])),
    )
    counter.house.clock.move(minutes=1)
    shown = await preview(counter, template, counter.list_id, skus)
    outcomes = [row.outcome for row in shown.rows]
    assert (outcomes.count("excluded"), outcomes.count("new"), outcomes.count("no_base")) == (50, 250, 700)

    made = await apply(counter, template, counter.list_id, skus, shown.hash)
    assert made is not None
    assert (made.kind, made.entries, made.template_id) == ("template", 250, template.id)
    after = await counter.seen(buyer)
    assert after == before | {row.sku_id: row.new for row in shown.rows if row.new}
    assert all(after[s] == before[s] for s in skus[:50])

    counter.house.clock.move(minutes=1)
    await pricing.undo(counter.house.env, counter.house.actor, made.id)
    assert await counter.seen(buyer) == before


async def test_a_tier_below_the_list_keeps_its_rungs(counter: Counter) -> None:
    sku = counter.sku()
    _, book = await counter.tier()
    await counter.price(counter.list_id, {sku: ladder((1, 10), (50, 9))})
    template = await saved(counter, Template(base="list", percent_bp=-500))
    shown = await preview(counter, template, book, [sku])
    assert shown.rows[0].new == ladder((1, 9.5), (50, 8.55))


async def test_from_another_book(counter: Counter) -> None:
    sku = counter.sku()
    _, first = await counter.tier()
    _, second = await counter.tier()
    await counter.price(first, {sku: ladder((1, 10))})
    template = await saved(counter, Template(base="book", base_book_id=first, fixed_e4=5_000))
    shown = await preview(counter, template, second, [sku])
    assert shown.rows[0].new == ladder((1, 10.5))
    with pytest.raises(Refused):
        await saved(counter, Template(base="book"))


async def test_exclusions_by_brand_and_kind(counter: Counter) -> None:
    card, topup = counter.sku(cost=1), counter.sku(cost=1, kind="topup")
    for template, expected in [
        (Template(base="cost", exclude_kinds=("topup",)), {card: "new", topup: "excluded"}),
        (Template(base="cost", exclude_brands=(counter.brand_id,)), {card: "excluded", topup: "excluded"}),
    ]:
        shown = await preview(counter, await saved(counter, template), counter.list_id, [card, topup])
        assert {row.sku_id: row.outcome for row in shown.rows} == expected


async def test_a_price_under_its_floor_is_shown_and_not_written(counter: Counter) -> None:
    sku, good = counter.sku(cost=10), counter.sku(cost=10)
    await pricing.set_floor(counter.house.env, counter.house.actor, sku, 1_000)
    template = await saved(counter, Template(base="cost", percent_bp=500))
    shown = await preview(counter, template, counter.list_id, [sku, good])
    assert {r.sku_id: (r.outcome, r.new) for r in shown.rows} == {
        sku: ("below_floor", None),
        good: ("new", ladder((1, 10.5))),
    }
    made = await apply(counter, template, counter.list_id, [sku, good], shown.hash)
    assert made is not None
    assert made.entries == 1


async def test_applying_what_is_already_so_writes_nothing(counter: Counter) -> None:
    sku = counter.sku(cost=10)
    template = await saved(counter, Template(base="cost", percent_bp=500))
    for expected in ("new", "same"):
        shown = await preview(counter, template, counter.list_id, [sku])
        assert shown.rows[0].outcome == expected
        made = await apply(counter, template, counter.list_id, [sku], shown.hash)
        assert (made is None) == (expected == "same")


@pytest.mark.parametrize("moved", ["cost", "price", "floor", "template", "nothing"])
async def test_a_preview_is_stale_when_anything_moved(counter: Counter, moved: str) -> None:
    sku = counter.sku(cost=10)
    template = await saved(counter, Template(base="cost", percent_bp=500))
    shown = await preview(counter, template, counter.list_id, [sku])
    if moved == "cost":
        counter.stock(sku, 11)
    elif moved == "price":
        await counter.price(counter.list_id, {sku: ladder((1, 30))})
    elif moved == "floor":
        await pricing.set_floor(counter.house.env, counter.house.actor, sku, 100)
    elif moved == "template":
        await saved(counter, Template(base="cost", percent_bp=501))
    if moved == "nothing":
        assert await apply(counter, template, counter.list_id, [sku], shown.hash) is not None
        return
    with pytest.raises(Refused) as no:
        await apply(counter, template, counter.list_id, [sku], shown.hash)
    assert no.value.refusal is PricingRefusal.preview_stale
