"""An import that is killed in the middle, three times, and goes on."""

import asyncio
import json
import random
import secrets
import sys
from dataclasses import asdict
from pathlib import Path

from make.stock import Shelf, violations

COUNT = 200_000


async def test_a_killed_import_goes_on_and_counts_exactly(shelf: Shelf, tmp_path: Path) -> None:
    chance = random.Random(secrets.randbits(32))
    unique = [f"K{n:07d}G{secrets.token_hex(4)}z" for n in range(COUNT - 20_000)]
    lines = unique + [f" {code.upper()}" for code in chance.sample(unique, 20_000)]
    chance.shuffle(lines)
    path = tmp_path / "codes.txt"
    path.write_text("\n".join(lines))

    stops = sorted(chance.randrange(1_000, COUNT - 30_000) for _ in range(3))
    for node, stop in enumerate(stops, 1):
        assert await run(shelf, path, node, stop, chance.random() * 0.2) == "killed"
        # Whatever moment it died in: a whole number of chunks, and nothing for sale.
        assert await violations(shelf) == []
        assert await shelf.available() is None
    assert await run(shelf, path, 9, None, 0) == "done"

    assert await violations(shelf) == []
    assert await shelf.available() == COUNT - 20_000
    counts = await shelf.rows(
        "select imported, repeated_in_file, known_elsewhere, expired, faulty, state, rows_done from stock.import where home_id = %(home)s"
    )
    assert counts == [(COUNT - 20_000, 20_000, 0, 0, 0, "done", COUNT)]
    opened = await shelf.opened(await shelf.batch())
    assert {code.secret.lower() for code in opened} == {code.lower() for code in unique}
    assert len(opened) == len(unique)


async def run(shelf: Shelf, path: Path, node: int, stop: int | None, delay: float) -> str:
    """Import in another process; kill it `delay` seconds after it has passed line `stop`."""
    keys = shelf.house.env.keys
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # beside it stand modules with names of the standard library
        str(Path(__file__).parents[1] / "make" / "importer.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = {
        "keks": {name: kek.hex() for name, kek in keys.keks.items()},
        "current": keys.current,
        "index_key": keys.index_key.hex(),
        "dsns": asdict(shelf.house.ground.dsns),
        "node": node,
        "mall": shelf.mall,
        "sku": shelf.sku,
        "path": str(path),
        "chunk": 2_000,
    }
    process.stdin.write(json.dumps(told).encode())
    process.stdin.close()
    last = ""
    async for line in process.stdout:
        last = line.decode().strip()
        if stop is not None and last.isdigit() and int(last) >= stop:
            await asyncio.sleep(delay)
            process.kill()
            break
    await process.wait()
    return last if process.returncode == 0 else "killed"
