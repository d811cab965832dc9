"""tenancy: malls, organisations, people, roles, API keys, sign-ins and factors, audit, who saw what.

Owns: schema `tenancy`; the table of roles (`roles.py`), malls' own roles, invitations. Promises: an act is allowed only by a permission that the table
names, and is in the audit log in its own transaction, without secrets; a session's role is read at each call; a revoked
key or suspended buyer is refused by every process within a second; another mall's ids are `not_found`; a sandbox's key or
session opens no live mall; a factor opens one thing once; a secret is shown only after its look was written down (`look`). Publishes: `reveals.locked`; the mall's epoch,
raised by whatever processes cache. Relies on: `base`; row-level security. Sources: OWASP Password Storage
Cheat Sheet (argon2id), OWASP ASVS 5 chapter 7 (sessions), RFC 6749 section 4.4 (client credentials), RFC 6238 (TOTP),
WebAuthn level 2 (passkeys).
"""

from commissary.tenancy.audit import audit, list_audit, raise_epoch
from commissary.tenancy.audit_listing import AuditQuery, audit_cursor, look_audit
from commissary.tenancy.authenticate import (
    Gate,
    actor_of,
    caller_of,
    is_person,
    program_of,
    require_scope,
)
from commissary.tenancy.found import found_mall, found_shadow, is_empty, load_offsets, move_clock, open_malls
from commissary.tenancy.keys import (
    Epochs,
    KeyCache,
    issue_key,
    list_keys,
    live_secrets,
    mall_of_key,
    revoke_key,
    rotate_key,
    set_addresses,
)
from commissary.tenancy.mode import signed_in
from commissary.tenancy.organisations import (
    add_organisation,
    get_organisation,
    list_organisations,
    set_organisation,
)
from commissary.tenancy.own_roles import (
    OwnRole,
    RoleDraft,
    check_draft,
    check_edit,
    delete_role,
    edit_role,
    make_role,
)
from commissary.tenancy.password import hash_password, verify
from commissary.tenancy.people import add_person, change_password, list_people, set_person_status, set_role
from commissary.tenancy.permission_words import permission_words
from commissary.tenancy.proof import require_proof
from commissary.tenancy.reveals import look
from commissary.tenancy.roles import ROLES, allows, permissions_of, require, require_for
from commissary.tenancy.sessions import actor_of_token, me, presented_token, sign_out
from commissary.tenancy.shadow import admit, in_sandbox, is_shadow, sandbox_of
from commissary.tenancy.sign_in import sign_in
from commissary.tenancy.signature import signature_of
from commissary.tenancy.standing import (
    actor_now,
    currency_of,
    holders_of,
    is_staff,
    is_staff_role,
    names_for,
    names_of,
    staff,
)
from commissary.tenancy.tokens import grant, issue_token, read_token, unusable
from commissary.tenancy.views import ViewDraft, save_view

__all__ = [
    "ViewDraft",
    "save_view",
    "AuditQuery",
    "Epochs",
    "admit",
    "in_sandbox",
    "signature_of",
    "signed_in",
    "is_shadow",
    "sandbox_of",
    "Gate",
    "KeyCache",
    "OwnRole",
    "ROLES",
    "actor_of",
    "RoleDraft",
    "actor_now",
    "actor_of_token",
    "add_organisation",
    "add_person",
    "allows",
    "audit",
    "caller_of",
    "audit_cursor",
    "change_password",
    "check_draft",
    "check_edit",
    "currency_of",
    "delete_role",
    "edit_role",
    "found_mall",
    "found_shadow",
    "is_empty",
    "get_organisation",
    "grant",
    "hash_password",
    "is_person",
    "holders_of",
    "is_staff",
    "is_staff_role",
    "issue_key",
    "issue_token",
    "list_audit",
    "list_keys",
    "list_organisations",
    "list_people",
    "live_secrets",
    "load_offsets",
    "look",
    "make_role",
    "look_audit",
    "mall_of_key",
    "me",
    "move_clock",
    "names_for",
    "names_of",
    "open_malls",
    "permission_words",
    "permissions_of",
    "presented_token",
    "program_of",
    "raise_epoch",
    "read_token",
    "require",
    "require_scope",
    "require_for",
    "require_proof",
    "revoke_key",
    "rotate_key",
    "set_addresses",
    "set_organisation",
    "set_person_status",
    "set_role",
    "sign_in",
    "sign_out",
    "staff",
    "unusable",
    "verify",
]
