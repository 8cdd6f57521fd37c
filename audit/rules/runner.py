"""Run every rule over a case: findings with keys and evidence, one outcome per rule."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from audit import i18n
from audit.match.amounts import stated_reading
from audit.model import (
    CaseFacts,
    Evidence,
    Finding,
    Matching,
    Message,
    Outcome,
    RuleCard,
    Severity,
    Subjects,
    Verdict,
    say,
    stable_key,
)
from audit.policy.schema import Policy
from audit.rules.case import Case, place
from audit.rules.catalogue import Rule
from audit.rules.listing import all_rules
from audit.rules.result import NotExecuted, Result
from audit.rules.support import KIND_NAMES

KEPT = frozenset({Verdict.FAIL, Verdict.UNDECIDED})
#: Places that one finding shows at most.
MOST_PLACES = 24
_log = logging.getLogger(__name__)


def run_rules(
    facts: CaseFacts,
    matching: Matching,
    policy: Policy,
    rules: Sequence[Rule] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """Return the findings (ids Q1…, ``fail`` and ``undecided`` only) and an outcome per rule.

    Pure; a rule that breaks is ``not_executed`` with the reason, and the run goes on.
    """
    case = Case(facts, matching, policy)
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    for rule in all_rules() if rules is None else rules:
        results, reason = _judged(rule, case)
        outcomes.append(_outcome(rule, results, reason))
        found = [_finding(rule, r, case) for r in results if r.verdict in KEPT]
        findings += _distinct(found)
    return tuple(replace(f, id=f"Q{n}") for n, f in enumerate(findings, 1)), tuple(outcomes)


def _judged(rule: Rule, case: Case) -> tuple[list[Result], Message | None]:
    setting = case.policy.rules.get(rule.code)
    if setting is not None and setting.off_because:
        return [], say("rules.off", reason=setting.off_because)
    if rule.needs and not case.of(*rule.needs):
        names = "、".join(KIND_NAMES.get(kind, kind.value) for kind in rule.needs)
        return [], say("rules.needs", kinds=names)
    try:
        given = list(rule.judge(case))
    except Exception as error:  # noqa: BLE001 - one rule's bug must not cost the others' findings
        _log.warning("rule %s broke: %s", rule.code, type(error).__name__)
        return [], say("rules.broke", error=type(error).__name__)
    results = [r for r in given if isinstance(r, Result)]
    refusals = [r.why for r in given if isinstance(r, NotExecuted)]
    return results, None if results or not refusals else refusals[0]


def _outcome(rule: Rule, results: Iterable[Result], reason: Message | None) -> Outcome:
    counts = Counter(r.verdict for r in results)
    return Outcome(
        rule=rule.code,
        checked=counts[Verdict.PASS] + counts[Verdict.FAIL] + counts[Verdict.UNDECIDED],
        passed=counts[Verdict.PASS],
        failed=counts[Verdict.FAIL],
        undecided=counts[Verdict.UNDECIDED],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
        not_executed=reason,
    )


def _finding(rule: Rule, result: Result, case: Case) -> Finding:
    setting = case.policy.rules.get(rule.code)
    severity = Severity(
        result.severity or (setting.severity if setting is not None else "") or rule.severity
    )
    subjects = Subjects(result.documents, result.rows, result.seals, result.files)
    assert result.message is not None, f"{rule.code} says nothing"
    return Finding(
        id="",
        key=stable_key(rule.code, result.part, *_subject_keys(result, case)),
        rule=rule.code,
        name=rule.name,
        verdict=result.verdict,
        severity=severity,
        clause=rule.clause,
        subjects=subjects,
        message=result.message,
        expected=result.expected,
        found=result.found,
        evidence=tuple(dict.fromkeys(result.evidence or _places(result, case)))[:MOST_PLACES],
        effects=result.effects,
        cause=result.cause or rule.cause,
        seller=result.seller,
        request=result.request,
        refuted_by=result.refuted_by,
    )


def _subject_keys(result: Result, case: Case) -> Iterator[str]:
    """Yield keys of content, so that a finding is the same after renumbering."""
    for name in result.documents:
        yield case.documents[name].key
    for row in result.rows:
        yield case.rows[row].key
    for name in result.seals:
        yield case.seals[name].key
    for file in result.files:
        yield case.hashes.get(file, file)


def _places(result: Result, case: Case) -> Iterator[Evidence]:
    """Yield where the subjects are, for a result that names no place itself."""
    for name in result.documents:
        yield from case.at(case.documents[name])
    for number in result.rows:
        row = case.rows[number]
        yield from place(stated_reading(row), row.file) or case.at_row(row)
    for name in result.seals:
        seal = case.seals[name]
        yield Evidence(seal.file, seal.page_index, seal.box)
    for file in result.files:
        yield Evidence(file, 0)


def _distinct(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings with different keys: of equal ones the later gets its order mixed in."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in found:
        again = seen[finding.key]
        seen[finding.key] += 1
        kept.append(replace(finding, key=stable_key(finding.key, again)) if again else finding)
    return kept


def rule_cards(lang: str) -> tuple[RuleCard, ...]:
    """Return every rule as the report's appendix shows it, in ``zh`` or ``en``.

    Chinese is in the texts; English is what the rule's docstring says.
    """
    return tuple(_card(rule, lang) for rule in all_rules())


def _card(rule: Rule, lang: str) -> RuleCard:
    if lang == "en":
        title = rule.summary.removesuffix(".")
        finds, undecided = (rule.sections[h] for h in ("What it finds", "Undecided when"))
    else:
        title, finds, undecided = (
            i18n.text(f"rules.{rule.code}.{part}", lang="zh")
            for part in ("title", "finds", "undecided")
        )
    return RuleCard(
        code=rule.code,
        name=rule.name,
        clause=rule.clause,
        severity=rule.severity.value,
        title=title,
        finds=finds,
        undecided_when=undecided,
    )
