"""Prints the console's OpenAPI document, without what types do not need: the source of src/api/schema.d.ts.

.venv/bin/python frontend/tools/describe.py > console.json
"""

import json
import sys
from typing import Any, cast, get_type_hints

from commissary import app, web
from commissary.base.env import Env

NEEDLESS = {"description", "summary", "examples", "tags", "security", "externalDocs"}
GIVEN = {"env", "actor", "caller", "rid"}  # by web.application itself


def main() -> None:
    api = web.application(cast(Env, None), app.ROUTES, dict.fromkeys(_offered(), ""), "types")
    whole = web.document(api, web.catalogue(app.REFUSALS), "http://mall", web.CONSOLE)
    json.dump(_pruned(whole, False), sys.stdout, ensure_ascii=False, sort_keys=True)


def _offered() -> set[str]:
    """What handlers want of the application; here nobody calls them, and each gets nothing."""
    found = set()
    for handler in app.ROUTES:
        asked = get_type_hints(handler.fn, include_extras=True)  # type: ignore[union-attr]
        for name, hint in asked.items():
            named = any("Dependency" in type(told).__name__ for told in getattr(hint, "__metadata__", ()))
            if named and name not in (handler.dependencies or {}):  # type: ignore[union-attr]
                found.add(name)
    return found - GIVEN


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
