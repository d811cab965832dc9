"""Ten thousand known codes go through the mall; afterwards no byte of them lies anywhere in clear."""

import secrets
from pathlib import Path

from commissary import stock
from commissary.stock.types import ImportOptions
from make.clear_text import dump, hits
from world import World

MARK = "ZQPLANTED"  # in each code
OPEN = "ZQCONTROL"  # in a name, which is no secret: the search must find it


async def test_no_planted_code_is_found_in_clear(world: World, tmp_path: Path) -> None:
    codes = [
        MARK + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(24)) for _ in range(10_000)
    ]
    sku = await world.sku(name=f"{OPEN} card")
    await world.price(sku, "1.0000")
    report = await stock.import_codes(
        world.env,
        world.actor,
        world.mall,
        sku,
        "\n".join(codes).encode(),
        ImportOptions(unit_cost_e4=1_000),
        file_name="planted.txt",
    )
    assert report.imported == 10_000
    buyer = await world.buyer(balance_e4=10_000_0000)
    log = tmp_path / "server.log"
    async with world.serve(log=log) as server:
        for n in range(20):
            asked = {"client_order_no": f"p{n}", "sku_id": str(sku), "quantity": 50}
            answer = await server.call(buyer, "POST", "/v1/orders", asked)
            assert answer.status == 200, answer.body
            assert all(c["secret"].startswith(MARK) for c in answer.json["lines"][0]["codes"])
        await server.call(buyer, "POST", "/v1/orders", body=b'{"client_order_no": "' + codes[0].encode())
    text = tmp_path / "dump.sql"
    dump(world.admin_dsn, text)
    [(data,)] = await world.rows("select current_setting('data_directory')")
    folder = Path(data)
    beside = [p for p in folder.parent.iterdir() if p != folder]
    places = [folder, *beside, text, log]
    assert sum(hits(p, OPEN) for p in (folder, text)) >= 2, "the search does not even find what is there"
    assert {str(p): hits(p, MARK) for p in places if hits(p, MARK)} == {}
