"""What every domain offers to the world: its refusals, for the catalogue, and its routes."""

from litestar.types import ControllerRouterHandler

from commissary import (
    stock,
    web,
)
from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.outgoing import OutgoingRefusal
from commissary.base.table_file import TableRefusal
from commissary.catalog import routes as catalog_routes
from commissary.catalog.types import AccountRefusal, CatalogRefusal
from commissary.fulfilment import routes as fulfilment_routes
from commissary.fulfilment.types import FulfilmentRefusal
from commissary.insight import routes as insight_routes
from commissary.jobs import routes as job_routes
from commissary.jobs.types import JobRefusal
from commissary.ledger import routes as ledger_routes
from commissary.ledger.types import LedgerRefusal
from commissary.notify import routes as notify_routes
from commissary.notify.types import NotifyRefusal
from commissary.orders import routes as order_routes
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import routes as face_routes
from commissary.partnerapi.types import FaceRefusal
from commissary.partners import routes as partner_routes
from commissary.partners.types import PartnerRefusal
from commissary.pricing import routes as pricing_routes
from commissary.pricing.types import PricingRefusal
from commissary.provenance.types import ProvenanceRefusal
from commissary.risk import routes as risk_routes
from commissary.risk.types import RiskRefusal
from commissary.sandbox import routes as sandbox_routes
from commissary.sandbox.types import SandboxRefusal
from commissary.settlement import routes as settlement_routes
from commissary.settlement.types import SettlementRefusal
from commissary.stock import routes as stock_routes
from commissary.stock.types import StockRefusal
from commissary.supply import routes as supply_routes
from commissary.supply.types import SupplyRefusal
from commissary.tenancy import routes as tenancy_routes
from commissary.tenancy.types import AuthRefusal, TenancyRefusal

# Every refusal a caller may meet, by the domain that says it: the catalogue of /docs/errors.
REFUSALS: dict[str, type[Refusal]] = {
    "request": RequestRefusal,
    "authentication": AuthRefusal,
    "tenancy": TenancyRefusal,
    "partners": PartnerRefusal,
    "catalog": CatalogRefusal,
    "accounts": AccountRefusal,
    "ledger": LedgerRefusal,
    "risk": RiskRefusal,
    "stock": StockRefusal,
    "code files": stock.CodeFileRefusal,
    "tables": TableRefusal,
    "pricing": PricingRefusal,
    "orders": OrderRefusal,
    "supply": SupplyRefusal,
    "fulfilment": FulfilmentRefusal,
    "settlement": SettlementRefusal,
    "jobs": JobRefusal,
    "notify": NotifyRefusal,
    "provenance": ProvenanceRefusal,
    "outgoing": OutgoingRefusal,
    "faces": FaceRefusal,
    "sandbox": SandboxRefusal,
}


ROUTES: list[ControllerRouterHandler] = [
    *tenancy_routes.ROUTES,
    *partner_routes.ROUTES,
    *catalog_routes.ROUTES,
    *catalog_routes.ACCOUNT_ROUTES,
    *ledger_routes.ROUTES,
    *risk_routes.ROUTES,
    *stock_routes.ROUTES,
    *pricing_routes.ROUTES,
    *order_routes.ROUTES,
    *supply_routes.ROUTES,
    *fulfilment_routes.ROUTES,
    *settlement_routes.ROUTES,
    *notify_routes.ROUTES,
    *job_routes.ROUTES,
    *insight_routes.ROUTES,
    *face_routes.ROUTES,
    *sandbox_routes.ROUTES,
    *web.META_ROUTES,
    *web.CHANGE_ROUTES,
]


# What a route may name beside `env`, `actor` and `caller`.
OFFERED = (
    "desk",
    "key_cache",
    "outgoing",
    "public_url",
    "purchasing",
    "buying",
    "errors",
    "live",
    "sandbox",
    "mirror",
)
