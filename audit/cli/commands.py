"""The commands. Each parses its arguments, calls one function below, and prints.

What the help says of them stands in the text tables (``audit.cli.manual``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from audit import __version__, i18n
from audit.cli.registry import registry_app
from audit.cli.spotcheck import sample_app, verify_app
from audit.cli.words import App, Group
from audit.errors import EXIT_FINDINGS, EXIT_OK
from audit.i18n import told
from audit.settings import default_jobs

app = App(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
log_app = App(no_args_is_help=True)
app.add_typer(log_app, name="log")
policy_app = App(no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(registry_app, name="registry")
app.add_typer(verify_app, name="verify")
app.add_typer(sample_app, name="sample")

DEFAULT_POLICY = "cq-2024-industrial-internet"
GRADES = ("A", "B", "C", "D")
Case = Annotated[list[Path], typer.Argument(show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--out")]
Finished = Annotated[Path, typer.Argument()]
PolicyName = Annotated[str, typer.Option("--policy")]
KeyFile = Annotated[Path | None, typer.Option("--key")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0)]


@app.command()
def check(
    cases: Case,
    out: Out = Path("out"),
    policy: PolicyName = DEFAULT_POLICY,
    jobs: Jobs = 0,
    fail_on: Annotated[str, typer.Option("--fail-on")] = "",
) -> None:
    """Check one or more case folders."""
    from audit.cli.check import run_checks

    if fail_on and fail_on not in GRADES:
        raise typer.BadParameter(told("call.grade"), param_hint="--fail-on")
    code, found = run_checks(cases, out, policy, i18n.current(), jobs or default_jobs(), fail_on)
    sys.exit(EXIT_FINDINGS if found else code)


@app.command()
def batch(
    root: Annotated[Path, typer.Argument()],
    out: Out = Path("out-batch"),
    policy: PolicyName = DEFAULT_POLICY,
    jobs: Jobs = 0,
    registry: Annotated[str, typer.Option("--registry", envvar="AUDIT_REGISTRY")] = "",
    scheduler: Annotated[str, typer.Option("--scheduler")] = "",
    key: KeyFile = None,
) -> None:
    """Check every case folder below a folder."""
    from audit.cli.batch import BatchOptions, run

    options = BatchOptions(policy, i18n.current(), jobs or default_jobs(), registry, scheduler, key)
    sys.exit(run(root, out, options))


@app.command()
def demo(out: Out = Path("out-demo")) -> None:
    """Check the demo case."""
    from audit.cli.check import demo_folder, run_checks

    code, _ = run_checks([demo_folder()], out, DEFAULT_POLICY, i18n.current(), default_jobs(), "")
    sys.exit(code)


@app.command()
def recheck(
    old: Annotated[Path, typer.Argument()],
    new: Annotated[Path, typer.Argument()],
    out: Out = Path("out-recheck"),
    policy: PolicyName = DEFAULT_POLICY,
    jobs: Jobs = 0,
) -> None:
    """Check what came back, and compare it with the round before."""
    from audit.cli.rounds import run_recheck

    sys.exit(run_recheck(old, new, out, policy, i18n.current(), jobs or default_jobs()))


@app.command()
def finalize(
    out: Finished, actor: Annotated[str, typer.Option("--actor")], key: KeyFile = None
) -> None:
    """Freeze the case as it stands."""
    from audit.cli.rounds import run_finalize

    sys.exit(run_finalize(out, actor, key))


@app.command()
def review(
    out: Finished,
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
) -> None:
    """Open the review page."""
    from audit.cli.review import review as run

    run(out, port, i18n.current(), browser=browser)


@app.command()
def drafts(
    out: Finished,
    templates: Annotated[Path | None, typer.Option("--templates")] = None,
    copy: Annotated[Path | None, typer.Option("--copy")] = None,
) -> None:
    """Write the drafts anew."""
    from audit.cli.review import copy_templates, make_drafts

    if copy is not None:
        copy_templates(copy, i18n.current())
        typer.echo(told("cli.drafts.copied", folder=copy))
        return
    for place in make_drafts(out, templates, i18n.current()):
        typer.echo(str(place))


class _PackByDefault(Group):
    """``audit onsite OUT`` means ``audit onsite pack OUT``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own click
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["pack", *args]
        return super().parse_args(ctx, args)


onsite_app = App(no_args_is_help=True, cls=_PackByDefault)
app.add_typer(onsite_app, name="onsite")


@onsite_app.command("pack")
def onsite_pack(out: Finished, to: Annotated[Path | None, typer.Option("--to")] = None) -> None:
    """Write the on-site page and the paper form."""
    from audit.cli.review import make_pack

    for place in make_pack(out, to, i18n.current()):
        typer.echo(str(place))


@onsite_app.command("merge")
def onsite_merge(out: Finished, answers: Annotated[Path, typer.Argument()]) -> None:
    """Bring the answers from the site back."""
    from audit.cli.review import merge_pack

    typer.echo(merge_pack(out, answers))


@log_app.command("verify")
def log_verify(out: Finished, key: KeyFile = None) -> None:
    """Verify the audit log."""
    from audit.cli.rounds import run_verify

    sys.exit(run_verify(out, key))


@app.command()
def doctor() -> None:
    """Check the installation."""
    from audit.cli.doctor import examine

    sys.exit(examine())


@app.command()
def version() -> None:
    """Show the version."""
    typer.echo(told("cli.version", version=__version__))


rules_app = App(invoke_without_command=True)
app.add_typer(rules_app, name="rules")


@rules_app.callback()
def rules(context: typer.Context) -> None:
    """List all rules."""
    if context.invoked_subcommand is not None:
        return
    from audit.rules import rule_cards

    for card in rule_cards(i18n.current()):
        line = told("cli.rules.line", code=card.code, severity=card.severity, title=card.title, clause=card.clause)  # fmt: skip
        typer.echo(line)


@rules_app.command("explain")
def explain(code: Annotated[str, typer.Argument()]) -> None:
    """Explain a rule."""
    from audit.rules import rule_cards

    card = next((c for c in rule_cards(i18n.current()) if c.code == code.upper()), None)
    if card is None:
        raise typer.BadParameter(told("call.no_rule", code=code), param_hint=told("call.rule"))
    said = told(
        "cli.rules.card",
        code=card.code,
        title=card.title,
        severity=card.severity,
        clause=card.clause,
        finds=card.finds,
        undecided=card.undecided_when,
    )
    typer.echo(said)


@policy_app.command("check")
def policy_check(file: Annotated[Path, typer.Argument()]) -> None:
    """Check a policy file."""
    from audit.policy import load_policy

    loaded = load_policy(str(file))
    count = len(loaded.clauses)
    typer.echo(told("cli.policy.good", file=file, title=loaded.title, count=count))
    sys.exit(EXIT_OK)


@policy_app.command("list")
def policy_list() -> None:
    """List the shipped policies."""
    from audit.policy import load_policy, shipped_policies

    for name in shipped_policies():
        typer.echo(f"{name}  {load_policy(name).title}")
