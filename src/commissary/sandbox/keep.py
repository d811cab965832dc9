"""What is done with a sandbox: brought up to its live mall, entered, given play money, set back."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import psycopg

from commissary import ledger, partners, supply, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.base.money import Money
from commissary.ledger.types import Moved
from commissary.sandbox import magic, store
from commissary.sandbox.open import Opening, sync
from commissary.sandbox.types import Magic, SandboxRefusal, Synced
from commissary.tenancy.types import Actor, Caller, TenancyRefusal

PLAY_E4 = 1_000_000_000  # a new wallet's
MOST_E4 = 100_000_000_000

_ALL = frozenset({"*"})


@dataclass
class Sandbox:
    """One per process; how its routes, and those of keys, reach a sandbox."""

    env: Env
    purchasing: supply.Purchasing

    async def sync(self, actor: Actor) -> Synced:
        """Bring it up to the live mall, from either side. Refuses `forbidden`, `no_sandbox`."""
        tenancy.require(actor, "sandbox.write")
        done = await sync(self.env, self.purchasing, await self._live(actor))
        told = msgspec.structs.asdict(done)
        del told["mall_id"]
        await self._note(actor, "sandbox.sync", f"mall:{done.mall_id}", told)
        return done

    async def buyer(self, actor: Actor, buyer_id: int) -> Actor:
        """A `partners.Mirror`."""
        there = await tenancy.in_sandbox(self.env, actor)
        await self._stocked(actor, there)
        live = msgspec.structs.replace(actor, permissions=_ALL)
        known = await partners.get_buyer(self.env, live, buyer_id)
        master = msgspec.structs.replace(there, permissions=_ALL)
        if await self._wallet(there.mall_id, buyer_id) is None:
            tiers = {t.id for t in await partners.list_tiers(self.env, master)}
            tier = known.tier_id if known.tier_id in tiers else None
            with contextlib.suppress(psycopg.errors.UniqueViolation):  # another call was quicker
                await ledger.add_buyer(
                    self.env, master, name=known.name, tier_id=tier, business=known.business, id=buyer_id
                )
            await self._recharge(master, buyer_id, PLAY_E4, "play-money")
        return there

    async def enter(self, actor: Actor) -> Actor:
        """From a live session: he is known in the sandbox, and so is the company he acts for. Refuses `no_sandbox`, also for suppliers."""
        async with self.env.db.transaction(actor.mall_id) as tx:
            company = await tenancy.get_organisation(tx, actor.mall_id, actor.organisation_id)
        if company.kind == "buyer":
            await self.buyer(actor, company.id)
        elif company.kind != "mall":
            raise Refused(TenancyRefusal.no_sandbox)
        else:
            await self._stocked(actor, await tenancy.in_sandbox(self.env, actor))
        there = await tenancy.admit(self.env, actor)
        await self._note(actor, "session.mode", f"person:{actor.id}", {"mode": "test"})
        return there

    async def leave(self, actor: Actor) -> None:
        """Back to the live mall."""
        await self._note(actor, "session.mode", f"person:{actor.id}", {"mode": "live"})

    async def top_up(self, actor: Actor, buyer_id: int, amount: Money, reference: str) -> Moved:
        """Play money for a buyer, by whoever keeps the sandbox, once per reference. Refuses `forbidden`, `not_found`, `no_sandbox`,
        `too_much_play_money`, `reference_used`."""
        tenancy.require(actor, "sandbox.write")
        there = actor if self.env.is_test(actor.mall_id) else await self.buyer(actor, buyer_id)
        moved = await self._play(there, buyer_id, amount, reference)
        told = {"amount": amount.amount, "currency": amount.currency, "reference": reference}
        await self._note(actor, "sandbox.top_up", f"buyer:{buyer_id}", told)
        return moved

    async def top_up_own(self, caller: Caller, amount: Money, reference: str) -> Moved:
        """The same for a test key's own wallet. Refuses `live_key` too."""
        self.require_test(caller)
        actor = Actor(
            caller.key.mall_id, "key", caller.key.id, caller.key.organisation_id, frozenset(), caller.ip
        )
        return await self._play(actor, caller.key.organisation_id, amount, reference)

    async def reset(self, actor: Actor) -> Synced:
        """The clock as the world's, the goods as the live mall's, every wallet filled up. Orders stay: they are history."""
        tenancy.require(actor, "sandbox.write")
        done = await self.sync(actor)
        there = msgspec.structs.replace(actor, mall_id=done.mall_id)
        if self.env.offsets.get(done.mall_id, 0):
            await tenancy.move_clock(self.env, there, 0)
        async with self.env.db.transaction(done.mall_id) as tx:
            wallets = await db.rows(tx, store.Q.wallets, {"mall": done.mall_id})
        for (buyer,) in wallets:
            _, balance_e4, _ = await self._wallet(done.mall_id, buyer) or (0, PLAY_E4, "")
            if balance_e4 < PLAY_E4:
                await self._recharge(there, buyer, PLAY_E4 - balance_e4, f"reset-{self.env.ids.new()}")
        await self._note(actor, "sandbox.reset", f"mall:{done.mall_id}", {"wallets": len(wallets)})
        return done

    async def table(self, mall: int) -> list[tuple[Magic, int | None]]:
        """The magic article numbers with their SKUs; None: not there yet."""
        async with self.env.db.transaction(mall) as tx:
            asked = {"mall": mall, "codes": [m.code for m in magic.TABLE]}
            known: dict[str, int] = dict(await db.rows(tx, store.Q.sku_codes, asked))
        return [(m, known.get(m.code)) for m in magic.TABLE]

    def require_test(self, caller: Caller) -> None:
        """Refuses `live_key`."""
        if not self.env.is_test(caller.key.mall_id):
            raise Refused(SandboxRefusal.live_key)

    async def _play(self, actor: Actor, buyer_id: int, amount: Money, reference: str) -> Moved:
        amount_e4 = money.parse(amount.amount)
        if not 0 < amount_e4 <= MOST_E4:
            raise invalid("amount", "more than zero, at most 10,000,000 / 须大于零且不超过 10,000,000")
        found = await self._wallet(actor.mall_id, buyer_id)
        if found is None:
            raise Refused(TenancyRefusal.not_in_sandbox)
        _, balance_e4, currency = found
        if amount.currency != currency:
            raise invalid("amount.currency", f"the wallet holds {currency} / 钱包币种为 {currency}")
        if balance_e4 + amount_e4 > MOST_E4:
            raise Refused(SandboxRefusal.too_much_play_money)
        return await self._recharge(actor, buyer_id, amount_e4, reference)

    async def _recharge(self, actor: Actor, buyer_id: int, amount_e4: int, reference: str) -> Moved:
        found = await self._wallet(actor.mall_id, buyer_id)
        assert found is not None
        # Nothing of a live mall is ever reached from here: who pays nothing must not be able to.
        assert self.env.is_test(actor.mall_id)
        master = msgspec.structs.replace(actor, permissions=_ALL)
        return await ledger.recharge(self.env, master, found[0], amount_e4, f"sandbox-{buyer_id}-{reference}")

    async def _note(self, actor: Actor, action: str, subject: str, after: Mapping[str, object]) -> None:
        """In the log of the mall from which it was done."""
        async with self.env.db.transaction(actor.mall_id) as tx:
            await tenancy.audit(tx, self.env, actor, action, subject, None, after)

    async def _wallet(self, mall: int, buyer_id: int) -> tuple[int, int, str] | None:
        """(account, balance, currency) of a buyer."""
        async with self.env.db.transaction(mall) as tx:
            found = await db.row(tx, store.Q.wallet, {"mall": mall, "home": home_of(mall), "buyer": buyer_id})
        return None if found is None else (found[0], found[1], found[2])

    async def _stocked(self, live: Actor, there: Actor) -> None:
        """A sandbox that nobody has used yet gets its goods now."""
        async with self.env.db.transaction(there.mall_id) as tx:
            if await store.articles(tx, there.mall_id):
                return
        opening = Opening(self.env, self.purchasing, msgspec.structs.replace(there, permissions=_ALL))
        await opening.ground()
        await opening.fill()
        await opening.mirror(msgspec.structs.replace(live, permissions=_ALL))

    async def _live(self, actor: Actor) -> Actor:
        """The same person at the live mall, for whom the sandbox was switched on."""
        of = self.env.shadows.get(actor.mall_id)
        return actor if of is None else msgspec.structs.replace(actor, mall_id=of)
