"""The upload itself, and what its first bytes say."""

import io
from typing import IO

from commissary.base.errors import Refused
from commissary.base.table_file.types import Limits, Source, TableRefusal


def opened(source: Source) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def is_zip(source: Source, limits: Limits) -> bool:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes_max:
        raise Refused(TableRefusal.file_too_large, bytes=size, bytes_max=limits.bytes_max)
    if size == 0:
        raise Refused(TableRefusal.file_empty)
    with opened(source) as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
