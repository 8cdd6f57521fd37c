"""Rules: facts and matching in, findings and outcomes out."""

from __future__ import annotations

from audit.rules.runner import rule_cards, run_rules

__all__ = ["rule_cards", "run_rules"]
