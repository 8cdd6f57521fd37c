"""The same cases on other machines: one task a case on ``dask.distributed``, pebble inside.

Scheduler and workers must see the case folders and the output folder under the same paths
(shared storage), and workers must not be daemons, because each starts page workers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from audit.errors import EXIT_WITH_WARNINGS, MissingPartError, OutputUnusableError
from audit.i18n import told
from audit.pipeline.batch import CaseJob, CaseResult, run_case

#: A case whose worker dies is given to another one so often.
RETRIES = 3


def run_on_cluster(
    jobs: Sequence[CaseJob], scheduler: str, finished: Callable[[str], None]
) -> list[CaseResult]:
    """Run the jobs on the cluster at ``scheduler`` (``tcp://…``); results in the order of the jobs.

    Raises ``MissingPartError`` without the optional packages, ``OutputUnusableError`` when the
    scheduler cannot be reached.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise MissingPartError(told("stop.no_cluster")) from error
    try:
        client: Any = Client(scheduler, timeout="15s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise OutputUnusableError(told("stop.no_scheduler", address=scheduler)) from error
    with client:
        running = {
            client.submit(run_case, job, key=f"case-{i}-{job.name}", retries=RETRIES, pure=False): i
            for i, job in enumerate(jobs)
        }
        results: dict[int, CaseResult] = {}
        for future in as_completed(list(running), loop=client.loop):  # type: ignore[no-untyped-call]
            index = running[future]
            results[index] = _result(future, jobs[index])
            finished(jobs[index].name)
    return [results[i] for i in range(len(jobs))]


def _result(future: Any, job: CaseJob) -> CaseResult:  # noqa: ANN401 - a future of distributed's
    trouble = future.exception()
    if trouble is None:
        result: CaseResult = future.result()
        return result
    why = told("stop.node", error=type(trouble).__name__)
    return CaseResult(job.name, job.out, EXIT_WITH_WARNINGS, why)
