"""The Merkle tree over a batch's commitments (RFC 9162, section 2.1.1), grown leaf by leaf. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

_sha256 = hashlib.sha256


@dataclass
class Tree:
    """Holds one hash per set bit of `size`: the perfect subtrees from left to right."""

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def extend(self, leaves: Iterable[bytes]) -> None:
        size, peaks = self.size, self._peaks
        for leaf in leaves:
            top = _sha256(b"\0" + leaf).digest()
            full = size
            while full & 1:
                top = _sha256(b"\1" + peaks.pop() + top).digest()
                full >>= 1
            peaks.append(top)
            size += 1
        self.size = size

    def root(self) -> bytes:
        if not self._peaks:
            return _sha256(b"").digest()
        *left, top = self._peaks
        for peak in reversed(left):
            top = _sha256(b"\1" + peak + top).digest()
        return top
