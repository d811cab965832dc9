"""bulk: what people do to many things at once: files that come in, files that go out, one act on many.

Owns: schema `bulk`. Promises: nothing of a file is imported before somebody saw what it would do; what is committed is what was
checked; a row's outcome is written in the transaction of its effect, so a job that is killed anywhere, or runs beside its copy, does
nothing twice; a filter is resolved once; bytes of files are sealed at rest and gone when their time is over, those of codes with
their import. Publishes: nothing of its own; the domains it calls do. Relies on: all domains below it, through their doors.
Sources: OWASP ASVS 5.0, 1.2.10 (formulas) and chapter 5 (files).
"""

from commissary import jobs
from commissary.bulk import codes_out, undo
from commissary.bulk.act import JOB as ACT_JOB
from commissary.bulk.act import run_act
from commissary.bulk.commit import ACTS as COMMIT_ACTS
from commissary.bulk.commit import JOB as UPLOAD_JOB
from commissary.bulk.commit import commit, is_of_a_sheet, on_decided
from commissary.bulk.export import JOB as EXPORT_JOB
from commissary.bulk.export import run_export
from commissary.bulk.run import run_upload
from commissary.bulk.undo import sweep

ACTS = [*COMMIT_ACTS, *undo.ACTS, *codes_out.ACTS]
HANDLERS: dict[str, jobs.Handler] = {UPLOAD_JOB: run_upload, ACT_JOB: run_act, EXPORT_JOB: run_export}

__all__ = ["ACTS", "HANDLERS", "commit", "is_of_a_sheet", "on_decided", "sweep"]
