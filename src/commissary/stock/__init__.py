"""stock: batches, lots and codes in the vault.

Owns: schema `stock`. A batch holds the codes of one import and one expiry under one data key, encrypted, numbered from 1.
A lot is a range of a batch: codes below its counter are sold, the others are in its state.

    receiving ─seal→ open ─sales→ sold_out
                     open ⇄ frozen          freeze, unfreeze; recall freezes for good
                     open → expired         its time is over
        open|frozen|expired → void          written off
        open|frozen|expired → returned      sent back to the supplier

What a supplier's own people bring is frozen when it is sealed, and opened by a release of the mall's (`intakes.py`).

Promises: a code is imported once over all malls; a killed import goes on where it was; nothing unsealed is for sale, nor what a supplier brought and nobody released;
each code is in exactly one lot; every act is idempotent, audited and in custody; no new stock of a supplier that may not
be bought from, and what nobody fit supplies leaves the sale. No code in clear in the database.
Publishes: stock.received, .frozen, .released, .recalled, .voided, .returned, .returned_to_supplier, .expired, .shredded
(subject: the batch), stock.low and sku.delisted (subject: the SKU). Relies on: catalog (SKU, brand), partners, tenancy, provenance, base.
Sources: NIST SP 800-38D (random nonces), RFC 9162 section 2.1.1 (the tree over a batch's commitments).
"""

from commissary.stock.card_file import CodeFileRefusal
from commissary.stock.card_file import mask as mask_cell
from commissary.stock.card_file import sniff as sniff_codes
from commissary.stock.counts import available, get_batch, import_faults, low_stock, summary, watch_low
from commissary.stock.expire import expire_due
from commissary.stock.export_codes import export_codes
from commissary.stock.freeze import freeze, recall, unfreeze
from commissary.stock.guarded import ACTS, RefundRecall
from commissary.stock.import_codes import STOPPED, import_codes
from commissary.stock.intakes import list_intakes
from commissary.stock.listing import BatchQuery, batch_ids, batches_by_id
from commissary.stock.receive import (
    LINE_ROOM,
    Bought,
    Raced,
    by_hand,
    claim_codes,
    find_code,
    known_codes,
    receive,
)
from commissary.stock.return_ranges import return_ranges
from commissary.stock.rotate import rewrap, shred, shred_again
from commissary.stock.set_aside import return_to_supplier, void_range
from commissary.stock.sources import LOTS, Sources, delist_unsupplied, genuine, genuine_of, sources_of
from commissary.stock.upload import UPLOAD_MAX, read_upload
from commissary.stock.vault import Locked, Vault
from commissary.stock.wire import SkuSourcesOut, sources_out

__all__ = [
    "get_batch",
    "SkuSourcesOut",
    "sources_out",
    "ACTS",
    "RefundRecall",
    "Bought",
    "LINE_ROOM",
    "Raced",
    "by_hand",
    "claim_codes",
    "known_codes",
    "receive",
    "CodeFileRefusal",
    "LOTS",
    "Locked",
    "Sources",
    "UPLOAD_MAX",
    "Vault",
    "STOPPED",
    "BatchQuery",
    "available",
    "batch_ids",
    "batches_by_id",
    "delist_unsupplied",
    "expire_due",
    "export_codes",
    "find_code",
    "freeze",
    "genuine",
    "genuine_of",
    "import_codes",
    "import_faults",
    "list_intakes",
    "low_stock",
    "mask_cell",
    "read_upload",
    "recall",
    "return_ranges",
    "return_to_supplier",
    "rewrap",
    "shred",
    "shred_again",
    "sniff_codes",
    "sources_of",
    "summary",
    "unfreeze",
    "void_range",
    "watch_low",
]
