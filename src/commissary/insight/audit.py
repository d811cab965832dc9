"""The invariants over the whole database: every query of every `checks.sql`, in one snapshot, as the report role.

A query returns the rows that break its invariant. Its name says which (`i3_…`, `w_…` for a warning, anything else for a
promise of the domain's own), the comment lines `-- en:` and `-- zh:` below the name say what such a row means.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from commissary.base.env import Env
from commissary.insight.types import INVARIANTS, Finding, Status

MOST_ROWS = 20
_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)
_TITLE = re.compile(r"^-- (en|zh): (.+)$", re.MULTILINE)

# Large tables are read whole: sorts and hashes in memory, workers where they help, nothing planned for a first row.
_SETTINGS = (
    "-c work_mem=256MB -c hash_mem_multiplier=2 -c enable_partitionwise_join=on "
    "-c enable_partitionwise_aggregate=on -c jit=off -c statement_timeout=0 -c timezone=UTC "
    "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on"
)


@dataclass(frozen=True)
class Check:
    domain: str
    name: str
    invariant: str
    en: str
    zh: str
    query: str


async def audit(where: Env | str) -> list[Finding]:
    """Every check, in the order of the invariants. `where` is the environment, or the report role's DSN."""
    dsn = where if isinstance(where, str) else where.db.dsns.report
    async with await AsyncConnection.connect(
        dsn, options=_SETTINGS, application_name="audit", row_factory=dict_row, autocommit=True
    ) as tx:
        await tx.execute("begin")
        found = [await _sees_everything(tx)]
        for check in () if broken(found) else sorted(checks(), key=lambda c: (_order(c.invariant), c.name)):
            found.append(await _run(tx, check))
        await tx.execute("rollback")
    seen = {f.invariant for f in found if f.status != "not_applicable"}
    found += [_finding(name.lower(), name, "not_applicable") for name in INVARIANTS if name not in seen]
    return sorted(found, key=lambda f: _order(f.invariant))


def broken(findings: list[Finding]) -> list[Finding]:
    """Those that must stop the house; warnings are left out."""
    return [f for f in findings if f.status == "broken"]


def checks() -> Iterator[Check]:
    """Those of every domain that has a `checks.sql`."""
    for folder in sorted(resources.files("commissary").iterdir(), key=lambda f: f.name):
        path = folder.joinpath("checks.sql")
        if not path.is_file():
            continue
        parts = _NAME.split(path.read_text("utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            titles = dict(_TITLE.findall(text))
            invariant = name.partition("_")[0].upper()
            if invariant not in INVARIANTS:
                invariant = "O"
            yield Check(folder.name, name, invariant, titles.get("en", ""), titles.get("zh", ""), text)


async def _run(tx: AsyncConnection[dict[str, object]], check: Check) -> Finding:
    """Materialised, so that the query is planned to run to its end, which it does whenever all is well."""
    began = time.perf_counter()
    query = f"with found as materialized ({check.query}\n) select * from found limit {MOST_ROWS + 1}"
    await tx.execute("savepoint one")
    try:
        rows = await (await tx.execute(query.encode())).fetchall()
    except psycopg.errors.UndefinedTable:
        await tx.execute("rollback to one")
        return _finding(check.name, check.invariant, "not_applicable", check)
    await tx.execute("release one")
    status: Status = "clean" if not rows else "warning" if check.invariant == "W" else "broken"
    seconds = round(time.perf_counter() - began, 3)
    return _finding(check.name, check.invariant, status, check, rows, seconds)


async def _sees_everything(tx: AsyncConnection[dict[str, object]]) -> Finding:
    """Under row-level security every table looks empty and every check clean."""
    rows = await (await tx.execute(_BLIND)).fetchall()
    return _finding(
        "v_sees_every_mall",
        "V",
        "broken" if rows else "clean",
        Check(
            "insight",
            "v_sees_every_mall",
            "V",
            "This role does not see every mall: nothing was proven",
            "当前角色看不到全部商城，审计结果无效",
            "",
        ),
        rows,
    )


def _finding(
    name: str,
    invariant: str,
    status: Status,
    check: Check | None = None,
    rows: list[dict[str, object]] | None = None,
    seconds: float = 0.0,
) -> Finding:
    en, zh = INVARIANTS[invariant]
    return Finding(
        check=name,
        invariant=invariant,
        status=status,
        invariant_en=en,
        invariant_zh=zh,
        title_en=(check.en if check else "") or en,
        title_zh=(check.zh if check else "") or zh,
        rows=(rows or [])[:MOST_ROWS],
        more=len(rows or []) > MOST_ROWS,
        seconds=seconds,
    )


def _order(invariant: str) -> tuple[int, int]:
    number = invariant[1:]
    return ("VIOW".index(invariant[0]), int(number) if number else 0)


_BLIND = """
select 'row security is active' as why, t.table_name as subject
from base.table_class t where t.class = 'distributed' and row_security_active(t.table_name)
union all
select 'malls exist but none of their organisations is seen', m.malls::text
from (select count(*) as malls from tenancy.mall) m
where m.malls > 0 and not exists (select from tenancy.organisation)
"""
