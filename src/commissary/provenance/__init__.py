"""provenance: what happened to which codes, so that an outsider can check it later.

Owns: custody events. Promises: an event is written in the transaction of the deed it tells of, never changed, and its
leaf commits to parties and codes without naming them. Publishes: nothing. Relies on: base. Sources: RFC 9162 (leaf
prefix 0x00), 人民法院在线诉讼规则 Art. 16–18.
"""

from commissary.provenance.store import append, next_n

__all__ = ["append", "next_n"]
