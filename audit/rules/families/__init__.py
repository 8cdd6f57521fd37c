"""One file per family of rules; they do not know each other."""

from __future__ import annotations
