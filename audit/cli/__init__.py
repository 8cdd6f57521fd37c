"""The command `audit`."""

from __future__ import annotations
