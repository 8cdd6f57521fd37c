"""核证: says what holds in a subsidy case folder, what does not, and what no one can tell."""

from __future__ import annotations

__version__ = "0.1.0"
