"""What a run may touch: its output folder, and nothing else; what it says when it cannot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from audit.errors import OutputUnusableError, WorkspaceInUseError
from audit.pipeline.executor import Job, PoolExecutor, SerialExecutor
from audit.store.workspace import Workspace
from tests.hostile.kills import folder_state, read, summary, write_case

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    write_case(folder)
    return folder


def test_reading_opens_no_connection(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "a connection was tried"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)

    files = read(case, tmp_path / "out", SerialExecutor())

    codes = {p.code for f in files for p in f.problems}
    assert "E900" not in codes


def test_nothing_is_written_beside_the_output_folder(case: Path, tmp_path: Path) -> None:
    before = folder_state(case)

    read(case, tmp_path / "out", SerialExecutor())

    assert sorted(p.name for p in tmp_path.iterdir()) == ["case", "out"]
    assert folder_state(case) == before
    assert not (tmp_path / "out" / ".work").exists()


def test_a_second_run_on_one_workspace_is_refused(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import sys; from pathlib import Path; from audit.store.workspace import Workspace; "
        "w = Workspace(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(WorkspaceInUseError) as caught:
            read(case, out, SerialExecutor())
        assert caught.value.exit_code == 6
        assert str(holder.pid) in str(caught.value)
    finally:
        holder.communicate(b"")


_FULL = """
import resource, sys
from pathlib import Path
from audit.errors import AuditError
from audit.pipeline.executor import SerialExecutor
from tests.hostile.kills import read
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    read(Path(sys.argv[1]), Path(sys.argv[2]), SerialExecutor())
except AuditError as error:
    sys.exit(error.exit_code)
"""


@posix
@pytest.mark.parametrize("limit", [20_000, 60_000])
def test_no_room_to_write_ends_with_its_own_code(case: Path, tmp_path: Path, limit: int) -> None:
    out = tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-c", _FULL, str(case), str(out), str(limit)],
        capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip

    assert run.returncode == OutputUnusableError.exit_code, run.stderr.decode()[-500:]
    # Room again: the run goes on to the same result.
    assert summary(read(case, out, SerialExecutor())) == summary(
        read(case, tmp_path / "fresh", SerialExecutor())
    )


def _connect(_: object) -> str:
    with socket.socket() as one:
        one.settimeout(2)
        try:
            one.connect(("192.0.2.1", 9))
        except OSError as error:
            return type(error).__name__
    return "connected"


def _hold(size: int) -> int:
    import time

    block = bytearray(size)
    block[::4096] = b"x" * len(block[::4096])
    time.sleep(5)
    return len(block)


def _die(number: int) -> None:
    os.kill(os.getpid(), number)


def _secrets(_: object) -> list[str]:
    return [name for name in os.environ if "TOKEN" in name]


def _run(job: Job, workers: int = 1, memory: int = 400_000_000) -> list[object]:
    found: list[object] = []

    def on_done(done: object) -> tuple[Job, ...]:
        found.append(done)
        return ()

    PoolExecutor(workers, memory).run([job], on_done)
    return found


@posix
def test_a_worker_that_takes_too_much_memory_says_so() -> None:
    (done,) = _run(Job(_hold, 600_000_000, 30.0))

    assert done.failure.code == "E510"  # type: ignore[attr-defined]


@posix
@pytest.mark.parametrize(("number", "code"), [(6, "E511"), (11, "E511"), (9, "E511"), (14, "E509")])
def test_a_worker_that_dies_costs_its_own_task(number: int, code: str) -> None:
    (done,) = _run(Job(_die, number, 30.0))

    assert done.failure.code == code  # type: ignore[attr-defined]


@posix
def test_a_worker_reaches_no_network_and_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "x")

    (reached,) = _run(Job(_connect, None, 30.0))
    (seen,) = _run(Job(_secrets, None, 30.0))

    assert reached.value != "connected"  # type: ignore[attr-defined]
    assert seen.value == []  # type: ignore[attr-defined]


def test_the_lock_is_free_after_a_run(case: Path, tmp_path: Path) -> None:
    read(case, tmp_path / "out", SerialExecutor())

    with Workspace(tmp_path / "out") as space:
        assert space.folder == tmp_path / "out"
