"""Structured logs: one JSON object per line in production, plain lines for people. Never a code, a secret or personal
data: callers log ids and kinds of error, and a last filter takes out what looks like a credential or a person."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

# Whoever adds a kind of credential gives it a prefix that is known here.
_SECRETS = re.compile(
    r"\b(?:sk|cs|cb|whsec)_[A-Za-z0-9_.=-]{8,}"
    r"|(?i:(?<=bearer )[A-Za-z0-9._~+/=-]{8,})"
    r"|(?i:(?<=password=)(?:'[^']*'|[^\s'\"&]+))"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
)
_PEOPLE = re.compile(
    r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])"
    # Identity numbers: region, date of birth, sequence, check digit.
    r"|(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![\w.+-])[\w.+-]+(?=@[\w-]+\.[\w.-]+)"
)
# PostgreSQL quotes whole rows there: "Failing row contains (…)".
_ROWS = re.compile(r"^(\s*DETAIL:).*$", re.MULTILINE)


def begin(production: bool) -> None:
    """Once, at start. Libraries' lines, the server's among them, go the same way as ours."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if production else _Plain("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for noisy in ("uvicorn.error", "uvicorn.access", "psycopg.pool", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def redacted(text: str) -> str:
    """Without credentials, telephone and identity numbers, names of mailboxes, and rows that PostgreSQL quotes."""
    return _PEOPLE.sub("…", _SECRETS.sub("…", _ROWS.sub(r"\1 …", text)))


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        if record.exc_info:
            entry["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
