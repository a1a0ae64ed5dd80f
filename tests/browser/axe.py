"""axe-core, the common rules for accessible pages, on the page that is open."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
    ],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}  # fmt: skip


def violations(page: Page) -> list[tuple[str, list[str], str]]:
    """What axe finds: the rule, the element, and what is wrong with it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # A bar that stays at the foot of the window covers half a target anywhere but at the end.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    found = page.evaluate("options => axe.run(options)", RULES)["violations"]
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found
        for node in rule["nodes"]
    ]
