"""What becomes of each row of a file, exactly; and what a second try changes (nothing)."""

import asyncio
import random
import secrets
from datetime import date
from hashlib import sha256

import pytest

from commissary import stock
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.outbox import read
from commissary.provenance.rules import leaf
from commissary.stock.merkle import Tree
from commissary.stock.types import ImportOptions, ImportReport, StockRefusal
from make.stock import Shelf, violations
from make.stock import shelf as make_shelf
from make.tenancy import Ground


def codes(count: int) -> list[str]:
    return [f"K{secrets.token_hex(4)}G{secrets.token_hex(4)}Z".upper() for _ in range(count)]


def counted(report: ImportReport) -> tuple[int, ...]:
    return (
        report.read,
        report.imported,
        report.repeated_in_file,
        report.known_elsewhere,
        report.expired,
        report.faulty,
    )


async def test_codes_go_on_sale_in_file_order(shelf: Shelf) -> None:
    some = codes(2_500)
    heard: list[tuple[int, int | None]] = []
    report = await shelf.bring("\n".join(some), chunk=1_000, progress=lambda *at: heard.append(at))
    assert (report.state, *counted(report)) == ("done", 2_500, 2_500, 0, 0, 0, 0)
    assert await shelf.lots() == [(1, 1, 2_500, "open")]
    assert [code.secret for code in await shelf.opened(report.batches[0])] == some
    assert heard[-1] == (2_500, 2_500)
    assert await violations(shelf) == []


async def test_every_row_is_counted_for_what_it_is(ground: Ground, shelf: Shelf) -> None:
    """Ten per cent repeats of four kinds, expired rows, faulty rows; in any chunk size the same."""
    other_mall = await make_shelf(await ground.mall("Other"), brand=shelf.brand)
    ours, theirs = codes(100), codes(100)
    await shelf.bring("\n".join(ours))
    await other_mall.bring("\n".join(theirs))
    new = codes(4_000)
    repeated = [spelled_otherwise(code) for code in random.Random(1).sample(new, 100)]
    known = [spelled_otherwise(code) for code in ours + theirs] + [ours[0], theirs[0]]
    lines = [f"{code},2027-12-31" for code in new] + [f"{code},2028-01-31" for code in repeated]
    lines += [f"{code},2027-12-31" for code in known]
    lines += [f"{code},2026-06-30" for code in codes(30)] + [f"{new[0]},2020-01-01"]
    lines += [f"{code},2026-07-01" for code in codes(5)]  # today is their last day: still good
    random.Random(2).shuffle(lines)
    for at in (7, 1_500, 3_333):
        lines.insert(at, f"{codes(1)[0]},not a date")
    text = "密码,有效期\n" + "\n".join(lines)

    expected = (4_000 + 100 + 202 + 31 + 5 + 3, 4_005, 100, 202, 31, 3)
    assert counted(await shelf.bring(text, dry_run=True, chunk=777)) == expected
    assert await shelf.value("select count(*) from stock.import where home_id = %(home)s") == 1
    report = await shelf.bring(text, chunk=500)
    assert counted(report) == expected
    assert await shelf.value("select count(*) from stock.code where home_id = %(home)s") == 4_105
    # One batch per expiry date, and an expiry at the end of the last day in the mall's own zone.
    ends = await shelf.rows(
        "select expires_at, received from stock.batch where home_id = %(home)s and import_id = %(import)s order by 1",
        **{"import": report.import_id},
    )
    assert ends[0][0].isoformat() == "2026-07-01T16:00:00+00:00"
    assert sum(received for _, received in ends) == 4_005
    faults = await shelf.rows(
        "select reason, count(*) from stock.import_fault where home_id = %(home)s group by 1 order by 1"
    )
    assert faults == [
        ("date_unclear", 3),
        ("expired", 31),
        ("known_elsewhere", 202),
        ("repeated_in_file", 100),
    ]
    assert await violations(shelf) == []


def spelled_otherwise(code: str) -> str:
    return random.Random(code).choice(
        [code.lower(), f"  {code} ", "-".join((code[:5], code[5:])), code.translate(FULL_WIDTH)]
    )


FULL_WIDTH = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}


async def test_case_counts_where_the_sku_says_so(ground: Ground) -> None:
    shelf = await make_shelf(await ground.mall(), case_sensitive=True)
    report = await shelf.bring("AbcdEfgh1\nabcdefgh1\nAbcd-Efgh1")
    assert counted(report) == (3, 2, 1, 0, 0, 0)


async def test_a_code_with_a_number_is_both_together(shelf: Shelf) -> None:
    report = await shelf.bring("卡号,密码\nN1,SECRET01\nN2,SECRET01\nN1,SECRET02\nn1,secret01")
    assert counted(report) == (4, 3, 1, 0, 0, 0)


async def test_a_link_is_itself(ground: Ground) -> None:
    shelf = await make_shelf(await ground.mall(), kind="link")
    text = "卡号,链接\n1,https://a.example/x\n2,https://a.example/x\n3,https://A.example/X"
    assert counted(await shelf.bring(text)) == (3, 2, 1, 0, 0, 0)


async def test_a_code_of_another_brand_is_another_code(ground: Ground, shelf: Shelf) -> None:
    text = "\n".join(codes(10))
    await shelf.bring(text)
    elsewhere = await make_shelf(shelf.house)
    assert (await elsewhere.bring(text)).imported == 10


async def test_the_same_file_again_changes_nothing(shelf: Shelf) -> None:
    text = "\n".join([*codes(50), "K1", "K1"])
    first = await shelf.bring(text)
    before = await shelf.everything()
    again = await shelf.bring(text)
    assert again.already_imported
    assert counted(again) == counted(first)
    assert again.batches == first.batches
    assert await shelf.everything() == before


async def test_other_options_do_not_slip_into_an_unfinished_import(shelf: Shelf) -> None:
    text = "\n".join(codes(30))
    await shelf.stopped(text, chunk=10)
    with pytest.raises(Refused) as no:
        await shelf.bring(text, unit_cost_e4=1)
    assert no.value.refusal is StockRefusal.import_options_differ
    assert (await shelf.bring(text)).resumed


async def test_nothing_is_for_sale_before_the_end(shelf: Shelf) -> None:
    text = "\n".join(codes(30))
    await shelf.stopped(text, chunk=10)
    assert [state for *_, state in await shelf.lots()] == ["receiving"]
    assert await shelf.available() is None
    with pytest.raises(Refused) as no:
        await stock.freeze(shelf.house.env, shelf.house.actor, await shelf.batch(), "")
    assert no.value.refusal is StockRefusal.batch_receiving
    report = await shelf.bring(text)
    assert (report.resumed, report.imported) == (True, 30)
    assert await shelf.available() == 30
    assert await violations(shelf) == []


async def test_two_imports_of_one_file_are_one(shelf: Shelf) -> None:
    text = "\n".join(codes(2_000))
    done = await asyncio.gather(*(shelf.bring(text, chunk=200) for _ in range(4)), return_exceptions=True)
    refused = [d for d in done if isinstance(d, Refused)]
    assert all(r.refusal is StockRefusal.import_running for r in refused)
    report = await shelf.bring(text)
    assert report.imported == 2_000
    assert await shelf.value("select count(*) from stock.code where home_id = %(home)s") == 2_000
    assert await violations(shelf) == []


async def test_two_who_go_on_with_one_import_do_not_count_twice(shelf: Shelf) -> None:
    text = "\n".join(codes(2_000))
    await shelf.stopped(text, chunk=200)
    done = await asyncio.gather(*(shelf.bring(text, chunk=200) for _ in range(3)), return_exceptions=True)
    refused = [d for d in done if isinstance(d, Refused)]
    assert refused
    assert all(r.refusal is StockRefusal.import_running for r in refused)
    assert counted(await shelf.bring(text)) == (2_000, 2_000, 0, 0, 0, 0)
    assert await violations(shelf) == []


async def test_malls_racing_for_the_same_codes_share_them(ground: Ground, shelf: Shelf) -> None:
    """Each code ends in exactly one mall, and nobody deadlocks."""
    rivals = [shelf, *[await make_shelf(await ground.mall(), brand=shelf.brand) for _ in range(3)]]
    pool = codes(3_000)
    texts = []
    for n, _ in enumerate(rivals):
        mixed = pool.copy()
        random.Random(n).shuffle(mixed)
        texts.append("\n".join(mixed))
    reports = await asyncio.gather(
        *(rival.bring(text, chunk=250) for rival, text in zip(rivals, texts, strict=True))
    )
    assert sum(r.imported for r in reports) == 3_000
    assert all(r.imported + r.known_elsewhere == 3_000 for r in reports)
    assert await violations(shelf) == []


async def test_a_file_that_breaks_half_way_keeps_what_was_good(shelf: Shelf) -> None:
    good = codes(3_000)
    broken = "\n".join(good).encode() + b"\n" + b"x" * 2_000_000
    report = await shelf.bring(broken, chunk=500)
    assert (report.state, report.trouble, report.imported) == ("failed", "line_too_long", 3_000)
    assert await shelf.available() == 3_000
    mended = await shelf.bring("\n".join(good + codes(5)))
    assert (mended.imported, mended.known_elsewhere) == (5, 3_000)
    assert await violations(shelf) == []


async def test_a_file_that_cannot_be_read_leaves_no_trace(shelf: Shelf) -> None:
    with pytest.raises(Refused) as no:
        await shelf.bring("a,b,c,d\n1,2,3,4\n5,6,7,8\n")
    assert no.value.refusal.code == "layout_unclear"
    assert await shelf.value("select count(*) from stock.import where home_id = %(home)s") == 0


async def test_no_number_of_a_payment_card_is_kept(shelf: Shelf) -> None:
    report = await shelf.bring("4111111111111111\nK234567812345678\n")
    assert counted(report) == (2, 1, 0, 0, 0, 1)


async def test_a_shared_code_is_one_and_unlimited(ground: Ground) -> None:
    shelf = await make_shelf(await ground.mall(), kind="shared_code", low_stock=10)
    with pytest.raises(Refused) as no:
        await shelf.bring("HELLO2026\nHELLO2027")
    assert no.value.refusal is StockRefusal.shared_code_single
    report = await shelf.bring("HELLO2026")
    assert report.imported == 1
    async with shelf.house.env.db.transaction(shelf.mall) as tx:
        assert await stock.available(tx, shelf.home, shelf.house.clock.now) == {shelf.sku: None}
        assert await stock.low_stock(tx, shelf.home, shelf.house.clock.now) == []
    sold = await asyncio.gather(*(shelf.sell(1) for _ in range(20)))
    assert all(taken == [(report.batches[0], 1, 1)] for taken in sold)
    assert (await stock.summary(shelf.house.env, shelf.house.actor, shelf.sku)).available is None
    assert await violations(shelf) == []


async def test_who_may_not_import_does_not(shelf: Shelf) -> None:
    house = shelf.house
    options = ImportOptions(unit_cost_e4=1)
    with pytest.raises(Refused) as no:
        await stock.import_codes(house.env, house.actor_of("support"), shelf.mall, shelf.sku, b"K1", options)
    assert no.value.refusal.code == "forbidden"
    with pytest.raises(Refused) as no:
        await stock.import_codes(house.env, house.actor, shelf.mall, 1, b"K1", options)
    assert no.value.refusal is RequestRefusal.not_found


async def test_goods_that_are_not_codes_take_none(ground: Ground) -> None:
    shelf = await make_shelf(await ground.mall(), kind="topup")
    with pytest.raises(Refused) as no:
        await shelf.bring("K1")
    assert no.value.refusal is StockRefusal.not_from_stock


async def test_the_import_is_told_to_audit_custody_and_listeners(shelf: Shelf) -> None:
    report = await shelf.bring(
        "密码,有效期\nK11111111,2027-01-01\nK22222222,2028-01-01", expires_on=date(2030, 1, 1)
    )
    assert (await shelf.house.audited())[-1] == "stock.import"
    told = await shelf.rows(
        "select subject_id, n, kind, body, leaf from provenance.event where home_id = %(home)s order by 1"
    )
    assert [(subject, n, kind) for subject, n, kind, *_ in told] == [(b, 1, 1) for b in report.batches]
    roots = dict(await shelf.rows("select id, commitment_root from stock.batch where home_id = %(home)s"))
    for subject, _, _, body, leaf_ in told:
        assert bytes(leaf_) == leaf(bytes(body))
        assert bytes(roots[subject]).hex() in bytes(body).decode()
    async with shelf.house.env.db.transaction(shelf.mall) as tx:
        events = [event for _, batch in await read(tx, shelf.home, 0) for event in batch]
    assert [(e.kind, e.subject, e.data["count"]) for e in events] == [
        ("stock.received", b, 1) for b in report.batches
    ]


async def test_the_root_covers_the_commitments_in_order(shelf: Shelf) -> None:
    text = "\n".join(codes(1_237))
    await shelf.stopped(text, chunk=100)
    report = await shelf.bring(text, chunk=300)
    stored = await shelf.rows(
        "select commitment from stock.code where home_id = %(home)s and batch_id = %(batch)s order by seq",
        batch=report.batches[0],
    )
    root = await shelf.value("select commitment_root from stock.batch where home_id = %(home)s")
    assert bytes(root) == root_of([bytes(c) for (c,) in stored])  # type: ignore[call-overload]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 100])
def test_the_tree_is_the_one_of_the_standard(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    tree = Tree()
    tree.extend(leaves[:3])
    tree.extend(leaves[3:])
    assert tree.root() == root_of(leaves)


def root_of(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()
