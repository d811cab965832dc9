"""When a job ends the console reads again what that kind of job changes: every kind is named there, with lists that there are."""

import re

from commissary.app.working import JOBS

from .tree import ROOT

SOURCES = ROOT / "frontend/src"
CHANGES = (SOURCES / "app/changes.ts").read_text("utf-8")


def test_every_kind_of_job_has_its_lists() -> None:
    assert set(re.findall(r'^  "([a-z.]+)":', CHANGES, re.M)) == set(JOBS)


def test_it_names_queries_that_there_are() -> None:
    named = {
        name for found in re.findall(r"\[([^\]]*)\]", CHANGES) for name in re.findall(r'"([\w-]+)"', found)
    }
    text = "".join(path.read_text("utf-8") for path in SOURCES.rglob("*.tsx") if "test" not in path.name)
    asked = set(re.findall(r'queryKey: \[\s*"([\w-]+)"', text)) | set(
        re.findall(r'^\s*id="([\w-]+)"$', text, re.M)
    )
    assert named, "read wrongly"
    assert named <= asked
