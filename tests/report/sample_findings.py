"""Findings and groups of the rich hand-made case."""

from __future__ import annotations

from decimal import Decimal

from audit.model import (
    DecisionNote,
    Document,
    Evidence,
    Finding,
    Group,
    Severity,
    Subjects,
    Verdict,
    say,
)
from tests import factory
from tests.report.sample_papers import SELLERS, row_amount


def effect_groups(docs: tuple[Document, ...]) -> tuple[list[Finding], list[Group]]:
    """Return its part of the case."""

    def at(document: int, field_name: str) -> tuple[Evidence, ...]:
        paper = docs[document - 1]
        where = paper.get(field_name).where
        return (Evidence(paper.file, 0, where.box if where else None),)

    def finding(
        fid: str, rule: str, name: str, verdict: Verdict, severity: Severity, clause: str,
        subjects: Subjects, message: str, **more: object,
    ) -> Finding:  # fmt: skip
        return Finding(
            id=fid, key=f"key-{fid}", rule=rule, name=name, verdict=verdict, severity=severity,
            clause=clause, subjects=subjects, message=say(message), cause=name, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    findings = [
        finding(
            "Q1", "I05", "buyer_not_applicant", Verdict.FAIL, Severity.B, "一(三)",
            Subjects(("D5",), (3,)),
            "第 3 行发票的购买方是“重庆山城机械有限公司”，不是申报单位，不能计入项目投资。",
            expected=factory.APPLICANT, found="重庆山城机械有限公司", evidence=at(5, "buyer_name"),
            request=say("说明第 3 行发票购买方与申报单位的关系；如为曾用名，请提供登记机关的变更通知书。"),
            refuted_by=say("登记机关出具的名称变更通知书，载明两个名称属同一统一社会信用代码。"),
            seller=SELLERS[3][0],
        ),
        finding(
            "Q2", "N18", "payment_missing", Verdict.UNDECIDED, Severity.B, "四(一)4",
            Subjects(("D9",), (5,)), "第 5 行发票没有找到付款凭证，金额待核。",
            expected="与发票价税合计相符的付款凭证", found="未找到", evidence=at(9, "total_with_tax"),
            request=say("补充第 5 行发票的付款凭证（银行回单或承兑汇票正反面）。"),
            refuted_by=say("付款账户同期银行流水。"), seller=SELLERS[0][0],
        ),
        finding(
            "Q3", "I01", "field_doubtful", Verdict.UNDECIDED, Severity.B, "四(一)3",
            Subjects(("D13",), (7,)), "第 7 行发票的价税合计存疑：印章压住金额，两次识别不一致。",
            expected="可辨认的价税合计", found="¥117,2?3.00", evidence=at(13, "total_with_tax"),
            refuted_by=say("原件或数电票 XML。"),
        ),
        finding(
            "Q4", "N16", "seal_missing", Verdict.FAIL, Severity.C, "四(一)2",
            Subjects(files=("01申报表.docx",)), "投资明细表末页没有见到申报单位公章。",
            expected="申报单位公章", found="未见",
            request=say("提交加盖公章的投资明细表。"), refuted_by=say("盖章页原件。"),
        ),
        finding(
            "Q5", "R04", "consecutive_numbers", Verdict.FAIL, Severity.D, "",
            Subjects(("D21", "D23"), (11, 12)), "同一销售方有 2 张号码相近的发票，相隔 74 天开具。",
            evidence=at(21, "invoice_number") + at(23, "invoice_number"),
        ),
    ]  # fmt: skip
    return findings, _groups(findings)


def _groups(findings: list[Finding]) -> list[Group]:
    def group(n: int, fid: str, title: str, held: Decimal, **more: object) -> Group:
        source = next(f for f in findings if f.id == fid)
        return Group(
            id=f"G{n}", key=f"key-G{n}", cause=source.cause, severity=source.severity,
            verdict=source.verdict, title=say(title), finding_ids=(fid,), amount=held,
            request=source.request, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return [
        group(1, "Q1", "购买方不是申报单位：1 张发票", row_amount(3), flips=True),
        group(2, "Q2", "缺付款凭证：成都云帆软件有限公司，1 行", row_amount(5)),
        group(3, "Q3", "1 处读数待核", row_amount(7)),
        group(
            4, "Q4", "投资明细表缺公章", Decimal(0),
            decision=DecisionNote("王审核", "2024-05-20T09:12:00+00:00", "note", "已电话通知企业补章"),
        ),
        group(5, "Q5", "发票号码相近", Decimal(0)),
    ]  # fmt: skip
