"""A rich hand-made case for the outputs: an almost honest ledger with every kind of finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from audit.model import (
    Basis,
    CaseFile,
    CaseReport,
    ChecklistItem,
    Conclusion,
    Decision,
    Document,
    FileStatus,
    Interval,
    Outcome,
    RuleCard,
    RunInfo,
    Seal,
    Step,
    Verdict,
    Waterfall,
    problem,
    say,
)
from audit.policy.schema import Clause, Policy, Thresholds
from tests import factory
from tests.report.sample_findings import effect_groups
from tests.report.sample_papers import SELLERS, Q, doubted, make_papers, other_papers, row_amount


def policy() -> Policy:
    """Return a small policy with the sample's clauses."""
    quotes = {
        "一(一)": "重庆市内注册登记、财务管理制度健全的制造业企业。",
        "一(二)": "项目实施周期原则上不超过24个月，已建成并通过验收。",
        "一(三)": "项目实际投资额不低于500万元，其中软件和信息技术服务投入占比不低于30%。",
        "一(四)": "有信息安全防护投入。",
        "一(六)": "通过智能制造能力成熟度二级及以上评估。",
    }
    return Policy(
        id="sample",
        title="2024年度工业互联网创新发展项目",
        number="样例 2024-1 号",
        clauses={n: Clause(n, q) for n, q in quotes.items()},
        thresholds=Thresholds(
            period_start=date(2022, 1, 1),
            max_months=24,
            minimum_total=Decimal(5_000_000),
            software_share=Decimal("0.3"),
            maturity_level=2,
            maturity_since=date(2023, 1, 1),
            submission_deadline=date(2024, 5, 24),
            review_deadline=date(2024, 5, 31),
            closing_balance_share=Decimal("0.1"),
        ),
        categories=(),
        required=(),
        deciding_share="middle",
        tax_bases=("incl", "excl"),
        rules={},
    )


def _basis(declared: Decimal, rate: Decimal) -> Basis:
    parts = [(row_amount(3), "G1", "Q1", 3, True), (row_amount(5), "G2", "Q2", 5, False)]
    parts.append((row_amount(7), "G3", "Q3", 7, False))
    labels = {"G1": "购买方不是申报单位", "G2": "缺付款凭证", "G3": "读数待核"}
    steps = tuple(
        Step(group, finding, row, -(amount / rate).quantize(Q), say(labels[group]), certain)
        for amount, group, finding, row, certain in parts
    )
    deducted = -sum((s.amount for s in steps if s.certain), Decimal(0))
    pending = -sum((s.amount for s in steps if not s.certain), Decimal(0))
    supported = declared - deducted - pending
    shares = (
        ("narrow", Interval(Decimal("0.2104"), Decimal("0.2290"))),
        ("middle", Interval(Decimal("0.3412"), Decimal("0.3561"))),
        ("wide", Interval(Decimal("0.3412"), Decimal("0.3561"))),
    )
    margins = (("total", supported - 5_000_000), ("software", Decimal("0.0412")))
    return Basis(declared, deducted, pending, supported, steps, shares, margins)


def _rules() -> tuple[tuple[RuleCard, ...], tuple[Outcome, ...]]:
    titles = {
        "I01": ("发票关键字段读出", "四(一)3", "B"), "I03": ("二维码与票面一致", "四(一)3", "B"),
        "I05": ("购买方为申报单位", "一(三)", "B"), "I07": ("开票日期在实施周期内", "一(二)", "B"),
        "N05": ("实施周期不超过 24 个月", "一(二)", "A"), "N06": ("实际投资额达到门槛", "一(三)", "A"),
        "N07": ("软件占比达到门槛", "一(三)", "A"), "N10": ("未获其他市级资金", "一(五)", "A"),
        "N16": ("明细表要素与公章", "四(一)2", "C"), "N18": ("付款凭证齐全", "四(一)4", "B"),
        "R04": ("连号发票", "", "D"), "R06": ("首位数字分布", "", "D"),
    }  # fmt: skip
    cards = tuple(
        RuleCard(code, code.lower(), clause, severity, title, f"核对{title}。", "所需读数存疑或缺失时。")
        for code, (title, clause, severity) in titles.items()
    )  # fmt: skip
    blocked = {"N10": "没有导入历年与其他渠道的名单", "R06": "发票不足 100 张，统计没有意义"}
    outcomes = tuple(
        Outcome(
            code,
            0 if code in blocked else 24,
            0 if code in blocked else 22,
            int(code in {"I05", "N16"}),
            int(code in {"N18", "I01"}),
            0,
            say(blocked[code]) if code in blocked else None,
        )
        for code in titles
    )
    return cards, outcomes


def _seals(papers: list[Document]) -> tuple[Seal, ...]:
    return tuple(
        factory.seal(
            f"S{n}", owner=owner, kind=kind, file=papers[index].file, freshness=grade, text=text,
        )
        for n, (index, owner, kind, grade, text) in enumerate(
            (
                (0, "seller", "invoice", "supported", SELLERS[1][0]),
                (4, "seller", "invoice", "cannot_tell", SELLERS[3][0]),
                (12, "applicant", "official", "doubtful", factory.APPLICANT),
            ),
            1,
        )
    )  # fmt: skip


def report(rows: int = 24) -> CaseReport:
    """Return the case with this many ledger rows (at least 12)."""
    papers, ledger, links = make_papers(rows)
    papers[12] = doubted(papers[12])
    seals = _seals(papers)
    total = sum((row_amount(n) for n in range(1, rows + 1)), Decimal(0))
    facts = factory.case(
        [*papers, *other_papers()],
        [*ledger, factory.total_row(total)],
        seals=seals,
        name="重庆山城智造有限公司-申报材料",
    )
    facts = replace(
        facts,
        files=(
            *(replace(f, size=182_000) for f in facts.files),
            CaseFile("明细表.xlsx", "ab" * 32, 20_480, 1, FileStatus.PROCESSED),
            CaseFile(
                "06其他/加密合同.pdf", "cd" * 32, 90_210, 0, FileStatus.REJECTED,
                (problem("E401"),),
            ),
            CaseFile(
                "03发票/001副本.pdf", "ef" * 32, 182_000, 1, FileStatus.DUPLICATE,
                same_as=papers[0].file,
            ),
        ),
    )  # fmt: skip
    findings, groups = effect_groups(facts.documents)
    cards, outcomes = _rules()
    incl = _basis(total, Decimal(1))
    excl = _basis((total / Decimal("1.1")).quantize(Q), Decimal("1.1"))
    return CaseReport(
        run=RunInfo(
            started="2024-05-20T08:00:00+00:00", seconds=41.2, version="0.1.0", policy="sample",
            policy_title="2024年度工业互联网创新发展项目", models=(("det", "ab12"),),
            log_head="5f" * 32,
        ),
        facts=facts,
        declared_total=total,
        links=tuple(replace(x, payments=()) if x.row == 5 else x for x in links),
        findings=tuple(findings),
        outcomes=outcomes,
        groups=tuple(groups),
        waterfall=Waterfall(incl, excl),
        conclusions=_conclusions(incl),
        checklist=(
            ChecklistItem("项目投资明细表", "四(一)2", "incomplete", (), say("未见申报单位公章")),
            ChecklistItem("发票", "四(一)3", "present", tuple(f"D{2 * n - 1}" for n in range(1, 4))),
            ChecklistItem("付款凭证", "四(一)4", "incomplete", ("D2",), say("第 5 行没有付款凭证")),
            ChecklistItem("信息安全投入证明", "四(一)5", "missing"),
            ChecklistItem("竣工验收报告", "四(二)1", "present", (f"D{2 * rows + 1}",)),
        ),
        rules=cards,
        decisions=(
            Decision(1, "2024-05-20T09:12:00+00:00", "王审核", "note", "key-G4", reason="已电话通知企业补章"),
        ),
    )  # fmt: skip


def _conclusions(incl: Basis) -> tuple[Conclusion, ...]:
    low, high = incl.supported, incl.supported + incl.pending
    verdict = (
        Verdict.PASS if low >= 5_000_000 else Verdict.FAIL if high < 5_000_000 else Verdict.OPEN
    )
    return (
        Conclusion("一(一)", say("重庆市内制造业企业"), Verdict.PASS, notes=(say("统一社会信用代码登记地为重庆"),)),
        Conclusion("一(二)", say("实施周期不超过 24 个月"), Verdict.PASS, "22 个月", "22 个月"),
        Conclusion(
            "一(三)", say("实际投资额不低于 500 万元"), verdict, f"{low / 10000:,.2f} 万元",
            f"{high / 10000:,.2f} 万元", ("Q1", "Q2"), (say("不含税口径结论相同"),),
        ),
        Conclusion(
            "一(三)", say("软件和信息技术服务占比不低于 30%"), Verdict.PASS, "34.12%", "35.61%", (),
            (say("口径提示：按窄口径为 21.04%–22.90%，低于门槛"),),
        ),
        Conclusion("一(四)", say("有信息安全防护投入"), Verdict.OPEN, notes=(say("没有找到信息安全投入证明"),)),
        Conclusion("一(五)", say("未获其他市级资金"), Verdict.NOT_EXECUTED, notes=(say("没有导入历年名单"),)),
        Conclusion("一(六)", say("成熟度二级及以上"), Verdict.PASS, "二级", "二级"),
    )  # fmt: skip
