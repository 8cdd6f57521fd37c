"""One folder per kind of document; they do not know each other."""

from __future__ import annotations
