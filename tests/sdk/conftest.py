"""The SDK is a distribution of its own; its tests run from the source tree, against a mall on a real socket."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "sdk" / "python" / "src"), str(Path(__file__).parent)]

from contract_mall import ContractMall  # noqa: E402


@pytest.fixture
def mall() -> Iterator[ContractMall]:
    with ContractMall() as running:
        yield running
