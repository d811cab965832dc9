from collections.abc import Mapping, Sequence

from commissary.base.errors import FieldFault
from commissary.catalog.types import FieldSpec


def check_fields(
    specs: Sequence[FieldSpec], given: Mapping[str, str]
) -> tuple[dict[str, str], list[FieldFault]]:
    return dict(given), []
