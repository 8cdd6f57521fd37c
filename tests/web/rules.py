"""Two small rules in place of the catalogue, so that these tests are about the page only."""

from __future__ import annotations

from decimal import Decimal

from audit.model import (
    CaseFacts,
    DocumentKind,
    Effect,
    Evidence,
    Finding,
    Matching,
    Outcome,
    RuleCard,
    Severity,
    Status,
    Subjects,
    Verdict,
    say,
    stable_key,
)
from audit.policy.schema import Policy

CARDS = (
    RuleCard("I01", "field_doubtful", "四(一)3", "B", "关键字段读出", "读数", "存疑时"),
    RuleCard("I05", "buyer_not_applicant", "一(三)", "B", "购买方为申报单位", "购买方", "缺失时"),
)


def rule_cards(_lang: str) -> tuple[RuleCard, ...]:
    """Return the two rules."""
    return CARDS


def run_rules(
    facts: CaseFacts, matching: Matching, _policy: Policy
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """A doubtful total is pending; the third invoice's buyer is held to be somebody else."""
    rows = {i: link.row for link in matching.links for i in link.invoices}
    findings: list[Finding] = []
    for document in facts.of_kind(DocumentKind.VAT_INVOICE):
        total = document.get("total_with_tax")
        third = document.id == "D5"
        if total.status is not Status.DOUBTFUL and not third:
            continue
        amount = total.amount or Decimal(0)
        row = rows.get(document.id, 0)
        where = document.get("buyer_name" if third else "total_with_tax").where
        box = where.box if where else None
        findings.append(
            Finding(
                id=f"Q{len(findings) + 1}",
                key=stable_key("I05" if third else "I01", document.key),
                rule="I05" if third else "I01",
                name="buyer_not_applicant" if third else "field_doubtful",
                verdict=Verdict.FAIL if third else Verdict.UNDECIDED,
                severity=Severity.B,
                clause="一(三)",
                subjects=Subjects((document.id,), (row,) if row else ()),
                message=say("购买方不是申报单位" if third else "价税合计存疑"),
                evidence=(Evidence(document.file, 0, box),),
                effects=(Effect(row, amount, amount, certain=third),),
                cause="buyer" if third else "doubtful",
            )
        )
    counts = {r: sum(1 for f in findings if f.rule == r) for r in ("I01", "I05")}
    outcomes = (
        Outcome("I01", 12, 12 - counts["I01"], 0, counts["I01"], 0),
        Outcome("I05", 12, 12 - counts["I05"], counts["I05"], 0, 0),
    )
    return tuple(findings), outcomes
