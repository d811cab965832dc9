"""partners: buyers and suppliers as companies.

Owns: schema `partners` (tiers, buyers with their departments, suppliers with their papers, contacts). Promises: a buyer has a wallet from its first
moment, for it is made in the transaction that opens it; a suspended buyer's keys are refused within a second; phones and
mails are sealed and every look at them is recorded. A supplier's grade and whether it may be bought from follow from its
accepted papers and are never typed in; a paper ends with its last day whether or not a worker looks; a document that is not
the one on file is refused; what keeps a supplier from business is a row with a name and a reason. Publishes:
`supplier.paper_expiring`, `.lapsed`, `.qualified`, `.quarantined` (to the mall); raises the mall's epoch. Relies on:
`tenancy` for the organisations and keys. Sources: PIPL (personal data); 电子商务法 art. 27 (who sells is verified);
反洗钱法 art. 40 (lists of names); the grades of provenance A, B, C, X.
"""

from commissary.partners.buyers import (
    add_buyer,
    edit_buyer,
    get_buyer,
    issue_key,
    list_buyers,
    my_business,
    resume,
    set_my_business,
    set_tier,
    suspend,
)
from commissary.partners.contacts import add_contact, drop_contact, list_contacts, reveal_contact
from commissary.partners.departments import (
    add_department,
    company_of,
    department,
    department_shown,
    departments_of,
    drop_member,
    due_departments,
    edit_department,
    member_of,
    members_of,
    open_department,
    save_department,
    set_member,
)
from commissary.partners.expiry import watch_papers
from commissary.partners.listing import CompanyQuery, buyer_ids, buyers_by_id
from commissary.partners.own import FOR_BUYER, OWN
from commissary.partners.papers import (
    accept_paper,
    add_paper_rule,
    keep_file,
    list_paper_rules,
    list_papers,
    read_file,
    refuse_paper,
    submit_paper,
    withdraw_paper,
)
from commissary.partners.quarantines import (
    confirm,
    judge_conduct,
    judge_offer,
    list_quarantines,
    quarantine,
    release,
)
from commissary.partners.screening import list_name_lists, screen, upload_names
from commissary.partners.standing import grade_of, lapsed, qualified, standing_of
from commissary.partners.suppliers import add_supplier, edit_supplier, list_suppliers, set_company
from commissary.partners.terms import list_terms, set_terms, terms_at
from commissary.partners.tiers import add_tier, drop_tier, edit_tier, list_tiers

__all__ = [
    "FOR_BUYER",
    "OWN",
    "CompanyQuery",
    "accept_paper",
    "add_buyer",
    "add_contact",
    "add_department",
    "add_paper_rule",
    "add_supplier",
    "add_tier",
    "company_of",
    "buyer_ids",
    "buyers_by_id",
    "confirm",
    "department",
    "department_shown",
    "departments_of",
    "drop_contact",
    "drop_member",
    "drop_tier",
    "due_departments",
    "edit_buyer",
    "edit_department",
    "edit_supplier",
    "edit_tier",
    "get_buyer",
    "grade_of",
    "issue_key",
    "judge_conduct",
    "judge_offer",
    "keep_file",
    "lapsed",
    "list_buyers",
    "list_contacts",
    "list_name_lists",
    "list_paper_rules",
    "list_papers",
    "list_quarantines",
    "list_suppliers",
    "list_terms",
    "list_tiers",
    "member_of",
    "members_of",
    "my_business",
    "open_department",
    "qualified",
    "quarantine",
    "read_file",
    "refuse_paper",
    "release",
    "resume",
    "reveal_contact",
    "save_department",
    "screen",
    "set_company",
    "set_member",
    "set_my_business",
    "set_terms",
    "set_tier",
    "standing_of",
    "submit_paper",
    "suspend",
    "terms_at",
    "upload_names",
    "watch_papers",
    "withdraw_paper",
]
