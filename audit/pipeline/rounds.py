"""Rounds of a case: freezing a version, and checking what came back after 补正."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from audit import i18n
from audit.atomic import write_atomic
from audit.conclude.rounds import Comparison, compare
from audit.conclude.twins import counterparts
from audit.errors import InputUnusableError, IntegrityError
from audit.i18n import told
from audit.log import short
from audit.model import CaseFacts, CaseReport, Decision, Message, codec
from audit.model.cross import Verification
from audit.pipeline.collect import Progress
from audit.pipeline.decisions import CHANGES, EVENT, open_session, write_decision
from audit.pipeline.executor import Executor
from audit.pipeline.rejudge import facts_of, rejudge
from audit.pipeline.run import RunOptions, check_case, state_of
from audit.store.log import MIRROR, AuditLog, Entry, file_digest, seal_of, verify_log
from audit.store.workspace import Workspace

VERSIONS = "versions"
#: What a frozen version keeps; those that were not written are left out.
FROZEN = (
    "case.json",
    "report.html",
    "workpaper.xlsx",
    "opinion.docx",
    "onsite.docx",
    "request.docx",
    MIRROR,
)
#: What the tax platform was asked with: an answer holds for these only.
ASKED = ("invoice_code", "invoice_number", "issue_date", "total_with_tax", "amount_without_tax")
FINALIZE, RECHECK = "finalize", "recheck"


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen version: its number, the hash of its manifest, its folder; ``new``: made just now."""

    number: int
    sha256: str
    folder: Path
    new: bool


def finalize(out: Path, actor: str, key: bytes = b"") -> Version:
    """Freeze the case as it stands; a version that nothing has changed since stands as it is.

    The manifest names every file's SHA-256 and the head of the log; its own hash goes into the
    log, so that neither can be changed unseen. Later decisions make the next version. ``key``:
    an office's secret; the entry is sealed with it, for whoever holds the key to verify.
    """
    troubles = verify_log(out)[1] if (out / "case.db").is_file() else []
    if any(t.where in {"database", "mirror"} and t.why != "torn" for t in troubles):
        raise IntegrityError(told("stop.chain_no_final"))
    session = open_session(out)
    with Workspace(out) as space:
        last = _last(space.log.entries(), FINALIZE)
        state = state_of(session.report(), session.lang)
        if last is not None and last.data.get("state") == state:
            number = int(last.data["version"])
            return Version(number, str(last.data["manifest"]), out / VERSIONS / f"v{number}", False)
    session.export()
    with Workspace(out) as space:
        number = 1 if last is None else int(last.data["version"]) + 1
        return _freeze(space, number, state, actor, key)


def _last(entries: tuple[Entry, ...], event: str) -> Entry | None:
    return next((e for e in reversed(entries) if e.event == event), None)


def _freeze(space: Workspace, number: int, state: str, actor: str, key: bytes) -> Version:
    folder = space.folder / VERSIONS / f"v{number}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files: dict[str, str] = {}
    for name in FROZEN:
        if (space.folder / name).is_file():
            write_atomic(folder / name, (space.folder / name).read_bytes())
            files[name] = file_digest(folder / name)
    manifest = {"schema": 1, "version": number, "log_head": space.log.head, "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomic(folder / "manifest.json", text.encode("utf-8"))
    digest = file_digest(folder / "manifest.json")
    recorded = {f"{VERSIONS}/v{number}/{name}": value for name, value in files.items()}
    recorded[f"{VERSIONS}/v{number}/manifest.json"] = digest
    data: Mapping[str, Any] = {
        "version": number,
        "manifest": digest,
        "state": state,
        "files": recorded,
        **({"seal": seal_of(key, digest)} if key else {}),
    }
    space.log.append(actor, FINALIZE, data)
    space.technical.event("finalized", version=number, files=len(files), manifest=short(digest))
    return Version(number, digest, folder, True)


# --- recheck -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recheck:
    """The new round as judged with what was carried over, and the comparison."""

    report: CaseReport
    comparison: Comparison
    round: int


def recheck(
    old: Path,
    new: Path,
    out: Path,
    run: RunOptions,
    executor: Executor,
    progress: Progress,
) -> Recheck:
    """Check the folder ``new``, compare it with the round in ``old``, carry decisions over.

    ``old``: the output folder of the earlier round, or its case folder (then it is checked
    first, into ``out/earlier``). Writes ``recheck.json`` beside the usual outputs. Checking the
    same round again carries nothing twice.
    """
    earlier = _earlier(old, out, run, executor, progress)
    if earlier.resolve() == out.resolve():
        raise InputUnusableError(told("stop.same_round"))
    past = open_session(earlier)
    before, as_found = past.report(), past.undecided().findings
    check_case(new, out, run, executor, progress)
    _carry_answers(before.facts, out)
    session = open_session(out)
    comparison = compare(before, as_found, session.undecided())
    number = max((d.round for d in before.decisions), default=1) + 1
    with Workspace(out) as space:
        _carry_over(space.log, comparison, before.run.log_head, number)
        space.keep(CHANGES, codec.dumps(comparison.changes))
        space.technical.event(
            "rechecked",
            round=number,
            changes=len(comparison.changes),
            carried=len(comparison.carried),
            dropped=len(comparison.dropped),
        )
    report = open_session(out).export()
    write_atomic(out / "recheck.json", _as_json(comparison, run.lang))
    return Recheck(report, comparison, number)


def _carry_answers(old: CaseFacts, out: Path) -> None:
    """Bring the tax platform's answers along: a void invoice does not mend by being sent again.

    Only to the same number, code and total; what changed must be asked again.
    """
    facts = facts_of(out)
    keys = counterparts(old, facts).keys
    before, after = ({d.key: d for d in f.documents} for f in (old, facts))
    known = {v.document_key for v in facts.verifications}
    brought = []
    for answer in old.verifications:
        one, two = before.get(answer.document_key), after.get(keys.get(answer.document_key, ""))
        if one is None or two is None or two.key in known:
            continue
        if all(one.get(n).value == two.get(n).value for n in ASKED):
            brought.append(replace(answer, document_key=two.key))
    if brought:
        change = partial(_with_answers, brought=brought)
        rejudge(out, change, "tax-platform", "hezheng", {"carried": len(brought)})


def _with_answers(facts: CaseFacts, brought: Sequence[Verification]) -> CaseFacts:
    found = (*facts.verifications, *brought)
    return replace(facts, verifications=tuple(sorted(found, key=lambda v: v.document_key)))


def _earlier(old: Path, out: Path, run: RunOptions, executor: Executor, progress: Progress) -> Path:
    if (old / "case.db").is_file():
        return old
    if not old.exists():
        raise InputUnusableError(told("stop.no_round", folder=old))
    check_case(old, out / "earlier", run, executor, progress)
    return out / "earlier"


def _carry_over(log: AuditLog, comparison: Comparison, old_head: str, number: int) -> None:
    """Append the decisions that still hold, once: what was carried before is known by its hash."""
    known = {
        (e.data["carried"]["head"], e.data["carried"]["seq"])
        for e in log.entries()
        if e.event == EVENT and isinstance(e.data.get("carried"), Mapping)
    }
    renumbered: dict[str, str] = {}
    for before, after in comparison.carried:
        origin = {"seq": before.seq, "at": before.at, "head": old_head}
        if (old_head, before.seq) in known:
            continue
        entry = write_decision(log, after, origin)
        renumbered[str(before.seq)] = str(entry.seq)
    if renumbered or not known:
        data = {
            "round": number,
            "old_head": old_head,
            "carried": renumbered,
            "dropped": [d.seq for d, _ in comparison.dropped],
        }
        log.append("hezheng", RECHECK, data)


def _as_json(comparison: Comparison, lang: str) -> bytes:
    def words(message: Message) -> str:
        return i18n.text(message.key, dict(message.params), lang)

    def decided(decision: Decision) -> dict[str, object]:
        return {"seq": decision.seq, "action": decision.action, "actor": decision.actor}

    values = {
        "schema": 1,
        "changes": [
            {
                "kind": c.kind,
                "message": words(c.message),
                "old": c.old_id or None,
                "new": c.new_id or None,
            }
            for c in comparison.changes
        ],
        "carried": [{**decided(a), "target": b.target} for a, b in comparison.carried],
        "dropped": [{**decided(d), "reason": words(why)} for d, why in comparison.dropped],
    }
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")
