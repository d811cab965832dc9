"""The codes of some batches, for a file that goes out: masked, or in clear for a file that is encrypted before it rests anywhere."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.stock import store
from commissary.stock.vault import Vault
from commissary.tenancy.types import Actor

Q = store.Q
AT_ONCE = 2_000


class Exported(msgspec.Struct, frozen=True, gc=False):
    """`state` of its range; `sold` for what the counter has passed."""

    batch_id: int
    seq: int
    state: str
    number: str | None
    secret: str

    def __repr__(self) -> str:
        return f"Exported({self.batch_id}/{self.seq})"


async def export_codes(
    env: Env, actor: Actor, batches: Sequence[int], *, clear: bool
) -> AsyncIterator[list[Exported]]:
    """Some at a time, by batch and number; those of a batch whose key was destroyed are left out."""
    tenancy.require(actor, "stock.export")
    home, vault = home_of(actor.mall_id), Vault(env.keys)
    for batch in sorted(set(batches)):
        after = 0
        while True:
            async with env.db.transaction(actor.mall_id, "vault") as tx:
                facts = {"home": home, "batch": batch, "after": after, "most": AT_ONCE}
                found = await db.rows(tx, Q.codes_to_export, facts)
                if found:
                    await vault.ready(tx, home, [batch])
            if not found:
                break
            after = found[-1][0]
            yield [
                _exported(vault, home, batch, seq, state, bytes(cipher), clear)
                for seq, state, cipher in found
            ]


def _exported(
    vault: Vault, home: int, batch: int, seq: int, state: str, cipher: bytes, clear: bool
) -> Exported:
    code = vault.open(home, batch, seq, cipher)
    if clear:
        return Exported(batch, seq, state, code.number, code.secret)
    return Exported(batch, seq, state, masked(code.number) if code.number else None, masked(code.secret))


def masked(text: str) -> str:
    """`ABCD••••WXYZ`, of a text long enough to hide the most of it."""
    if len(text) >= 16:
        return f"{text[:4]}••••{text[-4:]}"
    return f"{text[:2]}••••{text[-2:]}" if len(text) >= 10 else "••••"
