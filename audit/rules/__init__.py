"""The catalogue of rules and its runner."""

from __future__ import annotations
