"""The page on writing a policy: its example loads, its tables name every key there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from audit.policy.loading import parse_policy
from audit.policy.schema import CATEGORY_KEYS, Practice, Thresholds

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text("utf-8")


def test_the_example_is_a_policy() -> None:
    example = re.search(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    assert example is not None
    policy = parse_policy(example[1].encode(), "示例.toml")
    assert policy.tax_bases == ("excl",)
    assert policy.clause("一(三)").number == "第三条(三)"


def test_every_threshold_and_category_is_explained() -> None:
    named = {f.name for f in fields(Thresholds)} | set(CATEGORY_KEYS)
    switches = {f.name for f in fields(Practice) if not f.name.endswith("_words")}
    assert {n for n in named | switches if f"`{n}`" not in PAGE} == set()
