"""Help and console lines: every command in both languages, with an example that can be called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from audit import i18n
from audit.cli.commands import app
from audit.cli.manual import path_of
from audit.cli.words import with_language
from audit.i18n import LANGUAGES, catalogue
from tests.cli.test_call import call
from tests.factory import APPLICANT, SELLER
from tests.pipeline.folder import BILLS, write_case

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff、，。：；（）]")
#: Names of the case, clauses of the notice (一(三)), goods in the ledger.
FROM_PAPER = re.compile(
    f"{APPLICANT}|{SELLER}|[一二三四五六七八九十]+(\\([一二三四五六七八九十]+\\)\\d*)?"
)
ROOT_COMMAND: Any = typer.main.get_command(app)
#: A call of the program inside a page: from ``audit`` to the end of its code span or line.
CALL = re.compile(r"`audit ([^`]+)`|^audit (.+)$", re.MULTILINE)


def commands(command: Any = ROOT_COMMAND, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command and group, the program itself first."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


def parsed(arguments: list[str]) -> list[str]:
    """Parse a call without running it; returns the commands' names, raises on a wrong call."""
    rest = with_language(arguments)
    context = ROOT_COMMAND.make_context("audit", rest)
    while hasattr(context.command, "commands"):
        if not context._protected_args and context.command.invoke_without_command:
            break
        left = [*context._protected_args, *context.args]
        name, command, left = context.command.resolve_command(context, left)
        context = command.make_context(name, left, parent=context)
    return path_of(context).split(".")


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    yield
    i18n.use("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", list(commands()), ids=lambda p: " ".join(p) or "audit")
def test_every_command_explains_itself(
    capsys: pytest.CaptureFixture[str], path: tuple[str, ...], lang: str
) -> None:
    code, told, _ = call(capsys, *path, "--help", "--lang", lang)
    assert code == 0
    assert told.startswith(" ".join(["audit", *path]) + " — ")
    for raw in ("{", "}", "...", "help.", "meta.", "OPTIONS"):
        assert raw not in told
    if lang == "en":
        assert "Usage: audit" in told
        assert not CHINESE.search(re.sub(r"发票号码|抽样\.xlsx|查验清单\.xlsx", "", told))
    else:
        assert "用法：audit" in told
        assert "Usage" not in told
        assert "显示本说明" in told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", list(commands()), ids=lambda p: " ".join(p) or "audit")
def test_every_command_has_an_example_that_can_be_called(path: tuple[str, ...], lang: str) -> None:
    key = ".".join(["help", *path, "example"])
    examples = catalogue(lang)[key].splitlines()
    assert examples
    for line in examples:
        program, *arguments = line.split()
        assert program == "audit"
        assert parsed(arguments)[: len(path)] == list(path)


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda p: p.name)
def test_commands_in_the_documentation_can_be_called(page: Path) -> None:
    """What a page shows is parsed as if it were typed; an ellipsis stands for more of the same."""
    for found in CALL.finditer(page.read_text("utf-8")):
        words = shlex.split((found[1] or found[2]).replace("…", ""), posix=True)
        if {"--help"} & set(words) or not words:
            continue
        if len(words) == 1 and words[0] in ROOT_COMMAND.commands:
            continue  # the command is named, not called
        if (
            words[0] in ROOT_COMMAND.commands
            and len(words) == 2
            and tuple(words) in set(commands())
        ):
            continue
        assert parsed(words)


def test_a_call_that_is_wrong_would_be_found() -> None:
    with pytest.raises(Exception, match="--nosuch"):
        parsed(["check", "a", "--nosuch", "b"])


def test_help_fits_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    told = call(capsys, "check", "--help")[1]
    wide = [line for line in told.splitlines() if sum(1 + (ord(c) > 0x2E80) for c in line) > 62]
    assert wide == []


def test_console_lines_are_in_english_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing but names from the papers and of files stays Chinese."""
    case, out = write_case(tmp_path / "in" / "case", BILLS), tmp_path / "out"
    book, sheet, sample = tmp_path / "r.db", tmp_path / "v.xlsx", tmp_path / "s.xlsx"
    one = str(out / "case")
    runs: list[tuple[str, ...]] = [
        ("batch", str(tmp_path / "in"), "-o", str(out), "--jobs", "1"),
        ("check", str(case), "-o", one, "--jobs", "1"),
        ("recheck", one, str(case), "-o", str(tmp_path / "two"), "--jobs", "1"),
        ("registry", "add", one, "--registry", str(book)),
        ("registry", "check", one, "--registry", str(book)),
        ("registry", "show", "--registry", str(book)),
        ("registry", "export", str(tmp_path / "l.csv"), "--registry", str(book)),
        ("registry", "import", str(tmp_path / "l.csv"), "--registry", str(tmp_path / "n.db")),
        ("registry", "purge", "case", "--registry", str(book)),
        ("verify", "export", one, "-o", str(sheet)),
        ("verify", "import", one, str(sheet)),
        ("sample", "draw", one, "-o", str(sample), "--seed", "s"),
        ("finalize", one, "--actor", "Li"),
        ("log", "verify", one),
        ("drafts", one),
        ("drafts", one, "--copy", str(tmp_path / "templates")),
        ("onsite", one),
        ("doctor",),
        ("version",),
        ("rules", "explain", "I19"),
    ]
    for arguments in runs:
        _, told, warned = call(capsys, *arguments, "--lang", "en")
        said = FROM_PAPER.sub("", told + warned)
        assert said, arguments
        assert not CHINESE.search(said), (arguments, said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "{0}/nowhere"),
        ("check", "{0}", "--policy", "nosuch"),
        ("batch", "{0}/nowhere"),
        ("review", "{0}/nowhere"),
        ("registry", "show", "--registry", "{0}/nowhere.db"),
        ("registry", "import", "{0}/nowhere.csv", "--registry", "{0}/r.db"),
        ("sample", "draw", "{0}"),
        ("sample", "evaluate", "{0}/nowhere.xlsx"),
        ("verify", "export", "{0}"),
        ("finalize", "{0}", "--actor", "Li"),
        ("log", "verify", "{0}"),
        ("recheck", "{0}/a", "{0}/b"),
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_reasons_to_stop_are_in_english_where_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(Exception) as told:  # noqa: PT011 - of the tree of our errors, checked below
        call(capsys, *(a.format(tmp_path) for a in arguments), "--lang", "en")
    assert hasattr(told.value, "exit_code")
    assert not CHINESE.search(str(told.value))


def test_both_languages_have_the_same_sentences() -> None:
    ours = ("cli.", "call.", "help", "meta.", "stop.", "system.", "policy.", "sample.")
    keys = {lang: {k for k in catalogue(lang) if k.startswith(ours)} for lang in LANGUAGES}
    assert keys["zh"] == keys["en"]
    places = re.compile(r"\{(\w+)\}")
    for key in keys["zh"]:
        assert set(places.findall(catalogue("zh")[key])) >= set(
            places.findall(catalogue("en")[key])
        )
