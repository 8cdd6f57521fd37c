"""The main job: a folder in, a report out."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from audit import __version__
from audit.errors import InputUnusableError, is_reading_warning, is_warning
from audit.i18n import told
from audit.log import short
from audit.model import (
    CaseFacts,
    CaseFile,
    CaseReport,
    Decision,
    DocumentKind,
    FileStatus,
    Impression,
    PageMode,
    PageResult,
    Problem,
    RunInfo,
    codec,
)
from audit.pipeline.collect import Collector, FilePages, Progress
from audit.pipeline.decisions import changes_of, decisions_of, recall, remember
from audit.pipeline.executor import Executor
from audit.pipeline.join import join_case
from audit.pipeline.journal import tell_result, tell_versions
from audit.pipeline.known import with_known
from audit.pipeline.ledgers import split_copies
from audit.pipeline.pairs import find_pairs
from audit.pipeline.pictures import PictureStore
from audit.pipeline.signed import find_signature_pairs, signed_places
from audit.policy import load_policy, shipped_policies
from audit.policy.schema import Policy
from audit.settings import DEFAULT_LIMITS, Limits, Options
from audit.store.log import Entry, file_digest
from audit.store.workspace import Workspace

#: Papers on which identical seals are the rule.
BANK_PAPERS = frozenset(
    {DocumentKind.BANK_RECEIPT, DocumentKind.ACCEPTANCE_BILL, DocumentKind.BANK_STATEMENT}
)
#: Outputs whose hash the log records; a later change is named by ``audit log verify``.
RECORDED = ("case.json", "report.html")
OUTPUTS = (*RECORDED, "workpaper.xlsx")
REPORT = "report"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a person can choose about a run."""

    policy: str = "cq-2024-industrial-internet"
    lang: str = "zh"
    options: Options = field(default_factory=Options)
    limits: Limits = DEFAULT_LIMITS


def check_case(
    folder: Path,
    out: Path,
    run: RunOptions,
    executor: Executor,
    progress: Progress,
) -> CaseReport:
    """Read, match, judge and report one case folder (or one file) into ``out``.

    Raises the ``AuditError`` tree only: unusable input or output, workspace in use, bad policy.
    """
    started = time.monotonic()
    clock = datetime.now(UTC)
    policy = load_policy(run.policy)
    _check_places(folder, out)
    with Workspace(out) as space:
        tell_versions(space.technical, policy.id, _models())
        decisions = decisions_of(space.log)
        files = Collector(space, executor, run.options, run.limits, progress).read_case(folder)
        if not files:
            raise InputUnusableError(told("stop.no_files", folder=folder))
        progress("judge", 0, 1)
        with space.technical.stage("judge"):
            facts = with_known(space, assemble(folder.name, files))
            report = judge(facts, policy, decisions, run.lang)
        tell_result(space.technical, report)
        progress("judge", 1, 1)
        space.forget_pictures(p.picture for p in facts.pages if p.picture)
        info = RunInfo(
            started=clock.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - started, 1),
            version=__version__,
            policy=policy.id,
            policy_title=policy.title,
            models=_models(),
            log_head=space.log.head,
        )
        report = replace(report, run=info, changes=changes_of(space, facts))
        progress("report", 0, 1)
        with space.technical.stage("report"):
            if is_published(space, report, run.lang):
                report = replace(report, run=recall(space).info)
            else:
                remember(space, facts, _lasting(run.policy), run.lang, info)
                publish(space, report, policy, run.lang)
        progress("report", 1, 1)
    return report


def _lasting(policy: str) -> str:
    """Return the policy's name, or its full path, which holds wherever a command runs later."""
    return policy if policy in shipped_policies() else str(Path(policy).resolve())


def assemble(name: str, files: Sequence[FilePages]) -> CaseFacts:
    """Return what the paper says: joined documents, numbered rows, seals with owners, applicant."""
    from audit.match.applicant import find_applicant
    from audit.match.seals import own_seals

    documents, pages, rows = join_case(files)
    governing, sealed = split_copies(rows, documents)
    applicant = find_applicant(documents, governing)
    marks = _marks(files)
    pairs = find_pairs(_stamped(marks))
    signed = signed_places(marks)
    seals, documents = own_seals(documents, marks, applicant, pairs)
    return CaseFacts(
        name=name,
        applicant=applicant,
        files=tuple(_case_file(f) for f in files),
        pages=pages,
        documents=documents,
        seals=seals,
        rows=governing,
        pairs=pairs,
        signatures=tuple(place for place, *_ in signed),
        signature_pairs=find_signature_pairs(signed),
        sealed_rows=sealed,
    )


def judge(
    facts: CaseFacts,
    policy: Policy,
    decisions: Sequence[Decision],
    lang: str,
) -> CaseReport:
    """Match, apply the rules and conclude; pure, and quick enough to follow each correction."""
    from audit.conclude import conclude
    from audit.decide import apply_decisions
    from audit.match import match_case
    from audit.match.applicant import follow_corrections
    from audit.match.category import annotate_items
    from audit.rules import rule_cards, run_rules

    decided = follow_corrections(facts, apply_decisions(facts, tuple(decisions)))
    decided = replace(decided, documents=annotate_items(decided.documents, policy))
    matching = match_case(decided, policy)
    findings, outcomes = run_rules(decided, matching, policy)
    cards = rule_cards(lang)
    result = conclude(
        decided, matching, findings, policy, tuple(decisions), outcomes=outcomes, cards=cards
    )
    return CaseReport(
        run=RunInfo("", 0.0, __version__, policy.id, policy.title),
        facts=replace(decided, notes=(*decided.notes, *result.notes)),
        declared_total=result.declared_total,
        links=matching.links,
        findings=result.findings,
        outcomes=outcomes,
        groups=result.groups,
        waterfall=result.waterfall,
        conclusions=result.conclusions,
        checklist=result.checklist,
        rules=cards,
        decisions=tuple(decisions),
    )


def publish(space: Workspace, report: CaseReport, policy: Policy, lang: str) -> None:
    """Write every output file of the case, each atomically, and log the hashes of those that count.

    Drafts that people fill in (docx, xlsx) are not recorded: they are meant to change.
    """
    from audit.report import write_outputs

    for name in _altered(space):
        (space.folder / name).unlink(missing_ok=True)
    pictures = PictureStore(space.pages, report.facts.pages)
    write_outputs(report, policy, space.folder, pictures.crop, lang)
    digests = {name: file_digest(space.folder / name) for name in RECORDED}
    data = {"policy": policy.id, "files": digests, "state": state_of(report, lang)}
    space.log.append("hezheng", REPORT, data)
    space.technical.event("published", head=short(space.log.head))


def state_of(report: CaseReport, lang: str) -> str:
    """Return what the outputs show, as a hash: everything but the clock, and how it is written."""
    timeless = replace(report, run=replace(report.run, started="", seconds=0.0, log_head=""))
    return hashlib.sha256(codec.dumps(timeless) + _writers().encode() + lang.encode()).hexdigest()


@cache
def _writers() -> str:
    """Return a hash of the code and texts that write the outputs."""
    root = Path(str(resources.files("audit")))
    paths = sorted(p for room in ("report", "texts") for p in (root / room).rglob("*.*"))
    kept = [p for p in paths if p.suffix not in {".pyc", ".pyo"} and p.is_file()]
    return hashlib.sha256(b"".join(p.read_bytes() for p in kept)).hexdigest()


def is_published(space: Workspace, report: CaseReport, lang: str) -> bool:
    """Tell whether the output files that are there show just this, untouched since."""
    last = _last_report(space)
    if last is None or last.data.get("state") != state_of(report, lang):
        return False
    return all((space.folder / name).is_file() for name in OUTPUTS) and not _altered(space)


def _last_report(space: Workspace) -> Entry | None:
    return next((e for e in reversed(space.log.entries()) if e.event == REPORT), None)


def _altered(space: Workspace) -> list[str]:
    """Return the recorded outputs that are not what was written: they are written anew."""
    last = _last_report(space)
    recorded = {} if last is None else dict(last.data.get("files", {}))
    paths = {name: space.folder / name for name in recorded if name in RECORDED}
    return [n for n, p in paths.items() if not p.is_file() or file_digest(p) != recorded[n]]


def worst_problem(report: CaseReport) -> int:
    """Return the exit code: 0, or 3 when a file was rejected or warned about beyond reading."""
    problems = [p for f in report.facts.files for p in f.problems]
    problems += [p for page in report.facts.pages for p in page.problems]
    return 3 if any(not is_reading_warning(p.code) for p in problems) else 0


def _check_places(folder: Path, out: Path) -> None:
    if not folder.exists():
        raise InputUnusableError(told("stop.no_case", folder=folder))
    inside = folder.is_dir() and out.resolve().is_relative_to(folder.resolve())
    if inside:
        raise InputUnusableError(told("stop.out_inside", folder=out))


def _case_file(file: FilePages) -> CaseFile:
    intake = file.intake
    problems = file.problems
    return CaseFile(
        file=intake.file,
        sha256=intake.sha256,
        size=intake.size,
        pages=file.pages,
        status=_status(file),
        problems=problems,
        same_as=file.same_as,
    )


def _status(file: FilePages) -> FileStatus:
    if file.intake.ignored:
        return FileStatus.IGNORED
    if file.same_as:
        return FileStatus.DUPLICATE
    every: list[Problem] = [*file.problems, *(p for r in file.results for p in r.problems)]
    refused = any(not is_warning(p.code) for p in file.problems)
    if refused and not file.results:
        return FileStatus.REJECTED
    if any(not is_reading_warning(p.code) for p in every):
        return FileStatus.WARNING
    return FileStatus.PROCESSED


def _marks(files: Sequence[FilePages]) -> list[tuple[str, PageResult]]:
    return [(f.intake.file, r) for f in files for r in f.results]


def _stamped(marks: Sequence[tuple[str, PageResult]]) -> dict[str, Impression]:
    """Return the impressions on pictures of paper by the keys of their seals.

    Banks print one picture of a seal on every receipt: theirs are left out.
    """
    from audit.match.seals import impression_key, kind_of, seals_among

    return {
        impression_key(result.page, order): one
        for _, result in marks
        if result.page.mode is not PageMode.DIGITAL and result.kind not in BANK_PAPERS
        for order, one in enumerate(seals_among(result.impressions))
        if kind_of(one) != "bank"
    }


def _models() -> tuple[tuple[str, str], ...]:
    from audit.recognise.models import model_digests

    return tuple(model_digests())
