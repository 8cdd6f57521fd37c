"""Impressions of seals on a page."""

from __future__ import annotations
