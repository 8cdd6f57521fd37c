"""Rule pages from the catalogue: ``python -m audit.rules.docs [FOLDER]`` writes ``docs/rules``.

One page a family and an index. The Chinese texts are those of the report, the rest is what the
docstrings say: there is no third source.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from audit import i18n
from audit.atomic import write_atomic
from audit.policy import load_policy
from audit.rules.catalogue import Rule
from audit.rules.listing import all_rules, families

POLICY = "cq-2024-industrial-internet"
SEVERITIES = {"A": "A 资格", "B": "B 核减", "C": "C 补正", "D": "D 提示"}
ASSERTIONS = {
    "existence": "存在",
    "completeness": "完整",
    "accuracy": "准确",
    "cutoff": "截止",
    "rights": "权属",
    "eligibility": "资格",
}
SCOPES = {"case": "全案", "document": "单据", "row": "明细表行", "seal": "印章"}
_NOTE = "<!-- 由 python -m audit.rules.docs 生成，请勿手改；内容取自规则的说明与 audit/texts -->\n"


def pages() -> Mapping[str, str]:
    """Return file name to Markdown text of every page."""
    found = {"README.md": _index()}
    for family in families():
        found[f"{_name(family)}.md"] = _page(family)
    return found


def _name(family: ModuleType) -> str:
    return family.__name__.rsplit(".", 1)[-1]


def _text(rule: Rule, part: str) -> str:
    return i18n.text(f"rules.{rule.code}.{part}", lang="zh")


def _index() -> str:
    places = {r.code: _name(f) for f in families() for r in f.RULES}
    lines = [
        _NOTE,
        "# 规则目录\n",
        f"共 {len(all_rules())} 条。级别：A 资格、B 核减、C 补正、D 提示（提示不作结论）。",
        "每条规则有五种结果：通过、不通过、待人工、不适用、未执行（写明原因）。\n",
        "| 编号 | 名称 | 级别 | 条款 |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{r.code}]({places[r.code]}.md#{r.code.lower()}) | {_text(r, 'title')} "
        f"| {SEVERITIES[r.severity.value]} | {r.clause} |"
        for r in all_rules()
    ]
    return "\n".join(lines) + "\n"


def _page(family: ModuleType) -> str:
    title = (family.__doc__ or "").strip().splitlines()[0]
    parts = [_NOTE, f"# {_name(family)}\n", f"{title}\n"]
    parts += [_rule(rule) for rule in family.RULES]
    return "\n".join(parts)


def _rule(rule: Rule) -> str:
    clause = load_policy(POLICY).clause(rule.clause)
    lines = [
        f'<a id="{rule.code.lower()}"></a>',
        f"## {rule.code} {_text(rule, 'title')}\n",
        (
            f"`{rule.name}` · {SEVERITIES[rule.severity.value]} · 审计目标：{ASSERTIONS[rule.assertion]}"
            f" · 对象：{SCOPES[rule.scope]}\n"
        ),
        f"> {clause.number}：{clause.quote}\n",
        f"- 查什么：{_text(rule, 'finds')}",
        f"- 何时无法判断：{_text(rule, 'undecided')}\n",
        f"{rule.summary}\n",
        *(f"- *{heading}*: {text}" for heading, text in rule.sections.items()),
        "",
    ]
    return "\n".join(lines)


def write(folder: Path) -> int:
    """Write every page into ``folder``; return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        write_atomic(folder / name, text.encode())
    return len(made)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/rules")
    sys.stdout.write(f"{write(target)} → {target}\n")
