"""The frame around the commands in Chinese: headings of the help, and what is wrong with a call."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, cast

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from audit.errors import EXIT_INTERRUPTED, EXIT_OK
from audit.i18n import LANGUAGES

#: The base of every fault of a call; typer names only its children.
CallError: type[Exception] = cast("type[Exception]", typer.BadParameter.__mro__[2])
_PANELS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
}
#: What the parser says, and how it is said here; ``{0}`` is the first group.
_SAID = (
    (r"No such command '(.*?)'", "没有命令“{0}”"),
    (r"Got unexpected extra arguments? ?\(?s?\)? ?\((.*)\)", "多余的参数：{0}（路径含空格时请加引号）"),
    (r"should be a valid integer", "应是整数"),
    (r"should be a valid number", "应是数字"),
    (r"should be less than or equal to (\S+)", "不能大于 {0}"),
    (r"should be greater than or equal to (\S+)", "不能小于 {0}"),
    (r"Option '(.*)' requires", "选项 {0} 后面要有一个值"),
)  # fmt: skip


class _Said:
    """Usage line and help option in Chinese, for commands and groups alike."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return in_chinese(usage)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own click
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示本说明"
        return option


class Command(_Said, TyperCommand):
    """A command."""


class Group(_Said, TyperGroup):
    """A group of commands."""


def in_chinese(usage: str) -> str:
    """Return the line ``Usage: audit check [OPTIONS] …`` with its fixed words in Chinese."""
    for word, ours in (
        ("Usage: ", "用法："),
        ("[OPTIONS]", "[选项]"),
        ("COMMAND [ARGS]...", "命令 …"),
    ):
        usage = usage.replace(word, ours)
    return usage


class App(typer.Typer):
    """An app or sub-app whose help and faults of call are in Chinese."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on
        """Take typer's options."""
        options.setdefault("cls", Group)
        super().__init__(**options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
        """Register a command, as typer does."""
        options.setdefault("cls", Command)
        return super().command(name, **options)

    def __call__(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - typer's own
        """Run; a wrong call is told in Chinese with exit code 2."""
        for name, words in _PANELS.items():
            setattr(rich_utils, name, words)
        try:
            code = super().__call__(*arguments, standalone_mode=False, **options)
        except CallError as error:
            if type(error).__name__ == "NoArgsIsHelpError":
                sys.exit(2)  # the help stands printed already
            sys.stderr.write(fault(error))
            sys.exit(2)
        except SystemExit as stopped:
            # The parser's own 1: who reads our output (a pager, head) has closed it.
            if stopped.code == 1:
                sys.exit(EXIT_OK)
            raise
        if code == EXIT_INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else EXIT_OK)


def known_language(lang: str) -> str:
    """Return the language if there is one; for ``--lang`` of every command."""
    if lang not in LANGUAGES:
        raise typer.BadParameter("只支持 zh 或 en", param_hint="--lang")
    return lang


def fault(error: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return what is wrong with the call, how it is called, and where help is."""
    lines = [f"{_sentence(error)}。"]
    context = getattr(error, "ctx", None)
    if context is not None:
        lines += [in_chinese(context.get_usage()), f"详细说明：{context.command_path} --help"]
    return "\n".join(lines) + "\n"


def _sentence(error: Any) -> str:  # noqa: ANN401 - typer's own click
    name = type(error).__name__
    said = str(getattr(error, "message", "")).rstrip("。")
    param = getattr(error, "param", None)
    if name == "MissingParameter" and param is not None:
        told = getattr(param, "help", "") or param.human_readable_name
        return (
            f"缺少选项 {param.opts[0]}（{told}）"
            if param.opts[0][:1] == "-"
            else f"缺少参数：{told}"
        )
    if name == "NoSuchOption":
        near = "、".join(getattr(error, "possibilities", None) or ())
        return f"没有选项 {error.option_name}" + (f"；是否要用 {near}" if near else "")
    for pattern, words in _SAID:
        found = re.search(pattern, said)
        if found:
            said = words.format(*found.groups())
            break
    hint = getattr(error, "param_hint", None) or (param.opts[0] if param is not None else "")
    return f"{hint}：{said}" if hint else said
