"""Codes that leave in clear, in an encrypted file: by default a second person lets it happen."""

from collections.abc import Sequence

import msgspec

from commissary import approvals, stock
from commissary.approvals.types import Look
from commissary.base import db
from commissary.base.env import Env
from commissary.bulk import export, filters
from commissary.bulk.types import Export
from commissary.tenancy.types import Actor


class TakeOutCodes(msgspec.Struct, frozen=True):
    """All codes of these batches, sold ones too."""

    batch_ids: tuple[str, ...]


async def look_out(tx: db.Tx, env: Env, actor: Actor, what: TakeOutCodes) -> Look:
    """It holds as long as the batches are as long as they were. Refuses what `export.begin` refuses, and `not_found`."""
    del tx
    export.require(env, actor, "codes")
    batches = list(filters.query_of("codes", {"batch_id": what.batch_ids}))
    codes = sum([(await stock.get_batch(env, actor, batch)).received for batch in batches])
    return Look(
        acts=("stock.export",),
        subject=f"batch:{batches[0]}",
        before={},
        after={"batches": len(batches), "codes": codes},
        holds={"batches": [str(batch) for batch in batches], "codes": codes},
        count=codes,
        unit="codes",
    )


async def take_out(env: Env, actor: Actor, what: TakeOutCodes) -> Export:
    return await export.begin(env, actor, "codes", "zip", {"batch_id": what.batch_ids})


def of(given: filters.Given) -> TakeOutCodes:
    """What an export's filter asks for; refuses `invalid_request` for another filter than batches."""
    filters.query_of("codes", given)
    batches = given["batch_id"]
    asked: Sequence[str] = [batches] if isinstance(batches, str) else batches
    return TakeOutCodes(tuple(dict.fromkeys(asked)))


ACTS = [approvals.Act(TakeOutCodes, ("stock.export",), look_out, take_out)]
