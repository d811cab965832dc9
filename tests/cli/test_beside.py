"""How a server keeps its worker, whatever becomes of it."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from commissary.base import settings
from commissary.cli import work


async def test_a_worker_that_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No process or socket to be had is no reason to do without a worker for ever."""
    monkeypatch.setattr(work, "REST_S", (0.1,))
    monkeypatch.setattr(work, "PROGRAM", (str(tmp_path / "missing"),))
    kept = work.Beside(settings.read(os.environ, data=tmp_path), "")
    kept.nudge()  # nobody hears it, nobody minds
    kept.start()
    async with asyncio.timeout(20):
        while "No such file" not in caplog.text:  # noqa: ASYNC110 - the log is what tells
            await asyncio.sleep(0.02)
        # Until the other end is closed, which is how a worker hears that its server is gone.
        hears = "import socket, sys; s = socket.socket(fileno=int(sys.argv[-1])); [0 for _ in iter(lambda: s.recv(9), b'')]"
        monkeypatch.setattr(work, "PROGRAM", (sys.executable, "-c", hears))
        while kept.process is None:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
        kept.nudge()
        await kept.stop()
    assert kept.process.returncode == 0
