"""Pixels to text lines, codes and impressions."""

from __future__ import annotations
