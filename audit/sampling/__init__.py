"""Samples for spot checks: monetary unit, attribute, stratified; and what their results mean.

Figures as audit practice has them (DOMAIN F). Everything follows from a recorded seed: the same
population, method and seed give the same sample on any machine.
"""

from __future__ import annotations

from audit.sampling.attribute import attribute_size, draw_attribute, upper_rate
from audit.sampling.evaluate import (
    Checked,
    MoneyResult,
    RateResult,
    evaluate_money,
    evaluate_rate,
)
from audit.sampling.items import Item, Picked, Sample
from audit.sampling.mus import draw_mus, mus_plan
from audit.sampling.poisson import confidence_factor
from audit.sampling.stratified import draw_stratified

__all__ = [
    "Checked",
    "Item",
    "MoneyResult",
    "Picked",
    "RateResult",
    "Sample",
    "attribute_size",
    "confidence_factor",
    "draw_attribute",
    "draw_mus",
    "draw_stratified",
    "evaluate_money",
    "evaluate_rate",
    "mus_plan",
    "upper_rate",
]
