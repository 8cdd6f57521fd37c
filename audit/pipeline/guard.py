"""What holds a worker in its place: time per page, memory, files, no network, no orphans."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Exit codes by which a worker says why it ended itself.
EXIT_MEMORY, EXIT_RECYCLE = 86, 87
#: A worker that holds more than this between tasks is replaced.
RECYCLE_BYTES = 1024**3
#: Data segment at which the kernel refuses: reserved address space is more than what is touched,
#: which the watcher measures.
DATA_LIMIT = 4 * 1024**3
_OPEN_FILES = 256
_LARGEST_FILE = 2 * 1024**3
_WATCH_SECONDS = 0.1
#: Wall time over processor time that is allowed to a page: other work may keep it waiting.
PATIENCE = 6
_SECRETS = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIAL", "_KEY")
_SET_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def prepare_worker(memory: int = 0, parent: int = 0) -> None:
    """Set up a fresh worker process.

    ``memory``: bytes of touched memory at which it ends itself with ``EXIT_MEMORY`` (0: no
    watch). ``parent``: process id it must not outlive (0: unknown).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in [n for n in os.environ if any(s in n.upper() for s in _SECRETS)]:
        del os.environ[name]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    if sys.platform != "win32":
        _limit_resources()
        _close_stdin()
    if sys.platform == "linux":
        leave_network()
        _die_with_parent(parent)
    if memory:
        watch_memory(memory)


def _limit_resources() -> None:
    import resource

    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, DATA_LIMIT),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
    ):
        _, hard = resource.getrlimit(kind)
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (most, most))
    # A file beyond the limit is an error to handle, not a reason to die.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _close_stdin() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def leave_network() -> bool:
    """Move this process into a network of its own without any device; tell whether that worked.

    Works for root, and for others where the system allows user namespaces; elsewhere nothing
    changes (no code of ours opens a connection either way).
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) == 0:
        return True
    if threading.active_count() > 1:
        return False
    return bool(libc.unshare(_NEW_USER | _NEW_NETWORK) == 0)


def _die_with_parent(parent: int) -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if parent and os.getppid() != parent:
        # It ended before the wish was heard.
        os._exit(EXIT_RECYCLE)


def resident_bytes() -> int:
    """Return the memory this process has touched, in bytes; 0 where that cannot be told."""
    try:
        with open("/proc/self/statm", "rb") as source:  # noqa: PTH123 - read ten times a second
            return int(source.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        pass
    try:
        import psutil
    except ImportError:
        return 0
    return int(psutil.Process().memory_info().rss)


def watch_memory(most: int) -> None:
    """End this process with ``EXIT_MEMORY`` once it has touched more than ``most`` bytes."""

    def watch() -> None:
        while True:
            if resident_bytes() > most:
                os._exit(EXIT_MEMORY)
            time.sleep(_WATCH_SECONDS)

    threading.Thread(target=watch, name="memory-watch", daemon=True).start()


def leave_if_grown() -> None:
    """End this process with ``EXIT_RECYCLE`` if earlier tasks left it too large for another."""
    if resident_bytes() > RECYCLE_BYTES:
        os._exit(EXIT_RECYCLE)


@contextmanager
def page_deadline(seconds: int) -> Iterator[Callable[[], None]]:
    """Kill this process when one page takes longer; yields a function to restart the clock.

    ``seconds`` are of processor time, so that a busy machine refuses no page (SIGPROF); a page
    that only waits is ended after ``PATIENCE`` times as long (SIGALRM). The default actions end
    the process even inside native code, where a Python handler would wait. On Windows the
    executor's limit for the whole task stands alone.
    """
    if sys.platform == "win32":
        yield lambda: None
        return

    def restart() -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.alarm(seconds * PATIENCE)

    clocks = (signal.SIGALRM, signal.SIGPROF)
    previous = [signal.signal(clock, signal.SIG_DFL) for clock in clocks]
    restart()
    try:
        yield restart
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        for clock, handler in zip(clocks, previous, strict=True):
            signal.signal(clock, handler)
