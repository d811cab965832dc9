"""Prints the console's OpenAPI document, without what types do not need: the source of src/api/schema.d.ts.

.venv/bin/python frontend/tools/describe.py > console.json
"""

import json
import sys
from typing import Any, cast

from commissary import app, web
from commissary.base.env import Env

NEEDLESS = {"description", "summary", "examples", "tags", "security", "externalDocs"}


def main() -> None:
    api = web.application(cast(Env, None), app.ROUTES, dict.fromkeys(app.OFFERED, ""), "types")
    whole = web.document(api, web.catalogue(app.REFUSALS), "http://mall", web.CONSOLE)
    json.dump(_pruned(whole, False), sys.stdout, ensure_ascii=False, sort_keys=True)


def _pruned(node: Any, names: bool) -> Any:
    """`names`: the keys of this object are names of ours, of which none is needless."""
    if isinstance(node, list | tuple):
        return [_pruned(value, False) for value in node]
    if not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        if not names and (key in NEEDLESS or key.startswith("x-")):
            continue
        if key == "responses" and not names and "components" not in node:
            value = {status: told for status, told in value.items() if status.startswith("2")}
        kept[key] = _pruned(value, key in ("properties", "schemas", "paths", "responses", "content"))
    return kept


if __name__ == "__main__":
    main()
