"""Every rule is whole: code, name, clause, headings, texts, pages; and none can stop a run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from audit import i18n
from audit.match import match_case
from audit.model import Severity, Verdict, say
from audit.policy import load_policy, shipped_policies
from audit.policy.schema import RuleSetting
from audit.rules import rule_cards, run_rules
from audit.rules.case import Case
from audit.rules.catalogue import ASSERTIONS, HEADINGS, RETIRED, SCOPES, Rule, rule
from audit.rules.docs import pages, write
from audit.rules.listing import all_rules
from audit.rules.result import Result, Results
from tests import factory
from tests.rules.facts import POLICY, judged

RULES = all_rules()
DOCS = Path(__file__).parents[2] / "docs" / "rules"


def test_the_whole_catalogue_is_there() -> None:
    series = {"N": 25, "F": 18, "I": 19, "R": 20}
    expected = {f"{letter}{n:02}" for letter, most in series.items() for n in range(1, most + 1)}
    assert {r.code for r in RULES} == expected
    assert not any(count > 1 for count in Counter(r.code for r in RULES).values())
    assert not RETIRED & expected


@pytest.mark.parametrize("one", RULES, ids=lambda r: r.code)
def test_a_rule_is_documented(one: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]+", one.name)
    assert tuple(one.sections) == HEADINGS
    assert all(len(text) > 3 for text in one.sections.values())
    assert one.summary.endswith(".")
    assert one.assertion in ASSERTIONS
    assert one.scope in SCOPES
    for name in shipped_policies():
        assert load_policy(name).clause(one.clause).quote
    for part in ("title", "finds", "undecided"):
        key = f"rules.{one.code}.{part}"
        assert i18n.text(key, lang="zh") != key


def test_names_of_defects_differ() -> None:
    assert len({r.name for r in RULES}) == len(RULES)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cards_say_everything(lang: str) -> None:
    cards = rule_cards(lang)
    assert [c.code for c in cards] == [r.code for r in RULES]
    for card in cards:
        assert all((card.title, card.finds, card.undecided_when, card.clause, card.name))
        assert not card.title.startswith("rules.")


def test_pages_are_up_to_date(tmp_path: Path) -> None:
    write(tmp_path)
    made = {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()}
    assert made == dict(pages())
    kept = {p.name: p.read_text("utf-8") for p in DOCS.iterdir()}
    assert kept == made, "run python -m audit.rules.docs"


def test_every_rule_survives_an_empty_case() -> None:
    _, outcomes = judged(factory.case(who=factory.applicant(name="", taxpayer_id="", period=None)))
    broken = [o for o in outcomes if o.not_executed and o.not_executed.key == "rules.broke"]
    assert not broken
    assert [o.rule for o in outcomes] == [r.code for r in RULES]


@rule("I99", "always_breaks", "四(一)", "B", assertion="accuracy")
def always_breaks(_: Case) -> Results:
    """Break."""
    raise ZeroDivisionError


@rule("I98", "always_fails", "四(一)", "B", assertion="accuracy")
def always_fails(_: Case) -> Results:
    """Fail."""
    yield Result(Verdict.FAIL, say("rules.N20.missing"))
    yield Result(Verdict.FAIL, say("rules.N20.missing"))


def test_a_rule_that_raises_is_not_executed_and_the_run_goes_on() -> None:
    facts = factory.case()
    policy = load_policy(POLICY)
    findings, outcomes = run_rules(
        facts, match_case(facts, policy), policy, (always_breaks, always_fails)
    )
    assert [o.rule for o in outcomes] == ["I99", "I98"]
    assert outcomes[0].not_executed is not None
    assert dict(outcomes[0].not_executed.params) == {"error": "ZeroDivisionError"}
    assert (outcomes[1].checked, outcomes[1].failed) == (2, 2)
    assert len({f.key for f in findings}) == 2


def test_a_policy_switches_rules_off_and_changes_their_weight() -> None:
    facts = factory.case()
    policy = load_policy(POLICY)
    changed = replace(
        policy,
        rules={
            "N20": RuleSetting(severity="C"),
            "N22": RuleSetting(off_because="不要求营业执照"),
        },
    )
    findings, outcomes = run_rules(facts, match_case(facts, changed), changed)
    assert next(f for f in findings if f.rule == "N20").severity is Severity.C
    off = next(o for o in outcomes if o.rule == "N22")
    assert off.not_executed is not None
    assert off.not_executed.key == "rules.off"
    assert not [f for f in findings if f.rule == "N22"]


def test_keys_survive_renumbering() -> None:
    """The same papers in another order have the same finding keys."""
    papers = [
        replace(
            factory.invoice(f"2351200000001234567{n}", buyer="四川长江物流有限公司"), key=f"k{n}"
        )
        for n in range(3)
    ]
    one, _ = judged(factory.case(papers))
    two, _ = judged(factory.case(papers[::-1]))
    assert {f.key for f in one if f.rule == "I05"} == {f.key for f in two if f.rule == "I05"}
    assert len([f for f in one if f.rule == "I05"]) == 3
