"""Witnesses: nobody cosigns two histories of one log, and ours are asked until they have seen everything."""

import base64
import secrets

import pytest

from commissary import provenance
from commissary.base.errors import Refused
from commissary.base.outgoing import Blocked, Outgoing
from commissary.provenance import note, tree, witness
from commissary.provenance.types import ProvenanceRefusal
from make.provenance import HOST, Export, audited, keeper
from world import Buyer, World

ORIGIN = "elsewhere.example/log"


class Foreign:
    """A log of somebody else, who may lie."""

    def __init__(self) -> None:
        self.private = secrets.token_bytes(32)
        self.key = note.Key(ORIGIN, note.ED25519, note.public_of(self.private))

    def ask(
        self, leaves: list[bytes], old: int, *, key: bytes | None = None, size: int | None = None
    ) -> bytes:
        """The request by which it shows its tree of these leaves to a witness that has seen `old` of them."""
        read = tree.reader(tree.grow({}, 0, b"".join(map(tree.leaf_hash, leaves))))
        size = len(leaves) if size is None else size
        proof = tree.consistency(old, size, read) if 0 <= old <= size else []
        text = note.Checkpoint(ORIGIN, size, tree.root(size, read)).text
        signed = text + "\n" + note.sign(text, ORIGIN, key or self.private).line
        return "\n".join([f"old {old}", *map(note.b64, proof)]).encode() + b"\n\n" + signed.encode()


async def shown(world: World, body: bytes) -> witness.Answered:
    return await witness.add_checkpoint(world.env, world.home, f"{HOST}/witness", body)


async def test_a_witness_follows_a_log_and_refuses_a_second_history(world: World) -> None:
    log, leaves = Foreign(), [secrets.token_bytes(32) for _ in range(300)]
    assert (await shown(world, log.ask(leaves[:10], 0)))[0] == 404
    assert await provenance.watch(world.env, world.actor, log.key.vkey) == ORIGIN
    assert (await shown(world, log.ask(leaves[:10], 0, key=secrets.token_bytes(32))))[0] == 403
    status, _, line = await shown(world, log.ask(leaves[:10], 0))
    assert status == 200
    key = await witness.witness_key(world.env, world.home, "another name")
    assert key.name == f"{HOST}/witness", "a key keeps its name"
    text = note.read_note(log.ask(leaves[:10], 0).decode().partition("\n\n")[2]).text
    assert note.signed_by(key, text, note.read_signatures(line)) is not None

    assert (await shown(world, log.ask(leaves, 0)))[0::2] == (409, "10\n"), "it has seen ten"
    assert (await shown(world, log.ask(leaves, 10)))[0] == 200
    assert (await shown(world, log.ask(leaves, 300)))[0] == 200, "the same again"
    assert (await shown(world, log.ask(leaves[:20], 10)))[0::2] == (409, "300\n"), "never back"
    assert (await shown(world, log.ask(leaves[:20], 300)))[0] == 400

    split = [*leaves[:-1], secrets.token_bytes(32)]
    assert (await shown(world, log.ask(split, 300)))[0] == 409, "two trees of one size"
    longer = [*split, secrets.token_bytes(32)]
    assert (await shown(world, log.ask(longer, 300)))[0] == 422, (
        "a tree that does not begin with the one it saw"
    )
    assert (await shown(world, log.ask([*leaves, secrets.token_bytes(32)], 300)))[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old x\n\n",
        b"old 00\n\n",
        b"old 0\nnot base64\n\n",
        b"old 0\n" + base64.b64encode(b"short") + b"\n\n",
        b"old 0\n" + b"\n".join([base64.b64encode(bytes(32))] * 64) + b"\n\n",
        b"old 0\n\nno checkpoint\n\n\xe2\x80\x94 x AAAAAAAA\n",
        b"\xff",
        b"old 0\n\n" + ORIGIN.encode() + b"\n1\n" + base64.b64encode(bytes(32)) + b"\n",
    ],
)
async def test_what_is_no_request_is_refused(world: World, body: bytes) -> None:
    assert (await shown(world, body))[0] == 400


async def test_our_checkpoints_are_cosigned_by_another_mall(
    shop: tuple[World, Buyer, int], exported: Export
) -> None:
    """Over HTTP, the other mall's server standing for any witness in the world."""
    world, buyer, sku = shop
    other = await world.ground.world("Witness")
    await world.place(buyer, sku)
    async with other.serve() as server:
        url = f"{server.url}/log/{other.slug}"
        vkey = (await server.raw("GET", f"/log/{other.slug}/witness-key", b"", {})).body.decode().strip()
        async with Outgoing(production=False, allow=[("127.0.0.1", server.port)]) as out:
            keeps = keeper(world)
            keeps.outgoing = out
            await keeps.round()
            async with world.env.db.transaction(world.mall) as tx:
                own = await provenance.log_key(tx, world.home)
            assert own is not None
            with pytest.raises(Blocked):
                await provenance.add_witness(world.env, world.actor, "http://10.0.0.1/", vkey, out)
            with pytest.raises(Refused) as no:
                await provenance.add_witness(world.env, world.actor, url, own.vkey, out)
            assert no.value.refusal is ProvenanceRefusal.key_malformed, "a log's key is no witness's"
            await provenance.add_witness(world.env, world.actor, url, vkey, out)
            with pytest.raises(Refused) as no:
                await provenance.add_witness(world.env, world.actor, url, vkey, out)
            assert no.value.refusal is ProvenanceRefusal.witness_known

            await keeps.ask_witnesses()
            assert await troubles(world) == ["status_404"], "it does not watch us yet"
            await provenance.watch(other.env, other.actor, own.vkey)
            await world.rows("update provenance.witness set trouble = '' returning 1")
            for _ in range(2):
                await world.place(buyer, sku)
                await keeps.round()
                await keeps.ask_witnesses()
            assert await troubles(world) == [""]
    folder = await exported(world)
    assert (folder / "key").read_text("utf-8").splitlines() == [own.vkey, vkey]
    assert (folder / "checkpoint").read_text("utf-8").count("— ") == 2
    provenance.verify_log(folder)
    bad = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(bad[:-6] + (b"A" if bad[-6:-5] != b"A" else b"B") + bad[-5:])
    with pytest.raises(provenance.Fault):
        provenance.verify_log(folder)
    assert await audited(world) == []
    await other.close()


async def troubles(world: World) -> list[str]:
    async with world.env.db.transaction(world.mall) as tx:
        return [w.trouble for w in await provenance.witnesses(tx, world.home)]


async def test_a_key_is_read_strictly() -> None:
    key = Foreign().key
    assert note.read_key(key.vkey) == key
    name, hash_, text = key.vkey.split("+", 2)
    bad = [
        f"{name}x+{hash_}+{text}",
        f"{name}+00000000+{text}",
        f"{name}+{hash_}+{text}=",
        f"{name}+{hash_}",
        "",
    ]
    for vkey in bad:
        with pytest.raises(note.Malformed):
            note.read_key(vkey)


async def test_the_example_of_the_specification_is_read() -> None:
    """A checkpoint as C2SP prints one."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    found = note.read_checkpoint(text)
    assert (found.origin, found.size, found.text) == ("example.com/behind-the-sofa", 20852163, text)
