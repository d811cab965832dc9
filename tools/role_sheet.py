"""docs/role-sheet.md: what comes first in the console for each line of business, made from `frontend/src/app/role-sheet.json`, which the console reads
itself. `.venv/bin/python tools/role_sheet.py` writes it; `tests/architecture/test_role_sheet.py` fails when it is not what this would write.
"""

import json
from pathlib import Path
from typing import Any, Literal

from commissary.web.enum_words import WORDS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "role-sheet.md"
SOURCE = ROOT / "frontend" / "src"
SHEET: dict[str, Any] = json.loads((SOURCE / "app" / "role-sheet.json").read_text("utf-8"))
Lang = Literal["zh", "en"]
TEXTS: dict[Lang, dict[str, Any]] = {
    lang: json.loads((SOURCE / "i18n" / f"{file}.json").read_text("utf-8"))
    for lang, file in (("zh", "zh-CN"), ("en", "en"))
}
# Where the words of prices and of tabs stand among the console's texts.
PRICES = {
    **{name: f"own.f.{name}" for name in ("face", "discount", "cost", "suggested", "profit", "best")},
    "tax": "f.tax",
}
TABS = {
    "buy_tab": ("nav.buy", {"cart": "own.buy.cart", "paste": "own.buy.paste", "files": "own.buy.files"}),
    "dev_tab": ("nav.dev", {"keys": "dev.keys"}),
}
SAID: dict[Lang, dict[str, str]] = {
    "zh": {
        "start": "登录后首先打开",
        "menu": "菜单顺序",
        "prices": "选品与采购首先显示的价格",
        "defaults": "默认值",
        "groups": "按分组的完整菜单",
        "opens": "“{page}”打开“{tab}”",
        "keeps": "在本机记住上次充值的商品",
        "none": "无",
        "then": "、",
        "table": "| 每日任务 | 电脑点击 | 手机点击 |",
        "tasks": "每日三件事",
    },
    "en": {
        "start": "Opens after signing in",
        "menu": "Menu, in this order",
        "prices": "Prices shown first in goods and buying",
        "defaults": "Defaults",
        "groups": "all pages, in their groups",
        "opens": "“{page}” opens at “{tab}”",
        "keeps": "the goods of the last top-ups are remembered on this machine",
        "none": "none",
        "then": ", ",
        "table": "| daily task | clicks at a desk | clicks on a phone |",
        "tasks": "Three things of every day",
    },
}
HEAD = """# Role sheet 角色表

Made by `tools/role_sheet.py` from `frontend/src/app/role-sheet.json`, which the console reads itself; do not write in it.

A buyer has a line of business 经营类型. It arranges the console of the buyer's people and changes no right and no price; every page that is not in a menu is under
“More” and in Ctrl K ([decision 27](decisions/0027-lines-of-business.md)). Which pages somebody may open follows from permissions ([roles.md](roles.md)). Clicks are
counted by `tests/e2e/test_lines_of_business.py` from the page after signing in: each click, each choice from a list as two, each Enter; typing and pasting are free.

经营类型决定客户人员后台的菜单顺序、首先显示的价格与默认值，不影响权限与价格；菜单之外的页面在“更多”与 Ctrl K 中。点击次数由浏览器脚本从登录后的首页起计算：
每次点击、每次回车各计一次，下拉选择计两次，输入与粘贴不计。
"""


def page() -> str:
    parts = [HEAD]
    langs: tuple[tuple[Lang, str], ...] = (("zh", "中文"), ("en", "English"))
    for lang, title in langs:
        parts.append(f"## {title}\n")
        for business, sheet in SHEET.items():
            parts.append(_part(lang, business, sheet))
    return "\n".join(parts)


def _part(lang: Lang, business: str, sheet: dict[str, Any]) -> str:
    said, zh_en = SAID[lang], WORDS["business"][business]
    then = said["then"]
    menu = then.join(_text(lang, f"nav.{one}") for one in sheet["menu"]) or said["groups"]
    lines = [
        f"### {zh_en[lang == 'en']}\n",
        f"- {said['start']}: {_text(lang, 'nav.' + sheet['start'])}",
        f"- {said['menu']}: {menu}",
        f"- {said['prices']}: {then.join(_text(lang, PRICES[one]) for one in sheet['prices'])}",
        f"- {said['defaults']}: {then.join(_defaults(lang, sheet['defaults'])) or said['none']}\n",
    ]
    if sheet["tasks"]:
        lines += [f"{said['tasks']}:\n", said["table"], "| --- | --: | --: |"]
        lines += [
            f"| {task[lang]} | {task['clicks']['desk']} | {task['clicks']['phone']} |"
            for task in sheet["tasks"]
        ]
        lines.append("")
    return "\n".join(lines)


def _defaults(lang: Lang, defaults: dict[str, Any]) -> list[str]:
    found = []
    for name, value in defaults.items():
        if name == "keeps_goods":
            found.append(SAID[lang]["keeps"])
        else:
            there, tabs = TABS[name]
            shown = {"page": _text(lang, there), "tab": _text(lang, tabs[value])}
            found.append(SAID[lang]["opens"].format(**shown))
    return found


def _text(lang: Lang, key: str) -> str:
    found: Any = TEXTS[lang]
    for part in key.split("."):
        found = found[part]
    return str(found)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
