"""What suppliers' people bring, on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.stock.types import Intake, IntakeState


class IntakeOut(msgspec.Struct, frozen=True, kw_only=True):
    """`sha256` of the file is the receipt; `known_elsewhere`, `repeated_in_file`, `expired` and `faulty` lines became no code.
    `import_state` is `running`, `done`, or `failed` when the file turned out broken half way; then `trouble` says why."""

    id: str
    sku_id: str
    sku_code: str
    sku_zh: str
    sku_en: str
    supplier_id: str
    supplier_name: str
    file_name: str
    sha256: str
    import_state: str
    trouble: str
    imported: int
    repeated_in_file: int
    known_elsewhere: int
    expired: int
    faulty: int
    unit_cost: Money
    status: IntakeState
    reason: str
    brought_at: datetime
    decided_at: datetime | None
    batches: list[str]
    sold: int


class ReleaseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


def intake_out(i: Intake) -> IntakeOut:
    return IntakeOut(
        id=str(i.id),
        sku_id=str(i.sku_id),
        sku_code=i.sku_code,
        sku_zh=i.name_zh,
        sku_en=i.name_en,
        supplier_id=str(i.supplier_id),
        supplier_name=i.supplier_name,
        file_name=i.file_name,
        sha256=bytes(i.file_sha256).hex(),
        import_state=i.import_state,
        trouble=i.trouble,
        imported=i.imported,
        repeated_in_file=i.repeated_in_file,
        known_elsewhere=i.known_elsewhere,
        expired=i.expired,
        faulty=i.faulty,
        unit_cost=money.of(i.unit_cost_e4, i.currency),
        status=i.state,
        reason=i.reason,
        brought_at=i.brought_at,
        decided_at=i.decided_at,
        batches=[str(b) for b in i.batches],
        sold=i.sold,
    )
