"""Codes are in clear nowhere, in their own place only, and for the vault only."""

import asyncio
import dataclasses
import logging
import random
import re
import secrets
from pathlib import Path

import psycopg
import pytest

from commissary import stock
from commissary.base import db, shredded
from commissary.base.crypto import KeyFault, Keyring
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.stock.types import StockRefusal
from commissary.stock.vault import new_batch, open_batch
from make.stock import Shelf, violations
from make.stock import shelf as make_shelf
from make.tenancy import Ground


def codes(count: int) -> list[str]:
    return [f"K{secrets.token_hex(4)}G{secrets.token_hex(4)}Z".upper() for _ in range(count)]


async def test_no_code_is_in_a_dump_or_a_log(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    some = codes(10_000)
    faulty = [f"{code},1,2" for code in codes(20)]
    with caplog.at_level(logging.DEBUG):
        report = await shelf.bring(
            "密码,有效期\n" + "\n".join([f"{c},2030-01-01" for c in some] + faulty + some[:9])
        )
        await shelf.bring("\n".join(some[:100]))
    assert report.imported == 10_000
    with psycopg.connect(shelf.house.ground.admin_dsn) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        dump = b""
        for (table,) in tables:
            with connection.cursor().copy(f"copy (select * from {table}) to stdout (format binary)") as copy:  # type: ignore[arg-type]
                dump += b"".join(bytes(part) for part in copy)
    assert len(dump) > 1_000_000
    said = caplog.text.encode() + repr(report).encode()
    hidden = {code[1:].encode() for code in [*some, *(line.split(",")[0] for line in faulty)]}
    shown = {found.upper() for found in re.findall(rb"(?i)[0-9a-f]{8}g[0-9a-f]{8}z", dump + said)}
    assert len(hidden) == 10_020
    assert not hidden & shown
    assert "known elsewhere" in caplog.text


async def test_a_cipher_in_another_place_does_not_open(ground: Ground, shelf: Shelf) -> None:
    """A thousand pairs swapped: within a batch, between batches, between malls."""
    other = await make_shelf(await ground.mall())
    mine = (await shelf.bring("\n".join(codes(700)))).batches[0]
    second = (await shelf.bring("\n".join(codes(700)))).batches[0]
    theirs = (await other.bring("\n".join(codes(700)))).batches[0]
    vault = stock.Vault(ground.keys)
    ciphers = {}
    for owner, batches in ((shelf, [mine, second]), (other, [theirs])):
        async with owner.house.env.db.transaction(owner.mall, "vault") as tx:
            await vault.ready(tx, owner.home, batches)
            for batch, seq, cipher in await db.rows(tx, "select batch_id, seq, cipher from stock.code"):
                ciphers[owner.home, batch, seq] = bytes(cipher)
    assert len(ciphers) == 2_100
    assert all(vault.open(*place, cipher).secret for place, cipher in ciphers.items())
    chance, failed = random.Random(3), 0
    for _ in range(1_000):
        one, two = chance.sample(list(ciphers), 2)
        for place, cipher in ((one, ciphers[two]), (two, ciphers[one])):
            with pytest.raises(KeyFault):
                vault.open(*place, cipher)
            failed += 1
    assert failed == 2_000


async def test_a_wrapped_key_opens_in_its_own_batch_only(ground: Ground) -> None:
    sealer = new_batch(ground.keys, 1, 10)
    again = open_batch(ground.keys, 1, 10, sealer.kek_id, sealer.wrapped)
    assert again.seal(1, None, "a")[1] == sealer.seal(1, None, "a")[1]
    for mall, batch in ((1, 11), (2, 10)):
        with pytest.raises(KeyFault):
            open_batch(ground.keys, mall, batch, sealer.kek_id, sealer.wrapped)


def test_sealing_many_is_sealing_each(ground: Ground) -> None:
    sealer = new_batch(ground.keys, 1, 10)
    some = [(None, "a"), ("1", "b"), (None, "卡密")]
    ciphers, commitments = sealer.seal_many(5, some)
    assert commitments == [sealer.seal(5 + n, *code)[1] for n, code in enumerate(some)]
    assert len({cipher[:12] for cipher in ciphers}) == 3


@pytest.mark.parametrize("role", ["app", "report"])
@pytest.mark.parametrize("what", ["cipher from stock.code", "dek from stock.batch", "* from stock.code"])
async def test_only_the_vault_reads_ciphers_and_keys(shelf: Shelf, role: db.Role, what: str) -> None:
    await shelf.bring("\n".join(codes(3)))
    async with shelf.house.env.db.transaction(shelf.mall, "vault") as tx:
        assert await db.rows(tx, f"select {what}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with shelf.house.env.db.transaction(shelf.mall, role) as tx:
            await db.rows(tx, f"select {what}")


@pytest.mark.parametrize("role", ["app", "report"])
async def test_only_the_vault_asks_which_codes_are_known(shelf: Shelf, role: db.Role) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with shelf.house.env.db.transaction(shelf.mall, role) as tx:
            await db.rows(tx, "select * from stock.known(array[]::bytea[], array[]::bigint[])")


async def test_no_role_changes_a_code(shelf: Shelf) -> None:
    await shelf.bring("\n".join(codes(3)))
    for verb in ("update stock.code set seq = 9", "delete from stock.code", "delete from stock.fingerprint"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with shelf.house.env.db.transaction(shelf.mall, "vault") as tx:
                await tx.execute(verb)


async def test_keys_are_wrapped_anew_while_codes_are_sold(ground: Ground, shelf: Shelf) -> None:
    """Online, without reading a code; afterwards the old KEK is not needed any more."""
    some = [f"{code},{2027 + n % 20}-01-01" for n, code in enumerate(codes(2_000))]
    await shelf.bring("密码,有效期\n" + "\n".join(some))
    old = ground.keys
    both = Keyring({**old.keks, "k2": secrets.token_bytes(32)}, "k2", old.index_key, {})
    env = Env(shelf.house.env.db, shelf.house.env.ids, both, shelf.house.clock)
    before = await shelf.rows(
        "select md5(string_agg(cipher::text, '' order by batch_id, seq)) from stock.code"
    )

    async def buy() -> int:
        return sum([sum(last - first + 1 for _, first, last in await shelf.sell(5)) for _ in range(30)])

    done, *sold = await asyncio.gather(stock.rewrap(env, shelf.mall, most=3), *(buy() for _ in range(4)))
    assert done == 20
    assert sum(sold) == 600
    assert await stock.rewrap(env, shelf.mall) == 0
    assert (
        await shelf.rows("select md5(string_agg(cipher::text, '' order by batch_id, seq)) from stock.code")
        == before
    )
    only_new = Keyring({"k2": both.keks["k2"]}, "k2", old.index_key, {})
    vault = stock.Vault(only_new)
    async with env.db.transaction(shelf.mall, "vault") as tx:
        stored = await db.rows(tx, "select home_id, batch_id, seq, cipher from stock.code")
        await vault.ready(tx, shelf.home, {batch for _, batch, _, _ in stored})
    opened = {vault.open(home, batch, seq, bytes(cipher)).secret for home, batch, seq, cipher in stored}
    assert opened == {line.split(",")[0] for line in some}


async def test_a_new_kek_lets_a_begun_import_go_on(ground: Ground, shelf: Shelf) -> None:
    text = "\n".join(codes(30))
    await shelf.stopped(text, chunk=10)
    both = Keyring({**ground.keys.keks, "k2": secrets.token_bytes(32)}, "k2", ground.keys.index_key, {})
    shelf.house.env = Env(shelf.house.env.db, shelf.house.env.ids, both, shelf.house.clock)
    assert await stock.rewrap(shelf.house.env, shelf.mall) == 1
    report = await shelf.bring(text)
    assert [c.secret for c in await shelf.opened(report.batches[0])] == text.split("\n")


async def test_a_shredded_batch_is_gone(shelf: Shelf) -> None:
    batch = (await shelf.bring("\n".join(codes(10)))).batches[0]
    env, actor = shelf.house.env, shelf.house.actor
    for confirmation, refusal in (
        ("yes", StockRefusal.confirmation_wrong),
        (str(batch), StockRefusal.batch_has_unsold),
    ):
        with pytest.raises(Refused) as no:
            await stock.shred(env, actor, batch, confirmation, "over")
        assert no.value.refusal is refusal
    await shelf.sell(4)
    await stock.void_range(env, actor, batch, 1, 10, "over")
    assert (await stock.shred(env, actor, batch, str(batch), "over")).codes == 10
    assert (await stock.shred(env, actor, batch, str(batch), "over")).codes == 0
    with pytest.raises(KeyFault):
        await shelf.opened(batch)
    assert (await shelf.house.audited())[-1] == "stock.shred"
    assert await violations(shelf) == []


async def test_what_was_shredded_is_shredded_again_after_a_restore(shelf: Shelf, tmp_path: Path) -> None:
    text = codes(10)
    batch, other = [(await shelf.bring("\n".join(some))).batches[0] for some in (text, codes(3))]
    house = shelf.house
    env = dataclasses.replace(house.env, keys=dataclasses.replace(house.env.keys, folder=tmp_path))
    await shelf.sell(13)
    keep = "select state, dek from stock.batch where id = %s"
    with psycopg.connect(house.ground.admin_dsn, autocommit=True) as admin:
        before = admin.execute(keep, (batch,)).fetchone()
        await stock.shred(env, house.actor, batch, str(batch), "over")
        assert [(one.mall, one.batch) for one in shredded.read(tmp_path / shredded.NAME)] == [
            (shelf.mall, batch)
        ]
        assert await stock.shred_again(env) == 0
        # The database of before: what it says of this batch, and nothing else of it, comes back.
        assert before is not None
        admin.execute("update stock.batch set state = %s, dek = %s where id = %s", (*before, batch))
    assert [c.secret for c in await shelf.opened(batch)] == text
    lost = dataclasses.replace(env, keys=dataclasses.replace(env.keys, folder=tmp_path / "new"))
    (tmp_path / "new").mkdir()
    assert await stock.shred_again(lost) == 0
    # A list of elsewhere, whose last line was torn by a crash.
    moved = tmp_path / "moved.txt"
    moved.write_text((tmp_path / shredded.NAME).read_text() * 2 + "17 4")
    assert (shredded.merge(tmp_path / "new", moved), shredded.merge(tmp_path / "new", moved)) == (1, 0)
    assert await stock.shred_again(lost) == 1
    with pytest.raises(KeyFault):
        await shelf.opened(batch)
    assert len(await shelf.opened(other)) == 3
    assert await stock.shred_again(lost) == 0
    assert await violations(shelf) == []
