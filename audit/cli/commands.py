"""The commands. Each parses its arguments, calls one function below, and prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from audit import __version__
from audit.cli.registry import registry_app
from audit.errors import EXIT_FINDINGS, EXIT_OK
from audit.settings import default_jobs

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="核证：核验企业申报材料。说明哪些成立、哪些不成立、哪些从纸面上无法判断。全程离线。",
)
log_app = typer.Typer(no_args_is_help=True, help="审核日志（每一项人工决定）。")
app.add_typer(log_app, name="log")
policy_app = typer.Typer(no_args_is_help=True, help="政策文件（条款、阈值、类别）。")
app.add_typer(policy_app, name="policy")
app.add_typer(registry_app, name="registry")

DEFAULT_POLICY = "cq-2024-industrial-internet"
Case = Annotated[list[Path], typer.Argument(help="案卷文件夹（可给多个）", show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--out", help="输出文件夹")]
PolicyName = Annotated[str, typer.Option("--policy", help="政策编号或 TOML 文件")]
Lang = Annotated[str, typer.Option("--lang", help="zh 或 en")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", help="并行进程数，0 为处理器数")]


def _known_language(lang: str) -> None:
    if lang not in {"zh", "en"}:
        raise typer.BadParameter("只支持 zh 或 en", param_hint="--lang")


@app.command()
def check(
    cases: Case,
    out: Out = Path("out"),
    policy: PolicyName = DEFAULT_POLICY,
    lang: Lang = "zh",
    jobs: Jobs = 0,
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="有该级及以上问题时退出码为 10（A|B|C|D）")
    ] = "",
) -> None:
    """核验案卷：读取全部页面，匹配台账、发票、付款与验收，生成报告和底稿。"""
    from audit.cli.check import run_checks

    _known_language(lang)
    if fail_on and fail_on not in {"A", "B", "C", "D"}:
        raise typer.BadParameter("只能是 A、B、C 或 D", param_hint="--fail-on")
    code, found = run_checks(cases, out, policy, lang, jobs or default_jobs(), fail_on)
    sys.exit(EXIT_FINDINGS if found else code)


@app.command()
def batch(
    root: Annotated[Path, typer.Argument(help="文件夹，其下每个子文件夹为一个案卷")],
    out: Out = Path("out-batch"),
    policy: PolicyName = DEFAULT_POLICY,
    lang: Lang = "zh",
    jobs: Jobs = 0,
    registry: Annotated[
        str,
        typer.Option(
            "--registry", help="登记库文件或 postgresql:// 地址", envvar="AUDIT_REGISTRY"
        ),
    ] = "",
    scheduler: Annotated[str, typer.Option("--scheduler", help="多机运行：tcp://主机:端口")] = "",
    key: Annotated[Path | None, typer.Option("--key", help="各区县共用的密钥文件")] = None,
) -> None:
    """核验多个案卷，跨案卷比对，生成总览。中断后再次运行会接着进行。"""
    from audit.cli.batch import BatchOptions, run

    _known_language(lang)
    options = BatchOptions(policy, lang, jobs or default_jobs(), registry, scheduler, key)
    sys.exit(run(root, out, options))


@app.command()
def demo(out: Out = Path("out-demo"), lang: Lang = "zh") -> None:
    """核验随软件附带的示例案卷（企业与数据均为虚构）。"""
    from audit.cli.check import demo_folder, run_checks

    code, _ = run_checks([demo_folder()], out, DEFAULT_POLICY, lang, default_jobs(), "")
    sys.exit(code)


@app.command()
def recheck(
    old: Annotated[Path, typer.Argument(help="上一轮的输出文件夹（或案卷文件夹）")],
    new: Annotated[Path, typer.Argument(help="补正后的案卷文件夹")],
    out: Out = Path("out-recheck"),
    policy: PolicyName = DEFAULT_POLICY,
    lang: Lang = "zh",
    jobs: Jobs = 0,
) -> None:
    """复核补正材料：按内容与上一轮比对，沿用仍成立的决定，列出已改正、仍存在、新出现与未经要求的变动。"""
    from audit.cli.rounds import run_recheck

    _known_language(lang)
    sys.exit(run_recheck(old, new, out, policy, lang, jobs or default_jobs()))


@app.command()
def finalize(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    actor: Annotated[str, typer.Option("--actor", help="定稿人姓名，记入审核日志")],
) -> None:
    """定稿：冻结当前版本及其哈希；之后的决定形成下一版本。"""
    from audit.cli.rounds import run_finalize

    sys.exit(run_finalize(out, actor))


@log_app.command("verify")
def log_verify(out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")]) -> None:
    """核对审核日志：哈希链、镜像、已登记文件；不完整时退出码为 8。"""
    from audit.cli.rounds import run_verify

    sys.exit(run_verify(out))


@app.command()
def doctor() -> None:
    """检查安装：依赖、模型、字体、可选程序。"""
    from audit.cli.doctor import examine

    sys.exit(examine())


@app.command()
def version() -> None:
    """显示版本。"""
    typer.echo(f"核证 hezheng {__version__}")


rules_app = typer.Typer(invoke_without_command=True, help="核验规则。")
app.add_typer(rules_app, name="rules")


@rules_app.callback()
def rules(context: typer.Context, lang: Lang = "zh") -> None:
    """列出全部规则。"""
    if context.invoked_subcommand is not None:
        return
    from audit.rules import rule_cards

    for card in rule_cards(lang):
        typer.echo(f"{card.code}  {card.severity}  {card.title}（{card.clause}）")


@rules_app.command("explain")
def explain(code: str, lang: Lang = "zh") -> None:
    """说明一条规则：查什么、何时无法判断。"""
    from audit.rules import rule_cards

    card = next((c for c in rule_cards(lang) if c.code == code.upper()), None)
    if card is None:
        raise typer.BadParameter(
            f"没有规则 {code}；用 audit rules 查看全部编号。", param_hint="CODE"
        )
    typer.echo(f"{card.code}  {card.title}\n级别 {card.severity}　依据 {card.clause}\n")
    typer.echo(f"查什么：{card.finds}\n何时无法判断：{card.undecided_when}")


@policy_app.command("check")
def policy_check(file: Path) -> None:
    """检查一份政策文件是否符合格式。"""
    from audit.policy import load_policy

    loaded = load_policy(str(file))
    typer.echo(f"{file}：格式正确（{loaded.title}，{len(loaded.clauses)} 个条款）。")
    sys.exit(EXIT_OK)


@policy_app.command("list")
def policy_list() -> None:
    """列出随软件附带的政策。"""
    from audit.policy import load_policy, shipped_policies

    for name in shipped_policies():
        typer.echo(f"{name}  {load_policy(name).title}")
