"""What every domain offers to the world: its refusals, for the catalogue, and its routes."""

from litestar.types import ControllerRouterHandler

from commissary import (
    stock,
    web,
)
from commissary.approvals import routes as approval_routes
from commissary.approvals.types import ApprovalRefusal
from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.outgoing import OutgoingRefusal
from commissary.base.table_file import TableRefusal
from commissary.bulk import routes as bulk_routes
from commissary.bulk.types import BulkRefusal
from commissary.catalog import routes as catalog_routes
from commissary.catalog.types import AccountRefusal, CatalogRefusal
from commissary.fulfilment import own_routes as own_fulfilment
from commissary.fulfilment import routes as fulfilment_routes
from commissary.fulfilment.types import FulfilmentRefusal
from commissary.insight import own_routes as own_insight
from commissary.insight import routes as insight_routes
from commissary.jobs import routes as job_routes
from commissary.jobs.types import JobRefusal
from commissary.ledger import routes as ledger_routes
from commissary.ledger.types import LedgerRefusal
from commissary.notify import own_routes as own_notify
from commissary.notify import routes as notify_routes
from commissary.notify.types import NotifyRefusal
from commissary.orders import own_routes as own_orders
from commissary.orders import routes as order_routes
from commissary.orders.types import OrderRefusal
from commissary.partnerapi import routes as face_routes
from commissary.partnerapi.types import FaceRefusal
from commissary.partners import routes as partner_routes
from commissary.partners.types import PartnerRefusal
from commissary.pricing import own_routes as own_pricing
from commissary.pricing import routes as pricing_routes
from commissary.pricing.types import PricingRefusal
from commissary.provenance.types import ProvenanceRefusal
from commissary.requests import routes as request_routes
from commissary.requests.types import RequestRefusal as PurchaseRefusal
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
    "approvals": ApprovalRefusal,
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
    "requests": PurchaseRefusal,
    "supply": SupplyRefusal,
    "fulfilment": FulfilmentRefusal,
    "settlement": SettlementRefusal,
    "jobs": JobRefusal,
    "notify": NotifyRefusal,
    "provenance": ProvenanceRefusal,
    "outgoing": OutgoingRefusal,
    "faces": FaceRefusal,
    "bulk": BulkRefusal,
    "sandbox": SandboxRefusal,
}


ROUTES: list[ControllerRouterHandler] = [
    *tenancy_routes.ROUTES,
    *approval_routes.ROUTES,
    *partner_routes.ROUTES,
    *catalog_routes.ROUTES,
    *catalog_routes.ACCOUNT_ROUTES,
    *ledger_routes.ROUTES,
    *risk_routes.ROUTES,
    *stock_routes.ROUTES,
    *pricing_routes.ROUTES,
    *order_routes.ROUTES,
    *request_routes.ROUTES,
    *supply_routes.ROUTES,
    *fulfilment_routes.ROUTES,
    *settlement_routes.ROUTES,
    *notify_routes.ROUTES,
    *job_routes.ROUTES,
    *bulk_routes.ROUTES,
    *insight_routes.ROUTES,
    *face_routes.ROUTES,
    # What a buyer's own people may do with their company's rows, after the domains whose functions they share.
    *own_pricing.ROUTES,
    *own_orders.ROUTES,
    *own_fulfilment.ROUTES,
    *own_notify.ROUTES,
    *own_insight.ROUTES,
    *sandbox_routes.ROUTES,
    *web.META_ROUTES,
    *web.CHANGE_ROUTES,
]


# What a route may name beside `env`, `actor` and `caller`.
OFFERED = (
    "acts",
    "desk",
    "key_cache",
    "outgoing",
    "public_url",
    "purchasing",
    "buying",
    "errors",
    "live",
    "engine",
    "replayer",
    "forwarder",
    "sandbox",
    "mirror",
)
