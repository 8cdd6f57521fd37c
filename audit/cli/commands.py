"""The commands. Each parses its arguments, calls one function below, and prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from audit import __version__
from audit.cli.registry import registry_app
from audit.cli.spotcheck import sample_app, verify_app
from audit.cli.words import App, Group, known_language
from audit.errors import EXIT_FINDINGS, EXIT_OK
from audit.settings import default_jobs

app = App(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="核证：核验企业申报材料。说明哪些成立、哪些不成立、哪些从纸面上无法判断。全程离线。",
)
log_app = App(no_args_is_help=True, help="审核日志（每一项人工决定）。")
app.add_typer(log_app, name="log")
policy_app = App(no_args_is_help=True, help="政策文件（条款、阈值、类别）。")
app.add_typer(policy_app, name="policy")
app.add_typer(registry_app, name="registry")
app.add_typer(verify_app, name="verify")
app.add_typer(sample_app, name="sample")

#: Headings of ``audit rules explain``: severity, clause, what it finds, when it cannot tell.
EXPLAINED = {
    "zh": ("级别 ", "依据 ", "查什么：", "何时无法判断："),
    "en": ("Severity ", "clause ", "Finds: ", "Undecided when: "),
}
DEFAULT_POLICY = "cq-2024-industrial-internet"
Case = Annotated[list[Path], typer.Argument(help="案卷文件夹（可给多个）", show_default=False)]
Out = Annotated[Path, typer.Option("-o", "--out", help="输出文件夹")]
PolicyName = Annotated[str, typer.Option("--policy", help="政策编号或 TOML 文件")]
Lang = Annotated[str, typer.Option("--lang", help="zh 或 en", callback=known_language)]
KeyFile = Annotated[Path | None, typer.Option("--key", help="本单位密钥文件，用于给定稿加封及核对")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", help="并行进程数，0 为处理器数", min=0)]


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
        typer.Option("--registry", help="登记库文件或 postgresql:// 地址", envvar="AUDIT_REGISTRY"),
    ] = "",
    scheduler: Annotated[str, typer.Option("--scheduler", help="多机运行：tcp://主机:端口")] = "",
    key: Annotated[Path | None, typer.Option("--key", help="各区县共用的密钥文件")] = None,
) -> None:
    """核验多个案卷，跨案卷比对，生成总览。中断后再次运行会接着进行。"""
    from audit.cli.batch import BatchOptions, run

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

    sys.exit(run_recheck(old, new, out, policy, lang, jobs or default_jobs()))


@app.command()
def finalize(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    actor: Annotated[str, typer.Option("--actor", help="定稿人姓名，记入审核日志")],
    key: KeyFile = None,
) -> None:
    """定稿：冻结当前版本及其哈希；之后的决定形成下一版本。"""
    from audit.cli.rounds import run_finalize

    sys.exit(run_finalize(out, actor, key))


@app.command()
def review(
    out: Annotated[Path, typer.Argument(help="audit check 或 audit batch 的输出文件夹")],
    port: Annotated[int, typer.Option("--port", help="端口，0 为自动", min=0, max=65535)] = 0,
    lang: Lang = "zh",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="自动打开浏览器")] = True,
) -> None:
    """打开本机复核页面：看原件、改读数、排除问题、记录说明与裁定。"""
    from audit.cli.review import review as run

    run(out, port, lang, browser=browser)


@app.command()
def drafts(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    templates: Annotated[
        Path | None, typer.Option("--templates", help="本单位的 Word 模板文件夹")
    ] = None,
    copy: Annotated[Path | None, typer.Option("--copy", help="把随软件附带的模板复制到此")] = None,
    lang: Lang = "zh",
) -> None:
    """重新生成审核意见、现场核查表、补正通知的草稿，可换用本单位模板。"""
    from audit.cli.review import copy_templates, make_drafts

    if copy is not None:
        copy_templates(copy, lang)
        typer.echo(f"模板已复制到 {copy}")
        return
    for place in make_drafts(out, templates, lang):
        typer.echo(str(place))


class _PackByDefault(Group):
    """``audit onsite OUT`` means ``audit onsite pack OUT``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own click
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["pack", *args]
        return super().parse_args(ctx, args)


onsite_app = App(
    no_args_is_help=True, help="现场核查包：带到现场，再带回答案。", cls=_PackByDefault
)
app.add_typer(onsite_app, name="onsite")


@onsite_app.command("pack")
def onsite_pack(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    to: Annotated[
        Path | None, typer.Option("--to", help="放到哪个文件夹，默认同输出文件夹")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """生成现场核查页（单个网页文件，平板可用）和纸质核查表。"""
    from audit.cli.review import make_pack

    for place in make_pack(out, to, lang):
        typer.echo(str(place))


@onsite_app.command("merge")
def onsite_merge(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    answers: Annotated[Path, typer.Argument(help="现场核查页保存的 JSON 文件")],
) -> None:
    """把现场答案记为裁定记录；签名的勾选可排除不涉及金额的整组问题。"""
    from audit.cli.review import merge_pack

    typer.echo(merge_pack(out, answers))


@log_app.command("verify")
def log_verify(
    out: Annotated[Path, typer.Argument(help="audit check 的输出文件夹")],
    key: KeyFile = None,
) -> None:
    """核对审核日志：哈希链、镜像、已登记文件；不完整时退出码为 8。"""
    from audit.cli.rounds import run_verify

    sys.exit(run_verify(out, key))


@app.command()
def doctor() -> None:
    """检查安装：依赖、模型、字体、可选程序。"""
    from audit.cli.doctor import examine

    sys.exit(examine())


@app.command()
def version() -> None:
    """显示版本。"""
    typer.echo(f"核证 hezheng {__version__}")


rules_app = App(invoke_without_command=True, help="核验规则。")
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
def explain(
    code: Annotated[str, typer.Argument(help="规则编号，如 I19")], lang: Lang = "zh"
) -> None:
    """说明一条规则：查什么、何时无法判断。"""
    from audit.rules import rule_cards

    card = next((c for c in rule_cards(lang) if c.code == code.upper()), None)
    if card is None:
        raise typer.BadParameter(
            f"没有规则 {code}。用 audit rules 查看全部编号", param_hint="规则编号"
        )
    grade, clause, finds, undecided = EXPLAINED[lang]
    typer.echo(f"{card.code}  {card.title}\n{grade}{card.severity}　{clause}{card.clause}\n")
    typer.echo(f"{finds}{card.finds}\n{undecided}{card.undecided_when}")


@policy_app.command("check")
def policy_check(file: Annotated[Path, typer.Argument(help="政策文件（.toml）")]) -> None:
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
