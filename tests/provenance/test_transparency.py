"""What the log proves to somebody who trusts nobody here: proofs, exports, and what becomes of a changed byte."""

import ast
import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commissary import insight, orders, provenance
from commissary.base.errors import Refused
from commissary.orders.types import OrderRefusal, Reverse
from commissary.provenance.types import ProvenanceRefusal
from make.pace import Pace
from make.provenance import HOST, Export, as_admin, keeper, proof_of
from world import Buyer, World


async def test_a_sale_is_proven_by_a_file_and_the_verifier_alone(
    shop: tuple[World, Buyer, int], tmp_path: Path
) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku, 3)).id)
    with pytest.raises(Refused) as no:
        await insight.order_proof(world.env, world.home, order)
    assert no.value.refusal is ProvenanceRefusal.not_in_log_yet
    await keeper(world).round()
    (tmp_path / "proof.json").write_bytes(await proof_of(world, order))
    told = await asyncio.to_thread(verify, tmp_path / "proof.json")
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"sold: line 1" in told.stdout
    origin, _, _, events = provenance.verify_proof((tmp_path / "proof.json").read_text("utf-8"))
    assert origin == f"{HOST}/log/{world.slug}"
    [sold] = events
    [[_, first, last]] = sold["codes"]
    assert (sold["order"], last - first + 1) == (str(order), 3)


def test_the_verifier_is_one_short_file_of_its_own() -> None:
    text = provenance.VERIFIER.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    roots = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert roots - set(sys.stdlib_module_names) == {"cryptography"}


async def test_one_proof_is_verified_in_under_5_ms(shop: tuple[World, Buyer, int], pace: Pace) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku)).id)
    await keeper(world).round()
    text = (await proof_of(world, order)).decode()
    began = time.process_time()
    for _ in range(200):
        provenance.verify_proof(text)
    assert (time.process_time() - began) / 200 < pace.patience(0.005)


async def test_others_orders_are_not_proven(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku)).id)
    await keeper(world).round()
    other = await world.buyer()
    with pytest.raises(Refused) as no:
        await insight.order_proof(world.env, world.home, order, other.organisation)
    assert no.value.refusal is OrderRefusal.order_not_found
    assert (await insight.order_proof(world.env, world.home, order, buyer.organisation)).proof is not None


async def test_what_happens_later_is_in_the_next_proof(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    order = int((await world.place(buyer, sku)).id)
    keeps = keeper(world)
    await keeps.round()
    before = json.loads(await proof_of(world, order))
    async with world.env.db.transaction(world.mall, "vault") as tx:
        await orders.settle(tx, world.env, world.home, [Reverse(order, 1, "never_arrived")], world.now)
    assert (await insight.order_proof(world.env, world.home, order)).pending == 1
    await keeps.round()
    after = json.loads(await proof_of(world, order))
    assert [json.loads(e["body"])["kind"] for e in after["entries"]] == ["sold", "returned"]
    assert after["entries"][0]["body"] == before["entries"][0]["body"]
    assert after["checkpoint"] != before["checkpoint"]


# An exported log --------------------------------------------------------------------------------------------------


async def test_a_thousand_changed_bytes_are_a_thousand_faults(
    shop: tuple[World, Buyer, int], exported: Export
) -> None:
    """One bit of one byte, anywhere in the log's files and in proofs of three orders."""
    world, buyer, sku = shop
    sold = [int((await world.place(buyer, sku)).id)]
    for _ in range(15):
        sold += [int(o.id) for o in await asyncio.gather(*(world.place(buyer, sku, 2) for _ in range(20)))]
    await keeper(world).round()
    folder = await exported(world)
    _, size, _, _ = provenance.verify_log(folder)
    assert size == 301
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert len(files) == 7, "key, checkpoint, two bundles, three tiles"
    proofs = [(await proof_of(world, order)) for order in (sold[0], sold[150], sold[300])]
    chance = random.Random(12)
    found = 0
    for i in range(1_000):
        if i % 2:
            path = chance.choice(files)
            good = path.read_bytes()
            path.write_bytes(flipped(good, chance))
            try:
                provenance.verify_log(folder)
            except provenance.Fault:
                found += 1
            path.write_bytes(good)
        else:
            bad = flipped(chance.choice(proofs), chance)
            try:
                provenance.verify_proof(bad.decode("utf-8", "replace"))
            except provenance.Fault:
                found += 1
    assert found == 1_000
    provenance.verify_log(folder)


async def test_the_changed_entry_is_named(shop: tuple[World, Buyer, int], exported: Export) -> None:
    world, buyer, sku = shop
    for _ in range(10):
        await world.place(buyer, sku)
    await keeper(world).round()
    folder = await exported(world)
    bundle, tile = folder / "tile/entries/000.p/10", folder / "tile/0/000.p/10"
    for path, width in ((bundle, 34), (tile, 32)):
        good = path.read_bytes()
        for entry in range(10):
            bad = bytearray(good)
            bad[entry * width + 9] ^= 1
            path.write_bytes(bytes(bad))
            with pytest.raises(provenance.Fault) as fault:
                provenance.verify_log(folder)
            assert fault.value.entry == entry
            assert f"entry {entry}" in str(fault.value)
        path.write_bytes(good)
    (folder / "tile/0/000.p/10").unlink()
    with pytest.raises(provenance.Fault, match="missing"):
        provenance.verify_log(folder)


async def test_an_export_goes_on_and_a_later_log_continues_an_earlier_checkpoint(
    shop: tuple[World, Buyer, int], exported: Export, tmp_path: Path
) -> None:
    world, buyer, sku = shop
    keeps = keeper(world)
    for _ in range(14):
        await asyncio.gather(*(world.place(buyer, sku) for _ in range(18)))
    await keeps.round()
    folder = await exported(world)
    kept = tmp_path / "kept"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    first = {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
    for _ in range(20):
        await world.place(buyer, sku)
    await keeps.round()
    assert await exported(world) == folder
    assert provenance.verify_log(folder)[1] == 272
    assert (folder / "tile/0/000").stat().st_size == 8192
    assert not (folder / "tile/0/000.p").exists(), "what a full tile replaces is cleared away"
    assert first.keys() - set(folder.rglob("*")), "the partial tiles of before"
    assert verify(folder, "--since", kept).returncode == 0
    other = tmp_path / "other"
    other.write_text(kept.read_text("utf-8").replace(f"log/{world.slug}", "log/x", 1))
    assert verify(folder, "--since", other).returncode == 1


async def test_history_that_is_rewritten_no_longer_continues_what_was_kept(
    shop: tuple[World, Buyer, int], exported: Export, tmp_path: Path
) -> None:
    """The administrator of the database changes an old event and lets the log be built anew, with the log's own key: every
    file fits every other, and still a checkpoint that somebody kept tells."""
    world, buyer, sku = shop
    for _ in range(6):
        await world.place(buyer, sku)
    keeps = keeper(world)
    await keeps.round()
    kept = tmp_path / "kept"
    kept.write_bytes(((await exported(world)) / "checkpoint").read_bytes())
    for lie in (
        "update provenance.event e set body = replace(convert_from(body, 'UTF8'), '\"at_ms\":1', '\"at_ms\":0')::bytea "
        "where e.home_id = %(home)s and e.subject_id = (select min(subject_id) from provenance.event where home_id = %(home)s)",
        "delete from provenance.event e where e.home_id = %(home)s "
        "and e.subject_id = (select min(subject_id) from provenance.event where home_id = %(home)s)",
    ):
        await as_admin(world, lie)
        await as_admin(world, "update provenance.event set leaf = sha256('\\x00'::bytea || body)")
        for table in ("leaf", "tile", "checkpoint"):
            await as_admin(world, f"delete from provenance.{table} where home_id = %(home)s")
        await as_admin(
            world, "update provenance.head set signed = 0, size = 0, swept_to = 0 where home_id = %(home)s"
        )
        await world.place(buyer, sku)
        await keeps.round()
        folder = tmp_path / f"again-{len(lie)}"
        await provenance.export(world.env, world.home, folder)
        assert verify(folder).returncode == 0
        assert verify(folder, "--since", kept).returncode == 1


def flipped(good: bytes, chance: random.Random) -> bytes:
    bad = bytearray(good)
    bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
    return bytes(bad)


def verify(*args: object) -> subprocess.CompletedProcess[bytes]:
    """-I: nothing of this project can be imported."""
    command = [sys.executable, "-I", str(provenance.VERIFIER), *map(str, args)]
    told = subprocess.run(command, cwd="/", capture_output=True, check=False)  # noqa: S603
    assert b"Traceback" not in told.stderr
    return told


async def test_the_folder_of_files_follows_the_log(shop: tuple[World, Buyer, int], tmp_path: Path) -> None:
    world, buyer, sku = shop
    keeps = keeper(world)
    keeps.folder = tmp_path
    for size in (1, 2):
        await world.place(buyer, sku)
        await keeps.round()
        await keeps.publish()
        assert provenance.verify_log(tmp_path / world.slug)[1] == size
    (tmp_path / world.slug / "checkpoint").write_text("torn", "utf-8")
    other = keeper(world)
    other.folder = tmp_path
    await other.publish()
    assert provenance.verify_log(tmp_path / world.slug)[1] == 2
