"""tenancy: malls, organisations, people, roles, API keys, sign-ins, audit.

Owns: schema `tenancy`; the table of roles (`roles.py`). Promises: an act is allowed only by a permission that the table
names, and is in the audit log in its own transaction, without secrets; a session's role is read at each call; a revoked
key or suspended buyer is refused by every process within a second; another mall's ids are `not_found`; a sandbox's key or
session opens no live mall. Publishes: the
mall's epoch, raised by whatever processes cache. Relies on: `base`; row-level security. Sources: OWASP Password Storage
Cheat Sheet (argon2id), OWASP ASVS 5 chapter 7 (sessions), RFC 6749 section 4.4 (client credentials).
"""

from commissary.tenancy.audit import audit, list_audit, raise_epoch
from commissary.tenancy.authenticate import Gate, program_of, require_scope
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
)
from commissary.tenancy.mode import actor_of
from commissary.tenancy.organisations import (
    add_organisation,
    get_organisation,
    list_organisations,
    set_organisation,
)
from commissary.tenancy.password import hash_password, verify
from commissary.tenancy.people import add_person, change_password, list_people, set_person_status, set_role
from commissary.tenancy.roles import ROLES, allows, permissions_of, require, require_for
from commissary.tenancy.sessions import actor_of_token, me, presented_token, sign_in, sign_out
from commissary.tenancy.shadow import admit, in_sandbox, is_shadow, sandbox_of
from commissary.tenancy.tokens import grant, issue_token, read_token, unusable

__all__ = [
    "Epochs",
    "actor_of",
    "admit",
    "in_sandbox",
    "is_shadow",
    "sandbox_of",
    "Gate",
    "KeyCache",
    "ROLES",
    "actor_of_token",
    "add_organisation",
    "add_person",
    "allows",
    "audit",
    "change_password",
    "found_mall",
    "found_shadow",
    "is_empty",
    "get_organisation",
    "grant",
    "hash_password",
    "issue_key",
    "issue_token",
    "list_audit",
    "list_keys",
    "list_organisations",
    "list_people",
    "live_secrets",
    "load_offsets",
    "mall_of_key",
    "me",
    "move_clock",
    "open_malls",
    "permissions_of",
    "presented_token",
    "program_of",
    "raise_epoch",
    "read_token",
    "require",
    "require_scope",
    "require_for",
    "revoke_key",
    "rotate_key",
    "set_organisation",
    "set_person_status",
    "set_role",
    "sign_in",
    "sign_out",
    "unusable",
    "verify",
]
