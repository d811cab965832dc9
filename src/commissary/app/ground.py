"""The database of a process and its keys: started if it is ours, at this version of the schema."""

from collections.abc import Callable
from dataclasses import dataclass

from commissary.base import crypto, embedded, migrate
from commissary.base.settings import Settings


@dataclass(frozen=True)
class Ground:
    """A migrated database and its keys; `admin_dsn` may change the schema and found malls."""

    admin_dsn: str
    keys: crypto.Keyring
    server: embedded.Server | None
    lease: embedded.Lease | None

    def leave(self) -> None:
        """Stop what we started; an outside server stays."""
        if self.server is not None:
            embedded.stop(self.server)
        if self.lease is not None:
            self.lease.release()


def ground(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Ground:
    """The database of these settings, started if it is ours, at this version of the schema."""
    if settings.database_url is None:
        data = settings.data / f"pg{settings.postgres}"
        if settings.keys.is_relative_to(data):
            raise crypto.KeyFault(
                f"the key folder {settings.keys} must not lie inside the data folder {data}"
            )
        lease = embedded.claim(data)
        try:
            server = embedded.start(data, version=settings.postgres)
            say(f"PostgreSQL {server.version} runs on {data}")
            on = ground_of(settings, server.dsn("commissary"), say)
        except BaseException:
            # Bad keys, a failed migration, Ctrl-C: nothing stays running that nobody knows of.
            embedded.stop(data)
            lease.release()
            raise
        return Ground(on.admin_dsn, on.keys, server, lease)
    return ground_of(settings, settings.database_url, say)


def ground_of(settings: Settings, admin_dsn: str, say: Callable[[str], None] = lambda _: None) -> Ground:
    """The same over a server that somebody else started."""
    keys = crypto.load_keys(settings.keys)
    applied = migrate.migrate(admin_dsn, keys.passwords)
    if applied:
        say(f"{len(applied)} migrations applied")
    return Ground(admin_dsn, keys, None, None)
