"""What guides promise of their examples."""

from .tree import ROOT

EXAMPLE = ROOT / "docs" / "extending" / "example_supplier.py"


def test_a_whole_connector_is_shorter_than_150_lines() -> None:
    """The suite of all connectors exercises it (`tests/connectors/rig.py`), so nothing can be missing in it."""
    text = EXAMPLE.read_text("utf-8")
    assert len(text.splitlines()) < 150
    for method in ("balance", "goods", "good", "template", "place", "query", "cancel", "notice"):
        assert f"    def {method}(self" in text
