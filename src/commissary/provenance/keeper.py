"""The log's work in a serving process: places and checkpoints, files, witnesses, each at its own pace. Any number of
processes may have one."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.base.outgoing import Outgoing
from commissary.provenance import sequence, store, tiles, witness
from commissary.provenance import sign as signing
from commissary.provenance import stamp as stamping

log = logging.getLogger("commissary.log")

MOST_REST_S = 0.2


def name_of(home: int, slug: str) -> str:
    """What a home's log is called in addresses: the mall's short name, and behind a dot the number of a further shelf."""
    shelf = home - home_of(mall_of(home))
    return f"{slug}.{shelf}" if shelf else slug


@dataclass
class Keeper:
    """`host`: our public name, the first part of a new log's origin. `folder`: where static files go, a folder per log;
    None: they are only served. `outgoing` is for witnesses and the authority that stamps
    time; None asks none. `rest`: how many times as long as a step
    took to leave the loop and the database to orders before the next."""

    env: Env
    host: str
    folder: Path | None = None
    outgoing: Outgoing | None = None
    rest: float = 3.0
    authority: stamping.Authority | None = None
    _written: dict[int, str] = field(default_factory=dict)

    async def round(self) -> int:
        """Bring every home's log up to date; how many checkpoints were signed. One home's trouble is its own."""
        signed = 0
        for home in await self._homes(store.Q.homes_behind):
            try:
                signed += await self.advance(home)
            except Exception:
                log.exception("the log of home %d stands still", home)
        return signed

    async def advance(self, home: int) -> bool:
        """Give a place to everything that is committed, then sign. Whether a checkpoint was made."""
        if (slug := await self._slug(home)) is None:
            return False
        await sequence.found(self.env, home, f"{self.host}/log/{name_of(home, slug)}")
        began = time.monotonic()
        while await sequence.step(self.env, home):
            await asyncio.sleep(min(self.rest * (time.monotonic() - began), MOST_REST_S))
            began = time.monotonic()
        return await signing.sign(self.env, home)

    async def publish(self) -> None:
        """Bring the folder of static files up to the newest checkpoints. May take long the first time."""
        if self.folder is None:
            return
        async with self.env.db.transaction(None) as tx:
            found = await db.rows(tx, store.Q.homes_signed)
        for home, origin, _ in found:
            try:
                async with self.env.db.transaction(mall_of(home)) as tx:
                    newest = await store.checkpoint(tx, home)
                if newest is None or self._written.get(home) == newest.note:
                    continue
                done = await tiles.export(self.env, home, self.folder / origin.rpartition("/")[2])
                if done is not None:
                    self._written[home] = done.note
            except Exception:
                log.exception("the log of home %d could not be written to %s", home, self.folder)

    async def ask_witnesses(self) -> None:
        """Have what is signed cosigned. A witness that does not answer holds up nobody but those behind it in this turn."""
        if self.outgoing is None:
            return
        for home in await self._homes(store.Q.homes_unwitnessed):
            try:
                await witness.ask(self.env, self.outgoing, home)
            except Exception:
                log.exception("the witnesses of home %d were not asked", home)

    async def stamp(self) -> None:
        """Have the newest checkpoints stamped by the authority, once a day, if there is one."""
        if self.outgoing is None or self.authority is None:
            return
        for home in await self._homes(store.Q.homes_signed):
            try:
                await stamping.stamp(self.env, self.outgoing, self.authority, home)
            except Exception:
                log.exception("the log of home %d was not stamped", home)

    async def _slug(self, home: int) -> str | None:
        malls = await tenancy.open_malls(self.env)
        return next((m.slug for m in malls if m.id == mall_of(home)), None)

    async def _homes(self, query: str) -> list[int]:
        async with self.env.db.transaction(None) as tx:
            return [r[0] for r in await db.rows(tx, query)]
