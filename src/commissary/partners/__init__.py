"""partners: buyers and suppliers as companies.

Owns: schema `partners` (tiers, buyers, suppliers, contacts). Promises: a buyer has a wallet from its first moment, for
it is made in the transaction that opens it; a suspended buyer's keys are refused within a second; phones and mails are
sealed and every look at them is recorded. Publishes: nothing; raises the mall's epoch. Relies on: `tenancy` for the
organisations and keys. Sources: PIPL (personal data); the grades of provenance A, B, C, X.
"""

from commissary.partners.buyers import (
    add_buyer,
    edit_buyer,
    get_buyer,
    issue_key,
    list_buyers,
    resume,
    set_tier,
    suspend,
)
from commissary.partners.contacts import add_contact, drop_contact, list_contacts, reveal_contact
from commissary.partners.suppliers import add_supplier, edit_supplier, list_suppliers
from commissary.partners.tiers import add_tier, drop_tier, edit_tier, list_tiers

__all__ = [
    "add_buyer",
    "add_contact",
    "add_supplier",
    "add_tier",
    "drop_contact",
    "drop_tier",
    "edit_buyer",
    "edit_supplier",
    "edit_tier",
    "get_buyer",
    "issue_key",
    "list_buyers",
    "list_contacts",
    "list_suppliers",
    "list_tiers",
    "resume",
    "reveal_contact",
    "set_tier",
    "suspend",
]
