"""Which data keys were destroyed, written down beside the key-encryption keys, outside of the database: a database that
comes back from a backup has them again, and they are destroyed again before it sells.

One line each, appended and on disk before the destruction commits: `mall batch instant`. A line whose destruction did not
commit stands for somebody's will all the same.
"""

import contextlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "shredded.txt"


@dataclass(frozen=True)
class Shredded:
    mall: int
    batch: int
    at: datetime


def add(folder: Path, one: Shredded) -> None:
    """Returns when it is on disk. Several processes may write."""
    line = f"{one.mall} {one.batch} {one.at.isoformat()}\n".encode()
    file = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line)
        os.fsync(file)
    finally:
        os.close(file)


def read(path: Path) -> list[Shredded]:
    """Each batch once. A file that is not there is empty; a torn last line is left out."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    found: dict[tuple[int, int], Shredded] = {}
    for line in text.splitlines():
        with contextlib.suppress(ValueError):
            mall, batch, at = line.split(" ")
            one = Shredded(int(mall), int(batch), datetime.fromisoformat(at))
            found.setdefault((one.mall, one.batch), one)
    return list(found.values())


def merge(folder: Path, more: Path) -> int:
    """Into the folder's list what `more` names beyond it; how many."""
    known = {(one.mall, one.batch) for one in read(folder / NAME)}
    new = [one for one in read(more) if (one.mall, one.batch) not in known]
    for one in new:
        add(folder, one)
    return len(new)
