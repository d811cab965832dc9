"""The script of continuous integration runs every step and fails when one of them does."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .tree import ROOT

STEPS = ["test", "test16", "axe"]
BY_HAND = ["chaos", "sim", "x1", "fuzz"]


def run(folder: Path, broken: str) -> tuple[int, str, list[str]]:
    """`.ci/run` with a `make` that only notes what it is asked for, and fails for one target: (code, told, asked)."""
    asked = folder / "asked"
    make = folder / "make"
    make.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n[ "$1" != "{broken}" ]\n')
    make.chmod(0o755)
    done = subprocess.run(  # noqa: S603
        [shutil.which("bash") or "bash", str(ROOT / ".ci" / "run")],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
    )
    return done.returncode, done.stdout, asked.read_text("utf-8").splitlines()


def test_every_step_passes(tmp_path: Path) -> None:
    code, told, asked = run(tmp_path, "")
    assert code == 0, told
    assert [line.split()[0] for line in asked] == STEPS
    assert "FAILED" not in told


@pytest.mark.parametrize("broken", STEPS)
def test_a_failing_step_fails_the_run_and_hides_no_other(tmp_path: Path, broken: str) -> None:
    code, told, asked = run(tmp_path, broken)
    assert code == 1
    assert [line.split()[0] for line in asked] == STEPS
    assert re.findall(r"^FAILED +\d+ s  make (\S+)", told, re.MULTILINE) == [broken]
    assert len(re.findall(r"^passed +\d+ s  make", told, re.MULTILINE)) == len(STEPS) - 1


def test_the_oldest_postgresql_gets_every_domain(tmp_path: Path) -> None:
    _, _, asked = run(tmp_path, "")
    given = set(asked[1].partition("T=")[2].split())
    apart = {"bench", "sdk", "web", "architecture", "chaos", "simulation", "make", "tables"}
    apart |= {"operation", "journeys", "attack", "api", "cli", "connectors", "dialects", "experiments", "e2e"}
    folders = {f"tests/{f.name}" for f in (ROOT / "tests").iterdir() if f.is_dir() and f.name[0] not in "_."}
    assert given == folders - {f"tests/{name}" for name in apart}


def test_what_is_run_is_a_target_with_a_word_of_help(tmp_path: Path) -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in [*STEPS, "help", "ready", "suite"]:
        assert re.search(rf"^{target}:", text, re.MULTILINE)
    for target in STEPS + BY_HAND:
        assert re.search(rf"^{target}:.*## \S", text, re.MULTILINE), target
