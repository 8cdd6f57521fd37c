"""Planted faults of forms, seals, reports and missing papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cases.casegen import codes, scenario, world
from cases.casegen.model import Case, Sheet
from cases.casegen.planting import Work, fault

FORM = (Sheet("application_form", seals=("applicant", "legal")),)
CHECK = (Sheet("acceptance_report", ("project",), ("applicant",)),)
PLAN = (Sheet("construction_plan", seals=("applicant",)),)
LEDGER = (Sheet("investment_ledger", seals=("applicant",)),)
MATURITY = (Sheet("maturity_assessment", seals=("issuer",)),)
LICENCE = (Sheet("business_licence", seals=("issuer",)),)


def _scaled(case: Case, factor: str, software: str = "1") -> Case:
    """Return the case with every amount times a factor, software rows times another as well."""
    soft = {world.CATEGORIES[c] for c in scenario.SOFTWARE}
    rows, invoices, payments = [], dict(case.invoices), dict(case.payments)
    for row in case.rows:
        by = Decimal(factor) * (Decimal(software) if row.category in soft else 1)
        for key in row.invoices:
            one = invoices[key]
            items = tuple(
                replace(i, amount=codes.cents(i.amount * by), tax=codes.cents(i.tax * by))
                for i in one.items
            )
            invoices[key] = replace(one, items=items)
        made = [invoices[k] for k in row.invoices]
        total = sum((i.total for i in made), Decimal(0))
        left = total
        for at, key in enumerate(row.payments):
            last = at + 1 == len(row.payments)
            amount = left if last else codes.cents(payments[key].amount * by)
            payments[key] = replace(payments[key], amount=amount)
            left -= amount
        rows.append(
            replace(
                row,
                total=total,
                net=sum((i.net for i in made), Decimal(0)),
                tax=sum((i.tax for i in made), Decimal(0)),
            )
        )
    return scenario.with_form(replace(case, rows=tuple(rows), invoices=invoices, payments=payments))


@fault("below_500", "实际投资额不足500万元", "N06", "F01", scan=False)
def _below(w: Work) -> None:
    w.case = _scaled(w.case, "0.6")
    w.kinds.append("application_form")


@fault("software_below_30", "软件和信息技术服务占比不足30%", "N07", "F03", scan=False)
def _share(w: Work) -> None:
    w.case = _scaled(w.case, "1.3", "0.5")
    w.kinds.append("application_form")


@fault("ledger_unsealed", "明细表没有申报单位的章", "N16", extra=LEDGER)
def _unsealed(w: Work) -> None:
    w.reseal("investment_ledger", ())
    w.kinds.append("investment_ledger")


@fault("ledger_other_seal", "明细表盖的是别的公司的章", "N16", extra=LEDGER)
def _strange(w: Work) -> None:
    w.reseal("investment_ledger", ("other",))
    w.kinds.append("investment_ledger")


@fault("row_without_number", "明细表有一行没有发票号码", "N16", "I14", scan=False)
def _numberless(w: Work) -> None:
    w.set_row(number="", code="")


@fault("row_without_purpose", "明细表有一行没有用途", "N16", scan=False)
def _purposeless(w: Work) -> None:
    w.set_row(purpose="")


@fault("ledgers_differ", "电子明细表与盖章扫描件金额不一致", "N16", "I13", extra=LEDGER)
def _copies(w: Work) -> None:
    rows = list(w.case.rows)
    rows[-1] = replace(rows[-1], total=rows[-1].total - 50000)
    w.case = replace(w.case, sealed_rows=tuple(rows))
    w.rows.append(len(rows))
    w.kinds.append("investment_ledger")


@fault("period_too_long", "项目周期超过24个月", "N05", "F05", scan=False)
def _long(w: Work) -> None:
    w.set_form(period="2022.1-2024.4")


@fault("period_too_early", "实施周期早于2022年1月1日", "N03", scan=False)
def _early(w: Work) -> None:
    w.set_form(period="2021.9-2023.8")


@fault("not_completed", "申报表写明项目未建设完成", "N04", scan=False)
def _open(w: Work) -> None:
    w.set_form(completed="否")


@fault("no_security", "信息安全防护投入为零", "N09", scan=False, rows=5)
def _insecure(w: Work) -> None:
    w.set_form(security="0")


@fault("two_directions", "申报方向选了两个", "F06", scan=False)
def _directions(w: Work) -> None:
    w.set_form(directions=("数字化管理", "网络化协同"))


@fault("five_scenes", "应用场景超过4个", "F07", scan=False)
def _scenes(w: Work) -> None:
    w.set_form(scenes=("研发设计优化", "生产制造优化", "质量管控", "运营管理", "安全生产"))


@fault("no_ownership", "单位性质没有勾选", "F08", scan=False)
def _unticked(w: Work) -> None:
    w.set_form(ownership="")


@fault("parts_over_whole", "软件加硬件大于已投资金额", "F02", scan=False)
def _parts(w: Work) -> None:
    w.set_form(hardware=f"{Decimal(w.case.form.hardware) + 88}")


@fault("form_ledger_differ", "申报表金额与明细表合计不符", "F04", scan=False)
def _amounts(w: Work) -> None:
    w.set_form(invested=f"{Decimal(w.case.form.invested) + 120}", planned=f"{Decimal(w.case.form.planned) + 120}",
               hardware=f"{Decimal(w.case.form.hardware) + 120}")  # fmt: skip


@fault("unit_slip", "申报表金额单位写错（元当万元）", "F04", scan=False)
def _unit(w: Work) -> None:
    w.set_form(invested=f"{Decimal(w.case.form.invested) * 10000:.2f}")


@fault("profit_rate", "利润率与利润、收入不符", "F10", scan=False)
def _rate(w: Work) -> None:
    years = list(w.case.form.years)
    years[3] = (years[3][0], years[3][1], "12.80")
    w.set_form(years=tuple(years))


@fault("form_not_audit", "申报表2023年营业收入与审计报告不符", "F10",
       extra=(Sheet("audit_report", seals=("issuer",)), Sheet("financial_statement")), scan=False)  # fmt: skip
def _audit(w: Work) -> None:
    years = [list(y) for y in w.case.form.years]
    years[2][2] = f"{Decimal(years[2][2]) + 3000:.2f}"
    years[3][2] = f"{(Decimal(years[4][2]) / Decimal(years[2][2]) * 100).quantize(Decimal('0.01'))}"
    w.set_form(years=tuple(tuple(y) for y in years))


@fault("leftovers", "申报表留有模板文字", "F15", scan=False)
def _template(w: Work) -> None:
    w.set_form(gains=("XX万元", "XX%", "18%", "9.5%"))


@fault("intro_too_long", "项目简介超过300字", "F09", scan=False)
def _wordy(w: Work) -> None:
    w.set_form(project_intro=w.case.form.project_intro * 5)


@fault("founded_differs", "成立时间与营业执照不符", "F12", extra=LICENCE, scan=False)
def _founded(w: Work) -> None:
    w.set_form(founded=f"{w.case.applicant.founded - timedelta(days=1200)}")


@fault("size_class", "企业规模与人数、收入不符", "F11", scan=False)
def _size(w: Work) -> None:
    w.set_form(size_class="大型")


@fault("form_unsealed", "申报表没有公章", "N24", extra=FORM)
def _form_seal(w: Work) -> None:
    w.reseal("application_form", ("legal",))
    w.kinds.append("application_form")


@fault("form_unsigned", "申报表没有法定代表人签章", "N24", extra=FORM)
def _form_sign(w: Work) -> None:
    w.reseal("application_form", ("applicant",))
    w.kinds.append("application_form")


@fault("plan_unsealed", "建设方案封面没有盖章", "N24", extra=PLAN)
def _plan(w: Work) -> None:
    w.reseal("construction_plan", ())
    w.kinds.append("construction_plan")


@fault("maturity_level", "成熟度评估等级为一级", "N11", "F13", extra=MATURITY)
def _level(w: Work) -> None:
    w.set_form(maturity_level="一级", maturity_score="1.42")
    w.kinds.append("maturity_assessment")


@fault("maturity_early", "成熟度评估早于2023年", "N11", extra=MATURITY)
def _assessed(w: Work) -> None:
    w.case = replace(w.case, assessed=date(2022, 9, 14))
    w.kinds.append("maturity_assessment")


@fault("acceptance_late", "验收日期晚于申报日期", "N04", "I16", extra=CHECK)
def _late(w: Work) -> None:
    _accept(w, day=w.case.applied + timedelta(days=9))


@fault("acceptance_early", "验收早于最后一批设备开票", "N04", "I16", "R11", extra=CHECK)
def _soon(w: Work) -> None:
    _accept(w, day=min(i.day for i in w.case.invoices.values()) - timedelta(days=30))


@fault("acceptance_failed", "验收结论为整改后复验", "N04", "N20", extra=CHECK)
def _failed(w: Work) -> None:
    _accept(w, conclusion="部分功能未达到合同要求，验收不通过，要求整改后重新组织验收。")


def _accept(w: Work, **changes: object) -> None:
    done = replace(w.case.acceptances["project"], **changes)  # type: ignore[arg-type]
    w.case = replace(w.case, acceptances={**w.case.acceptances, "project": done})
    w.kinds.append("acceptance_report")


@fault("not_chongqing", "申报单位不在重庆", "N01", extra=LICENCE, scan=False)
def _outside(w: Work) -> None:
    old = w.case.applicant
    new = replace(old, name=old.name.replace("重庆", "成都"), region="510107", address="四川省成都市武侯区科园四路18号",
                  tax_id=codes.taxpayer_id(w.rng, "510107"))  # fmt: skip
    case = w.case
    w.case = replace(
        case,
        applicant=new,
        invoices={k: replace(v, buyer=new) for k, v in case.invoices.items()},
        payments={k: replace(v, payer=new) for k, v in case.payments.items()},
        contracts={k: replace(v, party_a=new) for k, v in case.contracts.items()},
    )
    w.kinds.append("business_licence")


def _missing(kind: str, note: str, rule: str) -> None:
    def spoil(w: Work) -> None:
        w.drop(kind)
        w.kinds.append(kind)

    fault(f"missing_{kind}", note, rule, scan=False, extra=(Sheet(kind, seals=("issuer",)),))(spoil)


_missing("project_filing", "缺立项类材料", "N15")
_missing("security_evidence", "缺信息安全投入证明", "N19")
_missing("business_licence", "缺营业执照", "N22")
_missing("audit_report", "缺审计报告", "N23")
_missing("maturity_assessment", "缺成熟度评估", "N11")


@fault("missing_acceptance", "缺验收报告", "N20", extra=CHECK, scan=False)
def _no_check(w: Work) -> None:
    w.drop("acceptance_report")
    w.kinds.append("acceptance_report")


@fault("submitted_late", "申报日期晚于截止时间", "N13", scan=False)
def _submitted_late(w: Work) -> None:
    w.set_form(commitment_day=date(2024, 5, 28))
