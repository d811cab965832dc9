"""axe-core in a page: WCAG 2 A and AA."""

from browser import ROOT
from playwright.sync_api import Page

SOURCE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def violations(page: Page) -> list[str]:
    page.evaluate(SOURCE)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{v['id']} {node['target']} {node['html'][:120]} {node['failureSummary'].splitlines()[1].strip()}"
        for v in found["violations"]
        for node in v["nodes"]
    ]
