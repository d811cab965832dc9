import msgspec

from commissary.base import db
from commissary.catalog.types import Component, FieldSpec, SkuCard


async def load_cards(tx: db.Tx, mall_id: int) -> dict[int, SkuCard]:
    components: dict[int, list[Component]] = {}
    for b, s, q in await db.rows(
        tx,
        "select bundle_id, sku_id, quantity from catalog.component where mall_id=%s order by position",
        (mall_id,),
    ):
        components.setdefault(b, []).append(Component(s, q))
    return {
        r[0]: SkuCard(
            r[0],
            r[1],
            r[2],
            r[3],
            r[4],
            r[5],
            r[6] or "",
            r[7],
            tuple(msgspec.convert(r[8], list[FieldSpec])),
            tuple(components.get(r[0], ())),
        )
        for r in await db.rows(
            tx,
            "select id, kind, version, status, max_quantity, fund_mode, tax_category, release_at, fields from catalog.sku where mall_id=%s",
            (mall_id,),
        )
    }
