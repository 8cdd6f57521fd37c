"""A wrong call is told in Chinese: what is wrong, how it is called, where help is; exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audit.cli.commands import app
from audit.errors import AuditError


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; returns exit code, output, and what went to stderr."""
    try:
        app(list(arguments))
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nosuch",), "没有命令“nosuch”"),
        (("chek",), "没有命令“chek”；是否要用 check"),
        (("check",), "缺少参数：企业提交的资料夹"),
        (("finalize", "out"), "缺少选项 --actor"),
        (("check", "a", "--lng", "zh"), "没有选项 --lng；是否要用 --lang"),
        (("check", "a", "--lang", "fr"), "--lang：只支持 zh 或 en"),
        (("verify", "export", "a", "--lang", "fr"), "--lang：只支持 zh 或 en"),
        (("rules", "--lang", "fr"), "--lang：只支持 zh 或 en"),
        (("demo", "--lang", "fr"), "--lang：只支持 zh 或 en"),
        (("check", "a", "--jobs", "-3"), "--jobs：不能小于 0"),
        (("check", "a", "--jobs", "x"), "--jobs：应是整数"),
        (("review", "a", "--port", "70000"), "--port：不能大于 65535"),
        (("check", "a", "--out"), "选项 --out 后面要有一个值"),
        (("doctor", "x"), "多余的参数：x"),
        (("check", "a", "--lang"), "选项 --lang 后面要有一个值"),
        (("--lang", "en", "check"), "argument missing: the folder"),
        (("check", "a", "--lang=en", "--jobs", "x"), "--jobs: should be a whole number"),
        (("rules", "explain", "I99"), "规则编号：没有规则 I99"),
        (("registry", "import", "a.csv", "--programme", "市级"), "--programme：只能是 municipal"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    code, _, told = call(capsys, *arguments)
    assert code == 2
    assert told.startswith(words)
    for english in ("Error", "Invalid", "Missing", "Input should"):
        assert english not in told


def test_called_alone_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    code, told, warned = call(capsys)
    assert code == 2
    assert told.startswith("audit — 核证")
    assert warned == ""


def test_a_reader_that_closes_early_is_no_internal_error() -> None:
    """``audit rules | head -1``: exit code 1 is never seen."""
    shell = f"{sys.executable} -c 'from audit.cli import main; main()' rules; echo code $? >&2"
    done = subprocess.run(
        ["sh", "-c", f"({shell}) | true"], check=False, capture_output=True, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "code 0" in done.stderr


def test_a_rule_is_explained_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    told = call(capsys, "rules", "explain", "i19", "--lang", "en")[1]
    assert "Undecided when: always" in told
    assert "查什么" not in told
    assert "查什么：" in call(capsys, "rules", "explain", "I19")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("registry", "import", "{0}/没有.csv", "--registry", "{0}/r.db"), "路径不存在"),
        (("registry", "import", "{0}", "--registry", "{0}/r.db"), "这是一个文件夹"),
        (("registry", "import", "x.csv", "--registry", "{0}/r.db", "--key", "{0}/k"), "路径不存在"),
    ],
)
def test_the_system_s_reasons_are_in_chinese(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(AuditError, match=words) as told:
        call(capsys, *(a.format(tmp_path) for a in arguments))
    assert told.value.exit_code == 4
