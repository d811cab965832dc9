"""Structured logs: one JSON object per line in production, plain lines for people. Never a code, a secret or personal
data: callers log ids and kinds of error, and a last filter takes out what looks like a credential."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_SECRET = re.compile(r"\b(?:sk|cs|cb|whsec)_[A-Za-z0-9_.=-]{8,}|(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def begin(production: bool) -> None:
    """Once, at start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if production else _Plain("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("uvicorn.error", "uvicorn.access", "psycopg.pool", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def redacted(text: str) -> str:
    """Without API secrets, tokens and mobile numbers."""
    return _SECRET.sub("…", text)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return redacted(json.dumps(entry, ensure_ascii=False))
