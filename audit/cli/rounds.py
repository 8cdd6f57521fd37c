"""``audit recheck``, ``audit finalize``, ``audit log verify``: what they print and return."""

from __future__ import annotations

import sys
from pathlib import Path

from audit import i18n
from audit.cli.check import Bar, summary
from audit.errors import EXIT_OK, InputUnusableError, IntegrityError
from audit.i18n import told
from audit.model import Message
from audit.pipeline.executor import Executor, PoolExecutor, SerialExecutor

#: Changes of one kind that are printed; the rest is in ``recheck.json``.
SHOWN = 8
SHORTEST_KEY = 16
KINDS = ("silent", "open", "new", "mended", "asked", "added", "removed")


def run_recheck(old: Path, new: Path, out: Path, policy: str, lang: str, jobs: int) -> int:
    """Run a recheck, print what changed, and return the exit code."""
    from audit.pipeline.rounds import recheck
    from audit.pipeline.run import RunOptions, worst_problem

    executor: Executor = PoolExecutor(jobs) if jobs > 0 else SerialExecutor()
    with Bar(lang) as bar:
        found = recheck(old, new, out, RunOptions(policy, lang), executor, bar.show)
    lines = [i18n.text("cli.round", {"number": str(found.round)}, lang)]
    for kind in KINDS:
        changes = found.comparison.of(kind)
        title = i18n.text(f"cli.round.{kind}", {"count": str(len(changes))}, lang)
        lines += [title] if changes else []
        lines += [f"  · {_words(c.message, lang)}" for c in changes[:SHOWN]]
        lines += ["  …"] if len(changes) > SHOWN else []
    comparison = found.comparison
    counts = {"carried": str(len(comparison.carried)), "dropped": str(len(comparison.dropped))}
    lines.append(i18n.text("cli.round.decisions", counts, lang))
    lines += [f"  · {d.seq} {d.actor}: {_words(why, lang)}" for d, why in comparison.dropped]
    sys.stdout.write("\n".join([*lines, "", summary(found.report, out, lang)]) + "\n")
    return worst_problem(found.report)


def run_finalize(out: Path, actor: str, key_file: Path | None = None) -> int:
    """Freeze a version, print its number and hash, and return the exit code."""
    from audit.pipeline.rounds import finalize

    version = finalize(out, actor, _key(key_file))
    key = "cli.final.new" if version.new else "cli.final.same"
    params = {"number": str(version.number), "folder": str(version.folder), "hash": version.sha256}
    sys.stdout.write(told(key, **params) + "\n")
    return EXIT_OK


def _key(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise InputUnusableError(told("cli.key.unreadable", file=path)) from error
    if len(key) < SHORTEST_KEY:
        raise InputUnusableError(told("cli.key.short", file=path, count=SHORTEST_KEY))
    return key


def run_verify(out: Path, key_file: Path | None = None) -> int:
    """Verify the log and print every trouble; returns 0, or 8 if anything does not hold."""
    from audit.store.log import verify_log

    if not (out / "case.db").is_file():
        raise InputUnusableError(told("stop.not_checked", folder=out))
    entries, troubles = verify_log(out, _key(key_file))
    for trouble in troubles:
        why = told(f"cli.log.{trouble.why}")
        where = told(f"cli.log.at.{trouble.where}")
        name = trouble.where if where.startswith("cli.log.at.") else where
        line = told("cli.log.trouble", where=name, seq=trouble.seq, why=why)
        sys.stdout.write(f"{line}\n")
    head = entries[-1].hash if entries else "—"
    key = "cli.log.broken" if troubles else "cli.log.good"
    sys.stdout.write(told(key, count=len(entries), head=head) + "\n")
    return IntegrityError.exit_code if troubles else EXIT_OK


def _words(message: Message, lang: str) -> str:
    return i18n.text(message.key, dict(message.params), lang)
