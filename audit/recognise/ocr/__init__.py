"""Text lines from pixels: engines and the page pipeline."""

from __future__ import annotations
