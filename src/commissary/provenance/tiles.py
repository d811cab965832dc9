"""The log as static files (C2SP tlog-tiles): `checkpoint`, `tile/<level>/<number>`, `tile/entries/<number>`, and `key`.

An entry is the 32-byte commitment of a custody event, `provenance.event.leaf`, and nothing else: whoever reads the log
learns how many events there were and when, never whose or of what.
"""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.provenance import keys, note, stamp, store
from commissary.provenance.tree import FULL, HASH, WIDTH
from commissary.provenance.types import Signed

_TILE = re.compile(r"tile/([0-7]|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)
AT_ONCE = 64  # tiles in one transaction


def path_of(level: str, number: int, width: int) -> str:
    """Thousands are folders: `tile/0/x001/234`, a partial one `tile/0/x001/235.p/17`."""
    name, rest = f"{number % 1000:03}", number // 1000
    while rest:
        name, rest = f"x{rest % 1000:03}/{name}", rest // 1000
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def read_path(path: str) -> tuple[str, int, int] | None:
    """(level, number, width) of a path as `path_of` writes it, else None."""
    found = _TILE.fullmatch(path)
    if found is None or len(found[2]) > 19:
        return None
    number = int(found[2].replace("x", "").replace("/", ""))
    width = int(found[3]) if found[3] else WIDTH
    return (found[1], number, width) if path == path_of(found[1], number, width) else None


async def resource(tx: db.Tx, home: int, level: str, number: int, width: int) -> bytes | None:
    """A tile or bundle as far as the newest checkpoint covers it."""
    signed = await store.checkpoint(tx, home)
    height = 0 if level == "entries" else int(level)
    if signed is None or (number * WIDTH + width) << (8 * height) > signed.size:
        return None
    if level == "entries":
        found = await store.commitments(tx, home, number * WIDTH, width)
        return bundle(found) if len(found) == width else None
    tile = (await store.tiles(tx, home, [(height, number)])).get((height, number), b"")
    return tile[: width * HASH] if len(tile) >= width * HASH else None


def bundle(entries: list[bytes]) -> bytes:
    return b"".join([len(e).to_bytes(2, "big") + e for e in entries])


async def keys_text(tx: db.Tx, home: int, signed: Signed) -> str:
    """A verifier key a line: the log's own, then those of the witnesses who cosigned this checkpoint."""
    own = await keys.public(tx, home)
    assert own is not None, "a checkpoint without a key"
    return "".join(f"{vkey}\n" for vkey in (own.vkey, *signed.witnesses))


async def export(env: Env, home: int, folder: Path) -> Signed | None:
    """Bring a folder up to the newest checkpoint, which is written last: whoever reads it finds every tile it needs. None:
    the log has none yet. Goes on from what the folder holds; killed, it is run again."""
    async with env.db.transaction(mall_of(home)) as tx:
        signed = await store.checkpoint(tx, home)
        if signed is None:
            return None
        key_lines = await keys_text(tx, home, signed)
        stamped = await stamp.newest(tx, home)
    before = await asyncio.to_thread(_size_in, folder, signed.origin)
    todo = list(_missing(before if before <= signed.size else 0, signed.size))
    for at in range(0, len(todo), AT_ONCE):
        some = todo[at : at + AT_ONCE]
        async with env.db.transaction(mall_of(home)) as tx:
            made = {
                path_of(level, number, width): await _content(tx, home, level, number, width)
                for level, number, width in some
            }
        await asyncio.to_thread(_write_all, folder, made)
    last = {"key": key_lines.encode(), "checkpoint": signed.note.encode()}
    if stamped is not None:
        last |= {"stamped": stamped.checkpoint.encode(), "timestamp": stamped.response}
    await asyncio.to_thread(_write_all, folder, last)
    return signed


async def _content(tx: db.Tx, home: int, level: str, number: int, width: int) -> bytes:
    found = await resource(tx, home, level, number, width)
    if found is None:
        raise store.Torn(f"the log of home {home} lacks {path_of(level, number, width)}")
    return found


def _missing(before: int, size: int) -> Iterator[tuple[str, int, int]]:
    """The tiles of a tree that one of `before` leaves has not, or not as wide."""
    height = 0
    while size >> (8 * height):
        old, new = before >> (8 * height), size >> (8 * height)
        if new > old:
            for number in range(old // WIDTH, -(-new // WIDTH)):
                width = min(WIDTH, new - number * WIDTH)
                yield str(height), number, width
                if height == 0:
                    yield "entries", number, width
        height += 1


def _size_in(folder: Path, origin: str) -> int:
    try:
        found = note.read_checkpoint(note.read_note((folder / "checkpoint").read_text("utf-8")).text)
    except (OSError, UnicodeDecodeError, note.Malformed):
        return 0
    return found.size if found.origin == origin else 0


def _write_all(folder: Path, made: dict[str, bytes]) -> None:
    for name, content in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(content)
        draft.replace(path)
        if len(content) in (FULL, WIDTH * (HASH + 2)):  # the partial ones before it are of no more use
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)
