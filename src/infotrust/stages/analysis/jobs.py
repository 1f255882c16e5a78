"""The job that runs a question in the background."""

from __future__ import annotations

from typing import Any

from infotrust.core.errors import UserFacingError
from infotrust.shared.jobs.progress import Progress
from infotrust.shared.jobs.registry import job
from infotrust.stages.analysis import queries, services


@job(services.RUN)
def run_question(progress: Progress, *, question: int) -> dict[str, Any]:
    """Run the question with this number. Run again after its output was kept, it makes no second one."""
    by = progress.by
    if by is None:
        raise UserFacingError("A question is run by a person.", next_step="Start it from the question's page.")
    output = services.run_question(queries.question_by_number(question), by=by, step=progress.step, job=progress.job.pk)
    return {"output": output.pk, "rows": len(output.rows)}
