"""``audit verify`` and ``audit sample``: what people check outside, and what they bring back."""

from __future__ import annotations

import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from audit.cli.words import App, known_language
from audit.errors import InputUnusableError

verify_app = App(no_args_is_help=True, help="税务查验平台：导出查验清单，导入查验结果。")
sample_app = App(no_args_is_help=True, help="抽样：抽取、评价（记录种子，可重现）。")
OutDir = Annotated[Path, typer.Argument(help="audit check 的输出文件夹")]
Actor = Annotated[str, typer.Option("--actor", help="经办人")]


@verify_app.command("export")
def verify_export(
    out: OutDir,
    target: Annotated[Path, typer.Option("-o", "--out", help="写入的 XLSX")] = Path(
        "查验清单.xlsx"
    ),
    lang: Annotated[str, typer.Option("--lang", help="zh 或 en", callback=known_language)] = "zh",
) -> None:
    """导出按风险与金额排序的查验清单，列明各票种应填项。"""
    from audit.pipeline.decisions import open_session
    from audit.pipeline.verify import export_verify_list

    count = export_verify_list(open_session(out).report(), target, lang)
    typer.echo(
        f"{target}：{count} 张发票。请逐张查验，在“查验结果”一栏选填，再用 audit verify import 导入。"
    )


@verify_app.command("import")
def verify_import(
    out: OutDir,
    filled: Annotated[Path, typer.Argument(help="填好查验结果的 XLSX")],
    actor: Actor = "",
) -> None:
    """导入查验结果；问题、核减与结论随之更新。"""
    from audit.pipeline.verify import import_answers

    answers, report = import_answers(out, filled, actor or _user())
    typer.echo(f"{filled}：导入 {len(answers.taken)} 条查验结果")
    if not answers.taken and not answers.refused:
        typer.echo("清单的“查验结果”一栏尚未填写，案卷没有变动。请填好、保存后再导入。", err=True)
    for line, why in answers.refused:
        typer.echo(f"  第 {line} 行未导入：{why}", err=True)
    if answers.refused:
        typer.echo("  请改正这些行后再次导入；已导入的不受影响。", err=True)
    basis = report.waterfall.incl
    typer.echo(
        f"申报 {basis.declared:,.2f} 元 = 有支撑 {basis.supported:,.2f} + 待核 {basis.pending:,.2f} + 核减 {basis.deducted:,.2f}（含税）"
    )
    typer.echo(f"报告已更新：{out / 'report.html'}")


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "audit"


@sample_app.command("draw")
def sample_draw(
    batch: Annotated[Path, typer.Argument(help="audit batch（或 check）的输出文件夹")],
    target: Annotated[Path, typer.Option("-o", "--out", help="写入的 XLSX")] = Path("抽样.xlsx"),
    method: Annotated[
        str, typer.Option("--method", help="mus 货币单元、attribute 属性、stratified 分层")
    ] = "mus",
    seed: Annotated[str, typer.Option("--seed", help="随机种子；不填则生成并记录")] = "",
    confidence: Annotated[float, typer.Option("--confidence", help="置信度，如 0.95")] = 0.95,
    tolerable: Annotated[float, typer.Option("--tolerable", help="可容忍错报率，如 0.05")] = 0.05,
    expected: Annotated[float, typer.Option("--expected", help="预计错报率（mus）")] = 0.0,
    size: Annotated[int, typer.Option("--size", help="样本量（stratified）")] = 60,
    top: Annotated[
        float, typer.Option("--top", help="达到该金额（元）全部抽取（stratified）")
    ] = 1_000_000,
) -> None:
    """从已核验案卷的台账行中抽样；高风险行必选。"""
    from audit.pipeline.sample import finished_cases, population, write_sample
    from audit.sampling import draw_attribute, draw_mus, draw_stratified

    if method not in {"mus", "attribute", "stratified"}:
        raise typer.BadParameter("只能是 mus、attribute 或 stratified", param_hint="--method")
    if not 0 < tolerable < 1 or not 0 < confidence < 1:
        raise typer.BadParameter("置信度与可容忍错报率应在 0 与 1 之间", param_hint="--tolerable")
    items, shown = population(finished_cases(batch))
    seed = seed or secrets.token_hex(8)
    rate, sure = Decimal(str(tolerable)), Decimal(str(confidence))
    try:
        if method == "mus":
            sample = draw_mus(
                items, seed, tolerable=rate, confidence=sure, expected=Decimal(str(expected))
            )
        elif method == "attribute":
            sample = draw_attribute(items, seed, tolerable=rate, confidence=sure)
        else:
            bounds = [Decimal(str(top)) / 20, Decimal(str(top)) / 4]
            sample = draw_stratified(items, seed, size, bounds, top=Decimal(str(top)))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--expected") from error
    write_sample(sample, shown, target)
    typer.echo(f"{target}：总体 {sample.population} 项，抽取 {sample.size} 项，种子 {seed}")
    typer.echo("请在“核定金额”一栏填写核实后的金额，再用 audit sample evaluate 评价。")


@sample_app.command("evaluate")
def sample_evaluate(
    filled: Annotated[Path, typer.Argument(help="填好核定金额的抽样 XLSX")],
) -> None:
    """评价抽样结果：推断错报、错报上限，是否可接受。"""
    from audit.pipeline.sample import read_sample
    from audit.sampling import evaluate_money, upper_rate

    sample, checked = read_sample(filled)
    if sample.picked and not checked:
        raise InputUnusableError(
            f"{filled} 的“核定金额”一栏尚未填写，无从评价。请填写核实后的金额（无差错的填账面金额）后保存、重试。"
        )
    if sample.method == "mus":
        result = evaluate_money(sample, checked)
        typer.echo(f"已知错报 {result.known:,.2f} 元，推断错报 {result.projected:,.2f} 元")
        typer.echo(
            f"错报上限 {result.upper:,.2f} 元（置信度 {sample.confidence:.0%}），可容忍 {result.tolerable:,.2f} 元"
        )
        if result.unchecked:
            typer.echo(f"尚有 {result.unchecked} 项未填核定金额，以上为暂估")
        else:
            typer.echo(
                "结论："
                + (
                    "错报上限未超过可容忍错报"
                    if result.acceptable
                    else "错报上限超过可容忍错报，须扩大检查"
                )
            )
        return
    book = {(p.item.case, p.item.key): p.item.amount for p in sample.picked}
    wrong = sum(1 for c in checked if c.audited != book[c.case, c.key])
    rate = upper_rate(wrong, len(checked), sample.confidence)
    typer.echo(
        f"已查 {len(checked)}/{len(sample.picked)} 项，差错 {wrong} 项；差错率上限 {rate:.2%}（可容忍 {sample.tolerable:.2%}）"
    )
