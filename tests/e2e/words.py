"""What the console says, by its keys: so that a journey is told once and gone in both languages."""

import json
import re
from functools import cache
from typing import Any

import httpx
from browser import ROOT, Mall

LANGS = ("zh-CN", "en")


class Words:
    """Of one language."""

    def __init__(self, mall: Mall, lang: str) -> None:
        self.lang = lang
        self._enums = _enums(mall.url)

    def __call__(self, key: str, **given: object) -> str:
        """The text of that key, with what is given in its places; of `count`, the form that goes with it."""
        at: Any = _texts(self.lang)
        *path, last = key.split(".")
        for part in path:
            at = at[part]
        if "count" in given and last not in at:
            last += "_one" if given["count"] == 1 else "_other"
        return re.sub(r"{{(\w+)}}", lambda place: str(given[place[1]]), at[last])

    def of(self, kind: str, code: str) -> str:
        """What a code of that enum is called, here or by the API."""
        if here := _texts(self.lang)["enum"].get(kind):
            return str(here[code])
        return self._enums[kind][code][self.lang[:2]]


@cache
def _texts(lang: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        (ROOT / "frontend" / "src" / "i18n" / f"{lang}.json").read_text("utf-8")
    )
    return read


@cache
def _enums(url: str) -> dict[str, dict[str, dict[str, str]]]:
    told = httpx.get(f"{url}/console/v1/meta/enums").raise_for_status().json()["enums"]
    return {kind: {word["code"]: word for word in words} for kind, words in told.items()}
