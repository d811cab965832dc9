"""What went wrong, said to an operator, and who owns a data folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

SUPERUSER = "postgres"
VERSIONS = (18, 16)
RunAs = Literal["self", "namespace", "nobody"]
Mode = Literal["smart", "fast", "immediate"]


class Trouble(Exception):
    """Something an operator must mend, said in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"{en}\n{zh}")
        self.en = en
        self.zh = zh


class InUse(Trouble):
    """Another live process owns the data folder."""


class NotRunning(Trouble):
    """There is no server to attach to."""


class WrongVersion(Trouble):
    """The data folder was made by another major version."""


@dataclass
class Lease:
    """Ownership of a data folder, for as long as this process lives or until `release`."""

    data: Path
    _file: IO[str]

    def release(self) -> None:
        self._file.close()

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
