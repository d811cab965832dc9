"""States of a job, what it counts, and how jobs say no."""

from enum import StrEnum
from typing import Literal

from commissary.base.errors import Refusal

Unit = Literal["rows", "lines", "ranges", "skus", "batches", "buyers", "orders", "work", "messages"]
"""What a job counts."""


class JobState(StrEnum):
    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


class JobRefusal(Refusal):
    """In order of precedence."""

    job_not_found = (404, "There is no such job", "未找到该任务")
    job_has_ended = (409, "The job has ended already", "任务已结束")
