"""The system's page names every reader of events and every periodic work, in both languages."""

import json
from pathlib import Path

import pytest

from commissary import provenance
from commissary.worker import REACTIONS, SCHEDULE
from commissary.worker.run import RESTOCK

WORDS = Path(__file__).parents[2] / "frontend" / "src" / "i18n"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_readers_and_turns_have_names(language: str) -> None:
    named = json.loads((WORDS / f"{language}.json").read_text("utf-8"))["enum"]
    readers = {one.name for some in REACTIONS.values() for one in some} | {provenance.CONSUMER}
    turns = {one.name.replace(".", "_") for one in SCHEDULE} | {RESTOCK.replace(".", "_")}
    assert set(named["reader"]) == readers
    assert set(named["turn"]) == turns
