"""ETag and If-Match, for whatever has a `version`: an edit goes through only if nobody changed the thing meanwhile.

The answer that shows a record, or what an edit made of it, carries `ETag: "<version>"`. An edit that sends it back as
`If-Match` need not repeat `version` in its body; if it does, both must agree. The edit itself compares with the record under
its lock and refuses `conflict`: nothing is decided here.
"""

import re
from typing import Any

import msgspec

from commissary.base.errors import Refused, RequestRefusal, invalid

_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"', re.ASCII)


def tag_of(content: Any) -> str | None:
    """The ETag of an answer; None for one without a version."""
    if isinstance(content, msgspec.Struct) and isinstance(version := getattr(content, "version", None), int):
        return f'"{version}"'
    return None


def knows_version(kind: Any) -> bool:
    """Does a body of that type say which version it changes?"""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct) and "version" in kind.__struct_fields__


def with_version(body: bytes, if_match: str) -> bytes:
    """The body with the version that If-Match names. Refuses `conflict` when the body names another."""
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise invalid("If-Match", 'one ETag of ours, such as "3" / 须为本接口返回的 ETag，例如 "3"')
    version = int(found[1])
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body  # whoever reads it says what is wrong
    if not isinstance(told, dict):
        return body
    if told.setdefault("version", version) != version:
        raise Refused(RequestRefusal.conflict)
    return msgspec.json.encode(told)
