"""Migrations: a database that grew step by step is the fresh one, again is nothing, and a running mall is not held up."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commissary import cli
from commissary.base import migrate
from make import catalogue
from make.tenancy import PASSWORDS
from world import make_keys

NAMES = list(migrate.each_step())
MALL, HOME = 5, 5 << 10
# What an earlier version may have left in its tables when a later one comes: at least one row of each kind that later
# versions are most likely to change.
ROWS = {
    "0001_base.sql": ("insert into base.node values (3, 'an old process', 'http://old', 77, now())",),
    "0002_tenancy.sql": (
        "insert into tenancy.mall (id, slug, name, currency, zone, created_at) values ({mall}, 'old', 'Old', 'CNY', 'Asia/Shanghai', now())",
        "insert into tenancy.organisation (mall_id, id, kind, name, home_id, created_at) values ({mall}, 1, 'mall', 'Old', {home}, now()), "
        "({mall}, 2, 'buyer', 'Buyer', {home}, now())",
        "insert into tenancy.person (mall_id, id, email, name, password_hash, created_at) values ({mall}, 1, 'o@example.com', 'O', 'x', now())",
        "insert into tenancy.epoch values ({mall}, 9)",
    ),
    "0003_jobs.sql": (
        "insert into jobs.job (mall_id, id, kind, payload, due_at, created_by, created_at) values ({mall}, 1, 'report', '{{}}', now(), 'o', now())",
    ),
    "0004_provenance.sql": (
        "insert into provenance.event values ({home}, 1, 1, 2, now(), 'body', substring(sha256('s') for 16), sha256('l'))",
    ),
    "0005_partners.sql": (
        "insert into partners.tier (mall_id, id, name, created_at) values ({mall}, 1, 'Gold', now())",
        "insert into partners.buyer (mall_id, id, tier_id, account_id, updated_at) values ({mall}, 2, 1, 1, now())",
    ),
    "0006_catalog.sql": (
        "insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at) values ({mall}, 1, '牌', 'B', 'b', now())",
        "insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at) values ({mall}, 1, 1, '品', 'P', now())",
        "insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, created_at, updated_at) "
        "values ({mall}, 1, 1, 'A-1', '卡', 'Card', 'code', now(), now())",
        "insert into catalog.sku_version values ({mall}, 1, 1, '{{}}', now())",
    ),
    "0007_ledger.sql": (
        "insert into ledger.account (home_id, id, owner_id, kind, currency, balance_e4, floor_e4, updated_at) "
        "values ({home}, 1, 2, 'wallet', 'CNY', 100, 0, now()), ({home}, 2, 1, 'cash', 'CNY', -100, null, now())",
        "insert into ledger.transfer (home_id, id, dr_id, cr_id, amount_e4, currency, kind, at) values ({home}, 1, 2, 1, 100, 'CNY', 2, now())",
    ),
    "0008_risk.sql": (
        "insert into risk.entry (mall_id, id, list, subject, value, created_at) values ({mall}, 1, 'deny', 'ip', '192.0.2.0/24', now())",
    ),
    "0009_stock.sql": (
        "insert into stock.batch (home_id, id, sku_id, unit_cost_e4, currency, received, dek, kek_id, created_at) "
        "values ({home}, 1, 1, 50, 'CNY', 1, 'dek', 'k1', now())",
        "insert into stock.code values ({home}, 1, 1, 'cipher', 'commitment')",
        "insert into stock.lot (home_id, id, sku_id, batch_id, start_seq, next_seq, end_seq, unit_cost_e4, state) "
        "values ({home}, 1, 1, 1, 1, 1, 1, 50, 'open')",
        "insert into stock.fingerprint values (sha256('code'), {mall}, 1, 1)",
    ),
    "0010_pricing.sql": (
        "insert into pricing.book (mall_id, id, kind, name, currency, created_at) values ({mall}, 1, 'list', 'List', 'CNY', now())",
        "insert into pricing.change (mall_id, id, kind, author, entries, valid_from, at) values ({mall}, 1, 'edit', 'o', 1, now(), now())",
        "insert into pricing.entry values ({mall}, 1, 1, now(), 1, '{{1}}', '{{95000}}', 1)",
    ),
    "0011_orders.sql": (
        "insert into orders.orders (home_id, id, buyer_id, account_id, client_order_no, amount_e4, currency, state, verdict, decision_id, "
        "events, placed_at, updated_at) values ({home}, {order}, 2, 1, 'PO-1', 95000, 'CNY', 'delivered', 'allow', 1, 1, now(), now())",
        "insert into orders.line (home_id, order_id, line_no, sku_id, sku_version, quantity, unit_price_e4, amount_e4, price_source, "
        "tax_category, fund_mode, mode, state) values ({home}, {order}, 1, 1, 1, 1, 95000, 95000, 'list', 't', 'principal', 'stock', 'delivered')",
        "insert into orders.take values ({home}, {order}, 1, 1, 1, 1, 1, 1, 50, false)",
        "insert into orders.idempotency values ({home}, substring(sha256('key') for 16), substring(sha256('body') for 16), {order})",
    ),
    "0012_fulfilment.sql": ("insert into fulfilment.claim values ({home}, {order}, 1, 1, now())",),
    "0013_notify.sql": (
        "insert into notify.endpoint (mall_id, id, organisation_id, url, events, secret, secret_at, created_at) "
        "values ({mall}, 1, 2, 'https://example.com', '{{}}', 's', now(), now())",
        "insert into notify.delivery (home_id, id, endpoint_id, event_id, event, subject_id, n, body, due_at, created_at) "
        "values ({home}, 1, 1, 'e', 'order.delivered', {order}, 1, 'b', now(), now())",
    ),
}


@pytest.fixture
def new(admin_dsn: str) -> Iterator[Callable[[], str]]:
    """Gives DSNs of databases that do not exist yet, and drops what came of them."""
    made: list[str] = []

    def name_one() -> str:
        made.append(f"migrate_{secrets.token_hex(4)}")
        return make_conninfo(admin_dsn, dbname=made[-1])

    yield name_one
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        for name in made:
            admin.execute(f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module")
def fresh(admin_dsn: str) -> Iterator[dict[str, str]]:
    """The catalogue of a database migrated in one go."""
    dsn = make_conninfo(admin_dsn, dbname=f"migrate_{secrets.token_hex(4)}")
    migrate.migrate(dsn, PASSWORDS)
    yield catalogue.of(dsn)
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(f"drop database {conninfo_to_dict(dsn)['dbname']} with (force)")


def command(dsn: str, folder: Path) -> str:
    """What `commissary migrate` says."""
    if not folder.exists():
        make_keys(folder)
    done = CliRunner().invoke(
        cli.group,
        ["migrate"],
        env={"DATABASE_URL": dsn, "COMMISSARY_KEYS": str(folder), "COLUMNS": "200"},
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    return done.output


def counts(dsn: str) -> dict[str, int]:
    """Rows of every table of ours."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' "
            "and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public') and c.oid <> 'base.table_class'::regclass"
        ).fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}".encode()).fetchone()[0]  # type: ignore[index]
            for (name,) in tables
        }


@pytest.mark.parametrize("step", NAMES)
def test_a_database_that_grew_is_the_fresh_one(
    new: Callable[[], str], fresh: dict[str, str], tmp_path: Path, step: str
) -> None:
    dsn = new()
    migrate.migrate(dsn, PASSWORDS, upto=step)
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    values = {"mall": MALL, "home": HOME, "order": (now_ms - 1_735_689_600_000) << 22}
    with psycopg.connect(dsn) as connection:
        if step >= "0011":  # as every version since then does at its end
            connection.execute("select orders.make_partitions(now(), 4)")
        for name in NAMES[: NAMES.index(step) + 1]:
            for row in ROWS.get(name, ()):
                connection.execute(row.format(**values).encode())
    before = counts(dsn)
    assert sum(before.values()) >= len([n for n in ROWS if n <= step])

    assert "migrations applied" in command(dsn, tmp_path / "keys") or step == NAMES[-1]
    grown = catalogue.of(dsn)
    assert catalogue.differences(grown, fresh) == {}
    after = counts(dsn)
    before.pop("base.applied", None)  # what was applied since is in it
    assert {name: after[name] for name in before} == before


def test_a_catalogue_tells_small_differences(new: Callable[[], str], fresh: dict[str, str]) -> None:
    """What the test above compares is enough to see each of these."""
    dsn = new()
    migrate.migrate(dsn, PASSWORDS)
    for change, kind in {
        "alter table ledger.account alter column lock_reason set default 'x'": "column",
        "alter table ledger.account alter column state drop not null": "column",
        "alter table ledger.account drop constraint account_floor": "constraint",
        "alter table ledger.account owner to commissary_app": "relation",
        "alter table ledger.account no force row level security": "relation",
        "alter policy mall on ledger.account using (true)": "policy",
        "drop index stock.lot_batch": "index",
        "grant delete on orders.orders to commissary_app": "relation",
        "grant update (name) on tenancy.mall to commissary_report": "column",
        "grant execute on function orders.make_partitions(timestamptz, integer) to public": "function",
        "create or replace function base.mall() returns bigint language sql stable return 1": "function",
        "create table orders.extra (home_id bigint)": "relation",
        "alter table stock.code set (fillfactor = 50)": "relation",
        "alter schema stock owner to commissary_app": "schema",
    }.items():
        with psycopg.connect(dsn) as connection:
            connection.execute(change.encode())
            found = catalogue.differences(catalogue.of(dsn, connection), fresh)
            connection.rollback()
        assert kind in {what.split()[0] for what in found}, change
    assert catalogue.differences(catalogue.of(dsn), fresh) == {}


def test_migrating_again_changes_nothing(new: Callable[[], str], tmp_path: Path) -> None:
    dsn = new()
    assert f"{len(NAMES)} migrations applied" in command(dsn, tmp_path / "keys")
    with psycopg.connect(dsn) as connection:
        once = connection.execute("select * from public.commissary_migration order by name").fetchall()
        catalogue_once = catalogue.of(dsn, connection)
    for _ in range(2):
        assert command(dsn, tmp_path / "keys").strip() == "Nothing to do."
    with psycopg.connect(dsn) as connection:
        assert (
            connection.execute("select * from public.commissary_migration order by name").fetchall() == once
        )
        assert catalogue.differences(catalogue.of(dsn, connection), catalogue_once) == {}


def test_many_at_once_migrate_once(new: Callable[[], str], fresh: dict[str, str]) -> None:
    """As when several processes of a new version start together, before the database is even there."""
    dsn, other = new(), new()
    with ThreadPoolExecutor(8) as pool:
        applied = list(pool.map(lambda one: migrate.migrate(one, PASSWORDS), [dsn, other] * 4))
    assert sorted(len(names) for names in applied) == [0] * 6 + [len(NAMES)] * 2
    for one in (dsn, other):
        assert catalogue.differences(catalogue.of(one), fresh) == {}


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        (f"update public.commissary_migration set sha256 = 'other' where name = '{NAMES[3]}'", NAMES[3]),
        ("insert into public.commissary_migration values ('9999_later.sql', 'x', now())", "9999_later.sql"),
    ],
)
def test_a_strangers_history_is_refused(new: Callable[[], str], tampering: str, told: str) -> None:
    dsn = new()
    migrate.migrate(dsn, PASSWORDS, upto=NAMES[4])
    with psycopg.connect(dsn) as connection:
        connection.execute(tampering.encode())
    before = catalogue.of(dsn)
    with pytest.raises(migrate.MigrationError, match=told) as refused:
        migrate.migrate(dsn, PASSWORDS)
    assert any("\u4e00" <= c <= "\u9fff" for c in str(refused.value))
    assert catalogue.differences(catalogue.of(dsn), before) == {}


# Beside a running mall

LAST = max(
    m.name for m in migrate.files() if "base.declare_" in m.text
)  # each of these writes base.table_class
READ_LOCK = "lock table base.table_class in share mode"


def half_way(dsn: str) -> None:
    """All but LAST and what follows it."""
    migrate.migrate(dsn, PASSWORDS, upto=NAMES[NAMES.index(LAST) - 1])


def test_a_lock_held_for_a_moment_is_waited_for_in_short_turns(
    new: Callable[[], str], fresh: dict[str, str]
) -> None:
    dsn = new()
    half_way(dsn)
    told: list[str] = []
    waited = threading.Event()

    def say(text: str) -> None:
        told.append(text)
        if "waits for a lock" in text:
            waited.set()

    with (
        ThreadPoolExecutor() as pool,  # left last: without the holder the migration ends
        psycopg.connect(dsn) as holder,
        psycopg.connect(dsn, autocommit=True) as watch,
    ):
        holder.execute(READ_LOCK)
        running = pool.submit(migrate.migrate, dsn, PASSWORDS, say=say)
        until = time.monotonic() + 60
        while not _queued(watch):
            assert time.monotonic() < until
            time.sleep(0.01)
        # Somebody whose wish goes well with the holder's, but who stands in the queue behind the migration.
        with psycopg.connect(dsn) as third:
            third.execute("set lock_timeout = '20s'")
            third.execute(READ_LOCK)
            third.rollback()
        assert not running.done()
        assert waited.wait(60)
        assert LAST in told[-1]
        holder.rollback()
        assert running.result(60)[0] == LAST
    assert catalogue.differences(catalogue.of(dsn), fresh) == {}


def test_a_lock_held_for_good_ends_in_one_clear_sentence(
    new: Callable[[], str], fresh: dict[str, str]
) -> None:
    dsn = new()
    half_way(dsn)
    before = catalogue.of(dsn)
    told: list[str] = []
    with psycopg.connect(dsn) as holder:
        holder.execute(READ_LOCK)
        with pytest.raises(migrate.MigrationError, match=LAST) as refused:
            migrate.migrate(dsn, PASSWORDS, say=told.append, tries=3)
        assert told == [f"{LAST} waits for a lock; trying again"] * 2
        assert "stayed locked" in str(refused.value)
        assert "一直被占用" in str(refused.value)
        assert catalogue.differences(catalogue.of(dsn), before) == {}
    assert migrate.migrate(dsn, PASSWORDS)[0] == LAST
    assert catalogue.differences(catalogue.of(dsn), fresh) == {}


def test_month_partitions_wait_in_short_turns_too(new: Callable[[], str], fresh: dict[str, str]) -> None:
    """A reader of orders is in nobody's way, and nobody queues behind a new month for long."""
    dsn = new()
    migrate.migrate(dsn, PASSWORDS, upto=NAMES[-2])
    with psycopg.connect(dsn) as reader:
        reader.execute("select count(*) from orders.orders")
        with pytest.raises(migrate.MigrationError, match="month partitions"):
            migrate.migrate(dsn, PASSWORDS, tries=2)
    migrate.migrate(dsn, PASSWORDS)
    assert catalogue.differences(catalogue.of(dsn), fresh) == {}


def test_an_index_is_built_beside_whoever_writes(new: Callable[[], str], fresh: dict[str, str]) -> None:
    """It waits for the transaction that runs; who comes meanwhile writes at once. And what was left by one that was killed
    is no hindrance."""
    dsn, name = new(), "0035_supply_attempt_ended.sql"
    migrate.migrate(dsn, PASSWORDS, upto=NAMES[NAMES.index(name) - 1])
    write = "update supply.attempt set said = '' where id = 0"
    with (
        ThreadPoolExecutor() as pool,
        psycopg.connect(dsn) as holder,
        psycopg.connect(dsn, autocommit=True) as other,
    ):
        other.execute("create index attempt_ended on supply.attempt (id)")
        holder.execute(write)
        running = pool.submit(migrate.migrate, dsn, PASSWORDS)
        until = time.monotonic() + 60
        waits = "select exists (select from pg_stat_activity where query ilike '%concurrently%' and wait_event_type = 'Lock' and pid <> pg_backend_pid())"
        while other.execute(waits).fetchone() != (True,):
            assert time.monotonic() < until
            time.sleep(0.01)
        other.execute("set lock_timeout = '100ms'")
        other.execute(write)
        assert not running.done()
        holder.rollback()
        assert name in running.result(60)
    assert catalogue.differences(catalogue.of(dsn), fresh) == {}


def test_no_migration_sets_a_patience_of_its_own() -> None:
    for migration in migrate.files():
        assert "lock_timeout" not in migration.text, migration.name
    assert migrate.LOCK_TIMEOUT.endswith("ms")
    assert int(migrate.LOCK_TIMEOUT.removesuffix("ms")) < 1000


def _queued(watch: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = watch.execute(
        "select exists (select from pg_locks where relation = 'base.table_class'::regclass and not granted)"
    ).fetchone()
    assert row
    return bool(row[0])
