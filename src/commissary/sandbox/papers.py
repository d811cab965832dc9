"""Companies that are none, with every paper that a Chinese company is asked for and letters from brands: for examples and sandboxes."""

import hashlib
from datetime import date, timedelta
from typing import Any

from commissary import partners
from commissary.base.env import Env
from commissary.partners.types import PaperDraft, PaperKind
from commissary.tenancy.types import Actor

NAME = "华东卡券供应链（示例供应商）"


async def open_supplier(env: Env, actor: Actor, name: str = NAME) -> int:
    """With its company papers accepted; nothing can be bought from it before."""
    made = await partners.add_supplier(env, actor, name=name, settlement_days=15)
    await partners.set_company(
        env,
        actor,
        made.id,
        legal_name=name,
        country="CN",
        registration_no=f"91310000EX{made.id % 10**8:08d}",
        owners=["示例"],
    )
    own = {"holder": name, "issuer": "示例机关"}
    await _accepted(env, actor, made.id, "business_licence", number=f"91310000EX{made.id % 10**8:08d}", **own)
    await _accepted(env, actor, made.id, "bank_account", **own)
    await _accepted(env, actor, made.id, "legal_person_id")
    await _accepted(env, actor, made.id, "beneficial_owner")
    return made.id


async def authorise(env: Env, actor: Actor, supplier: int, brand: int, owner: str, name: str = NAME) -> None:
    """One hop: the brand's owner authorises the supplier, so its goods are of grade B."""
    await _accepted(env, actor, supplier, "brand_ownership", holder=owner, brand_ids=(brand,))
    letter = {"issuer": owner, "holder": name, "number": f"SQ-{brand}", "brand_ids": (brand,)}
    await _accepted(env, actor, supplier, "brand_authorisation", **letter)


async def _accepted(env: Env, actor: Actor, supplier: int, kind: PaperKind, **more: Any) -> None:
    document = f"示例材料 {kind} {sorted(more.items())}".encode()
    today = env.now(actor.mall_id).date()
    digest = hashlib.sha256(document).digest()
    draft = PaperDraft(
        kind=kind,
        sha256=digest,
        size_bytes=len(document),
        valid_from=today - timedelta(days=30),
        valid_to=date(today.year + 3, 1, 1),
        file_name=f"{kind}.txt",
        **more,
    )
    paper = await partners.submit_paper(env, actor, supplier, draft)
    await partners.keep_file(env, actor, paper.id, document)
    await partners.accept_paper(env, actor, paper.id, digest)
