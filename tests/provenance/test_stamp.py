"""A third party's time on checkpoints: taken when it holds, refused whatever is wrong with it, asked for once a day."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from commissary import provenance
from commissary.base.outgoing import Limits, Outgoing
from commissary.provenance import Authority, Keeper
from commissary.provenance.stamp import Untrue, request_of, verified
from commissary.simulators import Tsa, serving_tsa
from commissary.simulators.tsa import TsaLie
from make.provenance import HOST, Export, audited
from world import Buyer, World

TEXT = "mall.example/log/x\n7\nAAAA\n\n— a signature\n"
WHY = {"late": "wrong_time", "page": "unreadable", "refused": "unreadable"}


def now() -> datetime:
    return datetime.now(UTC)


def asked(tsa: Tsa, text: str = TEXT) -> tuple[bytes, int]:
    """(answer, nonce)"""
    request, nonce = request_of(text)
    status, _, body = tsa.answer(request)
    assert status == 200
    return body, nonce


def test_an_honest_answer_proves_its_time() -> None:
    tsa = Tsa()
    authority = Authority.read("https://tsa.example", tsa.root)
    for _ in range(20):
        kept, nonce = asked(tsa)
        assert abs(verified(kept, TEXT, nonce, authority, now()) - now()) < timedelta(seconds=5)
    assert verified(kept, TEXT, None, authority, None) <= now()
    with pytest.raises(Untrue):
        verified(kept, TEXT + "x", None, authority, None)
    with pytest.raises(Untrue):
        verified(kept, TEXT, nonce + 1, authority, now())


@pytest.mark.parametrize("lie", get_args(TsaLie))
def test_every_lie_is_found(lie: TsaLie) -> None:
    tsa = Tsa(lies=[lie])
    authority = Authority.read("https://tsa.example", tsa.root)
    with pytest.raises(Untrue, match=WHY.get(lie, "not_verified")):
        answer(tsa, authority)
    answer(tsa, authority)


def answer(tsa: Tsa, authority: Authority) -> None:
    body, nonce = asked(tsa)
    verified(body, TEXT, nonce, authority, now())


def test_a_byte_changed_anywhere_proves_nothing_else() -> None:
    """It is refused, or it still says the same: nothing is signed about a few lengths and choices around the token."""
    tsa = Tsa()
    authority = Authority.read("https://tsa.example", tsa.root)
    body, nonce = asked(tsa)
    right = verified(body, TEXT, nonce, authority, now())
    refused = 0
    for at in range(0, len(body), 3):
        changed = bytearray(body)
        changed[at] ^= 0x21
        try:
            assert verified(bytes(changed), TEXT, nonce, authority, now()) == right
        except Untrue:
            refused += 1
    assert refused > len(body) // 3 * 0.8


def test_roots_that_are_none() -> None:
    for pem in (b"", b"-----BEGIN CERTIFICATE-----\n"):
        with pytest.raises(ValueError, match=r".+"):
            Authority.read("https://tsa.example", pem)


class Stamped:
    def __init__(self, world: World, tsa: Tsa, url: str) -> None:
        host, port = urlsplit(url).hostname, urlsplit(url).port
        assert host is not None
        assert port is not None
        self.world, self.tsa = world, tsa
        self.outgoing = Outgoing(production=False, allow=((host, port),), limits=Limits(total_seconds=5))
        authority = Authority.read(url, tsa.root)
        self.keeper = Keeper(world.env, HOST, outgoing=self.outgoing, rest=0, authority=authority)

    async def newest(self) -> provenance.Stamp | None:
        async with self.world.env.db.transaction(self.world.mall) as tx:
            return await provenance.newest_stamp(tx, self.world.home)

    async def trouble(self) -> str:
        async with self.world.env.db.transaction(self.world.mall) as tx:
            return await provenance.trouble_of(tx, self.world.home)

    async def due(self) -> None:
        """As if its time had come."""
        await self.world.rows(
            "update provenance.stamping set due_at = now() - interval '1 second' where home_id = %s returning 1",
            (self.world.home,),
        )


@pytest_asyncio.fixture(loop_scope="session")
async def stamped(shop: tuple[World, Buyer, int]) -> AsyncIterator[Stamped]:
    tsa = Tsa()
    async with serving_tsa(tsa) as url:
        made = Stamped(shop[0], tsa, url)
        yield made
        await made.outgoing.close()


async def test_once_a_day_by_one_of_many(stamped: Stamped, shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    await world.place(buyer, sku, 2)
    await stamped.keeper.round()
    await asyncio.gather(*(stamped.keeper.stamp() for _ in range(4)))
    assert stamped.tsa.asked == 1
    first = await stamped.newest()
    assert first is not None
    assert abs(first.at - now()) < timedelta(minutes=1)
    await world.place(buyer, sku, 2)
    await stamped.keeper.round()
    await stamped.keeper.stamp()
    assert stamped.tsa.asked == 1
    await stamped.due()
    await stamped.keeper.stamp()
    second = await stamped.newest()
    assert second is not None
    assert second.size > first.size
    await stamped.due()
    await stamped.keeper.stamp()  # nothing is new
    assert stamped.tsa.asked == 2
    assert await audited(world) == []


async def test_what_does_not_hold_is_not_kept_and_asked_for_again(
    stamped: Stamped, shop: tuple[World, Buyer, int]
) -> None:
    world, buyer, sku = shop
    await world.place(buyer, sku)
    await stamped.keeper.round()
    stamped.tsa.lies = ["imprint", "nonce", "expired", "page"]
    for trouble in ("not_verified", "not_verified", "not_verified", "unreadable"):
        await stamped.keeper.stamp()
        assert (await stamped.newest(), await stamped.trouble()) == (None, trouble)
        await stamped.keeper.stamp()  # not before a while
        await stamped.due()
    assert stamped.tsa.asked == 4
    await stamped.keeper.stamp()
    assert (await stamped.newest() is not None, await stamped.trouble()) == (True, "")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
async def test_openssl_verifies_the_files(
    stamped: Stamped, shop: tuple[World, Buyer, int], exported: Export, tmp_path: Path
) -> None:
    """As docs/operations/log.md says, with the files of an export and nothing of ours."""
    world, buyer, sku = shop
    await world.place(buyer, sku)
    await stamped.keeper.round()
    await stamped.keeper.stamp()
    folder = await exported(world)
    root = tmp_path / "root.pem"
    root.write_bytes(stamped.tsa.root)
    command = ["openssl", "ts", "-verify", "-data", "stamped", "-in", "timestamp", "-CAfile", str(root)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "OK" in done.stdout + done.stderr
    (folder / "stamped").write_text((folder / "stamped").read_text("utf-8").replace("\n", "\n1", 1), "utf-8")
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
