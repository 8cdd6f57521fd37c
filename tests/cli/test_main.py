"""Exit codes: the public interface of the command, never a traceback."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from audit import cli
from audit.cli import commands
from audit.errors import InputUnusableError, IntegrityError
from audit.store.log import MIRROR
from audit.store.workspace import Workspace


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("sys.argv", ["audit", *arguments])
    try:
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    finally:
        signal.signal(signal.SIGTERM, before)
    return int(stopped.value.code or 0)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputUnusableError("没有"), 4),
        (IntegrityError("断了"), 8),
        (KeyboardInterrupt(), 130),
        (cli.TerminatedError(), 143),
        (ZeroDivisionError(), 1),
    ],
)
def test_every_error_has_its_code_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(commands, "app", fail)
    assert _run(monkeypatch) == code
    assert "Traceback" not in capsys.readouterr().err


def test_sigterm_unwinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "app", lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert _run(monkeypatch) == 143


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], 2),
        (["check", "somewhere", "--lang", "fr"], 2),
        (["check", "/no/such/folder"], 4),
        (["check", "/no/such/folder", "--policy", "no-such-policy"], 2),
        (["log", "verify", "/no/such/folder"], 4),
        (["finalize", "/no/such/folder", "--actor", "张"], 4),
        (["finalize", "/no/such/folder"], 2),
        (["version"], 0),
    ],
)
def test_wrong_usage_and_unusable_input(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    assert _run(monkeypatch, *arguments) == code


def test_log_verify_says_that_the_chain_holds_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace(tmp_path) as space:
        head = space.log.append("张审核", "decision", {"target": "k"}).hash
    assert _run(monkeypatch, "log", "verify", str(tmp_path)) == 0
    assert head in capsys.readouterr().out
    mirror = tmp_path / MIRROR
    mirror.write_text(mirror.read_text("utf-8").replace("张审核", "王审核"), "utf-8")
    assert _run(monkeypatch, "log", "verify", str(tmp_path)) == 8
    assert "第 1 条" in capsys.readouterr().out
