"""jobs: work that outlives a request: imports, exports, reports, mail.

Owns: schema `jobs`: the job with its progress, the turns of periodic work. Promises: a job is deferred in the caller's
transaction or not at all; one process runs it at a time; a killed one is run again when its lease ends, from the cursor
it saved; a job that is asked to cancel stops at its next progress. Knows no handler: whoever runs jobs brings them.
Publishes: nothing. Relies on: tenancy. Sources: docs/decisions/0013-jobs.md.

    queued ─> running ─> done | failed | cancelled
       ^─ retry ─┘
"""

from commissary.jobs.queue import Handler, Job, LeaseLost, Runner, Stopped, defer
from commissary.jobs.read import JobView, cancel_job, cancel_own_job, get_job, get_own_job, list_jobs
from commissary.jobs.turns import due_turns, end_turn, keep_turn, list_turns, take_turn

__all__ = [
    "Handler",
    "Job",
    "JobView",
    "LeaseLost",
    "Runner",
    "Stopped",
    "cancel_job",
    "cancel_own_job",
    "defer",
    "due_turns",
    "end_turn",
    "keep_turn",
    "get_job",
    "get_own_job",
    "list_jobs",
    "list_turns",
    "take_turn",
]
