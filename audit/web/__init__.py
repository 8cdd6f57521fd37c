"""The review page."""

from __future__ import annotations
