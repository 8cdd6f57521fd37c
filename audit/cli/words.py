"""The frame around the commands: in which language, what the help says, what is wrong with a call."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from audit import i18n, log
from audit.cli.manual import manual, name_of, path_of, usage
from audit.errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from audit.i18n import listed, told

#: The base of every fault of a call; typer names only its children.
CallError: type[Exception] = cast("type[Exception]", typer.BadParameter.__mro__[2])
#: What the parser says, and the key of how it is said here; its group is ``{a}``.
_SAID = (
    (r"No such command '(.*?)'", "call.no_command"),
    (r"Got unexpected extra arguments? ?\(?s?\)? ?\((.*)\)", "call.extra"),
    (r"should be a valid integer", "call.integer"),
    (r"should be a valid number", "call.number"),
    (r"should be less than or equal to (\S+)", "call.at_most"),
    (r"should be greater than or equal to (\S+)", "call.at_least"),
    (r"Option '(.*)' requires", "call.no_value"),
)
_LANG = "--lang"


class _Said:
    """Help and usage of our own, for commands and groups alike."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
        return manual(self, ctx)

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
        return usage(self, ctx)


class Command(_Said, TyperCommand):
    """A command."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own click
        """Run it; the technical log names it."""
        log.begin(path_of(ctx))
        return super().invoke(ctx)


class Group(_Said, TyperGroup):
    """A group of commands."""


class App(typer.Typer):
    """An app or sub-app whose help and faults of call are in the language asked for."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - passed on
        """Take typer's options."""
        options.setdefault("cls", Group)
        super().__init__(**options)

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
        """Register a command, as typer does."""
        options.setdefault("cls", Command)
        return super().command(name, **options)

    def __call__(self, arguments: Sequence[str] | None = None) -> Any:  # noqa: ANN401 - typer's own
        """Run; a wrong call is told with exit code 2."""
        given = list(sys.argv[1:] if arguments is None else arguments)
        try:
            code = super().__call__(
                args=with_language(given), prog_name="audit", standalone_mode=False
            )
        except CallError as error:
            asked = type(error).__name__ == "NoArgsIsHelpError"
            (sys.stdout if asked else sys.stderr).write(fault(error))
            sys.exit(EXIT_USAGE)
        except SystemExit as stopped:
            # The parser's own 1: who reads our output (a pager, head) has closed it.
            if stopped.code == 1:
                sys.exit(EXIT_OK)
            raise
        if code == EXIT_INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else EXIT_OK)


def with_language(arguments: Sequence[str]) -> list[str]:
    """Speak the language that ``--lang`` names, wherever it stands; returns the other arguments.

    It is known before anything else, so that help and faults of the call are told in it too.
    """
    rest: list[str] = []
    lang, waiting = i18n.DEFAULT_LANGUAGE, False
    for number, one in enumerate(arguments):
        if one == "--" and not waiting:
            rest += arguments[number:]
            break
        if waiting or one.startswith(f"{_LANG}="):
            lang, waiting = one if waiting else one.partition("=")[2], False
        elif one == _LANG:
            waiting = True
        else:
            rest.append(one)
    i18n.use(lang)
    if waiting:
        raise typer.BadParameter(told("call.no_value", a=_LANG))
    if lang not in i18n.LANGUAGES:
        raise typer.BadParameter(told("call.language"), param_hint=_LANG)
    return rest


def fault(error: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return what is wrong with the call, how it is called, and where help is."""
    context: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return f"{context.get_help()}\n"
    lines = [told("call.sentence", what=_sentence(error))]
    if context is not None:
        lines += [context.get_usage(), told("call.more", command=f"{context.command_path} --help")]
    return "\n".join(lines) + "\n"


def _sentence(error: Any) -> str:  # noqa: ANN401 - typer's own click
    name = type(error).__name__
    said = str(getattr(error, "message", "")).rstrip("。.")
    param, context = getattr(error, "param", None), getattr(error, "ctx", None)
    if name == "MissingParameter" and param is not None:
        what = name_of(param, context)
        is_option = param.opts[0][:1] == "-"
        return told("call.missing_option" if is_option else "call.missing", option=param.opts[0], what=what)  # fmt: skip
    if name == "NoSuchOption":
        near = list(getattr(error, "possibilities", None) or ())
        near += get_close_matches(error.option_name, [_LANG])
        key = "call.no_option_near" if near else "call.no_option"
        return told(key, option=error.option_name, near=listed(dict.fromkeys(near)))
    said = _translated(said, context)
    hint = getattr(error, "param_hint", None) or (param.opts[0] if param is not None else "")
    return told("call.at", where=hint, what=said) if hint else said


def _translated(said: str, context: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return what the parser says in our words, its own where there are none."""
    for pattern, key in _SAID:
        found = re.search(pattern, said)
        if found is None:
            continue
        what = found[1] if found.groups() else ""
        near = get_close_matches(what, getattr(getattr(context, "command", None), "commands", ()))
        if near and key == "call.no_command":
            return told("call.no_command_near", a=what, near=listed(near))
        return told(key, a=what)
    return said
