"""Named SQL: a domain's `queries.sql`, read once at import.

Each query begins with `-- name: what_it_does` and may be followed by comment lines saying what it is for. Parameters
are psycopg's `%(name)s`.
"""

import re
from functools import lru_cache
from importlib import resources

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


class Queries:
    """`Q.place_batch` is the text of the query with that name; an unknown name fails at first use, loudly."""

    def __init__(self, package: str, texts: dict[str, str]) -> None:
        self._package = package
        self._texts = texts

    def names(self) -> list[str]:
        """In the order of the file."""
        return list(self._texts)

    def __getattr__(self, name: str) -> str:
        try:
            return self._texts[name]
        except KeyError:
            raise AttributeError(f"{self._package}/queries.sql has no query named {name!r}") from None


@lru_cache
def load(package: str, file: str = "queries.sql") -> Queries:
    text = resources.files(package).joinpath(file).read_text("utf-8")
    parts = _NAME.split(text)
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{package}/{file} names a query twice")
    return Queries(package, {n: b.strip() for n, b in zip(names, bodies, strict=True)})
