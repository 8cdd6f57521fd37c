"""From findings to groups, waterfall, eligibility and checklist."""

from __future__ import annotations
