"""``audit verify`` and ``audit sample``: what people check outside, and what they bring back."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit import i18n
from audit.cli.words import App
from audit.errors import InputUnusableError
from audit.i18n import listed, told

if TYPE_CHECKING:
    from audit.pipeline.sample import Filled

verify_app = App(no_args_is_help=True)
sample_app = App(no_args_is_help=True)
OutDir = Annotated[Path, typer.Argument()]
METHODS = ("mus", "attribute", "stratified")
#: Line numbers that a refusal names.
SHOWN = 12


@verify_app.command("export")
def verify_export(
    out: OutDir,
    target: Annotated[Path, typer.Option("-o", "--out")] = Path("查验清单.xlsx"),
) -> None:
    """Write the list of invoices to key into the tax platform."""
    from audit.pipeline.decisions import open_session
    from audit.pipeline.verify import export_verify_list

    count = export_verify_list(open_session(out).report(), target, i18n.current())
    typer.echo(told("cli.verify.exported", file=target, count=count))


@verify_app.command("import")
def verify_import(
    out: OutDir,
    filled: Annotated[Path, typer.Argument()],
    actor: Annotated[str, typer.Option("--actor")] = "",
) -> None:
    """Take the platform's answers in; findings and amounts follow."""
    from audit.pipeline.verify import import_answers

    answers, report = import_answers(out, filled, actor or _user())
    typer.echo(told("cli.verify.imported", file=filled, count=len(answers.taken)))
    if not answers.taken and not answers.refused:
        typer.echo(told("cli.verify.empty"), err=True)
    for line, why in answers.refused:
        typer.echo(told("cli.refused", line=line, why=why), err=True)
    if answers.refused:
        typer.echo(told("cli.verify.again"), err=True)
    typer.echo(money_line(report.waterfall.incl, i18n.current()))
    if answers.taken:
        typer.echo(told("cli.updated", file=out / "report.html"))


def money_line(basis: object, lang: str) -> str:
    """Return what was declared, and what of it is supported, pending and deducted."""
    names = ("declared", "supported", "pending", "deducted")
    return i18n.text("cli.money", {n: f"{getattr(basis, n):,.2f}" for n in names}, lang)


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "audit"


@sample_app.command("draw")
def sample_draw(
    batch: Annotated[Path, typer.Argument()],
    target: Annotated[Path, typer.Option("-o", "--out")] = Path("抽样.xlsx"),
    method: Annotated[str, typer.Option("--method")] = "mus",
    seed: Annotated[str, typer.Option("--seed")] = "",
    confidence: Annotated[float, typer.Option("--confidence")] = 0.95,
    tolerable: Annotated[float, typer.Option("--tolerable")] = 0.05,
    expected: Annotated[float, typer.Option("--expected")] = 0.0,
    size: Annotated[int, typer.Option("--size")] = 60,
    top: Annotated[float, typer.Option("--top")] = 1_000_000,
) -> None:
    """Draw ledger rows of finished cases."""
    from audit.pipeline.sample import finished_cases, population, write_sample
    from audit.sampling import draw_attribute, draw_mus, draw_stratified

    if method not in METHODS:
        raise typer.BadParameter(told("call.method"), param_hint="--method")
    if not 0 < tolerable < 1 or not 0 < confidence < 1:
        raise typer.BadParameter(told("call.share"), param_hint="--tolerable")
    items, shown, unread = population(finished_cases(batch))
    if not items:
        raise InputUnusableError(told("cli.sample.no_rows", folder=batch))
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
    write_sample(sample, shown, target, i18n.current())
    counts = {"population": sample.population, "size": sample.size, "seed": seed}
    typer.echo(told("cli.sample.drawn", file=target, **counts))
    if unread:
        typer.echo(told("cli.sample.unread", count=unread), err=True)
    typer.echo(told("cli.sample.next"))


@sample_app.command("evaluate")
def sample_evaluate(
    filled: Annotated[Path, typer.Argument()],
    partial: Annotated[bool, typer.Option("--partial")] = False,
) -> None:
    """Say what the results of a sample mean for the whole."""
    from audit.pipeline.sample import read_sample

    found = read_sample(filled)
    _refuse_unjudged(filled, found, partial=partial)
    lines = _money(found) if found.sample.method == "mus" else _rate(found)
    if found.blank:
        lines.insert(0, told("cli.sample.partial", count=len(found.blank)))
    typer.echo("\n".join(lines))


def _refuse_unjudged(filled: Path, found: Filled, *, partial: bool) -> None:
    """Raise where a line holds no amount: a blank is no judgement, least of all that all is well."""
    if found.odd:
        line, entered = found.odd[0]
        raise InputUnusableError(
            told("cli.sample.odd", file=filled, count=len(found.odd), line=line, entered=entered)
        )
    if found.blank and not found.checked:
        raise InputUnusableError(told("cli.sample.empty", file=filled))
    if found.blank and not partial:
        raise InputUnusableError(
            told("cli.sample.blank", file=filled, count=len(found.blank), lines=_lines(found.blank))
        )


def _lines(numbers: Sequence[int]) -> str:
    more = told("cli.and_more") if len(numbers) > SHOWN else ""
    return listed(str(n) for n in numbers[:SHOWN]) + more


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _money(found: Filled) -> list[str]:
    from audit.sampling import evaluate_money

    result = evaluate_money(found.sample, found.checked)
    figures = {n: f"{getattr(result, n):,.2f}" for n in ("known", "projected", "upper", "tolerable")}  # fmt: skip
    verdict = "cli.sample.money.good" if result.acceptable else "cli.sample.money.bad"
    return [
        told("cli.sample.money", confidence=_percent(found.sample.confidence), **figures),
        told(verdict),
    ]


def _rate(found: Filled) -> list[str]:
    from audit.sampling import evaluate_rate

    sample, result = found.sample, evaluate_rate(found.sample, found.checked)
    lines = [
        told("cli.sample.taken", count=result.taken, wrong=result.taken_wrong),
        told("cli.sample.random", count=result.drawn, wrong=result.drawn_wrong),
        told("cli.sample.known", amount=f"{result.known:,.2f}"),
    ]
    if sample.method == "stratified":
        # Layers are drawn at different rates: a plain share of errors would mean nothing.
        return [*lines, told("cli.sample.strata")]
    if result.upper is not None:
        limits = {"upper": f"{result.upper:.2%}", "tolerable": f"{result.tolerable:.2%}"}
        lines.append(told("cli.sample.rate", confidence=_percent(sample.confidence), **limits))
    key = "cli.sample.rate.good" if result.acceptable else "cli.sample.rate.bad"
    return [*lines, told(key)]
