"""Ten thousand known codes go through the mall; afterwards no byte of them lies anywhere in clear."""

import mmap
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from commissary import stock
from commissary.base import embedded
from commissary.stock.types import ImportOptions
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
    await world.rows("select 1")
    with psycopg.connect(world.admin_dsn, autocommit=True) as admin:
        admin.execute("checkpoint")
        [(data, version)] = admin.execute(
            "select current_setting('data_directory'), current_setting('server_version_num')::int / 10000"
        ).fetchall()

    dump = tmp_path / "dump.sql"
    _dump(world.admin_dsn, version, dump)
    folder = Path(data)
    beside = [p for p in folder.parent.iterdir() if p != folder]
    places = [folder, *beside, dump, log]
    assert sum(_hits(p, OPEN) for p in (folder, dump)) >= 2, "the search does not even find what is there"
    assert {str(p): _hits(p, MARK) for p in places if _hits(p, MARK)} == {}


def _dump(dsn: str, version: int, into: Path) -> None:
    told = conninfo_to_dict(dsn)
    command = [
        str(embedded.binaries(version) / "pg_dump"),
        "-h",
        str(told["host"]),
        "-p",
        str(told.get("port", 5432)),
    ]
    command += ["-U", str(told["user"]), "-f", str(into), str(told["dbname"])]
    environ = {"PGPASSFILE": str(told.get("passfile", "")), "PGPASSWORD": str(told.get("password", ""))}
    subprocess.run(command, check=True, env={k: v for k, v in environ.items() if v})  # noqa: S603 - our own binary


def _hits(place: Path, mark: str) -> int:
    return sum(_in_file(path, mark.encode()) for path in _files(place))


def _files(place: Path) -> Iterator[Path]:
    yield from (p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]


def _in_file(path: Path, mark: bytes) -> bool:
    try:
        if not path.stat().st_size:
            return False
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(mark) >= 0
    except FileNotFoundError:  # a segment that was recycled meanwhile
        return False
