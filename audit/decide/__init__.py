"""Applies a person's corrections and decisions to facts."""

from __future__ import annotations

from audit.decide.apply import FACT_ACTIONS, apply_decisions, standing
from audit.decide.correction import Correction, check_correction

__all__ = ["FACT_ACTIONS", "Correction", "apply_decisions", "check_correction", "standing"]
