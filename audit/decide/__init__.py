"""A person's corrections and decisions applied to facts."""

from __future__ import annotations
