"""approvals: acts that need a second person; rules, requests, decisions, delegation.

Owns: schema `approvals`. Promises: who asked never decides, also not through another; a request and its decision are written once
and cannot be changed by the runtime's roles; one request has one decision; the act is done in the transaction of its approval, with
exactly the bytes that were approved and the rights that the maker has then, or nothing of it is; a subject that has changed since
makes the approval fail. Publishes: `approval.asked`, `approval.decided`, `approval.mentioned`. Relies on: `base` (verbs that join a transaction, a keyed
seal), `tenancy`. The acts themselves are verbs of domains above: `app/acts.py` hands them in. Sources: decision 0021; 企业内部控制基本规范
article 29 (不相容职务分离); OWASP Transaction Authorization (what you see is what you sign).

    Acts.ask     do it, or write it down and ask
    decide       the second person's word
"""

from commissary.approvals.acts import Act, Acts
from commissary.approvals.decide import add_comment, decide, expire, withdraw
from commissary.approvals.guarded import ACTS as ROLE_ACTS
from commissary.approvals.read import (
    Shown,
    get_request,
    is_asked_about,
    list_requests,
    to_decide,
    waiting_for,
)
from commissary.approvals.set_rules import ACTS as RULE_ACTS
from commissary.approvals.set_rules import (
    delegate,
    end_delegation,
    list_delegates,
    list_rules,
)
from commissary.approvals.wire import ApprovalAsked, Doing, waits

ACTS = [*RULE_ACTS, *ROLE_ACTS]

__all__ = [
    "ACTS",
    "Act",
    "Acts",
    "ApprovalAsked",
    "Doing",
    "Shown",
    "add_comment",
    "decide",
    "delegate",
    "end_delegation",
    "expire",
    "get_request",
    "is_asked_about",
    "list_delegates",
    "list_requests",
    "list_rules",
    "to_decide",
    "waiting_for",
    "waits",
    "withdraw",
]
