"""What a verb needs from outside, passed in: the database, ids, keys, the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from commissary.base.arrays import Bigints, Timestamps
from commissary.base.crypto import Keyring
from commissary.base.db import Database, Joined, Role, Tx
from commissary.base.ids import Ids


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Env:
    """`clock` is the process's; `offsets` moves the clock of a shadow mall, in seconds, for time travel in tests. `shadows`:
    test mall → the live one it is the sandbox of, as this process knows them."""

    db: Database
    ids: Ids
    keys: Keyring
    clock: Callable[[], datetime] = utc_now
    offsets: dict[int, int] = field(default_factory=dict)
    shadows: dict[int, int] = field(default_factory=dict)

    def is_test(self, mall: int) -> bool:
        """Is nothing there real?"""
        return mall in self.shadows

    def now(self, mall: int) -> datetime:
        """The mall's time. The order path does not ask here: its batch has the database's one `now`."""
        return self.clock() + timedelta(seconds=self.offsets.get(mall, 0))

    def clocks(self) -> dict[str, object]:
        """The time of all malls at once, as statements over all of them take it: `now`, and `nows` of `malls` that have their
        own."""
        now = self.clock()
        own = {mall: now + timedelta(seconds=offset) for mall, offset in self.offsets.items() if offset}
        return {"now": now, "malls": Bigints(list(own)), "nows": Timestamps(list(own.values()))}

    def within(self, tx: Tx, mall: int, role: Role = "app") -> "Env":
        """The same, for verbs that shall be done in this open transaction."""
        return replace(
            self, db=Joined(self.db.dsns, self.db.citus, tx=tx, mall=mall, role=role, outer=self.apart().db)
        )

    def apart(self) -> "Env":
        """Not in the open transaction: to read what another role alone may, and nothing in here has changed."""
        return replace(self, db=self.db.outer) if isinstance(self.db, Joined) and self.db.outer else self
