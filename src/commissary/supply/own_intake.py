"""A supplier's people bring codes of an article that they supply: into the vault, not for sale (`stock.intakes`)."""

import hashlib
from datetime import date

import msgspec

from commissary import stock
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.stock.types import ImportOptions, ImportReport, Layout
from commissary.supply.own import O, own
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor


class Brought(msgspec.Struct, frozen=True):
    """`sha256` of the file: the receipt. The codes are taken at the cost of his offer."""

    report: ImportReport
    sha256: str
    unit_cost_e4: int
    currency: str


async def bring(
    env: Env,
    actor: Actor,
    sku_id: int,
    content: bytes,
    *,
    file_name: str,
    dry_run: bool,
    expires_on: date | None = None,
    layout: Layout | None = None,
    sheet: str | None = None,
) -> Brought:
    """Refuses not_supplied, and what `stock.import_codes` refuses."""
    supplier, mall = own(actor, "write"), actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, O.offer_of_sku, {"mall": mall, "sku": sku_id, "supplier": supplier})
    if found is None:
        raise Refused(SupplyRefusal.not_supplied)
    cost_e4, currency = found
    options = ImportOptions(
        unit_cost_e4=cost_e4,
        currency=currency,
        supplier_id=supplier,
        source=file_name[:200],
        expires_on=expires_on,
        layout=layout,
        sheet=sheet,
        intake=True,
    )
    report = await stock.import_codes(
        env, actor, mall, sku_id, content, options, file_name=file_name, dry_run=dry_run
    )
    return Brought(report, hashlib.sha256(content).hexdigest(), cost_e4, currency)
