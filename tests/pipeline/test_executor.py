"""Executors: every job ends with a value or a reason; new jobs may follow."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

import pytest

from audit.errors import OutputUnusableError
from audit.pipeline.executor import Done, Executor, Job, PoolExecutor, SerialExecutor
from audit.pipeline.guard import EXIT_RECYCLE, page_deadline

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def double(number: int) -> int:
    return number * 2


def fail(_: object) -> None:
    message = "private text of a document"
    raise KeyError(message)


def fill(number: int) -> None:
    raise OSError(number, "No space left on device")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def hang_on_a_page(_: object) -> None:
    with page_deadline(1):
        while True:
            pass


def recycled_once(path: str) -> int:
    """End the first worker that tries, as one does that has grown too large."""
    if not os.path.exists(path):  # noqa: PTH110
        with open(path, "w", encoding="utf-8"):  # noqa: PTH123
            pass
        os._exit(EXIT_RECYCLE)
    return os.getpid()


def run(executor: Executor, jobs: Iterable[Job], follow: int = 0) -> list[Done]:
    found: list[Done] = []

    def on_done(done: Done) -> list[Job]:
        found.append(done)
        if done.job.function is double and done.value is not None and done.value < follow:
            return [Job(double, done.value, 30.0)]
        return []

    executor.run(jobs, on_done)
    return found


@pytest.mark.parametrize("executor", [SerialExecutor(), PoolExecutor(2)], ids=["serial", "pool"])
def test_jobs_follow_jobs_and_failures_are_values(executor: Executor) -> None:
    done = run(executor, [Job(double, 1, 30.0), Job(fail, None, 30.0)], follow=8)

    assert sorted(d.value for d in done if d.failure is None) == [2, 4, 8]
    (failure,) = [d.failure for d in done if d.failure is not None]
    assert failure.code == "E900"
    assert "private" not in str(failure)
    assert dict(failure.params)["id"].startswith("KeyError@")


@pytest.mark.parametrize("executor", [SerialExecutor(), PoolExecutor(1)], ids=["serial", "pool"])
def test_a_full_disk_stops_the_run(executor: Executor) -> None:
    with pytest.raises(OutputUnusableError):
        run(executor, [Job(fill, 28, 30.0)])


@posix
def test_a_page_that_hangs_even_in_native_code_is_stopped() -> None:
    (done,) = run(PoolExecutor(1), [Job(hang_on_a_page, None, 30.0)])

    assert done.failure is not None
    assert (done.failure.code, done.hung) == ("E509", True)


def test_a_task_that_hangs_is_stopped_and_the_rest_is_done() -> None:
    jobs = [Job(sleep, 60.0, 1.0), Job(double, 4, 30.0)]

    done = {d.job.function.__name__: d for d in run(PoolExecutor(1), jobs)}

    assert done["sleep"].failure is not None
    assert (done["sleep"].failure.code, done["sleep"].hung) == ("E509", True)
    assert done["double"].value == 8


def test_a_worker_that_goes_before_it_begins_costs_nothing(tmp_path: object) -> None:
    (done,) = run(PoolExecutor(1), [Job(recycled_once, f"{tmp_path}/mark", 30.0)])

    assert done.failure is None
    assert isinstance(done.value, int)


@posix
def test_the_deadline_is_lifted_when_the_pages_are_done() -> None:
    with page_deadline(5) as restart:
        restart()
        assert signal.alarm(0) > 0

    assert signal.alarm(0) == 0
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
