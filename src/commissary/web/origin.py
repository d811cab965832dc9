"""Does a change that comes with a browser's cookie come from our own page?

The cookie is HttpOnly and SameSite=Strict, but "same site" includes every shop on a sibling host name, and a browser that
sends it says nothing about whose page asked. So a change must show where it comes from: `Sec-Fetch-Site: same-origin`, or,
from browsers and plain http that do not say that, an `Origin` that is ours. No evidence is no proof. Programs that carry
a bearer token are not asked: no browser adds one by itself. (OWASP CSRF Prevention Cheat Sheet, Fetch Metadata.)
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PORTS = {"http": 80, "https": 443}


def is_ours(headers: Mapping[str, str], scheme: str, public_url: str, *, cookie: bool) -> bool:
    """`headers` by small names; `cookie`: the request carries a session cookie. Without one, only what a browser says of
    a foreign page counts against it, so that no other site can sign somebody in as somebody else."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    if (origin := headers.get("origin")) is not None:
        return _same(origin, f"{scheme}://{headers.get('host', '')}") or _same(origin, public_url)
    return not cookie


def _same(one: str, other: str) -> bool:
    return (found := _parts(one)) is not None and found == _parts(other)


def _parts(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for `null` and what is no address."""
    try:
        read = urlsplit(url)
        port = read.port or _PORTS.get(read.scheme)
    except ValueError:
        return None
    return (read.scheme, read.hostname, port) if read.hostname and port else None
