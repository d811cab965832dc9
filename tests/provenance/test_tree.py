"""The tree against published vectors and an implementation of somebody else's."""

import random
from functools import partial

import pymerkle
import pytest

from commissary.provenance import tree
from commissary.provenance.verifier import verify

# The eight leaves that Certificate Transparency's implementations test with, and the roots of their first n.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def grown(leaves: list[bytes], steps: random.Random | None = None) -> dict[tree.Tile, bytes]:
    """The tiles of a tree that grew in pieces, each of which saw the right edge alone."""
    tiles: dict[tree.Tile, bytes] = {}
    at = 0
    while at < len(leaves):
        count = steps.randint(1, 700) if steps else 3
        edge = {tile: tiles[tile] for tile in tree.edge_of(at)}
        changed = tree.grow(edge, at, b"".join(map(tree.leaf_hash, leaves[at : at + count])))
        for tile, hashes in changed.items():
            assert hashes.startswith(tiles.get(tile, b"")), "a tile only gets longer"
        tiles |= changed
        at += len(leaves[at : at + count])
    return tiles


@pytest.mark.parametrize("size", ROOTS)
def test_the_published_roots(size: int) -> None:
    read = tree.reader(grown(LEAVES[:size]))
    assert tree.root(size, read).hex() == ROOTS[size]
    assert verify.root_of([tree.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def test_random_trees_agree_with_pymerkle() -> None:
    """Ten thousand sizes of one growing log: roots; of every tenth an inclusion and a consistency proof too."""
    chance = random.Random(7)
    leaves = [chance.randbytes(32) for _ in range(1_400)]
    theirs = pymerkle.InmemoryTree()
    for leaf in leaves:
        theirs.append_entry(leaf)
    read = tree.reader(grown(leaves, chance))
    for i in range(10_000):
        size = chance.randint(1, len(leaves))
        root = tree.root(size, read)
        assert root == theirs.get_root(size)
        if i % 10:
            continue
        index, old = chance.randrange(size), chance.randint(1, size)
        path = tree.inclusion(index, size, read)
        own = tree.leaf_hash(leaves[index])
        assert {own, *path} == {
            bytes.fromhex(h) for h in theirs.prove_inclusion(index + 1, size).serialize()["path"]
        }
        assert tree.root_of_inclusion(index, size, own, path) == root == verify.climb(index, size, own, path)
        proof = tree.consistency(old, size, read)
        assert tree.consistent(old, tree.root(old, read), size, root, proof)
        pymerkle.verify_consistency(theirs.get_root(old), root, theirs.prove_consistency(old, size))


def test_a_proof_that_was_changed_proves_nothing() -> None:
    chance = random.Random(8)
    leaves = [chance.randbytes(32) for _ in range(600)]
    read = tree.reader(grown(leaves, chance))
    for _ in range(2_000):
        size = chance.randint(2, len(leaves))
        index, old = chance.randrange(size), chance.randint(1, size - 1)
        root, was, own = tree.root(size, read), tree.root(old, read), tree.leaf_hash(leaves[index])
        path, proof = tree.inclusion(index, size, read), tree.consistency(old, size, read)
        other = chance.choice([i for i in range(size) if i != index])
        assert tree.root_of_inclusion(other, size, own, path) != root
        assert tree.root_of_inclusion(index, size, own, path[:-1]) != root
        assert tree.root_of_inclusion(index, size, own, [*path, bytes(32)]) != root
        assert not tree.consistent(old, chance.randbytes(32), size, root, proof)
        assert not tree.consistent(old, was, size, chance.randbytes(32), proof)
        if proof:
            proof[chance.randrange(len(proof))] = chance.randbytes(32)
            assert not tree.consistent(old, was, size, root, proof)


def test_a_large_tree_is_proven_from_a_handful_of_tiles() -> None:
    size = 100_000_000
    for index in (0, 12_345_678, size - 1):
        assert len(tree.tiles_of(partial(tree.inclusion, index, size))) <= 8
    assert len(tree.tiles_of(partial(tree.root, size))) <= 4
    assert len(tree.tiles_of(partial(tree.consistency, 77_777_777, size))) <= 8


def test_a_lost_tile_is_said() -> None:
    with pytest.raises(LookupError):
        tree.root(300, tree.reader({}))
