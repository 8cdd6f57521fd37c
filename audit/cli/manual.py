"""The help of the commands, for people who are no programmers: what for, how, an example, options.

All texts stand in ``audit/texts/<lang>/cli_help.toml`` by the command's path: ``help.registry.add``
(its first line is the short form in lists), ``help.registry.add.example``, and for arguments and
options ``help.<path>.<name>``, or ``help.param.<name>`` where several commands share one.
``meta.…`` names the value that an option wants.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from audit.i18n import told

#: Commands by what a person wants to do; a command not named here stands with the last.
SECTIONS = (
    ("case", ("check", "review", "recheck", "finalize", "drafts")),
    ("outside", ("verify", "onsite", "sample")),
    ("many", ("batch", "registry")),
    ("rules", ("rules", "policy")),
    ("program", ("demo", "doctor", "log", "version")),
)
_NARROWEST, _WIDEST, _COLUMN = 56, 100, 26
_NO_LINE_STARTS = "，。、；：）”》！？,.;:)!?"


def manual(command: Any, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return the help page of a command or group."""
    path = path_of(ctx)
    key = f"help.{path}" if path else "help"
    first, _, more = told(key).partition("\n")
    lines = [f"{ctx.command_path} — {first}", *([""] if more else []), *_block(more, 2)]
    lines += ["", usage(command, ctx)]
    example = _known(f"{key}.example")
    if example:
        lines += ["", told("help.examples"), *(f"  {line}" for line in example.splitlines())]
    arguments, options = _parameters(command, ctx)
    lines += _section(told("help.arguments"), arguments)
    for title, entries in _commands(command, path):
        lines += _section(title, entries)
    lines += _section(told("help.options"), options)
    return "\n".join(lines)


def usage(command: Any, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return the line that shows how a command is called."""
    words = [ctx.command_path]
    if hasattr(command, "commands"):
        free = command.invoke_without_command
        words.append(told("help.maybe_command" if free else "help.command"))
    words += [_value_name(p, ctx) for p in command.params if p.param_type_name == "argument"]
    needed = (p for p in command.params if p.param_type_name != "argument" and p.required)
    words += [f"{p.opts[0]} {_value_name(p, ctx)}" for p in needed]
    return told("help.usage", call=" ".join([*words, told("help.some_options")]))


def path_of(ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return the command's names below ``audit``, joined by dots."""
    return ".".join(str(ctx.command_path).split()[1:])


def name_of(param: Any, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    """Return what a parameter is, in words."""
    return _about("help", param, ctx)


def _parameters(command: Any, ctx: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:  # noqa: ANN401
    arguments, options = [], []
    for param in command.params:
        about = _about("help", param, ctx) + _extra(param)
        if param.param_type_name == "argument":
            arguments.append((_value_name(param, ctx), about))
        else:
            names = ", ".join(sorted((*param.opts, *param.secondary_opts), key=len))
            value = "" if param.is_flag else f" {_value_name(param, ctx)}"
            options.append((names + value, about))
    options.append(("--lang zh|en", told("help.param.lang")))
    options.append(("--help", told("help.param.help")))
    return arguments, options


def _extra(param: Any) -> str:  # noqa: ANN401 - typer's own click
    if param.required:
        return told("help.required") if param.param_type_name != "argument" else ""
    default = param.default
    if default is None or default in {"", 0} or isinstance(default, bool):
        return ""
    return told("help.default", value=default)


def _value_name(param: Any, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    name = _about("meta", param, ctx)
    return f"{name}…" if param.nargs != 1 else name


def _about(kind: str, param: Any, ctx: Any) -> str:  # noqa: ANN401 - typer's own click
    own = _known(f"{kind}.{path_of(ctx)}.{param.name}") if ctx is not None else ""
    return own or told(f"{kind}.param.{param.name}")


def _commands(command: Any, path: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:  # noqa: ANN401
    there = list(getattr(command, "commands", ()))
    if not there:
        return
    if path:
        yield told("help.commands"), [_listed(path, name) for name in there]
        return
    placed = {name for _, names in SECTIONS for name in names}
    for title, names in SECTIONS:
        others = [n for n in there if n not in placed] if title == "program" else []
        shown = [n for n in (*names, *others) if n in there]
        yield told(f"help.section.{title}"), [_listed("", n) for n in shown]


def _listed(path: str, name: str) -> tuple[str, str]:
    key = f"help.{path}.{name}" if path else f"help.{name}"
    return name, told(key).partition("\n")[0]


def _known(key: str) -> str:
    said = told(key)
    return "" if said == key else said


def _section(title: str, entries: Sequence[tuple[str, str]]) -> list[str]:
    """Return a titled list in two columns; a long name has a line of its own."""
    if not entries:
        return []
    column = min(_COLUMN, max(_width(name) for name, _ in entries) + 4)
    lines = ["", title]
    for name, about in entries:
        text = _block(about, column)
        head = f"  {name}"
        if _width(head) + 2 <= column and text:
            head, text = head + text[0][_width(head) :], text[1:]
        lines += [head, *text]
    return lines


def _block(text: str, indent: int) -> list[str]:
    """Return the text in lines of the terminal's width, indented."""
    columns = shutil.get_terminal_size((80, 24)).columns
    room = max(_NARROWEST, min(_WIDEST, columns)) - indent - 1
    return [" " * indent + line for part in text.splitlines() for line in _wrapped(part, room)]


def _wrapped(text: str, room: int) -> Iterator[str]:
    """Yield lines: Latin words stay whole, Chinese breaks anywhere but before a closing mark."""
    line = ""
    for piece in re.findall(r"[!-~]+ ?|.", text):
        mark = piece[0] in _NO_LINE_STARTS and not piece.isascii()
        if line and not mark and _width(line) + _width(piece.rstrip()) > room:
            yield line.rstrip()
            line = ""
        line += piece if line or piece != " " else ""
    if line.strip() or not text:
        yield line.rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
