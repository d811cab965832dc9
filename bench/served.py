"""A yardstick's server as a child process: uvicorn with uvloop and httptools on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
START_S = 30.0


@dataclass(frozen=True)
class Served:
    base_url: str
    pid: int


@contextmanager
def served(app: str, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Serves `module:app` until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own module names
        command, cwd=CHECKOUT, env={**os.environ, **(env or {})}
    ) as child:
        try:
            wait_until_open(port, child)
            yield Served(f"http://127.0.0.1:{port}", child.pid)
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_until_open(port: int, child: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + START_S
    while time.monotonic() < give_up_at:
        if child.poll() is not None:
            raise RuntimeError(f"the yardstick's server ended with {child.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the yardstick's server did not open port {port} in {START_S:.0f} s")
