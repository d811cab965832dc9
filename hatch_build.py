"""The wheel and the sdist hold the built console: who installs them needs no Node. The wheel holds the changelog that /docs shows.

Nothing is done for editable installs; the console is left out when COMMISSARY_SKIP_UI is set.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import ui


class ConsoleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds src/commissary/web/dist when it is not made of the sources beside it."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node as a wheel, where PATH has none and there is something to build."""
        if _skipped() or ui.fresh():
            return []
        try:
            ui.npm_of()
        except ui.NoNode:
            return [ui.WHEEL]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if self.target_name == "wheel":
            build_data["force_include"]["CHANGELOG.md"] = "commissary/web/docs/CHANGELOG.md"
        if _skipped():
            return
        if ui.FRONTEND.is_dir():
            ui.build()
        elif not ui.fresh():
            raise RuntimeError(
                f"There is neither a built console in {ui.DIST} nor its sources in {ui.FRONTEND}. "
                "Set COMMISSARY_SKIP_UI=1 to pack without one."
            )


def _skipped() -> bool:
    return bool(os.environ.get("COMMISSARY_SKIP_UI"))
