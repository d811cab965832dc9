"""A migrated throw-away database, and malls in it: one database per test module, a fresh mall per test."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg

from commissary import tenancy
from commissary.base import db, migrate
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.ids import Ids
from commissary.tenancy.types import Actor, Founded, Proof
from make import template

PASSWORD = "correct horse battery"  # noqa: S105
PASSWORDS = dict.fromkeys(("commissary_app", "commissary_vault", "commissary_report"), "test")


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Ground:
    """A database without malls."""

    admin_dsn: str
    dsns: db.Dsns
    keys: Keyring
    ids: Ids
    env: Env
    clock: Clock = field(default_factory=Clock)

    async def mall(self, name: str = "Kitchen") -> "House":
        """Found a mall with an owner."""
        slug = f"m-{secrets.token_hex(6)}"
        clock = Clock()
        env = Env(self.env.db, self.ids, self.keys, clock)
        founded = await tenancy.found_mall(
            self.admin_dsn,
            self.ids,
            slug=slug,
            name=name,
            owner_email="owner@example.com",
            owner_name="Owner",
            owner_password=PASSWORD,
            at=clock.now,
        )
        return House(self, env, clock, founded, slug)


@dataclass
class House:
    """One mall, seen by its owner."""

    ground: Ground
    env: Env
    clock: Clock
    founded: Founded
    slug: str

    @property
    def mall(self) -> int:
        return self.founded.mall_id

    @property
    def actor(self) -> Actor:
        return self.actor_of("owner", self.founded.person_id)

    @property
    def proof(self) -> Proof:
        """Just now."""
        return Proof(self.env.now(self.mall))

    def actor_of(self, role: str, person_id: int = 1, organisation_id: int | None = None) -> Actor:
        organisation = organisation_id if organisation_id is not None else self.founded.organisation_id
        permissions = tenancy.permissions_of(role)
        return Actor(self.mall, "person", str(person_id), organisation, permissions, "192.0.2.1", self.proof)

    async def buyer(self, name: str = "Buyer") -> int:
        """The id of a buyer's organisation."""
        async with self.env.db.transaction(self.mall) as tx:
            made = await tenancy.add_organisation(tx, self.env, self.actor, kind="buyer", name=name)
        return made.id

    async def person(self, role: str, email: str, organisation_id: int | None = None) -> int:
        made = await tenancy.add_person(
            self.env,
            self.actor,
            organisation_id=organisation_id or self.founded.organisation_id,
            email=email,
            name=email,
            password=PASSWORD,
            role=role,
        )
        return made.id

    async def key(self, organisation_id: int, **more: object) -> tuple[str, str]:
        wanted: dict[str, object] = {"account_id": 77, "name": "shop", "scopes": ["orders:write"]}
        view, secret = await tenancy.issue_key(
            self.env,
            self.actor,
            organisation_id=organisation_id,
            **(wanted | more),  # type: ignore[arg-type]
        )
        return view.id, secret

    async def audited(self) -> list[str]:
        """The actions in the audit log, oldest first."""
        return [e.action for e in reversed(await tenancy.list_audit(self.env, self.actor, size=200))]

    async def epoch(self) -> int:
        async with self.env.db.transaction(None) as tx:
            return dict(await db.rows(tx, "select mall_id, value from tenancy.epochs()"))[self.mall]


@asynccontextmanager
async def ground(admin_dsn: str) -> AsyncIterator[Ground]:
    name = f"t_{secrets.token_hex(6)}"
    dsn = template.database(admin_dsn, name, PASSWORDS)
    ids = Ids(0, lambda: time.time_ns() // 1_000_000)
    keys = Keyring({"k1": secrets.token_bytes(32)}, "k1", secrets.token_bytes(32), {})
    dsns = migrate.dsns(dsn, PASSWORDS)
    database = db.Database(dsns)
    clock = Clock()
    try:
        yield Ground(dsn, dsns, keys, ids, Env(database, ids, keys, clock), clock)
    finally:
        await database.close()
        with psycopg.connect(admin_dsn, autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)")
