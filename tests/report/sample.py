"""A rich hand-made case for the outputs: an almost honest ledger with every kind of finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from audit.model import (
    Basis,
    Box,
    CaseFile,
    CaseReport,
    ChecklistItem,
    Conclusion,
    Decision,
    DecisionNote,
    Document,
    DocumentKind,
    Evidence,
    FileStatus,
    Finding,
    Group,
    Interval,
    LedgerRow,
    Link,
    Outcome,
    PaymentShare,
    Reading,
    RuleCard,
    RunInfo,
    Severity,
    Status,
    Step,
    Subjects,
    Verdict,
    Waterfall,
    problem,
    say,
)
from audit.policy.schema import Clause, Policy, Thresholds
from tests import factory

SELLERS = (
    ("成都云帆软件有限公司", "*软件*生产执行系统软件V3.0", "软件和信息技术服务", "0.13"),
    ("重庆渝工自动化设备有限公司", "*工业机器人*六轴搬运机器人", "硬件设备购置", "0.13"),
    ("苏州智联传感科技有限公司", "*电子测量仪器*振动传感器", "硬件设备购置", "0.13"),
    ("重庆云擎信息技术有限公司", "*信息技术服务*系统集成服务", "系统集成", "0.06"),
    ("北京华讯云计算有限公司", "*信息技术服务*云资源租赁", "云服务", "0.06"),
)
Q = Decimal("0.01")


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


def _boxed(paper: Document) -> Document:
    """Give every field a place on the page, one under the other."""
    fields: dict[str, Reading] = {}
    for n, (name, reading) in enumerate(paper.fields.items()):
        top = 0.09 + 0.032 * n
        box = Box(0.08, top, 0.62, top + 0.022)
        fields[name] = replace(reading, sources=tuple(replace(s, box=box) for s in reading.sources))
    return replace(paper, fields=fields)


def _number(n: int) -> str:
    return f"2350000000{9_184_400 + n * 37:010}"


def _amount(n: int) -> Decimal:
    return (Decimal(61_800) + Decimal(n * 7919 % 83_000) + Decimal(n % 7) / 4).quantize(Q)


def _papers(count: int) -> tuple[list[Document], list[LedgerRow], list[Link]]:
    papers: list[Document] = []
    rows: list[LedgerRow] = []
    links: list[Link] = []
    for n in range(1, count + 1):
        seller, goods, use, rate = SELLERS[n % len(SELLERS)]
        day = date(2022, 4, 6) + timedelta(days=n * 580 // count)
        amount = _amount(n)
        paper = factory.invoice(
            _number(n), amount, seller=seller, rate=rate, goods=goods, day=day,
            file=f"03发票/{n:03}_{seller}.pdf", digital=n % 3 != 0,
        )  # fmt: skip
        paid = factory.receipt(
            amount, payee=seller, day=day + timedelta(days=9), purpose="货款",
            receipt_number=f"0918-3117-{n:04}-1100", file=f"04付款凭证/回单{n:03}.pdf",
        )  # fmt: skip
        papers += [_boxed(paper), _boxed(paid)]
        invoice_id, paid_id = f"D{2 * n - 1}", f"D{2 * n}"
        rows.append(
            factory.row(
                _number(n), amount, supplier=seller, number=n, category=use,
                name=goods.rsplit("*", 1)[-1], purpose="数字化车间一期", issue_date=day,
                contract_number=f"HT-2022-{n % 9 + 1:02}",
            )
        )  # fmt: skip
        share = PaymentShare(paid_id, amount, say("金额、收款人一致，付款晚于开票 9 天"))
        links.append(
            Link(
                n,
                (invoice_id,),
                (share,),
                (f"D{2 * count + 1}",),
                (f"D{2 * count + 2}",),
                say("发票号码与价税合计一致"),
                0.98,
            )
        )
    return papers, rows, links


def _others() -> list[Document]:
    return [
        _boxed(
            factory.document(
                DocumentKind.ACCEPTANCE_REPORT,
                project_name="数字化车间建设项目",
                owner_name=factory.APPLICANT,
                acceptance_date="2023-12-20",
                conclusion="通过验收",
                file="05验收/竣工验收报告.pdf",
                digital=False,
            )
        ),
        _boxed(
            factory.document(
                DocumentKind.CONTRACT,
                contract_number="HT-2022-01",
                party_a=factory.APPLICANT,
                party_b=SELLERS[0][0],
                contract_total="3200000.00",
                contract_date="2022-03-15",
                file="02合同/HT-2022-01.pdf",
                digital=False,
            )
        ),
        _boxed(
            factory.document(
                DocumentKind.APPLICATION_FORM,
                company_name=factory.APPLICANT,
                total_investment="6200000.00",
                software_investment="2400000.00",
                file="01申报表.docx",
                digital=True,
            )
        ),
    ]


def _doubt(paper: Document) -> Document:
    old = paper.get("total_with_tax")
    assert old.amount is not None
    weak = replace(
        old, status=Status.DOUBTFUL, confidence=0.62, reasons=(say("印章压住了金额，末位识别不一致"),)
    )  # fmt: skip
    fields: Mapping[str, Reading] = {**paper.fields, "total_with_tax": weak}
    return replace(paper, fields=fields)


def _effect_groups(docs: tuple[Document, ...]) -> tuple[list[Finding], list[Group]]:
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

    def group(n: int, fid: str, title: str, amount: Decimal, **more: object) -> Group:
        source = next(f for f in findings if f.id == fid)
        return Group(
            id=f"G{n}", key=f"key-G{n}", cause=source.cause, severity=source.severity,
            verdict=source.verdict, title=say(title), finding_ids=(fid,), amount=amount,
            request=source.request, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    groups = [
        group(1, "Q1", "购买方不是申报单位：1 张发票", _amount(3), flips=True),
        group(2, "Q2", "缺付款凭证：成都云帆软件有限公司，1 行", _amount(5)),
        group(3, "Q3", "1 处读数待核", _amount(7)),
        group(
            4, "Q4", "投资明细表缺公章", Decimal(0),
            decision=DecisionNote("王审核", "2024-05-20T09:12:00+00:00", "note", "已电话通知企业补章"),
        ),
        group(5, "Q5", "发票号码相近", Decimal(0)),
    ]  # fmt: skip
    return findings, groups


def _basis(declared: Decimal, rate: Decimal) -> Basis:
    parts = [(_amount(3), "G1", "Q1", 3, True), (_amount(5), "G2", "Q2", 5, False)]
    parts.append((_amount(7), "G3", "Q3", 7, False))
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


def report(rows: int = 24) -> CaseReport:
    """Return the case with this many ledger rows (at least 12)."""
    papers, ledger, links = _papers(rows)
    papers[12] = _doubt(papers[12])
    seals = tuple(
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
    total = sum((_amount(n) for n in range(1, rows + 1)), Decimal(0))
    facts = factory.case(
        [*papers, *_others()],
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
    findings, groups = _effect_groups(facts.documents)
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
