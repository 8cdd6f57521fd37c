"""What holds a worker in its place: time per page, memory, no core dumps, no orphans."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Above this the worker dies with E510 instead of the machine suffering; the promise is 1.5 GB
#: of touched memory, reserved address space is more.
DATA_LIMIT = 3 * 1024**3
_SECRETS = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "_KEY")


def prepare_worker() -> None:
    """Set up a fresh worker process: limits, no interrupts of its own, death with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in [n for n in os.environ if any(s in n.upper() for s in _SECRETS)]:
        del os.environ[name]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT, DATA_LIMIT))
    if sys.platform == "linux":
        _die_with_parent()


def _die_with_parent() -> None:
    import ctypes

    set_death_signal, no_new_privileges = 1, 38
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    libc.prctl(no_new_privileges, 1, 0, 0, 0)


@contextmanager
def page_deadline(seconds: int) -> Iterator[Callable[[], None]]:
    """Kill this process by SIGALRM when one page takes longer; yields a function to restart.

    The default action ends the process even inside native code, where a Python handler would
    wait. On Windows the executor's limit for the whole task stands alone.
    """
    if sys.platform == "win32":
        yield lambda: None
        return

    def restart() -> None:
        signal.alarm(seconds)

    previous = signal.signal(signal.SIGALRM, signal.SIG_DFL)
    restart()
    try:
        yield restart
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
