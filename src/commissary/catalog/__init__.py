"""catalog: brand → product → SKU; what a top-up asks for; what may be listed; tax rules.

Owns: schema `catalog`. Promises: one model for every kind of digital goods; nothing is listed while its classification
is incomplete or the law's limits forbid it; every version of a SKU that was ever shown is kept; an edit made from an
old version is refused; a top-up for an account that is known to be dead, ported or
another carrier's is refused before anything is charged. Publishes: nothing; raises the mall's epoch. Relies on: `tenancy`. Sources: 商务部令2012第9号 and
七部委2011 (prepaid cards), 非银行支付机构条例 article 15, 增值税法 articles 10–11, 公告2016年第53号.
"""

from commissary.catalog.accounts import Accounts
from commissary.catalog.brands import (
    add_brand,
    add_product,
    edit_brand,
    edit_product,
    list_brands,
    list_products,
)
from commissary.catalog.dated import add_tax_rule, list_tax_rules, seed_rules
from commissary.catalog.delist import delist_skus
from commissary.catalog.listing import SkuQuery, sku_ids
from commissary.catalog.rules import check_fields, tax_rule_at
from commissary.catalog.sheets import every_sku, listing_faults, products_of, skus_by_id, versions_shown
from commissary.catalog.skus import (
    create_in,
    create_sku,
    delete_in,
    delete_sku,
    delist_sku,
    edit_in,
    edit_sku,
    form_faults,
    get_sku,
    list_sku,
    list_skus,
)
from commissary.catalog.store import load_cards, load_tax_rules, sellable, sku_version, stamp

__all__ = [
    "Accounts",
    "SkuQuery",
    "add_brand",
    "add_product",
    "add_tax_rule",
    "check_fields",
    "create_in",
    "create_sku",
    "delete_in",
    "delete_sku",
    "delist_sku",
    "delist_skus",
    "edit_brand",
    "edit_in",
    "edit_product",
    "edit_sku",
    "every_sku",
    "form_faults",
    "get_sku",
    "list_brands",
    "list_products",
    "list_sku",
    "list_skus",
    "list_tax_rules",
    "listing_faults",
    "load_cards",
    "load_tax_rules",
    "products_of",
    "sellable",
    "seed_rules",
    "sku_version",
    "sku_ids",
    "skus_by_id",
    "stamp",
    "tax_rule_at",
    "versions_shown",
]
