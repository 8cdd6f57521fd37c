"""Where tasks run: here, or in worker processes that may die without taking others along."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any, Protocol

from audit.errors import OutputUnusableError
from audit.i18n import told
from audit.model import Problem, problem
from audit.pipeline.guard import EXIT_MEMORY, EXIT_RECYCLE, leave_if_grown, resident_bytes
from audit.settings import DEFAULT_LIMITS

#: A worker is replaced after so many tasks, which keeps its memory flat.
TASKS_PER_WORKER = 40
#: Tasks handed to the pool at once, per worker: enough to keep it busy.
AHEAD = 2
_NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", 122), errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Job:
    """A picklable module function with one picklable argument; ``seconds`` bounds it."""

    function: Callable[[Any], Any]
    argument: Any
    seconds: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job took where it ran: process id, seconds of clock and processor, bytes held after."""

    process: int
    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Done:
    """How a job ended: its value, or the reason it has none.

    ``hung``: stopped by a time limit (not worth another try). ``cost``: for the technical log,
    ``None`` where the worker could not tell any more.
    """

    job: Job
    value: Any = None
    failure: Problem | None = None
    hung: bool = False
    cost: Cost | None = None


class Executor(Protocol):
    """Runs jobs and reports each as it ends; new jobs may be returned to be run as well."""

    def run(self, jobs: Iterable[Job], on_done: Callable[[Done], Iterable[Job]]) -> None:
        """Run all ``jobs`` and those that ``on_done`` gives back, until none is left."""


class SerialExecutor:
    """Runs jobs in this process, one after another: for tests and for workers of others."""

    def run(self, jobs: Iterable[Job], on_done: Callable[[Done], Iterable[Job]]) -> None:
        """Run all jobs here; an exception becomes E900, as in a worker."""
        queue = list(jobs)
        while queue:
            job = queue.pop(0)
            try:
                value, cost = measured(job.function, job.argument)
                done = Done(job, value, cost=cost)
            except Exception as error:  # noqa: BLE001 - the worker boundary: a bug costs one task
                _stop_if_full(error)
                done = Done(job, failure=_internal(error))
            queue.extend(on_done(done))


class PoolExecutor:
    """Runs jobs in spawned worker processes (pebble); a dying worker costs its own job only."""

    def __init__(self, workers: int, memory: int = DEFAULT_LIMITS.worker_bytes) -> None:
        """Prepare for ``workers`` processes of at most ``memory`` bytes; the first job starts them."""
        self.workers = workers
        self.memory = memory

    def run(self, jobs: Iterable[Job], on_done: Callable[[Done], Iterable[Job]]) -> None:
        """Run all jobs in workers; see ``Executor.run``."""
        queue = list(jobs)
        if not queue:
            return
        with self._pool() as pool:
            running: dict[Future[Any], Job] = {}
            try:
                while queue or running:
                    while queue and len(running) < self.workers * AHEAD:
                        job = queue.pop(0)
                        future = pool.schedule(
                            in_worker, args=(job.function, job.argument), timeout=job.seconds
                        )
                        running[future] = job
                    ended, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in ended:
                        job = running.pop(future)
                        if _recycled(future):
                            # The worker went before it began: nobody's fault.
                            queue.insert(0, job)
                        else:
                            queue.extend(on_done(_outcome(job, future)))
            except BaseException:
                pool.stop()
                raise

    def _pool(self) -> Any:  # noqa: ANN401 - pebble has no type information
        import multiprocessing

        from pebble import ProcessPool

        from audit.pipeline.guard import prepare_worker

        return ProcessPool(
            max_workers=self.workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=prepare_worker,
            initargs=(self.memory, os.getpid()),
            context=multiprocessing.get_context("spawn"),
        )


def in_worker(function: Callable[[Any], Any], argument: Any) -> tuple[Any, Cost]:  # noqa: ANN401 - a job's own
    """Run a job's function in a worker that is still small enough for it."""
    leave_if_grown()
    return measured(function, argument)


def measured(function: Callable[[Any], Any], argument: Any) -> tuple[Any, Cost]:  # noqa: ANN401 - a job's own
    """Run a job's function; returns its value, and what it took."""
    clock, cpu = time.monotonic(), time.process_time()
    value = function(argument)
    seconds, used = time.monotonic() - clock, time.process_time() - cpu
    return value, Cost(os.getpid(), round(seconds, 3), round(used, 3), resident_bytes())


def _recycled(future: Future[Any]) -> bool:
    from pebble import ProcessExpired

    error = future.exception()
    return isinstance(error, ProcessExpired) and error.exitcode == EXIT_RECYCLE


def _outcome(job: Job, future: Future[Any]) -> Done:
    from pebble import ProcessExpired

    try:
        value, cost = future.result()
        return Done(job, value, cost=cost)
    except TimeoutError:
        return Done(job, failure=problem("E509", seconds=int(job.seconds)), hung=True)
    except ProcessExpired as error:
        return _expired(job, int(error.exitcode or 0))
    except MemoryError:
        return Done(job, failure=problem("E510"))
    except Exception as error:  # noqa: BLE001 - the worker boundary: a bug costs one task
        _stop_if_full(error)
        return Done(job, failure=_internal(error))


def _stop_if_full(error: Exception) -> None:
    """Raise ``OutputUnusableError`` if a task had no room to write: that is not its file's fault."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        raise OutputUnusableError(told("stop.disk_full")) from error


def _expired(job: Job, exit_code: int) -> Done:
    if -exit_code in {getattr(signal, "SIGALRM", 14), getattr(signal, "SIGPROF", 27)}:
        return Done(job, failure=problem("E509", seconds=int(job.seconds)), hung=True)
    if exit_code == EXIT_MEMORY:
        return Done(job, failure=problem("E510"))
    number = -exit_code if exit_code < 0 else exit_code
    return Done(job, failure=problem("E511", signal=_signal_name(number)))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _internal(error: Exception) -> Problem:
    """Name the bug without quoting content: type and place only."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
    )
    return problem("E900", id=f"{type(error).__name__}@{where}")
