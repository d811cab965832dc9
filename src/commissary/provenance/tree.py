"""The Merkle tree of the log (RFC 9162 section 2.1, SHA-256), kept in tiles of 256 hashes. Pure.

Nothing here holds the tree. Growing needs the tiles at its right edge; a root or a proof needs a handful of tiles, which
`tiles_of` names before anything is read:

    asked = partial(inclusion, index, size)
    path = asked(reader(await tiles(tree.tiles_of(asked))))
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

HASH = 32
WIDTH = 256
FULL = WIDTH * HASH
EMPTY = hashlib.sha256(b"").digest()

Tile = tuple[int, int]
"""(level, number): at level 0 the hashes of leaves, above those of the full tiles of the level below."""
Read = Callable[[Tile, int, int], bytes]
"""(tile, first, count) → that many of its hashes"""

T = TypeVar("T")
_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    return _sha256(b"\0" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return _sha256(b"\1" + left + right).digest()


def grow(edge: Mapping[Tile, bytes], size: int, leaves: bytes) -> dict[Tile, bytes]:
    """The tiles that change when these leaf hashes follow the first `size`; `edge` has those of `edge_of(size)`."""
    changed: dict[Tile, bytes] = {}
    level, before, fresh = 0, size, leaves
    while fresh:
        number, have = divmod(before, WIDTH)
        hashes = (edge[level, number][: have * HASH] if have else b"") + fresh
        fresh = b""
        for at in range(0, len(hashes), FULL):
            part = hashes[at : at + FULL]
            changed[level, number + at // FULL] = part
            if len(part) == FULL:
                fresh += _fold(_peaks(part))
        level, before = level + 1, number
    return changed


def edge_of(size: int) -> list[Tile]:
    """The tiles that are partly filled."""
    found, level = [], 0
    while size:
        number, have = divmod(size, WIDTH)
        if have:
            found.append((level, number))
        level, size = level + 1, number
    return found


def tiles_of(ask: Callable[[Read], object]) -> list[Tile]:
    """What a question will read."""
    seen: dict[Tile, None] = {}

    def look(tile: Tile, _first: int, count: int) -> bytes:
        seen[tile] = None
        return bytes(HASH * count)

    ask(look)
    return list(seen)


def reader(tiles: Mapping[Tile, bytes]) -> Read:
    """Raises LookupError for what is not there: a part of the tree is lost."""

    def read(tile: Tile, first: int, count: int) -> bytes:
        hashes = tiles.get(tile, b"")[first * HASH : (first + count) * HASH]
        if len(hashes) != count * HASH:
            raise LookupError(f"tile {tile} has no hashes {first}..{first + count - 1}")
        return hashes

    return read


def root(size: int, read: Read) -> bytes:
    return _range(0, size, read) if size else EMPTY


def inclusion(index: int, size: int, read: Read) -> list[bytes]:
    """From the leaf's sibling up (2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, read))
            high = middle
        else:
            path.append(_range(low, middle, read))
            low = middle
    return path[::-1]


def consistency(old: int, size: int, read: Read) -> list[bytes]:
    """That the first `old` leaves are those of the older tree (2.1.4.1). Empty for none and for all of them."""
    if not 0 <= old <= size:
        raise ValueError(f"{old} leaves are more than {size}")
    path: list[bytes] = []
    if not 0 < old < size:
        return path
    low, high, whole = 0, size, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, read))
            high = middle
        else:
            path.append(_range(low, middle, read))
            low, whole = middle, False
    if not whole:
        path.append(_range(low, high, read))
    return path[::-1]


def root_of_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root this path leads to (2.1.3.2); None when it is too short or too long."""
    if not 0 <= index < size:
        return None
    at, last, made = index, size - 1, leaf
    for step in path:
        if not last:
            return None
        if at & 1 or at == last:
            made = node(step, made)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            made = node(made, step)
        at, last = at >> 1, last >> 1
    return made if not last else None


def consistent(old: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """2.1.4.2. From nothing everything follows, by an empty path."""
    if not 0 <= old <= size:
        return False
    if old == 0:
        return not path
    if old == size:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            was, now = node(step, was), node(step, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, step)
        at, last = at >> 1, last >> 1
    return not last and was == old_root and now == new_root


def _split(count: int) -> int:
    """The largest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


def _range(low: int, high: int, read: Read) -> bytes:
    """The hash over leaves [low, high), where `low` is a multiple of the largest subtree inside."""
    peaks = []
    while low < high:
        height = (high - low).bit_length() - 1
        peaks.append(_subtree(height, low >> height, read))
        low += 1 << height
    return _fold(peaks)


def _subtree(height: int, index: int, read: Read) -> bytes:
    """The perfect subtree of 2**height leaves, from the hashes of one tile."""
    level, above = divmod(height, 8)
    number, first = divmod(index << above, WIDTH)
    return _fold(_peaks(read((level, number), first, 1 << above)))


def _peaks(hashes: bytes) -> list[bytes]:
    """The perfect subtrees over these nodes, largest first."""
    peaks: list[bytes] = []
    for i in range(len(hashes) // HASH):
        top = hashes[i * HASH : (i + 1) * HASH]
        while i & 1:
            top = node(peaks.pop(), top)
            i >>= 1
        peaks.append(top)
    return peaks


def _fold(peaks: Sequence[bytes]) -> bytes:
    *left, top = peaks
    for peak in reversed(left):
        top = node(peak, top)
    return top
