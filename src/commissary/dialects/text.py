"""Values as others write them before they sign."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def compact(value: object, *, ordered: bool = False, slashes: bool = False) -> str:
    """JSON without blanks and with letters as they are; `slashes` escaped as PHP does unless told not to."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=ordered)
    return text.replace("/", "\\/") if slashes else text


def plain(value: object) -> str:
    """A parameter's value in a line to be signed: as JSON has it, texts without their quotes."""
    return value if isinstance(value, str) else compact(value)


def flattened(values: Mapping[str, Any]) -> dict[str, str]:
    """As PHP's `http_build_query` names and writes things: `sku[colour]`, false is 0, null is left out."""
    return dict(_leaves(values, ""))


def _leaves(values: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = f"{above}[{key}]" if above else key
        if isinstance(value, Mapping):
            yield from _leaves(value, name)
        elif isinstance(value, list | tuple):
            yield from _leaves({str(i): each for i, each in enumerate(value)}, name)
        elif isinstance(value, bool):
            yield name, str(int(value))
        elif value is not None:
            yield name, str(value)
