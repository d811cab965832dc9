"""What a supplier said beyond its protocol, in clear, for one person at a time."""

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.fulfilment.evidence import open_evidence
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor, TenancyRefusal, Watermark

REMASK_S = 30


class EvidenceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: the log of who saw what keeps it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class EvidenceField(msgspec.Struct, frozen=True):
    """Where it stood in the answer, `*` being all of one that could not be read, and its value in JSON, cut when it is
    long."""

    name: str
    value: str

    def __repr__(self) -> str:
        return "EvidenceField(…)"


class EvidenceOut(msgspec.Struct, frozen=True):
    """A page hides it again after `remask_after_s`."""

    fields: list[EvidenceField]
    remask_after_s: int
    watermark: Watermark


@post(
    "/console/v1/purchases/{purchase_id:str}/evidence",
    operation_id="openEvidence",
    tags=["Work"],
    summary="What a supplier said of a purchase beyond its protocol, in clear; who looked is recorded before it is shown",
    description="Fields of the supplier's answers that its protocol does not know, kept sealed; there may be a code in them. Asks for `stock.reveal`, a reason "
    "and a fresh proof.",
    opt=said(
        "查看采购留存证据明文（先记录后显示）",
        "供应商应答中协议以外的字段，密封保存，可能含卡密。需 `stock.reveal` 权限、理由与二次验证。",
        RequestRefusal.not_found,
        SupplyRefusal.attempt_not_found,
        SupplyRefusal.no_evidence,
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
    ),
    status_code=200,
)
async def evidence_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchase_id: FromPath[str],
    data: JSONBody[EvidenceIn],
) -> Response[EvidenceOut]:
    found = await open_evidence(env, actor, number(purchase_id), data.reason)
    fields = [EvidenceField(one.name, one.value) for one in found.fields]
    return Response(EvidenceOut(fields, REMASK_S, found.seen), headers={"cache-control": "no-store"})


ROUTES = [evidence_route]
