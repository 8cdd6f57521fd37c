"""The case workspace (SQLite)."""

from __future__ import annotations
