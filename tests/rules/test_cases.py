"""Every rule against its own cases: ``tests/rules/cases/<CODE>.yml``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from audit import i18n
from audit.model import Finding, Outcome, Severity, Verdict
from audit.rules.families import registry
from audit.rules.listing import all_rules
from tests.rules.facts import POLICY, build, judged

FOLDER = Path(__file__).parent / "cases"
RULES = {r.code: r for r in all_rules()}
EXPECTED = {"pass", "fail", "undecided", "not_applicable", "not_executed"}


@cache
def cases_of(code: str) -> tuple[dict[str, Any], ...]:
    """Return the cases of a rule."""
    return tuple(yaml.safe_load((FOLDER / f"{code}.yml").read_text("utf-8")))


EVERY = [
    (code, case) for code in RULES if (FOLDER / f"{code}.yml").exists() for case in cases_of(code)
]


@pytest.mark.parametrize(("code", "case"), EVERY, ids=[f"{c}-{k['name']}" for c, k in EVERY])
def test_rule_says_what_the_case_expects(code: str, case: dict[str, Any]) -> None:
    assert case["expect"] in EXPECTED
    findings, outcomes = judged(build(case), case.get("policy", POLICY))
    mine = [f for f in findings if f.rule == code]
    outcome = next(o for o in outcomes if o.rule == code)
    assert _verdict(outcome) == case["expect"], [(f.message, f.verdict) for f in mine]
    _check_details(case, mine)


def _verdict(outcome: Outcome) -> str:
    if outcome.not_executed is not None:
        return "not_executed"
    for count, word in (
        (outcome.failed, "fail"),
        (outcome.undecided, "undecided"),
        (outcome.passed, "pass"),
    ):
        if count:
            return word
    return "not_applicable"


def _check_details(case: dict[str, Any], mine: list[Finding]) -> None:
    effects = [e for f in mine for e in f.effects]
    checks: dict[str, Any] = {
        "deducted": sum((e.with_tax for e in effects if e.certain), Decimal()),
        "pending": sum((e.with_tax for e in effects if not e.certain), Decimal()),
        "deducted_net": sum((e.without_tax for e in effects if e.certain), Decimal()),
        "count": len(mine),
    }
    for name, found in checks.items():
        if name in case:
            assert found == Decimal(str(case[name])), name
    if "severity" in case:
        assert {f.severity.value for f in mine} == {case["severity"]}
    if "says" in case:
        assert {f.message.key.rsplit(".", 1)[1] for f in mine} >= {case["says"]}
    if "rows" in case.get("about", {}):
        assert sorted({r for f in mine for r in f.subjects.rows}) == case["about"]["rows"]


@pytest.mark.parametrize("code", ["N11", "N15", "N20", "N21", "N22"])
def test_a_paper_that_is_not_there_is_shown_on_no_page(code: str) -> None:
    """A picture of the first page of the folder would be no evidence of what is missing."""
    findings, _ = judged(build({"documents": [{"invoice": {}}]}), POLICY)
    found = [f for f in findings if f.rule == code]
    assert [(f.evidence, f.subjects.files) for f in found] == [((), ())]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "文件 合同.pdf 未能读取：文件有密码保护（E401）"), ("en", "(E401)")],
)
def test_a_file_that_could_not_be_read_is_named_with_the_reason(lang: str, said: str) -> None:
    locked = {"file": "合同.pdf", "status": "rejected", "problems": ["E401"]}
    findings, _ = judged(build({"files": [locked]}), POLICY)
    told = next(f.message for f in findings if f.rule == "N12")
    assert i18n.text(told.key, dict(told.params), lang).endswith(said)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_cases_for_the_outcomes_it_can_have(code: str) -> None:
    rule = RULES[code]
    expected = {case["expect"] for case in cases_of(code)}
    if rule in registry.RULES:
        assert expected == {"not_executed"}
        return
    only_asks = rule.sections["Undecided when"].startswith("always")
    needed = {"undecided"} if code in {"N10", "N13"} else {"pass", "undecided"}
    assert expected >= (needed if only_asks else needed | {"fail"})
    assert not (only_asks and "fail" in expected)


@pytest.mark.parametrize(("code", "case"), EVERY, ids=[f"{c}-{k['name']}" for c, k in EVERY])
def test_findings_of_every_case_keep_the_promises(code: str, case: dict[str, Any]) -> None:
    """Cues never fail or take money, what is not certain is said in both languages, keys differ."""
    findings, _ = judged(build(case), case.get("policy", POLICY))
    assert code in RULES
    assert len({f.key for f in findings}) == len(findings)
    assert [f.id for f in findings] == [f"Q{n}" for n in range(1, len(findings) + 1)]
    for finding in findings:
        if finding.severity is Severity.D:
            assert finding.verdict is Verdict.UNDECIDED, finding
        if finding.verdict is Verdict.UNDECIDED:
            assert not any(e.certain for e in finding.effects), finding
        for message in (finding.message, finding.request, finding.refuted_by):
            for lang in ("zh", "en") if message is not None else ():
                assert message is not None
                params = dict(message.params)
                said = i18n.text(message.key, params, lang)
                assert said != message.key
                template = i18n.catalogue(lang)[message.key]
                assert "{" not in template.format_map(dict.fromkeys(params, "")), message
