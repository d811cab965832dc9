"""Who may do what, as one table. Pure: a role names permissions, and nothing is allowed that is not named here.

`<domain>.read` and `<domain>.write` are a mall's own staff's rights over all its rows. `own.*` are the rights of a
partner's people over their own organisation's rows only; no partner role ever has the other kind.
"""

from collections.abc import Collection
from dataclasses import dataclass

from commissary.base.errors import Refused
from commissary.tenancy.types import Actor, OrganisationKind, TenancyRefusal

READ = frozenset(
    f"{domain}.read"
    for domain in [
        "mall",
        "people",
        "keys",
        "audit",
        "partners",
        "catalog",
        "ledger",
        "payments",
        "risk",
        "stock",
        "supply",
        "pricing",
        "orders",
        "fulfilment",
        "aftersale",
        "commission",
        "settlement",
        "storefront",
        "notify",
        "insight",
        "provenance",
        "jobs",
        "approvals",
        "sandbox",
    ]
)
WRITE = frozenset(
    name.replace(".read", ".write") for name in READ - {"audit.read", "insight.read", "provenance.read"}
)

# Acts that move money or show goods in clear: no role but the owner's has them by way of a plain `write`.
SPECIAL = frozenset(
    {
        "stock.reveal",  # see codes in clear
        "stock.export",
        "stock.import",  # bring codes in
        "stock.freeze",  # stop the sale of a batch, and recall it
        "stock.void",  # write codes off, or return them to their supplier
        "ledger.adjust",  # correct a balance by hand
        "ledger.credit",  # set credit limits
        "pricing.floor",  # sell below the floor
        "orders.place",  # order for a buyer by hand, with his money
        "aftersale.refund",
        "settlement.payout",
        "approvals.decide",  # be the second person; `approvals.write` sets the rules
    }
)
OWN = frozenset(
    [
        "own.orders.read",
        "own.orders.write",
        "own.codes.read",
        "own.balance.read",
        "own.catalog.read",
        "own.keys.write",
        "own.people.write",
        "own.departments.write",  # open departments, move money to and from them, set what their members buy alone
        "own.requests.write",  # ask to buy, for the departments one belongs to
        "own.requests.decide",  # the second person's word, in every department
        "own.webhooks.write",
        "own.supply.read",
        "own.supply.write",
        "own.settlement.read",
    ]
)
ALL = READ | WRITE | SPECIAL | OWN

STAFF: tuple[OrganisationKind, ...] = ("mall",)


@dataclass(frozen=True)
class Role:
    """`kinds`: of organisations in which it can be held."""

    zh: str
    en: str
    kinds: tuple[OrganisationKind, ...]
    permissions: frozenset[str]


def _of(text: str) -> frozenset[str]:
    found = frozenset(text.split())
    assert found <= ALL, found - ALL
    return found


ROLES: dict[str, Role] = {
    "owner": Role("所有者", "Owner", STAFF, ALL - OWN),
    "purchasing": Role(
        "采购",
        "Purchasing",
        STAFF,
        _of(
            "catalog.read catalog.write stock.read stock.write stock.import stock.freeze supply.read supply.write pricing.read partners.read "
            "orders.read fulfilment.read insight.read provenance.read settlement.read jobs.read mall.read"
        ),
    ),
    "fulfilment": Role(
        "发放",
        "Fulfilment",
        STAFF,
        _of(
            "orders.read orders.write fulfilment.read fulfilment.write stock.read stock.reveal catalog.read "
            "partners.read aftersale.read risk.read notify.read jobs.read provenance.read mall.read"
        ),
    ),
    "finance": Role(
        "财务",
        "Finance",
        STAFF,
        _of(
            "ledger.read ledger.write ledger.adjust ledger.credit payments.read payments.write settlement.read "
            "settlement.write settlement.payout supply.read commission.read commission.write aftersale.read aftersale.refund "
            "pricing.read partners.read orders.read catalog.read insight.read provenance.read audit.read jobs.read "
            "approvals.read approvals.decide mall.read"
        ),
    ),
    "support": Role(
        "客服",
        "Support",
        STAFF,
        _of(
            "orders.read orders.place fulfilment.read aftersale.read aftersale.write partners.read catalog.read stock.read "
            "risk.read notify.read provenance.read mall.read"
        ),
    ),
    "developer": Role(
        "开发",
        "Developer",
        STAFF,
        _of(
            "keys.read keys.write notify.read notify.write catalog.read orders.read partners.read supply.read "
            "jobs.read jobs.write storefront.read provenance.read mall.read sandbox.read sandbox.write"
        ),
    ),
    "readonly": Role("只读", "Read only", STAFF, READ - {"audit.read", "keys.read", "people.read"}),
    "supplier": Role(
        "供应商",
        "Supplier",
        ("supplier",),
        _of(
            "own.supply.read own.supply.write own.settlement.read own.people.write own.keys.write own.webhooks.write"
        ),
    ),
    "distributor": Role(
        "分销商",
        "Distributor",
        ("buyer",),
        _of(
            "own.orders.read own.orders.write own.codes.read own.balance.read own.catalog.read own.keys.write "
            "own.people.write own.webhooks.write own.settlement.read own.departments.write own.requests.write "
            "own.requests.decide"
        ),
    ),
    "enterprise": Role(
        "企业客户",
        "Enterprise",
        ("enterprise", "buyer"),
        _of(
            "own.orders.read own.orders.write own.codes.read own.balance.read own.catalog.read own.keys.write "
            "own.people.write own.webhooks.write own.settlement.read own.departments.write own.requests.write "
            "own.requests.decide"
        ),
    ),
    "employee": Role(
        "企业员工",
        "Employee",
        ("enterprise", "buyer"),
        _of("own.catalog.read own.requests.write"),
    ),
}


# What a role of a mall's own can be made of, by the kind of organisation in which it is held.
BY_KIND: dict[OrganisationKind, frozenset[str]] = {
    "mall": ROLES["owner"].permissions,
    "buyer": ROLES["distributor"].permissions,
    "supplier": ROLES["supplier"].permissions,
    "enterprise": ROLES["enterprise"].permissions,
}
OWN_PREFIX = "own:"  # then its id


def permissions_of(role: str, own: Collection[str] | None = None) -> frozenset[str]:
    """What a role may; nothing for a name that is not in the table. `own`: those of a role of the mall's own; a permission that
    there is no more is none."""
    if role.startswith(OWN_PREFIX):
        return frozenset(own or ()) & ALL
    known = ROLES.get(role)
    return known.permissions if known else frozenset()


def allows(actor: Actor, permission: str) -> bool:
    """The system and the command line act for the platform itself and carry `*`."""
    return permission in actor.permissions or "*" in actor.permissions


def require(actor: Actor, permission: str) -> None:
    """Refuses `forbidden`."""
    if not allows(actor, permission):
        raise Refused(TenancyRefusal.forbidden, permission=permission)


def require_for(actor: Actor, permission: str, organisation_id: int) -> None:
    """The mall's staff by `permission`; a partner's people by `own.<permission>`, in their own organisation."""
    if allows(actor, permission):
        return
    if organisation_id == actor.organisation_id and allows(actor, f"own.{permission}"):
        return
    raise Refused(TenancyRefusal.forbidden, permission=permission)
