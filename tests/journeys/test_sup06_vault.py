"""SUP06 encrypted at rest, key rotation 加密与换密钥. After 1,000 imports, by form and by command, nothing of any code is found
in the database's files, its logs, a dump or the server's log; the key is rotated while the mall sells, and every code
is delivered as it came, those whose data keys no process had opened before among them.

    make test T=tests/journeys/test_sup06_vault.py
"""

import asyncio
import secrets
from pathlib import Path
from typing import Any

from make.clear_text import dump, hits
from make.journey import Installation, Mall, cards

IMPORTS, AT_ONCE = 1_000, 16
MARK, OPEN = "ZQJOURNEY", "ZQOPENWORD"


async def test_codes_are_nowhere_in_clear_and_outlive_a_rotation(
    installation: Installation, mall: Mall, tmp_path: Path
) -> None:
    sku = await mall.sku(name_en=f"{OPEN} card")
    codes = [code for _ in range(IMPORTS) for code in cards(1, MARK)]
    queue = list(codes[:-1])

    async def clerk() -> None:
        while queue:
            report = await mall.upload(sku, [queue.pop()], cost="1")
            assert report["imported"] == 1

    await asyncio.gather(*(clerk() for _ in range(AT_ONCE)))
    file = tmp_path / "last.txt"
    file.write_text(codes[-1])
    command = ("import-codes", str(file), "--mall", mall.world.slug, "--sku", sku, "--cost", "1")
    assert codes[-1] not in str(await mall.commissary(*command, "--dry-run"))
    assert codes[-1] not in str(await mall.commissary(*command))
    assert len(await mall.owner.every("/batches", sku_id=sku)) == IMPORTS

    await mall.price(sku, "2")
    buyer = await mall.buyer("5000")
    sold: list[str] = []

    async def buy(pieces: int) -> Any:
        order = await mall.order(buyer, sku, pieces)
        sold.extend(c["secret"] for c in order["lines"][0]["codes"])
        return order

    early = await buy(100)
    faulty = f'{{"client_order_no": "{codes[0]}'.encode()  # a clumsy caller sends one back to us
    assert (await mall.server.call(buyer, "POST", "/v1/orders", body=faulty)).status == 400

    async def places() -> dict[str, int]:
        [(folder,)] = await mall.rows("select current_setting('data_directory')")
        await mall.rows("select 1 from (select pg_switch_wal()) x")
        beside = [p for p in Path(folder).parent.iterdir() if p != Path(folder)]
        text = tmp_path / f"dump-{secrets.token_hex(3)}.sql"
        dump(mall.world.admin_dsn, text)
        assert hits(text, OPEN), "the search does not even find what is there"
        looked = [Path(folder), *beside, text, installation.log]
        return {str(p): n for p in looked for mark in (MARK, MARK.lower()) if (n := hits(p, mark))}

    assert await places() == {}

    # The key is rotated while orders go on, in the process that runs.
    selling = asyncio.gather(*(buy(10) for _ in range(40)))
    done = await mall.commissary("keys", "rotate")
    assert "is current" in done.err
    await selling
    wrapped = await mall.rows(
        "select kek_id, count(*) from stock.batch where home_id = %s group by 1", [mall.world.home]
    )
    assert wrapped == [(done.err.split()[0], IMPORTS)]
    while len(sold) < IMPORTS:
        await buy(50)
    assert sorted(sold) == sorted(codes)
    again = (await mall.server.call(buyer, "GET", f"/v1/orders/{early['id']}")).json
    assert [c["secret"] for c in again["lines"][0]["codes"]] == sold[:100]
    assert await places() == {}
    assert (await mall.commissary("check", "--json")).json["status"] == "clean"
