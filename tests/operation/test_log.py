"""What must never be read in a log."""

import json
import logging
import re
from pathlib import Path

import pytest

from commissary.base import log
from world import World

SECRET = [
    "sk_0123456789abcdef",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "Authorization: Bearer eyJhbGciOi.J9-abc",
    "postgresql://admin:hunter2!@db.example.com/mall",
    "password=hunter2! host=db",
    "password='hun ter2!' host=db",
    "13800138000",
    "+8613800138000",
    "+86 138 0013 8000",
    "138-0013-8000",
    "11010519491231002X",
    "lin.xia@example.com",
    'duplicate key\nDETAIL:  Key (number)=(JZG000000001) already exists.\nCONTEXT: SQL function "take"',
]
BARE = ["hunter", "ter2", "0123456789abcdef", "eyJ", "MfKQ", "0013", "13800138", "1231002", "lin.xia", "JZG0"]
HARMLESS = ["order 250786196966338560 at 2026-11-24T01:00:32Z", "[::1]:8000", "http://127.0.0.1:47267/v1"]


@pytest.mark.parametrize("text", SECRET)
def test_taken_out(text: str) -> None:
    assert not [bare for bare in BARE if bare in log.redacted(text)]


@pytest.mark.parametrize("text", HARMLESS)
def test_left_alone(text: str) -> None:
    assert log.redacted(text) == text


@pytest.mark.parametrize("production", [False, True])
def test_every_line_goes_through(production: bool, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        log.begin(production)
        try:
            raise ValueError("the buyer 13800138000")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("with %s", "sk_0123456789abcdef")
    finally:
        root.handlers[:], root.level = before
        logging.captureWarnings(False)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "0123456789abcdef" not in said
    assert "13800138000" not in said
    if production:
        [line] = said.splitlines()
        assert json.loads(line)["logger"] == "uvicorn.error"


async def test_the_running_server_keeps_our_format(world: World, tmp_path: Path) -> None:
    """The web framework brings a logging configuration of its own; it must not replace ours."""
    path = tmp_path / "server.log"
    async with world.serve(log=path):
        pass
    lines = path.read_text("utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \S+ [A-Z]+ commissary\.\w+ ", line) for line in lines), lines
    assert any(line.endswith(" INFO commissary.serve SIGTERM: finishing what was begun") for line in lines)
