"""Samples for spot checks."""

from __future__ import annotations
