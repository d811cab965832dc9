"""provenance: what happened to which codes, so that an outsider can check it later.

Owns: schema `provenance`: custody events, and the transparency log over them, one per home (decision 16).

    deed ─ event ─┬─ outbox ─> sequencer ─ place, tiles ─> checkpoint, signed ─> files · /log/<mall>/… · witnesses
                  └ its leaf: a salted commitment, all that the public log has of it

Promises: an event is written in the transaction of the deed it tells of, never changed, and its leaf commits to parties and
codes without naming them; every committed event gets exactly one place, gap-free, in commit order, within seconds, and
placement waits for none of it; what a checkpoint covers is in every later one; a third party stamps its time on one a day, if one is set; a proof verifies offline with
`verifier/verify.py`, which shares no line with this package. Publishes: nothing. Relies on: tenancy, base (the outbox tells
the sequencer where to look: whoever appends an event publishes one of the same subject). Sources: RFC 9162, C2SP
tlog-tiles, tlog-checkpoint, tlog-witness, tlog-cosignature, RFC 3161, 人民法院在线诉讼规则 Art. 16–18.
"""

from pathlib import Path

from commissary.provenance.door import LogDoor
from commissary.provenance.keeper import Keeper
from commissary.provenance.keys import public as log_key
from commissary.provenance.sequence import CONSUMER, sweep_again
from commissary.provenance.sign import consistency, prove
from commissary.provenance.stamp import Authority, Stamp, trouble_of
from commissary.provenance.stamp import newest as newest_stamp
from commissary.provenance.store import (
    append,
    checkpoint,
    events_of,
    next_n,
    next_ns,
    recalled_before,
    witnesses,
)
from commissary.provenance.tiles import export
from commissary.provenance.tokens import page_token, read_page_token
from commissary.provenance.verifier.verify import Fault, verify_log, verify_proof
from commissary.provenance.witness import add_witness, watch

VERIFIER = Path(__file__).with_name("verifier") / "verify.py"

__all__ = [
    "Authority",
    "CONSUMER",
    "Stamp",
    "VERIFIER",
    "Fault",
    "Keeper",
    "LogDoor",
    "add_witness",
    "append",
    "checkpoint",
    "consistency",
    "events_of",
    "export",
    "log_key",
    "newest_stamp",
    "next_n",
    "next_ns",
    "page_token",
    "prove",
    "read_page_token",
    "recalled_before",
    "sweep_again",
    "trouble_of",
    "verify_log",
    "verify_proof",
    "watch",
    "witnesses",
]
