"""partnerapi: faces that speak other systems' protocols, so that shops that exist already can buy from us today.

Owns: `/faces/<name>/…`, one file per protocol (acg_faka, dujiao_next, kakayun, xianguanjia); schema `partnerapi` (short
numbers of goods and brands, the mall's applications with operators, callbacks on their way). Promises: a credential is an
API key like any other, account name = key id, secret = one of its live secrets, so scopes, addresses, revocation, risk and
ledger hold as they do under /v1; every order is placed by the same verb with the face's name as its channel; a repetition
is one order, other contents under its number are refused; every refusal has a word in every protocol, and nothing that may
have been bought is called a no; codes stand in answers and callbacks to the key's holder and nowhere else. Publishes:
nothing. Relies on: `orders` (the partner edge's gate, desk and forwarding), `pricing`, `catalog`, `ledger`, `tenancy`,
`base.outgoing`. Sources: lizhipay/acg-faka 3.6.0; Dujiao-Next 站点对接 1.0; 卡卡云 v3; 闲管家虚拟货源标准接口.

    call ─> dispatch ─> face: who? ─> what, in our words ─> counter ─> orders.Desk
                          └────── the protocol's answer, or its word for our refusal ──┘
"""

from commissary.partnerapi.applications import application_of, enter_application
from commissary.partnerapi.callbacks import enqueue
from commissary.partnerapi.dispatch import ROOT, Faces

__all__ = ["ROOT", "Faces", "application_of", "enqueue", "enter_application"]
