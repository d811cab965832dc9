"""A supplier with papers, in a line each: what a test of its standing begins with."""

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from commissary import catalog, partners
from commissary.partners.types import Fitness, Paper, PaperDraft, Supplier
from make.tenancy import House

COMPANY = ("business_licence", "legal_person_id", "beneficial_owner", "bank_account")


@dataclass
class Desk:
    """A mall's desk for suppliers, on the house's clock."""

    house: House

    @property
    def today(self) -> date:
        return self.house.clock.now.date()

    async def supplier(self, name: str = "Mill Ltd", **more: Any) -> Supplier:
        return await partners.add_supplier(self.house.env, self.house.actor, name=name, **more)

    async def brand(self, name: str = "Coffee") -> int:
        made = await catalog.add_brand(self.house.env, self.house.actor, name_zh=name, name_en=name)
        return made.id

    async def hand_in(self, supplier: int, kind: str, *, content: bytes | None = None, **more: Any) -> Paper:
        """Submitted with its document; `days` from today it is good for."""
        document = content if content is not None else f"{kind} {supplier} {sorted(more.items())}".encode()
        days = more.pop("days", None)
        last = None if days is None else self.today + timedelta(days=days)
        told = {"valid_from": self.today - timedelta(days=365), "valid_to": last} | more
        told |= {"sha256": hashlib.sha256(document).digest(), "size_bytes": len(document)}
        draft = PaperDraft(kind=kind, **told)  # type: ignore[arg-type]
        paper = await partners.submit_paper(self.house.env, self.house.actor, supplier, draft)
        return await partners.keep_file(self.house.env, self.house.actor, paper.id, document)

    async def accepted(self, supplier: int, kind: str, **more: Any) -> Paper:
        paper = await self.hand_in(supplier, kind, **more)
        return await partners.accept_paper(self.house.env, self.house.actor, paper.id, paper.sha256)

    async def company(
        self, supplier: int, name: str = "Mill Ltd", *, skip: Sequence[str] = (), **days: int
    ) -> None:
        """Every paper of a Chinese company; `days=…` by kind."""
        for kind in COMPANY:
            if kind not in skip:
                holder = name if kind in ("business_licence", "bank_account") else ""
                await self.accepted(supplier, kind, holder=holder, days=days.get(kind))

    async def letters(self, supplier: int, brand: int, *names: str, days: int | None = None) -> list[Paper]:
        """The issuer's proof, then a letter from each name to the next."""
        made = [
            await self.accepted(supplier, "brand_ownership", holder=names[0], brand_ids=(brand,), days=days)
        ]
        for giver, getter in itertools.pairwise(names):
            made.append(
                await self.accepted(
                    supplier,
                    "brand_authorisation",
                    issuer=giver,
                    holder=getter,
                    brand_ids=(brand,),
                    days=days,
                )
            )
        return made

    async def fit(self, supplier: int, brand: int | None = None, class_: str | None = None) -> Fitness:
        mall = self.house.mall
        async with self.house.env.db.transaction(mall) as tx:
            [found] = await partners.qualified(
                tx,
                mall,
                [supplier],
                None if brand is None else [brand],
                at=self.house.env.now(mall),
                instrument_classes=[class_],
            )
        return found

    async def watch(self) -> Any:
        return await partners.watch_papers(
            self.house.env, self.house.mall, self.house.env.now(self.house.mall)
        )
