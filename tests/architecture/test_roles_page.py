"""docs/roles.md is what the table of roles says, and every permission has words in both languages."""

import importlib.util

from commissary import tenancy
from commissary.tenancy.roles import ALL, BY_KIND, OWN

from .tree import ROOT


def test_the_page_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("roles_page", ROOT / "tools" / "roles.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text("utf-8") == made.page(), "run tools/roles.py"


def test_every_permission_has_words() -> None:
    words = tenancy.permission_words()
    assert set(words) == ALL
    assert all(zh and en for zh, en in words.values())


def test_no_kind_of_partner_can_be_given_a_right_of_the_staff() -> None:
    assert set(BY_KIND) == {"mall", "buyer", "supplier", "enterprise"}
    assert not BY_KIND["mall"] & OWN
    for kind in ("buyer", "supplier", "enterprise"):
        assert BY_KIND[kind] <= OWN  # type: ignore[index]


def test_an_enterprise_has_programs_as_any_buyer_has() -> None:
    """Its departments have keys whose orders are charged to them: somebody of its own has to issue one, and take it back."""
    assert BY_KIND["enterprise"] == BY_KIND["buyer"]
