"""The log's own Ed25519 keys: made when first needed, sealed by the keyring, never shown."""

import os

from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.provenance import note, store


async def private(tx: db.Tx, env: Env, home: int, part: str, name: str) -> tuple[str, bytes]:
    """(name, private key) of the home's `log` or `witness`. The name it was made with stays: it is part of the key."""
    mall, facts = mall_of(home), {"home": home, "part": part}
    found = await db.row(tx, store.Q.signer, facts)
    if found is None:
        made = os.urandom(32)
        sealed = env.keys.seal_field(mall, "log-key", made, _place(home, part))
        new = {"name": name, "public": note.public_of(made), "sealed": sealed, "at": env.now(mall)}
        await db.run(tx, store.Q.add_signer, facts | new)
        found = await db.row(tx, store.Q.signer, facts)  # another process's, if it was first
        assert found is not None
    return str(found[0]), env.keys.open_field(mall, "log-key", bytes(found[1]), _place(home, part))


async def public(tx: db.Tx, home: int, part: str = "log") -> note.Key | None:
    kind = note.ED25519 if part == "log" else note.COSIGNATURE
    for found, name, key in await db.rows(tx, store.Q.public_keys, {"home": home}):
        if found == part:
            return note.Key(name, kind, bytes(key))
    return None


def _place(home: int, part: str) -> bytes:
    return f"{home}|{part}".encode()
