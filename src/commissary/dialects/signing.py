"""How other systems sign: one table instead of a signer per protocol.

Three kinds cover all of them: sorted parameters with the key at one end, named parts in a fixed order, and sorted
characters. `sign` gives the text that travels; `verify` compares it in constant time.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from commissary.dialects.text import compact, plain

Values = Mapping[str, Any]


class Sorted(msgspec.Struct, frozen=True):
    """`k=v` of every parameter in the order of the names, between `head` and `tail` in which `{key}` stands for the key.

    `key_as`: the key is one of the parameters. `empty`: parameters without a value are signed too. `unquoted`: the whole
    line passes through URL decoding, the key with it (a slip of one shop system that its clients share).
    """

    pair: str = "="
    between: str = "&"
    head: str = ""
    tail: str = ""
    key_as: str = ""
    unsigned: frozenset[str] = frozenset({"sign"})
    empty: bool = False
    unquoted: bool = False
    digest: str = "md5"
    upper: bool = False


class Parts(msgspec.Struct, frozen=True):
    """Named parts in a fixed order; `key` is the key. With an `hmac`, the key is its secret and no part."""

    parts: tuple[str, ...]
    between: str = ""
    digest: str = "md5"
    hmac: bool = False
    upper: bool = False


class Characters(msgspec.Struct, frozen=True):
    """The characters of the parameters as JSON, sorted, and the key."""

    unsigned: frozenset[str] = frozenset({"sign"})
    digest: str = "md5"
    upper: bool = False


Spec = Sorted | Parts | Characters

SPECS: dict[str, Spec] = {
    "acg_faka": Sorted(tail="&key={key}", unquoted=True),
    "agiso": Sorted(pair="", between="", head="{key}", tail="{key}"),
    "commissary": Parts(
        ("method", "path", "query", "timestamp", "nonce", "body_sha256"), "\n", "sha256", hmac=True
    ),
    "dayuanren": Sorted(tail="&apikey={key}", upper=True),
    "dujiao_next": Parts(("method", "path", "timestamp", "body_md5"), "\n", "sha256", hmac=True),
    "epusdt": Sorted(tail="{key}", unsigned=frozenset({"signature"})),
    "fengzhushou": Sorted(tail="&signKey={key}", digest="sha1", upper=True),
    "fulu": Characters(),
    "kakayun": Sorted(tail="{key}"),
    "kashangwang": Sorted(pair="", between="", head="{key}"),
    "kasushou": Parts(("timestamp", "body", "key"), digest="sha1"),
    "kayixin": Parts(("app_id", "key", "version", "timestamp", "body")),
    "lansexiongdi": Sorted(
        tail="&key={key}", unsigned=frozenset({"sign", "version", "extendParameter"}), upper=True
    ),
    "shangmeng": Parts(("body", "key"), upper=True),
    "xianguanjia": Parts(
        ("app_id", "app_secret", "body_md5", "timestamp", "merchant_id", "key"), between=","
    ),
    "xinghai": Sorted(key_as="appSecret"),
    "yipay": Sorted(tail="{key}", unsigned=frozenset({"sign", "sign_type"})),
    "yiqida": Parts(("timestamp", "body", "key")),
}


def sign(spec: Spec, values: Values, key: str) -> str:
    """Hexadecimal. `values` are the parameters, or the parts by their names; a part may be bytes as they travelled."""
    if isinstance(spec, Parts) and spec.hmac:
        text = hmac.new(key.encode(), line(spec, values, key), spec.digest).hexdigest()
    else:
        text = hashlib.new(spec.digest, line(spec, values, key)).hexdigest()
    return text.upper() if spec.upper else text


def verify(spec: Spec, values: Values, key: str, signature: str) -> bool:
    """Is this signature theirs? In constant time; the case of its letters does not matter."""
    return hmac.compare_digest(sign(spec, values, key).lower().encode(), signature.lower().encode())


def line(spec: Spec, values: Values, key: str) -> bytes:
    """What is digested. It holds the key: not for logs."""
    if isinstance(spec, Parts):
        named = {**values, "key": key}
        parts = [named[name] for name in spec.parts]
        return spec.between.encode().join([p if isinstance(p, bytes) else plain(p).encode() for p in parts])
    if isinstance(spec, Characters):
        signed = {name: value for name, value in values.items() if name not in spec.unsigned}
        return ("".join(sorted(compact(signed))) + key).encode()
    named = {**values, spec.key_as: key} if spec.key_as else dict(values)
    pairs = [
        f"{name}{spec.pair}{plain(named[name])}"
        for name in sorted(named, key=_top)
        if name not in spec.unsigned and named[name] is not None and (spec.empty or named[name] != "")
    ]
    tail = spec.tail.replace("{key}", unquote_plus(key) if spec.unquoted else key)
    return (spec.head.replace("{key}", key) + spec.between.join(pairs) + tail).encode()


def _top(name: str) -> str:
    """Only the names at the top are sorted; `sku[b]` and `sku[a]` keep the order in which they came."""
    return name.partition("[")[0]
