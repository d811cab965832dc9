"""How fast codes come in: `python -m bench.import_codes [codes] [chunk]`.

Everything counts: reading and hashing the file, blinding, encryption, commitments, Merkle root, every index, fsync at
each commit. The file is made first; the server is a fresh one with the settings of the embedded installation.
"""

import asyncio
import os
import resource
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from commissary import stock, tenancy
from commissary.base import db, embedded, migrate
from commissary.base.crypto import load_keys
from commissary.base.env import Env
from commissary.base.ids import Ids
from commissary.stock.types import ImportOptions, ImportReport
from commissary.tenancy.types import Actor


def write_file(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write("卡号,密码,有效期\n")
        for n in range(count):
            file.write(f"JD{n:012d},{secrets.token_hex(8).upper()}Z,2037-12-31\n")


async def bring(
    admin_dsn: str, folder: Path, path: Path, chunk: int
) -> tuple[ImportReport, float, float, float]:
    keys = load_keys(folder / "keys")
    migrate.migrate(admin_dsn, keys.passwords)
    ids = Ids(0, lambda: time.time_ns() // 1_000_000)
    database = db.Database(migrate.dsns(admin_dsn, keys.passwords))
    env = Env(database, ids, keys)
    founded = await tenancy.found_mall(
        admin_dsn,
        ids,
        slug=f"m-{secrets.token_hex(4)}",
        name="Bench",
        owner_email="owner@example.com",
        owner_name="Owner",
        owner_password=secrets.token_urlsafe(),
        at=datetime.now(UTC),
    )
    mall, sku, now = founded.mall_id, ids.new(), datetime.now(UTC)
    async with database.transaction(mall) as tx:
        await tx.execute(
            "insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at) values (%s, 1, 'b', 'b', 'b', %s)",
            (mall, now),
        )
        await tx.execute(
            "insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at) values (%s, 1, 1, 'p', 'p', %s)",
            (mall, now),
        )
        await tx.execute(
            """insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, created_at, updated_at)
               values (%s, %s, 1, 'a', 's', 's', 'code', %s, %s)""",
            (mall, sku, now, now),
        )
    actor = Actor(mall, "cli", "bench", founded.organisation_id, frozenset({"*"}))
    started, busy = time.perf_counter(), time.process_time()
    report = await stock.import_codes(env, actor, mall, sku, path, ImportOptions(unit_cost_e4=1), chunk=chunk)
    spent, busy = time.perf_counter() - started, time.process_time() - busy
    async with database.transaction(None) as tx:
        (backend,) = (await db.row(tx, "select pg_backend_pid()")) or (0,)
    parent = _stat(backend)[1]
    served = sum(cpu for cpu, ppid in map(_stat, _pids()) if ppid == parent)
    await database.close()
    return report, spent, busy, served


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> tuple[float, int]:
    """(CPU seconds, parent) of a process, (0, 0) when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(fields[1])


def main(count: int = 1_000_000, chunk: int = 5_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "codes.csv"
        write_file(path, count)
        with embedded.claim(folder / "pg"):
            server = embedded.start(folder / "pg", version=18)
            try:
                report, spent, busy, served = asyncio.run(
                    bring(server.dsn("commissary"), folder, path, chunk)
                )
            finally:
                embedded.stop(server, "immediate")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{report.imported:,} codes in {spent:.1f} s: {report.imported / spent:,.0f}/s, "
        f"chunks of {chunk:,}, peak memory {peak:.0f} MB; CPU per code: "
        f"{busy / report.imported * 1e6:.1f} µs here, {served / report.imported * 1e6:.1f} µs in PostgreSQL"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
