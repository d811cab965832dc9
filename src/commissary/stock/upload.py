"""A multipart upload that never touches the disk: a file of codes in clear belongs in memory only.

The framework's own form parser spools whatever is larger than a megabyte to a temporary file.
"""

from collections.abc import AsyncIterator

import multipart  # type: ignore[import-untyped]

from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.table_file import Limits

OPTIONS_MAX = 64 * 1024
UPLOAD_MAX = Limits().bytes_max + 1024 * 1024


async def read_upload(
    content_type: str, chunks: AsyncIterator[bytes], limit: int
) -> tuple[bytes, str, bytes]:
    """(content of the part `options`, file name, content of the part `file`). Refuses body_too_large."""
    kind, settings = multipart.parse_options_header(content_type)
    if kind != "multipart/form-data" or not settings.get("boundary"):
        raise invalid(
            "body", "multipart/form-data with the parts options and file / 需为 multipart/form-data"
        )
    parts: dict[str, bytearray] = {}
    file_name, part, size = "", bytearray(), 0
    try:
        with multipart.PushMultipartParser(settings["boundary"], max_segment_count=8) as parser:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise Refused(RequestRefusal.body_too_large, limit_bytes=limit)
                for piece in parser.parse(chunk):
                    if isinstance(piece, multipart.MultipartSegment):
                        if piece.name not in ("options", "file") or piece.name in parts:
                            raise invalid(piece.name or "body", "unknown or repeated part / 未知或重复的部分")
                        part = parts[piece.name] = bytearray()
                        if piece.name == "file":
                            file_name = piece.filename or ""
                    elif piece is not None:
                        part += piece
                        if part is parts.get("options") and len(part) > OPTIONS_MAX:
                            raise Refused(RequestRefusal.body_too_large, limit_bytes=OPTIONS_MAX)
            parser.parse(b"")
    except multipart.MultipartError as error:
        raise invalid("body", str(error)) from None
    for name in ("options", "file"):
        if name not in parts:
            raise invalid(name, "missing / 缺失")
    return bytes(parts["options"]), file_name, bytes(parts["file"])
